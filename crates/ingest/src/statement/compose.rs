//! A row of the table to a usage line.

use finding::RuleDoc;
use money::{Amount, Atoms, Currency};
use period::{Month, Period};
use sheet::Row;
use usage::Line;

use super::key;
use super::layout::{Choices, Columns, Preamble, Source, Test};
use super::spec::{NumberFault, SourceSpec};
use super::territory::alpha2;
use crate::report::Source as File;
use crate::rule::{
    AMOUNT, CURRENCY, STATEMENT_IDENTITY, STATEMENT_PERIOD, STATEMENT_PRICE, STATEMENT_SUBSCRIBED,
    STATEMENT_USE_TYPE, USAGES,
};

/// A spec's fields, tied to the cells of a table.
pub(super) struct Fields<'a> {
    spec: &'a SourceSpec,
    service: Source<'a>,
    pub(super) amount: Source<'a>,
    pub(super) currency: Source<'a>,
    usages: Source<'a>,
    territory: Source<'a>,
    isrc: Source<'a>,
    icpn: Source<'a>,
    title: Source<'a>,
    artist: Source<'a>,
    resource_id: Source<'a>,
    transaction: Source<'a>,
    adjustment: Source<'a>,
    unit_price: Source<'a>,
    price_category: Source<'a>,
    subscribed: Source<'a>,
    adjustments: Choices<'a>,
    use_types: Choices<'a>,
    commercial_models: Choices<'a>,
    negative: Vec<Test<'a>>,
    period: When,
}

/// When the usage of a row was.
enum When {
    Known(Option<Period>),
    Cell(Option<usize>),
    Cells(Option<usize>, Option<usize>),
}

/// Why a row is no usage line.
pub(super) struct Unfit {
    pub(super) rule: &'static RuleDoc,
    pub(super) message: &'static str,
    /// The cell to look at, from 0.
    pub(super) cell: Option<usize>,
    pub(super) amount: Option<Amount>,
    pub(super) usages: Option<Atoms>,
}

/// A composed line, and what is doubtful in it: a use type that the spec does not know, a price that is
/// no number.
pub(super) struct Composed {
    pub(super) line: Line,
    pub(super) doubts: Vec<Doubt>,
}

/// What is doubtful in a line: by which rule, in which words, and the cell to look at, from 0.
pub(super) type Doubt = (&'static RuleDoc, &'static str, Option<usize>);

impl<'a> Fields<'a> {
    /// Ties the fields of a spec to a header.
    pub(super) fn tie(
        spec: &'a SourceSpec,
        columns: &Columns,
        preamble: &Preamble,
        asked: Option<Period>,
    ) -> Self {
        let tie = |it: &'a super::spec::Value| Source::tie(it, columns, preamble);
        let line = &spec.line;
        Self {
            spec,
            service: tie(&line.service),
            amount: tie(&line.amount),
            currency: tie(&line.currency),
            usages: tie(&line.usages),
            territory: tie(&line.territory),
            isrc: tie(&line.isrc),
            icpn: tie(&line.icpn),
            title: tie(&line.title),
            artist: tie(&line.artist),
            resource_id: tie(&line.resource_id),
            transaction: tie(&line.transaction),
            adjustment: tie(&line.adjustment),
            unit_price: tie(&line.unit_price),
            price_category: tie(&line.price_category),
            subscribed: tie(&line.subscribed),
            adjustments: Choices::tie(&spec.adjustment, columns),
            use_types: Choices::tie(&spec.use_type, columns),
            commercial_models: Choices::tie(&spec.commercial_model, columns),
            negative: spec.negative.iter().map(|it| Test::tie(it, columns)).collect(),
            period: when(spec, columns, preamble, asked),
        }
    }

    /// Makes a usage line of a row.
    pub(super) fn compose(&self, file: &File<'_>, row: &Row) -> Result<Composed, Box<Unfit>> {
        let money = self.money(row);
        let usages = self.usages(row);
        let known = (money.as_ref().ok().copied(), usages.as_ref().ok().copied());
        let unfit = |rule, message, cell| {
            let (amount, usages) = known;
            Box::new(Unfit { rule, message, cell, amount, usages })
        };
        let amount = money.map_err(|(rule, message, cell)| unfit(rule, message, cell))?;
        let usages = usages.map_err(|(rule, message, cell)| unfit(rule, message, cell))?;
        let period = self.period(row).map_err(|cell| {
            unfit(&STATEMENT_PERIOD, "no day or month in the form of the spec", cell)
        })?;
        let subscribed = self.subscribed(row).map_err(|cell| {
            let message = "no day or month of subscription in the form of the spec";
            unfit(&STATEMENT_SUBSCRIBED, message, cell)
        })?;
        let text = |it: &Source<'_>| it.text(row).to_owned();
        let adjustment = match self.adjustments.of(row) {
            Some(it) => it.to_owned(),
            None => text(&self.adjustment),
        };
        let use_type = self.use_types.of(row);
        let unit_price = self.unit_price(row);
        let price_doubt = unit_price.err();
        let line = Line {
            report: file.report.to_owned(),
            line: row.line,
            file: file.file,
            transaction: text(&self.transaction),
            sender: self.spec.source.title.clone(),
            service: text(&self.service),
            territory: self.territory(row),
            use_type: use_type.unwrap_or_default().to_owned(),
            commercial_model: self.commercial_models.of(row).unwrap_or_default().to_owned(),
            rights_type: self.spec.line.rights,
            basis: self.spec.line.basis,
            subscribed,
            adjustment,
            corrects: String::new(),
            from: period.start(),
            until: period.end(),
            isrc: text(&self.isrc),
            icpn: text(&self.icpn),
            resource_id: text(&self.resource_id),
            title: text(&self.title),
            artist: text(&self.artist),
            usages,
            currency: Some(amount.currency),
            amount: amount.atoms,
            unit_price: unit_price.unwrap_or_default(),
            price_category: text(&self.price_category),
        };
        let names = [&line.isrc, &line.icpn, &line.resource_id, &line.title, &line.artist];
        if names.iter().all(|it| it.is_empty()) {
            let message = "money without a title, an identifier or a name: perhaps a sum";
            return Err(unfit(&STATEMENT_IDENTITY, message, None));
        }
        let unknown = use_type.is_none() && !self.use_types.is_empty();
        let unknown: Option<Doubt> = unknown.then_some((
            &STATEMENT_USE_TYPE,
            "no rule of the spec says what use this is",
            None,
        ));
        Ok(Composed { line, doubts: unknown.into_iter().chain(price_doubt).collect() })
    }

    /// The price of one unit, without a sign: a row that takes back has the price it was sold at.
    fn unit_price(&self, row: &Row) -> Result<Option<Atoms>, Doubt> {
        let nothing = self.unit_price.sum.is_empty() && self.unit_price.text(row).is_empty();
        if nothing {
            return Ok(None);
        }
        let doubt = |message| (&STATEMENT_PRICE, message, self.unit_price.place());
        let price = self.number(&self.unit_price, row).map_err(|it| doubt(it.message()))?;
        match price.is_negative() {
            true => price.checked_neg().map(Some).ok_or(doubt("a price beyond the range")),
            false => Ok(Some(price)),
        }
    }

    /// The territory: a code as received, or the code of what is received as a name.
    fn territory(&self, row: &Row) -> String {
        let said = self.territory.text(row);
        let code = self.spec.line.territory_names.then(|| alpha2(said)).flatten();
        code.unwrap_or(said).to_owned()
    }

    /// The money of a row, whatever else is wrong with it.
    pub(super) fn money(&self, row: &Row) -> Result<Amount, Wrong> {
        let atoms = self
            .number(&self.amount, row)
            .map_err(|fault| (&AMOUNT, fault.message(), self.amount.place()))?;
        let currency = Currency::parse(self.currency.text(row).trim())
            .map_err(|_| (&CURRENCY, "no currency of ISO 4217", self.currency.place()))?;
        Ok(Amount { atoms: self.signed(atoms, row), currency })
    }

    fn usages(&self, row: &Row) -> Result<Atoms, Wrong> {
        let nothing = self.usages.first.is_empty() && self.usages.sum.is_empty();
        if nothing && self.usages.text(row).is_empty() {
            return Ok(Atoms::ZERO);
        }
        match self.number(&self.usages, row) {
            Ok(it) => Ok(self.signed(it, row)),
            Err(fault) => Err((&USAGES, fault.message(), self.usages.place())),
        }
    }

    /// Less than zero, where the spec says that such rows take back.
    fn signed(&self, value: Atoms, row: &Row) -> Atoms {
        match value.is_negative() || !self.negative.iter().any(|it| it.holds(row)) {
            true => value,
            false => value.checked_neg().unwrap_or(value),
        }
    }

    /// The number of a field: that of its cell, or the sum of its cells.
    fn number(&self, source: &Source<'_>, row: &Row) -> Result<Atoms, NumberFault> {
        let form = &self.spec.number;
        if source.sum.is_empty() {
            return form.read(source.text(row));
        }
        source.sum.iter().try_fold(Atoms::ZERO, |sum, (minus, place)| {
            let part = form.read(row.cell(*place))?;
            let next = if *minus { sum.checked_sub(part) } else { sum.checked_add(part) };
            next.ok_or(NumberFault::TooLarge)
        })
    }

    /// The month of subscription, where the row says one; an error is the cell to look at.
    fn subscribed(&self, row: &Row) -> Result<Option<Month>, Option<usize>> {
        let said = self.subscribed.text(row).trim();
        if said.is_empty() {
            return Ok(None);
        }
        let forms = &self.spec.line.subscribed_forms;
        let month = match forms.is_empty() {
            true => {
                let day = || period::parse_date(said).ok().map(Month::of);
                Month::parse(said).ok().or_else(day)
            }
            false => forms.iter().find_map(|it| it.read(said)).map(|it| Month::of(it.start())),
        };
        month.map(Some).ok_or_else(|| self.subscribed.place())
    }

    /// The days of a row; an error is the cell to look at.
    fn period(&self, row: &Row) -> Result<Period, Option<usize>> {
        let said = self.days(row)?;
        Ok(if self.spec.period.whole_month { Month::of(said.start()).period() } else { said })
    }

    fn days(&self, row: &Row) -> Result<Period, Option<usize>> {
        let form = &self.spec.period;
        let read = |text: &str| form.forms.iter().find_map(|it| it.read(text));
        let cell = |place: Option<usize>| place.map_or("", |it| row.cell(it));
        match &self.period {
            When::Known(it) => it.ok_or(None),
            When::Cell(place) => days(cell(*place), form.between.as_deref(), read).ok_or(*place),
            When::Cells(from, until) => read(cell(*from))
                .zip(read(cell(*until)))
                .and_then(|(from, until)| Period::new(from.start(), until.end()))
                .ok_or(*from),
        }
    }
}

type Wrong = (&'static RuleDoc, &'static str, Option<usize>);

/// The days that one text names, or the two in it.
fn days(
    text: &str,
    between: Option<&str>,
    read: impl Fn(&str) -> Option<Period>,
) -> Option<Period> {
    match between.and_then(|it| text.split_once(it)) {
        Some((from, until)) => Period::new(read(from)?.start(), read(until)?.end()),
        None => read(text),
    }
}

/// Where the days of a row stand: in its cells, before the table, or in the operator's words.
fn when(spec: &SourceSpec, columns: &Columns, preamble: &Preamble, asked: Option<Period>) -> When {
    let form = &spec.period;
    if asked.is_some() || form.asked {
        return When::Known(asked);
    }
    let read = |text: &str| form.forms.iter().find_map(|it| it.read(text));
    let said = |label: &Option<String>| label.as_ref().and_then(|it| preamble.get(&key(it)));
    let place = |name: &Option<String>| name.as_ref().and_then(|it| columns.place(it));
    match (form.preamble, &form.column) {
        (true, Some(_)) => {
            let text = said(&form.column);
            When::Known(text.and_then(|it| days(it, form.between.as_deref(), read)))
        }
        (true, None) => When::Known(
            said(&form.from)
                .and_then(|it| read(it))
                .zip(said(&form.until).and_then(|it| read(it)))
                .and_then(|(from, until)| Period::new(from.start(), until.end())),
        ),
        (false, Some(_)) => When::Cell(place(&form.column)),
        (false, None) => When::Cells(place(&form.from), place(&form.until)),
    }
}
