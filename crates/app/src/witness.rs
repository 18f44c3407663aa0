//! Being a witness of other logs, and asking witnesses about our own (C2SP tlog-witness v1.0.0).

use std::path::Path;
use std::time::Duration;

use store::StoreError;
use tlog::note::NoteError;
use tlog::policy::{Policy, WitnessLine};
use tlog::{Hash, Note, VerifierKey, WitnessKey};

use crate::home::with_causes;

pub use ::witness::{
    Answer, AskError, Exhibit, Given, Kept, LogRow, Witness, WitnessError, origin_hash,
};
pub use tlog::request::REQUEST_BYTES_MAX;
pub use tlog::witness::Evidence;

/// Why a witness cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InitError {
    /// No secret could be drawn.
    #[error(transparent)]
    Random(#[from] StoreError),
    /// The folder or the name refused.
    #[error(transparent)]
    Witness(#[from] WitnessError),
}

/// Makes a witness in a folder, with a new secret, and returns its public key.
///
/// # Errors
/// [`InitError`]; a witness that is there already is left as it is.
pub fn init(folder: &Path, name: &str) -> Result<WitnessKey, InitError> {
    Ok(::witness::init(folder, name, &store::random_seed()?.into())?)
}

/// Has a witness know a log by its key; false if it did already.
///
/// # Errors
/// [`WitnessError`].
pub fn add_log(folder: &Path, key: &VerifierKey) -> Result<bool, WitnessError> {
    ::witness::add_log(folder, key)
}

/// The public key of the witness in a folder.
///
/// # Errors
/// [`WitnessError`].
pub fn key(folder: &Path) -> Result<WitnessKey, WitnessError> {
    ::witness::witness_key(folder)
}

/// The logs that a witness knows, with what it cosigned last; works while it serves.
///
/// # Errors
/// [`WitnessError`].
pub fn logs(folder: &Path) -> Result<Vec<LogRow>, WitnessError> {
    ::witness::log_rows(folder)
}

/// What a witness keeps against the logs that it knows, by origin; works while it serves.
///
/// # Errors
/// [`WitnessError`].
pub fn evidence(folder: &Path) -> Result<Vec<(String, Vec<Exhibit>)>, WitnessError> {
    let mut found = Vec::new();
    for log in ::witness::log_rows(folder)? {
        let exhibits = ::witness::exhibits(folder, &log.origin)?;
        found.push((log.origin, exhibits));
    }
    Ok(found)
}

/// Opens a witness for signing; no other process can until it is dropped.
///
/// # Errors
/// [`WitnessError`].
pub fn open(folder: &Path) -> Result<Witness, WitnessError> {
    Witness::open(folder)
}

/// What a door answers to one request, and what only the operator is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The answer.
    pub answer: Answer,
    /// Why the witness could not do its work, with causes; the answer then says 500 and no more.
    pub failure: Option<String>,
}

/// Answers a request `add-checkpoint`; `now` is in seconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn answer(witness: &Witness, body: &[u8], now: u64) -> Reply {
    match witness.add_checkpoint(body, now) {
        Ok(answer) => Reply { answer, failure: None },
        Err(error) => failed(&error),
    }
}

/// Answers a monitor that asks for the checkpoint cosigned last of the log with this hash.
#[must_use]
pub fn latest(witness: &Witness, origin_hash: &str) -> Reply {
    match witness.checkpoint(origin_hash) {
        Ok(Some(note)) => Reply { answer: Answer::plain(200, note), failure: None },
        Ok(None) => {
            let text = "nothing was cosigned here of a log with this hash\n";
            Reply { answer: Answer::plain(404, text.to_owned()), failure: None }
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &WitnessError) -> Reply {
    let failure = with_causes(error);
    let text = "the witness cannot sign at present; its operator was told why\n".to_owned();
    Reply { answer: Answer::plain(500, text), failure: Some(failure) }
}

/// What the witnesses of a policy answered about a checkpoint.
#[derive(Debug)]
pub struct Asked {
    /// The checkpoint with every cosignature that was given below its own lines.
    pub note: Note,
    /// One answer for each witness of the policy that has an address, in the policy's order.
    pub answers: Vec<(WitnessLine, Result<Given, AskError>)>,
}

/// Asks every witness of a policy that has an address to cosign a checkpoint, all at once.
///
/// `old_size` is the size they are thought to have seen last, `prove` makes the consistency proof
/// from any size up to the checkpoint's. A witness that fails keeps nobody: whether those that
/// answered are enough, [`Policy::judge`] says of the note.
///
/// # Errors
/// [`NoteError`] if the note cannot hold so many lines.
pub fn ask_witnesses(
    policy: &Policy,
    note: &Note,
    old_size: u64,
    prove: &(dyn Fn(u64) -> Option<Vec<Hash>> + Sync),
    timeout: Duration,
) -> Result<Asked, NoteError> {
    let ask = |line: &WitnessLine| {
        let endpoint = ::witness::Endpoint {
            url: line.url.as_deref().unwrap_or_default(),
            key: &line.key,
            timeout,
        };
        ::witness::ask(&endpoint, note, old_size, prove)
    };
    let lines = policy.witnesses().iter().filter(|it| it.url.is_some());
    let answers: Vec<(WitnessLine, Result<Given, AskError>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = lines.map(|it| (it, scope.spawn(move || ask(it)))).collect();
        let joined = threads.into_iter().map(|(line, thread)| {
            (line.clone(), thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        joined.collect()
    });
    let mut signatures = note.signatures().to_vec();
    for (_, answer) in &answers {
        signatures.extend(answer.iter().map(|it| it.line.clone()));
    }
    Ok(Asked { note: note.with_signatures(signatures)?, answers })
}
