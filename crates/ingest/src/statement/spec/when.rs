//! Conditions on the cells of a row.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Conditions on columns; all have to hold, and of one column's patterns any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(in crate::statement) struct When {
    pub(in crate::statement) columns: BTreeMap<String, Patterns>,
}

/// One pattern or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a pattern, or a list of patterns")]
pub(in crate::statement) enum Patterns {
    One(Pattern),
    Any(Vec<Pattern>),
}

impl Patterns {
    pub(in crate::statement) fn as_slice(&self) -> &[Pattern] {
        match self {
            Self::One(it) => std::slice::from_ref(it),
            Self::Any(all) => all,
        }
    }
}

/// What a cell has to look like: text with `*` for anything, without regard to case; `!` before it
/// turns it round; `{Column}` is what stands in another column of the row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(in crate::statement) struct Pattern {
    pub(in crate::statement) negated: bool,
    /// The other column, where it is compared with one.
    pub(in crate::statement) column: Option<String>,
    /// The pieces between asterisks, in small letters.
    pieces: Vec<String>,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        let (negated, body) = match text.strip_prefix('!') {
            Some(body) => (true, body),
            None => (false, text.as_str()),
        };
        let column = body.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        Self {
            negated,
            column: column.map(str::to_owned),
            pieces: body.trim().to_lowercase().split('*').map(str::to_owned).collect(),
        }
    }
}

impl Pattern {
    /// Fits everything.
    pub(in crate::statement) fn any() -> Self {
        Self::from("*".to_owned())
    }

    /// Whether a text fits, another column left aside.
    pub(in crate::statement) fn holds(&self, text: &str) -> bool {
        fits(&self.pieces, &text.trim().to_lowercase()) != self.negated
    }
}

/// Whether a text is the pieces with anything between them.
fn fits(pieces: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = pieces else {
        return pieces.iter().all(|it| it == text);
    };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for piece in middle {
        let Some(at) = rest.find(piece.as_str()) else { return false };
        rest = rest.get(at.saturating_add(piece.len())..).unwrap_or_default();
    }
    rest.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let holds = |pattern: &str, text: &str| Pattern::from(pattern.to_owned()).holds(text);
        assert!(holds("", " ") && !holds("", "x"));
        assert!(holds("Total*", "TOTAL: 5") && !holds("Total*", "Sub Total"));
        assert!(holds("*stream*", "Ad-supported Streaming") && !holds("*stream*", "Download"));
        assert!(holds("a*b*c", "aXbYc") && !holds("a*b*c", "acb"));
        assert!(!holds("!R", "r") && holds("!R", "S") && holds("!", "x") && !holds("!", ""));
        assert!(!holds("ab*ba", "aba"), "pieces do not overlap");
    }
}
