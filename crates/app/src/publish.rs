//! Statements into the log and out to files.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use money::Currency;
use statement::{
    CheckedSeal, Refusal, Seal, SealError, SealingError, Statement, StatementError, Trust, Verdict,
    file_stem, write_csv,
};
use store::{Keys, LogFault, LogFindings, SettlementRow, StatementRow, StoreError, verify_log};
use tlog::VerifierKey;

use crate::cosign::{CosignError, Cosigned, cosign};
use crate::receipts::Receipts;
use crate::seal::{SealedSettlement, corrupt, seal};
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
    /// What witnesses answered; none if no policy names any.
    pub cosigned: Option<Cosigned>,
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
    /// Witnesses cannot be asked.
    #[error("witnesses cannot be asked")]
    Cosign(#[from] CosignError),
    /// The books do not close; this is a defect of the program.
    #[error("the settlement cannot be sealed")]
    Sealing(#[source] SealingError),
    /// The seal does not close; this is a defect of the program.
    #[error("the settlement's seal does not close")]
    Seal(#[source] SealError),
    /// A seal that was built again is not the one in the log.
    #[error(
        "the books of {settlement} in {currency} do not give the seal that the log has: something in the \
         home was changed after it was sealed"
    )]
    OtherSeal {
        /// The settlement.
        settlement: String,
        /// The currency.
        currency: Currency,
    },
    /// No settlement has this id.
    #[error("no settlement is called {settlement:?}; `leitmotif settle` lists them")]
    Unknown {
        /// The id that was asked for.
        settlement: String,
    },
}

/// Publishes one settlement, or all whose files are not all there: seals into the log, static files of
/// the log, then statement, table, page and receipt for every account.
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
    // A seal names the one before, so no settlement is sealed before an earlier one is.
    let last = settlement.and_then(|id| rows.iter().position(|it| it.id == id));
    let wanted = |at: usize, row: &SettlementRow| match settlement {
        Some(id) => row.id == id || (!row.sealed && last.is_some_and(|it| at < it)),
        None => !row.sealed || !folder.join(&row.id).join(INDEX_FILE).exists(),
    };
    let mut done = Vec::new();
    let wanted = rows.iter().enumerate().filter(|(at, row)| wanted(*at, row));
    for row in wanted.map(|(_, row)| row) {
        let sealed = seal(home, row, progress)?;
        progress.at("signing the log", 0, 0);
        home.sign_log_as_it_is(now)?;
        progress.at("asking witnesses", 0, 0);
        let cosigned = cosign(home)?;
        let folder = folder.join(&row.id);
        let receipts = write_files(home, row, &sealed, &folder, &keys, pages, progress)?;
        done.push(PublishOutcome {
            settlement: row.id.clone(),
            appended: !row.sealed,
            folder,
            receipts,
            cosigned,
        });
    }
    Ok(done)
}

fn write_files(
    home: &Home,
    row: &SettlementRow,
    sealed: &SealedSettlement,
    folder: &Path,
    keys: &Keys,
    pages: &Pages<'_>,
    progress: &mut dyn Progress,
) -> Result<Vec<PathBuf>, PublishError> {
    fs::create_dir_all(folder)
        .map_err(|source| PublishError::File { path: folder.to_owned(), source })?;
    let trust = Trust::Key(keys.log.verifier_key());
    let rows = home.store.statements(Some(&row.id))?;
    let mut made = Receipts::new(home, keys, &row.id, sealed)?;
    let (mut receipts, mut listed) = (Vec::new(), Vec::new());
    let total = rows.len() as u64;
    for (done, it) in (0..).zip(rows) {
        progress.at("writing receipts", done, total);
        let (statement, bytes) = statement_of(home, &it)?;
        let name = file_stem(&it.account, it.currency);
        let Some(receipt) = made.receipt(statement)? else {
            forget(folder, &name)?;
            continue;
        };
        let statement = &receipt.statement;
        write(&folder.join(format!("{name}.json")), &bytes)?;
        write(&folder.join(format!("{name}.csv")), write_csv(statement).as_bytes())?;
        for (ending, render) in pages.forms {
            let rendered = render(statement).map_err(|source| PublishError::Render {
                account: it.account.clone(),
                ending,
                source,
            })?;
            write(&folder.join(format!("{name}.{ending}")), &rendered)?;
        }
        let bytes = receipt.canonical();
        statement::verify(&bytes, &trust)
            .map_err(|source| PublishError::Receipt { account: it.account.clone(), source })?;
        let path = folder.join(format!("{name}.receipt"));
        write(&path, &bytes)?;
        receipts.push(path);
        listed.push((it, name));
    }
    write(&folder.join("log-key.txt"), format!("{}\n", keys.log.verifier_key()).as_bytes())?;
    write(&folder.join(INDEX_FILE), (pages.index)(row, &listed).as_bytes())?;
    Ok(receipts)
}

/// Reads a statement of the book, with its canonical bytes.
pub(crate) fn statement_of(
    home: &Home,
    row: &StatementRow,
) -> Result<(Statement, Vec<u8>), PublishError> {
    let bytes = home.store.statement_bytes(&row.settlement, &row.account, row.currency)?;
    let bytes = bytes.ok_or_else(|| corrupt("a statement in the book", &row.account))?;
    let statement = Statement::parse(&bytes)
        .map_err(|source| PublishError::Statement { account: row.account.clone(), source })?;
    Ok((statement, bytes))
}

/// Removes what was published of an account whose key is erased.
pub(crate) fn forget(folder: &Path, name: &str) -> Result<(), PublishError> {
    for it in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = it.path();
        if path.file_stem().is_some_and(|stem| stem == name) {
            fs::remove_file(&path).map_err(|source| PublishError::File { path, source })?;
        }
    }
    Ok(())
}

/// Writes a file so that it appears whole or not at all.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), PublishError> {
    let error = |source| PublishError::File { path: path.to_owned(), source };
    let mut name = path.as_os_str().to_owned();
    name.push(".staged");
    let staged = PathBuf::from(name);
    let mut file = File::create(&staged).map_err(error)?;
    file.write_all(bytes).map_err(error)?;
    fs::rename(&staged, path).map_err(error)
}

/// Checks a receipt, without store and network.
///
/// # Errors
/// [`Refusal`] names the first thing that does not hold.
pub fn verify_receipt(receipt: &[u8], trust: &Trust) -> Result<Verdict, Refusal> {
    statement::verify(receipt, trust)
}

/// Why a log does not hold.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// A file does not hold.
    #[error(transparent)]
    File(#[from] LogFault),
    /// A seal does not close, or does not continue the one before.
    #[error("entry {entry}, the seal of {settlement} in {currency}, does not hold: {source}")]
    Seal {
        /// The entry.
        entry: u64,
        /// The settlement.
        settlement: String,
        /// The currency.
        currency: Currency,
        /// Why.
        source: SealError,
    },
}

/// Checks a folder of the log's static files, every byte of it, and that every seal closes and continues
/// the one before.
///
/// With `since`, an older checkpoint and the key of then, also that the log continues it. Returns what was
/// found and how many seals there are.
///
/// # Errors
/// [`LogError`] names the first file or seal that does not hold.
pub fn verify_log_folder(
    folder: &Path,
    key: &VerifierKey,
    since: Option<(&[u8], &VerifierKey)>,
) -> Result<(LogFindings, usize), LogError> {
    let mut seals: Vec<(u64, Seal)> = Vec::new();
    let found = verify_log(folder, key, since, &mut |number, bytes| {
        seals.extend(Seal::parse(bytes).map(|it| (number, it)));
    })?;
    let mut last: BTreeMap<Currency, (u64, CheckedSeal)> = BTreeMap::new();
    for (entry, seal) in &seals {
        let before = last.get(&seal.currency);
        let named = before.map(|(number, _)| *number).into_iter().collect::<Vec<_>>();
        let checked = seal.check().and_then(|it| match before {
            _ if seal.previous != named => Err(SealError::Other { entry: *entry }),
            None => it.check_first().map(|()| it),
            Some((_, before)) => it.check_previous(before).map(|()| it),
        });
        let checked = checked.map_err(|source| LogError::Seal {
            entry: *entry,
            settlement: seal.settlement.clone(),
            currency: seal.currency,
            source,
        })?;
        last.insert(seal.currency, (*entry, checked));
    }
    Ok((found, seals.len()))
}
