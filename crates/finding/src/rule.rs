//! What is looked for, and how much it matters.

use std::fmt;

use crate::Finding;

/// How much a finding matters; ordered from least to most.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Doubtful: it may be wrong, and somebody should look.
    Warning,
    /// Wrong by the standard or in itself.
    Error,
}

/// `note`, `warning` or `error`.
impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A rule that findings refer to, and its page of the manual.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct RuleDoc {
    /// Stable name, `dsr-sy-dangling`.
    pub id: &'static str,
    /// Severity of its findings.
    pub severity: Severity,
    /// One line.
    pub title: &'static str,
    /// One paragraph: what is looked for, by which section of which standard, and what to do.
    pub doc: &'static str,
}

impl RuleDoc {
    /// A finding of this rule, with its severity.
    pub fn finding(&self, message: impl Into<String>) -> Finding {
        Finding::new(self.id, self.severity, message)
    }
}

/// `dsr-sy-dangling (error): title`, an empty line, and the paragraph.
impl fmt::Display for RuleDoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}\n\n{}", self.id, self.severity, self.title, self.doc)
    }
}
