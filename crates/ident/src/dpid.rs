//! DDEX Party Identifier.

use crate::error::{IdentError, IdentErrorKind};
use crate::shape::{self, text_traits};

/// Characters of the longest identifier.
const LONGEST: usize = 18;

/// The identifier of a sender or recipient of DDEX messages: `PADPIDA` and ten or eleven letters
/// or digits.
///
/// By the standard there are eleven, and the last is a check character. Shorter ones, and ones
/// with another last character, are in use all the same, so they are read, and
/// [`Dpid::is_checked`] tells them apart.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dpid {
    /// Filled up with zero bytes.
    bytes: [u8; LONGEST],
}

impl Dpid {
    /// Reads `PADPIDA2007061301U`, also with `DPID::` in front, or with hyphens,
    /// `PA-DPIDA-2007061301-U`; small letters become capitals.
    ///
    /// # Errors
    /// [`IdentError`]: another length, or a character out of place.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let (offset, body) = match text.strip_prefix("DPID::") {
            Some(body) => ("DPID::".len(), body),
            None => (0, text),
        };
        read(body).map_err(|mut error| {
            if let IdentErrorKind::Character { at } = &mut error.kind {
                *at += offset;
            }
            error
        })
    }

    /// The seventeen or eighteen characters, `PADPIDA2007061301U`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        shape::text(&self.bytes).trim_end_matches('\0')
    }

    /// Whether it has eighteen characters, and the last is the check character the others call
    /// for (ISO/IEC 7064, mod 37,36).
    #[must_use]
    pub fn is_checked(&self) -> bool {
        let [number @ .., check] = &self.bytes;
        *check == shape::mod_37_36(number)
    }
}

/// Reads one of the two lengths, with or without hyphens.
fn read(text: &str) -> Result<Dpid, IdentError> {
    let expected = "17 or 18, or 20 or 21 with hyphens";
    let mut bytes = [0; LONGEST];
    if matches!(text.len(), 17 | 20) {
        let patterns = ["PADPIDAaaaaaaaaaa", "PA-DPIDA-aaaaaaaaa-a"];
        let short: [u8; 17] = shape::read("DPID", expected, &patterns, text)?;
        bytes[..17].copy_from_slice(&short);
    } else {
        let patterns = ["PADPIDAaaaaaaaaaaa", "PA-DPIDA-aaaaaaaaaa-a"];
        bytes = shape::read("DPID", expected, &patterns, text)?;
    }
    Ok(Dpid { bytes })
}

text_traits!(Dpid);
