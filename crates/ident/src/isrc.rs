//! International Standard Recording Code, ISO 3901:2019.

use crate::error::IdentError;
use crate::shape::{self, text_traits};

/// The code of a recording: two letters, three letters or digits, two digits of a year and five
/// digits. It has no check digit.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Isrc([u8; 12]);

impl Isrc {
    /// Reads `USRC17607839` or `US-RC1-76-07839`; small letters become capitals.
    ///
    /// # Errors
    /// [`IdentError`]: another length, or a character out of place.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let patterns = ["llaaaddddddd", "ll-aaa-dd-ddddd"];
        shape::read("ISRC", "12, or 15 with hyphens", &patterns, text).map(Self)
    }

    /// The twelve characters, `USRC17607839`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        shape::text(&self.0)
    }

    /// The form for people, `US-RC1-76-07839`.
    #[must_use]
    pub fn printed(&self) -> String {
        shape::print("ll-aaa-dd-ddddd", self.as_str())
    }
}

text_traits!(Isrc);
