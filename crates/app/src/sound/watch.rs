//! A folder that is watched: each file is heard once, when it has stopped growing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use store::Heard;

use super::folder;
use super::{Answer, SoundError};
use crate::Home;

/// What a file looks like from outside: it is the same as long as both stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    size_bytes: u64,
    modified_ns: i64,
}

/// A watched folder, from one look to the next.
#[derive(Debug)]
pub struct Watch {
    folder: PathBuf,
    /// How each file looked the last time, and whether it was taken since.
    seen: BTreeMap<PathBuf, (Look, bool)>,
}

/// A file that stopped growing and was not heard yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// The file.
    pub path: PathBuf,
    look: Look,
}

impl Watch {
    /// Watches a folder and what lies below it.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), seen: BTreeMap::new() }
    }

    /// Looks into the folder: returns what is as it was at the last look.
    ///
    /// What comes is heard when two looks find it alike, so that nothing is taken while it is written.
    ///
    /// # Errors
    /// [`SoundError`] if the folder cannot be read.
    pub fn look(&mut self) -> Result<Vec<Ready>, SoundError> {
        let mut now = BTreeMap::new();
        let mut ready = Vec::new();
        for file in folder::files(std::slice::from_ref(&self.folder))? {
            // A file may go between two looks, and then it is none of ours.
            let Some(look) = look(&file.path) else { continue };
            let before = self.seen.get(&file.path).filter(|it| it.0 == look);
            let settled = before.is_some() && look.size_bytes > 0;
            if settled && before.is_some_and(|it| !it.1) {
                ready.push(Ready { path: file.path.clone(), look });
            }
            now.insert(file.path, (look, settled));
        }
        self.seen = now;
        Ok(ready)
    }

    /// Keeps of these files those that were not heard before.
    ///
    /// # Errors
    /// [`SoundError`] if the home cannot be read.
    pub fn unheard(home: &Home, ready: Vec<Ready>) -> Result<Vec<Ready>, SoundError> {
        let mut out = Vec::new();
        for it in ready {
            let Look { size_bytes, modified_ns } = it.look;
            if home.store.heard(&it.path.to_string_lossy(), size_bytes, modified_ns)?.is_none() {
                out.push(it);
            }
        }
        Ok(out)
    }

    /// Whether some file was seen only once, so that another look may find it ready.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.seen.values().any(|it| !it.1 && it.0.size_bytes > 0)
    }

    /// Remembers in the home what was heard in a file; it is not heard again while it stays as it is.
    ///
    /// # Errors
    /// [`SoundError`] if the home cannot be written.
    pub fn remember(
        home: &mut Home,
        file: &Ready,
        answer: &Answer,
        told: &str,
        now: &str,
    ) -> Result<(), SoundError> {
        let row = Heard {
            path: file.path.to_string_lossy().into_owned(),
            size_bytes: file.look.size_bytes,
            modified_ns: file.look.modified_ns,
            sha256: answer.sha256.clone(),
            at: now.to_owned(),
            answer: told.to_owned(),
        };
        Ok(home.store.put_heard(&row)?)
    }
}

fn look(path: &Path) -> Option<Look> {
    let facts = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let modified = facts.modified().ok()?;
    let modified_ns = match modified.duration_since(UNIX_EPOCH) {
        Ok(it) => i64::try_from(it.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |it| -it),
    };
    Some(Look { size_bytes: facts.len(), modified_ns })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::Config;

    #[test]
    fn a_file_is_taken_once_when_it_stopped_growing() {
        let folder = tempfile::tempdir().unwrap();
        let inbox = folder.path().join("inbox");
        fs::create_dir(&inbox).unwrap();
        let mut watch = Watch::new(&inbox);
        let names = |watch: &mut Watch| -> Vec<String> {
            let ready = watch.look().unwrap();
            ready
                .iter()
                .map(|it| it.path.file_name().unwrap().to_string_lossy().into_owned())
                .collect()
        };
        fs::write(inbox.join("a.wav"), "1").unwrap();
        fs::write(inbox.join("empty.wav"), "").unwrap();
        assert!(names(&mut watch).is_empty() && watch.waits());
        fs::write(inbox.join("a.wav"), "12").unwrap();
        assert!(names(&mut watch).is_empty() && watch.waits(), "it grew");
        assert_eq!(names(&mut watch), ["a.wav"]);
        assert!(names(&mut watch).is_empty() && !watch.waits());
        fs::write(inbox.join("a.wav"), "123").unwrap();
        assert!(names(&mut watch).is_empty());
        assert_eq!(names(&mut watch), ["a.wav"], "it is another file now");
    }

    #[test]
    fn what_was_heard_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let inbox = folder.path().join("inbox");
        fs::create_dir(&inbox).unwrap();
        fs::write(inbox.join("a.wav"), "1").unwrap();
        let mut home = Home::open(&folder.path().join("home"), &Config::default()).unwrap();
        let mut watch = Watch::new(&inbox);
        watch.look().unwrap();
        let ready = Watch::unheard(&home, watch.look().unwrap()).unwrap().remove(0);
        let answer = Answer::unheard(&ready.path, "no sound".to_owned());
        Watch::remember(&mut home, &ready, &answer, "{}", "now").unwrap();
        let mut later = Watch::new(&inbox);
        later.look().unwrap();
        assert!(Watch::unheard(&home, later.look().unwrap()).unwrap().is_empty());
    }
}
