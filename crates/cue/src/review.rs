//! What people decide about a sheet, and the history of it.

use serde::{Deserialize, Serialize};

use crate::{Cue, CueId, CueSheet, Source, Standing, UsageCode};

/// A sheet with all that was decided about it, in order. What holds is computed from both, so nothing
/// that was decided is ever lost, and taking back is a decision too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    sheet: CueSheet,
    decisions: Vec<Decision>,
}

/// One decision, with who made it, when and why, as we were told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// Why; empty if nobody said.
    pub why: String,
    /// What.
    pub act: Act,
}

/// What can be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// The cue is right as it stands; a doubtful one is one from then on.
    Confirm(CueId),
    /// The cue is used in this way.
    Code(CueId, UsageCode),
    /// The cue sounds from here to there, in milliseconds.
    Move(CueId, u64, u64),
    /// The cue is this recording.
    Recording(CueId, String),
    /// The cue is not there.
    Reject(CueId),
    /// This cue is there too; its number is given by the review.
    Add(Box<Cue>),
    /// The programme was searched anew. What somebody confirmed, what a person wrote or a sheet brought
    /// stays; what was rejected stays rejected; all else is as the new search says.
    Detected(Box<CueSheet>),
    /// The last decision that still holds is taken back.
    Undo,
}

impl Act {
    /// The cue it is about; nothing where it is about none that was there before.
    #[must_use]
    pub const fn cue(&self) -> Option<CueId> {
        match self {
            Self::Confirm(id)
            | Self::Code(id, _)
            | Self::Move(id, ..)
            | Self::Recording(id, _)
            | Self::Reject(id) => Some(*id),
            Self::Add(_) | Self::Detected(_) | Self::Undo => None,
        }
    }
}

/// Why a decision cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// There is no such cue, or it was rejected.
    #[error("the sheet has no cue {id}; list its cues to see their numbers")]
    NoCue {
        /// What was asked for.
        id: CueId,
    },
    /// A cue would end before it begins.
    #[error("a cue cannot sound from {start_ms} to {end_ms} ms; its end comes after its begin")]
    Backwards {
        /// Begin.
        start_ms: u64,
        /// End.
        end_ms: u64,
    },
    /// A cue would be no recording.
    #[error("a cue needs a recording; name it by ISRC, id or label")]
    NoRecording,
    /// Nothing is left to take back.
    #[error("there is no decision to take back")]
    NothingToUndo,
}

impl Review {
    /// Begins with a sheet about which nothing is decided.
    #[must_use]
    pub const fn new(sheet: CueSheet) -> Self {
        Self { sheet, decisions: Vec::new() }
    }

    /// The sheet as it was before any decision.
    #[must_use]
    pub const fn before(&self) -> &CueSheet {
        &self.sheet
    }

    /// Every decision that was made, those that were taken back and the taking back with them.
    #[must_use]
    pub fn history(&self) -> &[Decision] {
        &self.decisions
    }

    /// Decides something. A cue whose code, times or recording a person sets is confirmed by it.
    ///
    /// # Errors
    /// [`DecideError`]; nothing is decided then.
    pub fn decide(&mut self, decision: Decision) -> Result<(), DecideError> {
        let id = decision.act.cue();
        if let Some(id) = id.filter(|it| self.now().cue(*it).is_none()) {
            return Err(DecideError::NoCue { id });
        }
        match &decision.act {
            Act::Move(_, start_ms, end_ms) if end_ms <= start_ms => {
                return Err(DecideError::Backwards { start_ms: *start_ms, end_ms: *end_ms });
            }
            Act::Recording(_, label) if label.is_empty() => return Err(DecideError::NoRecording),
            Act::Add(cue) if cue.name().is_empty() => return Err(DecideError::NoRecording),
            Act::Undo if self.holding().is_empty() => return Err(DecideError::NothingToUndo),
            _ => {}
        }
        self.decisions.push(decision);
        Ok(())
    }

    /// The sheet by all decisions that hold.
    #[must_use]
    pub fn now(&self) -> CueSheet {
        let mut state = State { sheet: self.sheet.clone(), rejected: Vec::new() };
        let ids = self.ids();
        for at in self.holding() {
            state.apply(&self.decisions[at], ids[at]);
        }
        state.sheet.sort();
        state.sheet
    }

    /// The first of the numbers that each decision may give. They are spent even where it is taken back,
    /// so no two cues ever have the same one.
    fn ids(&self) -> Vec<CueId> {
        let mut next = self.sheet.next_id();
        let spend = |it: &Decision| {
            let first = next;
            let count = match &it.act {
                Act::Add(_) => 1,
                Act::Detected(found) => found.cues.len() + found.doubtful.len(),
                _ => 0,
            };
            next = next.saturating_add(CueId::try_from(count).unwrap_or(CueId::MAX));
            first
        };
        self.decisions.iter().map(spend).collect()
    }

    /// The places of the decisions that hold.
    fn holding(&self) -> Vec<usize> {
        let mut holding = Vec::new();
        for (at, it) in self.decisions.iter().enumerate() {
            match it.act {
                Act::Undo => drop(holding.pop()),
                _ => holding.push(at),
            }
        }
        holding
    }
}

/// A sheet while decisions are laid over it.
struct State {
    sheet: CueSheet,
    rejected: Vec<Cue>,
}

impl State {
    fn apply(&mut self, decision: &Decision, id: CueId) {
        let confirmed = || Standing::Confirmed { by: decision.by.clone(), at: decision.at.clone() };
        match &decision.act {
            Act::Undo => {}
            Act::Detected(found) => self.detected(found, id),
            Act::Add(cue) => {
                let (source, standing) = (Source::Entered, confirmed());
                self.sheet.cues.push(Cue { id, source, standing, ..Cue::clone(cue) });
            }
            Act::Reject(id) => {
                let rejected = self.take(*id);
                self.rejected.extend(rejected);
            }
            Act::Confirm(id) | Act::Code(id, _) | Act::Move(id, ..) | Act::Recording(id, _) => {
                let Some(mut cue) = self.take(*id) else { return };
                match &decision.act {
                    Act::Code(_, code) => cue.code = Some(*code),
                    Act::Move(_, start, end) => cue.place(*start, *end),
                    Act::Recording(_, label) => cue.rename(label),
                    _ => {}
                }
                cue.standing = confirmed();
                if !decision.why.is_empty() {
                    decision.why.clone_into(&mut cue.reason);
                }
                self.sheet.cues.push(cue);
            }
        }
    }

    /// Takes a cue out of the sheet.
    fn take(&mut self, id: CueId) -> Option<Cue> {
        let CueSheet { cues, doubtful, .. } = &mut self.sheet;
        [cues, doubtful].into_iter().find_map(|cues| {
            let at = cues.iter().position(|it| it.id == id)?;
            Some(cues.remove(at))
        })
    }

    fn detected(&mut self, found: &CueSheet, first: CueId) {
        let stays = |it: &Cue| it.is_confirmed() || it.source != Source::Detected;
        self.sheet.cues.retain(stays);
        self.sheet.doubtful.retain(stays);
        let CueSheet { cues, doubtful, .. } = &self.sheet;
        let known: Vec<&Cue> = cues.iter().chain(doubtful).chain(&self.rejected).collect();
        let mut ids = first..;
        let mut news = |cues: &[Cue]| -> Vec<Cue> {
            let is_new = |it: &&Cue| !known.iter().any(|known| says_the_same(known, it));
            let news = cues.iter().filter(is_new).cloned();
            news.zip(&mut ids).map(|(it, id)| Cue { id, ..it }).collect()
        };
        let (cues, doubtful) = (news(&found.cues), news(&found.doubtful));
        self.sheet.cues.extend(cues);
        self.sheet.doubtful.extend(doubtful);
        if found.head.length_ms > 0 {
            self.sheet.head.length_ms = found.head.length_ms;
        }
    }
}

impl Cue {
    /// Sounds from here to there. Where in the recording it begins moves with its begin.
    fn place(&mut self, start_ms: u64, end_ms: u64) {
        if let (Some(before), Some(in_ms)) = (self.start_ms, self.in_ms) {
            let moved = i128::from(start_ms) - i128::from(before);
            let in_ms = i128::from(in_ms) + moved * i128::from(self.tempo_ppm) / 1_000_000;
            self.in_ms = i64::try_from(in_ms).ok();
        }
        self.start_ms = Some(start_ms);
        self.length_ms = end_ms.saturating_sub(start_ms);
    }

    /// Is another recording: what was known of the one before goes.
    fn rename(&mut self, label: &str) {
        if self.recording != label {
            label.clone_into(&mut self.recording);
            self.title.clear();
            self.artist.clear();
            self.alternatives.retain(|it| it.recording != label);
        }
    }
}

/// Whether two cues say the same: one recording, or one that the other may be, for more than half of the
/// shorter one.
fn says_the_same(a: &Cue, b: &Cue) -> bool {
    let may_be = |a: &Cue, b: &Cue| a.alternatives.iter().any(|it| it.recording == b.recording);
    let is_same = a.recording == b.recording || may_be(a, b) || may_be(b, a);
    is_same && a.overlap_ms(b).saturating_mul(2) > a.length_ms.min(b.length_ms)
}

#[cfg(test)]
mod tests;
