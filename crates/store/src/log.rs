//! The transparency log in the database: entries, tiles and checkpoint grow together or not at all.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use tlog::{
    Checkpoint, Hash, HashReader, Note, ProofFile, SigningKey, TileId, grow, leaf_hash,
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
    /// The newest checkpoint, none while the log is empty.
    pub note: Option<String>,
    /// The entries whose static files are written.
    pub published: u64,
}

/// The leaves of one settlement, in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The first entry.
    pub first: u64,
    /// The size of the log after the last one.
    pub size: u64,
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
        Ok(LogState { size, note, published: published.unsigned_abs() })
    }

    /// Appends the leaves of a settlement, signs the new checkpoint and notes where the settlement
    /// and its statements stand, all in one transaction.
    ///
    /// `statements` gives, for each statement's account and currency, its leaf.
    ///
    /// # Errors
    /// [`StoreError`]; the log is as it was then.
    pub fn append_settlement(
        &mut self,
        settlement: &str,
        before: &[Vec<u8>],
        settlement_leaf: &[u8],
        statements: &[((String, String), Vec<u8>)],
        key: &SigningKey,
        at: &str,
    ) -> Result<Appended, StoreError> {
        self.transaction(|tx| {
            let mut leaves: Vec<&[u8]> = before.iter().map(Vec::as_slice).collect();
            leaves.push(settlement_leaf);
            leaves.extend(statements.iter().map(|(_, leaf)| leaf.as_slice()));
            let appended = append(tx, &leaves, key, at)?;
            let own = appended.first.saturating_add(before.len() as u64);
            tx.execute(
                "UPDATE settlement SET leaf = ?1 WHERE id = ?2 AND leaf IS NULL",
                params![int(own), settlement],
            )?;
            let mut update = tx.prepare(
                "UPDATE statement SET leaf = ?1
                 WHERE settlement = ?2 AND account = ?3 AND currency = ?4 AND leaf IS NULL",
            )?;
            for (number, ((account, currency), _)) in (own.saturating_add(1)..).zip(statements) {
                if update.execute(params![int(number), settlement, account, currency])? != 1 {
                    return Err(StoreError::corrupt("a statement to be published", account));
                }
            }
            Ok(appended)
        })
    }

    /// Returns the proof that an entry is in the log, under the newest checkpoint.
    ///
    /// # Errors
    /// [`StoreError`] if the log cannot be read or is too short.
    pub fn log_proof(&self, index: u64) -> Result<ProofFile, StoreError> {
        let (size, note) = newest(&self.connection)?
            .ok_or_else(|| StoreError::Log { detail: "the log is empty".to_owned() })?;
        let hashes = prove_inclusion(index, size, &Tiles(&self.connection)).map_err(log)?;
        let note = Note::parse(note).map_err(log)?;
        ProofFile::new(index, hashes, note).map_err(log)
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

fn append(
    tx: &Transaction<'_>,
    leaves: &[&[u8]],
    key: &SigningKey,
    at: &str,
) -> Result<Appended, StoreError> {
    let old = newest(tx)?;
    let first = old.as_ref().map_or(0, |(size, _)| *size);
    if let Some((size, note)) = &old {
        let signed = Checkpoint::open(note, key.name(), &[key.verifier_key()]).map_err(log)?;
        if root(*size, &Tiles(tx)).map_err(log)? != signed.root() {
            return Err(StoreError::corrupt("the log", "its tiles do not give the root it signed"));
        }
    }
    let mut insert = tx.prepare("INSERT INTO log_entry (number, bytes) VALUES (?1, ?2)")?;
    for (number, leaf) in (first..).zip(leaves) {
        insert.execute(params![int(number), leaf])?;
    }
    let hashes: Vec<Hash> = leaves.iter().map(|it| leaf_hash(it)).collect();
    for (tile, hashes) in grow(first, &Tiles(tx), &hashes).map_err(log)? {
        let bytes: Vec<u8> = hashes.iter().flat_map(|it| *it.as_bytes()).collect();
        tx.execute(
            "INSERT INTO log_tile (level, number, hashes) VALUES (?1, ?2, ?3)
             ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
            params![tile.level(), int(tile.index()), bytes],
        )?;
    }
    let size = first.saturating_add(leaves.len() as u64);
    let root = root(size, &Tiles(tx)).map_err(log)?;
    let note = Checkpoint::new(key.name(), size, root).map_err(log)?.sign(&[key]).map_err(log)?;
    tx.execute(
        "INSERT INTO log_checkpoint (size, note, signed_at) VALUES (?1, ?2, ?3)",
        params![int(size), note.to_string(), at],
    )?;
    Ok(Appended { first, size })
}

fn newest(connection: &Connection) -> Result<Option<(u64, String)>, StoreError> {
    let sql = "SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1";
    let row = connection
        .query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?)))
        .optional()?;
    Ok(row)
}

fn log(error: impl std::fmt::Display) -> StoreError {
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
