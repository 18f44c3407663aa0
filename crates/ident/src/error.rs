//! Why a text is not an identifier.

/// A text that is not the identifier it was read as.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a valid {identifier}: {kind}")]
pub struct IdentError {
    /// Name of the identifier, `ISRC`.
    pub identifier: &'static str,
    /// What is wrong with it.
    pub kind: IdentErrorKind,
}

/// What is wrong with an identifier.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentErrorKind {
    /// It has another number of characters.
    #[error("{got} characters, expected {expected}")]
    Length {
        /// What it should have, in words: `12`, `8, 12, 13 or 14`.
        expected: &'static str,
        /// What it has, in characters, separators included.
        got: usize,
    },
    /// A character that has no place there.
    #[error("unexpected character at {at}")]
    Character {
        /// Zero-based byte offset in the text.
        at: usize,
    },
    /// The check digit, two digits for an IPI name number, does not fit the rest.
    #[error("check digit {got}, expected {expected}")]
    CheckDigit {
        /// What the rest calls for.
        expected: String,
        /// What is there.
        got: String,
    },
}
