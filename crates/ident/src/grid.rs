//! Global Release Identifier, of IFPI.

use crate::error::IdentError;
use crate::shape::{self, text_traits};

/// The identifier of a release: `A1`, five characters of the issuer, ten of the release and a
/// check character.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grid([u8; 18]);

impl Grid {
    /// Reads `A12425GABC1234002M` or `A1-2425G-ABC1234002-M`; small letters become capitals.
    ///
    /// # Errors
    /// [`IdentError`]: another length, a character out of place, or the wrong check character.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let patterns = ["A1aaaaaaaaaaaaaaaa", "A1-aaaaa-aaaaaaaaaa-a"];
        let code: [u8; 18] = shape::read("GRid", "18, or 21 with hyphens", &patterns, text)?;
        let [number @ .., got] = code;
        shape::check("GRid", [shape::mod_37_36(&number)], [got])?;
        Ok(Self(code))
    }

    /// The eighteen characters, `A12425GABC1234002M`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        shape::text(&self.0)
    }

    /// The form for people, `A1-2425G-ABC1234002-M`.
    #[must_use]
    pub fn printed(&self) -> String {
        shape::print("A1-aaaaa-aaaaaaaaaa-a", self.as_str())
    }
}

text_traits!(Grid);
