//! The receipts of a settlement in one file, each sealed to its payee; and what opens them.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use envelope::{
    BundleFault, BundleReader, BundleWriter, Draw, Identity, OpenError, WriteError, open, unpad,
};
use ident::PartyId;
use ledger::Account;
use sha2::{Digest as _, Sha256};
use statement::{Receipt, file_stem, hex};
use store::{SettlementRow, StatementRow, StoreError};

use crate::publish::{INDEX_FILE, PublishError, write};
use crate::{Home, Progress};

/// The name of a bundle beside the other files of its settlement.
pub const BUNDLE_FILE: &str = "receipts.bundle";

/// How many letters of a receipt's hash make its name.
const NAME_LETTERS: usize = 16;

/// What was put into a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleOutcome {
    /// The settlement.
    pub settlement: String,
    /// The bundle.
    pub path: PathBuf,
    /// How many receipts it has.
    pub receipts: u32,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// The parties that have a receipt and no key to seal it to.
    pub without_key: Vec<String>,
    /// How many accounts were left out since their keys are erased.
    pub erased: usize,
}

/// Why a bundle cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file refused.
    #[error("{path} cannot be read or written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A receipt cannot be sealed, or the bundle not be written.
    #[error("{path} cannot be made")]
    Write {
        /// The bundle.
        path: PathBuf,
        /// Why.
        source: WriteError,
    },
    /// No settlement has this id.
    #[error("no settlement is called {settlement:?}; `leitmotif settle` lists them")]
    Unknown {
        /// The id that was asked for.
        settlement: String,
    },
    /// There are no receipts yet.
    #[error("{settlement} has no receipts yet: `leitmotif publish {settlement}` makes them")]
    NotPublished {
        /// The settlement.
        settlement: String,
    },
    /// A file is not the receipt that has to be there.
    #[error(
        "{path} is not the receipt of {account}: something was changed after it was published; \
         `leitmotif publish {settlement}` makes it again"
    )]
    OtherReceipt {
        /// The file.
        path: PathBuf,
        /// Whose receipt has to be there.
        account: String,
        /// Of which settlement.
        settlement: String,
    },
    /// Nobody could open anything.
    #[error(
        "no payee of {settlement} has a receipt_key in the catalogue, so there is nobody to seal a receipt \
         to: a payee makes a key with `leitmotif bundle new-identity FILE` and gives you the line `age1…`"
    )]
    NoKeys {
        /// The settlement.
        settlement: String,
    },
}

fn refused(path: &Path) -> impl FnOnce(std::io::Error) -> BundleError + '_ {
    |source| BundleError::File { path: path.to_owned(), source }
}

/// Seals every receipt of a published settlement to its payee, and writes all into one file.
///
/// It stands beside them, or at `to`, and appears whole or not at all. In memory is one receipt at a time;
/// until the file is there, the disk holds it twice.
///
/// # Errors
/// [`BundleError`].
pub fn make_bundle(
    home: &Home,
    settlement: &str,
    to: Option<&Path>,
    progress: &mut dyn Progress,
) -> Result<BundleOutcome, BundleError> {
    let settlements = home.store.settlements()?;
    let Some(row) = settlements.iter().find(|it| it.id == settlement) else {
        return Err(BundleError::Unknown { settlement: settlement.to_owned() });
    };
    let folder = home.statements_folder().join(&row.id);
    if !row.sealed || !folder.join(INDEX_FILE).exists() {
        return Err(BundleError::NotPublished { settlement: row.id.clone() });
    }
    let path = to.map_or_else(|| folder.join(BUNDLE_FILE), Path::to_owned);
    let spool_path = beside(&path, "spool");
    let made = seal_all(home, row, &folder, (&path, &spool_path), progress);
    // On the way out of any failure nothing stays behind; a kill leaves what the next run overwrites.
    for it in [&spool_path, &beside(&path, "staged")] {
        match fs::remove_file(it) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound && made.is_ok() => {
                return Err(refused(it)(error));
            }
            _ => {}
        }
    }
    made
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn seal_all(
    home: &Home,
    row: &SettlementRow,
    folder: &Path,
    (path, spool_path): (&Path, &Path),
    progress: &mut dyn Progress,
) -> Result<BundleOutcome, BundleError> {
    let parties = home.store.catalogue()?.parties;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(true);
    let spool = options.open(spool_path).map_err(refused(spool_path))?;
    let unwritten = |source| BundleError::Write { path: path.to_owned(), source };
    let mut writer = BundleWriter::new(spool);
    let (mut without_key, mut erased) = (Vec::new(), 0);
    let rows = home.store.statements(Some(&row.id))?;
    let total = rows.len() as u64;
    for (done, it) in (0..).zip(&rows) {
        progress.at("sealing receipts", done, total);
        let Some(party) = payee(&it.account) else { continue };
        if home.store.nonce(&row.id, &it.account)?.is_none() {
            erased += 1;
            continue;
        }
        let Some(key) = parties.get(&party).and_then(|it| it.receipt_key) else {
            without_key.push(party.to_string());
            continue;
        };
        let draw = Draw::from_bytes(store::random_bytes()?);
        writer.add(&key, &receipt(folder, it)?, draw).map_err(unwritten)?;
    }
    // Accounts come in the order of their names, a party's not always together.
    without_key.sort_unstable();
    without_key.dedup();
    if writer.is_empty() {
        return Err(BundleError::NoKeys { settlement: row.id.clone() });
    }
    progress.at("writing the bundle", 0, 0);
    let staged_path = beside(path, "staged");
    let staged = File::create(&staged_path).map_err(refused(&staged_path))?;
    let written = writer.finish(&row.id, BufWriter::new(&staged)).map_err(unwritten)?;
    staged.sync_all().map_err(refused(&staged_path))?;
    fs::rename(&staged_path, path).map_err(refused(path))?;
    Ok(BundleOutcome {
        settlement: row.id.clone(),
        path: path.to_owned(),
        receipts: written.receipts,
        bytes: written.bytes,
        without_key,
        erased,
    })
}

/// Whose statement an account's is; none if it is the operator's own.
fn payee(account: &str) -> Option<PartyId> {
    match Account::parse(account).ok()? {
        Account::Fee(party) => Some(party),
        account => account.payee().cloned(),
    }
}

/// Reads a published receipt, and makes sure that it is not somebody else's: it is about to be sealed to
/// who this one is for.
fn receipt(folder: &Path, row: &StatementRow) -> Result<Vec<u8>, BundleError> {
    let name = file_stem(&row.account, row.currency);
    let path = folder.join(format!("{name}.receipt"));
    let bytes = fs::read(&path).map_err(refused(&path))?;
    let is_it = |it: Receipt| {
        let it = it.statement;
        (it.account == row.account)
            && (it.currency == row.currency)
            && (it.settlement == row.settlement)
    };
    match Receipt::parse(&bytes).is_ok_and(is_it) {
        true => Ok(bytes),
        false => Err(BundleError::OtherReceipt {
            path,
            account: row.account.clone(),
            settlement: row.settlement.clone(),
        }),
    }
}

/// Removes the bundle of a settlement; says whether there was one.
pub(crate) fn forget_bundle(folder: &Path) -> Result<bool, PublishError> {
    let path = folder.join(BUNDLE_FILE);
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(PublishError::File { path, source }),
    }
}

/// A fresh identity.
///
/// # Errors
/// [`StoreError`] if the system gives no random bytes.
pub fn new_identity() -> Result<Identity, StoreError> {
    store::random_bytes().map(Identity::from_bytes)
}

/// What of a bundle was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedBundle {
    /// The settlement that it says it is of.
    pub settlement: String,
    /// How many receipts it has.
    pub sealed: u32,
    /// Those that opened, in the order of the bundle.
    pub receipts: Vec<PathBuf>,
}

/// Why a bundle cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenBundleError {
    /// A file refused.
    #[error("{path} cannot be read or written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// An opened receipt cannot be written.
    #[error(transparent)]
    Receipt(#[from] PublishError),
    /// The file is no bundle, or was changed.
    #[error("{path} cannot be opened")]
    Bundle {
        /// The bundle.
        path: PathBuf,
        /// Why.
        source: BundleFault,
    },
    /// One of the receipts was changed after it was sealed.
    #[error("receipt {at} of {path} cannot be opened")]
    Sealed {
        /// The bundle.
        path: PathBuf,
        /// Which, from 1.
        at: u64,
        /// Why.
        source: OpenError,
    },
    /// One of the receipts was sealed in another way than it has to be.
    #[error("receipt {at} of {path} opens, and is not padded as it has to be")]
    Padding {
        /// The bundle.
        path: PathBuf,
        /// Which, from 1.
        at: u64,
    },
}

/// Tries identities on each receipt of a bundle, and writes what opens into a folder, under the beginning
/// of its hash. Needs no home.
///
/// # Errors
/// [`OpenBundleError`]; what opened before is written.
pub fn open_bundle(
    path: &Path,
    identities: &[Identity],
    to: &Path,
    progress: &mut dyn Progress,
) -> Result<OpenedBundle, OpenBundleError> {
    let unread = |source| OpenBundleError::File { path: path.to_owned(), source };
    let broken = |source| OpenBundleError::Bundle { path: path.to_owned(), source };
    let file = File::open(path).map_err(unread)?;
    let mut reader = BundleReader::new(BufReader::with_capacity(1 << 16, file)).map_err(broken)?;
    let (mut receipts, mut sealed) = (Vec::new(), Vec::new());
    let total = u64::from(reader.receipts());
    let mut at = 0;
    while reader.next(&mut sealed).map_err(broken)? {
        progress.at("trying receipts", at, total);
        at += 1;
        let padded = match open(identities, &sealed) {
            Ok(padded) => padded,
            Err(OpenError::NoMatch) => continue,
            Err(source) => {
                return Err(OpenBundleError::Sealed { path: path.to_owned(), at, source });
            }
        };
        let receipt =
            unpad(padded).ok_or_else(|| OpenBundleError::Padding { path: path.to_owned(), at })?;
        fs::create_dir_all(to)
            .map_err(|source| OpenBundleError::File { path: to.to_owned(), source })?;
        let name = hex(&Sha256::digest(&receipt));
        let name = to.join(format!("{}.receipt", &name[..NAME_LETTERS]));
        write(&name, &receipt)?;
        receipts.push(name);
    }
    let (settlement, sealed) = (reader.settlement().to_owned(), reader.receipts());
    Ok(OpenedBundle { settlement, sealed, receipts })
}
