//! What a match looks like: the spectra of the recording and of the file, at shared times.

use std::path::{Path, PathBuf};

use signal::{Bands, Stft};

use super::listen::{Meter, read, sha256};
use super::{Answer, Listener, Match, SoundError};

/// Samples of a window and between two, and the bands of a picture: 110 to 7,040 Hz.
const WINDOW: usize = 2048;
const HOP: usize = 512;
/// The same, and half a window, in which times are reckoned.
const HOP_SAMPLES: i64 = 512;
const MIDDLE_SAMPLES: i64 = 1024;
const LOW_HZ: f32 = 110.0;
const PER_OCTAVE: usize = 24;
/// How many bands a picture has, from 110 Hz in steps of 1/24 octave.
pub const PICTURE_BANDS: usize = 144;

/// Sound that is shown before and after a match, in milliseconds of the file.
const AROUND_MS: u64 = 3_000;
/// Sound that is shown at most.
const SHOWN_MS_MAX: u64 = 120_000;

/// Log power of bands over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// A row of [`PICTURE_BANDS`] numbers a column of the picture, the lowest band first; natural
    /// logarithms of power. Empty where there is no sound.
    pub columns: Vec<Vec<f32>>,
}

/// Both spectra of a match: column by column the same moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectra {
    /// The recording's; nothing if its file is not there any more, or is another one.
    pub recording: Option<Spectrum>,
    /// The file that the recording's was taken from.
    pub recording_path: PathBuf,
    /// SHA-256 of that file, as it was when it was added.
    pub recording_sha256: String,
    /// The file's.
    pub file: Spectrum,
    /// Time in the file at the first column, and behind the last.
    pub file_ms: (u64, u64),
    /// Time in the recording at the same moments.
    pub recording_ms: (i64, i64),
}

/// Draws both spectra of a match, over so many columns.
///
/// # Errors
/// [`SoundError`] if the file that was asked about cannot be read any more.
pub fn spectra(
    listener: &Listener,
    answer: &Answer,
    it: &Match,
    columns: usize,
) -> Result<Spectra, SoundError> {
    let end = (it.end_ms + AROUND_MS).min(answer.duration_ms.max(it.end_ms));
    let start = it.start_ms.saturating_sub(AROUND_MS);
    let file_ms = (start, end.min(start + SHOWN_MS_MAX));
    let in_recording = |at: u64| it.in_ms + scaled(signed(at) - signed(it.start_ms), it.tempo);
    let recording_ms = (in_recording(file_ms.0), in_recording(file_ms.1));
    let files = listener.standing().iter().find(|own| own.sound.id == it.sound);
    let files = files.map(|own| &own.files[..]).unwrap_or_default();
    let there = files.iter().find(|own| is_same(Path::new(&own.path), &own.sha256));
    let shown = there.or(files.first());
    let recording = match there {
        Some(own) => Some(spectrum(Path::new(&own.path), recording_ms, columns)?),
        None => None,
    };
    Ok(Spectra {
        recording,
        recording_path: shown.map(|own| PathBuf::from(&own.path)).unwrap_or_default(),
        recording_sha256: shown.map(|own| own.sha256.clone()).unwrap_or_default(),
        file: spectrum(&answer.path, (signed(file_ms.0), signed(file_ms.1)), columns)?,
        file_ms,
        recording_ms,
    })
}

fn is_same(path: &Path, wanted: &str) -> bool {
    sha256(path).is_ok_and(|(found, _)| found == wanted)
}

fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a length of sound in milliseconds; a float cast saturates"
)]
fn scaled(ms: i64, by: f64) -> i64 {
    (ms as f64 * by).round() as i64
}

/// The spectrum of a stretch of a file; where it reaches beyond the file, columns are empty.
fn spectrum(
    path: &Path,
    (from_ms, to_ms): (i64, i64),
    columns: usize,
) -> Result<Spectrum, SoundError> {
    let bands = Bands::new(WINDOW, LOW_HZ, PER_OCTAVE, PICTURE_BANDS);
    let mut stft = Stft::new(WINDOW, HOP);
    let mut out = vec![Vec::new(); columns.max(1)];
    let (mut frame, mut row) = (0_i64, vec![0.0; PICTURE_BANDS]);
    let span = (to_ms - from_ms).max(1);
    let count = signed(columns as u64);
    read(path, &Meter::default(), |samples| {
        stft.push(samples, |power| {
            let middle = (frame * HOP_SAMPLES + MIDDLE_SAMPLES) * 1000 / i64::from(signal::RATE_HZ);
            frame += 1;
            let column = (middle - from_ms) * count / span;
            let place = usize::try_from(column).ok().and_then(|it| out.get_mut(it));
            if let (true, Some(place)) = (middle >= from_ms, place) {
                bands.log_power(power, &mut row);
                louder(place, &row);
            }
        });
    })?;
    fill(&mut out);
    Ok(Spectrum { columns: out })
}

/// Keeps the louder of two rows, band by band.
fn louder(place: &mut Vec<f32>, row: &[f32]) {
    if place.is_empty() {
        place.extend(row);
    }
    for (old, new) in place.iter_mut().zip(row) {
        *old = old.max(*new);
    }
}

/// Fills columns that fell between two frames with the one before, where more is to come.
fn fill(columns: &mut [Vec<f32>]) {
    let first = columns.iter().position(|it| !it.is_empty()).unwrap_or(columns.len());
    let end = columns.iter().rposition(|it| !it.is_empty()).map_or(0, |it| it + 1);
    for at in first + 1..end {
        if columns[at].is_empty() {
            columns[at] = columns[at - 1].clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_and_ends_are_not() {
        let mut columns = vec![vec![], vec![1.0], vec![], vec![2.0], vec![]];
        fill(&mut columns);
        assert_eq!(columns, [vec![], vec![1.0], vec![1.0], vec![2.0], vec![]]);
    }
}
