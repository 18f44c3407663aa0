//! Exchange rates as central banks publish them: rows of a CSV file to a table of rates.

use std::collections::BTreeMap;
use std::io::Read;

use catalog::{Rates, exchange_rate};
use csv::{ByteRecord, ReaderBuilder};
use finding::{Finding, Position};
use money::{Currency, Ratio};
use period::{Date, parse_date};

use crate::IngestError;
use crate::rule::{RATE_CELL, RATE_TWICE};

/// What stands in a cell of a day without a rate.
const NO_RATE: [&str; 3] = ["", "N/A", "-"];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How a file has its rates.
enum Shape {
    /// A column each currency: how much of it one of the base is. Without currency, a column of another
    /// kind.
    Wide(Vec<Option<Currency>>),
    /// Where day, both currencies and the rate stand.
    Plain([usize; 4]),
}

/// A file of rates.
struct File<'a> {
    name: &'a str,
    base: Currency,
    /// By pair and day: files often begin with the newest day.
    rates: BTreeMap<((Currency, Currency), Date), Ratio>,
    findings: &'a mut dyn FnMut(Finding),
}

/// Reads a file of exchange rates; its first line tells which of two shapes it has.
///
/// | columns | a row is |
/// |---|---|
/// | `Date,USD,JPY,…` | a day, with how much of each currency one of `base` is; `N/A` or nothing is no rate |
/// | `date,from,to,rate` | a rate: how much of `to` one of `from` is |
///
/// Days are `2021-06-30` or `30 June 2021`. What cannot be read is a finding, and the rest goes on.
///
/// # Errors
/// [`IngestError`] when the file cannot be read, or has the columns of neither shape.
pub fn ingest_rates<R: Read>(
    file: &str,
    base: Currency,
    source: R,
    findings: &mut dyn FnMut(Finding),
) -> Result<Rates, IngestError> {
    let failed = |source| IngestError::Rates { file: file.to_owned(), source };
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(source);
    let header = reader.byte_headers().map_err(failed)?.clone();
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let mut it = File { name, base, rates: BTreeMap::new(), findings };
    let Some(shape) = it.shape(&header) else {
        let columns: Vec<_> = header.iter().take(20).map(String::from_utf8_lossy).collect();
        let columns = columns.join(",").chars().take(200).collect();
        return Err(IngestError::RateColumns { file: file.to_owned(), columns });
    };
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(failed)? {
        it.row(&shape, &header, &record);
    }
    let mut rates = Rates::default();
    for ((pair, day), rate) in it.rates {
        rates.add(pair, day, rate);
    }
    Ok(rates)
}

impl File<'_> {
    fn shape(&mut self, header: &ByteRecord) -> Option<Shape> {
        let names: Vec<String> = header.iter().map(text).collect();
        let at = |name: &str| names.iter().position(|it| it.eq_ignore_ascii_case(name));
        let day = at("date")?;
        if let (Some(from), Some(to), Some(rate)) = (at("from"), at("to"), at("rate")) {
            return Some(Shape::Plain([day, from, to, rate]));
        }
        // The day is the first of all columns, so that no other table is taken for one of rates.
        let codes = names.get(1..).filter(|it| day == 0 && !it.is_empty())?;
        let known: Vec<Option<Currency>> =
            codes.iter().map(|it| Currency::parse(it).ok()).collect();
        known.iter().flatten().next()?;
        for (code, currency) in codes.iter().zip(&known) {
            if currency.is_none() && !code.is_empty() {
                let message = format!("the column {code} is no currency, and is left out");
                self.report(&ByteRecord::new(), code, message, code.as_bytes());
            }
        }
        Some(Shape::Wide(known))
    }

    fn row(&mut self, shape: &Shape, header: &ByteRecord, record: &ByteRecord) {
        let cell = |at: usize| record.get(at).map(text).unwrap_or_default();
        let head = |at: usize| header.get(at).map(text).unwrap_or_default();
        let at_day = if let Shape::Plain([day, ..]) = shape { *day } else { 0 };
        let Some(day) = day(&cell(at_day)) else {
            let message = "a day is 2021-06-30 or 30 June 2021".to_owned();
            return self.report(record, &head(at_day), message, &joined(record));
        };
        match shape {
            Shape::Wide(currencies) => {
                for (at, currency) in (1..).zip(currencies) {
                    let text = cell(at);
                    if let (Some(to), false) = (currency, NO_RATE.contains(&text.as_str())) {
                        self.rate(record, &head(at), (self.base, *to), day, &text);
                    }
                }
            }
            Shape::Plain([_, from, to, rate]) => {
                let mut pair = [self.base; 2];
                for (place, at) in pair.iter_mut().zip([*from, *to]) {
                    match Currency::parse(&cell(at)) {
                        Ok(currency) => *place = currency,
                        Err(error) => {
                            return self.report(
                                record,
                                &head(at),
                                error.to_string(),
                                &joined(record),
                            );
                        }
                    }
                }
                self.rate(record, &head(*rate), (pair[0], pair[1]), day, &cell(*rate));
            }
        }
    }

    fn rate(
        &mut self,
        record: &ByteRecord,
        column: &str,
        pair: (Currency, Currency),
        day: Date,
        text: &str,
    ) {
        let rate: Result<Ratio, &str> = match pair.0 == pair.1 {
            true => Err("a rate is from one currency to another"),
            false => exchange_rate(text),
        };
        match rate {
            Err(message) => self.report(record, column, message.to_owned(), text.as_bytes()),
            Ok(rate) => {
                let known = *self.rates.entry((pair, day)).or_insert(rate);
                if known != rate {
                    let message = format!(
                        "{} to {} on {day} stands there with another rate before, {known}; this one \
                         is left out",
                        pair.0, pair.1
                    );
                    let place = self.place(record, column);
                    (self.findings)(RATE_TWICE.finding(message).at(place).evidence(text));
                }
            }
        }
    }

    fn report(&mut self, record: &ByteRecord, column: &str, message: String, evidence: &[u8]) {
        let place = self.place(record, column);
        (self.findings)(RATE_CELL.finding(message).at(place).evidence_bytes(evidence));
    }

    fn place(&self, record: &ByteRecord, column: &str) -> Position {
        let (line, byte) = record.position().map_or((1, 0), |at| (at.line(), at.byte()));
        let (file, cell_name) = (self.name.to_owned(), column.to_owned());
        Position { file, line, byte, cell_name, ..Position::default() }
    }
}

fn text(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim_start_matches('\u{feff}').trim().to_owned()
}

fn joined(record: &ByteRecord) -> Vec<u8> {
    record.iter().collect::<Vec<_>>().join(&b',')
}

fn day(text: &str) -> Option<Date> {
    if let Ok(day) = parse_date(text) {
        return Some(day);
    }
    let mut words = text.split_whitespace();
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|it| it.eq_ignore_ascii_case(month))?;
    let month = i8::try_from(month).ok()?.checked_add(1)?;
    let is_whole = words.next().is_none();
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok().filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let mut lines = String::new();
        let mut tell = |it: Finding| lines += &format!("{it}\n");
        let base = Currency::parse("EUR").unwrap();
        let outcome = ingest_rates("rates.csv", base, text.as_bytes(), &mut tell);
        match outcome {
            Err(error) => lines += &format!("{error}\n"),
            Ok(rates) => {
                for (from, to, series) in rates.pairs() {
                    for (day, rate) in series {
                        lines += &format!("{day} {from} {to} {rate}\n");
                    }
                }
            }
        }
        expected.assert_eq(&lines);
    }

    #[test]
    fn a_column_each_currency_newest_day_first() {
        check(
            "\u{feff}Date,USD,JPY,XXY,KRW,\n2021-06-30,1.1884,131.43,1,1341.41,\n\
             2021-06-29,1.1888,N/A,2,,\n31 June 2021,1,1,1,1,\n28 June 2021, 1.19 ,1e2,,0,\n",
            expect![[r#"
                error ingest-rate-cell rates.csv:1 XXY: the column XXY is no currency, and is left out (XXY)
                error ingest-rate-cell rates.csv:4 Date: a day is 2021-06-30 or 30 June 2021 (31 June 2021,1,1,1,1,)
                error ingest-rate-cell rates.csv:5 JPY: a rate is a decimal such as 1.1884 (1e2)
                error ingest-rate-cell rates.csv:5 KRW: a rate must be above zero (0)
                2021-06-30 EUR JPY 13143/100
                2021-06-30 EUR KRW 134141/100
                2021-06-28 EUR USD 119/100
                2021-06-29 EUR USD 743/625
                2021-06-30 EUR USD 2971/2500
            "#]],
        );
    }

    #[test]
    fn a_row_each_rate() {
        check(
            "date,from,to,rate\n2021-06-30,USD,KRW,1128.8\n2021-06-30,USD,KRW,1128.80\n\
             2021-06-30,USD,KRW,1130\n2021-06-30,USD,USD,1\n2021-06-30,dollar,KRW,1\n2021-06-30,USD\n",
            expect![[r#"
                warning ingest-rate-twice rates.csv:4 rate: USD to KRW on 2021-06-30 stands there with another rate before, 5644/5; this one is left out (1130)
                error ingest-rate-cell rates.csv:5 rate: a rate is from one currency to another (1)
                error ingest-rate-cell rates.csv:6 from: currency code is not three capital letters (2021-06-30,dollar,KRW,1)
                error ingest-rate-cell rates.csv:7 to: currency code is not three capital letters (2021-06-30,USD)
                2021-06-30 USD KRW 5644/5
            "#]],
        );
    }

    #[test]
    fn a_table_of_something_else_is_refused() {
        check(
            "song,artist,date\nRain,Kim,2021-06-30\n",
            expect![[r#"
            rates.csv: no columns of exchange rates, which are `Date,USD,JPY,...` or `date,from,to,rate`: song,artist,date
        "#]],
        );
    }
}
