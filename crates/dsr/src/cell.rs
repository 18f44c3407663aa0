//! One cell: spreadsheet quotes, several values, escapes.

use std::borrow::Cow;

use money::{Atoms, ParseAtomsError};

/// The bytes between two TABs, as received.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Cell<'a> {
    raw: &'a [u8],
}

impl<'a> Cell<'a> {
    /// A cell of these bytes.
    #[must_use]
    pub const fn new(raw: &'a [u8]) -> Self {
        Self { raw }
    }

    /// The bytes as received.
    #[must_use]
    pub const fn raw(self) -> &'a [u8] {
        self.raw
    }

    /// Whether there is nothing in it; a quoted nothing is nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.raw.is_empty() || self.raw == b"\"\""
    }

    /// Whether a spreadsheet put quotes around it.
    #[must_use]
    pub fn is_quoted(self) -> bool {
        matches!(self.raw, [b'"', .., b'"'])
    }

    /// The text: quotes stripped, escapes resolved, bytes that are no UTF-8 replaced.
    #[must_use]
    pub fn text(self) -> Cow<'a, str> {
        unescape(self.bare())
    }

    /// The number in it, as [`crate::value::decimal`] reads the text.
    ///
    /// # Errors
    /// [`ParseAtomsError`], as there.
    pub fn decimal(self) -> Result<Atoms, ParseAtomsError> {
        short(self.raw).map_or_else(|| crate::value::decimal(&self.text()), Ok)
    }

    /// The values of a cell that may hold several: split at `|`, then read as [`Cell::text`].
    ///
    /// An empty cell holds none. An escaped `\|` does not split.
    pub fn values(self) -> impl Iterator<Item = Cow<'a, str>> {
        let mut rest = if self.is_empty() { None } else { Some(self.bare()) };
        std::iter::from_fn(move || {
            let bare = rest.take()?;
            let bytes = bare.as_bytes();
            let mut at = 0;
            while at < bytes.len() && bytes[at] != b'|' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            if at >= bytes.len() {
                return Some(unescape(bare));
            }
            let (value, tail) = cut(bare, at);
            rest = Some(tail);
            Some(unescape(value))
        })
    }

    /// The text without spreadsheet quotes, escapes still in it.
    fn bare(self) -> Cow<'a, str> {
        let [b'"', inner @ .., b'"'] = self.raw else {
            return String::from_utf8_lossy(self.raw);
        };
        let text = String::from_utf8_lossy(inner);
        if text.contains("\"\"") { Cow::Owned(text.replace("\"\"", "\"")) } else { text }
    }
}

/// A number without a sign, of few digits, which most are; `None` for everything else.
fn short(raw: &[u8]) -> Option<Atoms> {
    let (mut number, mut decimals, mut digits) = (0_u64, None, 0_u32);
    for byte in raw {
        match byte {
            b'0'..=b'9' if digits < SHORT_DIGITS => {
                number = number * 10 + u64::from(byte - b'0');
                digits += 1;
                decimals = decimals.map(|it| it + 1);
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            _ => return None,
        }
    }
    let scale = 10_i128.pow(SHORT_DIGITS - decimals.unwrap_or(0));
    (digits > 0).then(|| Atoms::from_raw(i128::from(number) * scale))
}

/// So many digits fit 64 bits, and are the decimals of an atom.
const SHORT_DIGITS: u32 = 18;

/// Splits around the one-byte character at `at`.
fn cut(text: Cow<'_, str>, at: usize) -> (Cow<'_, str>, Cow<'_, str>) {
    match text {
        Cow::Borrowed(text) => (Cow::Borrowed(&text[..at]), Cow::Borrowed(&text[at + 1..])),
        Cow::Owned(mut text) => {
            let tail = text.split_off(at + 1);
            text.truncate(at);
            (Cow::Owned(text), Cow::Owned(tail))
        }
    }
}

/// Resolves `\|`, `\t` and `\\`; any other backslash stands for itself.
fn unescape(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('\\') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        let mut ahead = rest.clone();
        let plain = match ahead.next() {
            Some('|') => '|',
            Some('t') => '\t',
            Some('\\') => '\\',
            _ => {
                out.push('\\');
                continue;
            }
        };
        out.push(plain);
        rest = ahead;
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(raw: &[u8], expected: &Expect) {
        let cell = Cell::new(raw);
        let values: Vec<_> = cell.values().collect();
        expected.assert_eq(&format!("{:?} = {:?}", cell.text(), values));
    }

    proptest::proptest! {
        #[test]
        fn numbers_are_read_as_their_text_is(text in "[-+ ]?[0-9]{0,20}[.,]?[0-9]{0,20}") {
            let slow = crate::value::decimal(&text);
            proptest::prop_assert_eq!(Cell::new(text.as_bytes()).decimal(), slow);
        }
    }

    #[test]
    fn cells() {
        check(b"", &expect![[r#""" = []"#]]);
        check(b"a", &expect![[r#""a" = ["a"]"#]]);
        check(b"a|b|", &expect![[r#""a|b|" = ["a", "b", ""]"#]]);
        check(br"a\|b|c\\|d\te\", &expect![[r#""a|b|c\\|d\te\\" = ["a|b", "c\\", "d\te\\"]"#]]);
        check(br"\n", &expect![[r#""\\n" = ["\\n"]"#]]);
        check(
            b"\"say \"\"hi\"\" | now\"",
            &expect![[r#""say \"hi\" | now" = ["say \"hi\" ", " now"]"#]],
        );
        check(b"\"", &expect![[r#""\"" = ["\""]"#]]);
        check(b"\"\"", &expect![[r#""" = []"#]]);
        check(b"a\xff|b", &expect![[r#""a�|b" = ["a�", "b"]"#]]);
        check("\\é|é".as_bytes(), &expect![[r#""\\é|é" = ["\\é", "é"]"#]]);
    }
}
