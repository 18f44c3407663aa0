//! Reports gone wrong in any way, and what must hold for them all the same.
//!
//! One input is a made-up report of any profile, changed in a few places: bytes, cells, lines, and
//! pieces of other reports. The fuzz targets and a test of this crate run the same checks.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use dsr::{Limits, Reader};
use forge::{DEFECTS, Order, SplitMix64, profiles, versions, write_one};
use ingest::{IngestError, Source, ingest_dsr};
use money::Atoms;

/// No input of a few kilobytes takes longer, not even without optimisation on a busy machine.
const LIMIT: Duration = Duration::from_secs(10);

/// Texts that are trouble in some cell.
const NASTY: &[&str] = &[
    "",
    "0",
    "-1",
    "1e9",
    "NaN",
    "99999999999999999999999999999999999999999",
    "0.0000000000000000001",
    "\"",
    "\"\"",
    "\"a\"",
    "\\",
    "\\|",
    "a|b|",
    "|",
    "::",
    "ISNI::",
    "T1",
    "S1",
    "A1",
    "R1",
    "P",
    "PT",
    "PT99999999999999999999S",
    "2021-02-30",
    "9999-12-31",
    "0000-01-01",
    "TRUE",
    "\u{feff}",
    "é",
    "e\u{301}",
    "\0",
    "HEAD",
    "FOOT",
    "KRW",
    "XXX",
    "SU02.99",
    "SU",
    "SY01",
    "#",
];

/// Record types to be put in front of a line.
const CODES: &[&str] = &[
    "HEAD", "SRHE", "FOOT", "SRFO", "SY01.03", "SY02", "SY05.03", "SY07.01", "SY10.01", "RE01",
    "RE02", "RE03.02", "AS01", "AS02.03", "AS03.02", "CU01.01", "MW01", "LI01.03", "RU01", "SU01",
    "SU02.03", "SU03.02", "SU04.02", "SU05", "SU06", "ST01", "ML01", "SR01", "SR03", "SR04",
    "SR05", "SR06", "SR07", "SR08.01", "DE01", "XX99", "#", "",
];

/// What was seen of one input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Lines.
    pub lines: u64,
    /// Findings.
    pub findings: u64,
    /// Sales transactions.
    pub sales: u64,
    /// Usage lines made of them.
    pub usage_lines: u64,
    /// Bytes.
    pub bytes: u64,
}

/// A report of the seed, changed in up to ten places.
///
/// # Panics
/// Never: an order without defects can be made.
#[must_use]
pub fn input(seed: u64) -> Vec<u8> {
    let mut random = SplitMix64::new(seed);
    let mut bytes = report(&mut random);
    for _ in 0..random.below(11) {
        change(&mut bytes, &mut random);
    }
    bytes
}

fn report(random: &mut SplitMix64) -> Vec<u8> {
    let profile = random.pick(&profiles());
    let version = random.pick(&versions(profile)).to_owned();
    let lines = random.below(24);
    let mut order = Order { version, ..Order::new(profile, random.draw(), lines) };
    order.territories.truncate(1 + random.place(3));
    (order.models, order.recordings) = (1 + random.below(4), 50);
    let clean = order.clone();
    if random.chance(500) && lines >= 20 {
        let defect = &DEFECTS[random.place(DEFECTS.len())];
        order.defects = vec![(defect, 1)];
    }
    let mut bytes = Vec::new();
    // Not every profile can carry every defect.
    if write_one(&order, &mut bytes).is_err() {
        bytes.clear();
        write_one(&clean, &mut bytes).expect("a clean report can be made");
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, random: &mut SplitMix64) {
    let mut lines: Vec<Vec<u8>> =
        bytes.split_inclusive(|it| *it == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        lines.push(random.pick(CODES).as_bytes().to_vec());
    }
    let (at, other) = (random.place(lines.len()), random.place(lines.len()));
    match random.below(14) {
        0 => lines.swap(at, other),
        1 => drop(lines.remove(at)),
        2 => lines.insert(at, lines[other].clone()),
        3 => lines.truncate(at),
        4 => lines[at] = [random.pick(CODES).as_bytes(), b"\t", &lines[at]].concat(),
        5..=8 => change_cell(&mut lines[at], random),
        9 => {
            let piece = report(random);
            let mut more: Vec<_> =
                piece.split_inclusive(|it| *it == b'\n').map(<[u8]>::to_vec).collect();
            let from = random.place(more.len());
            lines.splice(at..at, more.drain(from..));
        }
        10 => {
            let end = lines[at].len().saturating_sub(1);
            lines[at].insert(end, b'\r');
        }
        _ => {
            *bytes = lines.concat();
            return change_byte(bytes, random);
        }
    }
    *bytes = lines.concat();
}

fn change_cell(line: &mut Vec<u8>, random: &mut SplitMix64) {
    let end = line.strip_suffix(b"\n").map_or(line.len(), <[u8]>::len);
    let ending = line.split_off(end);
    let mut cells: Vec<Vec<u8>> = line.split(|it| *it == b'\t').map(<[u8]>::to_vec).collect();
    let (at, other) = (random.place(cells.len()), random.place(cells.len()));
    match random.below(5) {
        0 => cells.swap(at, other),
        1 => drop(cells.remove(at)),
        2 => cells.insert(at, cells[other].clone()),
        _ => cells[at] = random.pick(NASTY).as_bytes().to_vec(),
    }
    *line = cells.join(&b'\t');
    line.extend(ending);
}

fn change_byte(bytes: &mut Vec<u8>, random: &mut SplitMix64) {
    let byte = u8::try_from(random.below(256)).unwrap_or(0);
    let at = random.place(bytes.len() + 1);
    match random.below(3) {
        0 => bytes.insert(at, byte),
        1 if at < bytes.len() => bytes[at] = byte,
        _ => {
            let until = bytes.len().min(at + random.place(40));
            bytes.drain(at..until);
        }
    }
}

/// Reads, checks and ingests any bytes.
///
/// # Panics
/// If something is lost, counted twice, said differently the second time, or takes too long.
pub fn check(bytes: &[u8]) -> Seen {
    let begin = Instant::now();
    let mut seen = Seen { bytes: bytes.len() as u64, ..Seen::default() };
    let mut copy = Vec::with_capacity(bytes.len());
    let mut sales: BTreeMap<u64, u32> = BTreeMap::new();
    let mut data = 0_u64;
    for record in Reader::new("x", bytes, Limits::default()) {
        let record = record.expect("bytes in memory within the limits can be read");
        assert_eq!(record.byte, copy.len() as u64, "a line is not where it is said to be");
        dsr::write_as_read(&mut copy, &record).expect("a vector takes every byte");
        seen.lines += 1;
        data += u64::from(record.is_data());
        let is_sale = record.lookup().spec().is_some_and(dsr::table::RecordSpec::is_sale);
        if record.is_data() && is_sale {
            sales.insert(record.line, 0);
        }
    }
    assert!(copy == bytes, "the records are not the file");
    let mut texts = Vec::new();
    let summary = dsr::check("DSR_x.tsv", bytes, &mut |finding| texts.push(finding.to_string()))
        .expect("what was read once is read again");
    assert_eq!(summary.lines, seen.lines, "lines in are not lines read");
    assert_eq!(summary.records, data, "records, comment lines and empty lines are not all lines");
    assert_eq!(summary.transactions, sales.len() as u64, "a sales transaction was not counted");
    seen.findings = texts.len() as u64;
    seen.sales = sales.len() as u64;
    dsr::cues("x", bytes, &mut |_| {}).expect("what was read once is read again");
    seen.usage_lines = ingest(bytes, sales);
    assert!(begin.elapsed() < LIMIT, "{:?} for {} bytes", begin.elapsed(), bytes.len());
    seen
}

/// Every sales transaction is one usage line, or kept aside once; the sums are those of the lines.
fn ingest(bytes: &[u8], mut sales: BTreeMap<u64, u32>) -> u64 {
    let source = Source { report: "00000000deadbeef", file: 0, name: "DSR_x.tsv" };
    let mut usages = Atoms::ZERO;
    let mut strangers = Vec::new();
    let outcome = ingest_dsr(
        &source,
        &mut || Ok(bytes),
        &mut |row| {
            usages = usages.checked_add(row.usages).expect("the sum was checked for its range");
            match sales.get_mut(&row.line) {
                Some(count) => *count += 1,
                None => strangers.push(row.line),
            }
        },
        &mut |_| {},
    );
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(
            IngestError::NoHeader { .. }
            | IngestError::NoPeriod { .. }
            | IngestError::Profile { .. },
        ) => return 0,
        Err(fault) => panic!("{fault}"),
    };
    assert!(
        strangers.is_empty(),
        "{strangers:?}: usage lines of lines that are no sales transactions"
    );
    for aside in &outcome.quarantined {
        if let Some(count) = sales.get_mut(&aside.line) {
            *count += 1;
        }
    }
    let wrong: Vec<_> = sales.iter().filter(|(_, count)| **count != 1).collect();
    assert!(wrong.is_empty(), "sales transactions lost or doubled: {wrong:?}");
    assert_eq!(usages, outcome.usages, "the control total is not the sum of the lines");
    outcome.lines
}
