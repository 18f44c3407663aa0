//! Our own ids: a slug, and a type of its own for each kind of thing.

use std::fmt;
use std::str::FromStr;

use crate::error::{IdentError, IdentErrorKind};
use crate::shape;

/// Bytes of the longest slug.
const LONGEST: usize = 100;

/// Checks `[a-z0-9][a-z0-9-]*`, at most [`LONGEST`] bytes.
fn check(identifier: &'static str, text: &str) -> Result<(), IdentError> {
    let error = |kind| Err(IdentError { identifier, kind });
    if text.is_empty() || text.len() > LONGEST {
        return error(shape::length("1 to 100", text));
    }
    let is_fault = |(at, byte): (usize, u8)| match byte {
        b'a'..=b'z' | b'0'..=b'9' => false,
        b'-' => at == 0,
        _ => true,
    };
    match text.bytes().enumerate().position(is_fault) {
        Some(at) => error(IdentErrorKind::Character { at }),
        None => Ok(()),
    }
}

/// Makes the id type of one kind of thing.
macro_rules! id_type {
    ($(#[doc = $doc:literal])+ $type:ident, $identifier:literal) => {
        $(#[doc = $doc])+
        ///
        /// A slug: small letters, digits and hyphens, no hyphen first, 1 to 100 characters.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(String);

        impl $type {
            /// Reads a slug.
            ///
            /// # Errors
            /// [`IdentError`]: empty, too long, or a character out of place.
            pub fn parse(text: &str) -> Result<Self, IdentError> {
                check($identifier, text)?;
                Ok(Self(text.to_owned()))
            }

            /// The slug.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($type))
            }
        }

        impl FromStr for $type {
            type Err = IdentError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
    };
}

id_type!(
    /// A person or organisation.
    PartyId, "party id"
);
id_type!(
    /// A work.
    WorkId, "work id"
);
id_type!(
    /// A recording.
    RecordingId, "recording id"
);
id_type!(
    /// A release.
    ReleaseId, "release id"
);
id_type!(
    /// A production: a drama, a film.
    ProductionId, "production id"
);
id_type!(
    /// A product: what is sold and is no recording.
    ProductId, "product id"
);
id_type!(
    /// An agreement.
    AgreementId, "agreement id"
);
id_type!(
    /// A table of exchange rates.
    RateTableId, "rate table id"
);
id_type!(
    /// A pipe: a right that others pay.
    PipeId, "pipe id"
);
id_type!(
    /// Money that was paid to us ahead.
    AdvanceId, "advance id"
);
id_type!(
    /// A rule by which tax is withheld.
    TaxId, "tax id"
);
id_type!(
    /// An entry of the price list.
    PriceId, "price id"
);
id_type!(
    /// A term of an agreement.
    TermId, "term id"
);
id_type!(
    /// A repertoire: a named set of recordings or works.
    RepertoireId, "repertoire id"
);
