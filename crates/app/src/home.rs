//! The home: store and lake, opened together and made whole again.

use std::path::{Path, PathBuf};

use ident::PartyId;
use lake::{FileEntry, Lake, LakeError};
use money::{Atoms, Currency};
use serde::Deserialize;
pub(crate) use statement::hex;
use store::{Store, StoreError, UsageFile};
use usage::Basis;

/// Shows how far long work is.
pub trait Progress {
    /// Says what is being done, how much of it is done, and how much there is (0 if not known).
    fn at(&mut self, what: &str, done: u64, total: u64);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn at(&mut self, _: &str, _: u64, _: u64) {}
}

/// What an operator sets; read from `leitmotif.toml` in the home.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Who issues statements, as payees read it.
    pub operator: String,
    /// The log's name: a host and a path that are yours. It cannot be changed once the log is
    /// begun, since every checkpoint carries it.
    pub origin: String,
    /// Where the last checkpoint is kept apart, best on another disk; a file in `keys` if empty.
    pub guard: PathBuf,
    /// The policy file: which witnesses are asked to cosign checkpoints; none if empty.
    pub policy: PathBuf,
    /// Whether a settlement is only closed after somebody approved exactly what is posted.
    pub approval: bool,
    /// The bank accounts that payees are paid from, of each currency the first.
    pub bank: Vec<PayingBank>,
    /// The payout contract, for payees who asked to be paid on a chain.
    pub payout: Option<PayoutConfig>,
}

/// The payout contract, and how to speak to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayoutConfig {
    /// The chain (EIP-155).
    pub chain_id: u64,
    /// The contract's address (ERC-55); empty until it is deployed.
    #[serde(default)]
    pub contract: String,
    /// The address of the token that it pays out.
    pub token: String,
    /// The currency that the token stands for.
    pub currency: String,
    /// The token's decimals.
    pub decimals: u32,
    /// A node's JSON-RPC address.
    pub rpc: String,
    /// The signer's JSON-RPC address.
    pub signer: String,
    /// How the signer is asked: `eth_signTransaction` or `account_signTransaction`.
    #[serde(default = "eth_sign")]
    pub signer_method: String,
    /// The account that publishes, whose key the signer has.
    pub from: String,
    /// The account that may veto; it is held against the contract, if it is set.
    #[serde(default)]
    pub guardian: String,
    /// The most that is offered for gas, in 10^9 wei.
    #[serde(default = "fee_gwei")]
    pub fee_gwei_max: u64,
    /// How many blocks a transaction waits for, its own among them.
    #[serde(default = "confirmations")]
    pub confirmations: u64,
}

fn eth_sign() -> String {
    "eth_signTransaction".to_owned()
}

const fn fee_gwei() -> u64 {
    100
}

const fn confirmations() -> u64 {
    3
}

/// A bank account that payees are paid from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PayingBank {
    /// For payments in this currency; empty means any.
    pub currency: String,
    /// Its IBAN; or `account` and `bank_code`.
    pub iban: String,
    /// Its number, if it has no IBAN.
    pub account: String,
    /// The bank's code in the country's clearing.
    pub bank_code: String,
    /// The bank's BIC; may be empty.
    pub bic: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            operator: "Operator without a name".to_owned(),
            origin: "leitmotif.invalid/royalties".to_owned(),
            guard: PathBuf::new(),
            policy: PathBuf::new(),
            approval: false,
            bank: Vec::new(),
            payout: None,
        }
    }
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not what is expected.
    #[error("{path} is not a configuration: {reason}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        reason: String,
    },
}

impl Config {
    /// Reads the home's configuration, or the defaults if it has none.
    ///
    /// # Errors
    /// [`ConfigError`] if the file is there and cannot be used.
    pub fn read(home: &Path) -> Result<Self, ConfigError> {
        let path = home.join("leitmotif.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => return Err(ConfigError::Read { path, source }),
        };
        toml::from_str(&text)
            .map_err(|error| ConfigError::Parse { path, reason: error.to_string() })
    }
}

/// Everything that is kept, open.
#[derive(Debug)]
pub struct Home {
    /// The database and the folders beside it.
    pub store: Store,
    /// The usage lines.
    pub lake: Lake,
    /// What the operator set.
    pub config: Config,
}

/// Why a home cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The database or a folder refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
}

impl Home {
    /// Opens a home, making it if need be, and finishes what a kill cut off: half-written usage
    /// files are removed, static files of the log are brought up to what is signed.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(folder: &Path, config: &Config) -> Result<Self, OpenError> {
        let mut store = Store::open(folder)?;
        if !config.guard.as_os_str().is_empty() {
            store.keep_checkpoint_at(config.guard.clone());
        }
        // First, because it refuses an older database, before which newer files must not be swept.
        store.publish_log()?;
        let lake = Lake::open(folder.join("lake"))?;
        // A recorded file that is missing is told by whoever needs its lines.
        lake.sweep(&manifest(&store)?)?;
        Ok(Self { store, lake, config: config.clone() })
    }

    /// Returns the folder that published statements lie in.
    #[must_use]
    pub fn statements_folder(&self) -> PathBuf {
        self.store.home().join("statements")
    }
}

/// Returns the lake's manifest as the store has it.
pub(crate) fn manifest(store: &Store) -> Result<Vec<FileEntry>, StoreError> {
    store.usage_files()?.iter().map(entry).collect()
}

fn entry(file: &UsageFile) -> Result<FileEntry, StoreError> {
    let corrupt = |detail: &str| StoreError::Corrupt {
        what: "the manifest of the lake",
        detail: format!("{}: {detail}", file.path),
    };
    let mut sha256 = [0_u8; 32];
    for (to, pair) in sha256.iter_mut().zip(file.sha256.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| corrupt("hash"))?;
        *to = u8::from_str_radix(pair, 16).map_err(|_| corrupt("hash"))?;
    }
    let amount = |((basis, currency), amount): (&(String, String), &Atoms)| {
        let basis = Basis::parse(basis).map_err(|_| corrupt("basis"))?;
        let currency = Currency::parse(currency).map_err(|_| corrupt("currency"))?;
        Ok(((basis, currency), *amount))
    };
    Ok(FileEntry {
        path: file.path.clone(),
        report: file.report.clone(),
        month: period::Month::parse(&file.month).map_err(|_| corrupt("month"))?,
        sender: file.sender.clone(),
        lines: file.lines,
        bytes: file.size_bytes,
        sha256,
        usages: file.usages,
        amounts: file.amounts.iter().map(amount).collect::<Result<_, StoreError>>()?,
    })
}

/// Returns a file of the lake as the store records it.
pub(crate) fn record(entry: &FileEntry) -> UsageFile {
    let amount = |((basis, currency), amount): (&(Basis, Currency), &Atoms)| {
        ((basis.as_str().to_owned(), currency.as_str().to_owned()), *amount)
    };
    UsageFile {
        path: entry.path.clone(),
        report: entry.report.clone(),
        month: entry.month.to_string(),
        sender: entry.sender.clone(),
        lines: entry.lines,
        size_bytes: entry.bytes,
        sha256: hex(&entry.sha256),
        usages: entry.usages,
        amounts: entry.amounts.iter().map(amount).collect(),
    }
}

/// An error with its causes, in one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(it) = cause {
        words.push_str(": ");
        words.push_str(&it.to_string());
        cause = it.source();
    }
    words
}

/// Returns a party's name as people read it: the English one, with the Korean one behind it.
pub(crate) fn party_name(catalogue: &catalog::Catalog, id: &PartyId) -> String {
    let Some(party) = catalogue.parties.get(id) else { return id.to_string() };
    let of = |language: &str| party.names.get(language).cloned();
    match (of("en"), of("ko")) {
        (Some(en), Some(ko)) if en != ko => format!("{en} ({ko})"),
        (Some(one), _) | (None, Some(one)) => one,
        (None, None) => party.names.values().next().cloned().unwrap_or_else(|| id.to_string()),
    }
}
