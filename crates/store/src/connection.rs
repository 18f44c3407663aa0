//! Opening the home and bringing its database up to date.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::StoreError;

const MIGRATIONS: [&str; 11] = [
    include_str!("../migrations/0001_house.sql"),
    include_str!("../migrations/0002_restatements.sql"),
    include_str!("../migrations/0003_sources.sql"),
    include_str!("../migrations/0004_terms.sql"),
    include_str!("../migrations/0005_acts.sql"),
    include_str!("../migrations/0006_payments.sql"),
    include_str!("../migrations/0007_brought.sql"),
    include_str!("../migrations/0008_returned.sql"),
    include_str!("../migrations/0009_seals.sql"),
    include_str!("../migrations/0010_payout.sql"),
    include_str!("../migrations/0011_sound.sql"),
];

/// The home folder with its database, open.
#[derive(Debug)]
pub struct Store {
    home: PathBuf,
    pub(crate) connection: Connection,
    /// Where the last checkpoint is kept, apart from the database and from what is published.
    guard: PathBuf,
    /// Held until the store is dropped, however the process ends.
    _lock: File,
}

/// How long to wait for another process that is at work on the home.
const LOCK_WAIT: Duration = Duration::from_secs(10);

impl Store {
    /// Opens a home, making it if it is not there, and migrates its database.
    ///
    /// # Errors
    /// [`StoreError`] if the folder or database cannot be opened or is of a newer version.
    pub fn open(home: &Path) -> Result<Self, StoreError> {
        make_private(home)?;
        let lock = lock(home)?;
        let database = home.join("leitmotif.db");
        let remains =
            ["lake/usage", "log/checkpoint"].into_iter().find(|it| home.join(it).exists());
        if let (false, Some(remains)) = (database.exists(), remains) {
            return Err(StoreError::DatabaseMissing { home: home.to_owned(), remains });
        }
        let mut connection = Connection::open(database)?;
        connection.busy_timeout(LOCK_WAIT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // A table that is made anew is gone for a moment, and others name it.
        connection.pragma_update(None, "foreign_keys", false)?;
        migrate(&mut connection)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let guard = home.join("keys").join("last-checkpoint");
        Ok(Self { home: home.to_owned(), connection, guard, _lock: lock })
    }

    /// Keeps the last checkpoint in another file: on another disk it also tells of a database that was
    /// set back together with the home.
    pub fn keep_checkpoint_at(&mut self, path: PathBuf) {
        self.guard = path;
    }

    /// Returns the file in which the last checkpoint is kept apart.
    #[must_use]
    pub fn checkpoint_guard(&self) -> &Path {
        &self.guard
    }

    /// Returns the home folder.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Does everything in `write` or nothing of it.
    pub(crate) fn transaction<T>(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = write(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

/// Makes the home if it is not there; only its owner can look into it.
fn make_private(home: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(home).map_err(StoreError::file(home))
}

/// Takes the home for this process alone: what one removes as left over, another may be writing.
fn lock(home: &Path) -> Result<File, StoreError> {
    let path = home.join("lock");
    let file = File::create(&path).map_err(StoreError::file(&path))?;
    let begin = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(source)) => return Err(StoreError::File { path, source }),
            Err(TryLockError::WouldBlock) if begin.elapsed() > LOCK_WAIT => {
                return Err(StoreError::Busy { home: home.to_owned() });
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for sql in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        transaction.execute_batch(sql)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_database_keeps_its_reports() {
        let home = tempfile::tempdir().unwrap();
        let old = Connection::open(home.path().join("leitmotif.db")).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch(
            "INSERT INTO report VALUES ('r', 'sales', 'standing', 's', 'S', 'm', 'p', 'v',
                 '2021-06-01', '2021-07-01', 'h', 'b', 'now', NULL);
             INSERT INTO report_file VALUES ('r', 0, 'a.tsv', 'x', 1), ('r', 1, 'b.tsv', 'y', 2);
             PRAGMA user_version = 1",
        )
        .unwrap();
        drop(old);
        let store = Store::open(home.path()).unwrap();
        let report = store.reports().unwrap().remove(0);
        assert_eq!((report.id.as_str(), report.parts, report.corrects), ("r", 2, None));
        assert_eq!(store.report_files("r").unwrap().len(), 2);
        let broken = store.connection.prepare("PRAGMA foreign_key_check").unwrap().exists([]);
        assert!(!broken.unwrap(), "a table names what is gone");
    }

    #[test]
    fn what_was_brought_before_is_counted() {
        let home = tempfile::tempdir().unwrap();
        let old = Connection::open(home.path().join("leitmotif.db")).unwrap();
        MIGRATIONS[..6].iter().for_each(|sql| old.execute_batch(sql).unwrap());
        old.execute_batch(
            "INSERT INTO settlement (id, period, first_day, end_day, posted_at, inputs)
                 VALUES ('2021-06', '2021-06', '2021-06-01', '2021-07-01', 'now', 'i');
             INSERT INTO entry (id, settlement, memo) VALUES ('e', '2021-06', 'm');
             INSERT INTO posting VALUES ('e', 0, 'received:A chart', 'debit', 'KRW', '700.5'),
                 ('e', 1, 'received:A chart', 'credit', 'KRW', '100'),
                 ('e', 2, 'received:A chart', 'credit', 'KRW', '-0.25'),
                 ('e', 3, 'retained', 'credit', 'KRW', '600.75');
             PRAGMA user_version = 6",
        )
        .unwrap();
        drop(old);
        let brought = Store::open(home.path()).unwrap().past(None).unwrap().brought;
        let told: Vec<String> = brought
            .iter()
            .map(|(it, sum)| format!("{} {} {}: {sum}", it.sender, it.currency, it.origin))
            .collect();
        assert_eq!(told, ["A chart KRW 2021-07-01: 600.75"]);
    }

    #[test]
    fn a_database_of_a_newer_program_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(home.path()).unwrap();
        store.connection.pragma_update(None, "user_version", 99).unwrap();
        drop(store);
        assert!(matches!(Store::open(home.path()), Err(StoreError::Newer { found: 99, .. })));
    }
}
