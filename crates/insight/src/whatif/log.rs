//! The listening log, read and added up.

use std::collections::HashMap;
use std::io::BufRead;

use finding::{Finding, Position};
use money::Atoms;
use period::{Date, Period};
use sheet::{Encoding, Form, ReadError, Row, Rows as _, TextRows};

use crate::rule::{LOG_COLUMN, LOG_FEE, LOG_ROW};

use super::cells::{Cell, Cells};
use super::ids::Ids;
use super::row::{Columns, Said};

/// What a log may hold; beyond it the log is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most listeners.
    pub listeners_max: usize,
    /// Most recordings, and most artists.
    pub titles_max: usize,
    /// Most pairs of a listener and a recording, within 65,536 rows or a factor of 2.
    pub cells_max: usize,
    /// Most bytes of all names together.
    pub name_bytes_max: usize,
    /// Most findings that are kept; all are counted.
    pub findings_max: usize,
}

impl Default for Limits {
    /// By calculation about 4 GiB at the most.
    fn default() -> Self {
        Self {
            listeners_max: 10_000_000,
            titles_max: 5_000_000,
            cells_max: 40_000_000,
            name_bytes_max: 1 << 29,
            findings_max: 1000,
        }
    }
}

/// Why a log is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListeningLogError {
    /// It cannot be read on.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It cannot be read at all.
    #[error("{file}: read failed")]
    Source {
        /// Name of the file.
        file: String,
        /// What the source said.
        source: std::io::Error,
    },
    /// Its first line is not the header of a log.
    #[error("{file}: {reason}; a log begins with a line such as listener,artist,recording,plays")]
    Header {
        /// Name of the file.
        file: String,
        /// What is missing.
        reason: String,
    },
    /// A period is asked for, and the log has no days.
    #[error("{file}: a period is asked for, and the log has no column day")]
    NoDay {
        /// Name of the file.
        file: String,
    },
    /// It holds more than the limits let in.
    #[error("{file}:{line}: more than {most} {what}")]
    TooLarge {
        /// Name of the file.
        file: String,
        /// The line at which it was seen.
        line: u64,
        /// Of what.
        what: &'static str,
        /// The limit.
        most: u64,
    },
}

/// A recording of an artist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Title {
    pub(super) artist: u32,
    pub(super) recording: u32,
}

/// A listening log, added up by listener and recording.
#[derive(Debug)]
pub struct ListeningLog {
    pub(super) artists: Vec<String>,
    pub(super) recordings: Vec<String>,
    /// In order of artist and recording.
    pub(super) titles: Vec<Title>,
    /// Plays of each title in the log up to the end of the period: what a threshold looks at.
    pub(super) reach: Vec<u64>,
    /// Plays of the period, in order of listener and title.
    pub(super) cells: Vec<Cell>,
    /// What each listener pays, as far as the log says it.
    pub(super) fees: Vec<Option<Atoms>>,
    /// Whether the log has artists.
    pub has_artists: bool,
    /// Whether the log has recordings.
    pub has_recordings: bool,
    /// Whether the log has fees.
    pub has_fees: bool,
    /// Rows behind the header that are not blank.
    pub rows: u64,
    /// Rows that were left out because of what is wrong with them.
    pub rows_bad: u64,
    /// Rows outside the period; those before it count for thresholds.
    pub rows_outside: u64,
    /// First and last day of the rows that are paid.
    pub days: Option<(Date, Date)>,
    /// What is wrong, the first of it.
    pub findings: Vec<Finding>,
    /// How many findings there were.
    pub findings_count: u64,
}

impl ListeningLog {
    /// Reads a log: delimited text (`,`, `;` or tab) in UTF-8, with a header line.
    ///
    /// Columns are `listener`, `artist` and `recording` or `isrc` (one of them at least), and, if
    /// there are any, `plays` (1 without it), `searched` (those of the plays that the listener
    /// asked for), `day` and `fee` (what the listener pays). With a period, plays within it are
    /// paid, and plays before it count for thresholds only. A row that cannot be read is left out,
    /// with a finding. `seen` is told the number of rows now and then.
    ///
    /// # Errors
    /// [`ListeningLogError`]: the source fails, the header is none, or the limits are broken.
    pub fn read(
        file: &str,
        mut source: impl BufRead,
        period: Option<Period>,
        limits: Limits,
        seen: &mut dyn FnMut(u64),
    ) -> Result<Self, ListeningLogError> {
        let delimiter = delimiter(&mut source)
            .map_err(|source| ListeningLogError::Source { file: file.to_owned(), source })?;
        let form = Form { encoding: Encoding::Utf8, delimiter, quotes: true };
        let lines =
            sheet::Limits { row_bytes_max: 1 << 13, quoted_lines_max: 1, ..Default::default() };
        let mut rows = TextRows::new(file, source, form, lines);
        let mut row = Row::default();
        let header = |reason: &str| ListeningLogError::Header {
            file: file.to_owned(),
            reason: reason.into(),
        };
        if !rows.read(&mut row)? || row.fault.is_some() {
            return Err(header("no header"));
        }
        let columns = Columns::read(&row).map_err(|reason| header(&reason))?;
        if period.is_some() && !columns.has_days() {
            return Err(ListeningLogError::NoDay { file: file.to_owned() });
        }
        let mut reading = Reading::new(file, &columns, period, limits);
        while rows.read(&mut row)? {
            if row.is_blank() {
                continue;
            }
            reading.rows += 1;
            if reading.rows.is_multiple_of(1 << 16) {
                seen(reading.rows);
            }
            match columns.said(&row) {
                Ok(said) => reading.take(row.line, &said)?,
                Err(reason) => reading.refuse(&row, reason),
            }
        }
        reading.finish(&columns, row.line)
    }

    /// How many listeners it knows.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.fees.len()
    }

    /// How many pairs of listener and recording it holds.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.cells.len()
    }
}

/// What stands between the cells of the header.
fn delimiter(source: &mut impl BufRead) -> std::io::Result<char> {
    let head = source.fill_buf()?;
    let line = head.split(|it| *it == b'\n').next().unwrap_or_default();
    let has = |it: u8| line.contains(&it);
    Ok(match (has(b','), has(b'\t'), has(b';')) {
        (false, true, _) => '\t',
        (false, false, true) => ';',
        _ => ',',
    })
}

/// A log while it is read; numbers are in the order in which names came.
struct Reading<'a> {
    file: &'a str,
    period: Option<Period>,
    limits: Limits,
    listeners: Ids,
    artists: Ids,
    recordings: Ids,
    titles: HashMap<Title, u32>,
    reach: Vec<u64>,
    cells: Cells,
    fees: Vec<Option<Atoms>>,
    rows: u64,
    rows_bad: u64,
    rows_outside: u64,
    days: Option<(Date, Date)>,
    findings: Vec<Finding>,
    findings_count: u64,
}

impl<'a> Reading<'a> {
    fn new(file: &'a str, columns: &Columns, period: Option<Period>, limits: Limits) -> Self {
        let mut it = Self {
            file,
            period,
            limits,
            listeners: Ids::default(),
            artists: Ids::default(),
            recordings: Ids::default(),
            titles: HashMap::new(),
            reach: Vec::new(),
            cells: Cells::default(),
            fees: Vec::new(),
            rows: 0,
            rows_bad: 0,
            rows_outside: 0,
            days: None,
            findings: Vec::new(),
            findings_count: 0,
        };
        for name in &columns.unknown {
            let finding = LOG_COLUMN.finding("a column that a log does not have").evidence(name);
            it.tell(finding.at(Position { line: 1, ..Position::of_file(file) }));
        }
        it
    }

    fn tell(&mut self, finding: Finding) {
        self.findings_count += 1;
        if self.findings.len() < self.limits.findings_max {
            self.findings.push(finding);
        }
    }

    fn refuse(&mut self, row: &Row, reason: String) {
        self.rows_bad += 1;
        let position = Position { line: row.line, byte: row.byte, ..Position::of_file(self.file) };
        self.tell(LOG_ROW.finding(reason).at(position).evidence_bytes(row.raw()));
    }

    fn take(&mut self, line: u64, said: &Said<'_>) -> Result<(), ListeningLogError> {
        let within = |it: Period| said.day.is_some_and(|day| it.contains(day));
        let paid = self.period.is_none_or(within);
        let after = self.period.is_some_and(|it| said.day.is_some_and(|day| day >= it.end()));
        if !paid {
            self.rows_outside += 1;
        }
        if after {
            return Ok(());
        }
        let listener = paid.then(|| self.listener(line, said));
        if said.plays > 0 {
            let title = self.title(said);
            let reach = &mut self.reach[title as usize];
            *reach = reach.saturating_add(said.plays);
            if let Some(listener) = listener {
                let Said { plays, searched, .. } = *said;
                let cell = Cell { listener, title, plays, searched };
                self.cells.add(cell).ok_or_else(|| self.too_large(line, "plays", u64::MAX))?;
                if let Some(day) = said.day {
                    let (first, last) = self.days.unwrap_or((day, day));
                    self.days = Some((first.min(day), last.max(day)));
                }
            }
        }
        self.limit(line)
    }

    fn listener(&mut self, line: u64, said: &Said<'_>) -> u32 {
        let listener = self.listeners.number(said.listener);
        if self.fees.len() <= listener as usize {
            self.fees.resize(listener as usize + 1, None);
        }
        let known = self.fees[listener as usize];
        if let (Some(known), Some(fee)) = (known, said.fee)
            && known != fee
        {
            let message = format!("a listener who pays {known} and {fee}; the larger counts");
            let position = Position { line, ..Position::of_file(self.file) };
            self.tell(LOG_FEE.finding(message).at(position).evidence(said.listener));
        }
        self.fees[listener as usize] = known.max(said.fee);
        listener
    }

    fn title(&mut self, said: &Said<'_>) -> u32 {
        let title = Title {
            artist: self.artists.number(&said.artist),
            recording: self.recordings.number(&said.recording),
        };
        let next = u32::try_from(self.titles.len()).unwrap_or(u32::MAX);
        let number = *self.titles.entry(title).or_insert(next);
        if number == next {
            self.reach.push(0);
        }
        number
    }

    fn limit(&self, line: u64) -> Result<(), ListeningLogError> {
        let Self { listeners, artists, recordings, limits, .. } = self;
        let bytes = listeners.bytes + artists.bytes + recordings.bytes;
        let counts = [
            (listeners.len(), limits.listeners_max, "listeners"),
            (self.titles.len(), limits.titles_max, "recordings"),
            (self.cells.len(), limits.cells_max, "pairs of listener and recording"),
            (bytes, limits.name_bytes_max, "bytes of names"),
        ];
        match counts.into_iter().find(|(count, most, _)| count > most) {
            Some((_, most, what)) => Err(self.too_large(line, what, most as u64)),
            None => Ok(()),
        }
    }

    fn too_large(&self, line: u64, what: &'static str, most: u64) -> ListeningLogError {
        ListeningLogError::TooLarge { file: self.file.to_owned(), line, what, most }
    }

    /// Puts names and cells in order, so that the order of the log is forgotten.
    fn finish(self, columns: &Columns, line: u64) -> Result<ListeningLog, ListeningLogError> {
        let too_large = self.too_large(line, "plays", u64::MAX);
        let (_, listener_places) = self.listeners.sorted();
        let (artists, artist_places) = self.artists.sorted();
        let (recordings, recording_places) = self.recordings.sorted();
        let mut all: Vec<(Title, u32)> = self
            .titles
            .into_iter()
            .map(|(it, number)| {
                let artist = artist_places[it.artist as usize];
                let recording = recording_places[it.recording as usize];
                (Title { artist, recording }, number)
            })
            .collect();
        all.sort_unstable();
        let mut title_places = vec![0; all.len()];
        for (place, (_, number)) in all.iter().enumerate() {
            title_places[*number as usize] = u32::try_from(place).unwrap_or(u32::MAX);
        }
        let mut fees = vec![None; self.fees.len()];
        for (fee, place) in self.fees.iter().zip(&listener_places) {
            fees[*place as usize] = *fee;
        }
        Ok(ListeningLog {
            cells: self.cells.finish(&listener_places, &title_places).ok_or(too_large)?,
            reach: all.iter().map(|it| self.reach[it.1 as usize]).collect(),
            titles: all.into_iter().map(|it| it.0).collect(),
            artists,
            recordings,
            fees,
            has_artists: columns.artist.is_some(),
            has_recordings: columns.has_recordings(),
            has_fees: columns.fee.is_some(),
            rows: self.rows,
            rows_bad: self.rows_bad,
            rows_outside: self.rows_outside,
            days: self.days,
            findings: self.findings,
            findings_count: self.findings_count,
        })
    }
}
