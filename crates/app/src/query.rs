//! Questions in SQL, over usage lines and what else is kept, in stable views.

mod rows;
mod views;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use lake::LakeError;
use lake::engine::{LakeFile, QueryRequest as Asked, Table};
use store::{ReportState, StoreError};

pub use lake::engine::{Again, Cluster, Engine, EngineError, Form, Kind};
pub use views::{VIEWS, View, ViewColumn, usage_lines};

use crate::Home;
use crate::home::manifest;

/// What is asked.
#[derive(Clone, Debug)]
pub struct QueryRequest {
    /// One statement that reads.
    pub sql: String,
    /// How the answer is written.
    pub form: Form,
    /// The file it is written to; `None` for the door's own output.
    pub out: Option<PathBuf>,
    /// Leave rows in the order they come in, if the statement states none.
    pub any_order: bool,
    /// Where to compute it; here if none.
    pub cluster: Option<Cluster>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Answers a question; the bytes go to `out`, or to the file the request names. Returns what the
/// engine said beside them.
///
/// # Errors
/// [`QueryError`].
pub fn query(
    home: &Home,
    engine: &Engine,
    request: &QueryRequest,
    out: &mut dyn Write,
) -> Result<Vec<String>, QueryError> {
    let reports = home.store.reports()?;
    let standing: BTreeSet<&str> = reports
        .iter()
        .filter(|it| it.state == ReportState::Standing)
        .map(|it| it.id.as_str())
        .collect();
    let mut files = manifest(&home.store)?;
    files.retain(|it| standing.contains(it.report.as_str()));
    let lake = home.lake.root();
    let lake = lake.canonicalize().unwrap_or_else(|_| lake.to_owned());
    let asked = Asked {
        sql: request.sql.clone(),
        form: request.form,
        out: request.out.clone(),
        any_order: request.any_order,
        lake,
        files: files.iter().map(LakeFile::from).collect(),
        tables: tables(home, &request.sql)?,
        cluster: request.cluster.clone(),
    };
    Ok(engine.query(&asked, out)?)
}

/// Every view beside the usage lines; those that the statement does not name have no rows, so that
/// nothing is read for nothing.
fn tables(home: &Home, sql: &str) -> Result<Vec<Table>, QueryError> {
    let sql = sql.to_lowercase();
    let table = |view: &View| {
        let columns = view.columns.iter().map(|it| (it.name.to_owned(), it.kind)).collect();
        let rows = if sql.contains(view.name) { rows::of(view.name, home)? } else { Vec::new() };
        Ok(Table { name: view.name.to_owned(), columns, rows })
    };
    VIEWS.iter().map(table).collect()
}
