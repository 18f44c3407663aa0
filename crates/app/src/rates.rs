//! Exchange rates, from what central banks publish to a table of the catalogue.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use catalog::{Catalog, DAYS_MAX, RateTable, Rates};
use finding::{Finding, Severity};
use ident::RateTableId;
use ingest::{IngestError, ingest_rates};
use money::{Currency, Ratio};
use period::Date;

/// The file of the catalogue that rates stand in.
const FILE: &str = "rates.toml";

/// What is read, and into which table.
#[derive(Clone, Debug)]
pub struct RatesOrder<'a> {
    /// The file of rates.
    pub path: &'a Path,
    /// The currency that a column of it is about one of, where the file does not say.
    pub base: Currency,
    /// The table.
    pub table: &'a RateTableId,
    /// Its title; of a table that is there, it may be left out.
    pub title: Option<&'a str>,
    /// Who states the rates; of a table that is there, it may be left out.
    pub source: Option<&'a str>,
    /// The catalogue's file that they are added to; without one they are only given back.
    pub into: Option<&'a Path>,
}

/// A rate that stood there otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// From which currency to which.
    pub pair: (Currency, Currency),
    /// The day.
    pub day: Date,
    /// What stood there.
    pub was: Ratio,
    /// What stands there now.
    pub is: Ratio,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct RatesOutcome {
    /// The file, as the catalogue has it.
    pub text: String,
    /// How many rates are new.
    pub added: usize,
    /// The rates that stood there otherwise.
    pub replaced: Vec<Replaced>,
    /// What could not be read, or is doubtful.
    pub findings: Vec<Finding>,
}

/// Why no table can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RatesError {
    /// A file refused.
    #[error("{path} cannot be read or written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file of rates is none.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The file that they are to be added to has errors, and is not written over.
    #[error("{path} has errors; mend it first: {finding}")]
    Into {
        /// The path.
        path: PathBuf,
        /// The first of them.
        finding: Box<Finding>,
    },
    /// The table is not there, and nobody says what it is called and who states it.
    #[error(
        "there is no table {table} yet; say what it is called with --title, and who states its rates \
         with --source"
    )]
    Unnamed {
        /// The table.
        table: RateTableId,
    },
}

/// Reads a file of rates into a table, over what stands in the catalogue's file if one is named.
///
/// # Errors
/// [`RatesError`]; nothing is written then.
pub fn rates(order: &RatesOrder<'_>) -> Result<RatesOutcome, RatesError> {
    let error = |path: &Path| {
        let path = path.to_owned();
        move |source| RatesError::File { path, source }
    };
    let mut catalogue = match order.into {
        None => Catalog::default(),
        Some(path) => match fs::read_to_string(path) {
            Ok(text) => known(path, text)?,
            Err(it) if it.kind() == ErrorKind::NotFound => Catalog::default(),
            Err(source) => return Err(RatesError::File { path: path.to_owned(), source }),
        },
    };
    let mut table = table(&catalogue, order)?;
    let mut findings = Vec::new();
    let file = File::open(order.path).map_err(error(order.path))?;
    let name = order.path.display().to_string();
    let read = ingest_rates(&name, order.base, file, &mut |it| findings.push(it))?;
    let (added, replaced) = lay_over(&mut table.rates, &read);
    catalogue.rate_tables.insert(table.id.clone(), table);
    let text = catalog::write_files(&catalogue).remove(FILE).unwrap_or_default();
    if let Some(path) = order.into {
        fs::write(path, &text).map_err(error(path))?;
    }
    Ok(RatesOutcome { text, added, replaced, findings })
}

fn known(path: &Path, text: String) -> Result<Catalog, RatesError> {
    let (catalogue, findings) = catalog::read_files(&BTreeMap::from([(FILE.to_owned(), text)]));
    match findings.into_iter().find(|it| it.severity == Severity::Error) {
        None => Ok(catalogue),
        Some(it) => Err(RatesError::Into { path: path.to_owned(), finding: Box::new(it) }),
    }
}

fn table(catalogue: &Catalog, order: &RatesOrder<'_>) -> Result<RateTable, RatesError> {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let (id, title, source) = (order.table.clone(), text(order.title), text(order.source));
    match (catalogue.rate_tables.get(order.table).cloned(), title, source) {
        (Some(known), title, source) => Ok(RateTable {
            title: title.unwrap_or(known.title),
            source: source.unwrap_or(known.source),
            ..known
        }),
        (None, Some(title), Some(source)) => {
            Ok(RateTable { id, title, source, days_max: DAYS_MAX, rates: Rates::default() })
        }
        (None, ..) => Err(RatesError::Unnamed { table: id }),
    }
}

/// Adds rates to others; says how many are new, and which stood there otherwise.
fn lay_over(rates: &mut Rates, read: &Rates) -> (usize, Vec<Replaced>) {
    let (mut added, mut replaced) = (0, Vec::new());
    for (from, to, series) in read.pairs() {
        for (day, is) in series {
            match rates.add((from, to), *day, *is) {
                None => added += 1,
                Some(was) if was == *is => {}
                Some(was) => {
                    rates.replace((from, to), *day, *is);
                    replaced.push(Replaced { pair: (from, to), day: *day, was, is: *is });
                }
            }
        }
    }
    (added, replaced)
}
