use proptest::prelude::*;

use crate::{Bands, Contrast, Shape, Stft};

const SHAPE: Shape = Shape { bands: 8, frames: 5, steady: 0.7 };

fn rows(samples: &[f32], cut: usize, shape: Shape) -> Vec<Vec<f32>> {
    let bands = Bands::new(256, 250.0, 12, 48);
    let mut stft = Stft::new(256, 64);
    let mut contrast = Contrast::new(bands.count(), shape);
    let mut out = Vec::new();
    let mut row = vec![0.0; bands.count()];
    for part in samples.chunks(cut) {
        stft.push(part, |power| {
            bands.log_power(power, &mut row);
            contrast.push(&row, |c| out.push(c.to_vec()));
        });
    }
    contrast.finish(|c| out.push(c.to_vec()));
    out
}

/// The same by definition, in double precision, with all rows at hand.
fn by_definition(logs: &[Vec<f32>], shape: Shape) -> Vec<Vec<f64>> {
    let near = |centre: usize, reach: usize, end: usize| {
        centre.saturating_sub(reach)..(centre + reach + 1).min(end)
    };
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let (count, sum) = values.fold((0.0, 0.0), |(n, s), v| (n + 1.0, s + v));
        sum / count
    };
    let local: Vec<Vec<f64>> = logs
        .iter()
        .map(|row| {
            (0..row.len())
                .map(|b| {
                    f64::from(row[b])
                        - mean(&mut near(b, shape.bands, row.len()).map(|n| f64::from(row[n])))
                })
                .collect()
        })
        .collect();
    (0..local.len())
        .map(|t| {
            (0..local[t].len())
                .map(|b| {
                    local[t][b]
                        - f64::from(shape.steady)
                            * mean(&mut near(t, shape.frames, local.len()).map(|n| local[n][b]))
                })
                .collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cuts_change_nothing(samples in prop::collection::vec(-1.0f32..1.0, 0..4000), cut in 1usize..700) {
        prop_assert_eq!(rows(&samples, cut, SHAPE), rows(&samples, 4000, SHAPE));
    }

    #[test]
    fn level_changes_nothing(seed in prop::collection::vec(-0.5f32..0.5, 1000..3000), gain in 0.1f32..10.0) {
        let louder: Vec<f32> = seed.iter().map(|s| s * gain).collect();
        for (one, other) in rows(&seed, 4000, SHAPE).iter().flatten().zip(rows(&louder, 4000, SHAPE).iter().flatten()) {
            prop_assert!((one - other).abs() < 2e-2, "{one} {other}");
        }
    }

    #[test]
    fn a_stream_is_what_its_definition_says(
        logs in prop::collection::vec(prop::collection::vec(-20.0f32..5.0, 20), 0..40),
        bands in 0usize..25, frames in 0usize..50, steady in 0.0f32..1.0,
    ) {
        let shape = Shape { bands, frames, steady };
        let mut stream = Contrast::new(20, shape);
        let mut out: Vec<Vec<f32>> = Vec::new();
        for row in &logs {
            stream.push(row, |c| out.push(c.to_vec()));
        }
        stream.finish(|c| out.push(c.to_vec()));
        let right = by_definition(&logs, shape);
        prop_assert_eq!(out.len(), right.len());
        for (one, other) in out.iter().flatten().zip(right.iter().flatten()) {
            prop_assert!((f64::from(*one) - other).abs() < 1e-3, "{one} {other}");
        }
    }

    #[test]
    fn whatever_comes_in_numbers_come_out(bits in prop::collection::vec(any::<u32>(), 0..2000)) {
        let samples: Vec<f32> = bits.into_iter().map(f32::from_bits).collect();
        for value in rows(&samples, 333, SHAPE).iter().flatten() {
            prop_assert!(value.is_finite());
        }
    }
}

#[test]
fn there_are_as_many_rows_as_whole_windows() {
    for (samples, frames) in [(0, 0), (255, 0), (256, 1), (319, 1), (320, 2), (256 + 64 * 20, 21)] {
        assert_eq!(rows(&vec![0.0; samples], 100, SHAPE).len(), frames);
    }
}

#[test]
fn logarithms_are_as_exact_as_floats() {
    let bands = Bands::new(256, 250.0, 12, 48);
    let mut row = vec![0.0; 48];
    for exponent in -80..80 {
        let power = 2.0f32.powf(exponent as f32 / 2.7);
        bands.log_power(&vec![power; 129], &mut row);
        // The weights of a band sum to one, and silence is added.
        let expected = (power + (256.0f32 * 0.25e-6).powi(2)).ln();
        assert!(row.iter().all(|it| (it - expected).abs() < 4e-6), "{power}: {row:?}");
    }
}
