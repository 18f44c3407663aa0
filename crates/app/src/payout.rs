//! Paying on a chain: one root an epoch over what every account was ever due there.
//!
//! ```text
//! balances ─ plan ─ batch + epoch ─ publish ─ (signed, kept, sent, awaited) ─ claim files
//!                                      status ─ in effect | vetoed ─ note_veto: all is due again
//! ```
//!
//! A batch for the chain is one of [`payments`](crate::payments): the same taxes, the same balances,
//! each once. What is below the token's unit is in the cumulative sum, and is given out with a later
//! epoch.

mod claim;
mod plan;
mod publish;
mod settings;
mod status;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chain::{ClaimTree, Publication, RpcError, SendError, TreeError, Word, ident::ChainAddress};
use ledger::EntryError;
use money::Atoms;
use store::{ClaimRow, EpochRow, StoreError};

use crate::Home;
use crate::payments::PayError;

pub use claim::{
    Claimed, Deployment, check_claim, claim_files, claim_for, deploy, epoch_to_write, read_claim,
};
pub use plan::{Funding, Plan, epochs, funding, plan};
pub use publish::{Published, publish};
pub use settings::{Settings, SettingsError};
pub use status::{Alarm, PayeeStanding, Status, note_veto, status};

/// The largest total that the contract counts: 96 bits.
const TOTAL_MAX: u128 = (1 << 96) - 1;

/// Why something about payouts cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EpochError {
    /// The settings are missing or wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The batch cannot be made or marked.
    #[error(transparent)]
    Pay(#[from] PayError),
    /// The node, the contract or the signer refused.
    #[error(transparent)]
    Send(#[from] SendError),
    /// An entry does not balance.
    #[error("an entry cannot be made")]
    Entry(#[from] EntryError),
    /// The tree cannot be made.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// Another epoch is on its way.
    #[error("epoch {epoch} (batch {batch}) is {state}: {instead}")]
    Open {
        /// The epoch.
        epoch: u64,
        /// Its batch.
        batch: String,
        /// How far it is.
        state: &'static str,
        /// What to do first.
        instead: &'static str,
    },
    /// There is nothing to publish.
    #[error("no epoch is planned; `leitmotif payout plan` plans one")]
    NothingPlanned,
    /// There is no such epoch.
    #[error("there is no epoch {epoch} of this contract{hint}")]
    Unknown {
        /// What was asked for.
        epoch: u64,
        /// What else to do.
        hint: &'static str,
    },
    /// The settlement is not in the log.
    #[error(
        "settlement {settlement} is not in the log yet, and a root is bound to its entry; first \
         `leitmotif publish`"
    )]
    NotInLog {
        /// The settlement.
        settlement: String,
    },
    /// The log's checkpoint cannot be read.
    #[error("the log's checkpoint cannot be read: {detail}")]
    Checkpoint {
        /// What is wrong.
        detail: String,
    },
    /// A sum would fall.
    #[error(
        "{wallet} was due {before} of the token's units as of epoch {epoch}, and would be due {now} \
         by this one: a cumulative sum never falls. Restore the database from a backup"
    )]
    Falls {
        /// Whose.
        wallet: ChainAddress,
        /// The epoch before.
        epoch: u64,
        /// What it was.
        before: u128,
        /// What it would be.
        now: u128,
    },
    /// An epoch is not as it was planned.
    #[error("epoch {epoch} is not as it was planned; restore the database from a backup")]
    Changed {
        /// The epoch.
        epoch: u64,
    },
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    TooLarge,
    /// What would be planned is less than one unit.
    #[error("all that is due is less than the token's smallest unit, and is carried")]
    BelowUnit,
    /// The contract is not the one that the settings mean.
    #[error("the contract's {what} is {found}, and the settings say {expected}; nothing was sent")]
    Terms {
        /// What differs.
        what: &'static str,
        /// What the contract has.
        found: String,
        /// What the settings say.
        expected: String,
    },
    /// The contract is at another epoch.
    #[error(
        "the contract has published epoch {found}, and epoch {planned} is planned here; somebody else \
         published, or an older database was restored. Nothing was sent: see `leitmotif payout status`"
    )]
    Sequence {
        /// The newest one of the contract.
        found: u64,
        /// The one planned here.
        planned: u64,
    },
    /// The contract has a root that is not ours.
    #[error(
        "the root of epoch {epoch} on the chain is not one of ours; nothing was sent. See `leitmotif \
         payout status`, and have the guardian veto it if it still waits"
    )]
    Foreign {
        /// The epoch.
        epoch: u64,
    },
    /// The contract does not hold enough.
    #[error(
        "the contract was given {present} in all, and epoch {epoch} gives out {needed}: send \
         {missing} more of the token's units to {contract}, then publish again"
    )]
    Unfunded {
        /// The epoch.
        epoch: u64,
        /// What it gives out.
        needed: u128,
        /// What was ever sent to the contract.
        present: u128,
        /// What is missing.
        missing: u128,
        /// Where to.
        contract: ChainAddress,
    },
    /// Another root waits.
    #[error(
        "epoch {epoch} waits on the chain until {until_s} (seconds since 1970); publish after that"
    )]
    Waiting {
        /// The epoch.
        epoch: u64,
        /// When its delay is over.
        until_s: u64,
    },
    /// The veto that is to be noted did not happen.
    #[error("the contract does not say that epoch {epoch} was vetoed; nothing was noted")]
    NotVetoed {
        /// The epoch.
        epoch: u64,
    },
    /// A claim file is of no use.
    #[error("{path} cannot be used")]
    ClaimFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: chain::ClaimFileError,
    },
    /// The root in effect is another one.
    #[error(
        "the claim file is of epoch {epoch}, and the contract has {what}: ask the operator for the \
         newest claim file, or wait until its root is in effect"
    )]
    NotInEffect {
        /// The file's epoch.
        epoch: u64,
        /// What the contract has.
        what: String,
    },
    /// A file or folder refused.
    #[error("{path} cannot be read or written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl From<chain::PayoutError> for EpochError {
    fn from(error: chain::PayoutError) -> Self {
        Self::Send(error.into())
    }
}

impl From<RpcError> for EpochError {
    fn from(error: RpcError) -> Self {
        Self::Send(error.into())
    }
}

/// What each address was ever due, in the token's units.
type Sums = BTreeMap<ChainAddress, u128>;

/// What each address was ever due, in the token's units: several accounts of one address are one sum,
/// and what is below a unit is left for later.
fn sums(claims: &[ClaimRow], decimals: u32) -> Result<Sums, EpochError> {
    let mut exact: BTreeMap<ChainAddress, Atoms> = BTreeMap::new();
    for it in claims {
        let sum = exact.entry(it.wallet).or_default();
        *sum = sum.checked_add(it.cumulative).ok_or(EpochError::TooLarge)?;
    }
    let unit = unit(decimals);
    let whole = |(wallet, sum): (ChainAddress, Atoms)| {
        u128::try_from(sum.raw() / unit).map(|it| (wallet, it)).map_err(|_| EpochError::TooLarge)
    };
    let sums = exact.into_iter().map(whole).filter(|it| it.as_ref().is_ok_and(|it| it.1 > 0));
    sums.collect()
}

/// Atoms in the token's smallest unit.
fn unit(decimals: u32) -> i128 {
    10_i128.pow(18 - decimals.min(18))
}

/// Token units as an amount of its currency.
#[must_use]
pub fn amount_of(units: u128, decimals: u32) -> Option<Atoms> {
    let raw = i128::try_from(units).ok()?.checked_mul(unit(decimals))?;
    Some(Atoms::from_raw(raw))
}

/// An epoch's sums and tree, made anew and held against what was planned.
struct Whole {
    row: EpochRow,
    claims: Vec<ClaimRow>,
    sums: Sums,
    tree: ClaimTree,
}

fn whole(home: &Home, row: EpochRow) -> Result<Whole, EpochError> {
    let claims = home.store.claims(&row.batch)?;
    let sums = sums(&claims, row.decimals)?;
    let tree = ClaimTree::new(row.chain_id, row.contract, sums.iter().map(|it| (*it.0, *it.1)))?;
    let total = sums.values().try_fold(0_u128, |sum, it| sum.checked_add(*it));
    match tree.root().to_string() == row.root && total == Some(row.total) {
        true => Ok(Whole { row, claims, sums, tree }),
        false => Err(EpochError::Changed { epoch: row.epoch }),
    }
}

impl Whole {
    fn publication(&self, (seal_index, tree_size, log_root): (u64, u64, Word)) -> Publication {
        Publication {
            epoch: self.row.epoch,
            root: self.tree.root(),
            total: self.row.total,
            seal_index,
            tree_size,
            log_root,
        }
    }
}
