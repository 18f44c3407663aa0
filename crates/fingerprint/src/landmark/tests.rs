use proptest::prelude::*;

use super::count::{Kept, count, reaches, sum, value, words};
use super::heard::{FRAMES_MAX, Heard, LANES};
use super::pick::{BLOCK, MARKS_MAX, band, frame};
use super::{Candidate, Landmarks, LandmarksError, LandmarksRef, Limits, Sweep};
use crate::Map;
use crate::ear::BANDS;
use crate::tests::cases;

/// Evenly spread numbers below 1, from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 40) as f32 / (1 << 24) as f32
    }
}

/// A map of notes: lines of a few frames that stand out.
fn notes(seed: u64, frames: usize) -> Map {
    let mut dice = Dice(seed);
    let mut map = Map::zeros(BANDS, frames);
    for _ in 0..frames * 2 {
        let (start, band) =
            ((dice.roll() * frames as f32) as usize, (dice.roll() * BANDS as f32) as usize);
        let (length, height) = (2 + (dice.roll() * 6.0) as usize, 1.0 + 2.0 * dice.roll());
        for at in start..(start + length).min(frames) {
            map.row_mut(at)[band] += height * (1.0 - (at - start) as f32 / 8.0);
        }
    }
    map
}

/// Part of a map under stronger notes of another one.
fn under_talk(map: &Map, from: usize, frames: usize, before: usize, level: f32) -> Map {
    let mut heard = notes(99, before + frames + 40);
    for at in 0..frames {
        let row = map.row(from + at).to_vec();
        let heard = heard.row_mut(before + at);
        heard.iter_mut().zip(row).for_each(|(heard, value)| *heard += level * value);
    }
    heard
}

fn swept(heard: &[&Map], recordings: &[Map], limits: Limits) -> Vec<Candidate> {
    let mut sweep = Sweep::new(heard.iter().copied(), limits);
    for (slot, map) in recordings.iter().enumerate() {
        sweep.scan(slot as u32, Landmarks::new(map).view());
    }
    sweep.finish()
}

#[test]
fn a_recording_is_found_where_it_is() {
    let recordings: Vec<Map> = (0..12).map(|seed| notes(seed, 700)).collect();
    for (slot, from, before) in [(3, 100, 50), (7, 0, 500), (11, 401, 0), (0, 333, 77)] {
        let heard = under_talk(&recordings[slot], from, 290, before, 0.6);
        let found = swept(&[&heard], &recordings, Limits::default());
        let first = found[0];
        assert_eq!((first.slot as usize, first.view), (slot, 0), "{found:?}");
        assert!((first.lag - from as i64 + before as i64).abs() <= 1, "{found:?}");
        assert!(
            first.start < before + 64 && first.end > before + 226 && first.z > 8.0,
            "{first:?}"
        );
        assert!(found.iter().skip(1).all(|other| other.z < first.z - 1.0), "{found:?}");
    }
}

#[test]
fn a_recording_is_found_with_few_landmarks_in_a_long_sound() {
    let recordings: Vec<Map> = (0..6).map(|seed| notes(seed, 700)).collect();
    let few = Limits { marks: 32, every: 2, ..Limits::default() };
    // Up to where one part of what is heard ends, across it, and behind it.
    for before in [FRAMES_MAX - 320, FRAMES_MAX - 200, FRAMES_MAX + 40] {
        let heard = under_talk(&recordings[3], 100, 320, before, 0.6);
        let found = swept(&[&heard], &recordings, few);
        let first = found[0];
        assert_eq!(first.slot, 3, "{first:?}");
        assert!((first.lag - 100 + before as i64).abs() <= 1, "{first:?}");
        assert!(first.start + 128 > before && first.end < before + 450, "{first:?}");
    }
}

#[test]
fn each_view_is_asked_and_named() {
    let recordings: Vec<Map> = (0..6).map(|seed| notes(seed, 500)).collect();
    let heard =
        [under_talk(&recordings[1], 64, 200, 9, 1.0), under_talk(&recordings[4], 0, 200, 0, 1.0)];
    let found = swept(&[&heard[0], &heard[1]], &recordings, Limits::default());
    for (view, slot, lag) in [(0, 1, 55), (1, 4, 0_i64)] {
        let named =
            |it: &Candidate| (it.view, it.slot) == (view, slot) && (it.lag - lag).abs() <= 1;
        assert!(found.iter().take(2).any(named), "{found:?}");
    }
}

#[test]
fn short_and_empty_maps_are_no_trouble() {
    let recordings = [Map::new(BANDS), notes(1, 1), notes(2, 63), notes(3, 64), notes(4, 65)];
    for heard in [Map::new(BANDS), notes(2, 1), notes(2, 63), notes(4, 65)] {
        let limits = Limits { least_z: [3.0; 4], per_block: 3, ..Limits::default() };
        for candidate in swept(&[&heard], &recordings, limits) {
            assert!(
                candidate.start < candidate.end && candidate.end <= heard.frames(),
                "{candidate:?}"
            );
        }
    }
    let heard = notes(3, 64);
    let found = swept(
        &[&heard],
        &recordings,
        Limits { least_z: [4.0; 4], per_block: 3, ..Limits::default() },
    );
    assert_eq!((found[0].slot, found[0].lag), (3, 0));
}

#[test]
fn no_more_candidates_than_asked_for() {
    let recordings: Vec<Map> = (0..8).map(|seed| notes(seed, 600)).collect();
    let heard = notes(77, 64 * 5);
    let limits = |per_block| Limits { least_z: [1.0; 4], per_block, ..Limits::default() };
    let many = swept(&[&heard], &recordings, limits(200));
    let few = swept(&[&heard], &recordings, limits(3));
    assert!(many.len() > 100 && few.len() <= 15, "{} {}", many.len(), few.len());
    assert_eq!(many[0].z, few[0].z);
}

#[test]
fn landmarks_are_few_and_stand_out() {
    let map = notes(5, 400);
    let landmarks = Landmarks::new(&map);
    let view = landmarks.view();
    assert_eq!(view.frames(), 400);
    assert_eq!(LandmarksRef::parse(landmarks.as_bytes()).map(|it| it.count()), Ok(view.count()));
    let (mut blocks, mut block, mut start) = (view.blocks(), Vec::new(), 0);
    while blocks.read(&mut block) {
        let strength = |mark: u16| map.row(start + frame(mark) as usize)[usize::from(band(mark))];
        assert!(block.len() <= MARKS_MAX);
        assert!(block.is_sorted_by(|one, other| strength(*one) >= strength(*other)));
        for mark in &block {
            assert!(map.row(start + frame(*mark) as usize)[usize::from(band(*mark))] >= 0.7);
        }
        start += BLOCK;
    }
    assert_eq!(start, 448);
}

#[test]
fn other_bytes_are_no_landmarks() {
    let bytes = Landmarks::new(&notes(5, 100)).as_bytes().to_vec();
    assert_eq!(LandmarksRef::parse(b"LMP").err(), Some(LandmarksError::Foreign));
    assert_eq!(LandmarksRef::parse(b"RIFF....WAVE").err(), Some(LandmarksError::Foreign));
    let found = bytes.len() - 1;
    let short = LandmarksRef::parse(&bytes[..found]).err();
    assert_eq!(short, Some(LandmarksError::Length { expected: found + 1, found }));
    let mut many = bytes.clone();
    many[9] = 97;
    assert_eq!(LandmarksRef::parse(&many).err(), Some(LandmarksError::Block { block: 1 }));
    let mut high = bytes;
    high[10..12].copy_from_slice(&(BANDS as u16).to_le_bytes());
    assert_eq!(LandmarksRef::parse(&high).err(), Some(LandmarksError::Block { block: 0 }));
}

proptest! {
    #![proptest_config(cases(20))]

    /// Counting many lags at once is counting each.
    #[test]
    fn counts_are_counts(seed in any::<u64>(), frames in 1..900_usize, marks in 0..=MARKS_MAX) {
        let heard = notes(seed, frames);
        let bits = Heard::new(&heard, 0..heard.frames());
        let mut dice = Dice(seed);
        let mut marks: Vec<u16> =
            (0..marks).map(|_| ((dice.roll() * 64.0) as u16) << 9 | (dice.roll() * BANDS as f32) as u16).collect();
        let naive = |lag: isize| -> u32 {
            let there = |mark: &&u16| {
                let at = lag + frame(**mark) as isize;
                at >= 0 && bits.is_present(band(**mark), at as usize)
            };
            marks.iter().filter(there).count() as u32
        };
        let word = (dice.roll() * bits.words() as f32) as usize;
        let expected: Vec<u32> =
            (0..64 * LANES).map(|lag| naive(bits.frame(word + lag / 64, lag % 64))).collect();
        marks.resize(marks.len().next_multiple_of(8), BANDS as u16);
        let places: Vec<u16> = marks.iter().map(|mark| bits.place(*mark)).collect();
        let least = (dice.roll() * 130.0) as u32;
        pulp::Arch::new().dispatch(Counted { heard: &bits, places: &places, word, expected: &expected, least })?;
    }
}

struct Counted<'a> {
    heard: &'a Heard,
    places: &'a [u16],
    word: usize,
    expected: &'a [u32],
    least: u32,
}

impl pulp::WithSimd for Counted<'_> {
    type Output = Result<(), TestCaseError>;

    fn with_simd<S: pulp::Simd>(self, simd: S) -> Self::Output {
        let Self { heard, places, word, expected, least } = self;
        let mut kept: Kept<7> = [[0; LANES]; 7];
        for part in 0..LANES / S::U64_LANES {
            let one = count(simd, heard, places, word + part * S::U64_LANES);
            sum::<S, 7, 8>(simd, &one, &mut kept, part);
            let two = sum::<S, 7, 8>(simd, &one, &mut kept, part);
            let mask = words::<S>(reaches(simd, &two, least));
            let here = &expected[part * 64 * S::U64_LANES..][..64 * S::U64_LANES];
            for (lag, expected) in here.iter().enumerate() {
                let (word, bit) = (lag / 64, lag % 64);
                prop_assert_eq!(value::<S, 7>(&one, word, bit), *expected, "lag {}", lag);
                prop_assert_eq!(value::<S, 8>(&two, word, bit), 2 * expected);
                prop_assert_eq!(mask[word] >> bit & 1 == 1, 2 * expected >= least);
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(cases(500))]

    /// Strangers' bytes are landmarks or an error.
    #[test]
    fn any_bytes_are_read(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = Landmarks::new(&notes(1, 90)).as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut.index(3));
        if let Ok(view) = LandmarksRef::parse(&bytes) {
            let mut sweep = Sweep::new([&notes(1, 70)], Limits::default());
            sweep.scan(0, view);
            prop_assert!(sweep.finish().len() < 1000);
        }
    }
}
