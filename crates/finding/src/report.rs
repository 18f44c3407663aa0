//! One finding.

use std::fmt;

use crate::shown::Shown;
use crate::{Position, Severity};

/// Characters of evidence a finding keeps at most.
pub const EVIDENCE_CHARS_MAX: usize = 200;

/// Something wrong or doubtful in other people's data, and exactly where.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Finding {
    /// Stable name of the rule.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where it is.
    pub position: Position,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The offending text, at most [`EVIDENCE_CHARS_MAX`] characters; a cut ends in `…`.
    pub evidence: String,
}

impl Finding {
    /// A finding without position and evidence.
    pub fn new(rule: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            position: Position::default(),
            message: message.into(),
            evidence: String::new(),
        }
    }

    /// The finding, at this place.
    #[must_use]
    pub fn at(self, position: Position) -> Self {
        Self { position, ..self }
    }

    /// The finding, with the text it is about, cut to [`EVIDENCE_CHARS_MAX`] characters.
    #[must_use]
    pub fn evidence(self, text: impl AsRef<str>) -> Self {
        Self { evidence: cut(text.as_ref()), ..self }
    }

    /// [`Finding::evidence`] of bytes; those that are not UTF-8 become `\u{fffd}`.
    #[must_use]
    pub fn evidence_bytes(self, bytes: &[u8]) -> Self {
        // Four bytes a character at most, so the rest could not be shown.
        let head = bytes.get(..4 * (EVIDENCE_CHARS_MAX + 1)).unwrap_or(bytes);
        self.evidence(String::from_utf8_lossy(head))
    }
}

/// At most [`EVIDENCE_CHARS_MAX`] characters of the text; the last is `…` if any were cut.
fn cut(text: &str) -> String {
    if text.chars().nth(EVIDENCE_CHARS_MAX).is_none() {
        return text.to_owned();
    }
    text.chars().take(EVIDENCE_CHARS_MAX - 1).chain(['…']).collect()
}

/// `error dsr-sy-dangling DSR_x.tsv:13 SU02.02 cell 3 SummaryRecordId: message (evidence)`, on
/// one line, with control and formatting characters as visible escapes.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, position, message, evidence } = self;
        write!(f, "{severity} {rule} {position}: {}", Shown(message))?;
        if !evidence.is_empty() {
            write!(f, " ({})", Shown(evidence))?;
        }
        Ok(())
    }
}
