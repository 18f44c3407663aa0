//! Every folder of `tests/statements`: a made-up file of a source, and what becomes of it.
//!
//! `UPDATE_EXPECT=1` writes what came out over what is expected; look at the difference then.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead, Cursor};
use std::path::{Path, PathBuf};

use ingest::{
    SHIPPED, Source, SourceSpec, Told, ingest_statement, open_statement, recognise,
    write_without_persons,
};
use period::Period;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statements")
}

pub(crate) fn specs() -> Vec<SourceSpec> {
    SHIPPED.iter().map(|(file, text)| SourceSpec::parse(file, text).unwrap()).collect()
}

/// What is told about a file: its source, its lines, its rows by their ends, its findings.
fn told(name: &str, bytes: &[u8], period: Option<Period>) -> String {
    let specs = specs();
    let open = || Ok(Box::new(Cursor::new(bytes.to_vec())) as Box<dyn BufRead>);
    let known = recognise(&specs, name, &open).unwrap();
    let [spec] = known[..] else {
        return format!("{name}: {:?}\n", known.iter().map(|it| it.id()).collect::<Vec<_>>());
    };
    let mut copy = Vec::new();
    if spec.has_personal() {
        open_statement(spec, name, &open, &mut |_, rows| {
            write_without_persons(spec, name, rows, &mut copy)
        })
        .unwrap();
    } else {
        copy = bytes.to_vec();
    }
    let source = Source { report: "r", file: 0, name };
    let (mut lines, mut faults) = (String::new(), String::new());
    let open = || Ok(Box::new(Cursor::new(copy.clone())) as Box<dyn BufRead>);
    let mut seen = format!("{name}: {}", spec.id());
    let statement = open_statement(spec, name, &open, &mut |way, rows| {
        let encoding = way.encoding.map_or_else(String::new, |it| format!(", {it}"));
        let sheet = way.sheet.as_ref().map_or_else(String::new, |it| format!(", sheet {it}"));
        let _ = writeln!(seen, "{encoding}{sheet}");
        ingest_statement(
            &source,
            Told { spec, period },
            rows,
            &mut |line| {
                let _ = write!(
                    lines,
                    "  {} {}..{} {} | {} | {} {} {}",
                    line.line,
                    line.from,
                    line.until,
                    line.service,
                    line.territory,
                    line.use_type,
                    line.commercial_model,
                    line.rights_type,
                );
                let _ = write!(
                    lines,
                    " | {} {} {} {:?} {:?} | {} uses {} {}",
                    line.isrc,
                    line.icpn,
                    line.resource_id,
                    line.title,
                    line.artist,
                    line.usages,
                    line.currency.unwrap(),
                    line.amount
                );
                let _ = writeln!(
                    lines,
                    "{}{}",
                    if line.adjustment.is_empty() { "" } else { " adjusted: " },
                    line.adjustment
                );
            },
            &mut |finding| {
                let _ = writeln!(faults, "  {finding}");
            },
        )
    })
    .unwrap();
    let skipped: u64 = statement.skipped.values().sum();
    let aside = statement.ingested.quarantined.len() as u64;
    assert_eq!(statement.rows, statement.ingested.lines + skipped + aside);
    let _ = writeln!(
        seen,
        "{} rows = {} lines + {skipped} skipped {:?} + {aside} quarantined; {} totals agree",
        statement.rows, statement.ingested.lines, statement.skipped, statement.totals_agreed
    );
    for ((currency, basis), amount) in &statement.ingested.amounts {
        let _ = writeln!(seen, "{currency} {amount} {basis}");
    }
    let _ = writeln!(seen, "{} usages", statement.ingested.usages);
    seen + "lines:\n" + &lines + "findings:\n" + &faults
}

/// Every file beside `expected.txt`, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|it| {
        let name = it.file_name().unwrap().to_string_lossy().into_owned();
        it.is_file() && name != "expected.txt" && !name.starts_with("LICENSE")
    });
    files.sort();
    files
}

pub(crate) fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_dir())
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_source_gives_what_it_expects() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = String::new();
    let mut sources: BTreeMap<String, usize> = BTreeMap::new();
    let folders = folders();
    for folder in &folders {
        let mut got = String::new();
        for file in files(folder) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let bytes = fs::read(&file).unwrap();
            let period = Some(Period::parse("2024-Q2").unwrap());
            let asked =
                ["prs", "publisher-csv", "publisher-csv-2"].iter().any(|it| folder.ends_with(it));
            let text = told(&name, &bytes, period.filter(|_| asked));
            let id = text.split([' ', ',', '\n']).nth(1).unwrap().to_owned();
            *sources.entry(id).or_default() += 1;
            got += &text;
        }
        let path = folder.join("expected.txt");
        if update {
            fs::write(&path, &got).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if expected != got {
            let _ = writeln!(wrong, "{}\n--- expected\n{expected}\n--- got\n{got}", path.display());
        }
    }
    assert!(wrong.is_empty(), "run again with UPDATE_EXPECT=1 if this is right:\n{wrong}");
    for spec in specs() {
        assert!(sources.contains_key(&spec.id()), "{} has no file: {sources:?}", spec.id());
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_read_as_far_as_it_goes() {
    let specs = specs();
    for folder in folders() {
        for file in files(&folder) {
            let bytes = fs::read(&file).unwrap();
            for length in (0..bytes.len()).step_by(bytes.len() / 60 + 1) {
                let cut = bytes[..length].to_vec();
                let open =
                    || -> io::Result<Box<dyn BufRead>> { Ok(Box::new(Cursor::new(cut.clone()))) };
                for spec in recognise(&specs, "cut", &open).unwrap_or_default() {
                    let source = Source { report: "r", file: 0, name: "cut" };
                    let told = Told { spec, period: None };
                    let statement = open_statement(spec, "cut", &open, &mut |_, rows| {
                        ingest_statement(&source, told, rows, &mut |_| {}, &mut |_| {})
                    });
                    let Ok(it) = statement else { continue };
                    let skipped: u64 = it.skipped.values().sum();
                    let aside = it.ingested.quarantined.len() as u64;
                    assert_eq!(it.rows, it.ingested.lines + skipped + aside);
                }
            }
        }
    }
}
