//! Why a statement's line says what it says: from the report's bytes to the posted amount.

use std::ops::ControlFlow;

use lake::{Filter, LakeError};
use matching::{Match, Matcher};
use money::{Atoms, Currency};
use statement::{
    ContextNote, Line, MovementNote, RecordingNote, SourceNote, Statement, StatementError, TermNote,
};
use store::StoreError;
use usage::{Identity, Target};

use crate::Home;
use crate::home::manifest;
use crate::reports::REVERSAL;
use crate::sources::{RawLine, SourceError, raw_line};

/// How many report lines are shown; all are counted.
const LINES_SHOWN: usize = 10;

/// The chain behind a statement's line.
#[derive(Clone, Debug)]
pub struct Why {
    /// The statement.
    pub statement: Statement,
    /// The line, as it stands there.
    pub line: Line,
    /// Where the usage was reported.
    pub source: SourceNote,
    /// What was used.
    pub used: RecordingNote,
    /// Territory, use type, model and month.
    pub context: ContextNote,
    /// The term.
    pub term: TermNote,
    /// The report's lines that the cell sums, the first few of them, as they came.
    pub report_lines: Vec<ReportLine>,
    /// How the whole was divided: this line and those beside it, in other statements, in the order in
    /// which they are worked out.
    pub parts: Vec<Part>,
}

/// A line of a report, as it came and as it was understood.
#[derive(Clone, Debug)]
pub struct ReportLine {
    /// The bytes and where they stand.
    pub raw: RawLine,
    /// Usages of the usage line.
    pub usages: Atoms,
    /// Amount of the usage line.
    pub amount: Atoms,
    /// How it was tied to what was used.
    pub matching: Option<Match>,
}

/// A part of what was received, as it is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whose it is.
    pub account: String,
    /// Why.
    pub term: TermNote,
    /// How much.
    pub amount: Atoms,
}

/// Why the chain cannot be shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WhyError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The report's file cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A statement in the book cannot be read back.
    #[error("a statement in the book cannot be read back")]
    Statement(#[from] StatementError),
    /// There is no such statement.
    #[error(
        "no statement of {account} in {settlement} in {currency}; see `leitmotif statement list`"
    )]
    NoStatement {
        /// The settlement.
        settlement: String,
        /// The account.
        account: String,
        /// The currency.
        currency: Currency,
    },
    /// The statement has no such line.
    #[error("the statement has {lines} lines, and no line {line}")]
    NoLine {
        /// How many it has.
        lines: usize,
        /// The one that was asked for.
        line: usize,
    },
}

/// Returns the chain behind a line of a statement; lines are counted from 1.
///
/// # Errors
/// [`WhyError`].
pub fn why(
    home: &Home,
    settlement: &str,
    account: &str,
    currency: Currency,
    number: usize,
) -> Result<Why, WhyError> {
    let statement = read(home, settlement, account, currency)?.ok_or_else(|| {
        let (settlement, account) = (settlement.to_owned(), account.to_owned());
        WhyError::NoStatement { settlement, account, currency }
    })?;
    let none = || WhyError::NoLine { lines: statement.lines.len(), line: number };
    let line = number.checked_sub(1).and_then(|it| statement.lines.get(it)).ok_or_else(none)?;
    let notes = statement.notes(line).ok_or_else(none)?;
    let (source, used) = (notes.source.clone(), notes.recording.clone());
    let (context, term) = (notes.context.clone(), notes.term.clone());
    let report_lines = report_lines(home, line, &source, &used, &context)?;
    let mut parts = Vec::new();
    for row in home.store.statements(Some(settlement))? {
        if row.currency != currency {
            continue;
        }
        let Some(other) = read(home, settlement, &row.account, currency)? else { continue };
        for it in &other.lines {
            let Some(notes) = other.notes(it) else { continue };
            let same = (notes.source, notes.recording, notes.context) == (&source, &used, &context)
                && (it.first_line, it.last_line) == (line.first_line, line.last_line)
                && (it.received, it.usages) == (line.received, line.usages);
            if same {
                let account = other.account.clone();
                parts.push(Part { account, term: notes.term.clone(), amount: it.amount });
            }
        }
    }
    parts.sort_by_key(|it| (rank(&it.term.kind), it.account.clone()));
    Ok(Why { line: *line, source, used, context, term, report_lines, parts, statement })
}

impl Why {
    /// The movements of the statement under the line's agreement.
    pub fn movements(&self) -> impl Iterator<Item = &MovementNote> {
        let own =
            |it: &&MovementNote| it.agreement.is_empty() || it.agreement == self.term.agreement;
        self.statement.movements.iter().filter(own)
    }
}

fn read(
    home: &Home,
    settlement: &str,
    account: &str,
    currency: Currency,
) -> Result<Option<Statement>, WhyError> {
    let bytes = home.store.statement_bytes(settlement, account, currency)?;
    Ok(bytes.map(|it| Statement::parse(&it)).transpose()?)
}

/// The place of a kind of term in the order of evaluation.
fn rank(kind: &str) -> usize {
    let order =
        ["deduction", "fee", "royalty-rate", "profit-share", "retained", "price-borne", "suspense"];
    order.iter().position(|it| *it == kind).unwrap_or(order.len())
}

/// The lines of the report that the cell sums.
fn report_lines(
    home: &Home,
    line: &Line,
    source: &SourceNote,
    used: &RecordingNote,
    context: &ContextNote,
) -> Result<Vec<ReportLine>, WhyError> {
    let Some(report) = home.store.report(&source.report)? else { return Ok(Vec::new()) };
    let catalogue = home.store.catalogue()?;
    let matcher = Matcher::new(&catalogue);
    let files: Vec<_> =
        manifest(&home.store)?.into_iter().filter(|it| it.report == report.id).collect();
    let mut found = Vec::new();
    home.lake.lines(&files, &Filter::all(), &mut |it| {
        let place = (line.first_line..=line.last_line).contains(&it.line);
        let same = place
            && it.service == source.service
            && it.basis.as_str() == source.basis
            && it.currency == Some(source.currency)
            && it.territory == context.territory
            && it.use_type == context.use_type
            && it.commercial_model == context.commercial_model
            && it.price_category == context.price_category
            && it.unit_price.is_none_or(|it| it.to_string() == context.unit_price)
            && it.month().to_string() == context.month;
        if same {
            let identity = Identity {
                isrc: &it.isrc,
                icpn: &it.icpn,
                title: &it.title,
                artist: &it.artist,
                resource_id: &it.resource_id,
            };
            let is_used = match matcher.target(&identity) {
                Target::Recording(id) => id.as_str() == used.id,
                Target::Product(id) => id.as_str() == used.id,
                Target::Unmatched { .. } => used.id.is_empty() && it.title == used.title,
            };
            if is_used {
                found.push((it.clone(), matcher.match_(&identity)));
            }
        }
        match found.len() < LINES_SHOWN {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    })?;
    let mut lines = Vec::new();
    for (it, matching) in found {
        // A line that a correction takes back stands in the report that it corrects.
        let stands = if it.adjustment == REVERSAL { &it.corrects } else { &it.report };
        let Some(report) = home.store.report(stands)? else { continue };
        // What a report announces and does not itemise has no line of its own.
        if it.line == 0 {
            continue;
        }
        let raw = raw_line(home, &report, usize::from(it.file) + 1, it.line)?;
        let (usages, amount) = (it.usages, it.amount);
        lines.push(ReportLine { raw, usages, amount, matching: Some(matching) });
    }
    Ok(lines)
}
