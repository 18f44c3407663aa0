//! Whom a verifier trusts: logs, witnesses and the quorum (C2SP tlog-policy, draft of 2026-07).
//!
//! ```text
//! log <vkey> [<url>]
//! witness <name> <vkey> [<url>]
//! group <name> all|any|<k> <member>...
//! quorum <name>|none
//! ```

mod read;

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosign::{WitnessKey, cosignatures};
use crate::key::{KeyError, VerifierKey};
use crate::note::{Note, NoteError};

/// Most logs, witnesses and groups, each (tlog-policy, "Implementation limits", asks for 32).
pub const LINES_MAX: usize = 256;

/// Longest policy file, in bytes.
pub const POLICY_BYTES_MAX: usize = 262_144;

/// Logs, witnesses, groups and a quorum; printed as a policy file without comments.
///
/// The one text form here with more than one spelling: comments and spaces are read over. What is
/// printed parses to the same policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<LogLine>,
    witnesses: Vec<WitnessLine>,
    groups: Vec<Group>,
    /// `None`: no cosignature is needed.
    quorum: Option<String>,
}

/// A log that is trusted to sign; the name of its key is its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Its key.
    pub key: VerifierKey,
    /// Where it can be reached, as the file says it.
    pub url: Option<String>,
}

/// A witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessLine {
    /// What the policy calls it; not always the name of its key.
    pub name: String,
    /// Its key.
    pub key: WitnessKey,
    /// Its submission prefix, as the file says it.
    pub url: Option<String>,
}

/// Witnesses or groups of which some are enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What the policy calls it.
    pub name: String,
    /// How many are enough.
    pub threshold: Threshold,
    /// Their names; all stand on lines before the group's.
    pub members: Vec<String>,
}

/// How many members of a group are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// Every one.
    All,
    /// One.
    Any,
    /// So many: at least 1, at most all.
    Count(usize),
}

/// What a policy says of a checkpoint that one of its logs signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The key of the log that signed it; its name is the checkpoint's origin.
    pub log: VerifierKey,
    /// The witnesses that cosigned, in the policy's order.
    pub witnesses: Vec<Witnessed>,
    /// Whether they are enough.
    pub quorum: Quorum,
}

/// A witness that cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// What the policy calls it.
    pub name: String,
    /// When, in seconds since 1970-01-01T00:00:00Z: its earliest cosignature on this checkpoint.
    pub time: u64,
}

/// How far the quorum is reached.
///
/// Counted are the members of the group that the quorum line names; with a single witness one of
/// one, with `none` zero of zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// Whether enough members witnessed the checkpoint.
    pub met: bool,
    /// How many members did.
    pub have: usize,
    /// How many are enough (k).
    pub needed: usize,
    /// How many there are (n).
    pub members: usize,
    /// When it was reached, in seconds since 1970-01-01T00:00:00Z: the k-th earliest of the
    /// members' times, a group's time being that of its own quorum. From then on the tree was known
    /// to as many witnesses as the policy asks for. `None` if it is not met or nothing is needed.
    pub time: Option<u64>,
}

/// Why a policy file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line} of the policy is refused")]
pub struct PolicyError {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    #[source]
    pub fault: PolicyFault,
}

/// What is wrong with a line of a policy file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyFault {
    /// Above [`POLICY_BYTES_MAX`].
    #[error("the file has {bytes} bytes, above 262144")]
    TooLong {
        /// Length of the file.
        bytes: usize,
    },
    /// A control character other than TAB and line feed.
    #[error("control character at byte {at} of the line (lines end with a line feed alone)")]
    ControlCharacter {
        /// Its place in the line, from 1.
        at: usize,
    },
    /// A line outside comments that is not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// The last line does not end with a line feed.
    #[error("the last line does not end with a line feed")]
    NoNewline,
    /// A line that starts with another word.
    #[error("{word:?} is none of log, witness, group, quorum")]
    Keyword {
        /// The word.
        word: String,
    },
    /// Too few or too many words for such a line.
    #[error("a {keyword} line is `{form}`")]
    Words {
        /// What the line starts with.
        keyword: &'static str,
        /// How such a line is written.
        form: &'static str,
    },
    /// Not a key that can stand here.
    #[error("not a key of a {keyword}")]
    Key {
        /// `log` or `witness`.
        keyword: &'static str,
        /// What is wrong with it.
        source: KeyError,
    },
    /// The same public key stands on a line above, whatever its name.
    #[error("this public key stands on a line above already")]
    DuplicateKey,
    /// The name is taken, or is `none`.
    #[error("the name {name:?} is taken")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// No line above defines the name.
    #[error("no line above defines {name:?}")]
    UnknownName {
        /// The name.
        name: String,
    },
    /// A name can be a member once, in one group.
    #[error("{name:?} is a member of a group already")]
    SecondMembership {
        /// The name.
        name: String,
    },
    /// Not `all`, `any` or a number from 1 to the number of members.
    #[error("the threshold {found:?} is not all, any or a number from 1 to {members}")]
    Threshold {
        /// What stands there.
        found: String,
        /// How many members the group has.
        members: usize,
    },
    /// A second quorum line.
    #[error("a second quorum line")]
    SecondQuorum,
    /// The file has no quorum line; `quorum none` says that no witness is needed.
    #[error("no quorum line in the file (`quorum none` says that no witness is needed)")]
    NoQuorum,
    /// More than [`LINES_MAX`] lines of a kind.
    #[error("more than 256 {keyword} lines")]
    TooMany {
        /// What these lines start with.
        keyword: &'static str,
    },
}

/// Why a policy does not trust a checkpoint, whoever witnessed it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JudgeError {
    /// The note is malformed, or its signatures do not hold.
    #[error("the signed note was refused")]
    Note(#[source] NoteError),
    /// The note is no checkpoint.
    #[error("the note is no checkpoint")]
    Checkpoint(#[source] CheckpointError),
    /// No log of the policy has this origin.
    #[error("no log of the policy is called {origin:?}")]
    UnknownLog {
        /// The origin.
        origin: String,
    },
}

impl Policy {
    /// Reads a policy file.
    ///
    /// Stricter than the draft in three ways: a name must be UTF-8, a log's public key must not be a
    /// witness's too (the two would be one voice), and each kind of line has a limit.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] with the number of the first line that cannot stand.
    pub fn parse(file: impl AsRef<[u8]>) -> Result<Self, PolicyError> {
        read::policy(file.as_ref())
    }

    /// A policy that trusts one log and asks for no witness.
    #[must_use]
    pub fn of_log(key: VerifierKey) -> Self {
        let logs = vec![LogLine { key, url: None }];
        Self { logs, witnesses: Vec::new(), groups: Vec::new(), quorum: None }
    }

    /// The logs, in the order of the file.
    #[must_use]
    pub fn logs(&self) -> &[LogLine] {
        &self.logs
    }

    /// The witnesses, in the order of the file.
    #[must_use]
    pub fn witnesses(&self) -> &[WitnessLine] {
        &self.witnesses
    }

    /// The groups, in the order of the file.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The witness or group that must have witnessed; `None` if the file says `quorum none`.
    #[must_use]
    pub fn quorum(&self) -> Option<&str> {
        self.quorum.as_deref()
    }

    /// The keys of the logs with this origin.
    #[must_use]
    pub fn log_keys(&self, origin: &str) -> Vec<VerifierKey> {
        let keys = self.logs.iter().map(|it| &it.key);
        keys.filter(|it| it.name() == origin).cloned().collect()
    }

    /// Judges a signed checkpoint: by which log it is, who witnessed it, and whether that is enough.
    ///
    /// A checkpoint without its quorum is no error: see [`Quorum::met`]. Signature lines of keys
    /// that the policy does not know are ignored.
    ///
    /// # Errors
    ///
    /// [`JudgeError`] unless a log of the policy, named as the checkpoint's origin, signed it, and no
    /// line of a known key, log or witness, is bad.
    pub fn judge(&self, note: &Note) -> Result<Judged, JudgeError> {
        let checkpoint = Checkpoint::parse(note.text()).map_err(JudgeError::Checkpoint)?;
        let origin = checkpoint.origin();
        if self.logs.iter().all(|it| it.key.name() != origin) {
            return Err(JudgeError::UnknownLog { origin: origin.to_owned() });
        }
        let keys: Vec<VerifierKey> = self.logs.iter().map(|it| it.key.clone()).collect();
        let opened = note.verify(&keys).map_err(JudgeError::Note)?;
        let log = opened.signers().iter().find(|it| it.name() == origin).cloned();
        let log = log.ok_or(JudgeError::Note(NoteError::NoKnownSignature))?;
        let keys: Vec<WitnessKey> = self.witnesses.iter().map(|it| it.key.clone()).collect();
        let found = cosignatures(note, &keys).map_err(JudgeError::Note)?;
        let time = |it: &WitnessLine| found.iter().find(|seen| seen.key == it.key);
        let witnesses: Vec<Witnessed> = self
            .witnesses
            .iter()
            .filter_map(|it| Some(Witnessed { name: it.name.clone(), time: time(it)?.time }))
            .collect();
        let quorum = self.count(&witnesses);
        Ok(Judged { checkpoint, log, witnesses, quorum })
    }

    /// Reads and judges: [`Note::parse`], then [`Policy::judge`].
    ///
    /// # Errors
    ///
    /// As for [`Policy::judge`].
    pub fn judge_bytes(&self, note: impl AsRef<[u8]>) -> Result<Judged, JudgeError> {
        self.judge(&Note::parse(note).map_err(JudgeError::Note)?)
    }

    fn count(&self, witnesses: &[Witnessed]) -> Quorum {
        let Some(quorum) = self.quorum.as_deref() else {
            return Quorum { met: true, have: 0, needed: 0, members: 0, time: None };
        };
        let mut times: BTreeMap<&str, u64> =
            witnesses.iter().map(|it| (it.name.as_str(), it.time)).collect();
        let one = Quorum {
            met: times.contains_key(quorum),
            have: usize::from(times.contains_key(quorum)),
            needed: 1,
            members: 1,
            time: times.get(quorum).copied(),
        };
        // Members stand before their group, so one pass in the order of the file is enough.
        let mut last = one;
        for group in &self.groups {
            let counted = group.count(&times);
            if let Some(time) = counted.time {
                times.insert(&group.name, time);
            }
            if group.name == quorum {
                last = counted;
            }
        }
        last
    }
}

impl Group {
    /// How many members are enough (k).
    #[must_use]
    pub const fn needed(&self) -> usize {
        match self.threshold {
            Threshold::All => self.members.len(),
            Threshold::Any => 1,
            Threshold::Count(needed) => needed,
        }
    }

    fn count(&self, times: &BTreeMap<&str, u64>) -> Quorum {
        let mut seen: Vec<u64> =
            self.members.iter().filter_map(|it| times.get(it.as_str()).copied()).collect();
        seen.sort_unstable();
        let needed = self.needed();
        let time = needed.checked_sub(1).and_then(|last| seen.get(last).copied());
        let (have, members) = (seen.len(), self.members.len());
        Quorum { met: time.is_some(), have, needed, members, time }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = |it: &Option<String>| it.as_ref().map_or(String::new(), |it| format!(" {it}"));
        for it in &self.logs {
            writeln!(f, "log {}{}", it.key, url(&it.url))?;
        }
        for it in &self.witnesses {
            writeln!(f, "witness {} {}{}", it.name, it.key, url(&it.url))?;
        }
        for it in &self.groups {
            writeln!(f, "group {} {} {}", it.name, it.threshold, it.members.join(" "))?;
        }
        writeln!(f, "quorum {}", self.quorum.as_deref().unwrap_or("none"))
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Any => f.write_str("any"),
            Self::Count(needed) => write!(f, "{needed}"),
        }
    }
}
