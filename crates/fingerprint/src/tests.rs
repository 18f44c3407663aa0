use proptest::prelude::*;

use crate::catalogue::Timeline;
use crate::dense::{CHUNK, Dense};
use crate::ear::BANDS;
use crate::landmark::Landmarks;
use crate::trace::{Recorded, alike};
use crate::{Ask, Ear, Found, Impression, Print, PrintRef, Query, Search, Speed, Variant};

/// Numbers that look drawn by chance, from a seed.
pub(crate) fn dice(seed: u64) -> impl FnMut() -> f32 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 24) as f32
    }
}

/// Chords of decaying notes that start when they like, as samples.
fn music(seed: u64, seconds: usize) -> Vec<f32> {
    let mut dice = dice(seed);
    let mut out = vec![0.0f32; seconds * 16_000];
    for _ in 0..seconds * 6 {
        let start = (dice() * out.len() as f32) as usize;
        let hz = 130.0 * (dice() * 4.5).exp2();
        let length = (4_000.0 + dice() * 20_000.0) as usize;
        for (n, sample) in out.iter_mut().skip(start).take(length).enumerate() {
            let fade = 1.0 - n as f32 / length as f32;
            let phase = n as f32 * hz * std::f32::consts::TAU / 16_000.0;
            *sample += 0.05 * fade * (phase.sin() + 0.4 * (2.0 * phase).sin());
        }
    }
    out
}

fn noise(seed: u64, samples: usize, level: f32) -> Vec<f32> {
    let mut dice = dice(seed);
    (0..samples).map(|_| (dice() - 0.5) * 2.0 * level).collect()
}

fn hear(samples: &[f32]) -> Impression {
    let mut ear = Ear::new();
    ear.push(samples);
    ear.finish()
}

fn kept(samples: &[f32]) -> (Print, Landmarks) {
    let map = hear(samples).map;
    (Print::new(&map), Landmarks::new(&map))
}

fn ask(prints: &dyn crate::Prints, samples: &[f32], speed: Speed) -> Vec<Found> {
    Search::new(prints).identify(&[&Query::new(&hear(samples))], speed, &Ask::default()).remove(0)
}

/// The same sound played at another speed, by straight lines between samples.
fn resampled(samples: &[f32], tempo: f64) -> Vec<f32> {
    let last = samples.len() - 1;
    (0..(samples.len() as f64 / tempo) as usize)
        .map(|n| {
            let place = n as f64 * tempo;
            let (at, part) = (place as usize, place.fract() as f32);
            samples[at.min(last)] * (1.0 - part) + samples[(at + 1).min(last)] * part
        })
        .collect()
}

#[test]
fn the_filter_is_the_sum_of_products_at_every_lag() {
    let prints = vec![kept(&music(1, 40)), kept(&music(2, 25))];
    let timeline = Timeline::new(&prints);
    let query = Query::new(&hear(&music(2, 25)[16_000 * 4..16_000 * 16]));
    let map = query.undone(Variant::PLAIN);
    let dense = Dense::new();
    let chunks = dense.chunks(&[(&map, 0), (&map, CHUNK)]);
    let scores = dense.scores(&timeline, &chunks);
    for (chunk, scores) in scores.iter().enumerate() {
        for lag in (0..timeline.frames - CHUNK).step_by(37) {
            let mut rows = vec![0.0; CHUNK * BANDS];
            timeline.read(lag, &mut rows);
            let direct: f64 = rows
                .chunks(BANDS)
                .enumerate()
                .flat_map(|(at, row)| row.iter().zip(map.row(chunk * CHUNK + at)))
                .map(|(m, g)| f64::from(*m) * f64::from(*g))
                .sum();
            let close = (f64::from(scores[lag]) - direct).abs() < 1e-2 * (1.0 + direct.abs());
            assert!(close, "chunk {chunk} lag {lag}: {} is not {direct}", scores[lag]);
        }
    }
}

#[test]
fn a_part_under_noise_is_found_where_it_lies() {
    let prints: Vec<_> = (1..6).map(|seed| kept(&music(seed, 60))).collect();
    let mut scene = noise(9, 16_000 * 60, 0.05);
    let cue = &music(3, 60)[16_000 * 20..16_000 * 45];
    for (sample, note) in scene[16_000 * 15..].iter_mut().zip(cue) {
        *sample += note;
    }
    let found = ask(&prints, &scene, Speed::Broadcast);
    assert_eq!(found.len(), 1, "{found:?}");
    let found = &found[0];
    assert_eq!((found.slot, found.pitch_cents, found.tempo), (2, 0, 1.0));
    assert!(
        found.start_ms.abs_diff(15_000) < 500 && found.end_ms.abs_diff(40_000) < 500,
        "{found:?}"
    );
    let at_start = found.in_ms - found.start_ms as i64;
    assert!((at_start - 5_000).abs() < 64, "within a frame: {found:?}");
    assert!(found.confidence > 0.99);
}

#[test]
fn nothing_is_found_in_what_is_not_there() {
    let prints: Vec<_> = (1..6).map(|seed| kept(&music(seed, 60))).collect();
    for scene in [noise(5, 16_000 * 60, 0.2), vec![0.0; 16_000 * 60], music(77, 60), Vec::new()] {
        assert_eq!(ask(&prints, &scene, Speed::Broadcast), []);
    }
}

#[test]
fn a_copy_at_another_speed_says_how_fast() {
    let prints: Vec<_> = (1..4).map(|seed| kept(&music(seed, 40))).collect();
    for (tempo, cents) in [(1.15, 250), (0.88, -200), (25.0 / 24.0, 50)] {
        let copy = resampled(&music(2, 40)[16_000 * 5..16_000 * 25], tempo);
        let found = ask(&prints, &copy, Speed::Any);
        let best =
            found.iter().max_by(|one, other| one.z.total_cmp(&other.z)).expect("it is there");
        assert_eq!(best.slot, 1);
        assert!((best.tempo / tempo - 1.0).abs() < 0.006, "{tempo}: {best:?}");
        assert!((best.pitch_cents - cents).abs() <= 50, "{tempo}: {best:?}");
        assert!((best.in_ms - 5_000).abs() < 250, "{tempo}: {best:?}");
    }
}

#[test]
fn short_cues_of_a_programme_have_the_rate_of_the_long_one() {
    let prints: Vec<_> = (1..4).map(|seed| kept(&music(seed, 110))).collect();
    for rate in [25.0 / 23.976, 25.0 / 24.0, 23.976 / 25.0] {
        let mut scene = noise(9, 16_000 * 140, 0.01);
        for (seed, at, seconds) in [(2, 5, 100), (1, 115, 15)] {
            let cue = resampled(&music(seed, 110)[16_000 * 4..16_000 * (4 + seconds)], rate);
            scene[16_000 * at..].iter_mut().zip(cue).for_each(|(sample, note)| *sample += note);
        }
        let found = ask(&prints, &scene, Speed::Broadcast);
        let slots: Vec<u32> = found.iter().map(|found| found.slot).collect();
        assert_eq!(slots, [1, 0], "{found:?}");
        for (found, start_ms) in found.iter().zip([5_000, 115_000]) {
            assert!((found.tempo / rate - 1.0).abs() < 1e-6, "{rate}: {found:?}");
            let late_ms = found.start_ms as f64 - f64::from(start_ms);
            let in_ms = 4_000.0 + rate * late_ms;
            assert!((found.in_ms as f64 - in_ms).abs() < 30.0, "{in_ms}: {found:?}");
        }
    }
}

#[test]
fn two_at_once_are_both_told_and_copies_once() {
    let mut prints: Vec<_> = (1..5).map(|seed| kept(&music(seed, 40))).collect();
    prints.push(kept(&music(2, 40)));
    let mut scene = music(2, 40);
    scene.iter_mut().zip(music(4, 40)).for_each(|(one, other)| *one += other);
    let found = ask(&prints, &scene, Speed::Recorded);
    let mut slots: Vec<u32> = found.iter().map(|found| found.slot).collect();
    slots.sort_unstable();
    assert!(slots == [1, 3] || slots == [3, 4], "{found:?}");
    let twice = found.iter().find(|found| found.slot != 3).expect("it was there");
    assert_eq!(twice.alternatives.len(), 1, "{twice:?}");
    assert!((twice.confidence - 0.5).abs() < 0.05, "either is as likely: {twice:?}");
}

#[test]
fn versions_are_alike_though_their_frames_do_not_begin_together() {
    let (backing, mut whole) = (music(2, 40), music(2, 40));
    whole.iter_mut().zip(music(12, 40)).for_each(|(one, voice)| *one += 0.7 * voice);
    let recorded = |samples: &[f32]| Recorded::new(kept(samples).0.view().map());
    let (backing, other) = (recorded(&backing), recorded(&music(3, 40)));
    for apart in [0, 300, 512, 1024] {
        let alike = |other| alike(&(100..400), (&backing, 0), (other, 0));
        let (version, stranger) = (alike(&recorded(&whole[apart..])), alike(&other));
        assert!(version > 0.4 && stranger < 0.1, "{apart} samples apart: {version} {stranger}");
    }
}

#[test]
fn threads_change_nothing() {
    let prints: Vec<_> = (1..6).map(|seed| kept(&music(seed, 30))).collect();
    let queries: Vec<Query> =
        (1..6).map(|seed| Query::new(&hear(&music(seed, 30)[40_000..]))).collect();
    let asked: Vec<&Query> = queries.iter().collect();
    let search = Search::new(&prints);
    let on =
        |threads| search.identify(&asked, Speed::Broadcast, &Ask { threads, ..Ask::default() });
    assert_eq!(on(1), on(3));
}

/// How many cases a property is asked for: `LEITMOTIF_CASES`, or so few that the suite stays quick.
pub(crate) fn cases(few: u32) -> ProptestConfig {
    let asked = std::env::var("LEITMOTIF_CASES").ok().and_then(|it| it.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(few)) }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn louder_is_the_same_print(seed in 0u64..1000, gain in 0.25f32..4.0) {
        // Over a noise floor, as all sound has: what is louder than silence must not depend on how loud silence is.
        let mut samples = noise(seed, 16_000 * 8, 0.002);
        samples.iter_mut().zip(music(seed, 8)).for_each(|(one, other)| *one += other);
        let louder: Vec<f32> = samples.iter().map(|sample| sample * gain).collect();
        let (one, other) = (kept(&samples).0, kept(&louder).0);
        let differ = one.as_bytes().iter().zip(other.as_bytes()).filter(|(a, b)| a != b).count();
        prop_assert!(differ * 50 < one.as_bytes().len(), "{differ} of {}", one.as_bytes().len());
    }

    #[test]
    fn any_bytes_are_a_print_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..4000), frames in 0u32..100) {
        let mut framed = b"LMP\x02".to_vec();
        framed.extend(frames.to_le_bytes());
        framed.extend(&bytes);
        for bytes in [&bytes, &framed] {
            if let Ok(print) = PrintRef::parse(bytes) {
                prop_assert_eq!(print.map().frames(), print.frames());
            }
        }
        framed.resize(8 + BANDS + frames as usize * BANDS / 4, 0);
        prop_assert_eq!(PrintRef::parse(&framed).map(|print| print.frames()), Ok(frames as usize));
    }

    #[test]
    fn any_prints_and_any_sound_are_searched(
        bytes in prop::collection::vec(any::<u8>(), 36 * 200), seed in any::<u64>(), level in 0.0f32..10.0,
    ) {
        struct One(Vec<u8>);
        impl crate::Prints for One {
            fn slots(&self) -> u32 {
                2
            }
            fn print(&self, _: u32) -> Option<PrintRef<'_>> {
                PrintRef::parse(&self.0).ok()
            }
            fn landmarks(&self, _: u32) -> Option<crate::landmark::LandmarksRef<'_>> {
                None
            }
        }
        let mut print = b"LMP\x02".to_vec();
        print.extend(200u32.to_le_bytes());
        print.extend([7; BANDS]);
        print.extend(&bytes);
        let one = One(print);
        let query = Query::new(&hear(&noise(seed, 16_000 * 12, level)));
        let found = Search::new(&one).identify(&[&query], Speed::Broadcast, &Ask::default());
        prop_assert_eq!(found.len(), 1);
    }
}
