//! The textual header of an age file, read strictly (C2SP age, "Header").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The first line of every file of this version.
pub(crate) const VERSION: &str = "age-encryption.org/v1\n";
/// A full line of a stanza's body, in characters.
const COLUMNS: usize = 64;
/// The longest header that is read, in bytes.
pub const HEADER_BYTES_MAX: usize = 64 * 1024;
/// The most recipients that a file may have.
pub const STANZAS_MAX: usize = 64;

/// What a header says.
pub(crate) struct Header<'a> {
    pub(crate) stanzas: Vec<Stanza<'a>>,
    /// What the code at its end is computed over, up to and with `---`.
    pub(crate) covered: &'a [u8],
    pub(crate) code: [u8; 32],
    /// What follows it.
    pub(crate) payload: &'a [u8],
}

/// The file key, wrapped for one recipient.
pub(crate) struct Stanza<'a> {
    pub(crate) arguments: Vec<&'a str>,
    pub(crate) body: Vec<u8>,
}

/// What is wrong with a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderFault {
    /// The first line is another.
    #[error("it does not begin with the line `age-encryption.org/v1`")]
    Version,
    /// The file ends within the header.
    #[error("it is cut off")]
    Short,
    /// The header is longer than [`HEADER_BYTES_MAX`], or has more stanzas than [`STANZAS_MAX`].
    #[error("it has more than {STANZAS_MAX} recipients or {HEADER_BYTES_MAX} bytes")]
    Long,
    /// A line has another form than its place asks for.
    #[error("line {line} has not the form that it has to have")]
    Line {
        /// The line, from 1.
        line: usize,
    },
    /// A stanza of a kind known here has other parts than it has to have.
    #[error("a recipient of it has not the form that its kind has to have")]
    Stanza,
}

/// Decodes canonical base64 without padding (RFC 4648 §3.5, §4).
pub(crate) fn parse_base64(text: &[u8]) -> Option<Vec<u8>> {
    STANDARD_NO_PAD.decode(text).ok()
}

pub(crate) fn print_base64(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}

/// Lines of a header, one after the other.
struct Lines<'a> {
    whole: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a [u8], HeaderFault> {
        let rest = &self.whole[self.at..];
        let end = rest.iter().take(HEADER_BYTES_MAX + 1).position(|it| *it == b'\n');
        let end = end.ok_or(match rest.len() > HEADER_BYTES_MAX {
            true => HeaderFault::Long,
            false => HeaderFault::Short,
        })?;
        self.at += end + 1;
        self.line += 1;
        match self.at > HEADER_BYTES_MAX {
            true => Err(HeaderFault::Long),
            false => Ok(&rest[..end]),
        }
    }

    const fn fault(&self) -> HeaderFault {
        HeaderFault::Line { line: self.line }
    }
}

/// Reads a header from the beginning of a file.
pub(crate) fn parse(file: &[u8]) -> Result<Header<'_>, HeaderFault> {
    if !file.starts_with(VERSION.as_bytes()) {
        return Err(HeaderFault::Version);
    }
    let mut lines = Lines { whole: file, at: VERSION.len(), line: 1 };
    let mut stanzas = Vec::new();
    loop {
        let begin = lines.at;
        let line = lines.next()?;
        if let Some(code) = line.strip_prefix(b"--- ") {
            let code = parse_base64(code).and_then(|it| it.try_into().ok());
            let code = code.filter(|_| !stanzas.is_empty()).ok_or_else(|| lines.fault())?;
            let covered = &file[..begin + "---".len()];
            return Ok(Header { stanzas, covered, code, payload: &file[lines.at..] });
        }
        if stanzas.len() == STANZAS_MAX {
            return Err(HeaderFault::Long);
        }
        let arguments = arguments(line).ok_or_else(|| lines.fault())?;
        let mut body = Vec::new();
        loop {
            let line = lines.next()?;
            if line.len() > COLUMNS {
                return Err(lines.fault());
            }
            body.extend_from_slice(line);
            if line.len() < COLUMNS {
                break;
            }
        }
        let body = parse_base64(&body).ok_or_else(|| lines.fault())?;
        stanzas.push(Stanza { arguments, body });
    }
}

fn arguments(line: &[u8]) -> Option<Vec<&str>> {
    let text = str::from_utf8(line.strip_prefix(b"-> ")?).ok()?;
    let is_one = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_graphic());
    let arguments: Vec<&str> = text.split(' ').collect();
    arguments.iter().all(|it| is_one(it)).then_some(arguments)
}
