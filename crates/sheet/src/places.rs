//! The places that a worksheet states, looked at before its reader believes them.
//!
//! The reader of workbooks counts on places that a sheet can have; ones beyond that, or an area that
//! ends before it begins, stop it short. They are found here, and the workbook is refused.

use std::io::{self, Write};

/// Most bytes of a place or an area: `XFD1048576:XFD1048576` has 21.
const PLACE_BYTES_MAX: usize = 32;

/// Takes the bytes of a worksheet and fails on a place that no sheet has.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// What may be the beginning of an attribute whose end is still to come.
    carry: Vec<u8>,
}

impl Write for Places {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.carry.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(found) = self.carry.get(at..).and_then(next_attribute) {
            let start = at + found.start;
            let Some(value) = self.carry.get(start + found.name..) else { break };
            let Some(end) = value.iter().position(|it| *it == found.quote) else {
                if value.len() > PLACE_BYTES_MAX {
                    return Err(io::Error::other("a place that is none"));
                }
                at = start;
                break;
            };
            if !value.get(..end).is_some_and(is_place_or_area) {
                return Err(io::Error::other("a place that no worksheet has"));
            }
            at = start + found.name + end;
        }
        // The longest beginning of an attribute that could be cut off here.
        let keep = self.carry.len().saturating_sub(PLACE_BYTES_MAX + 8).max(at);
        self.carry.drain(..keep.min(self.carry.len()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Attribute {
    start: usize,
    /// Bytes from there to its value.
    name: usize,
    quote: u8,
}

/// The next ` r="` or ` ref="`.
fn next_attribute(bytes: &[u8]) -> Option<Attribute> {
    let mut from = 0;
    loop {
        let start = from + bytes.get(from..)?.iter().position(u8::is_ascii_whitespace)?;
        let rest = bytes.get(start + 1..)?;
        for name in [&b"r="[..], b"ref="] {
            if let (true, Some(quote @ (b'"' | b'\''))) =
                (rest.starts_with(name), rest.get(name.len()))
            {
                return Some(Attribute { start, name: name.len() + 2, quote: *quote });
            }
        }
        from = start + 1;
    }
}

/// Whether a value is a row, a cell or an area that a sheet can have; an area of whole columns is.
fn is_place_or_area(value: &[u8]) -> bool {
    let mut places = value.split(|it| *it == b':').map(place);
    match (places.next(), places.next(), places.next()) {
        (Some(Some(_)), None, None) => true,
        (Some(Some(from)), Some(Some(to)), None) => from.0 <= to.0 && from.1 <= to.1,
        _ => false,
    }
}

/// Column and row, from 1; 0 where it has none.
fn place(text: &[u8]) -> Option<(u32, u32)> {
    let letters = text.iter().take_while(|it| it.is_ascii_alphabetic()).count();
    let (column, row) = text.split_at_checked(letters)?;
    if letters > 3 || row.len() > 7 || !row.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let column = column
        .iter()
        .fold(0_u32, |sum, it| sum * 26 + u32::from(it.to_ascii_uppercase() - b'A') + 1);
    let row = row.iter().fold(0_u32, |sum, it| sum * 10 + u32::from(it - b'0'));
    Some((column, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> bool {
        // In pieces of every size, so that attributes are cut off everywhere.
        let all = (1..40).map(|size| {
            let mut places = Places::default();
            text.as_bytes().chunks(size).all(|it| places.write_all(it).is_ok())
        });
        let all: Vec<bool> = all.collect();
        assert!(all.iter().all(|it| *it == all[0]), "{text}: {all:?}");
        all[0]
    }

    #[test]
    fn places() {
        assert!(holds(
            r#"<dimension ref="A1:K8"/><row r="1048576"><c r='XFD3'/><mergeCell ref="A:C"/>"#
        ));
        assert!(!holds(r#"<dimension ref="B2:A1"/>"#));
        assert!(!holds(r#"<row r="99999999999">"#));
        assert!(!holds(r#"<row><c r="ABCDE5">"#));
        assert!(!holds(&format!("<c r=\"{}", "9".repeat(90))));
        assert!(!holds(r#"<c r="A-1">"#));
        assert!(holds(&format!("<t>{}</t> r", " ".repeat(200))));
    }
}
