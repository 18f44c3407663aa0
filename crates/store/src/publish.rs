//! The log's static files: written after the database has signed, and checked by anybody.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tlog::tile::{TILE_WIDTH, entries_path, tiles_for};
use tlog::{Checkpoint, EntryBundle, Hash, HashReader, Note, TileId, VerifierKey, root};

use crate::Store;
use crate::error::StoreError;
use crate::log::Tiles;
use crate::report::int;

impl Store {
    /// Returns the folder of the log's static files.
    #[must_use]
    pub fn log_folder(&self) -> PathBuf {
        self.home().join("log")
    }

    /// Brings the static files up to the newest checkpoint, the checkpoint last.
    ///
    /// It does the same whether the last time was cut off or not, so a start calls it too.
    ///
    /// # Errors
    /// [`StoreError`] if a file cannot be written; the next call goes on.
    pub fn publish_log(&mut self) -> Result<u64, StoreError> {
        let state = self.log_state()?;
        let folder = self.log_folder();
        let guard = self.checkpoint_guard().to_owned();
        let current = fs::read_to_string(folder.join("checkpoint")).ok();
        let guarded = fs::read_to_string(&guard).ok();
        for (told, place) in [(&current, &folder), (&guarded, &guard)] {
            if let Some(told) = told {
                self.refuse_fork(told, state.size, place)?;
            }
        }
        let Some(note) = state.note else { return Ok(0) };
        if guarded.as_deref() != Some(note.as_str()) {
            write_whole(&guard, &beside(&guard), note.as_bytes())?;
        }
        // Files may have been lost; then everything is written that this size needs.
        let lost = current.is_none() || !files_are_there(&folder, state.published);
        let current = current.as_deref() == Some(note.as_str());
        if state.published == state.size && current && !lost {
            return Ok(state.size);
        }
        let from = if lost { 0 } else { state.published };
        let tiles = tiles_for(from, state.size);
        for tile in &tiles {
            self.publish_tile(&folder, *tile)?;
        }
        write_whole(&folder.join("checkpoint"), &self.staged_file(), note.as_bytes())?;
        self.connection.execute("UPDATE log_published SET size = ?1", [int(state.size)])?;
        // Until now somebody may have read what the checkpoint before needs.
        tiles.iter().try_for_each(|it| forget_narrower_forms(&folder, *it))?;
        Ok(state.size)
    }

    /// The static files may lag behind the database, never lead it or tell of another tree: that
    /// happens when an older database is restored, and going on would sign two histories.
    fn refuse_fork(&self, current: &str, known: u64, folder: &Path) -> Result<(), StoreError> {
        let Ok(published) = Note::parse(current)
            .map_err(|_| ())
            .and_then(|note| Checkpoint::parse(note.text()).map_err(|_| ()))
        else {
            return Ok(());
        };
        let size = published.size();
        let same = size <= known
            && root(size, &Tiles(&self.connection)).is_ok_and(|it| it == published.root());
        match same {
            true => Ok(()),
            false => {
                Err(StoreError::LogAhead { folder: folder.to_owned(), published: size, known })
            }
        }
    }

    fn publish_tile(&self, folder: &Path, tile: TileId) -> Result<(), StoreError> {
        let hashes = Tiles(&self.connection).read_tile(tile)?;
        let bytes: Vec<u8> =
            hashes.iter().take(usize::from(tile.width())).flat_map(|it| *it.as_bytes()).collect();
        let staged = self.staged_file();
        write_whole(&folder.join(tile.path()), &staged, &bytes)?;
        if tile.level() != 0 {
            return Ok(());
        }
        let first = tile.index() * u64::from(TILE_WIDTH);
        let entries = self.log_entries(first, first + u64::from(tile.width()))?;
        let bundle = EntryBundle::new(entries)
            .map_err(|error| StoreError::Log { detail: error.to_string() })?;
        if let Some(path) = entries_path(tile.index(), tile.width()) {
            write_whole(&folder.join(path), &staged, &bundle.encode())?;
        }
        Ok(())
    }

    /// Where a file is written before it appears, outside of what a web server may show.
    fn staged_file(&self) -> PathBuf {
        self.home().join("log.staged")
    }
}

/// Where a file is written before it appears, if it may be on another disk than the home.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".staged");
    PathBuf::from(name)
}

fn forget_narrower_forms(folder: &Path, tile: TileId) -> Result<(), StoreError> {
    forget_narrower(&folder.join(tile.path()), tile.is_full())?;
    let entries = match tile.level() {
        0 => entries_path(tile.index(), tile.width()),
        _ => None,
    };
    entries.map_or(Ok(()), |it| forget_narrower(&folder.join(it), tile.is_full()))
}

fn files_are_there(folder: &Path, size: u64) -> bool {
    tiles_for(0, size).into_iter().all(|it| {
        let entries = match it.level() {
            0 => entries_path(it.index(), it.width()),
            _ => None,
        };
        folder.join(it.path()).exists() && entries.is_none_or(|it| folder.join(it).exists())
    })
}

/// Removes the partial forms that a wider one replaces, so that every file left can be checked.
fn forget_narrower(path: &Path, full: bool) -> Result<(), StoreError> {
    let folder = match full {
        true => {
            let mut name = path.as_os_str().to_owned();
            name.push(".p");
            PathBuf::from(name)
        }
        false => path.parent().unwrap_or(path).to_owned(),
    };
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(()) };
    for it in entries.flatten().filter(|it| full || it.path() != path) {
        fs::remove_file(it.path()).map_err(StoreError::file(&it.path()))?;
    }
    if full {
        fs::remove_dir(&folder).map_err(StoreError::file(&folder))?;
    }
    Ok(())
}

/// Writes a file so that it appears whole or not at all; `staged` is where it grows.
fn write_whole(path: &Path, staged: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(StoreError::file(folder))?;
    let mut file = File::create(staged).map_err(StoreError::file(staged))?;
    file.write_all(bytes).map_err(StoreError::file(staged))?;
    file.sync_all().map_err(StoreError::file(staged))?;
    fs::rename(staged, path).map_err(StoreError::file(path))?;
    File::open(folder).and_then(|it| it.sync_all()).map_err(StoreError::file(folder))
}

/// Why a folder of static files is not the log that its key signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogFault {
    /// The checkpoint is missing, malformed or not signed by the key.
    #[error("the checkpoint does not hold: {detail}")]
    Checkpoint {
        /// What is wrong with it.
        detail: String,
    },
    /// A file is missing, has another length or does not fit the others.
    #[error("{path} does not hold: {detail}")]
    File {
        /// The file, within the folder.
        path: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The log does not continue an older checkpoint of it.
    #[error("the log does not continue the older checkpoint: {detail}")]
    Rewritten {
        /// What is wrong.
        detail: String,
    },
    /// A file lies in the folder that no log has.
    #[error("{path} is no file of a log")]
    Stray {
        /// The file, within the folder.
        path: String,
    },
}

/// What was found of a log that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFindings {
    /// The log's name.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root that is signed, in base64.
    pub root: String,
    /// The number of files that were read.
    pub files: usize,
}

/// Checks every byte of a folder of static files against the checkpoint and the key.
///
/// With `since`, an older checkpoint of the log and the key of then, also that nothing of that older log
/// was rewritten. `entry` is told of each entry with its number, in their order.
///
/// # Errors
/// [`LogFault`] names the first file that does not hold.
pub fn verify_log(
    folder: &Path,
    key: &VerifierKey,
    since: Option<(&[u8], &VerifierKey)>,
    entry: &mut dyn FnMut(u64, &[u8]),
) -> Result<LogFindings, LogFault> {
    let unsigned = |detail: String| LogFault::Checkpoint { detail };
    let note = fs::read(folder.join("checkpoint")).map_err(|it| unsigned(it.to_string()))?;
    let checkpoint =
        Checkpoint::open(&note, key.name(), std::slice::from_ref(key)).map_err(|it| {
            unsigned(std::error::Error::source(&it).map_or(it.to_string(), ToString::to_string))
        })?;
    let tiles = StaticTiles { folder };
    for tile in tiles_for(0, checkpoint.size()) {
        let fault = |detail: &str| LogFault::File { path: tile.path(), detail: detail.to_owned() };
        let hashes = tiles.read_tile(tile).map_err(|it| fault(&it.to_string()))?;
        if tile.level() == 0 {
            let path = entries_path(tile.index(), tile.width()).unwrap_or_default();
            let wrong =
                |detail: &str| LogFault::File { path: path.clone(), detail: detail.to_owned() };
            let bytes = fs::read(folder.join(&path)).map_err(|it| wrong(&it.to_string()))?;
            let bundle = EntryBundle::decode(&bytes).map_err(|it| wrong(&it.to_string()))?;
            if bundle.leaf_hashes() != hashes {
                return Err(wrong("its entries do not have the hashes of the tile"));
            }
            let first = tile.index() * u64::from(TILE_WIDTH);
            (first..).zip(bundle.entries()).for_each(|(number, it)| entry(number, it));
        } else if !parents_hold(&tiles, tile, &hashes) {
            return Err(fault("its hashes are not those of the tiles below it"));
        }
    }
    let counted = root(checkpoint.size(), &tiles).map_err(|it| unsigned(it.to_string()))?;
    if counted != checkpoint.root() {
        return Err(unsigned("the tiles do not give the root that is signed".to_owned()));
    }
    if let Some((since, key)) = since {
        let old = Checkpoint::open(since, key.name(), std::slice::from_ref(key))
            .map_err(|it| LogFault::Rewritten { detail: it.to_string() })?;
        let newest = tiles_for(0, checkpoint.size());
        let newest = newest.into_iter().map(|it| ((it.level(), it.index()), it)).collect();
        let tiles = NewestTiles { tiles: &tiles, newest };
        let same = old.size() <= checkpoint.size()
            && root(old.size(), &tiles).is_ok_and(|it| it == old.root());
        if !same {
            let detail = format!("its first {} entries are not those signed then", old.size());
            return Err(LogFault::Rewritten { detail });
        }
    }
    let files = files_in(folder, Path::new(""));
    if let Some(stray) = files.iter().find(|it| !is_of_a_log(it)) {
        return Err(LogFault::Stray { path: stray.display().to_string() });
    }
    Ok(LogFindings {
        origin: checkpoint.origin().to_owned(),
        size: checkpoint.size(),
        root: checkpoint.root().to_string(),
        files: files.len(),
    })
}

/// Whether a log may have a file of this name, of whatever size it is: while it grows, files of the next
/// size are there before its checkpoint, and those of the last size go after it.
fn is_of_a_log(path: &Path) -> bool {
    let parts: Option<Vec<&str>> = path.iter().map(|it| it.to_str()).collect();
    let digits =
        |it: &str, count: usize| it.len() == count && it.bytes().all(|b| b.is_ascii_digit());
    let number =
        |it: &str| !it.is_empty() && it.len() <= 3 && it.bytes().all(|b| b.is_ascii_digit());
    match parts.as_deref() {
        Some(["checkpoint"]) => true,
        Some(["tile", level, rest @ ..]) if *level == "entries" || number(level) => {
            let (last, groups) = match rest {
                [groups @ .., last, width] if last.ends_with(".p") && number(width) => {
                    (last.trim_end_matches(".p"), groups)
                }
                [groups @ .., last] => (*last, groups),
                [] => return false,
            };
            digits(last, 3)
                && groups.iter().all(|it| it.strip_prefix('x').is_some_and(|it| digits(it, 3)))
        }
        _ => false,
    }
}

/// Each hash of an upper tile is the root of one full tile below it.
fn parents_hold(tiles: &StaticTiles<'_>, tile: TileId, hashes: &[Hash]) -> bool {
    let first = tile.index() * u64::from(TILE_WIDTH);
    hashes.iter().zip(first..).all(|(hash, below)| {
        TileId::new(tile.level() - 1, below, TILE_WIDTH)
            .and_then(|it| tiles.read_tile(it).ok())
            .is_some_and(|it| it.iter().copied().collect::<tlog::Tree>().root() == *hash)
    })
}

fn files_in(folder: &Path, below: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for it in fs::read_dir(folder.join(below)).into_iter().flatten().flatten() {
        let path = below.join(it.file_name());
        match it.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(files_in(folder, &path)),
            _ => files.push(path),
        }
    }
    files
}

/// The tiles of an older size, read from what they have grown to.
struct NewestTiles<'a> {
    tiles: &'a StaticTiles<'a>,
    newest: BTreeMap<(u8, u64), TileId>,
}

impl HashReader for NewestTiles<'_> {
    type Error = std::io::Error;

    fn read_tile(&self, tile: TileId) -> Result<Vec<Hash>, Self::Error> {
        let newest = self.newest.get(&(tile.level(), tile.index()));
        self.tiles.read_tile(*newest.unwrap_or(&tile))
    }
}

struct StaticTiles<'a> {
    folder: &'a Path,
}

impl HashReader for StaticTiles<'_> {
    type Error = std::io::Error;

    fn read_tile(&self, tile: TileId) -> Result<Vec<Hash>, Self::Error> {
        let bytes = fs::read(self.folder.join(tile.path()))?;
        if bytes.len() != usize::from(tile.width()) * tlog::HASH_BYTES {
            return Err(std::io::Error::other("its length is not that of its hashes"));
        }
        Ok(bytes
            .chunks_exact(tlog::HASH_BYTES)
            .filter_map(|it| Hash::from_slice(it).ok())
            .collect())
    }
}
