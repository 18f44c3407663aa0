//! Samples: read and written with ffmpeg, mixed here.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::seed::Seed;

/// The rate that mixes are made at, in Hz: that of the acted voices.
pub(super) const RATE_HZ: u32 = 22_050;

/// A piece of a file, in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) start_s: f64,
    pub(super) length_s: f64,
}

/// How many samples of one channel so many seconds are at [`RATE_HZ`].
pub(super) fn samples(seconds: f64) -> usize {
    (seconds.max(0.0) * f64::from(RATE_HZ)).round() as usize
}

/// A file's samples, channels interleaved; a cut is exact, because all before it is decoded too.
pub(super) fn decode(
    path: &Path,
    rate_hz: u32,
    channels: u32,
    cut: Option<Cut>,
) -> Result<Vec<f32>> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-threads", "1", "-i"]).arg(path);
    if let Some(cut) = cut {
        command.args(["-ss", &format!("{:.6}", cut.start_s)]);
        command.args(["-t", &format!("{:.6}", cut.length_s)]);
    }
    command.args(["-map", "0:a:0", "-ac", &channels.to_string(), "-ar", &rate_hz.to_string()]);
    command.args(["-f", "f32le", "-"]).stdin(Stdio::null()).stderr(Stdio::piped());
    let output = command.output().context("failed to start ffmpeg")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "ffmpeg cannot read {}:\n{said}", path.display());
    let bytes = output.stdout.as_chunks::<4>().0;
    Ok(bytes.iter().map(|four| f32::from_le_bytes(*four)).collect())
}

/// What a file is written as: ffmpeg's filters, and words for its encoder.
#[derive(Clone, Debug, Default)]
pub(super) struct Format {
    pub(super) rate_hz: u32,
    pub(super) channels: u32,
    pub(super) filters: String,
    pub(super) words: Vec<String>,
}

/// Writes samples as an audio file: under another name first, so that a file is whole or absent.
pub(super) fn encode(samples: &[f32], format: &Format, path: &Path) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    let name = path.file_name().and_then(|it| it.to_str()).context("a file has a name")?;
    let part = folder.join(format!("part-{}-{name}", std::process::id()));
    fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))?;
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-threads", "1", "-f", "f32le"]);
    command.args(["-ac", &format.channels.to_string(), "-ar", &format.rate_hz.to_string()]);
    command.args(["-i", "-"]);
    if !format.filters.is_empty() {
        command.args(["-af", &format.filters]);
    }
    command.args(["-fflags", "+bitexact", "-flags", "+bitexact"]).args(&format.words).arg(&part);
    let mut child = command.stdin(Stdio::piped()).spawn().context("failed to start ffmpeg")?;
    let mut input = child.stdin.take().context("ffmpeg has no input")?;
    let written = samples.chunks(1 << 16).try_for_each(|chunk| {
        let bytes: Vec<u8> = chunk.iter().flat_map(|it| it.to_le_bytes()).collect();
        input.write_all(&bytes)
    });
    drop(input);
    let status = child.wait().context("failed to wait for ffmpeg")?;
    ensure!(status.success(), "ffmpeg cannot write {}: see above", path.display());
    written.with_context(|| format!("ffmpeg did not take all of {}", path.display()))?;
    fs::rename(&part, path).with_context(|| format!("failed to name {}", path.display()))
}

/// Root mean square; 0 of nothing.
pub(super) fn rms(samples: &[f32]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    let sum: f64 = samples.iter().map(|it| f64::from(*it).powi(2)).sum();
    (sum / samples.len() as f64).sqrt() as f32
}

/// Root mean square of the frames of 20 ms that are less than 35 dB below the loudest: speech without
/// its pauses, as in ITU-T P.56 in spirit.
pub(super) fn active_rms(samples: &[f32]) -> f32 {
    let frames: Vec<f32> = samples.chunks(RATE_HZ as usize / 50).map(rms).collect();
    let floor = frames.iter().copied().fold(0.0, f32::max) * gain(-35.0);
    let loud: Vec<f32> = frames.into_iter().filter(|it| *it > floor).collect();
    rms(&loud)
}

/// The factor of a level in dB.
pub(super) fn gain(level_db: f64) -> f32 {
    10.0_f64.powf(level_db / 20.0) as f32
}

/// Brings samples to a root mean square.
pub(super) fn scale(samples: &mut [f32], by: f32) {
    for sample in samples {
        *sample *= by;
    }
}

/// Fades in and out, evenly over so many frames of `channels` samples.
pub(super) fn fade(samples: &mut [f32], channels: usize, frames_in: usize, frames_out: usize) {
    let frames = samples.len() / channels;
    for (at, frame) in samples.chunks_mut(channels).enumerate() {
        let rise = (at as f32 / frames_in.max(1) as f32).min(1.0);
        let fall = ((frames - at) as f32 / frames_out.max(1) as f32).min(1.0);
        scale(frame, rise.min(fall));
    }
}

/// Adds `what` to `to` from sample `at` on; what goes beyond the end is left out.
pub(super) fn add(to: &mut [f32], at: usize, what: &[f32]) {
    let Some(place) = to.get_mut(at..) else { return };
    for (to, what) in place.iter_mut().zip(what) {
        *to += what;
    }
}

/// Noise whose power falls by 3 dB an octave: white noise through six one-pole filters (P. Kellet).
pub(super) fn pink(seed: &mut Seed, count: usize) -> Vec<f32> {
    const POLES: [(f64, f64); 6] = [
        (0.998_86, 0.055_517_9),
        (0.993_32, 0.075_075_9),
        (0.969_00, 0.153_852_0),
        (0.866_50, 0.310_485_6),
        (0.550_00, 0.532_952_2),
        (-0.761_6, -0.016_898_0),
    ];
    let mut state = [0.0_f64; 6];
    let mut last = 0.0;
    let noise = (0..count).map(|_| {
        let white = seed.between(-1.0, 1.0);
        for (state, (pole, weight)) in state.iter_mut().zip(POLES) {
            *state = pole * *state + weight * white;
        }
        let sum = state.iter().sum::<f64>() + last + 0.5362 * white;
        last = 0.115_926 * white;
        (sum * 0.05) as f32
    });
    noise.collect()
}

/// Presses loud parts down: hyperbolic tangent after so much drive.
pub(super) fn compress(samples: &mut [f32], drive: f32) {
    for sample in samples {
        *sample = (*sample * drive).tanh() / drive;
    }
}

/// Brings the largest sample to 0.9 if it is above that.
pub(super) fn limit(samples: &mut [f32]) {
    let peak = samples.iter().fold(0.0_f32, |peak, it| peak.max(it.abs()));
    if peak > 0.9 {
        scale(samples, 0.9 / peak);
    }
}

#[cfg(test)]
mod tests {
    use super::{Seed, active_rms, add, fade, gain, pink, rms};

    #[test]
    fn pauses_do_not_count_as_speech() {
        let mut line = vec![0.1; 22_050];
        line.extend(vec![0.000_1; 22_050 * 3]);
        assert!((active_rms(&line) - 0.1).abs() < 0.001);
        assert!(rms(&line) < 0.06);
    }

    #[test]
    fn a_level_of_minus_twenty_is_a_tenth() {
        assert!((gain(-20.0) - 0.1).abs() < 1e-6);
    }

    #[test]
    fn what_goes_beyond_the_end_is_left_out() {
        let mut to = [0.0; 3];
        add(&mut to, 2, &[1.0, 1.0]);
        add(&mut to, 9, &[1.0]);
        assert_eq!(to, [0.0, 0.0, 1.0]);
    }

    #[test]
    fn fades_reach_both_ends() {
        let mut samples = [1.0; 8];
        fade(&mut samples, 2, 2, 2);
        assert_eq!(samples, [0.0, 0.0, 0.5, 0.5, 1.0, 1.0, 0.5, 0.5]);
    }

    #[test]
    fn pink_noise_has_more_below_than_above() {
        let noise = pink(&mut Seed::of("noise"), 50_000);
        let differences: Vec<f32> = noise.windows(2).map(|two| two[1] - two[0]).collect();
        // White noise differs from sample to sample by 1.41 times its size.
        assert!(rms(&differences) < 0.8 * rms(&noise));
    }
}
