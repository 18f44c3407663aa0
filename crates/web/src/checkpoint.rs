//! `GET /<origin hash>/checkpoint` (tlog-witness, "Monitor Retrieval Mechanism").

use app::witness::latest;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::witness::Desk;

/// Shows what was cosigned last of a log.
pub(crate) async fn checkpoint(State(desk): State<Desk>, Path(hash): Path<String>) -> Response {
    desk.ask(move |witness| latest(witness, &hash)).await
}
