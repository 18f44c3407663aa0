//! Seals of settlements, and the random bytes that keys of statements are derived from.

use std::collections::BTreeMap;

use ledger::Account;
use money::Currency;
use rusqlite::{OptionalExtension as _, params};

use crate::Store;
use crate::error::StoreError;
use crate::log::{NewEntry, stage};
use crate::past::EARLIER;
use crate::report::int;

/// The nonces of a settlement's accounts; none of an account that was shredded.
pub type Nonces = BTreeMap<String, Option<[u8; 32]>>;

/// An account in a seal: enough to build its tree again, nothing that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafRow {
    /// The account.
    pub account: String,
    /// What stands for it in the seal.
    pub pseudonym: [u8; 32],
    /// Its node, in bytes.
    pub leaf: Vec<u8>,
    /// The root over its lines, in bytes.
    pub lines: Vec<u8>,
}

/// A seal to be staged.
#[derive(Clone, Debug)]
pub struct NewSeal {
    /// The currency.
    pub currency: Currency,
    /// The entry's bytes.
    pub bytes: Vec<u8>,
    /// Its accounts.
    pub leaves: Vec<LeafRow>,
}

impl Store {
    /// Stages the seals of a settlement, one a currency; the settlement is sealed then.
    ///
    /// # Errors
    /// [`StoreError`]; none of them is there then.
    pub fn add_seals(&mut self, settlement: &str, seals: &[NewSeal]) -> Result<(), StoreError> {
        self.transaction(|tx| {
            let mut insert =
                tx.prepare_cached("INSERT INTO seal_leaf VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
            for NewSeal { currency, bytes, leaves } in seals {
                let entry = stage(tx, &NewEntry { kind: "seal", subject: settlement, bytes })?;
                for it in leaves {
                    let pseudonym = it.pseudonym.as_slice();
                    insert.execute(params![
                        settlement,
                        currency.as_str(),
                        it.account,
                        pseudonym,
                        it.leaf,
                        it.lines
                    ])?;
                }
                tx.execute(
                    "INSERT INTO seal (settlement, currency, entry) VALUES (?1, ?2, ?3)",
                    params![settlement, currency.as_str(), int(entry)],
                )?;
            }
            tx.execute("UPDATE settlement SET sealed = 1 WHERE id = ?1", [settlement])?;
            Ok(())
        })
    }

    /// Returns the entries of the log with the seals of a settlement.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn seals(&self, settlement: &str) -> Result<BTreeMap<Currency, u64>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT currency, entry FROM seal WHERE settlement = ?1 ORDER BY currency")?;
        let rows = statement.query_and_then([settlement], |row| {
            let code: String = row.get(0)?;
            let currency = Currency::parse(&code)
                .map_err(|error| StoreError::corrupt("a seal's currency", error))?;
            Ok((currency, row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        rows.collect()
    }

    /// Returns the nonces of a settlement's accounts, making those that are not there yet.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses, or there are no random bytes.
    pub fn nonces(
        &mut self,
        settlement: &str,
        accounts: impl Iterator<Item = String>,
    ) -> Result<Nonces, StoreError> {
        self.transaction(|tx| {
            let mut nonces = Nonces::new();
            let mut find = tx
                .prepare_cached("SELECT nonce FROM nonce WHERE settlement = ?1 AND account = ?2")?;
            let mut add = tx.prepare_cached(
                "INSERT INTO nonce (settlement, account, nonce) VALUES (?1, ?2, ?3)",
            )?;
            for account in accounts {
                let known: Option<Option<Vec<u8>>> =
                    find.query_row([settlement, &account], |row| row.get(0)).optional()?;
                let nonce = match known {
                    Some(None) => None,
                    Some(Some(bytes)) => Some(
                        <[u8; 32]>::try_from(bytes.as_slice())
                            .map_err(|_| StoreError::corrupt("a nonce", &account))?,
                    ),
                    None => {
                        let bytes = crate::keys::random_seed()?;
                        add.execute(params![settlement, account, bytes.as_slice()])?;
                        Some(bytes)
                    }
                };
                nonces.insert(account, nonce);
            }
            Ok(nonces)
        })
    }

    /// Returns the nonce of an account in a settlement; none if there is none, or it was erased.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn nonce(&self, settlement: &str, account: &str) -> Result<Option<[u8; 32]>, StoreError> {
        let sql = "SELECT nonce FROM nonce WHERE settlement = ?1 AND account = ?2";
        let bytes: Option<Option<Vec<u8>>> =
            self.connection.query_row(sql, [settlement, account], |row| row.get(0)).optional()?;
        let bytes = bytes.flatten().map(<[u8; 32]>::try_from).transpose();
        bytes.map_err(|_| StoreError::corrupt("a nonce", account))
    }

    /// Returns the accounts of a seal.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn seal_leaves(
        &self,
        settlement: &str,
        currency: Currency,
    ) -> Result<Vec<LeafRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT account, pseudonym, leaf, lines FROM seal_leaf
             WHERE settlement = ?1 AND currency = ?2 ORDER BY account",
        )?;
        let rows = statement.query_and_then([settlement, currency.as_str()], |row| {
            let account: String = row.get(0)?;
            let pseudonym: Vec<u8> = row.get(1)?;
            let pseudonym = pseudonym
                .try_into()
                .map_err(|_| StoreError::corrupt("an account of a seal", &account))?;
            Ok(LeafRow { account, pseudonym, leaf: row.get(2)?, lines: row.get(3)? })
        })?;
        rows.collect()
    }

    /// Returns the last settlement before another that has a seal in a currency, with the seal's entry.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn sealed_before(
        &self,
        settlement: &str,
        currency: Currency,
    ) -> Result<Option<(String, u64)>, StoreError> {
        let sql = format!(
            "SELECT seal.settlement, seal.entry FROM seal JOIN settlement ON settlement.id = seal.settlement
             WHERE seal.settlement IN ({EARLIER}) AND seal.currency = ?2
             ORDER BY settlement.end_day DESC LIMIT 1"
        );
        let row = self
            .connection
            .query_row(&sql, [settlement, currency.as_str()], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })
            .optional()?;
        Ok(row)
    }

    /// Erases what keys of an account's statements are derived from, in all settlements; returns how many
    /// there were. What seals keep of it stays, and opens nothing.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is erased then.
    pub fn shred(&mut self, account: &Account) -> Result<usize, StoreError> {
        // Erased bytes are overwritten, also those in the write-ahead log.
        self.connection.pragma_update(None, "secure_delete", true)?;
        let erased = self.connection.execute(
            "UPDATE nonce SET nonce = NULL WHERE account = ?1 AND nonce IS NOT NULL",
            [account.to_string()],
        )?;
        self.connection.pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
        Ok(erased)
    }
}
