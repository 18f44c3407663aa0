//! `GET /`: says in a sentence what this is.

/// What a person reads who came here with a browser.
pub(crate) async fn greeting() -> &'static str {
    "This is a witness of transparency logs (https://c2sp.org/tlog-witness): logs POST to \
     /add-checkpoint, monitors GET /<hex SHA-256 of an origin>/checkpoint.\n"
}
