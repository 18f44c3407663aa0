//! How a party is paid, and what is withheld from it.

use std::collections::BTreeSet;

use ident::{Bic, ChainAddress, Iban, TaxId};
use money::{Amount, Atoms, Currency, Ratio};
use period::Date;

use crate::{PartyKind, RightsType, Territories, Validity};

/// What a party has agreed about being paid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// Where it is resident for tax, ISO 3166-1 alpha-2.
    pub residence: Option<String>,
    /// Below this nothing is paid, and the balance is carried; at most one amount a currency.
    pub minimum_payout: Vec<Amount>,
    /// Where money for it goes.
    pub bank: Option<Bank>,
    /// Where it wants to be paid on a chain: it asked for that, and knows that all can see it.
    pub wallet: Option<ChainAddress>,
    /// Bills that the operator writes in the party's name, and the tax that it pays on top.
    pub self_bill: Vec<SelfBill>,
    /// Papers by which less tax is withheld.
    pub relief: Vec<Relief>,
}

impl Payment {
    /// Below this nothing is paid in a currency; zero if nothing was agreed.
    pub fn minimum(&self, currency: Currency) -> Atoms {
        let of = self.minimum_payout.iter().find(|it| it.currency == currency);
        of.map_or(Atoms::ZERO, |it| it.atoms)
    }
}

/// A bank account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    /// Its number.
    pub account: BankAccount,
    /// The bank.
    pub bic: Option<Bic>,
    /// The name that the account is in; empty if it is the party's.
    pub holder: String,
}

/// The number of a bank account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankAccount {
    /// An international one.
    Iban(Iban),
    /// One of a country without such numbers, such as Korea.
    Local {
        /// The account, as the bank writes it.
        number: String,
        /// The bank's code in that country's clearing.
        bank_code: String,
    },
}

/// A bill that the operator writes in a party's name: value added tax is paid on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfBill {
    /// Whose tax it is, ISO 3166-1 alpha-2.
    pub country: String,
    /// The party's number with that country's tax office.
    pub number: String,
    /// The tax, as a part of what is paid.
    pub rate: Ratio,
    /// When it was agreed, or the rate holds; the day of payment counts.
    pub period: Validity,
}

/// A paper by which less tax is withheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relief {
    /// Whose tax it is about, ISO 3166-1 alpha-2.
    pub country: String,
    /// When it holds; the day of payment counts.
    pub period: Validity,
    /// For which rights the money is due that it is about; empty means any, fees among them.
    pub rights_types: BTreeSet<RightsType>,
    /// The rate that it grants; of none, the relief rate of the rule counts.
    pub rate: Option<Ratio>,
    /// Which paper it is, as it can be found again.
    pub paper: String,
}

/// A rule by which tax is withheld from what is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withholding {
    /// Our own id.
    pub id: TaxId,
    /// Whose tax it is: the country that pays, ISO 3166-1 alpha-2.
    pub country: String,
    /// Whom it is withheld from, by residence for tax.
    pub residence: Territories,
    /// Whom it is withheld from; empty means any.
    pub kinds: BTreeSet<PartyKind>,
    /// For which rights the money that it is withheld from is due; empty means any, fees among them.
    pub rights_types: BTreeSet<RightsType>,
    /// The tax, as a part of what is paid, or of the tax that names this rule as its `then`.
    pub rate: Ratio,
    /// The rate for a party with a relief paper.
    pub relief_rate: Option<Ratio>,
    /// The currency of `cut_to` and `below`; they do not count for payments in another.
    pub currency: Option<Currency>,
    /// The tax is cut down to a multiple of this; zero means the currency's minor unit.
    pub cut_to: Atoms,
    /// A tax under this is not withheld.
    pub below: Atoms,
    /// A tax on this tax. It is withheld in no other way.
    pub then: Option<TaxId>,
    /// When it holds; the day of payment counts.
    pub period: Validity,
    /// Where the rule stands: an act, a table, a day on which it was looked up.
    pub source: String,
}

impl Relief {
    /// Whether it is about a country's tax on money that is paid on a day for a right (none: a fee).
    pub fn holds(&self, country: &str, rights_type: Option<RightsType>, day: Date) -> bool {
        self.country == country
            && self.period.contains(day)
            && is_one(&self.rights_types, rights_type)
    }
}

/// Whether a right is among those that are named, or none are. A fee is for no right.
fn is_one(named: &BTreeSet<RightsType>, rights_type: Option<RightsType>) -> bool {
    named.is_empty() || rights_type.is_some_and(|it| named.contains(&it))
}

impl Withholding {
    /// Whether it speaks about a payment of this day to a party of this kind, for this right (none: a
    /// fee), wherever the party is resident.
    pub fn is_about(&self, kind: PartyKind, rights_type: Option<RightsType>, day: Date) -> bool {
        self.period.contains(day)
            && (self.kinds.is_empty() || self.kinds.contains(&kind))
            && is_one(&self.rights_types, rights_type)
    }

    /// Whether it speaks about a payment to a party of a kind that is resident somewhere. One whose
    /// residence is not known is spoken about by a rule for anybody only.
    pub fn matches(
        &self,
        kind: PartyKind,
        residence: Option<&str>,
        rights_type: Option<RightsType>,
        day: Date,
    ) -> bool {
        self.is_about(kind, rights_type, day)
            && match residence {
                Some(country) => self.residence.contains(country),
                None => self.residence == Territories::All,
            }
    }
}
