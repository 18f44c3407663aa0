//! Values to cells: delimiters, escapes, quotes.

use super::WriteError;

/// What goes into a cell.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// One text.
    One(&'a str),
    /// Several; none of them, or a single empty one, is an empty cell.
    Many(&'a [&'a str]),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::One(text)
    }
}

/// What to do with a text that has a delimiter in it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Escape {
    /// Refuse it: many readers know no escapes.
    #[default]
    Refuse,
    /// Escape it.
    Force,
}

pub(super) fn push_cell(
    line: &mut Vec<u8>,
    value: Value<'_>,
    escape: Escape,
) -> Result<(), WriteError> {
    let start = line.len();
    match value {
        Value::One(text) => push_text(line, text, escape)?,
        Value::Many(texts) => {
            for (at, text) in texts.iter().enumerate() {
                if at > 0 {
                    line.push(b'|');
                }
                push_text(line, text, escape)?;
            }
        }
    }
    // A reader would take such quotes for a spreadsheet's.
    if !matches!(line[start..], [b'"', .., b'"']) {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&line[start..]).into_owned();
    if escape == Escape::Refuse {
        return Err(WriteError::NeedsEscape { text });
    }
    line.truncate(start);
    line.push(b'"');
    line.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    line.push(b'"');
    Ok(())
}

fn push_text(line: &mut Vec<u8>, text: &str, escape: Escape) -> Result<(), WriteError> {
    if text.contains(['\n', '\r']) {
        return Err(WriteError::LineBreak { text: text.to_owned() });
    }
    if !text.contains(['\t', '|', '\\']) {
        line.extend_from_slice(text.as_bytes());
        return Ok(());
    }
    if escape == Escape::Refuse {
        return Err(WriteError::NeedsEscape { text: text.to_owned() });
    }
    for byte in text.bytes() {
        match byte {
            b'\t' => line.extend_from_slice(b"\\t"),
            b'|' | b'\\' => line.extend_from_slice(&[b'\\', byte]),
            _ => line.push(byte),
        }
    }
    Ok(())
}
