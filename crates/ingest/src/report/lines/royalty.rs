//! Royalty reporting: what a licensor is paid stands in the claims behind a sales transaction.

use dsr::table::RecordSpec;
use dsr::{Field, Record};
use money::{Amount, Atoms};

use super::Pass;
use crate::report::fault::{Fault, amount_of};
use crate::report::sale::Kind;
use crate::report::survey::key;
use crate::rule::{AMOUNT, CLAIM};

/// A sales transaction whose claims are still coming.
pub(super) struct Held {
    record: Record,
    /// The sum of its claims; nothing as long as there is none.
    claimed: Option<Atoms>,
}

impl Pass<'_> {
    /// Takes a sales transaction or a claim; false for any other record.
    pub(super) fn take_royalty(&mut self, record: &Record, spec: &'static RecordSpec) -> bool {
        match &spec.code {
            b"SU03" => {
                self.release();
                self.held = Some(Held { record: record.clone(), claimed: None });
            }
            b"LI01" => {
                if let Err(fault) = self.claim(record, spec) {
                    self.set_aside(&fault, record);
                }
            }
            _ => return false,
        }
        true
    }

    /// Makes the line of the sales transaction that was held: no more claims come.
    pub(super) fn release(&mut self) {
        let Some(Held { record, claimed }) = self.held.take() else { return };
        if let Some(spec) = record.lookup().spec() {
            self.sell(Kind::Claimed(claimed), &record, spec, true);
        }
    }

    fn claim(&mut self, record: &Record, spec: &RecordSpec) -> Result<(), Box<Fault>> {
        let field = match record.field(spec, Field::AllocatedAmount).is_empty() {
            true => Field::AllocatedNetRevenue,
            false => Field::AllocatedAmount,
        };
        let amount = amount_of(record.field(spec, field), field)?;
        let pool = self.survey.pools.look_up(key(record, spec));
        let currency = pool.and_then(|pool| pool.terms.currency);
        let with_money = |mut fault: Box<Fault>| {
            fault.amount = currency.map(|currency| Amount::new(amount, currency));
            fault
        };
        let parent = record.field(spec, Field::ParentSalesTransactionId).text();
        let fits = |held: &&mut Held| {
            let spec = held.record.lookup().spec();
            let id = spec.map(|spec| held.record.field(spec, Field::SalesTransactionId).text());
            parent.is_empty() || id.is_some_and(|id| id == parent)
        };
        let Some(held) = self.held.as_mut().filter(fits) else {
            let message = "not behind the sales transaction that it belongs to";
            return Err(with_money(Fault::new(&CLAIM, Field::ParentSalesTransactionId, message)));
        };
        let Some(sum) = held.claimed.unwrap_or_default().checked_add(amount) else {
            return Err(with_money(Fault::new(
                &AMOUNT,
                field,
                "the sum of the claims is too large",
            )));
        };
        held.claimed = Some(sum);
        Ok(())
    }
}
