//! A delivered file to pieces, each the statement of one source.

use std::fs::{self, File};
use std::io::{self, BufRead, BufWriter, Cursor, Read as _};
use std::path::{Path, PathBuf};

use ingest::{IngestError, SourceSpec, open_statement, recognise, write_without_persons};
use sha2::{Digest, Sha256};
use sheet::{Archive, Limits, Packing, packing};
use store::Text;

use super::{SourceError, Sources};
use crate::home::hex;

/// A statement of one source: a file as it came, a member of an archive, or a copy without data of
/// persons.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Its name, without folders.
    pub(crate) name: String,
    /// Where its bytes lie.
    pub(crate) path: PathBuf,
    /// Name and edition of its source.
    pub(crate) source: String,
    /// Name and SHA-256 of the delivered file, where that has other bytes.
    pub(crate) origin: Option<(String, String)>,
    /// Cells with data of persons that are empty now.
    pub(crate) emptied: u64,
}

/// What a delivered file holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pieces {
    pub(crate) pieces: Vec<Piece>,
    /// Members of an archive that are of no known source.
    pub(crate) unread: Vec<String>,
}

/// What a file looks like from its beginning.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// A DSR flat file.
    Dsr,
    /// A statement of a known source, or something packed.
    Statement,
    /// Neither.
    Unknown,
}

/// Looks at the beginning of a file.
///
/// # Errors
/// [`SourceError`] if it cannot be read.
pub fn look(sources: &Sources, path: &Path) -> Result<Look, SourceError> {
    let mut head = Vec::new();
    let unread = |source| SourceError::File { path: path.to_owned(), source };
    Text::open(path)?.take(HEAD_BYTES).read_to_end(&mut head).map_err(unread)?;
    if packing(&head) != Packing::Plain {
        return Ok(Look::Statement);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let mut lines = text.split(|it| *it == b'\n');
    let first = lines.find(|it| !it.starts_with(b"#") && !it.trim_ascii().is_empty());
    if first.is_some_and(|it| it.starts_with(b"HEAD") || it.starts_with(b"SRHE")) {
        return Ok(Look::Dsr);
    }
    let name = file_name(path);
    let known = recognise(sources.specs(), &name, &reader(path)).unwrap_or_default();
    Ok(if known.is_empty() { Look::Unknown } else { Look::Statement })
}

/// Bytes that are looked at.
const HEAD_BYTES: u64 = 64 << 10;

/// Opens a file as text, unpacked, as often as it is asked.
pub(crate) fn reader(path: &Path) -> impl Fn() -> io::Result<Box<dyn BufRead>> + '_ {
    || match Text::open(path) {
        Ok(text) => Ok(Box::new(text) as Box<dyn BufRead>),
        Err(fault) => Err(io::Error::other(fault)),
    }
}

/// Takes a delivered file apart; what has to be written lies in `folder`.
pub(crate) fn pieces(
    sources: &Sources,
    asked: Option<&str>,
    path: &Path,
    folder: &Path,
) -> Result<Pieces, SourceError> {
    let name = file_name(path);
    let mut head = Vec::new();
    let unread = |source| SourceError::File { path: path.to_owned(), source };
    Text::open(path)?.take(8).read_to_end(&mut head).map_err(unread)?;
    match packing(&head) {
        Packing::OldWorkbook => return Err(SourceError::OldWorkbook { file: name }),
        Packing::Zip => {
            if let Some(pieces) = unpack(sources, path, folder)? {
                return Ok(pieces);
            }
        }
        Packing::Plain => {}
    }
    let source = source_of(sources, asked, &name, path)?;
    let piece = Piece { name, path: path.to_owned(), source, origin: None, emptied: 0 };
    let piece = without_persons(sources, piece, folder)?;
    Ok(Pieces { pieces: vec![piece], ..Pieces::default() })
}

/// The members of an archive that are of a known source; `None` for a workbook.
fn unpack(sources: &Sources, path: &Path, folder: &Path) -> Result<Option<Pieces>, SourceError> {
    let name = file_name(path);
    let written = |path: &Path| {
        let path = path.to_owned();
        move |source| SourceError::File { path, source }
    };
    let sheet = |source| {
        let file = file_name(path);
        SourceError::Read { file: file.clone(), source: IngestError::Sheet { file, source } }
    };
    let file = File::open(path).map_err(written(path))?;
    let mut archive =
        Archive::open(&name, io::BufReader::new(file), Limits::default()).map_err(sheet)?;
    if archive.is_workbook() {
        return Ok(None);
    }
    let sha256 = hash(path)?;
    let mut found = Pieces::default();
    for (number, member) in archive.members().map_err(sheet)?.into_iter().enumerate() {
        let own = folder.join(format!("member-{number}"));
        fs::create_dir_all(&own).map_err(written(&own))?;
        let to = own.join("bytes");
        let mut out = BufWriter::new(File::create(&to).map_err(written(&to))?);
        archive.unpack(&member, &mut out).map_err(sheet)?;
        out.into_inner().map_err(|it| written(&to)(it.into_error()))?;
        let base = member.base().to_owned();
        let specs: Vec<&SourceSpec> = sources.specs().filter(|it| it.takes_member(&base)).collect();
        // What cannot be read at all is of no source either.
        let known = recognise(specs, &base, &reader(&to)).unwrap_or_default();
        match known[..] {
            [] => found.unread.push(member.name),
            [one] => {
                let origin = Some((name.clone(), sha256.clone()));
                let piece = Piece { name: base, path: to, source: one.id(), origin, emptied: 0 };
                found.pieces.push(without_persons(sources, piece, &own)?);
            }
            _ => {
                return Err(SourceError::Ambiguous { file: member.name, ids: ids(&known) });
            }
        }
    }
    match found.pieces.is_empty() {
        true => Err(SourceError::Unknown { file: name, asked: None }),
        false => Ok(Some(found)),
    }
}

/// The source of a file: the only one whose header it has, or the only one that was asked for.
fn source_of(
    sources: &Sources,
    asked: Option<&str>,
    name: &str,
    path: &Path,
) -> Result<String, SourceError> {
    let failed = |source| SourceError::Read { file: name.to_owned(), source };
    let known = recognise(sources.specs(), name, &reader(path)).map_err(failed)?;
    let asked = asked.map(str::to_owned);
    match known[..] {
        [one] => Ok(one.id()),
        [] => Err(SourceError::Unknown { file: name.to_owned(), asked }),
        _ => Err(SourceError::Ambiguous { file: name.to_owned(), ids: ids(&known) }),
    }
}

/// Names and editions, in order.
fn ids(specs: &[&SourceSpec]) -> Vec<String> {
    let mut ids: Vec<String> = specs.iter().map(|it| it.id()).collect();
    ids.sort();
    ids
}

/// The piece itself, or a copy of it without data of persons, where its source has such.
fn without_persons(sources: &Sources, piece: Piece, folder: &Path) -> Result<Piece, SourceError> {
    let Some(known) = sources.known(&piece.source).filter(|it| it.spec.has_personal()) else {
        return Ok(piece);
    };
    let mut copy = Cursor::new(Vec::new());
    let emptied = open_statement(&known.spec, &piece.name, &reader(&piece.path), &mut |_, rows| {
        write_without_persons(&known.spec, &piece.name, rows, &mut copy)
    });
    let emptied =
        emptied.map_err(|source| SourceError::Read { file: piece.name.clone(), source })?;
    let origin = match piece.origin {
        Some(it) => it,
        None => (piece.name.clone(), hash(&piece.path)?),
    };
    let path = folder.join(format!("without-persons-{}", origin.1));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, copy.into_inner()))
        .map_err(|source| SourceError::File { path: path.clone(), source })?;
    Ok(Piece { path, origin: Some(origin), emptied, ..piece })
}

/// SHA-256 of a file's bytes, in hex.
fn hash(path: &Path) -> Result<String, SourceError> {
    let failed = |source| SourceError::File { path: path.to_owned(), source };
    let mut file = io::BufReader::with_capacity(1 << 18, File::open(path).map_err(failed)?);
    let mut hash = Sha256::new();
    loop {
        let bytes = file.fill_buf().map_err(failed)?;
        if bytes.is_empty() {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(bytes);
        let count = bytes.len();
        file.consume(count);
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned())
}
