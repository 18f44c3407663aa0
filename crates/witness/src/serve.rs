//! A witness at work: one request at a time is decided, written down and only then answered.

use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use tlog::policy::LogLine;
use tlog::request::SIZE_MEDIA_TYPE;
use tlog::witness::{Accepted, Evidence, Latest, Refusal, Refused, consider};
use tlog::{AddCheckpoint, Checkpoint, CosignerKey, Note, VerifierKey, WitnessKey, cosignatures};

use crate::disk::{Disk, Folder, read, replace};
use crate::error::WitnessError;
use crate::evidence::{self, Kept};
use crate::logs::{known, origin_hash};
use crate::place::{key, lock, public_key};

const PLAIN: &str = "text/plain; charset=utf-8";

/// A witness that may sign: its folder is locked as long as this lives.
pub struct Witness {
    disk: Box<dyn Disk>,
    key: CosignerKey,
    /// Held from reading a log's record until the answer; true once a write failed.
    stopped: Mutex<bool>,
    /// Held until the witness is dropped, however the process ends.
    _lock: Option<File>,
}

/// What is answered to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub media_type: &'static str,
    /// Cosignature lines, a size, or a sentence.
    pub body: String,
    /// The log that the request names, if it names one.
    pub origin: Option<String>,
    /// The size that its checkpoint states.
    pub size: Option<u64>,
    /// What a refused checkpoint shows, and whether it was kept.
    pub evidence: Option<(Evidence, Kept)>,
}

/// A log as a witness knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// Its origin.
    pub origin: String,
    /// Its keys, in the order of the file.
    pub keys: Vec<VerifierKey>,
    /// The checkpoint cosigned last and the time of that; `None` if there is none.
    pub cosigned: Option<(Checkpoint, u64)>,
}

impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Witness").field(&self.key).finish()
    }
}

impl Witness {
    /// Opens the witness in a folder for signing.
    ///
    /// # Errors
    /// [`WitnessError::Busy`] while another process has it open, [`WitnessError::NoWitness`], or
    /// what is wrong with a file.
    pub fn open(folder: &Path) -> Result<Self, WitnessError> {
        let disk = Folder(folder.to_owned());
        public_key(&disk)?;
        let lock = lock(folder, "lock")?;
        Ok(Self { _lock: Some(lock), ..Self::on(Box::new(disk))? })
    }

    /// A witness on any disk, not locked.
    pub(crate) fn on(disk: Box<dyn Disk>) -> Result<Self, WitnessError> {
        let key = key(&*disk)?;
        known(&*disk)?;
        Ok(Self { disk, key, stopped: Mutex::new(false), _lock: None })
    }

    /// The public key.
    #[must_use]
    pub fn witness_key(&self) -> WitnessKey {
        self.key.witness_key()
    }

    /// Answers a request `add-checkpoint`; `now` is in seconds since 1970-01-01T00:00:00Z.
    ///
    /// What is cosigned is at rest before this returns; evidence is too.
    ///
    /// # Errors
    /// [`WitnessError`]: nothing was cosigned, answer 500. After a write that failed nothing is
    /// cosigned any more until the witness is opened anew, since nobody knows what the disk holds.
    pub fn add_checkpoint(&self, body: &[u8], now: u64) -> Result<Answer, WitnessError> {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(error) => return Ok(Answer::says(400, told(&error), None)),
        };
        // A panic while the lock was held wrote nothing that a later request would not read anew.
        let mut stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        if *stopped {
            return Err(WitnessError::Stopped);
        }
        let keys = keys_of(&known(&*self.disk)?, request.origin());
        let record = if keys.is_empty() { None } else { self.record(request.origin())? };
        let latest = record.as_ref().map_or(Latest::nothing(), Record::latest);
        match consider(&request, &keys, latest) {
            Ok(accepted) => {
                let last = record.map_or(0, |it| it.time);
                if now < last {
                    return Err(WitnessError::Clock { now, last });
                }
                let answer = self.cosign(&accepted, now);
                *stopped = matches!(answer, Err(WitnessError::File { .. }));
                answer
            }
            Err(refused) => self.refuse(&request, refused, record.map(|it| it.note)),
        }
    }

    /// The checkpoint that was cosigned last of the log with this [`origin_hash`], with the log's
    /// signature and the witness's; `None` if there is none.
    ///
    /// # Errors
    /// [`WitnessError`] if a file cannot be read.
    pub fn checkpoint(&self, hash: &str) -> Result<Option<String>, WitnessError> {
        // Compared, never used as a path.
        let logs = known(&*self.disk)?;
        let Some(log) = logs.iter().find(|it| origin_hash(it.key.name()) == hash) else {
            return Ok(None);
        };
        Ok(self.record(log.key.name())?.map(|it| it.note.to_string()))
    }

    fn record(&self, origin: &str) -> Result<Option<Record>, WitnessError> {
        record(&*self.disk, origin, &self.key.witness_key())
    }

    /// Writes down, then answers.
    fn cosign(&self, accepted: &Accepted, now: u64) -> Result<Answer, WitnessError> {
        let (note, line) = accepted.cosign(&self.key, now)?;
        let origin = accepted.checkpoint().origin();
        replace(&*self.disk, &record_name(origin), note.to_string().as_bytes())?;
        Ok(Answer {
            size: Some(accepted.checkpoint().size()),
            ..Answer::says(200, line.to_string(), Some(origin))
        })
    }

    /// Keeps what is worth it, then answers.
    fn refuse(
        &self,
        request: &AddCheckpoint,
        refused: Refused,
        cosigned: Option<Note>,
    ) -> Result<Answer, WitnessError> {
        let Refused { refusal, evidence } = refused;
        let kept = match evidence {
            Some(it) => Some((it, evidence::keep(&*self.disk, it, request, cosigned.as_ref())?)),
            None => None,
        };
        let (media_type, body) = match &refusal {
            Refusal::Conflict { latest, .. } => (SIZE_MEDIA_TYPE, format!("{latest}\n")),
            other => (PLAIN, told(other)),
        };
        let plain = Answer::says(refusal.status(), body, Some(request.origin()));
        Ok(Answer { media_type, size: Some(request.size()), evidence: kept, ..plain })
    }
}

impl Answer {
    /// An answer of plain text that names no log.
    #[must_use]
    pub fn plain(status: u16, body: String) -> Self {
        Self::says(status, body, None)
    }

    fn says(status: u16, body: String, origin: Option<&str>) -> Self {
        let origin = origin.map(str::to_owned);
        Self { status, media_type: PLAIN, body, origin, size: None, evidence: None }
    }
}

/// The logs that the witness in a folder knows, with what was cosigned last, by origin.
///
/// # Errors
/// [`WitnessError`] if a file cannot be read back.
pub fn log_rows(folder: &Path) -> Result<Vec<LogRow>, WitnessError> {
    let disk = Folder(folder.to_owned());
    let key = public_key(&disk)?;
    let logs = known(&disk)?;
    let mut origins: Vec<&str> = logs.iter().map(|it| it.key.name()).collect();
    origins.sort_unstable();
    origins.dedup();
    let row = |origin: &str| {
        let cosigned = record(&disk, origin, &key)?.map(|it| (it.checkpoint, it.time));
        Ok(LogRow { origin: origin.to_owned(), keys: keys_of(&logs, origin), cosigned })
    };
    origins.into_iter().map(row).collect()
}

/// What is written down of a log.
struct Record {
    note: Note,
    checkpoint: Checkpoint,
    /// Time of the cosignature, in seconds since 1970-01-01T00:00:00Z.
    time: u64,
}

impl Record {
    const fn latest(&self) -> Latest {
        Latest { size: self.checkpoint.size(), root: self.checkpoint.root() }
    }
}

/// Reads a record back; only one with the witness's own cosignature counts.
fn record(disk: &dyn Disk, origin: &str, key: &WitnessKey) -> Result<Option<Record>, WitnessError> {
    let name = record_name(origin);
    let Some(bytes) = read(disk, &name)? else { return Ok(None) };
    let what = || disk.path(&name).display().to_string();
    let note = Note::parse(bytes).map_err(|it| WitnessError::corrupt(what(), it))?;
    let checkpoint =
        Checkpoint::parse(note.text()).map_err(|it| WitnessError::corrupt(what(), it))?;
    let own = cosignatures(&note, std::slice::from_ref(key))
        .map_err(|it| WitnessError::corrupt(what(), it))?;
    match own.first() {
        Some(own) if checkpoint.origin() == origin => {
            Ok(Some(Record { time: own.time, note, checkpoint }))
        }
        _ => Err(WitnessError::corrupt(what(), "it is not this witness's record of the log")),
    }
}

fn record_name(origin: &str) -> String {
    format!("state/{}", origin_hash(origin))
}

fn keys_of(logs: &[LogLine], origin: &str) -> Vec<VerifierKey> {
    logs.iter().map(|it| &it.key).filter(|it| it.name() == origin).cloned().collect()
}

/// An error with its causes, as one line.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(it) = cause {
        text.push_str(": ");
        text.push_str(&it.to_string());
        cause = it.source();
    }
    text.push('\n');
    text
}
