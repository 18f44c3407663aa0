//! A summary record: what its sales transactions inherit, and how its revenue is shared out.

use std::collections::HashMap;
use std::sync::Arc;

use dsr::table::RecordSpec;
use dsr::{Cell, Field, Record, value};
use money::{Atoms, Currency, Ratio, Rounding};
use period::Period;
use usage::{Basis, Offer};

use super::price::Price;

use super::fault::{Fault, amount_of, usages_of};
use crate::outcome;
use crate::rule::{CURRENCY, SUMMARY};

/// What a line inherits.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Terms {
    pub(super) territory: String,
    pub(super) commercial_model: String,
    pub(super) use_type: String,
    pub(super) service: String,
    pub(super) currency: Option<Currency>,
    /// Second currency of a financial report.
    pub(super) currency_of_transaction: Option<Currency>,
    pub(super) period: Option<Period>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    pub(super) terms: Terms,
    pub(super) revenue: Option<Atoms>,
    announced: Option<Atoms>,
    /// Why no line may inherit from it.
    pub(super) broken: Option<&'static str>,
    /// Number of the file it was declared in, from 1; 0 as long as it was not.
    pub(super) file: u32,
    /// Whether only a breakdown by rights declares it.
    pub(super) is_breakdown: bool,
    /// Usages of all sales transactions, as they stand and with returns taken off.
    gross: Atoms,
    net: Atoms,
    /// Usages that revenue was shared out to so far, and that revenue.
    shared: Atoms,
    parted: Atoms,
    /// All revenue on lines: what was shared out, and what lines state themselves.
    pub(super) attributed: Atoms,
    pub(super) detailed: Atoms,
    /// What lines of it have in common, made once each.
    offers: Vec<Known>,
    /// The same with a price: one offer for each, because no cell may mix two prices.
    priced: HashMap<Priced, Arc<Offer>>,
}

/// What an offer with a price depends on: use type, kind of money, price.
type Priced = (Vec<u8>, Basis, Option<Currency>, Price);

/// What an offer depends on beside its summary record, and the offer.
#[derive(Clone, Debug)]
struct Known {
    use_type: Vec<u8>,
    basis: Basis,
    currency: Option<Currency>,
    offer: Arc<Offer>,
}

impl Pool {
    /// Reads a summary record.
    pub(super) fn read(record: &Record, spec: &RecordSpec) -> Result<Self, Box<Fault>> {
        let text = |field| record.field(spec, field).text().into_owned();
        let is_financial = spec.code == *b"SY10";
        let [revenue, announced, currency] = if is_financial {
            [
                Field::AllocatedNetRevenueInCurrencyOfAccounting,
                Field::AllocatedUsages,
                Field::CurrencyOfAccounting,
            ]
        } else if spec.code == *b"SY04" {
            [Field::NetRevenue, Field::TotalUsagesInReportingPeriod, Field::CurrencyOfReporting]
        } else {
            [Field::NetRevenue, Field::TotalUsages, Field::CurrencyOfReporting]
        };
        let optional = |field: Field, read: fn(Cell<'_>, Field) -> Result<Atoms, Box<Fault>>| {
            let cell = record.field(spec, field);
            if cell.is_empty() { Ok(None) } else { read(cell, field).map(Some) }
        };
        let code = |field: Field| Currency::parse(record.field(spec, field).text().trim());
        let revenue_stated = optional(revenue, amount_of)?;
        let currency_stated = code(currency).ok();
        if currency_stated.is_none() && revenue_stated.is_some_and(|stated| !stated.is_zero()) {
            return Err(Fault::new(&CURRENCY, currency, "revenue without a known currency"));
        }
        let terms = Terms {
            territory: text(Field::Territory),
            commercial_model: text(Field::CommercialModel),
            use_type: text(Field::UseType),
            service: text(Field::ServiceDescription),
            currency: currency_stated,
            currency_of_transaction: code(Field::CurrencyOfTransaction).ok(),
            period: period(record, spec),
        };
        Ok(Self {
            terms,
            revenue: revenue_stated,
            announced: optional(announced, usages_of)?,
            ..Self::default()
        })
    }

    /// A summary record that cannot be read.
    pub(super) fn broken(why: &'static str) -> Self {
        Self { broken: Some(why), ..Self::default() }
    }

    /// Takes over what a summary record says; the usages seen before it stay.
    pub(super) fn declare(&mut self, said: Self) {
        *self = Self { gross: self.gross, net: self.net, ..said };
    }

    /// Takes in another summary record of the same id.
    pub(super) fn join(&mut self, other: &Self) {
        let differs = self.terms != other.terms;
        let add = |a: Option<Atoms>, b: Option<Atoms>| match (a, b) {
            (Some(a), Some(b)) => a.checked_add(b),
            (a, b) => a.or(b),
        };
        self.revenue = add(self.revenue, other.revenue);
        self.announced = add(self.announced, other.announced);
        self.broken = self.broken.or(other.broken);
        if differs && self.broken.is_none() {
            self.broken = Some("several summary records of this id, and they differ");
        }
    }

    /// Adds the usages of a sales transaction in the first pass; beyond the range they are left.
    pub(super) fn survey(&mut self, usages: Usages) {
        let sums = self.gross.checked_add(usages.gross).zip(self.net.checked_add(usages.net));
        if let Some((gross, net)) = sums {
            (self.gross, self.net) = (gross, net);
        }
    }

    /// The usages among which all the revenue is shared.
    pub(super) fn whole(&self) -> Atoms {
        match self.announced {
            // The total counts what was sold, the lines also what came back.
            Some(announced) if announced == self.gross => self.net,
            Some(announced) => announced.max(self.net),
            None => self.net,
        }
    }

    /// The revenue of a line with so many usages: what all lines up to it get, less what those
    /// before it got. So the parts close to the whole, to the atom.
    pub(super) fn share(&mut self, usages: Atoms) -> Result<Option<Atoms>, Box<Fault>> {
        let Some(revenue) = self.revenue else { return Ok(None) };
        let too_large =
            || Fault::new(&SUMMARY, Field::Usages, "its share of the revenue is too large");
        let shared = self.shared.checked_add(usages).ok_or_else(too_large)?;
        let upto = part(revenue, shared, self.whole()).ok_or_else(too_large)?;
        let amount = upto.checked_sub(self.parted).ok_or_else(too_large)?;
        let attributed = self.attributed.checked_add(amount).ok_or_else(too_large)?;
        (self.shared, self.parted, self.attributed) = (shared, upto, attributed);
        Ok(Some(amount))
    }

    /// What a line has in common with others: of this summary record, with a use type of its own
    /// unless that cell is empty, and with this kind of money and price. `of` makes it of the terms.
    pub(super) fn offer(
        &mut self,
        use_type: Cell<'_>,
        (basis, currency): (Basis, Option<Currency>),
        price: Option<Price>,
        of: impl FnOnce(&Terms) -> Offer,
    ) -> &Arc<Offer> {
        let make = |terms: &Terms| {
            let mut offer = Offer { basis, currency, ..of(terms) };
            if !use_type.is_empty() {
                offer.use_type = use_type.text().into_owned();
            }
            offer
        };
        if let Some(price) = price {
            let key = (use_type.raw().to_vec(), basis, currency, price.clone());
            return self.priced.entry(key).or_insert_with(|| {
                let Price { unit: unit_price, category: price_category } = price;
                Arc::new(Offer { unit_price, price_category, ..make(&self.terms) })
            });
        }
        let fits = |known: &Known| {
            (known.basis, known.currency) == (basis, currency)
                && same(&known.use_type, use_type.raw())
        };
        let at = self.offers.iter().position(fits).unwrap_or_else(|| {
            let offer = make(&self.terms);
            let use_type = use_type.raw().to_vec();
            self.offers.push(Known { use_type, basis, currency, offer: Arc::new(offer) });
            self.offers.len() - 1
        });
        &self.offers[at].offer
    }

    /// What the outcome says of it.
    pub(super) fn outcome(&self, id: &str) -> outcome::Pool {
        outcome::Pool {
            summary: id.to_owned(),
            territory: self.terms.territory.clone(),
            commercial_model: self.terms.commercial_model.clone(),
            use_type: self.terms.use_type.clone(),
            service: self.terms.service.clone(),
            currency: self.terms.currency,
            net_revenue: self.revenue.filter(|_| self.broken.is_none()),
            total_usages: self.announced,
            detailed_usages: self.detailed,
            attributed_revenue: self.attributed,
        }
    }
}

/// Whether two texts are equal. Nothing is compared when both are empty: a comparison that loads
/// vectors stalls on the address of an empty slice, for as long as the rest of a line takes.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && (a.is_empty() || a == b)
}

/// The usages of a sales transaction.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Usages {
    pub(super) gross: Atoms,
    pub(super) net: Atoms,
}

/// `revenue * shared / whole`, rounded down to the atom; nothing when there is no whole.
fn part(revenue: Atoms, shared: Atoms, whole: Atoms) -> Option<Atoms> {
    if shared.is_negative() {
        return part(revenue, shared.checked_neg()?, whole)?.checked_neg();
    }
    if whole <= Atoms::ZERO {
        return Some(Atoms::ZERO);
    }
    let (mut num, mut den) = (shared.raw().unsigned_abs(), whole.raw().unsigned_abs());
    // Most usages are whole numbers; small ones make the ratio cheap.
    let one = Atoms::ONE.raw().unsigned_abs();
    if num.is_multiple_of(one) && den.is_multiple_of(one) {
        (num, den) = (num / one, den / one);
    }
    revenue.mul_ratio(Ratio::new(num, den)?, Rounding::Floor)
}

fn period(record: &Record, spec: &RecordSpec) -> Option<Period> {
    let day = |field| value::calendar_day(&record.field(spec, field).text());
    Period::inclusive(day(Field::ReportingPeriodStartDate)?, day(Field::ReportingPeriodEndDate)?)
}
