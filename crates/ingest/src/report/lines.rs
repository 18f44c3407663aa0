//! The second pass: one usage line a sales transaction.

mod royalty;

use std::sync::Arc;

use dsr::table::RecordSpec;
use dsr::{Field, Header, Purpose, Record};
use finding::Finding;
use money::Amount;
use period::Period;
use usage::{Offer, RightsType, Row, Subject};

use super::Source;
use super::block::Block;
use super::fault::Fault;
use super::pool::Pool;
use super::price::Price;
use super::sale::{Kind, money, subject, usages};
use super::survey::{Survey, key};
use crate::Ingested;
use crate::rule::{ENCODING, NO_REVENUE, SUMMARY, USAGES};
use royalty::Held;

pub(super) struct Pass<'a> {
    survey: &'a mut Survey,
    source: &'a Source<'a>,
    file: &'a str,
    header: Header,
    period: Period,
    rights_type: RightsType,
    /// Whether claims say what a sales transaction is worth.
    has_claims: bool,
    block: Option<Block>,
    held: Option<Held>,
    outcome: Ingested,
    rows: &'a mut dyn FnMut(&Row<'_>),
    findings: &'a mut dyn FnMut(Finding),
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        survey: &'a mut Survey,
        source: &'a Source<'a>,
        file: &'a str,
        header: Header,
        period: Period,
        rows: &'a mut dyn FnMut(&Row<'_>),
        findings: &'a mut dyn FnMut(Finding),
    ) -> Self {
        let purpose = header.profile().map(|profile| profile.purpose);
        let rights_type = match purpose {
            Some(Purpose::Financial) => RightsType::Master,
            _ => RightsType::Work,
        };
        Self {
            survey,
            source,
            file,
            header,
            period,
            rights_type,
            has_claims: purpose == Some(Purpose::RoyaltyReporting),
            block: None,
            held: None,
            outcome: Ingested::default(),
            rows,
            findings,
        }
    }

    pub(super) fn take(&mut self, record: &Record) {
        let Some(spec) = record.lookup().spec() else { return };
        let kind = Kind::of(spec);
        if !record.is_utf8() {
            let is_claim = self.has_claims && spec.code == *b"LI01";
            if kind.is_some() || is_claim || spec.code.starts_with(b"SY") {
                let fault = Fault::new(&ENCODING, Field::RecordType, "bytes that are not UTF-8");
                self.set_aside(&fault, record);
            }
            return;
        }
        if spec.code.starts_with(b"SY") {
            return self.declare(record, spec);
        }
        if let Some(at) = spec.index(Field::BlockId) {
            self.enter_block(record.cell(at).raw());
        }
        if self.has_claims && self.take_royalty(record, spec) {
            return;
        }
        match kind {
            Some(kind) if Kind::is_in_block(spec) => self.sell(kind, record, spec, false),
            Some(kind) => self.line(kind, record, spec, &Arc::new(subject(record, spec))),
            None => {
                if let Some(block) = &mut self.block {
                    block.take(record, spec);
                }
            }
        }
    }

    pub(super) fn finish(mut self) -> Ingested {
        self.release();
        self.close_block();
        self.outcome.header = Some(self.header);
        for (id, pool) in self.survey.pools.iter().filter(|(_, pool)| pool.file > 0) {
            self.outcome.summaries += 1;
            self.outcome.pools.push(pool.outcome(&String::from_utf8_lossy(id)));
        }
        self.outcome
    }

    /// Looks at a summary record again, for what the first pass did not say.
    fn declare(&mut self, record: &Record, spec: &'static RecordSpec) {
        match Pool::read(record, spec) {
            Err(fault) => self.set_aside(&fault, record),
            Ok(pool) if pool.revenue.is_none() && !is_without_revenue(spec) => {
                let finding = NO_REVENUE.finding("no net revenue; its lines will carry no money");
                let at = spec.index(Field::NetRevenue);
                (self.findings)(finding.at(record.position(self.file, at)));
            }
            Ok(_) => {}
        }
    }

    fn enter_block(&mut self, id: &[u8]) {
        if id.is_empty() || self.block.as_ref().is_some_and(|block| block.is(id)) {
            return;
        }
        self.release();
        self.close_block();
        self.block = Some(Block::new(id));
    }

    fn close_block(&mut self) {
        let Some(block) = &mut self.block else { return };
        for record in std::mem::take(&mut block.waiting) {
            if let Some(spec) = record.lookup().spec()
                && let Some(kind) = Kind::of(spec)
            {
                self.sell(kind, &record, spec, true);
            }
        }
        self.block = None;
    }

    /// A sales transaction of a block, unless what it refers to is still to come.
    fn sell(&mut self, kind: Kind, record: &Record, spec: &'static RecordSpec, last: bool) {
        let mut nothing = Block::default();
        let last = last || self.block.is_none();
        let block = self.block.as_mut().unwrap_or(&mut nothing);
        match block.subject(record, spec, last) {
            Some(subject) => self.line(kind, record, spec, &subject),
            None => block.waiting.push(record.clone()),
        }
    }

    fn line(
        &mut self,
        kind: Kind,
        record: &Record,
        spec: &'static RecordSpec,
        subject: &Arc<Subject>,
    ) {
        if let Err(fault) = self.read(kind, record, spec, subject) {
            self.set_aside(&fault, record);
        }
    }

    fn read(
        &mut self,
        kind: Kind,
        record: &Record,
        spec: &'static RecordSpec,
        subject: &Arc<Subject>,
    ) -> Result<(), Box<Fault>> {
        let counted = usages(record, spec);
        let Some(pool) = self.survey.pools.find(key(record, spec)) else {
            let mut fault = Fault::new(&SUMMARY, Field::SummaryRecordId, "no such summary record");
            fault.usages = counted.ok().map(|usages| usages.net);
            return Err(fault);
        };
        if let Some(why) = pool.broken {
            let mut fault = Fault::new(&SUMMARY, Field::SummaryRecordId, why);
            fault.usages = counted.ok().map(|usages| usages.net);
            return Err(fault);
        }
        let usages = counted?.net;
        let too_large = |amount: Option<Amount>| {
            let mut fault = Fault::new(&USAGES, Field::Usages, "a sum beyond the range of numbers");
            (fault.amount, fault.usages) = (amount, Some(usages));
            fault
        };
        let detailed = pool.detailed.checked_add(usages).ok_or_else(|| too_large(None))?;
        let money = money(kind, record, spec, usages, pool).map_err(|mut fault| {
            fault.usages = Some(usages);
            fault
        })?;
        pool.detailed = detailed;
        let use_type = record.field(spec, Field::UseType);
        let (header, rights_type) = (&self.header, self.rights_type);
        let period = pool.terms.period.unwrap_or(self.period);
        let price = Price::of(record, spec, pool.terms.currency, money.currency);
        let offer = pool.offer(use_type, (money.basis, money.currency), price, |terms| {
            let or =
                |text: &str, other: &str| if text.is_empty() { other } else { text }.to_owned();
            Offer {
                sender: or(&header.sender_party_id, &header.sender_name),
                service: or(&terms.service, &header.service_description),
                territory: terms.territory.clone(),
                use_type: terms.use_type.clone(),
                commercial_model: terms.commercial_model.clone(),
                rights_type,
                basis: money.basis,
                from: period.start(),
                until: period.end(),
                currency: money.currency,
                unit_price: None,
                price_category: String::new(),
                subscribed: None,
                adjustment: String::new(),
                corrects: String::new(),
            }
        });
        let row = Row {
            file: self.source.file,
            line: record.line,
            transaction: &record.field(spec, Field::SalesTransactionId).text(),
            offer,
            subject,
            usages,
            amount: money.amount,
        };
        if !self.outcome.count_row(&row) {
            return Err(too_large(money.currency.map(|code| Amount::new(money.amount, code))));
        }
        (self.rows)(&row);
        Ok(())
    }

    fn set_aside(&mut self, fault: &Fault, record: &Record) {
        let (finding, quarantined) = fault.report(self.file, record);
        (self.findings)(finding);
        self.outcome.quarantined.push(quarantined);
    }
}

/// Whether summary records of this type announce no net revenue, or may leave it to their lines.
const fn is_without_revenue(spec: &RecordSpec) -> bool {
    matches!(&spec.code, b"SY05" | b"SY07" | b"SY10" | b"SY11")
}
