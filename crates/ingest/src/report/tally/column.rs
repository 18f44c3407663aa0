//! A column of the sums: the sales transactions of one summary record that carry money in one way.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use money::{Atoms, Currency};
use usage::Basis;

use super::super::pool::{Pool, Usages};
use crate::rule::{CURRENCY, SUMMARY};

/// How the sales transactions of a column carry their money.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// They share the revenue of the summary record.
    Shared,
    /// They state the service's net revenue; none is zero.
    Own,
    /// They state what we get, in the currency of accounting; none is zero.
    Accounting,
    /// They state what we get, in the currency of the transaction; none is zero.
    Transaction,
    /// They carry no money.
    Bare,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) id: Box<[u8]>,
    pub(super) class: Class,
    pub(super) lines: u64,
    pub(super) usages: Usages,
    /// Lines that are no usage lines, by rule.
    pub(super) faults: BTreeMap<&'static str, u64>,
}

/// What the weights of a column are worth.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Worth {
    /// No money.
    Nothing,
    /// They are amounts.
    Amounts,
    /// They share out an amount: a weight is worth `revenue * weight / whole`.
    Parts {
        /// What is shared out.
        revenue: Atoms,
        /// The sum of all weights, those that are not reported included.
        whole: Atoms,
    },
}

/// A column of the sums of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyColumn {
    /// Summary record id.
    pub summary: String,
    /// Territory.
    pub territory: String,
    /// Commercial model.
    pub commercial_model: String,
    /// Use type.
    pub use_type: String,
    /// Currency of the money, if there is any.
    pub currency: Option<Currency>,
    /// What the money is.
    pub basis: Basis,
    /// What the weights are worth.
    pub worth: Worth,
    /// Sales transactions.
    pub lines: u64,
}

impl Column {
    /// The column in the words of its summary record, or `None` when its lines are kept aside for
    /// the rule named. `faults` takes what is kept aside.
    pub(super) fn resolve(
        &self,
        pool: Option<&Pool>,
        faults: &mut BTreeMap<&'static str, u64>,
    ) -> Option<TallyColumn> {
        let lost: u64 = self.faults.values().sum();
        let Some(pool) = pool.filter(|it| it.broken.is_none()) else {
            *faults.entry(SUMMARY.id).or_default() += self.lines + lost;
            return None;
        };
        for (rule, lines) in &self.faults {
            *faults.entry(rule).or_default() += lines;
        }
        let terms = &pool.terms;
        let (currency, basis, worth) = match self.class {
            Class::Bare => (None, Basis::NoMoney, Worth::Nothing),
            Class::Own => (terms.currency, Basis::ServiceNet, Worth::Amounts),
            Class::Accounting => (terms.currency, Basis::Received, Worth::Amounts),
            Class::Transaction => (terms.currency_of_transaction, Basis::Received, Worth::Amounts),
            Class::Shared => match pool.revenue {
                Some(revenue) => {
                    let whole = pool.whole();
                    (terms.currency, Basis::ServiceNet, Worth::Parts { revenue, whole })
                }
                None => (None, Basis::NoMoney, Worth::Nothing),
            },
        };
        if worth == Worth::Amounts && currency.is_none() {
            *faults.entry(CURRENCY.id).or_default() += self.lines;
            return None;
        }
        Some(TallyColumn {
            summary: String::from_utf8_lossy(&self.id).into_owned(),
            territory: terms.territory.clone(),
            commercial_model: terms.commercial_model.clone(),
            use_type: terms.use_type.clone(),
            currency,
            basis,
            worth,
            lines: self.lines,
        })
    }
}

/// One multiplication for eight bytes; ids of summary records are short, and who names them
/// cleverly only slows down his own report.
#[derive(Debug, Default)]
pub(super) struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
            self.write_u64(word);
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

/// The columns in the order they came, and where each is.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) all: Vec<Column>,
    places: [HashMap<Box<[u8]>, usize, BuildHasherDefault<Quick>>; 5],
}

impl Columns {
    /// The place of a column; a new one if there was none.
    pub(super) fn place(&mut self, id: &[u8], class: Class) -> usize {
        let places = &mut self.places[class as usize];
        if let Some(place) = places.get(id) {
            return *place;
        }
        let place = self.all.len();
        places.insert(id.into(), place);
        self.all.push(Column {
            id: id.into(),
            class,
            lines: 0,
            usages: Usages { gross: Atoms::ZERO, net: Atoms::ZERO },
            faults: BTreeMap::new(),
        });
        place
    }
}
