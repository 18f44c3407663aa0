//! Having our own checkpoint cosigned by the witnesses of the policy.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use store::StoreError;
use tlog::Note;
use tlog::note::NoteError;
use tlog::policy::{JudgeError, Policy, PolicyError, Quorum};

use crate::Home;
use crate::home::with_causes;
use crate::witness::ask_witnesses;

/// How long one request to a witness may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the witnesses of the policy answered about the newest checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// Whether they are enough.
    pub quorum: Quorum,
    /// For each witness with an address its name, and when it signed or why it did not.
    pub answers: Vec<(String, Result<u64, String>)>,
}

/// Why witnesses were not asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CosignError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The policy file cannot be read.
    #[error("the policy {path} cannot be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The policy file is none.
    #[error("{path} is not a policy")]
    Policy {
        /// The file.
        path: PathBuf,
        /// The line that cannot stand.
        source: PolicyError,
    },
    /// The policy does not name this log, or the checkpoint is not what it should be.
    #[error(
        "the policy does not trust this log: has it a line `log` with the key that `leitmotif log key` prints?"
    )]
    Judge(#[from] JudgeError),
    /// The checkpoint cannot hold the signatures.
    #[error("the checkpoint cannot hold the cosignatures")]
    Note(#[from] NoteError),
}

/// Asks the witnesses of the policy that `leitmotif.toml` names, keeps what they sign, and publishes the
/// checkpoint with it; none if no policy is named or nothing is signed yet.
///
/// A witness that gives nothing keeps nobody from anything: whether those that did are enough, the
/// outcome says.
///
/// # Errors
/// [`CosignError`] if the policy cannot be used, or the store refuses.
pub fn cosign(home: &mut Home) -> Result<Option<Cosigned>, CosignError> {
    let Some(policy) = policy(home)? else { return Ok(None) };
    let state = home.store.log_state()?;
    let Some(text) = &state.note else { return Ok(None) };
    let note = Note::parse(text)?;
    let quorum = policy.judge(&note)?.quorum;
    if quorum.met {
        return Ok(Some(Cosigned { quorum, answers: Vec::new() }));
    }
    let seen = home.store.cosigned_before(state.size)?;
    let known = note.signatures().len();
    let asked = {
        let store = Mutex::new(&mut home.store);
        let prove = |old: u64| store.lock().ok()?.log_consistency(old).ok();
        ask_witnesses(&policy, &note, seen, &prove, TIMEOUT)?
    };
    let lines: Vec<String> =
        asked.note.signatures().iter().skip(known).map(ToString::to_string).collect();
    home.store.add_cosignatures(state.size, &lines)?;
    home.store.publish_log()?;
    let with_all = home.store.log_state()?.note.unwrap_or_default();
    let judged = policy.judge_bytes(with_all)?;
    let answers = asked.answers.into_iter().map(|(line, answer)| {
        (line.name, answer.map(|it| it.time).map_err(|error| with_causes(&error)))
    });
    Ok(Some(Cosigned { quorum: judged.quorum, answers: answers.collect() }))
}

/// The policy that the configuration names; a relative path is one of the home.
fn policy(home: &Home) -> Result<Option<Policy>, CosignError> {
    if home.config.policy.as_os_str().is_empty() {
        return Ok(None);
    }
    let path = home.store.home().join(&home.config.policy);
    let bytes =
        std::fs::read(&path).map_err(|source| CosignError::Read { path: path.clone(), source })?;
    Policy::parse(bytes).map(Some).map_err(|source| CosignError::Policy { path, source })
}
