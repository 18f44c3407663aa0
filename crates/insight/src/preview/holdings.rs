//! Which recordings are known, whose they are, and which are tagged.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use catalog::{Catalog, Repertoire};
use csv::ByteRecord;
use finding::{Finding, Position};
use ident::Isrc;
use money::Ratio;

use crate::rule::{SHARES_OVER_WHOLE, TABLE};

/// Plain tables, each with a header line: `isrc,payee,share` and `isrc,recording,repertoire`.
///
/// A share is a decimal, a percentage or a fraction. A recording may be in several repertoires,
/// told apart by `|`, or in none.
#[derive(Copy, Clone, Debug, Default)]
pub struct Tables<'a> {
    /// Name and bytes of the table of right shares.
    pub shares: Option<(&'a str, &'a [u8])>,
    /// Name and bytes of the table of recordings.
    pub recordings: Option<(&'a str, &'a [u8])>,
}

/// What is known of recordings. A place is the number of an ISRC, from 1; 0 is every other one.
#[derive(Debug, Default)]
pub struct Holdings {
    places: HashMap<u64, u32, BuildHasherDefault<OneMultiply>>,
    /// Whether a place is of the repertoire asked for.
    tagged: Vec<bool>,
    payees: Vec<String>,
    payee_places: HashMap<Vec<u8>, u32>,
    /// Payee and share by place, as numerators over the one denominator.
    shares: Vec<Vec<(u32, u64)>>,
    denominator: u64,
    repertoires: Vec<String>,
}

/// A share while the common denominator is not known.
struct Stated {
    place: u32,
    payee: u32,
    numerator: u64,
    denominator: u64,
}

impl Holdings {
    /// Reads plain tables over a catalogue; recordings of `repertoire` are tagged.
    ///
    /// What cannot be read is left out, with a finding.
    #[must_use]
    pub fn read(
        catalogue: Option<&Catalog>,
        tables: Tables<'_>,
        repertoire: Option<&str>,
    ) -> (Self, Vec<Finding>) {
        let mut it = Self { tagged: vec![false], ..Self::default() };
        let mut findings = Vec::new();
        if let Some(catalogue) = catalogue {
            it.take_catalogue(catalogue, repertoire);
        }
        if let Some((file, bytes)) = tables.recordings {
            it.take_recordings(file, bytes, repertoire, &mut findings);
        }
        let mut stated = Vec::new();
        if let Some((file, bytes)) = tables.shares {
            it.take_shares(file, bytes, &mut stated, &mut findings);
        }
        it.settle(&stated, tables.shares.map_or("", |it| it.0), &mut findings);
        it.repertoires.sort();
        it.repertoires.dedup();
        (it, findings)
    }

    /// The place of an ISRC; 0 when nothing is known of it.
    #[must_use]
    pub fn place(&self, isrc: &str) -> u32 {
        packed(isrc).and_then(|it| self.places.get(&it)).copied().unwrap_or(0)
    }

    /// The payees, by number.
    #[must_use]
    pub fn payees(&self) -> &[String] {
        &self.payees
    }

    /// How many ISRCs are known.
    #[must_use]
    pub fn recordings(&self) -> usize {
        self.places.len()
    }

    /// The names of all repertoires.
    #[must_use]
    pub fn repertoires(&self) -> &[String] {
        &self.repertoires
    }

    pub(super) fn is_tagged(&self, place: u32) -> bool {
        self.tagged.get(index(place)).copied().unwrap_or(false)
    }

    /// Payees and numerators of a place.
    pub(super) fn shares(&self, place: u32) -> &[(u32, u64)] {
        self.shares.get(index(place)).map_or(&[], Vec::as_slice)
    }

    /// What the numerators are parts of.
    pub(super) const fn denominator(&self) -> u64 {
        self.denominator
    }

    fn enter(&mut self, isrc: u64, tagged: bool) -> u32 {
        let next = u32::try_from(self.tagged.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(isrc).or_insert(next);
        if place == next {
            self.tagged.push(false);
        }
        self.tagged[index(place)] |= tagged;
        place
    }

    fn take_catalogue(&mut self, catalogue: &Catalog, repertoire: Option<&str>) {
        self.repertoires.extend(catalogue.repertoires.keys().map(ToString::to_string));
        let asked = repertoire
            .and_then(|name| catalogue.repertoires.values().find(|it| it.id.to_string() == name));
        for (id, recording) in &catalogue.recordings {
            let has = |it: &Repertoire| it.contains(catalogue, id);
            let tagged = asked.is_some_and(has);
            for isrc in &recording.isrcs {
                if let Some(isrc) = packed(isrc.as_str()) {
                    self.enter(isrc, tagged);
                }
            }
        }
    }

    fn take_recordings(
        &mut self,
        file: &str,
        bytes: &[u8],
        repertoire: Option<&str>,
        findings: &mut Vec<Finding>,
    ) {
        let asked = repertoire.map(str::as_bytes);
        rows(file, bytes, findings, &mut |row| {
            let isrc = cell(row, 0).and_then(packed).ok_or("no ISRC")?;
            let mut tagged = false;
            let names = row.get(2).unwrap_or_default();
            for name in names.split(|it| *it == b'|').filter(|it| !it.is_empty()) {
                tagged |= Some(name) == asked;
                if !self.repertoires.iter().any(|it| it.as_bytes() == name) {
                    self.repertoires.push(String::from_utf8_lossy(name).into_owned());
                }
            }
            self.enter(isrc, tagged);
            Ok(())
        });
    }

    fn take_shares(
        &mut self,
        file: &str,
        bytes: &[u8],
        stated: &mut Vec<Stated>,
        findings: &mut Vec<Finding>,
    ) {
        rows(file, bytes, findings, &mut |row| {
            let isrc = cell(row, 0).and_then(packed).ok_or("no ISRC")?;
            let share = cell(row, 2).and_then(|it| Ratio::parse(it).ok()).ok_or("no share")?;
            // A share above all there is may be too large to be held; it is over the whole still.
            let numerator = u64::try_from(share.num()).unwrap_or(u64::MAX);
            let denominator = u64::try_from(share.den()).map_err(|_| "a share too fine")?;
            let name = row.get(1).filter(|it| !it.is_empty()).ok_or("no payee")?;
            let payee = match self.payee_places.get(name) {
                Some(payee) => *payee,
                None => {
                    let payee = u32::try_from(self.payees.len()).map_err(|_| "too many payees")?;
                    self.payee_places.insert(name.to_vec(), payee);
                    self.payees.push(String::from_utf8_lossy(name).into_owned());
                    payee
                }
            };
            let place = self.enter(isrc, false);
            stated.push(Stated { place, payee, numerator, denominator });
            Ok(())
        });
    }

    /// Brings all shares to one denominator and looks whether any recording is promised twice.
    fn settle(&mut self, stated: &[Stated], file: &str, findings: &mut Vec<Finding>) {
        let mut whole = 1_u64;
        for it in stated {
            whole = multiple_of_both(whole, it.denominator).unwrap_or(whole);
        }
        self.denominator = whole;
        self.shares = vec![Vec::new(); self.tagged.len()];
        for it in stated {
            if whole.is_multiple_of(it.denominator) {
                let part = it.numerator.saturating_mul(whole / it.denominator);
                self.shares[index(it.place)].push((it.payee, part));
                continue;
            }
            findings.push(
                TABLE
                    .finding("the share has no denominator in common with the others")
                    .at(Position::of_file(file))
                    .evidence(format!("{}/{}", it.numerator, it.denominator)),
            );
        }
        for (isrc, place) in &self.places {
            let sum: u128 = self.shares(*place).iter().map(|it| u128::from(it.1)).sum();
            if sum > u128::from(whole) {
                self.shares[index(*place)].clear();
                findings.push(
                    SHARES_OVER_WHOLE
                        .finding("its right shares are more than all there is; none counts")
                        .at(Position::of_file(file))
                        .evidence(unpacked(*isrc)),
                );
            }
        }
        findings.sort_by(|one, other| one.evidence.cmp(&other.evidence));
    }
}

/// Reads the rows behind the header line; what `take` refuses is a finding.
fn rows(
    file: &str,
    bytes: &[u8],
    findings: &mut Vec<Finding>,
    take: &mut dyn FnMut(&ByteRecord) -> Result<(), &'static str>,
) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut row = ByteRecord::new();
    let mut line = 1;
    loop {
        line += 1;
        let said = match reader.read_byte_record(&mut row) {
            Ok(false) => return,
            Ok(true) => take(&row),
            Err(_) => Err("no row of a table"),
        };
        if let Err(why) = said {
            let cells: Vec<&[u8]> = row.iter().collect();
            let at = Position {
                file: file.to_owned(),
                line: row.position().map_or(line, csv::Position::line),
                ..Position::default()
            };
            findings.push(TABLE.finding(why).at(at).evidence_bytes(&cells.join(&b',')));
        }
    }
}

fn cell(row: &ByteRecord, at: usize) -> Option<&str> {
    std::str::from_utf8(row.get(at)?).ok()
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The least common multiple; `None` above 10^18.
fn multiple_of_both(one: u64, other: u64) -> Option<u64> {
    if one.is_multiple_of(other) {
        return Some(one);
    }
    let (mut a, mut b) = (one, other);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    (one / a).checked_mul(other).filter(|it| *it <= 10_u64.pow(18))
}

/// An ISRC as one number, twelve signs of 36; `None` for what is none.
fn packed(text: &str) -> Option<u64> {
    let sign = |it: u8| match it {
        b'0'..=b'9' => Some(it - b'0'),
        b'A'..=b'Z' => Some(it - b'A' + 10),
        _ => None,
    };
    let pack =
        |text: &str| text.bytes().try_fold(0_u64, |sum, it| Some(sum * 36 + u64::from(sign(it)?)));
    match text.len() {
        // As most are written; what has the length and is no ISRC is not in the table either.
        12 => pack(text).or_else(|| pack(Isrc::parse(text).ok()?.as_str())),
        _ => pack(Isrc::parse(text.trim()).ok()?.as_str()),
    }
}

fn unpacked(mut isrc: u64) -> String {
    let mut signs = [b'0'; 12];
    for sign in signs.iter_mut().rev() {
        let digit = u8::try_from(isrc % 36).unwrap_or(0);
        *sign = if digit < 10 { b'0' + digit } else { b'A' + digit - 10 };
        isrc /= 36;
    }
    String::from_utf8_lossy(&signs).into_owned()
}

/// One multiplication for a packed ISRC.
#[derive(Debug, Default)]
struct OneMultiply(u64);

impl Hasher for OneMultiply {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
