//! Cue sheets, and whatever was done to them.

use rusqlite::{Row, params};

use crate::Store;
use crate::error::StoreError;

/// An act on a cue sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CueAct {
    /// Its number within the sheet, from 1; later ones are larger.
    pub number: u32,
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub who: String,
    /// What: `detected`, `imported`, `confirmed` and so on.
    pub act: String,
    /// Why.
    pub because: String,
    /// The audio that was heard, if the act is a detection.
    pub file: String,
    /// SHA-256 of that audio's bytes, in hex.
    pub sha256: String,
    /// The whole sheet in the first act, what was decided in each later one.
    pub body: String,
}

impl Store {
    /// Notes an act on a sheet, which is made with its first; its number is given to it.
    ///
    /// `after` is the number of the act that the caller saw last, 0 for none.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] if something was done to the sheet since; [`StoreError`] otherwise.
    pub fn add_cue_act(&mut self, sheet: &str, after: u32, it: &CueAct) -> Result<u32, StoreError> {
        self.transaction(|tx| {
            tx.execute(
                "INSERT OR IGNORE INTO cue_sheet (id, made_at) VALUES (?1, ?2)",
                params![sheet, it.at],
            )?;
            let last: u32 = tx.query_row(
                "SELECT ifnull(max(number), 0) FROM cue_act WHERE sheet = ?1",
                [sheet],
                |row| row.get(0),
            )?;
            if last != after {
                return Err(StoreError::Overtaken { sheet: sheet.to_owned() });
            }
            let number = last + 1;
            tx.execute(
                "INSERT INTO cue_act (sheet, number, at, who, act, because, file, sha256, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    sheet, number, it.at, it.who, it.act, it.because, it.file, it.sha256, it.body
                ],
            )?;
            Ok(number)
        })
    }

    /// Returns the ids of all cue sheets, in their order.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn cue_sheets(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare("SELECT id FROM cue_sheet ORDER BY id")?;
        let rows = statement.query_and_then([], |row| Ok(row.get(0)?))?;
        rows.collect()
    }

    /// Returns all acts on a sheet, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn cue_acts(&self, sheet: &str) -> Result<Vec<CueAct>, StoreError> {
        let mut statement = self.connection.prepare(&format!("{ACTS} ORDER BY number"))?;
        let rows = statement.query_and_then([sheet], |row| Ok(cue_act(row)?))?;
        rows.collect()
    }
}

const ACTS: &str =
    "SELECT number, at, who, act, because, file, sha256, body FROM cue_act WHERE sheet = ?1";

fn cue_act(row: &Row<'_>) -> rusqlite::Result<CueAct> {
    Ok(CueAct {
        number: row.get(0)?,
        at: row.get(1)?,
        who: row.get(2)?,
        act: row.get(3)?,
        because: row.get(4)?,
        file: row.get(5)?,
        sha256: row.get(6)?,
        body: row.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_added_and_never_changed() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let act = |act: &str| CueAct { act: act.to_owned(), ..CueAct::default() };
        assert_eq!(store.add_cue_act("rain-1-3", 0, &act("detected")).unwrap(), 1);
        assert_eq!(store.add_cue_act("rain-1-3", 1, &act("confirmed")).unwrap(), 2);
        let late = store.add_cue_act("rain-1-3", 1, &act("rejected"));
        assert!(matches!(late, Err(StoreError::Overtaken { .. })), "{late:?}");
        let acts: Vec<String> =
            store.cue_acts("rain-1-3").unwrap().into_iter().map(|it| it.act).collect();
        assert_eq!(acts, ["detected", "confirmed"]);
        assert!(store.cue_acts("other").unwrap().is_empty());
        assert_eq!(store.cue_sheets().unwrap(), ["rain-1-3"]);
        for sql in ["UPDATE cue_act SET body = 'x'", "DELETE FROM cue_act"] {
            let refused = store.connection.execute(sql, []).unwrap_err();
            assert!(refused.to_string().contains("never"), "{refused}");
        }
    }
}
