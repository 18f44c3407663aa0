//! What the validator remembers of the lines before.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use finding::Position;
use money::Atoms;
use period::Date;

use super::facts::{BlockFact, Facts, Role};
use super::grammar::Grammar;
use super::keys::Keys;
use super::summary::SummaryUsage;
use crate::rule::exchange_conversion::{Stated, rate};
use crate::table::{Field, Lookup, RecordSpec, Target};
use crate::value::duration_ms;
use crate::{ById, Cell, Ending, Footer, Header, Profile, Purpose, Record};

/// A summary record id, and what hangs on it.
#[derive(Default)]
pub(crate) struct Pool {
    pub(crate) usage: SummaryUsage,
    /// Line of the first summary record of each record type.
    first: BTreeMap<[u8; 4], u64>,
    /// Where the first one announces its usages.
    pub(crate) position: Position,
    /// The exchange rate that it tells.
    rate: Option<Stated>,
}

/// A reference that the block did not resolve so far.
pub(crate) struct Pending {
    pub(crate) position: Position,
    pub(crate) value: Vec<u8>,
    pub(crate) to: Target,
}

/// The block that is open.
#[derive(Default)]
pub(crate) struct Block {
    id: Vec<u8>,
    releases: BTreeSet<Vec<u8>>,
    resources: BTreeSet<Vec<u8>>,
    pending: Vec<Pending>,
    pub(crate) grammar: Grammar,
    /// How long the programmes are, by their references.
    durations: BTreeMap<Vec<u8>, u64>,
}

impl Block {
    fn knows(&self, to: Target, value: &[u8]) -> bool {
        match to {
            Target::Release => self.releases.contains(value),
            Target::Resource => self.resources.contains(value),
        }
    }

    /// The references that nothing in the block answers.
    pub(crate) fn dangling(&self) -> impl Iterator<Item = &Pending> {
        self.pending.iter().filter(|pending| !self.knows(pending.to, &pending.value))
    }
}

/// The last record, kept for the end.
pub(crate) struct Foot {
    pub(crate) footer: Footer,
    pub(crate) record: Record,
    pub(crate) spec: &'static RecordSpec,
}

impl Foot {
    pub(crate) fn at(&self, field: Field) -> Position {
        self.record.position("", self.spec.index(field))
    }
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) file: String,
    pub(crate) header: Option<Header>,
    pub(crate) profile: Option<Profile>,
    /// First and last day of usage, as the header has them.
    pub(crate) days: Option<(Date, Date)>,
    /// The same as text.
    days_text: Option<(String, String)>,
    pub(crate) foot: Option<Foot>,
    pub(crate) lines: u64,
    pub(crate) records: u64,
    pub(crate) crlf_lines: u64,
    /// Line, offset and ending of the last line.
    pub(crate) last: (u64, u64, Ending),
    pub(crate) summary_records: u64,
    pub(crate) blocks: u64,
    pub(crate) transactions: u64,
    pub(crate) pools: ById<Pool>,
    /// What is wrong with the place of the record within its block.
    pub(crate) misplaced: Option<&'static str>,
    block: Option<Block>,
    pub(crate) blocks_seen: Keys,
    pub(crate) transactions_seen: Keys,
}

impl State {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    pub(crate) fn take_line(&mut self, record: &Record) {
        self.lines += 1;
        self.crlf_lines += u64::from(record.ending == Ending::CrLf);
        self.last = (record.line, record.byte, record.ending);
    }

    /// Takes in a record; what is known of it, and the block that it closes.
    pub(crate) fn take(&mut self, record: &Record) -> (Facts, Option<Block>) {
        self.records += 1;
        self.misplaced = None;
        let lookup = record.lookup();
        let mut facts = Facts {
            lookup,
            role: role(record),
            block: BlockFact::Fits,
            behind_foot: self.foot.as_ref().map(|foot| foot.record.line),
            summary_before: None,
            summary_missing: false,
            transaction_before: None,
        };
        let mut closed = None;
        match (facts.role, lookup.spec()) {
            (Role::Head, Some(spec)) if self.header.is_none() => {
                let header = Header::read(record, spec);
                self.profile = header.profile();
                self.days = header.usage_days();
                self.days_text =
                    self.days.map(|(first, last)| (first.to_string(), last.to_string()));
                self.header = Some(header);
            }
            (Role::Foot, Some(spec)) => {
                closed = self.close_block();
                let footer = Footer::read(record, spec);
                self.foot = Some(Foot { footer, record: record.clone(), spec });
            }
            (Role::Summary, spec) => {
                self.summary_records += 1;
                if let Some(spec) = spec {
                    facts.summary_before = self.take_summary(record, spec);
                }
            }
            (Role::Block, spec) => {
                (facts.block, closed) = self.take_block(record, spec);
                if let Some(spec) = spec {
                    self.take_sale(record, spec, &mut facts);
                }
            }
            _ => {}
        }
        (facts, closed)
    }

    /// The exchange rate of a summary record.
    pub(crate) fn rate(&self, summary: Cell<'_>) -> Option<&Stated> {
        self.pools.look_up(key(summary))?.rate.as_ref()
    }

    /// How long a programme of the open block is.
    pub(crate) fn duration_ms(&self, reference: Cell<'_>) -> Option<u64> {
        self.block.as_ref()?.durations.get(key(reference)).copied()
    }

    pub(crate) fn close_block(&mut self) -> Option<Block> {
        self.block.take()
    }

    /// Whether ids of sales transactions count up within a block only, as services with
    /// user-generated content do.
    pub(crate) fn is_ugc(&self) -> bool {
        self.profile.is_some_and(|profile| profile.purpose == Purpose::Ugc)
    }

    /// Whether a cell in the usual form, `2026-01-31`, can be no day outside those of usage: days
    /// in that form are in order as texts.
    pub(crate) fn is_within_days(&self, raw: &[u8]) -> bool {
        self.days_text.as_ref().is_some_and(|(first, last)| {
            raw.len() == last.len() && (first.as_bytes()..=last.as_bytes()).contains(&raw)
        })
    }

    /// How many sales transaction ids were too many to be compared.
    pub(crate) const fn transactions_unkept(&self) -> u64 {
        self.transactions_seen.unkept()
    }

    fn take_summary(&mut self, record: &Record, spec: &'static RecordSpec) -> Option<u64> {
        let id = record.field(spec, Field::SummaryRecordId);
        if id.is_empty() {
            return None;
        }
        let code = spec.code;
        let pool = self.pools.entry(key(id), Pool::default);
        let announced = announces(code).and_then(|field| {
            pool.position = record.position("", spec.index(field));
            amount(record.field(spec, field))
        });
        pool.usage.declared += 1;
        pool.rate = pool.rate.or_else(|| rate(record.field(spec, Field::ExchangeRate)));
        pool.usage.announced = match (pool.usage.announced, announced) {
            (Some(a), Some(b)) => a.checked_add(b),
            (a, b) => a.or(b),
        };
        // Records of several types may describe one summary together.
        match pool.first.entry(code) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(first) => {
                first.insert(record.line);
                None
            }
        }
    }

    fn take_block(
        &mut self,
        record: &Record,
        spec: Option<&'static RecordSpec>,
    ) -> (BlockFact, Option<Block>) {
        let cell = match spec {
            Some(spec) => match spec.index(Field::BlockId) {
                Some(at) => record.cell(at),
                None => {
                    self.blocks += 1;
                    return (BlockFact::Fits, None);
                }
            },
            None => record.cell(1),
        };
        let id = key(cell);
        if id.is_empty() || self.block.as_ref().is_some_and(|block| block.id == id) {
            self.take_references(record, spec);
            return (BlockFact::Fits, None);
        }
        let closed = self.block.replace(Block { id: id.to_vec(), ..Block::default() });
        let before = self.blocks_seen.enter(id, record.line);
        self.blocks += u64::from(before.is_none());
        self.take_references(record, spec);
        (before.map_or(BlockFact::Fits, BlockFact::Again), closed)
    }

    fn take_references(&mut self, record: &Record, spec: Option<&'static RecordSpec>) {
        let (Some(block), Some(spec)) = (self.block.as_mut(), spec) else {
            return;
        };
        self.misplaced = block.grammar.take(spec.code, record);
        if spec.code == *b"AS03"
            && let Some(ms) = duration_ms(&record.field(spec, Field::Duration).text())
        {
            let reference = key(record.field(spec, Field::ResourceReference));
            block.durations.insert(reference.to_vec(), ms);
        }
        if let Some((to, field)) = spec.defines() {
            let known = match to {
                Target::Release => &mut block.releases,
                Target::Resource => &mut block.resources,
            };
            known.insert(key(record.field(spec, field)).to_vec());
        }
        for (field, to) in [
            (Field::UsedResources, Target::Resource),
            (Field::TransactedRelease, Target::Release),
            (Field::TransactedResource, Target::Resource),
            (Field::ResourceReference, Target::Resource),
        ] {
            // A work may be without a resource; a cue may not.
            if field == Field::ResourceReference && !spec.code.starts_with(b"CU") {
                continue;
            }
            let Some(at) = spec.index(field) else { continue };
            let cell = record.cell(at);
            if cell.is_empty() || block.knows(to, key(cell)) {
                continue;
            }
            let many = spec.cells[at].many;
            let values = cell.values().map(std::borrow::Cow::into_owned);
            let values = if many { values.collect() } else { vec![cell.text().into_owned()] };
            for value in values.into_iter().filter(|value| !value.is_empty()) {
                let position = record.position("", Some(at));
                block.pending.push(Pending { position, value: value.into_bytes(), to });
            }
        }
    }

    fn take_sale(&mut self, record: &Record, spec: &'static RecordSpec, facts: &mut Facts) {
        let is_sale = spec.is_sale();
        self.transactions += u64::from(is_sale);
        let summary = record.field(spec, Field::SummaryRecordId);
        if !summary.is_empty() {
            let id = key(summary);
            let pool = self.pools.entry(id, Pool::default);
            facts.summary_missing = pool.usage.declared == 0;
            if is_sale {
                add_usages(&mut pool.usage, record, spec);
            }
        }
        if is_sale
            && let id = record.field(spec, Field::SalesTransactionId)
            && !id.is_empty()
        {
            facts.transaction_before = self.transactions_seen.enter(key(id), record.line);
        }
    }
}

fn add_usages(usage: &mut SummaryUsage, record: &Record, spec: &RecordSpec) {
    usage.transactions += 1;
    let returns = record.field(spec, Field::Returns);
    let returns = if returns.is_empty() { Some(Atoms::ZERO) } else { amount(returns) };
    let sums = amount(record.field(spec, Field::Usages))
        .and_then(|usages| usage.detailed.checked_add(usages))
        .zip(returns.and_then(|returns| usage.returned.checked_add(returns)));
    match sums {
        Some((detailed, returned)) => (usage.detailed, usage.returned) = (detailed, returned),
        None => usage.unread += 1,
    }
}

/// The cell in which a type of summary record announces the usages of its sales transactions.
const fn announces(code: [u8; 4]) -> Option<Field> {
    match &code {
        b"SY05" => None,
        b"SY04" => Some(Field::TotalUsagesInReportingPeriod),
        b"SY10" => Some(Field::AllocatedUsages),
        _ => Some(Field::TotalUsages),
    }
}

/// The bytes that identify something: quotes stripped.
fn key(cell: Cell<'_>) -> &[u8] {
    match cell.raw() {
        [b'"', inner @ .., b'"'] => inner,
        raw => raw,
    }
}

pub(crate) fn amount(cell: Cell<'_>) -> Option<Atoms> {
    cell.decimal().ok()
}

fn role(record: &Record) -> Role {
    match record.first() {
        b"HEAD" | b"SRHE" => Role::Head,
        b"FOOT" | b"SRFO" => Role::Foot,
        [b'S', b'Y', ..] => Role::Summary,
        [b'A', b'S', ..]
        | [b'C', b'U', ..]
        | [b'L', b'C' | b'I', ..]
        | [b'M', b'L' | b'W', ..]
        | [b'R', b'C' | b'E' | b'U', ..]
        | [b'S', b'R' | b'T' | b'U', ..]
            if !matches!(record.lookup(), Lookup::Unknown) =>
        {
            Role::Block
        }
        _ => Role::Other,
    }
}
