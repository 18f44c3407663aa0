//! Cue sheets that come as tables: our own, those for the societies, and whatever names its columns.

use std::io::Cursor;

use finding::Finding;
use sheet::{Encoding, Form, Limits, ReadError, Row, Rows, TextRows, Workbook};

use super::row::{Cells, Read};
use super::words::{About, Column};
use super::{CUES_MAX, Imported, at, no_form};
use crate::rule::{BEYOND, CELL, LINE};
use crate::table::unguarded;
use crate::{Head, parse_clock};

/// How many lines may stand above the names of the columns.
const HEAD_LINES_MAX: usize = 64;

/// Reads a table: CSV with commas, semicolons or tabs in UTF-8, or the first worksheet of a workbook.
///
/// Names of columns are known in several spellings, English and Korean. What is above them tells about
/// the programme.
#[must_use]
pub fn import_table(name: &str, bytes: &[u8]) -> Imported {
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook(name, bytes).unwrap_or_else(|why| Imported {
            findings: vec![no_form(name, &why.to_string())],
            ..Imported::default()
        });
    }
    let form = Form { encoding: Encoding::Utf8, delimiter: delimiter(bytes), quotes: true };
    read(name, &mut TextRows::new(name, Cursor::new(bytes), form, Limits::default()), true)
}

fn workbook(name: &str, bytes: &[u8]) -> Result<Imported, ReadError> {
    let mut book = Workbook::open(name, Cursor::new(bytes), Limits::default())?;
    let first = book.sheets().into_iter().next().unwrap_or_default();
    Ok(read(name, &mut book.rows(&first)?, false))
}

/// The delimiter that the line with most of them has.
fn delimiter(bytes: &[u8]) -> char {
    let start = bytes.get(..65_536).unwrap_or(bytes);
    let most = |mark: u8| {
        let count = |line: &[u8]| line.iter().filter(|it| **it == mark).count();
        start.split(|it| *it == b'\n').map(count).max().unwrap_or(0)
    };
    let marks = [b',', b';', b'\t'];
    let best = marks.into_iter().rev().max_by_key(|it| most(*it)).unwrap_or(b',');
    char::from(best)
}

fn read(name: &str, rows: &mut dyn Rows, are_guarded: bool) -> Imported {
    let mut imported = Imported::default();
    let mut columns: Option<Vec<Option<Column>>> = None;
    let mut row = Row::default();
    let mut above = 0;
    loop {
        match rows.read(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => {
                imported.findings.push(no_form(name, &why.to_string()));
                break;
            }
        }
        if row.is_blank() {
            continue;
        }
        match &columns {
            None => {
                columns = names(&row);
                if columns.is_none() {
                    about(&mut imported, name, &row, are_guarded);
                    above += 1;
                }
                if above > HEAD_LINES_MAX {
                    break;
                }
            }
            Some(columns) => {
                if imported.sheet.cues.len() + imported.sheet.doubtful.len() >= CUES_MAX {
                    let what = format!("more than {CUES_MAX} cues; the rest is not read");
                    imported.findings.push(LINE.finding(what).at(at(name, row.line)));
                    break;
                }
                line(&mut imported, name, &row, (columns, are_guarded));
            }
        }
    }
    if columns.is_none() {
        imported.findings.push(no_form(name, "no line names the columns of a cue sheet"));
    }
    finish(&mut imported);
    imported
}

/// The meanings of the columns, if this line names them.
fn names(row: &Row) -> Option<Vec<Option<Column>>> {
    let columns: Vec<_> = row.cells().map(Column::parse).collect();
    let has = |of: fn(Column) -> bool| columns.iter().flatten().any(|it| of(*it));
    (has(Column::names_music) && has(Column::tells_time)).then_some(columns)
}

/// A line above the columns: a name, and its value in the next cell that is not empty.
fn about(imported: &mut Imported, name: &str, row: &Row, are_guarded: bool) {
    let cells: Vec<&str> = row.cells().map(str::trim).collect();
    let Some(what) = cells.first().and_then(|it| About::parse(it)) else { return };
    let Some(value) = cells.iter().skip(1).find(|it| !it.is_empty()) else { return };
    let value = if are_guarded { unguarded(value) } else { value };
    if !tell(&mut imported.sheet.head, what, value) {
        let what = format!("{} cannot be read", what.words());
        imported.findings.push(CELL.finding(what).at(at(name, row.line)).evidence(value));
    }
}

/// Takes what a line says about the programme; false if its value cannot be read.
pub(super) fn tell(head: &mut Head, what: About, value: &str) -> bool {
    let small = |it: &str| it.trim_end_matches(['회', '화']).trim().parse::<u16>().ok();
    match what {
        About::Production => value.clone_into(&mut head.production),
        About::Title => value.clone_into(&mut head.title),
        About::EpisodeTitle => value.clone_into(&mut head.episode_title),
        About::Provider => value.clone_into(&mut head.provider),
        About::Season => head.season = small(value),
        About::Episode => head.episode = small(value),
        About::Aired => head.aired = period::parse_date(value).ok(),
        About::Length => match parse_clock(value) {
            Some(length) => head.length_ms = length,
            None => return false,
        },
    }
    match what {
        About::Season => head.season.is_some(),
        About::Episode => head.episode.is_some(),
        About::Aired => head.aired.is_some(),
        _ => true,
    }
}

fn line(
    imported: &mut Imported,
    name: &str,
    row: &Row,
    (columns, are_guarded): (&[Option<Column>], bool),
) {
    let place = || at(name, row.line);
    if let Some(fault) = &row.fault {
        let finding = LINE.finding(fault.to_string()).at(place());
        imported.findings.push(finding.evidence(String::from_utf8_lossy(row.raw())));
        return;
    }
    let mut cells = Cells { are_guarded, ..Cells::default() };
    for (column, cell) in columns.iter().zip(row.cells()) {
        if let Some(column) = column {
            cells.by_column.entry(*column).or_insert(cell);
        }
    }
    let mut findings: Vec<Finding> = Vec::new();
    match cells.read(&mut findings) {
        Read::Cue(cue, true) => imported.sheet.doubtful.push(*cue),
        Read::Cue(cue, false) => {
            let length = imported.sheet.head.length_ms;
            if length > 0 && cue.end_ms().is_some_and(|it| it > length.saturating_add(1000)) {
                findings.push(BEYOND.finding("it ends after its programme"));
            }
            imported.sheet.cues.push(*cue);
        }
        Read::Further | Read::Nothing => {}
    }
    imported.findings.extend(findings.into_iter().map(|it| {
        let evidence = if it.evidence.is_empty() {
            String::from_utf8_lossy(row.raw()).into_owned()
        } else {
            it.evidence.clone()
        };
        it.at(place()).evidence(evidence)
    }));
}

/// Keeps the numbers of a sheet if each cue has its own, and gives new ones otherwise.
pub(super) fn finish(imported: &mut Imported) {
    let sheet = &mut imported.sheet;
    sheet.sort();
    let mut ids: Vec<u32> = sheet.cues.iter().chain(&sheet.doubtful).map(|it| it.id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < count || ids.contains(&0) {
        sheet.number();
    }
}
