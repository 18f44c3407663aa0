//! Music that repeats itself to the sample: a match that lies at another turn of a loop is not wrong.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::sound::decode;
use super::truth::Reference;

/// Rate at which two places are compared, in Hz.
const COMPARED_HZ: u32 = 4_000;
/// How much of them, in ms.
const LENGTH_MAX_MS: f64 = 10_000.0;
/// By how much they may be shifted against each other, in samples: 100 ms.
const SHIFT_MAX: usize = 400;
/// Correlation from which on two places sound the same.
const SAME: f64 = 0.7;

/// A match that says another place in the recording than the true one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    pub(super) recording: &'a str,
    pub(super) true_ms: f64,
    pub(super) claimed_ms: f64,
    pub(super) length_ms: f64,
}

/// The recordings of a set, to listen into.
pub(super) struct Repeats {
    files: BTreeMap<String, PathBuf>,
    known: RefCell<BTreeMap<String, Option<f64>>>,
    /// Recordings that were listened to, whole: 58 MB an hour.
    heard: RefCell<BTreeMap<String, Rc<[f32]>>>,
}

impl Repeats {
    pub(super) fn new(folder: &Path, refs: &[Reference]) -> Self {
        let file = |it: &Reference| (it.recording.clone(), folder.join(&it.file));
        let files = refs.iter().map(file).collect();
        Self { files, known: RefCell::default(), heard: RefCell::default() }
    }

    /// How far a claim is off the nearest place that sounds as the true one does, in ms; none if what
    /// is claimed is other sound.
    pub(super) fn off_ms(&self, claim: &Claim<'_>) -> Option<f64> {
        let file = self.files.get(claim.recording)?;
        let length_s = claim.length_ms.min(LENGTH_MAX_MS) / 1000.0;
        let places = [claim.true_ms, claim.claimed_ms].map(|ms| ms.round() as i64);
        if length_s < 1.0 || places[1] < 0 {
            return None;
        }
        let key = format!("{} {places:?} {length_s:.2}", claim.recording);
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        let whole = self.heard(claim.recording, file);
        let piece = |ms: f64| {
            let at = |s: f64| ((s * f64::from(COMPARED_HZ)).round() as usize).min(whole.len());
            let start_s = ms.max(0.0) / 1000.0;
            &whole[at(start_s)..at(start_s + length_s)]
        };
        let off = shift(piece(claim.true_ms), piece(claim.claimed_ms));
        let off = off.map(|samples| samples as f64 * 1000.0 / f64::from(COMPARED_HZ));
        self.known.borrow_mut().insert(key, off);
        off
    }

    fn heard(&self, recording: &str, file: &Path) -> Rc<[f32]> {
        let mut heard = self.heard.borrow_mut();
        let decoded = || decode(file, COMPARED_HZ, 1, None).unwrap_or_default().into();
        Rc::clone(heard.entry(recording.to_owned()).or_insert_with(decoded))
    }
}

/// By how many samples one piece has to be shifted to be the other; none if it is not the other.
fn shift(one: &[f32], other: &[f32]) -> Option<usize> {
    let length = one.len().min(other.len());
    let inner = SHIFT_MAX..length.checked_sub(SHIFT_MAX)?;
    let middle = one.get(inner).filter(|it| it.len() > SHIFT_MAX)?;
    let best = (0..=2 * SHIFT_MAX)
        .map(|shift| {
            let against = &other[shift..shift + middle.len()];
            (correlation(middle, against), shift.abs_diff(SHIFT_MAX))
        })
        .max_by(|left, right| left.0.total_cmp(&right.0))?;
    (best.0 >= SAME).then_some(best.1)
}

fn correlation(one: &[f32], other: &[f32]) -> f64 {
    let (mut product, mut left, mut right) = (0.0_f32, 0.0_f32, 0.0_f32);
    for (one, other) in one.iter().zip(other) {
        product += one * other;
        left += one * one;
        right += other * other;
    }
    f64::from(product) / (f64::from(left) * f64::from(right)).sqrt().max(1e-12)
}

#[cfg(test)]
mod tests {
    use super::super::seed::Seed;
    use super::shift;

    fn noise(name: &str) -> Vec<f32> {
        let mut seed = Seed::of(name);
        (0..12_000).map(|_| seed.between(-1.0, 1.0) as f32).collect()
    }

    #[test]
    fn the_same_sound_is_found_a_little_later() {
        let one = noise("one");
        assert_eq!(shift(&one, &one), Some(0));
        let late = [noise("before")[..100].to_vec(), one.clone()].concat();
        assert_eq!(shift(&one, &late), Some(100));
    }

    #[test]
    fn other_sound_is_not() {
        assert_eq!(shift(&noise("one"), &noise("two")), None);
        assert_eq!(shift(&[], &noise("two")), None);
        assert_eq!(shift(&[0.0; 4_000], &[0.0; 4_000]), None);
    }
}
