//! Which sounds are listened for, and which files hold them.

use rusqlite::{OptionalExtension as _, Row, params};

use crate::Store;
use crate::error::StoreError;

/// How a sound came to its recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// Somebody said so.
    Said,
    /// The file carries the ISRC of a recording of the catalogue.
    Isrc,
    /// By the file's name alone.
    Name,
}

impl Tie {
    /// Returns the token used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Isrc => "isrc",
            Self::Name => "name",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        let found = [Self::Said, Self::Isrc, Self::Name].into_iter().find(|it| it.as_str() == text);
        found.ok_or_else(|| StoreError::corrupt("the tie of a sound", text))
    }
}

/// A sound that is listened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundRow {
    /// Its id: the name of its print on the shelf.
    pub id: String,
    /// The recording's id in the catalogue, or a label of its own.
    pub recording: String,
    /// By what it was tied to that.
    pub tie: Tie,
    /// SHA-256 of its print, in hex.
    pub print: String,
    /// Its length.
    pub duration_ms: u64,
    /// When it was added, RFC 3339.
    pub added_at: String,
}

/// A file that holds a sound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoundFile {
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// The sound.
    pub sound: String,
    /// Where it lay when it was added.
    pub path: String,
    /// Its length.
    pub size_bytes: u64,
    /// Container and codec, in words.
    pub codec: String,
    /// Samples a second.
    pub rate_hz: u32,
    /// Channels.
    pub channels: u32,
    /// Its title tag; may be empty.
    pub title: String,
    /// Its artist tag; may be empty.
    pub artist: String,
    /// Its ISRC tag; may be empty.
    pub isrc: String,
    /// When it was added, RFC 3339.
    pub added_at: String,
}

/// A file of a watched folder, and what was heard in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Where it lies.
    pub path: String,
    /// Its length.
    pub size_bytes: u64,
    /// When it was written, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// When it was heard, RFC 3339.
    pub at: String,
    /// The answer.
    pub answer: String,
}

impl Store {
    /// Returns the folder that prints lie in.
    #[must_use]
    pub fn audio_folder(&self) -> std::path::PathBuf {
        self.home().join("audio")
    }

    /// Adds sounds with the files that they were printed from, all or none.
    ///
    /// A sound that is there already keeps what is known of it but for its print, and so does a file.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn add_sounds(&mut self, rows: &[(SoundRow, SoundFile)]) -> Result<(), StoreError> {
        self.transaction(|tx| {
            for (sound, file) in rows {
                tx.execute(
                    "INSERT OR IGNORE INTO sound (id, recording, tie, print, duration_ms, added_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (id) DO UPDATE SET print = excluded.print",
                    params![
                        sound.id,
                        sound.recording,
                        sound.tie.as_str(),
                        sound.print,
                        signed(sound.duration_ms),
                        sound.added_at
                    ],
                )?;
                tx.execute(
                    "INSERT OR IGNORE INTO sound_file (sha256, sound, path, size_bytes, codec, rate_hz,
                         channels, title, artist, isrc, added_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    params![
                        file.sha256,
                        file.sound,
                        file.path,
                        signed(file.size_bytes),
                        file.codec,
                        file.rate_hz,
                        file.channels,
                        file.title,
                        file.artist,
                        file.isrc,
                        file.added_at
                    ],
                )?;
            }
            Ok(())
        })
    }

    /// Removes a sound and what is known of its files; says whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn remove_sound(&mut self, id: &str) -> Result<bool, StoreError> {
        Ok(self.connection.execute("DELETE FROM sound WHERE id = ?1", [id])? > 0)
    }

    /// Returns all sounds, by recording and id.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn sounds(&self) -> Result<Vec<SoundRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, recording, tie, print, duration_ms, added_at FROM sound ORDER BY recording, id",
        )?;
        let rows = statement.query_and_then([], sound_row)?;
        rows.collect()
    }

    /// Returns the sound with a print.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn sound_of_print(&self, print: &str) -> Result<Option<SoundRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, recording, tie, print, duration_ms, added_at FROM sound WHERE print = ?1",
        )?;
        let mut rows = statement.query_and_then([print], sound_row)?;
        rows.next().transpose()
    }

    /// Returns the files of all sounds, by path.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn sound_files(&self) -> Result<Vec<SoundFile>, StoreError> {
        let mut statement = self.connection.prepare(&format!("{FILES} ORDER BY path, sha256"))?;
        let rows = statement.query_and_then([], file_row)?;
        rows.collect()
    }

    /// Returns the file with these bytes, if it was added.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn sound_file(&self, sha256: &str) -> Result<Option<SoundFile>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("{FILES} WHERE sha256 = ?1"))?;
        let mut rows = statement.query_and_then([sha256], file_row)?;
        rows.next().transpose()
    }

    /// Notes what was heard in a file of a watched folder; what was noted of the same file is replaced.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn put_heard(&mut self, it: &Heard) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT OR REPLACE INTO heard (path, size_bytes, modified_ns, sha256, at, answer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![it.path, signed(it.size_bytes), it.modified_ns, it.sha256, it.at, it.answer],
        )?;
        Ok(())
    }

    /// Returns what was heard in a file of this path, length and time.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn heard(
        &self,
        path: &str,
        size_bytes: u64,
        modified_ns: i64,
    ) -> Result<Option<Heard>, StoreError> {
        let found = self.connection.query_row(
            "SELECT sha256, at, answer FROM heard
             WHERE path = ?1 AND size_bytes = ?2 AND modified_ns = ?3",
            params![path, signed(size_bytes), modified_ns],
            |row| {
                Ok(Heard {
                    path: path.to_owned(),
                    size_bytes,
                    modified_ns,
                    sha256: row.get(0)?,
                    at: row.get(1)?,
                    answer: row.get(2)?,
                })
            },
        );
        Ok(found.optional()?)
    }
}

const FILES: &str =
    "SELECT sha256, sound, path, size_bytes, codec, rate_hz, channels, title, artist, isrc,
                            added_at FROM sound_file";

/// As the database counts; what does not fit is no length of anything.
fn signed(it: u64) -> i64 {
    i64::try_from(it).unwrap_or(i64::MAX)
}

fn sound_row(row: &Row<'_>) -> Result<SoundRow, StoreError> {
    Ok(SoundRow {
        id: row.get(0)?,
        recording: row.get(1)?,
        tie: Tie::parse(&row.get::<_, String>(2)?)?,
        print: row.get(3)?,
        duration_ms: row.get::<_, i64>(4)?.unsigned_abs(),
        added_at: row.get(5)?,
    })
}

fn file_row(row: &Row<'_>) -> Result<SoundFile, StoreError> {
    Ok(SoundFile {
        sha256: row.get(0)?,
        sound: row.get(1)?,
        path: row.get(2)?,
        size_bytes: row.get::<_, i64>(3)?.unsigned_abs(),
        codec: row.get(4)?,
        rate_hz: row.get(5)?,
        channels: row.get(6)?,
        title: row.get(7)?,
        artist: row.get(8)?,
        isrc: row.get(9)?,
        added_at: row.get(10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(id: &str, print: &str) -> (SoundRow, SoundFile) {
        let row = SoundRow {
            id: id.to_owned(),
            recording: "rain".to_owned(),
            tie: Tie::Name,
            print: print.to_owned(),
            duration_ms: 61_000,
            added_at: "now".to_owned(),
        };
        let file = SoundFile {
            sha256: format!("{id}-file"),
            sound: id.to_owned(),
            path: format!("{id}.flac"),
            size_bytes: 7,
            ..SoundFile::default()
        };
        (row, file)
    }

    #[test]
    fn a_sound_comes_once_and_goes_with_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let rows = [sound("a", "1"), sound("b", "2")];
        store.add_sounds(&rows).unwrap();
        store.add_sounds(&rows).unwrap();
        assert_eq!(store.sounds().unwrap(), [rows[0].0.clone(), rows[1].0.clone()]);
        assert_eq!(store.sound_files().unwrap().len(), 2);
        let anew =
            SoundRow { print: "3".to_owned(), recording: "snow".to_owned(), ..rows[0].0.clone() };
        store.add_sounds(&[(anew, rows[0].1.clone())]).unwrap();
        assert_eq!(store.sound_of_print("3").unwrap().unwrap().recording, "rain");
        assert_eq!(store.sound_file("b-file").unwrap(), Some(rows[1].1.clone()));
        assert_eq!(store.sound_of_print("2").unwrap().unwrap().id, "b");
        assert!(store.remove_sound("a").unwrap());
        assert!(!store.remove_sound("a").unwrap());
        assert_eq!(store.sound_files().unwrap(), [rows[1].1.clone()]);
        assert_eq!(store.sound_of_print("3").unwrap(), None);
    }

    #[test]
    fn a_file_that_changed_was_not_heard() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let it = Heard {
            path: "x.mp3".to_owned(),
            size_bytes: 5,
            modified_ns: -1,
            sha256: "s".to_owned(),
            at: "now".to_owned(),
            answer: "{}".to_owned(),
        };
        store.put_heard(&it).unwrap();
        assert_eq!(store.heard("x.mp3", 5, -1).unwrap(), Some(it));
        assert_eq!(store.heard("x.mp3", 6, -1).unwrap(), None);
        assert_eq!(store.heard("x.mp3", 5, 0).unwrap(), None);
    }
}
