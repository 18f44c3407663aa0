//! Statements into the log and out to files.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use money::Currency;
use statement::{
    RECEIPT_FORMAT, Receipt, Refusal, Salt, SettlementLeaf, SettlementTotals, Statement,
    StatementError, Verdict, commitment, file_stem, report_leaf, statement_leaf, write_csv,
};
use store::{Keys, LogFault, LogFindings, SettlementRow, StatementRow, StoreError, verify_log};
use tlog::VerifierKey;

use crate::{Home, Progress};

/// The file that is written last into a settlement's folder, so it says that all are there.
pub const INDEX_FILE: &str = "index.html";

/// Renders the list of a settlement's statements; each comes with the name of its files.
pub type RenderIndex<'a> = &'a dyn Fn(&SettlementRow, &[(StatementRow, String)]) -> String;

/// Renders one statement in one form; the words of a refusal are told.
pub type RenderStatement<'a> = &'a dyn Fn(&Statement) -> Result<Vec<u8>, RenderError>;

/// Why a form of a statement cannot be rendered.
pub type RenderError = Box<dyn std::error::Error + Send + Sync>;

/// How the door renders pages; the app writes them beside the other files.
pub struct Pages<'a> {
    /// The forms of a statement that are for people, each by the ending of its file.
    pub forms: &'a [(&'static str, RenderStatement<'a>)],
    /// Renders the list.
    pub index: RenderIndex<'a>,
}

impl std::fmt::Debug for Pages<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pages(..)")
    }
}

/// What was published of one settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishOutcome {
    /// The settlement.
    pub settlement: String,
    /// Whether its leaves were new to the log.
    pub appended: bool,
    /// The folder with its files.
    pub folder: PathBuf,
    /// The receipts, in account order.
    pub receipts: Vec<PathBuf>,
}

/// Why statements cannot be published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder refused.
    #[error("{path} cannot be written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A statement in the book cannot be read back.
    #[error("the statement of {account} in the book cannot be read back")]
    Statement {
        /// The account.
        account: String,
        /// What is wrong with it.
        source: StatementError,
    },
    /// A form of a statement cannot be rendered.
    #[error("the statement of {account} cannot be written as {ending}")]
    Render {
        /// The account.
        account: String,
        /// The form, as the ending of its file.
        ending: &'static str,
        /// Why.
        source: RenderError,
    },
    /// A receipt that was just made does not verify; this is a defect of the program.
    #[error("the receipt of {account} does not verify")]
    Receipt {
        /// The account.
        account: String,
        /// Why.
        source: Refusal,
    },
    /// No settlement has this id.
    #[error("no settlement is called {settlement:?}; `leitmotif settle` lists them")]
    Unknown {
        /// The id that was asked for.
        settlement: String,
    },
    /// A name that is not in the book.
    #[error("the book names a currency that this program does not know")]
    Currency,
}

/// Publishes one settlement, or all whose files are not all there: leaves into the log, static
/// files of the log, then statement, table, page and receipt for every account.
///
/// # Errors
/// [`PublishError`]; called again, it goes on where it was.
pub fn publish_statements(
    home: &mut Home,
    settlement: Option<&str>,
    pages: &Pages<'_>,
    now: &str,
    progress: &mut dyn Progress,
) -> Result<Vec<PublishOutcome>, PublishError> {
    let keys = home.store.keys(&home.config.origin)?;
    let rows = home.store.settlements()?;
    if let Some(id) = settlement.filter(|id| rows.iter().all(|it| it.id != **id)) {
        return Err(PublishError::Unknown { settlement: id.to_owned() });
    }
    let folder = home.statements_folder();
    let wanted = |row: &SettlementRow| match settlement {
        Some(id) => row.id == id,
        None => row.leaf.is_none() || !folder.join(&row.id).join(INDEX_FILE).exists(),
    };
    let mut done = Vec::new();
    let wanted: Vec<SettlementRow> = rows.into_iter().filter(wanted).collect();
    for row in &wanted {
        if row.leaf.is_none() {
            progress.at("appending to the log", 0, 0);
            append(home, row, &keys, now)?;
        }
    }
    home.store.publish_log()?;
    for row in wanted {
        let folder = folder.join(&row.id);
        let receipts = write_files(home, &row, &folder, &keys, pages, progress)?;
        let appended = row.leaf.is_none();
        done.push(PublishOutcome { settlement: row.id, appended, folder, receipts });
    }
    Ok(done)
}

/// Puts a settlement into the log: its reports, itself, its statements, in one checkpoint.
fn append(
    home: &mut Home,
    row: &SettlementRow,
    keys: &Keys,
    now: &str,
) -> Result<(), PublishError> {
    let reports: Vec<Vec<u8>> = home
        .store
        .reports()?
        .iter()
        .filter(|it| it.settlement.as_deref() == Some(row.id.as_str()))
        .map(|it| report_leaf(&it.id, &it.sha256))
        .collect();
    let mut leaves = Vec::new();
    for it in home.store.statements(Some(&row.id))? {
        let bytes = bytes(home, &it)?;
        let salt = Salt::derive(&keys.salt_secret, &it.settlement, &it.account, it.currency);
        let leaf = statement_leaf(&commitment(&salt, &bytes), &row.id, &row.period);
        leaves.push(((it.account, it.currency.as_str().to_owned()), leaf));
    }
    let totals = totals(row)?;
    let leaf = SettlementLeaf {
        settlement: &row.id,
        period: &row.period,
        inputs: &row.inputs,
        statements: leaves.len() as u64,
        totals: &totals,
    };
    home.store.append_settlement(&row.id, &reports, &leaf.bytes(), &leaves, &keys.log, now)?;
    Ok(())
}

fn totals(row: &SettlementRow) -> Result<Vec<SettlementTotals>, PublishError> {
    let mut currencies: Vec<Currency> = row.totals.keys().map(|(currency, _)| *currency).collect();
    currencies.dedup();
    let total = |currency: Currency| {
        let of = |category: &str| row.totals.get(&(currency, category.to_owned())).copied();
        Some(SettlementTotals {
            currency,
            // Settlements of before agreements had a currency know none.
            exchanged: of("exchanged").unwrap_or_default(),
            fees: of("fees")?,
            payees: of("payees")?,
            received: of("received")?,
            retained: of("retained")?,
            suspense: of("suspense")?,
        })
    };
    currencies.into_iter().map(total).collect::<Option<_>>().ok_or(PublishError::Currency)
}

fn write_files(
    home: &Home,
    row: &SettlementRow,
    folder: &Path,
    keys: &Keys,
    pages: &Pages<'_>,
    progress: &mut dyn Progress,
) -> Result<Vec<PathBuf>, PublishError> {
    fs::create_dir_all(folder)
        .map_err(|source| PublishError::File { path: folder.to_owned(), source })?;
    let key = keys.log.verifier_key();
    let rows = home.store.statements(Some(&row.id))?;
    let (mut receipts, mut listed) = (Vec::new(), Vec::new());
    let total = rows.len() as u64;
    for (done, it) in (0..).zip(rows) {
        progress.at("writing receipts", done, total);
        let bytes = bytes(home, &it)?;
        let statement = Statement::parse(&bytes)
            .map_err(|source| PublishError::Statement { account: it.account.clone(), source })?;
        let salt = Salt::derive(&keys.salt_secret, &it.settlement, &it.account, it.currency);
        let name = file_stem(&it.account, it.currency);
        write(&folder.join(format!("{name}.json")), &bytes)?;
        write(&folder.join(format!("{name}.csv")), write_csv(&statement).as_bytes())?;
        for (ending, render) in pages.forms {
            let rendered = render(&statement).map_err(|source| PublishError::Render {
                account: it.account.clone(),
                ending,
                source,
            })?;
            write(&folder.join(format!("{name}.{ending}")), &rendered)?;
        }
        let index = it.leaf.ok_or(StoreError::Corrupt {
            what: "a published statement",
            detail: it.account.clone(),
        })?;
        let receipt = Receipt {
            format: RECEIPT_FORMAT.to_owned(),
            log_key: key.to_string(),
            proof: home.store.log_proof(index)?.to_string(),
            salt: salt.to_hex(),
            statement,
        }
        .canonical();
        statement::verify(&receipt, Some(&key))
            .map_err(|source| PublishError::Receipt { account: it.account.clone(), source })?;
        let path = folder.join(format!("{name}.receipt"));
        write(&path, &receipt)?;
        receipts.push(path);
        listed.push((it, name));
    }
    write(&folder.join("log-key.txt"), format!("{key}\n").as_bytes())?;
    write(&folder.join(INDEX_FILE), (pages.index)(row, &listed).as_bytes())?;
    Ok(receipts)
}

fn bytes(home: &Home, row: &StatementRow) -> Result<Vec<u8>, PublishError> {
    let bytes = home.store.statement_bytes(&row.settlement, &row.account, row.currency)?;
    bytes.ok_or_else(|| {
        PublishError::Store(StoreError::Corrupt {
            what: "a statement in the book",
            detail: row.account.clone(),
        })
    })
}

/// Writes a file so that it appears whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), PublishError> {
    let error = |source| PublishError::File { path: path.to_owned(), source };
    let mut name = path.as_os_str().to_owned();
    name.push(".staged");
    let staged = PathBuf::from(name);
    let mut file = File::create(&staged).map_err(error)?;
    file.write_all(bytes).map_err(error)?;
    fs::rename(&staged, path).map_err(error)
}

/// Checks a receipt, and a statement file against it, without store and network.
///
/// # Errors
/// [`Refusal`] names the first thing that does not hold.
pub fn verify_receipt(receipt: &[u8], key: Option<&VerifierKey>) -> Result<Verdict, Refusal> {
    statement::verify(receipt, key)
}

/// Checks a folder of the log's static files, every byte of it; with `since`, an older checkpoint,
/// also that the log continues it.
///
/// # Errors
/// [`LogFault`] names the first file that does not hold.
pub fn verify_log_folder(
    folder: &Path,
    key: &VerifierKey,
    since: Option<&[u8]>,
) -> Result<LogFindings, LogFault> {
    verify_log(folder, key, since)
}
