//! The rows of a statement, each to exactly one end.

use std::collections::BTreeMap;

use finding::{Finding, Position, RuleDoc};
use money::Amount;
use period::Period;
use sheet::{Row, Rows};
use usage::Line;

use super::compose::{Composed, Fields, Unfit};
use super::key;
use super::layout::{Columns, Preamble, Test};
use super::spec::{Skip, SourceSpec};
use super::total::{Sums, agrees, is_total_word};
use crate::report::Source;
use crate::rule::{
    AMOUNT, STATEMENT_COLUMN, STATEMENT_FORM, STATEMENT_REST, STATEMENT_TOTAL, STATEMENT_TOTAL_ROW,
};
use crate::{IngestError, Ingested, Quarantined};

/// What the operator says about a statement, beside the file.
#[derive(Copy, Clone, Debug)]
pub struct Told<'a> {
    /// How the source writes.
    pub spec: &'a SourceSpec,
    /// The days of all usage, where the file does not say them, or says them wrong.
    pub period: Option<Period>,
}

/// What came of a statement, beside its usage lines.
///
/// `rows` is always `ingested.lines`, all of `skipped` and the length of `ingested.quarantined`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Control totals, and what was kept aside.
    pub ingested: Ingested,
    /// Rows read.
    pub rows: u64,
    /// Rows that the spec says are no usage lines, by kind.
    pub skipped: BTreeMap<String, u64>,
    /// Line of the header.
    pub header_line: u64,
    /// Rows that stated a sum, and it was that of the rows before it.
    pub totals_agreed: u64,
}

/// Reads the rows of a statement into usage lines and findings.
///
/// # Errors
/// [`IngestError`] when the source fails, has no header that the spec knows, or lacks a column that
/// money depends on.
pub fn ingest_statement(
    source: &Source<'_>,
    told: Told<'_>,
    rows: &mut dyn Rows,
    lines: &mut dyn FnMut(Line),
    findings: &mut dyn FnMut(Finding),
) -> Result<Statement, IngestError> {
    let mut reading = Reading {
        source,
        told,
        lines,
        findings,
        sums: Sums::default(),
        statement: Statement::default(),
    };
    let mut row = Row::default();
    let failed = |cause| IngestError::Sheet { file: source.name.to_owned(), source: cause };
    let mut preamble = Preamble::new();
    let mut columns = loop {
        if reading.statement.rows >= told.spec.table.within
            || !rows.read(&mut row).map_err(failed)?
        {
            let (file, spec) = (source.name.to_owned(), told.spec.id());
            return Err(IngestError::Header { file, spec });
        }
        reading.statement.rows += 1;
        let columns = Columns::of(&row, told.spec);
        if row.fault.is_none() && columns.fit(told.spec) {
            break columns;
        }
        reading.preamble(&row, &mut preamble);
    };
    reading.statement.header_line = row.line;
    reading.skip("header");
    reading.look_at(&columns, row.line)?;
    let mut more = true;
    while more {
        let table = TableOf::tie(told, &columns, &preamble);
        let mut header = None;
        loop {
            more = rows.read(&mut row).map_err(failed)?;
            if !more {
                break;
            }
            reading.statement.rows += 1;
            match reading.take(&table, &columns, &row) {
                Next::Row => {}
                Next::Header(it) => {
                    header = Some(it);
                    break;
                }
                Next::Rest(kind) => {
                    reading.rest(&table, &kind, rows, &mut row)?;
                    more = false;
                    break;
                }
            }
        }
        if let Some(it) = header {
            columns = it;
            reading.look_at(&columns, row.line)?;
        }
    }
    Ok(reading.statement)
}

/// What follows a row.
enum Next {
    Row,
    /// This was a header again; its columns hold from here on.
    Header(Columns),
    /// The table is over.
    Rest(String),
}

/// A spec, tied to a header.
struct TableOf<'a> {
    fields: Fields<'a>,
    skips: Vec<(Test<'a>, &'a Skip, Option<usize>)>,
    width: usize,
}

impl<'a> TableOf<'a> {
    fn tie(told: Told<'a>, columns: &Columns, preamble: &Preamble) -> Self {
        let skips = told.spec.skip.iter().map(|it| {
            let total = it.total.as_ref().and_then(|name| columns.place(name));
            (Test::tie(&it.when, columns), it, total)
        });
        Self {
            fields: Fields::tie(told.spec, columns, preamble, told.period),
            skips: skips.collect(),
            width: columns.width,
        }
    }
}

struct Reading<'a> {
    source: &'a Source<'a>,
    told: Told<'a>,
    lines: &'a mut dyn FnMut(Line),
    findings: &'a mut dyn FnMut(Finding),
    sums: Sums,
    statement: Statement,
}

impl Reading<'_> {
    /// Keeps what a row before the table says: a label and its value, in two cells or with a colon.
    fn preamble(&mut self, row: &Row, preamble: &mut Preamble) {
        if let Some(fault) = row.fault {
            let message = format!("{fault}; the row stands before the table");
            self.tell(&STATEMENT_FORM, message, row, None);
        }
        let mut cells = row.cells().map(str::trim).filter(|it| !it.is_empty());
        if let Some(label) = cells.next() {
            let value = cells.next().map(|it| (label, it)).or_else(|| label.split_once(':'));
            if let Some((label, value)) = value {
                let label = key(label.trim_end_matches(':'));
                preamble.entry(label).or_insert_with(|| value.trim().to_owned());
            }
        }
        self.skip(if row.is_blank() { "blank" } else { "preamble" });
    }

    /// Tells which columns of the spec are not there or there twice.
    fn look_at(&mut self, columns: &Columns, line: u64) -> Result<(), IngestError> {
        let spec = self.told.spec;
        for (field, value) in spec.line.values() {
            let names: Vec<&str> = value.columns().collect();
            let missing = names.iter().filter(|it| columns.place(it).is_none()).count();
            let twice = names.iter().find(|it| columns.is_ambiguous(it));
            let lost = missing > 0 && (missing == names.len() || !value.sum.is_empty());
            if field_of_money(field) && (lost || twice.is_some()) {
                return Err(IngestError::Column {
                    file: self.source.name.to_owned(),
                    field,
                    columns: names.join(", "),
                    twice: twice.is_some(),
                });
            }
            let message = match (lost, twice) {
                // Few statements have prices, and a spec may know them for those that do.
                (true, _) if field_of_price(field) => continue,
                (true, _) => format!("no column {} for {field}", names.join(" or ")),
                (_, Some(name)) => format!("several columns are called {name}; the first is read"),
                _ => continue,
            };
            let at = Position { line, ..Position::of_file(self.base()) };
            (self.findings)(STATEMENT_COLUMN.finding(message).at(at));
        }
        Ok(())
    }

    /// Takes a row of the table.
    fn take(&mut self, table: &TableOf<'_>, columns: &Columns, row: &Row) -> Next {
        let spec = self.told.spec;
        if let Some(fault) = row.fault {
            let message = fault.to_string();
            self.quarantine(&STATEMENT_FORM, message, row, None, (None, None));
            return Next::Row;
        }
        if row.is_blank() {
            self.skip("blank");
            return match spec.table.ends_at_blank {
                true => Next::Rest("after the table".to_owned()),
                false => Next::Row,
            };
        }
        if columns.may_be_repeated_in(row) {
            let again = Columns::of(row, spec);
            if again.fit(spec) {
                self.skip("repeated header");
                return Next::Header(again);
            }
        }
        if let Some((_, skip, total)) = table.skips.iter().find(|(test, ..)| test.holds(row)) {
            if skip.total.is_some() {
                self.total(&table.fields, row, *total);
            }
            self.skip(&skip.kind);
            return match skip.rest {
                true => Next::Rest(skip.kind.clone()),
                false => Next::Row,
            };
        }
        if row.len() > table.width && row.cells().skip(table.width).any(|it| !it.trim().is_empty())
        {
            let message = "more cells than columns: none can be told from its neighbour".to_owned();
            self.quarantine(&STATEMENT_FORM, message, row, None, (None, None));
            return Next::Row;
        }
        if row.cells().find(|it| !it.trim().is_empty()).is_some_and(is_total_word) {
            self.undeclared_total(&table.fields, row);
            return Next::Row;
        }
        match table.fields.compose(self.source, row) {
            Ok(composed) => self.line(composed, row),
            Err(unfit) => self.unfit(&unfit, row),
        }
        Next::Row
    }

    fn line(&mut self, composed: Composed, row: &Row) {
        let Composed { line, doubts } = composed;
        let amount = line.currency.map(|currency| Amount { atoms: line.amount, currency });
        if !self.statement.ingested.count(&line) {
            let known = (amount, Some(line.usages));
            self.quarantine(&AMOUNT, "a sum beyond the range".to_owned(), row, None, known);
            return;
        }
        if let Some(amount) = amount {
            self.sums.add(amount);
        }
        for (rule, message, cell) in doubts {
            self.tell(rule, message.to_owned(), row, cell);
        }
        (self.lines)(line);
    }

    fn unfit(&mut self, unfit: &Unfit, row: &Row) {
        if let Some(amount) = unfit.amount {
            self.sums.add(amount);
        }
        let known = (unfit.amount, unfit.usages);
        self.quarantine(unfit.rule, unfit.message.to_owned(), row, unfit.cell, known);
    }

    /// Compares the sum that a row states with that of the rows before it.
    fn total(&mut self, fields: &Fields<'_>, row: &Row, place: Option<usize>) {
        let stated = place.and_then(|it| self.told.spec.number.read(row.cell(it)).ok());
        let currency = money::Currency::parse(fields.currency.text(row).trim()).ok();
        let stated = stated.zip(currency.or_else(|| self.sums.currency()));
        let Some((atoms, currency)) = stated else {
            let message = "states a total in no readable number or of unknown currency".to_owned();
            self.tell(&STATEMENT_TOTAL, message, row, place);
            return;
        };
        let stated = Amount { atoms, currency };
        let sum = self.sums.nearest(stated);
        if agrees(stated, sum) {
            self.statement.totals_agreed += 1;
            self.sums.close_group();
            return;
        }
        let off = atoms.checked_sub(sum).map_or_else(|| "?".to_owned(), |it| it.to_string());
        let message =
            format!("states {atoms} {currency}, the rows above sum to {sum}: {off} {currency} off");
        self.tell(&STATEMENT_TOTAL, message, row, place);
    }

    /// A row that begins like a total and that the spec says nothing about: it is one if it states
    /// the sum of the rows before it.
    fn undeclared_total(&mut self, fields: &Fields<'_>, row: &Row) {
        let money = fields.money(row).ok();
        let read = |atoms| self.sums.currency().map(|currency| Amount { atoms, currency });
        let place = fields.amount.place();
        let bare =
            place.and_then(|it| self.told.spec.number.read(row.cell(it)).ok()).and_then(read);
        match money.or(bare) {
            Some(stated) if agrees(stated, self.sums.nearest(stated)) => {
                self.statement.totals_agreed += 1;
                self.sums.close_group();
                self.skip("total");
            }
            _ => {
                let message = "begins like a total, and is not the sum of the rows above";
                let cell = fields.amount.place();
                let known = (None, None);
                self.quarantine(&STATEMENT_TOTAL_ROW, message.to_owned(), row, cell, known);
            }
        }
    }

    /// Passes over what follows the table; a row that would be a line is kept aside.
    fn rest(
        &mut self,
        table: &TableOf<'_>,
        kind: &str,
        rows: &mut dyn Rows,
        row: &mut Row,
    ) -> Result<(), IngestError> {
        let failed = |source| IngestError::Sheet { file: self.source.name.to_owned(), source };
        while rows.read(row).map_err(failed)? {
            self.statement.rows += 1;
            if let Some(fault) = row.fault {
                let message = fault.to_string();
                self.quarantine(&STATEMENT_FORM, message, row, None, (None, None));
            } else if row.is_blank() {
                self.skip("blank");
            } else if let Ok(composed) = table.fields.compose(self.source, row) {
                let message = "a row after the end of the table that could be a line".to_owned();
                let line = composed.line;
                let amount = line.currency.map(|currency| Amount { atoms: line.amount, currency });
                let known = (amount, Some(line.usages));
                self.quarantine(&STATEMENT_REST, message, row, None, known);
            } else {
                self.skip(kind);
            }
        }
        Ok(())
    }

    fn skip(&mut self, kind: &str) {
        match self.statement.skipped.get_mut(kind) {
            Some(count) => *count += 1,
            None => drop(self.statement.skipped.insert(kind.to_owned(), 1)),
        }
    }

    fn quarantine(
        &mut self,
        rule: &'static RuleDoc,
        message: String,
        row: &Row,
        cell: Option<usize>,
        known: (Option<Amount>, Option<money::Atoms>),
    ) {
        self.tell(rule, message, row, cell);
        self.statement.ingested.quarantined.push(Quarantined {
            line: row.line,
            raw: row.raw().to_vec(),
            reason: rule.id,
            amount: known.0,
            usages: known.1,
        });
    }

    fn tell(&mut self, rule: &RuleDoc, message: String, row: &Row, cell: Option<usize>) {
        let evidence = cell.map_or_else(
            || row.cells().collect::<Vec<_>>().join(" | "),
            |it| row.cell(it).to_owned(),
        );
        let cell = cell.and_then(|it| u16::try_from(it.saturating_add(1)).ok());
        let (line, byte) = (row.line, row.byte);
        let at = Position { line, byte, cell, ..Position::of_file(self.base()) };
        (self.findings)(rule.finding(message).at(at).evidence(evidence));
    }

    fn base(&self) -> &str {
        self.source.name.rsplit(['/', '\\']).next().unwrap_or_default()
    }
}

/// Whether a field is about the published price.
fn field_of_price(field: &str) -> bool {
    matches!(field, "unit_price" | "price_category")
}

/// Whether money depends on a field, so that a file without it is not read.
fn field_of_money(field: &str) -> bool {
    matches!(field, "amount" | "currency" | "usages")
}
