//! From allocations to a statement: notes once each, lines that refer to them, a balance that
//! closes.

use std::collections::BTreeMap;

use money::{Atoms, Currency};

use crate::statement::{
    BalanceNote, ContextNote, Line, MovementNote, OpenNote, OutsideNote, RecordingNote, Rounded,
    STATEMENT_FORMAT, SourceNote, Statement, TermNote,
};

/// Whose statement it is, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The account, as `ledger::Account` prints it.
    pub account: String,
    /// The account holder's name.
    pub name: String,
    /// Who issues the statement.
    pub operator: String,
    /// The period, as people write it.
    pub period: String,
    /// The settlement.
    pub settlement: String,
    /// The currency of every amount.
    pub currency: Currency,
}

/// Where the notes of a line stand; any numbers will do, as long as equal notes have equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// The source's number.
    pub source: usize,
    /// The recording's number.
    pub recording: usize,
    /// The term's number.
    pub term: usize,
    /// The context's number.
    pub context: usize,
}

/// The figures of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountLine {
    /// How many report lines the cell sums, the first and the last of them.
    pub report_lines: [u64; 3],
    /// How often the recording was used.
    pub usages: Atoms,
    /// What the report states.
    pub reported: Atoms,
    /// What of that is received.
    pub received: Atoms,
    /// What the term gives of it.
    pub amount: Atoms,
    /// How the exact share became whole atoms.
    pub rounded: Rounded,
}

/// A statement in the making.
#[derive(Clone, Debug)]
pub struct StatementBuilder {
    subject: Subject,
    sources: Notes<SourceNote>,
    recordings: Notes<RecordingNote>,
    terms: Notes<TermNote>,
    contexts: Notes<ContextNote>,
    lines: Vec<Line>,
    minimum: Atoms,
    outside: Vec<OutsideNote>,
}

impl StatementBuilder {
    /// Begins a statement.
    #[must_use]
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            sources: Notes::default(),
            recordings: Notes::default(),
            terms: Notes::default(),
            contexts: Notes::default(),
            lines: Vec::new(),
            minimum: Atoms::ZERO,
            outside: Vec::new(),
        }
    }

    /// Says what is paid past the operator; nothing at first.
    pub fn set_outside(&mut self, outside: Vec<OutsideNote>) {
        self.outside = outside;
    }

    /// Sets below which balance nothing is paid; zero at first.
    pub const fn set_minimum(&mut self, minimum: Atoms) {
        self.minimum = minimum;
    }

    /// Adds a line; a note is asked for at its first mention only.
    pub fn line(
        &mut self,
        places: Places,
        figures: &AmountLine,
        source: impl FnOnce() -> SourceNote,
        recording: impl FnOnce() -> RecordingNote,
        term: impl FnOnce() -> TermNote,
        context: impl FnOnce() -> ContextNote,
    ) {
        let [report_lines, first_line, last_line] = figures.report_lines;
        self.lines.push(Line {
            source: self.sources.place(places.source, source),
            recording: self.recordings.place(places.recording, recording),
            term: self.terms.place(places.term, term),
            context: self.contexts.place(places.context, context),
            report_lines,
            first_line,
            last_line,
            usages: figures.usages,
            reported: figures.reported,
            received: figures.received,
            amount: figures.amount,
            rounded: figures.rounded,
        });
    }

    /// Closes the balance and gives the statement; none if a sum leaves the range of amounts.
    ///
    /// `opening` is what was due before; `movements` and `open` are those of this account.
    #[must_use]
    pub fn finish(
        self,
        opening: Atoms,
        movements: Vec<MovementNote>,
        open: Vec<OpenNote>,
    ) -> Option<Statement> {
        let earned = Atoms::checked_sum(self.lines.iter().map(|it| it.amount))?;
        let moved = Atoms::checked_sum(movements.iter().map(|it| it.amount))?;
        let currency = self.subject.currency;
        let balance = BalanceNote::closed(opening, earned, moved, self.minimum, currency)?;
        let Subject { account, name, operator, period, settlement, .. } = self.subject;
        Some(Statement {
            account,
            balance,
            columns: Line::COLUMNS.map(str::to_owned).to_vec(),
            contexts: self.contexts.list,
            currency,
            format: STATEMENT_FORMAT.to_owned(),
            lines: self.lines,
            movements,
            name,
            open,
            operator,
            outside: self.outside,
            period,
            recordings: self.recordings.list,
            settlement,
            sources: self.sources.list,
            terms: self.terms.list,
        })
    }
}

#[derive(Clone, Debug)]
struct Notes<T> {
    places: BTreeMap<usize, u64>,
    list: Vec<T>,
}

impl<T> Default for Notes<T> {
    fn default() -> Self {
        Self { places: BTreeMap::new(), list: Vec::new() }
    }
}

impl<T> Notes<T> {
    fn place(&mut self, number: usize, note: impl FnOnce() -> T) -> u64 {
        let Self { places, list } = self;
        *places.entry(number).or_insert_with(|| {
            list.push(note());
            (list.len() as u64).saturating_sub(1)
        })
    }
}
