//! A sketch of a report's sales transactions, by which a re-send is known.
//!
//! It keeps the smallest hashes of the transactions, each with the recording, place and offer it
//! speaks of. Up to [`KEPT`] transactions are all in it, and of more a sample that is the same
//! for the same transactions, whatever their order.

use std::collections::BTreeSet;

use period::Date;
use usage::Row;

/// How many hashes are kept.
const KEPT: usize = 4096;

/// The part of a hash that the transaction id decides, if there is one.
const PLACE: u64 = !0 << 32;

/// The smallest hashes of what was added.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketch {
    least: BTreeSet<u64>,
}

impl Sketch {
    /// Adds a usage line that a report itemises.
    pub(super) fn add(&mut self, row: &Row<'_>) {
        let (offer, subject) = (row.offer, row.subject);
        let mut hash = Hash::default();
        hash.text(row.transaction);
        // The id alone says where among the hashes it stands, so most lines are done here.
        let place = hash.finish() & PLACE;
        if !row.transaction.is_empty() && self.is_beyond(place) {
            return;
        }
        for it in [
            &subject.isrc,
            &subject.title,
            &offer.territory,
            &offer.use_type,
            &offer.commercial_model,
        ] {
            hash.text(it);
        }
        hash.day(offer.from);
        // Without an id of its own, a line is the same if it says the same.
        if row.transaction.is_empty() {
            for it in [&subject.icpn, &subject.artist, &subject.resource_id, &offer.service] {
                hash.text(it);
            }
            hash.bytes(&row.usages.raw().to_le_bytes());
            hash.bytes(&row.amount.raw().to_le_bytes());
        }
        let hash = match row.transaction.is_empty() {
            true => hash.finish(),
            false => place | (hash.finish() & !PLACE),
        };
        if !self.is_beyond(hash) && self.least.insert(hash) && self.least.len() > KEPT {
            self.least.pop_last();
        }
    }

    /// Whether the sketch is full of smaller ones.
    fn is_beyond(&self, hash: u64) -> bool {
        self.least.len() == KEPT && self.least.last().is_some_and(|last| *last < hash)
    }

    pub(super) fn into_hashes(self) -> Vec<u64> {
        self.least.into_iter().collect()
    }
}

/// Returns how many of the transactions that both sketches can speak about are in both, and how
/// many there are in the one that has fewer.
pub(super) fn shared(a: &[u64], b: &[u64]) -> (usize, usize) {
    // Where a sketch is full, it says nothing of what is above its last hash.
    let reach = |it: &[u64]| if it.len() < KEPT { u64::MAX } else { it[it.len() - 1] };
    let reach = reach(a).min(reach(b));
    let within = |it: &[u64]| it.iter().copied().take_while(|it| *it <= reach).collect();
    let (a, b): (BTreeSet<u64>, BTreeSet<u64>) = (within(a), within(b));
    (a.intersection(&b).count(), a.len().min(b.len()))
}

/// A fast hash that is the same on every machine; it does not withstand an adversary, and need not.
#[derive(Default)]
struct Hash(u64);

impl Hash {
    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        self.mix(text.len() as u64);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|it| self.mix(u64::from_le_bytes(*it)));
        let mut last = [0_u8; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last));
    }

    fn day(&mut self, day: Date) {
        let [a, b] = day.year().to_le_bytes();
        let [month] = day.month().to_le_bytes();
        let [day] = day.day().to_le_bytes();
        self.mix(u64::from_le_bytes([day, month, a, b, 0, 0, 0, 0]));
    }

    const fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    const fn finish(&self) -> u64 {
        let a = (self.0 ^ (self.0 >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        a ^ (a >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sketch of transactions numbered so.
    fn sketch(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut sketch = Sketch::default();
        let mut line = super::super::take::tests::line();
        for it in numbers {
            line.transaction = format!("T{it}");
            usage::Parting::default().row(&line, |row| sketch.add(row));
        }
        sketch.into_hashes()
    }

    #[test]
    fn small_reports_are_compared_whole() {
        assert_eq!(shared(&sketch(0..100), &sketch((10..200).rev())), (90, 100));
        assert_eq!(shared(&sketch(0..100), &sketch(500..600)), (0, 100));
        assert_eq!(shared(&sketch(0..0), &sketch(0..100)), (0, 0));
    }

    #[test]
    fn large_reports_are_compared_by_a_fair_sample() {
        let (both, of) = shared(&sketch(0..50_000), &sketch(20_000..60_000));
        let percent = both * 100 / of;
        assert!((70..=80).contains(&percent), "{both} of {of}: should be near 75 %");
        let (both, _) = shared(&sketch(0..50_000), &sketch(50_000..100_000));
        assert_eq!(both, 0);
    }
}
