//! Where money stands.

use std::fmt;

use ident::{AgreementId, PartyId};

/// Why money waits in suspense instead of being due to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuspenseReason {
    /// No agreement of the right pipe covers the recording at that date.
    NoAgreement,
    /// The terms that apply promise more than the whole.
    OverClaimed,
    /// The rates that apply are too fine to be brought to one denominator of 128 bits.
    TooFine,
    /// The usage line could not be tied to a recording of the catalogue.
    Unmatched,
}

impl SuspenseReason {
    /// Every reason, in the order in which they are listed.
    pub const ALL: [Self; 4] =
        [Self::NoAgreement, Self::OverClaimed, Self::TooFine, Self::Unmatched];

    /// Returns the token used in account names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoAgreement => "no-agreement",
            Self::OverClaimed => "over-claimed",
            Self::TooFine => "too-fine",
            Self::Unmatched => "unmatched",
        }
    }
}

/// A place where money stands; its text form is unique and never changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What was paid out before it was earned and is still to be recouped.
    Advance {
        /// The agreement that grants the advance.
        agreement: AgreementId,
        /// The advance's id within that agreement.
        advance: String,
        /// Who got it.
        payee: PartyId,
    },
    /// Money that left the bank (advances paid out).
    Cash,
    /// What a party keeps off the top for its service.
    Fee(PartyId),
    /// What is due to a payee.
    Payee(PartyId),
    /// What a sender's reports brought.
    Received(String),
    /// What no term gives away: the operator's own part.
    Retained,
    /// What waits for a decision.
    Suspense(SuspenseReason),
}

impl Account {
    /// Parses the text form that [`fmt::Display`] prints.
    ///
    /// # Errors
    /// [`AccountError`] if the text names no account.
    pub fn parse(text: &str) -> Result<Self, AccountError> {
        let wrong = || AccountError { text: text.to_owned() };
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let party = || PartyId::parse(rest).map_err(|_| wrong());
        match (kind, rest) {
            ("cash", "") => Ok(Self::Cash),
            ("retained", "") => Ok(Self::Retained),
            ("fee", _) => party().map(Self::Fee),
            ("payee", _) => party().map(Self::Payee),
            ("received", name) => Ok(Self::Received(name.to_owned())),
            ("suspense", reason) => SuspenseReason::ALL
                .into_iter()
                .find(|it| it.as_str() == reason)
                .map(Self::Suspense)
                .ok_or_else(wrong),
            ("advance", rest) => {
                let (agreement, rest) = rest.split_once('/').ok_or_else(wrong)?;
                let (advance, payee) = rest.split_once('/').ok_or_else(wrong)?;
                let agreement = AgreementId::parse(agreement).map_err(|_| wrong())?;
                let payee = PartyId::parse(payee).map_err(|_| wrong())?;
                Ok(Self::Advance { agreement, advance: advance.to_owned(), payee })
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Advance { agreement, advance, payee } => {
                write!(f, "advance:{agreement}/{advance}/{payee}")
            }
            Self::Cash => f.write_str("cash"),
            Self::Fee(party) => write!(f, "fee:{party}"),
            Self::Payee(party) => write!(f, "payee:{party}"),
            Self::Received(sender) => write!(f, "received:{sender}"),
            Self::Retained => f.write_str("retained"),
            Self::Suspense(reason) => write!(f, "suspense:{}", reason.as_str()),
        }
    }
}

/// A text that names no account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no account is called {text:?}")]
pub struct AccountError {
    /// The text as given.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_reads_back_as_it_is_written() {
        for text in [
            "advance:ost-deal/a1/singer",
            "cash",
            "fee:distributor",
            "payee:singer",
            "received:PADPIDA2013020802I",
            "retained",
            "suspense:no-agreement",
            "suspense:over-claimed",
            "suspense:too-fine",
            "suspense:unmatched",
        ] {
            assert_eq!(Account::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_text_that_names_no_account_is_refused() {
        for text in [
            "",
            "payee:",
            "payee:Not A Slug",
            "suspense:lost",
            "cash:1",
            "advance:x",
            "advance:x/a1",
        ] {
            assert!(Account::parse(text).is_err(), "{text:?}");
        }
    }
}
