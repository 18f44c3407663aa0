//! Currencies by their ISO 4217 code.

use std::fmt;
use std::str::FromStr;

use crate::currency_table::CURRENCIES;

/// An ISO 4217 currency, active or withdrawn, by its three-letter code.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Why a text is not a currency.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseCurrencyError {
    /// Not three capital letters.
    #[error("currency code is not three capital letters")]
    Malformed,
    /// Three capital letters that name no currency we know.
    #[error("unknown currency {code}")]
    Unknown {
        /// The code as given.
        code: String,
    },
}

impl Currency {
    /// Reads a code of three capital letters, `KRW`.
    ///
    /// # Errors
    /// [`ParseCurrencyError`]: the text has another form, or the code is unknown.
    pub fn parse(text: &str) -> Result<Self, ParseCurrencyError> {
        let code: [u8; 3] =
            text.as_bytes().try_into().map_err(|_| ParseCurrencyError::Malformed)?;
        if !code.iter().all(u8::is_ascii_uppercase) {
            return Err(ParseCurrencyError::Malformed);
        }
        match find(text) {
            Some(_) => Ok(Self(code)),
            None => Err(ParseCurrencyError::Unknown { code: text.to_owned() }),
        }
    }

    /// Decimals of the smallest unit: 0 for KRW, 2 for USD, 3 for KWD.
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        find(self.as_str()).expect("a currency is made from the table only")
    }

    /// The three-letter code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency code is three capital letters")
    }
}

/// Minor digits of a code of the table.
fn find(code: &str) -> Option<u32> {
    let at = CURRENCIES.binary_search_by_key(&code, |(known, _)| known).ok()?;
    CURRENCIES.get(at).map(|(_, digits)| *digits)
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({self})")
    }
}

impl FromStr for Currency {
    type Err = ParseCurrencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
