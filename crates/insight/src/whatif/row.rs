//! Header and rows of a log.

use std::borrow::Cow;

use ident::Isrc;
use money::Atoms;
use period::{Date, parse_date};
use sheet::Row;

/// Most plays that one row may state.
pub(super) const PLAYS_MAX: u64 = 1_000_000_000;
/// Longest name, in bytes.
pub(super) const NAME_BYTES_MAX: usize = 256;

/// Where the columns are that the header names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    listener: usize,
    pub(super) artist: Option<usize>,
    pub(super) recording: Option<usize>,
    pub(super) isrc: Option<usize>,
    plays: Option<usize>,
    searched: Option<usize>,
    day: Option<usize>,
    pub(super) fee: Option<usize>,
    /// Names that mean nothing here.
    pub(super) unknown: Vec<String>,
    count: usize,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said<'a> {
    pub(super) listener: &'a str,
    pub(super) artist: Cow<'a, str>,
    pub(super) recording: Cow<'a, str>,
    pub(super) plays: u64,
    pub(super) searched: u64,
    pub(super) day: Option<Date>,
    pub(super) fee: Option<Atoms>,
}

impl Columns {
    /// Reads the header.
    pub(super) fn read(row: &Row) -> Result<Self, String> {
        let mut found = [None; 8];
        let names = ["listener", "artist", "recording", "isrc", "plays", "searched", "day", "fee"];
        let mut unknown = Vec::new();
        for (at, cell) in row.cells().enumerate() {
            let name = cell.trim().to_lowercase();
            match names.iter().position(|it| *it == name) {
                Some(which) if found[which].is_some() => {
                    return Err(format!("the column {name} stands there twice"));
                }
                Some(which) => found[which] = Some(at),
                None => unknown.push(cell.trim().to_owned()),
            }
        }
        let [listener, artist, recording, isrc, plays, searched, day, fee] = found;
        let listener = listener.ok_or("the header names no column listener")?;
        if artist.or(recording).or(isrc).is_none() {
            return Err("the header names no column artist, recording or isrc".to_owned());
        }
        let count = row.len();
        Ok(Self { listener, artist, recording, isrc, plays, searched, day, fee, unknown, count })
    }

    /// Whether a column of recordings is there.
    pub(super) const fn has_recordings(&self) -> bool {
        self.recording.is_some() || self.isrc.is_some()
    }

    /// Whether a column of days is there.
    pub(super) const fn has_days(&self) -> bool {
        self.day.is_some()
    }

    /// Reads a row, or says what is wrong with it.
    pub(super) fn said<'a>(&self, row: &'a Row) -> Result<Said<'a>, String> {
        if let Some(fault) = row.fault {
            return Err(fault.to_string());
        }
        if row.len() != self.count {
            return Err(format!("{} cells, and the header has {}", row.len(), self.count));
        }
        let listener = name(row, Some(self.listener), "listener")?.unwrap_or_default();
        let artist = name(row, self.artist, "artist")?.map(Cow::Borrowed);
        let recording = match self.isrc.map(|at| row.cell(at).trim()).filter(|it| !it.is_empty()) {
            Some(isrc) => {
                let isrc = Isrc::parse(isrc).map_err(|it| it.to_string())?;
                Some(Cow::Owned(isrc.to_string()))
            }
            None if self.recording.is_some() => {
                name(row, self.recording, "recording")?.map(Cow::Borrowed)
            }
            None if self.isrc.is_some() => return Err("no isrc".to_owned()),
            None => None,
        };
        let plays = count(row, self.plays, "plays")?.unwrap_or(1);
        let searched = count(row, self.searched, "searched")?.unwrap_or(0);
        if searched > plays {
            return Err(format!("{searched} searched plays of {plays} plays"));
        }
        let day = self.day.map(|at| parse_date(row.cell(at).trim()));
        let fee = self.fee.map(|at| row.cell(at).trim()).filter(|it| !it.is_empty());
        let fee = fee.map(|it| Atoms::parse(it).map_err(|error| format!("fee: {error}")));
        let fee = fee.transpose()?;
        if fee.is_some_and(Atoms::is_negative) {
            return Err("a fee below zero".to_owned());
        }
        Ok(Said {
            listener,
            artist: artist.clone().or_else(|| recording.clone()).unwrap_or_default(),
            recording: recording.or(artist).unwrap_or_default(),
            plays,
            searched,
            day: day.transpose().map_err(|error| format!("day: {error}"))?,
            fee,
        })
    }
}

/// The name in a column, if the column is there.
fn name<'a>(row: &'a Row, at: Option<usize>, what: &str) -> Result<Option<&'a str>, String> {
    let Some(at) = at else { return Ok(None) };
    match row.cell(at).trim() {
        "" => Err(format!("no {what}")),
        it if it.len() > NAME_BYTES_MAX => {
            Err(format!("{what} has {} bytes, {NAME_BYTES_MAX} are the most", it.len()))
        }
        it => Ok(Some(it)),
    }
}

/// The number in a column, if the column is there.
fn count(row: &Row, at: Option<usize>, what: &str) -> Result<Option<u64>, String> {
    let Some(at) = at else { return Ok(None) };
    let cell = row.cell(at).trim();
    let digits = !cell.is_empty() && cell.bytes().all(|it| it.is_ascii_digit());
    match cell.parse::<u64>().ok().filter(|it| digits && *it <= PLAYS_MAX) {
        Some(number) => Ok(Some(number)),
        None => Err(format!("{what} is no whole number from 0 to {PLAYS_MAX}")),
    }
}
