//! Quotes: where a cell begins and ends.
//!
//! The rule is that of RFC 4180, read with patience: a quote opens a cell only as its first
//! character, two quotes in a quoted cell are one, and what stands behind the closing quote is
//! taken as it is.

use crate::{Fault, Row};

/// Where the next character stands.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the beginning of a cell.
    #[default]
    Start,
    /// In a cell, or behind its closing quote.
    Open,
    /// Between quotes.
    Quoted,
    /// Behind a quote in a quoted cell: its end, or the first of two.
    Quote,
}

impl Place {
    /// The place behind this character.
    pub(crate) fn after(self, character: char, delimiter: char) -> Self {
        match (self, character) {
            (Self::Start | Self::Quote, '"') => Self::Quoted,
            (Self::Quoted, '"') => Self::Quote,
            (Self::Quoted, _) => Self::Quoted,
            (_, it) if it == delimiter => Self::Start,
            _ => Self::Open,
        }
    }
}

/// Cuts a text into the cells of a row.
pub(crate) fn split(text: &str, delimiter: char, quotes: bool, cells_max: usize, row: &mut Row) {
    let mut place = Place::Start;
    for character in text.chars() {
        let next = match quotes {
            true => place.after(character, delimiter),
            false if character == delimiter => Place::Start,
            false => Place::Open,
        };
        let mark = match (place, next) {
            (Place::Start, Place::Quoted) | (Place::Quoted, Place::Quote) => true,
            (_, Place::Start) => {
                if row.len().saturating_add(1) < cells_max {
                    row.end_cell();
                    true
                } else {
                    row.fault.get_or_insert(Fault::TooManyCells);
                    false
                }
            }
            _ => false,
        };
        if !mark {
            row.put(character);
        }
        place = next;
    }
    row.end_cell();
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: &Expect) {
        let mut row = Row::default();
        split(text, ',', true, 4, &mut row);
        expected.assert_eq(&format!("{:?} {:?}", row.cells().collect::<Vec<_>>(), row.fault));
    }

    #[test]
    fn cells() {
        check("a,,b", &expect![[r#"["a", "", "b"] None"#]]);
        check("\"a,b\",\"\"\"c\"\"\"", &expect![[r#"["a,b", "\"c\""] None"#]]);
        check("\"a\"b,5\" disc,\"\"", &expect![[r#"["ab", "5\" disc", ""] None"#]]);
        check("", &expect![[r#"[""] None"#]]);
        check("1,2,3,4,5", &expect![[r#"["1", "2", "3", "4,5"] Some(TooManyCells)"#]]);
    }
}
