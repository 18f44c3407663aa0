//! Mutated statements of every source: no panic, no hang, no lost row.
//!
//! `STATEMENT_CASES=100000` tries as many mutations; the seed is fixed, so that a failure comes again.

use std::fs;
use std::io::{BufRead, Cursor};
use std::time::Instant;

use ingest::{Source, SourceSpec, Told, ingest_statement, open_statement, recognise};
use period::Period;

use crate::statements::{files, folders, specs};

/// A row of numbers that look random, always the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }
}

const PIECES: [&[u8]; 20] = [
    b"\n",
    b"\r\n",
    b"\"",
    b"\t",
    b",",
    b";",
    b"\0",
    b"\xff",
    b"\xc3",
    b"-",
    b"(",
    b"1e99",
    b"1.5E-5",
    b"Total",
    b"\xed\x95\xa9",
    b"99999999999999999999999",
    b"0.1234567890123456789",
    b"\n\n",
    b" ",
    b"\xef\xbb\xbf",
];

/// Some bytes gone, some new, some lines once more.
fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len());
        match numbers.below(6) {
            0 => bytes[at] = numbers.next().to_le_bytes()[0],
            1 => drop(bytes.drain(at..(at + 1 + numbers.below(40)).min(bytes.len()))),
            2 => {
                let piece = bytes[at..(at + numbers.below(400)).min(bytes.len())].to_vec();
                let to = numbers.below(bytes.len());
                drop(bytes.splice(to..to, piece));
            }
            3 => bytes.truncate(at.max(1)),
            _ => {
                let piece = PIECES[numbers.below(PIECES.len())];
                drop(bytes.splice(at..at, piece.iter().copied()));
            }
        }
        if bytes.is_empty() {
            bytes.push(b'\n');
        }
    }
}

/// Reads a file; true if it was read to its end.
fn read(spec: &SourceSpec, bytes: &[u8]) -> bool {
    let open = || Ok(Box::new(Cursor::new(bytes.to_vec())) as Box<dyn BufRead>);
    let source = Source { report: "r", file: 0, name: "f" };
    let period = Period::parse("2024-06").ok().filter(|_| spec.asks_period());
    let told = Told { spec, period };
    let (mut lines, mut findings) = (0_u64, 0_u64);
    let statement = open_statement(spec, "f", &open, &mut |_, rows| {
        ingest_statement(&source, told, rows, &mut |_| lines += 1, &mut |_| findings += 1)
    });
    let Ok(it) = statement else { return false };
    let skipped: u64 = it.skipped.values().sum();
    let aside = it.ingested.quarantined.len() as u64;
    assert_eq!(it.rows, it.ingested.lines + skipped + aside, "a row is lost");
    assert!(it.ingested.lines == lines && findings >= aside);
    true
}

#[test]
fn no_mutation_panics_hangs_or_loses_a_row() {
    let cases = std::env::var("STATEMENT_CASES").ok().and_then(|it| it.parse().ok());
    let cases: u64 = cases.unwrap_or(2_000);
    let specs = specs();
    let mut corpus = Vec::new();
    for file in folders().iter().flat_map(|it| files(it)) {
        let bytes = fs::read(&file).unwrap();
        let open = || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn BufRead>);
        let known = recognise(&specs, "f", &open).unwrap();
        corpus.push((known[0], bytes.clone()));
    }
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut whole, mut slowest) = (0_u64, 0);
    for case in 0..cases {
        let (spec, bytes) = &corpus[numbers.below(corpus.len())];
        // Now and then it is read as what it is not.
        let spec = if case % 16 == 0 { &specs[numbers.below(specs.len())] } else { spec };
        let mut bytes = bytes.clone();
        mutate(&mut bytes, &mut numbers);
        let begin = Instant::now();
        whole += u64::from(read(spec, &bytes));
        slowest = slowest.max(begin.elapsed().as_millis());
    }
    println!("{cases} mutations, {whole} read to the end, the slowest in {slowest} ms");
    assert!(whole > cases / 4, "too few mutations are still statements: {whole} of {cases}");
    assert!(slowest < 20_000, "{slowest} ms");
}
