//! What is paid on a chain: epochs, what each account was ever due, and the transaction of each.

use ident::ChainAddress;
use ledger::{Account, Entry};
use money::Atoms;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use crate::Store;
use crate::act::Act;
use crate::error::StoreError;
use crate::log::NewEntry;
use crate::payment::{BatchRow, PaymentRow, ReturnRow};
use crate::report::int;

/// How far an epoch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpochState {
    /// Its batch is proposed; nothing is signed.
    Planned,
    /// Its transaction is signed, and may be on the chain.
    Sending,
    /// Its root waits on the chain; its batch is sent.
    Published,
    /// Its root is, or was, in effect.
    Effective,
    /// Its root was vetoed; its payments came back.
    Vetoed,
    /// Its batch was cancelled before anything was signed.
    Cancelled,
}

impl EpochState {
    const ALL: [Self; 6] = [
        Self::Planned,
        Self::Sending,
        Self::Published,
        Self::Effective,
        Self::Vetoed,
        Self::Cancelled,
    ];

    /// The token used in the database and by the doors.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sending => "sending",
            Self::Published => "published",
            Self::Effective => "effective",
            Self::Vetoed => "vetoed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// An epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochRow {
    /// Its batch of payments.
    pub batch: String,
    /// The chain (EIP-155).
    pub chain_id: u64,
    /// The payout contract.
    pub contract: ChainAddress,
    /// Its number there, from 1.
    pub epoch: u64,
    /// Decimals of the token.
    pub decimals: u32,
    /// The root of its claim tree, `0x` and hex.
    pub root: String,
    /// What all accounts were ever due, in the token's unit.
    pub total: u128,
    /// How far it is.
    pub state: EpochState,
    /// What it follows from, and its transaction, once that is signed.
    pub sending: Option<Sending>,
}

/// The signed transaction of an epoch, with what it binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// The log's entry that the sums follow from.
    pub seal: u64,
    /// The size of a log that has it.
    pub tree_size: u64,
    /// The root of that log, `0x` and hex.
    pub log_root: String,
    /// The bytes.
    pub raw: Vec<u8>,
    /// Its hash, `0x` and hex.
    pub hash: String,
    /// Whose it is.
    pub from: ChainAddress,
    /// Its number among those of that account.
    pub nonce: u64,
}

/// What an account was ever due at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRow {
    /// The account.
    pub account: Account,
    /// Where it is paid.
    pub wallet: ChainAddress,
    /// What it was ever due there, exact.
    pub cumulative: Atoms,
}

const EPOCH_COLUMNS: &str = "batch, chain_id, contract, epoch, decimals, root, total, state, seal,
    tree_size, log_root, sent_raw, sent_hash, sent_from, sent_nonce";

impl Store {
    /// Writes a proposed batch that goes by the chain, with its epoch and what accounts were ever due.
    ///
    /// # Errors
    /// [`StoreError`], also if a balance waits already or another epoch is on its way; nothing is
    /// written then.
    pub fn propose_epoch(
        &mut self,
        (batch, payments): (&BatchRow, &[PaymentRow]),
        epoch: &EpochRow,
        claims: &[ClaimRow],
        act: &Act,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| {
            crate::payment::propose(tx, batch, payments, act)?;
            tx.execute(
                "INSERT INTO payout_epoch (batch, chain_id, contract, epoch, decimals, root, total,
                                           state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'planned')",
                params![
                    epoch.batch,
                    int(epoch.chain_id),
                    epoch.contract.to_string(),
                    int(epoch.epoch),
                    epoch.decimals,
                    epoch.root,
                    epoch.total.to_string(),
                ],
            )?;
            let mut insert = tx.prepare("INSERT INTO payout_claim VALUES (?1, ?2, ?3, ?4)")?;
            for it in claims {
                let (account, wallet) = (it.account.to_string(), it.wallet.to_string());
                let cumulative = it.cumulative.to_string();
                insert.execute(params![epoch.batch, account, wallet, cumulative])?;
            }
            Ok(())
        })
    }

    /// Keeps the signed transaction of a planned epoch, before it is sent.
    ///
    /// # Errors
    /// [`StoreError`], also if the epoch is not planned.
    pub fn begin_sending(&mut self, batch: &str, it: &Sending) -> Result<(), StoreError> {
        self.transaction(|tx| {
            let noted = tx.execute(
                "UPDATE payout_epoch
                 SET state = 'sending', seal = ?2, tree_size = ?3, log_root = ?4, sent_raw = ?5,
                     sent_hash = ?6, sent_from = ?7, sent_nonce = ?8
                 WHERE batch = ?1 AND state = 'planned'",
                params![
                    batch,
                    int(it.seal),
                    int(it.tree_size),
                    it.log_root,
                    it.raw,
                    it.hash,
                    it.from.to_string(),
                    int(it.nonce),
                ],
            )?;
            one(noted, batch)
        })
    }

    /// Forgets a transaction that can never be done: the epoch is planned again.
    ///
    /// # Errors
    /// [`StoreError`], also if the epoch is not being sent.
    pub fn stop_sending(&mut self, batch: &str) -> Result<(), StoreError> {
        self.transaction(|tx| {
            let noted = tx.execute(
                "UPDATE payout_epoch
                 SET state = 'planned', seal = NULL, tree_size = NULL, log_root = NULL,
                     sent_raw = NULL, sent_hash = NULL, sent_from = NULL, sent_nonce = NULL
                 WHERE batch = ?1 AND state = 'sending'",
                [batch],
            )?;
            one(noted, batch)
        })
    }

    /// Notes that an epoch's root is on the chain: its batch is sent, and its entries are posted.
    ///
    /// # Errors
    /// [`StoreError`], also if the epoch is not being sent; nothing is written then.
    pub fn publish_epoch(
        &mut self,
        batch: &str,
        entries: &[Entry],
        act: &Act,
        told: &NewEntry<'_>,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| {
            become_state(tx, batch, EpochState::Sending, EpochState::Published)?;
            crate::payment::send(tx, batch, entries, (act, told))
        })
    }

    /// Notes that an epoch's root is in effect.
    ///
    /// # Errors
    /// [`StoreError`], also if the epoch is not published.
    pub fn note_effect(&mut self, batch: &str) -> Result<(), StoreError> {
        self.transaction(|tx| become_state(tx, batch, EpochState::Published, EpochState::Effective))
    }

    /// Notes that an epoch's root was vetoed: all its payments came back.
    ///
    /// # Errors
    /// [`StoreError`], also if the epoch is not published; nothing is written then.
    pub fn veto_epoch(
        &mut self,
        batch: &str,
        returns: &[(ReturnRow, Entry)],
        act: &Act,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| {
            become_state(tx, batch, EpochState::Published, EpochState::Vetoed)?;
            for (it, entry) in returns {
                crate::payment::take_back(tx, it, entry)?;
            }
            crate::act::add(tx, act)
        })
    }

    /// Returns all epochs, in the order of their batches' proposal.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn epochs(&self) -> Result<Vec<EpochRow>, StoreError> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT {EPOCH_COLUMNS} FROM payout_epoch ORDER BY
             (SELECT at FROM payment_batch WHERE id = batch), epoch, batch"
        ))?;
        let rows = statement.query_and_then([], epoch_row)?;
        rows.collect()
    }

    /// Returns the epoch of a batch, if it goes by the chain.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn epoch_of(&self, batch: &str) -> Result<Option<EpochRow>, StoreError> {
        let sql = format!("SELECT {EPOCH_COLUMNS} FROM payout_epoch WHERE batch = ?1");
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query_and_then([batch], epoch_row)?;
        rows.next().transpose()
    }

    /// Returns what accounts were ever due as of an epoch, by account and address.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn claims(&self, batch: &str) -> Result<Vec<ClaimRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT account, wallet, cumulative FROM payout_claim WHERE batch = ?1
             ORDER BY account, wallet",
        )?;
        let rows = statement.query_and_then([batch], |row| {
            let text = |at: usize| row.get::<_, String>(at);
            Ok(ClaimRow {
                account: read(Account::parse, &text(0)?)?,
                wallet: read(ChainAddress::parse, &text(1)?)?,
                cumulative: read(Atoms::parse, &text(2)?)?,
            })
        })?;
        rows.collect()
    }
}

/// An epoch goes with its batch, as long as nothing is signed.
pub(crate) fn cancel(tx: &Transaction<'_>, batch: &str) -> Result<(), StoreError> {
    let sql = "SELECT state FROM payout_epoch WHERE batch = ?1";
    let state: Option<String> = tx.query_row(sql, [batch], |row| row.get(0)).optional()?;
    match state {
        Some(_) => become_state(tx, batch, EpochState::Planned, EpochState::Cancelled),
        None => Ok(()),
    }
}

fn become_state(
    tx: &Transaction<'_>,
    batch: &str,
    from: EpochState,
    to: EpochState,
) -> Result<(), StoreError> {
    let noted = tx.execute(
        "UPDATE payout_epoch SET state = ?3 WHERE batch = ?1 AND state = ?2",
        [batch, from.as_str(), to.as_str()],
    )?;
    one(noted, batch)
}

fn one(noted: usize, batch: &str) -> Result<(), StoreError> {
    match noted {
        1 => Ok(()),
        _ => Err(StoreError::corrupt("the state of an epoch", batch)),
    }
}

fn epoch_row(row: &Row<'_>) -> Result<EpochRow, StoreError> {
    let text = |at: usize| row.get::<_, String>(at);
    let long = |at: usize| row.get::<_, i64>(at).map(i64::unsigned_abs);
    let state = text(7)?;
    let known = EpochState::ALL.into_iter().find(|it| it.as_str() == state);
    let sending = match row.get::<_, Option<Vec<u8>>>(11)? {
        None => None,
        Some(raw) => Some(Sending {
            seal: long(8)?,
            tree_size: long(9)?,
            log_root: text(10)?,
            raw,
            hash: text(12)?,
            from: read(ChainAddress::parse, &text(13)?)?,
            nonce: long(14)?,
        }),
    };
    Ok(EpochRow {
        batch: text(0)?,
        chain_id: long(1)?,
        contract: read(ChainAddress::parse, &text(2)?)?,
        epoch: long(3)?,
        decimals: row.get(4)?,
        root: text(5)?,
        total: read(str::parse::<u128>, &text(6)?)?,
        state: known.ok_or_else(|| StoreError::corrupt("the state of an epoch", state))?,
        sending,
    })
}

fn read<T, E: std::fmt::Display>(
    parse: impl Fn(&str) -> Result<T, E>,
    text: &str,
) -> Result<T, StoreError> {
    parse(text).map_err(|error| StoreError::corrupt("an epoch", error))
}
