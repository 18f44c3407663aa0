//! `POST /add-checkpoint` (tlog-witness, "add-checkpoint").

use app::witness::{Answer, REQUEST_BYTES_MAX, Reply, answer};
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::Response;

use crate::witness::{Desk, now};

/// Reads the body within the limits and has it answered on a thread that may wait for the disk.
pub(crate) async fn add_checkpoint(State(desk): State<Desk>, body: Body) -> Response {
    let read = tokio::time::timeout(desk.limits.body, to_bytes(body, REQUEST_BYTES_MAX)).await;
    let body = match read {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            let text = format!("the request is cut short or above {REQUEST_BYTES_MAX} bytes\n");
            return desk.tell(Reply { answer: Answer::plain(413, text), failure: None });
        }
        Err(_) => {
            let text = "the request took too long\n".to_owned();
            return desk.tell(Reply { answer: Answer::plain(408, text), failure: None });
        }
    };
    desk.ask(move |witness| answer(witness, &body, now())).await
}
