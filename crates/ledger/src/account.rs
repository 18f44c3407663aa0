//! Where money stands.

use std::fmt;

use ident::{AdvanceId, AgreementId, PartyId};

/// Why money waits in suspense instead of being due to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuspenseReason {
    /// Somebody disputes whose it is.
    Disputed,
    /// Nobody came for it in the time that the operator set.
    Lapsed,
    /// No agreement of the right pipe covers the recording at that date.
    NoAgreement,
    /// A term is a part of the published price, and neither report nor price list says that price.
    NoPrice,
    /// The agreement settles in another currency, and no rate into it is known.
    NoRate,
    /// The terms that apply promise more than the whole.
    OverClaimed,
    /// Somebody else pays the right for this use already: a society, or the service itself.
    PaidElsewhere,
    /// The rates that apply are too fine to be brought to one denominator of 128 bits.
    TooFine,
    /// The usage line could not be tied to a recording of the catalogue.
    Unmatched,
}

impl SuspenseReason {
    /// Every reason, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Disputed,
        Self::Lapsed,
        Self::NoAgreement,
        Self::NoPrice,
        Self::NoRate,
        Self::OverClaimed,
        Self::PaidElsewhere,
        Self::TooFine,
        Self::Unmatched,
    ];

    /// Returns the token used in account names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disputed => "disputed",
            Self::Lapsed => "lapsed",
            Self::NoAgreement => "no-agreement",
            Self::NoPrice => "no-price",
            Self::NoRate => "no-rate",
            Self::OverClaimed => "over-claimed",
            Self::PaidElsewhere => "paid-elsewhere",
            Self::TooFine => "too-fine",
            Self::Unmatched => "unmatched",
        }
    }
}

/// A right beside the master, whose money has a ledger of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pipe {
    /// The performance.
    Performer,
    /// The work.
    Work,
}

impl Pipe {
    /// Every pipe beside the master's.
    pub const ALL: [Self; 2] = [Self::Performer, Self::Work];

    /// The token used in account names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Performer => "performer",
            Self::Work => "work",
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
    /// What a distributor paid us ahead and has not kept back yet.
    AdvanceFrom(AdvanceId),
    /// Money that left the bank (advances, costs, payments).
    Cash,
    /// What was spent and is still to be kept back.
    Cost {
        /// The agreement that says who bears it.
        agreement: AgreementId,
        /// The cost's id within that agreement.
        cost: String,
    },
    /// What became another currency: it takes the money in the one and gives it in the other.
    Exchange,
    /// What a party keeps off the top for its service.
    Fee(PartyId),
    /// What was topped up to a guaranteed sum and is still to be kept back.
    Guarantee {
        /// The agreement that guarantees it.
        agreement: AgreementId,
        /// The guarantee's id within that agreement.
        guarantee: String,
        /// Who got it.
        payee: PartyId,
    },
    /// What is due to a payee for masters.
    Payee(PartyId),
    /// What is due to a payee for another right: it is never mixed with what is due for masters.
    PayeeIn(Pipe, PartyId),
    /// What a sender's reports brought.
    Received(String),
    /// What is held back for a time.
    Reserve {
        /// The agreement that lets it be held back.
        agreement: AgreementId,
        /// The reserve's id within that agreement.
        reserve: String,
        /// Whose it is when it is released.
        holder: Box<Self>,
    },
    /// What no term gives away: the operator's own part.
    Retained,
    /// What waits for a decision.
    Suspense(SuspenseReason),
    /// Tax that was withheld and is due to a country's tax office (ISO 3166-1 alpha-2).
    Tax(String),
    /// Value added tax that was paid to payees and is claimed back from a country's tax office.
    Vat(String),
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
            ("exchange", "") => Ok(Self::Exchange),
            ("retained", "") => Ok(Self::Retained),
            ("advance-from", _) => {
                AdvanceId::parse(rest).map(Self::AdvanceFrom).map_err(|_| wrong())
            }
            ("fee", _) => party().map(Self::Fee),
            ("payee", _) => match rest.split_once('@') {
                None => party().map(Self::Payee),
                Some((party, pipe)) => {
                    let pipe = Pipe::ALL.into_iter().find(|it| it.as_str() == pipe);
                    let party = PartyId::parse(party).map_err(|_| wrong())?;
                    pipe.map(|it| Self::PayeeIn(it, party)).ok_or_else(wrong)
                }
            },
            ("tax", country) => self::country(country).map(Self::Tax).ok_or_else(wrong),
            ("vat", country) => self::country(country).map(Self::Vat).ok_or_else(wrong),
            ("received", name) => Ok(Self::Received(name.to_owned())),
            ("suspense", reason) => SuspenseReason::ALL
                .into_iter()
                .find(|it| it.as_str() == reason)
                .map(Self::Suspense)
                .ok_or_else(wrong),
            ("advance" | "cost" | "guarantee" | "reserve", rest) => {
                Self::of_agreement(kind, rest).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }

    /// An account that belongs to an entry of an agreement: `agreement/entry` and, but for a cost,
    /// `/holder`.
    fn of_agreement(kind: &str, rest: &str) -> Option<Self> {
        let (agreement, rest) = rest.split_once('/')?;
        let agreement = AgreementId::parse(agreement).ok()?;
        if kind == "cost" {
            let cost = Some(rest).filter(|it| !it.is_empty() && !it.contains('/'))?;
            return Some(Self::Cost { agreement, cost: cost.to_owned() });
        }
        let (entry, holder) = rest.split_once('/')?;
        let entry = entry.to_owned();
        let party = || PartyId::parse(holder).ok();
        Some(match kind {
            "advance" => Self::Advance { agreement, advance: entry, payee: party()? },
            "guarantee" => Self::Guarantee { agreement, guarantee: entry, payee: party()? },
            _ => {
                let holder = Box::new(Self::parse(holder).ok()?);
                Self::Reserve { agreement, reserve: entry, holder }
            }
        })
    }

    /// Whose it is, if it is a payee's.
    #[must_use]
    pub const fn payee(&self) -> Option<&PartyId> {
        match self {
            Self::Payee(party) | Self::PayeeIn(_, party) => Some(party),
            _ => None,
        }
    }

    /// What is due to a payee for a right; none stands for the master.
    #[must_use]
    pub const fn of_payee(pipe: Option<Pipe>, payee: PartyId) -> Self {
        match pipe {
            None => Self::Payee(payee),
            Some(pipe) => Self::PayeeIn(pipe, payee),
        }
    }

    /// The right that a payee's account is for; none stands for the master.
    #[must_use]
    pub const fn pipe(&self) -> Option<Pipe> {
        match self {
            Self::PayeeIn(pipe, _) => Some(*pipe),
            _ => None,
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Advance { agreement, advance, payee } => {
                write!(f, "advance:{agreement}/{advance}/{payee}")
            }
            Self::AdvanceFrom(advance) => write!(f, "advance-from:{advance}"),
            Self::Cash => f.write_str("cash"),
            Self::Cost { agreement, cost } => write!(f, "cost:{agreement}/{cost}"),
            Self::Guarantee { agreement, guarantee, payee } => {
                write!(f, "guarantee:{agreement}/{guarantee}/{payee}")
            }
            Self::Reserve { agreement, reserve, holder } => {
                write!(f, "reserve:{agreement}/{reserve}/{holder}")
            }
            Self::Exchange => f.write_str("exchange"),
            Self::Fee(party) => write!(f, "fee:{party}"),
            Self::Payee(party) => write!(f, "payee:{party}"),
            Self::PayeeIn(pipe, party) => write!(f, "payee:{party}@{}", pipe.as_str()),
            Self::Received(sender) => write!(f, "received:{sender}"),
            Self::Retained => f.write_str("retained"),
            Self::Suspense(reason) => write!(f, "suspense:{}", reason.as_str()),
            Self::Tax(country) => write!(f, "tax:{country}"),
            Self::Vat(country) => write!(f, "vat:{country}"),
        }
    }
}

/// A country's code of two capitals.
fn country(text: &str) -> Option<String> {
    let is_code = text.len() == 2 && text.bytes().all(|it| it.is_ascii_uppercase());
    is_code.then(|| text.to_owned())
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
            "advance-from:ost-2021",
            "cash",
            "cost:ost-deal/video",
            "exchange",
            "fee:distributor",
            "guarantee:ost-deal/first-year/singer",
            "reserve:ost-deal/discs/payee:singer",
            "reserve:ost-deal/discs/retained",
            "payee:singer",
            "payee:singer@performer",
            "payee:singer@work",
            "received:PADPIDA2013020802I",
            "retained",
            "suspense:disputed",
            "suspense:lapsed",
            "suspense:no-agreement",
            "suspense:no-price",
            "suspense:no-rate",
            "suspense:over-claimed",
            "suspense:paid-elsewhere",
            "suspense:too-fine",
            "suspense:unmatched",
            "tax:KR",
            "vat:KR",
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
            "payee:singer@master",
            "payee:@work",
            "cash:1",
            "exchange:KRW",
            "advance:x",
            "advance-from:",
            "advance:x/a1",
            "cost:x",
            "cost:x/",
            "reserve:x/r1/nobody",
            "tax:",
            "vat:kr",
        ] {
            assert!(Account::parse(text).is_err(), "{text:?}");
        }
    }
}
