//! The transparency log in the database.
//!
//! Entries are **staged** in the transaction of what they tell about, so neither is there without the
//! other; **signing** makes tiles and a checkpoint of all that is staged, in a transaction of its own;
//! **publishing** writes the static files afterwards (see `publish`). Whatever is cut off between them
//! goes on at the next start, by the same path.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use tlog::{
    Checkpoint, Hash, HashReader, SigningKey, TileId, grow, leaf_hash, prove_consistency,
    prove_inclusion, root,
};

use crate::Store;
use crate::error::StoreError;
use crate::report::int;

/// How far the log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogState {
    /// The entries that are signed.
    pub size: u64,
    /// The newest checkpoint, with the cosignatures it has; none while the log is empty.
    pub note: Option<String>,
    /// The entries whose static files are written.
    pub published: u64,
    /// The entries that wait to be signed.
    pub staged: u64,
}

/// An entry to be staged.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'a> {
    /// What it is: `report`, `seal` and so on.
    pub kind: &'a str,
    /// What it is about, in our own words.
    pub subject: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl Store {
    /// Returns how far the log is.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn log_state(&self) -> Result<LogState, StoreError> {
        let newest = newest(&self.connection)?;
        let published: i64 =
            self.connection.query_row("SELECT size FROM log_published", [], |row| row.get(0))?;
        let (size, note) = newest.map_or((0, None), |(size, note)| (size, Some(note)));
        let staged = entries(&self.connection)?.saturating_sub(size);
        let note = note.map(|it| self.with_cosignatures(size, it)).transpose()?;
        Ok(LogState { size, note, published: published.unsigned_abs(), staged })
    }

    fn with_cosignatures(&self, size: u64, mut note: String) -> Result<String, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT line FROM log_cosignature WHERE size = ?1 ORDER BY line")?;
        let mut rows = statement.query([int(size)])?;
        while let Some(row) = rows.next()? {
            note.push_str(&row.get::<_, String>(0)?);
        }
        Ok(note)
    }

    /// Stages an entry; returns the number that it has.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn stage(&mut self, entry: &NewEntry<'_>) -> Result<u64, StoreError> {
        self.transaction(|tx| stage(tx, entry))
    }

    /// Stages entries together, all or none.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn stage_all(&mut self, entries: &[NewEntry<'_>]) -> Result<(), StoreError> {
        self.transaction(|tx| entries.iter().try_for_each(|it| stage(tx, it).map(drop)))
    }

    /// Returns the newest entry of a kind about something: its number and its bytes.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn entry_about(
        &self,
        kind: &str,
        subject: &str,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let sql = "SELECT number, bytes FROM log_entry WHERE kind = ?1 AND subject = ?2
                   ORDER BY number DESC LIMIT 1";
        let row = self
            .connection
            .query_row(sql, [kind, subject], |row| {
                Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))
            })
            .optional()?;
        Ok(row)
    }

    /// Signs a checkpoint over everything that is staged; does nothing if nothing is.
    ///
    /// # Errors
    /// [`StoreError`]; the log is as it was then.
    pub fn sign_log(&mut self, key: &SigningKey, at: &str) -> Result<(), StoreError> {
        self.transaction(|tx| sign(tx, &[key], key, at))
    }

    /// Stages an entry, and signs a last checkpoint with the key so far and the key from now on.
    ///
    /// # Errors
    /// [`StoreError`]; the log is as it was then.
    pub fn sign_change(
        &mut self,
        entry: &NewEntry<'_>,
        old: &SigningKey,
        new: &SigningKey,
        at: &str,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| {
            stage(tx, entry)?;
            sign(tx, &[old, new], old, at)
        })
    }

    /// Returns an entry and its inclusion proof under the newest checkpoint.
    ///
    /// # Errors
    /// [`StoreError`] if the log cannot be read or is too short.
    pub fn log_proof(&self, index: u64) -> Result<(Vec<u8>, Vec<Hash>), StoreError> {
        let (size, _) = newest(&self.connection)?.ok_or_else(is_empty)?;
        let hashes = prove_inclusion(index, size, &Tiles(&self.connection)).map_err(log)?;
        let entry = self.log_entries(index, index.saturating_add(1))?.pop();
        Ok((entry.ok_or_else(|| StoreError::corrupt("the log", "an entry is missing"))?, hashes))
    }

    /// Returns the proof that the newest checkpoint continues an older size.
    ///
    /// # Errors
    /// [`StoreError`] if the log cannot be read, or was never that small.
    pub fn log_consistency(&self, old: u64) -> Result<Vec<Hash>, StoreError> {
        let (size, _) = newest(&self.connection)?.ok_or_else(is_empty)?;
        match old {
            0 => Ok(Vec::new()),
            _ => prove_consistency(old, size, &Tiles(&self.connection)).map_err(log),
        }
    }

    /// Keeps signature lines of witnesses under the checkpoint of a size.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn add_cosignatures(&mut self, size: u64, lines: &[String]) -> Result<(), StoreError> {
        self.transaction(|tx| {
            for line in lines {
                tx.execute(
                    "INSERT OR IGNORE INTO log_cosignature (size, line) VALUES (?1, ?2)",
                    params![int(size), line],
                )?;
            }
            Ok(())
        })
    }

    /// Returns the largest size below another that a witness cosigned; 0 if none did.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn cosigned_before(&self, size: u64) -> Result<u64, StoreError> {
        let newest: Option<i64> = self.connection.query_row(
            "SELECT max(size) FROM log_cosignature WHERE size < ?1",
            [int(size)],
            |row| row.get(0),
        )?;
        Ok(newest.map_or(0, i64::unsigned_abs))
    }

    /// Returns entries of the log, from one index to another.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn log_entries(&self, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT bytes FROM log_entry WHERE number >= ?1 AND number < ?2 ORDER BY number",
        )?;
        let rows = statement.query_and_then([int(from), int(to)], |row| Ok(row.get(0)?))?;
        rows.collect()
    }
}

/// Stages an entry within a transaction; returns the number that it has.
pub(crate) fn stage(tx: &Transaction<'_>, entry: &NewEntry<'_>) -> Result<u64, StoreError> {
    let number = entries(tx)?;
    tx.prepare_cached(
        "INSERT INTO log_entry (number, bytes, kind, subject) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![int(number), entry.bytes, entry.kind, entry.subject])?;
    Ok(number)
}

/// How many entries there are, signed or not.
fn entries(connection: &Connection) -> Result<u64, StoreError> {
    let newest: Option<i64> =
        connection.query_row("SELECT max(number) FROM log_entry", [], |row| row.get(0))?;
    Ok(newest.map_or(0, |it| it.unsigned_abs().saturating_add(1)))
}

/// Signs with `keys` what is staged; the checkpoint so far was signed by `known`.
fn sign(
    tx: &Transaction<'_>,
    keys: &[&SigningKey],
    known: &SigningKey,
    at: &str,
) -> Result<(), StoreError> {
    let old = newest(tx)?;
    let first = old.as_ref().map_or(0, |(size, _)| *size);
    if let Some((size, note)) = &old {
        let signed = Checkpoint::open(note, known.name(), &[known.verifier_key()]).map_err(log)?;
        if root(*size, &Tiles(tx)).map_err(log)? != signed.root() {
            return Err(StoreError::corrupt("the log", "its tiles do not give the root it signed"));
        }
    }
    let size = entries(tx)?;
    if size == first {
        return Ok(());
    }
    let mut statement =
        tx.prepare("SELECT bytes FROM log_entry WHERE number >= ?1 ORDER BY number")?;
    let mut rows = statement.query([int(first)])?;
    let mut hashes = Vec::new();
    while let Some(row) = rows.next()? {
        hashes.push(leaf_hash(row.get_ref(0)?.as_blob().map_err(log)?));
    }
    for (tile, hashes) in grow(first, &Tiles(tx), &hashes).map_err(log)? {
        let bytes: Vec<u8> = hashes.iter().flat_map(|it| *it.as_bytes()).collect();
        tx.execute(
            "INSERT INTO log_tile (level, number, hashes) VALUES (?1, ?2, ?3)
             ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
            params![tile.level(), int(tile.index()), bytes],
        )?;
    }
    let root = root(size, &Tiles(tx)).map_err(log)?;
    let note = Checkpoint::new(known.name(), size, root).map_err(log)?.sign(keys).map_err(log)?;
    tx.execute(
        "INSERT INTO log_checkpoint (size, note, signed_at) VALUES (?1, ?2, ?3)",
        params![int(size), note.to_string(), at],
    )?;
    Ok(())
}

fn newest(connection: &Connection) -> Result<Option<(u64, String)>, StoreError> {
    let sql = "SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1";
    let row = connection
        .query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?)))
        .optional()?;
    Ok(row)
}

fn is_empty() -> StoreError {
    StoreError::Log { detail: "the log is empty".to_owned() }
}

pub(crate) fn log(error: impl std::fmt::Display) -> StoreError {
    StoreError::Log { detail: error.to_string() }
}

/// The tiles in the database, the newest form of each.
pub(crate) struct Tiles<'a>(pub(crate) &'a Connection);

impl HashReader for Tiles<'_> {
    type Error = rusqlite::Error;

    fn read_tile(&self, tile: TileId) -> Result<Vec<Hash>, Self::Error> {
        let bytes: Vec<u8> = self.0.query_row(
            "SELECT hashes FROM log_tile WHERE level = ?1 AND number = ?2",
            params![tile.level(), int(tile.index())],
            |row| row.get(0),
        )?;
        Ok(bytes
            .chunks_exact(tlog::HASH_BYTES)
            .filter_map(|it| Hash::from_slice(it).ok())
            .collect())
    }
}
