//! How much of music below everything else would show, from moment to moment and band to band.
//!
//! Talk covers music while a vowel lasts and leaves it alone between words, so a frame of a pause says more than one of a
//! vowel. In a matched filter each cell counts as much as the signal that is expected in it: heard cells are multiplied by a
//! weight, and [`crate::trace`] expects as much less evidence of a frame as the mean square of its weights says.

use crate::Map;
use crate::quantile::quantile;

/// Which of the levels within a window of this many frames is taken for what lies below talk, and how often it is looked for.
const QUIET: f32 = 0.15;
const NEAR: usize = 125;
const STEP: usize = 16;

/// How far above that a level halves the weight, and how fast the weight falls; natural logarithms of power, 4.3 dB each.
const LOUD: f32 = 3.0;
const STEEP: f32 = 1.0;

/// The least weight: music may be all there is to hear.
const LEAST: f32 = 0.3;

/// Bands with less than this part of the usual power after whitening lie above a low-pass, and so many below them on its slope.
const SILENT: f32 = 0.55;
const SLOPE: usize = 2;

/// Multiplies the cells of a white map by weights that levels give, and says the mean square of each frame's.
pub(crate) fn weigh(levels: &Map, white: &mut Map) -> Vec<f32> {
    let parts = levels.width();
    let mut quiet = vec![0.0; parts];
    let mut weights = vec![0.0; parts];
    let places = places(white.width(), parts);
    let mut squares = Vec::with_capacity(levels.frames());
    for frame in 0..levels.frames() {
        if frame % STEP == 0 {
            quietest(levels, frame + STEP / 2, &mut quiet);
        }
        for ((weight, level), quiet) in weights.iter_mut().zip(levels.row(frame)).zip(&quiet) {
            *weight = LEAST + (1.0 - LEAST) / (1.0 + ((level - quiet - LOUD) / STEEP).exp());
        }
        let mut sum = 0.0;
        for (value, (at, part)) in white.row_mut(frame).iter_mut().zip(&places) {
            let weight = weights[*at] * (1.0 - part) + weights[(at + 1).min(parts - 1)] * part;
            *value *= weight;
            sum += weight * weight;
        }
        squares.push(sum / white.width() as f32);
    }
    squares
}

/// The level of each part of a row that little of what is near a frame lies below.
fn quietest(levels: &Map, frame: usize, quiet: &mut [f32]) {
    let near = frame.saturating_sub(NEAR)..(frame + NEAR).min(levels.frames());
    let mut order = Vec::with_capacity(near.len());
    for (part, quiet) in quiet.iter_mut().enumerate() {
        order.clear();
        order.extend(near.clone().map(|frame| levels.row(frame)[part]));
        *quiet = quantile(&mut order, QUIET).unwrap_or_default();
    }
}

/// Between the middles of which two parts of a row each band lies, and how far from the first.
fn places(bands: usize, parts: usize) -> Vec<(usize, f32)> {
    let wide = bands as f32 / parts as f32;
    let place = |band: usize| {
        let place = ((band as f32 + 0.5) / wide - 0.5).clamp(0.0, parts as f32 - 1.0);
        (place as usize, place.fract())
    };
    (0..bands).map(place).collect()
}

/// Silences the bands above a low-pass, where a codec leaves nothing but noise.
pub(crate) fn mute(white: &mut Map) {
    let width = white.width();
    let mut power = vec![0.0f32; width];
    for row in white.values().chunks(width) {
        power.iter_mut().zip(row).for_each(|(power, value)| *power += value * value);
    }
    let least = SILENT * quantile(&mut power.clone(), 0.5).unwrap_or_default();
    let sounds = power.iter().rposition(|power| *power >= least).map_or(0, |band| band + 1);
    if sounds < width {
        let sounds = sounds.saturating_sub(SLOPE);
        white.values_mut().chunks_mut(width).for_each(|row| row[sounds..].fill(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::{mute, weigh};
    use crate::Map;

    #[test]
    fn a_pause_weighs_more_than_a_vowel_and_steady_sound_all_the_same() {
        let (mut levels, mut white) = (Map::zeros(18, 100), Map::zeros(144, 100));
        white.values_mut().fill(1.0);
        (40..60).for_each(|frame| levels.row_mut(frame)[..9].fill(8.0));
        let squares = weigh(&levels, &mut white);
        let (pause, low, high) = (white.row(10)[20], white.row(50)[20], white.row(50)[120]);
        assert!(pause > 0.9 && low < 0.35 && (high - pause).abs() < 1e-6, "{pause} {low} {high}");
        assert!((squares[10] - pause * pause).abs() < 1e-4 && squares[50] < 0.6, "{squares:?}");
    }

    #[test]
    fn what_lies_above_a_low_pass_is_silenced_and_nothing_else() {
        let mut white = Map::zeros(144, 10);
        white.values_mut().fill(0.4);
        let whole = white.clone();
        mute(&mut white);
        assert_eq!(white, whole);
        (0..10).for_each(|frame| white.row_mut(frame)[120..].fill(0.05));
        mute(&mut white);
        assert_eq!(white.row(3)[117..120], [0.4, 0.0, 0.0]);
        assert_eq!(white.row(3)[120..], [0.0; 24]);
    }
}
