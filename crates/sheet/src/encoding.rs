//! The encodings that statements come in.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};

use encoding_rs::DecoderResult;

/// An encoding of text.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// ISO 8859-1, read as its superset Windows-1252, which is what is meant by it today.
    Latin1,
    /// Korean: Unified Hangul Code, the superset of EUC-KR.
    Cp949,
    /// Cyrillic: Windows-1251.
    Cp1251,
    /// Japanese: Windows-31J, the superset of Shift JIS.
    Cp932,
}

/// A name of no encoding we read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no encoding is called {name:?}; known are {}", Encoding::ALL.map(Encoding::as_str).join(", "))]
pub struct ParseEncodingError {
    /// The name as given.
    pub name: String,
}

impl Encoding {
    /// Every encoding, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Utf8,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Latin1,
        Self::Cp949,
        Self::Cp1251,
        Self::Cp932,
    ];

    /// The name: `utf-8`, `utf-16le`, `utf-16be`, `latin-1`, `cp949`, `cp1251` or `cp932`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Latin1 => "latin-1",
            Self::Cp949 => "cp949",
            Self::Cp1251 => "cp1251",
            Self::Cp932 => "cp932",
        }
    }

    /// Reads a name, spelled exactly.
    ///
    /// # Errors
    /// [`ParseEncodingError`] when it is none of [`Encoding::ALL`].
    pub fn parse(name: &str) -> Result<Self, ParseEncodingError> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == name);
        found.ok_or_else(|| ParseEncodingError { name: name.to_owned() })
    }

    /// What a byte order mark at the beginning of a text says.
    #[must_use]
    pub fn of_mark(head: &[u8]) -> Option<Self> {
        [Self::Utf8, Self::Utf16Le, Self::Utf16Be]
            .into_iter()
            .find(|it| head.starts_with(it.mark()))
    }

    /// What the bytes at the beginning of a text without a byte order mark look like, as far as
    /// UTF-16 is concerned: every second byte of Latin letters is zero.
    #[must_use]
    pub fn of_zeros(head: &[u8]) -> Option<Self> {
        let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|it| **it == 0).count();
        let (even, odd) = (zeros(0), zeros(1));
        let many = head.len() / 8;
        match () {
            () if odd > many && even * 4 < odd => Some(Self::Utf16Le),
            () if even > many && odd * 4 < even => Some(Self::Utf16Be),
            () => None,
        }
    }

    /// The byte order mark of this encoding; empty where there is none.
    #[must_use]
    pub const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => b"\xef\xbb\xbf",
            Self::Utf16Le => b"\xff\xfe",
            Self::Utf16Be => b"\xfe\xff",
            _ => b"",
        }
    }

    /// The text, or `None` where the bytes are none in this encoding.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        if self == Self::Utf8 {
            return std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
        }
        self.table().decode_without_bom_handling_and_without_replacement(bytes)
    }

    /// Whether a text to its end is one in this encoding.
    ///
    /// # Errors
    /// What the source says.
    pub fn fits(self, source: &mut dyn BufRead) -> io::Result<bool> {
        let mut decoder = self.table().new_decoder_without_bom_handling();
        let mut text = String::with_capacity(1 << 16);
        loop {
            let bytes = source.fill_buf()?;
            let last = bytes.is_empty();
            text.clear();
            let (result, taken) =
                decoder.decode_to_string_without_replacement(bytes, &mut text, last);
            source.consume(taken);
            match result {
                DecoderResult::Malformed(..) => return Ok(false),
                DecoderResult::InputEmpty if last => return Ok(true),
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
        }
    }

    /// The text, with U+FFFD where the bytes are none in this encoding.
    #[must_use]
    pub fn decode_lossy(self, bytes: &[u8]) -> Cow<'_, str> {
        self.table().decode_without_bom_handling(bytes).0
    }

    /// Bytes of one unit: what a line end or a delimiter takes.
    pub(crate) const fn unit(self) -> usize {
        match self {
            Self::Utf16Le | Self::Utf16Be => 2,
            _ => 1,
        }
    }

    /// The value of a unit, where it is ASCII; in all encodings here such a unit is that character
    /// and no part of another, below `@`.
    pub(crate) fn ascii(self, unit: &[u8]) -> Option<u8> {
        match (self, unit) {
            (Self::Utf16Le, [it, 0]) | (Self::Utf16Be, [0, it]) => Some(*it),
            (Self::Utf16Le | Self::Utf16Be, _) => None,
            (_, [it]) => Some(*it),
            _ => None,
        }
    }

    fn table(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Latin1 => encoding_rs::WINDOWS_1252,
            Self::Cp949 => encoding_rs::EUC_KR,
            Self::Cp1251 => encoding_rs::WINDOWS_1251,
            Self::Cp932 => encoding_rs::SHIFT_JIS,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_marks() {
        for it in Encoding::ALL {
            assert_eq!(Encoding::parse(it.as_str()), Ok(it));
        }
        assert_eq!(Encoding::of_mark(b"\xff\xfea\0"), Some(Encoding::Utf16Le));
        assert_eq!(Encoding::of_mark(b"a"), None);
        assert_eq!(Encoding::of_zeros(b"d\0a\0t\0e\0,\0"), Some(Encoding::Utf16Le));
        assert_eq!(Encoding::of_zeros(b"\0d\0a\0t\0e\0,"), Some(Encoding::Utf16Be));
        assert_eq!(Encoding::of_zeros(b"date,paid to"), None);
        expect_test::expect![[
            r#"no encoding is called "UTF8"; known are utf-8, utf-16le, utf-16be, latin-1, cp949, cp1251, cp932"#
        ]]
        .assert_eq(&Encoding::parse("UTF8").unwrap_err().to_string());
    }

    #[test]
    fn a_whole_text_fits_or_not() {
        let fits = |it: Encoding, bytes: &[u8]| {
            it.fits(&mut io::BufReader::with_capacity(3, bytes)).unwrap()
        };
        let long = "비와 당신,".repeat(20_000);
        assert!(fits(Encoding::Utf8, long.as_bytes()));
        assert!(!fits(Encoding::Utf8, &long.as_bytes()[..long.len() - 2]));
        assert!(!fits(Encoding::Cp949, long.as_bytes()));
        assert!(fits(Encoding::Latin1, long.as_bytes()));
    }

    #[test]
    fn each_reads_its_own() {
        assert_eq!(Encoding::Cp949.decode(b"\xb0\xee\xb8\xed").as_deref(), Some("곡명"));
        assert_eq!(Encoding::Cp1251.decode(b"\xcf\xeb\xe0\xf2").as_deref(), Some("Плат"));
        assert_eq!(Encoding::Cp932.decode(b"\x8b\xc8").as_deref(), Some("曲"));
        assert_eq!(Encoding::Latin1.decode(b"caf\xe9").as_deref(), Some("café"));
        assert_eq!(Encoding::Utf8.decode(b"caf\xe9"), None);
        assert_eq!(Encoding::Utf16Be.decode(b"\0c\xbe\x44").as_deref(), Some("c비"));
    }
}
