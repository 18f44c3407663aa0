//! Keys and salts, each derived from the operator's secret: HMAC-SHA-256 (RFC 2104) throughout.
//!
//! ```text
//! account key   = HMAC( secret,        "leitmotif/account-key/v1" 00 ‖ nonce ‖ account )
//! statement key = HMAC( account key,   "leitmotif/statement-key/v1" 00 ‖ currency ‖ 00 ‖ settlement )
//! pseudonym     = HMAC( statement key, "pseudonym" )       salt = HMAC( statement key, "salt" )
//! line salt     = HMAC( statement key, "line" ‖ number as 8 bytes, big-endian )
//! source key    = HMAC( secret,        "leitmotif/source-key/v1" 00 ‖ currency ‖ 00 ‖ settlement )
//! source salt   = HMAC( source key,    number as 8 bytes, big-endian )
//! entry salt    = HMAC( secret,        "leitmotif/entry-salt/v1" 00 ‖ kind ‖ 00 ‖ SHA-256 of what is committed to )
//! ```
//!
//! The nonce of an account is random and kept beside the books: once it is erased, neither the
//! secret nor the log can open what was committed about that account.

use hmac::{Hmac, KeyInit as _, Mac as _};
use money::Currency;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The key of one statement: whoever has it, and the statement, can open what is committed of it.
#[derive(Clone)]
pub struct StatementKey(Zeroizing<[u8; 32]>);

/// Salts of the cells of one settlement, in one currency.
#[derive(Clone)]
pub struct SourceKey(Zeroizing<[u8; 32]>);

impl StatementKey {
    /// Derives the key of one statement from the operator's secret and the account's nonce.
    #[must_use]
    pub fn derive(
        secret: &[u8; 32],
        nonce: &[u8; 32],
        account: &str,
        settlement: &str,
        currency: Currency,
    ) -> Self {
        let account = mac(secret, &[b"leitmotif/account-key/v1\0", nonce, account.as_bytes()]);
        let domain = b"leitmotif/statement-key/v1\0";
        Self(Zeroizing::new(mac(&account, &[domain, &place(settlement, currency)])))
    }

    /// Stands where a key was erased; it opens nothing.
    pub(crate) fn erased() -> Self {
        Self(Zeroizing::new([0; 32]))
    }

    /// Reads 64 lower-case hex digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        parse_hex(text).map(|it| Self(Zeroizing::new(it)))
    }

    /// The key in hex.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(self.0.as_slice())
    }

    /// What stands for the account in the seal; another one in each settlement.
    #[must_use]
    pub fn pseudonym(&self) -> [u8; 32] {
        mac(&self.0, &[b"pseudonym"])
    }

    pub(crate) fn salt(&self) -> [u8; 32] {
        mac(&self.0, &[b"salt"])
    }

    /// The salts of the lines, one after the other.
    pub(crate) fn line_salts(&self) -> impl Iterator<Item = [u8; 32]> + use<> {
        let keyed = keyed(&self.0).chain_update(b"line");
        (0_u64..).map(move |it| finish(keyed.clone().chain_update(it.to_be_bytes())))
    }
}

impl SourceKey {
    /// Derives the key of one settlement's cells from the operator's secret.
    #[must_use]
    pub fn derive(secret: &[u8; 32], settlement: &str, currency: Currency) -> Self {
        let domain = b"leitmotif/source-key/v1\0";
        Self(Zeroizing::new(mac(secret, &[domain, &place(settlement, currency)])))
    }

    pub(crate) fn salts(&self) -> impl Fn(u64) -> [u8; 32] + use<> {
        let keyed = keyed(&self.0);
        move |it| finish(keyed.clone().chain_update(it.to_be_bytes()))
    }
}

impl std::fmt::Debug for StatementKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StatementKey(..)")
    }
}

impl std::fmt::Debug for SourceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SourceKey(..)")
    }
}

/// The salt of a commitment in an entry of the log.
#[must_use]
pub fn entry_salt(secret: &[u8; 32], kind: &str, committed: &[u8]) -> [u8; 32] {
    let domain = b"leitmotif/entry-salt/v1\0";
    mac(secret, &[domain, kind.as_bytes(), b"\0", &Sha256::digest(committed)])
}

fn place(settlement: &str, currency: Currency) -> Vec<u8> {
    [currency.as_str().as_bytes(), b"\0", settlement.as_bytes()].concat()
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn finish(mac: Hmac<Sha256>) -> [u8; 32] {
    mac.finalize().into_bytes().into()
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    finish(parts.iter().fold(keyed(key), |mac, part| mac.chain_update(part)))
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// Reads 64 lower-case hex digits.
#[must_use]
pub fn parse_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0_u8; 32];
    if text.len() != 64 {
        return None;
    }
    for (to, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |it: u8| match it {
            b'0'..=b'9' => Some(it.wrapping_sub(b'0')),
            b'a'..=b'f' => Some(it.wrapping_sub(b'a').wrapping_add(10)),
            _ => None,
        };
        *to = digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_that_is_not_lower_case_is_refused() {
        let text = hex(&[0xab; 32]);
        assert_eq!(parse_hex(&text), Some([0xab; 32]));
        assert!(parse_hex(&text.to_uppercase()).is_none());
        assert!(parse_hex(&text[1..]).is_none());
    }

    /// The figures were computed with another implementation of HMAC over the same bytes.
    #[test]
    fn keys_are_derived_as_the_specification_says() {
        let won = Currency::parse("KRW").unwrap();
        let key = StatementKey::derive(&[7; 32], &[8; 32], "payee:singer", "2021-06", won);
        let told = [key.to_hex(), hex(&key.pseudonym()), hex(&key.line_salts().nth(258).unwrap())];
        expect_test::expect![[r#"
            3b82cc5deaa7c87d25eb425e4ce2bd94ea8e901ff4becff0f8446b5140b5fb36
            bc2f7c592e12959576f7b02d351673fe7acaf153ae45ee44939f4271342f9580
            f49865183462c1bdbf69f310904df61ce665f09a53aec4ced0129b2017705cc3"#]]
        .assert_eq(&told.join("\n"));
    }

    #[test]
    fn a_key_shows_nothing_of_itself() {
        let key = StatementKey::from_hex(&hex(&[3; 32])).unwrap();
        assert_eq!(format!("{key:?}"), "StatementKey(..)");
    }
}
