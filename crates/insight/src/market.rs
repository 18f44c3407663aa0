//! Totals of a market that others published.
//!
//! Two formats are read, told apart by their first line:
//!
//! * `territory,period,metric,value,unit,basis,source,version`
//! * `metric,value_usd_million,yoy_pct,basis,source`: millions of USD; the caller says for which
//!   territory and period. The change on the year before is not read.

use finding::{Finding, Position, RuleDoc};
use money::Atoms;
use period::Period;

use crate::rule::{HEADER, LINE, VALUE_ABSENT};

/// A published total of a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketTotal {
    /// Territory code.
    pub territory: String,
    /// The days it is about.
    pub period: Period,
    /// What was counted.
    pub metric: String,
    /// How much, in `unit`.
    pub value: Atoms,
    /// A currency code, or `streams`.
    pub unit: String,
    /// What kind of figure it is: `estimated retail value`, `trade revenue`.
    pub basis: String,
    /// Who published it.
    pub source: String,
    /// Which edition.
    pub version: String,
}

/// What a file leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Territory code.
    pub territory: String,
    /// The days the figures are about.
    pub period: Period,
    /// Which edition.
    pub version: String,
}

const GENERAL: [&str; 8] =
    ["territory", "period", "metric", "value", "unit", "basis", "source", "version"];
const MILLIONS: [&str; 5] = ["metric", "value_usd_million", "yoy_pct", "basis", "source"];

/// Reads a table of totals; what cannot be read is left out and reported.
pub fn read_totals(
    file: &str,
    text: &str,
    place: Option<&Place>,
) -> (Vec<MarketTotal>, Vec<Finding>) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut totals = Vec::new();
    let mut findings = Vec::new();
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|cell| cell.trim().to_owned()).collect(),
        Err(_) => Vec::new(),
    };
    let general = header == GENERAL;
    if !general && (header != MILLIONS || place.is_none()) {
        let position = Position { line: 1, ..Position::of_file(file) };
        let message = "neither of the two formats, or its territory and period were not given";
        findings.push(HEADER.finding(message).at(position).evidence(header.join(",")));
        return (totals, findings);
    }
    for record in reader.records() {
        let (line, byte, cells): (u64, u64, Vec<String>) = match record {
            Ok(record) => {
                let at = record.position();
                let (line, byte) = at.map_or((0, 0), |at| (at.line(), at.byte()));
                (line, byte, record.iter().map(|cell| cell.trim().to_owned()).collect())
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                (line, 0, Vec::new())
            }
        };
        let read = match place {
            _ if general => read_general(&cells),
            Some(place) => read_millions(&cells, place),
            None => continue,
        };
        match read {
            Ok(total) => totals.push(total),
            Err((rule, message)) => {
                let position = Position { line, byte, ..Position::of_file(file) };
                findings.push(rule.finding(message).at(position).evidence(cells.join(",")));
            }
        }
    }
    (totals, findings)
}

type Refused = (&'static RuleDoc, String);

fn read_general(cells: &[String]) -> Result<MarketTotal, Refused> {
    let [territory, period, metric, value, unit, basis, source, version] = cells else {
        return Err((&LINE, format!("has {} cells, expected {}", cells.len(), GENERAL.len())));
    };
    Ok(MarketTotal {
        territory: territory.clone(),
        period: Period::parse(period).map_err(|error| (&LINE, format!("period: {error}")))?,
        metric: metric.clone(),
        value: read_value(value)?,
        unit: unit.clone(),
        basis: basis.clone(),
        source: source.clone(),
        version: version.clone(),
    })
}

fn read_millions(cells: &[String], place: &Place) -> Result<MarketTotal, Refused> {
    let [metric, value, _, basis, source] = cells else {
        return Err((&LINE, format!("has {} cells, expected {}", cells.len(), MILLIONS.len())));
    };
    let count = basis == "count";
    let millions = read_value(value)?.raw().checked_mul(1_000_000);
    let value = millions.ok_or((&LINE, "value: too large".to_owned()))?;
    Ok(MarketTotal {
        territory: place.territory.clone(),
        period: place.period,
        metric: metric.clone(),
        value: Atoms::from_raw(value),
        unit: if count { "count" } else { "USD" }.to_owned(),
        basis: basis.clone(),
        source: source.clone(),
        version: place.version.clone(),
    })
}

fn read_value(text: &str) -> Result<Atoms, Refused> {
    if text.is_empty() {
        return Err((&VALUE_ABSENT, "has no value".to_owned()));
    }
    let value = Atoms::parse(text).map_err(|error| (&LINE, format!("value: {error}")))?;
    if value.is_negative() {
        return Err((&LINE, "value: below zero".to_owned()));
    }
    Ok(value)
}
