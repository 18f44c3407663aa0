//! A file, read as a statement on trial: nothing is kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use finding::Finding;
use ingest::{
    Source, SourceSpec, Statement, Told, ingest_statement, open_statement, tell_unread_member,
};
use period::Period;
use usage::Line;

use super::pieces::{Piece, pieces, reader};
use super::{SourceError, Sources};

/// What a file would become.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Its statements.
    pub pieces: Vec<TrialPiece>,
}

/// What a statement would become.
#[derive(Clone, Debug)]
pub struct TrialPiece {
    /// Its name.
    pub name: String,
    /// What it is taken for.
    pub spec: SourceSpec,
    /// The encoding or the worksheet that it is read in.
    pub way: String,
    /// Its rows by what becomes of them, and its totals.
    pub statement: Statement,
    /// The first usage lines.
    pub lines: Vec<Line>,
    /// The first findings of each rule.
    pub findings: Vec<Finding>,
    /// How often each rule was found.
    pub counts: BTreeMap<String, u64>,
}

/// Reads a file as a statement and tells what would become of it; nothing is kept. `scratch` is a
/// folder that is made, used and removed again.
///
/// # Errors
/// [`SourceError`] if the file is of no known source or cannot be read.
pub fn try_file(
    sources: &Sources,
    asked: Option<&str>,
    path: &Path,
    period: Option<Period>,
    most: usize,
    scratch: &Path,
) -> Result<Trial, SourceError> {
    let sources = sources.asked(asked)?;
    let done = pieces(&sources, asked, path, scratch).and_then(|found| {
        let mut trial = Trial { pieces: Vec::new() };
        for (number, piece) in found.pieces.iter().enumerate() {
            let unread = if number == 0 { &*found.unread } else { &[] };
            trial.pieces.push(read(&sources, piece, unread, period, most)?);
        }
        Ok(trial)
    });
    if scratch.exists() {
        fs::remove_dir_all(scratch)
            .map_err(|source| SourceError::File { path: scratch.to_owned(), source })?;
    }
    done
}

fn read(
    sources: &Sources,
    piece: &Piece,
    unread: &[String],
    period: Option<Period>,
    most: usize,
) -> Result<TrialPiece, SourceError> {
    let Some(known) = sources.known(&piece.source) else {
        return Err(SourceError::NoSource { name: piece.source.clone() });
    };
    let spec = known.spec.clone();
    if spec.asks_period() && period.is_none() {
        return Err(SourceError::NoPeriod { id: spec.id() });
    }
    let (mut lines, mut findings) = (Vec::new(), Vec::new());
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut find = |it: Finding| {
        let count = counts.entry(it.rule.to_owned()).or_default();
        *count += 1;
        if *count <= most as u64 {
            findings.push(it);
        }
    };
    unread.iter().for_each(|it| tell_unread_member(&piece.name, it, &mut find));
    let mut way_words = String::new();
    let source = Source { report: "", file: 0, name: &piece.name };
    let open = reader(&piece.path);
    let statement = open_statement(&spec, &piece.name, &open, &mut |way, rows| {
        way.tell(&piece.name, piece.emptied, &mut find);
        way_words = match (&way.encoding, &way.sheet) {
            (Some(it), _) => it.to_string(),
            (None, Some(it)) => format!("worksheet {it:?}"),
            (None, None) => String::new(),
        };
        let mut keep = |line: Line| {
            if lines.len() < most {
                lines.push(line);
            }
        };
        ingest_statement(&source, Told { spec: &spec, period }, rows, &mut keep, &mut find)
    });
    let statement =
        statement.map_err(|source| SourceError::Read { file: piece.name.clone(), source })?;
    let (name, way) = (piece.name.clone(), way_words);
    Ok(TrialPiece { name, spec, way, statement, lines, findings, counts })
}
