//! The practical limit: what a program must do at least that reads a report of the bench and knows
//! nothing else. A mapped file, `memchr`, a hash table of integers; one thread; no finding, no
//! second profile, no bad input.
//!
//! `bench-scan REPORT SHARES RECORDINGS OUT`: writes payee,territory,amount to OUT and prints
//! revenue, usages, and those of the repertoire `soundtrack`.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{self, BufWriter, Write};

use memchr::{memchr, memchr_iter};

/// One multiplication a key.
#[derive(Default)]
struct Multiply(u64);

impl Hasher for Multiply {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

type Table<K, V> = HashMap<K, V, BuildHasherDefault<Multiply>>;

/// An ISRC as a number: twelve signs of 36.
fn isrc(text: &[u8]) -> u64 {
    let sign = |it: &u8| if it.is_ascii_digit() { it - b'0' } else { it - b'A' + 10 };
    text.iter().fold(0, |sum, it| sum * 36 + u64::from(sign(it)))
}

/// Digits as a number, a point left out.
fn number(text: &[u8]) -> i64 {
    let digits = text.iter().filter(|it| **it != b'.');
    digits.fold(0, |sum, it| sum * 10 + i64::from(it - b'0'))
}

/// The cells of a line, at most 12.
fn cells<'a>(line: &'a [u8], by: u8, out: &mut [&'a [u8]; 12]) {
    let mut start = 0;
    for (cell, end) in out.iter_mut().zip(memchr_iter(by, line).chain([line.len()])) {
        *cell = &line[start..end];
        start = end + 1;
    }
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let end = memchr(b'\n', rest)?;
        let (line, tail) = (&rest[..end], &rest[end + 1..]);
        rest = tail;
        Some(line)
    })
}

/// What the catalogue says.
#[derive(Default)]
struct Catalogue {
    /// A place by ISRC; 0 is every other recording.
    places: Table<u64, u32>,
    is_soundtrack: Vec<bool>,
    /// Payee and share in 10^-6, by place.
    shares: Vec<Vec<(u32, i64)>>,
    payees: Vec<String>,
}

fn catalogue(shares: &str, recordings: &str) -> io::Result<Catalogue> {
    let mut it = Catalogue::default();
    it.is_soundtrack.push(false);
    let mut cell = [&b""[..]; 12];
    let (shares, recordings) = (bench::map(shares)?, bench::map(recordings)?);
    for line in lines(&recordings).skip(1) {
        cells(line, b',', &mut cell);
        it.places.insert(isrc(cell[0]), it.is_soundtrack.len() as u32);
        it.is_soundtrack.push(cell[2] == b"soundtrack");
    }
    it.shares.resize(it.is_soundtrack.len(), Vec::new());
    let mut payees: Table<Vec<u8>, u32> = Table::default();
    for line in lines(&shares).skip(1) {
        cells(line, b',', &mut cell);
        let Some(place) = it.places.get(&isrc(cell[0])) else { continue };
        let payee = match payees.get(cell[1]) {
            Some(payee) => *payee,
            None => {
                it.payees.push(String::from_utf8_lossy(cell[1]).into_owned());
                payees.insert(cell[1].to_vec(), it.payees.len() as u32 - 1);
                it.payees.len() as u32 - 1
            }
        };
        it.shares[*place as usize].push((payee, number(cell[2])));
    }
    Ok(it)
}

/// Revenue in 10^-8 and usages.
#[derive(Clone, Copy, Default)]
struct Sum {
    revenue: i64,
    usages: i64,
}

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [report, shares, recordings, out] = words.as_slice() else {
        return Err(io::Error::other("bench-scan REPORT SHARES RECORDINGS OUT"));
    };
    let catalogue = catalogue(shares, recordings)?;
    let (territories, sums) = scan(&bench::map(report)?, &catalogue);
    let wide = territories.len();
    let mut totals: Vec<i128> = vec![0; catalogue.payees.len() * wide];
    let (mut all, mut tagged) = ((0_i128, 0_i128), (0_i128, 0_i128));
    for (place, row) in sums.chunks(wide).enumerate() {
        for (territory, sum) in row.iter().enumerate() {
            all = (all.0 + i128::from(sum.revenue), all.1 + i128::from(sum.usages));
            if catalogue.is_soundtrack[place] {
                tagged = (tagged.0 + i128::from(sum.revenue), tagged.1 + i128::from(sum.usages));
            }
            for (payee, share) in &catalogue.shares[place] {
                totals[*payee as usize * wide + territory] +=
                    i128::from(sum.revenue) * i128::from(*share);
            }
        }
    }
    let mut out = BufWriter::new(File::create(out)?);
    writeln!(out, "payee,territory,amount")?;
    for (payee, row) in totals.chunks(wide).enumerate() {
        for (territory, total) in row.iter().enumerate().filter(|(_, it)| **it != 0) {
            let (whole, rest) = (total / 10_i128.pow(14), total % 10_i128.pow(14));
            let (payee, territory) = (&catalogue.payees[payee], &territories[territory]);
            writeln!(out, "{payee},{territory},{whole}.{rest:014}")?;
        }
    }
    out.flush()?;
    let unit = 100_000_000;
    println!("revenue,{}.{:08}", all.0 / unit, all.0 % unit);
    println!("usages,{}", all.1);
    println!("soundtrack revenue,{}.{:08}", tagged.0 / unit, tagged.0 % unit);
    println!("soundtrack usages,{}", tagged.1);
    Ok(())
}

/// Adds the report up: a row a recording, a column a summary record.
fn scan(report: &[u8], catalogue: &Catalogue) -> (Vec<String>, Vec<Sum>) {
    let mut summaries: Table<Vec<u8>, usize> = Table::default();
    let mut territories = Vec::new();
    let mut sums: Vec<Sum> = Vec::new();
    let mut row = 0;
    let mut cell = [&b""[..]; 12];
    for line in lines(report) {
        match line {
            [b'S', b'U', b'0', b'3', ..] => {
                cells(line, b'\t', &mut cell);
                let sum = &mut sums[row + summaries[cell[3]]];
                sum.usages += number(cell[5]);
                sum.revenue += number(cell[6]);
            }
            [b'A', b'S', b'0', b'2', ..] => {
                if sums.is_empty() {
                    sums.resize(catalogue.is_soundtrack.len() * territories.len(), Sum::default());
                }
                cells(line, b'\t', &mut cell);
                let place = catalogue.places.get(&isrc(cell[4])).copied().unwrap_or(0);
                row = place as usize * territories.len();
            }
            [b'S', b'Y', ..] => {
                cells(line, b'\t', &mut cell);
                summaries.insert(cell[1].to_vec(), territories.len());
                territories.push(String::from_utf8_lossy(cell[6]).into_owned());
            }
            _ => {}
        }
    }
    (territories, sums)
}
