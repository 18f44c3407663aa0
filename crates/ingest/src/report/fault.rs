//! Why a record is no usage line.

use dsr::{Cell, Field, Record};
use finding::{Finding, RuleDoc};
use money::{Amount, Atoms};

use crate::Quarantined;
use crate::rule::{AMOUNT, USAGES};

#[derive(Debug)]
pub(super) struct Fault {
    pub(super) rule: &'static RuleDoc,
    pub(super) field: Field,
    pub(super) message: String,
    pub(super) amount: Option<Amount>,
    pub(super) usages: Option<Atoms>,
}

impl Fault {
    pub(super) fn new(
        rule: &'static RuleDoc,
        field: Field,
        message: impl Into<String>,
    ) -> Box<Self> {
        Box::new(Self { rule, field, message: message.into(), amount: None, usages: None })
    }

    /// The finding about the record, and the record to be kept aside.
    pub(super) fn report(&self, file: &str, record: &Record) -> (Finding, Quarantined) {
        let at = record.lookup().spec().and_then(|spec| spec.index(self.field));
        let evidence = at.map_or(record.raw(), |at| record.cell(at).raw());
        let finding = self.rule.finding(self.message.as_str());
        let finding = finding.at(record.position(file, at)).evidence_bytes(evidence);
        let quarantined = Quarantined {
            line: record.line,
            raw: record.raw().to_vec(),
            reason: self.rule.id,
            amount: self.amount,
            usages: self.usages,
        };
        (finding, quarantined)
    }
}

pub(super) fn usages_of(cell: Cell<'_>, field: Field) -> Result<Atoms, Box<Fault>> {
    cell.decimal().map_err(|fault| Fault::new(&USAGES, field, fault.to_string()))
}

pub(super) fn amount_of(cell: Cell<'_>, field: Field) -> Result<Atoms, Box<Fault>> {
    cell.decimal().map_err(|fault| Fault::new(&AMOUNT, field, fault.to_string()))
}
