//! What is done to a recording before it is uploaded by somebody who does not own it.

use anyhow::{Context as _, Result};

use super::place::Place;
use super::sound::{Format, decode, encode};
use crate::interop::tools::output;

/// Rate of an upload, in Hz, two channels.
pub(super) const UPLOAD_HZ: u32 = 44_100;

/// One way to alter a recording.
#[derive(Clone, Debug)]
pub(super) struct Alteration {
    pub(super) name: String,
    /// As played by as recorded; 1.05 is faster.
    pub(super) tempo: f64,
    pub(super) pitch_cents: i32,
    pub(super) effect: Effect,
    /// Ending of the file, which also chooses its container.
    pub(super) ending: &'static str,
    /// Words for ffmpeg's encoder.
    words: &'static [&'static str],
}

/// What is done besides tempo, pitch and codec.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Effect {
    /// Nothing.
    Plain,
    /// Filters of ffmpeg.
    Filter(&'static str),
    /// A room whose sound falls by 60 dB in so many seconds.
    Room(f64),
    /// Music that is in no catalogue, at a level in dB against the recording.
    Other(f64),
    /// Somebody talks over it, as loud as the recording.
    VoiceOver,
    /// Backwards: nothing is to be found.
    Reversed,
    /// Music that is in no catalogue alone: nothing is to be found.
    Stranger,
}

impl Alteration {
    /// Whether nothing of the catalogue may be found.
    pub(super) fn negative(&self) -> bool {
        matches!(self.effect, Effect::Reversed | Effect::Stranger)
    }

    /// How the file is written.
    pub(super) fn format(&self) -> Format {
        let resampled = self.name.starts_with("speed");
        let rate = f64::from(UPLOAD_HZ) * if resampled { self.tempo } else { 1.0 };
        let mut words: Vec<String> = self.words.iter().map(|it| (*it).to_owned()).collect();
        if self.ending != "opus" {
            words.extend(["-ar".to_owned(), UPLOAD_HZ.to_string()]);
        }
        let filters = match self.effect {
            Effect::Filter(filters) => filters.to_owned(),
            Effect::Reversed => "areverse".to_owned(),
            _ => String::new(),
        };
        Format { rate_hz: rate.round() as u32, channels: 2, filters, words }
    }

    /// Changes tempo and pitch apart from each other, with the Rubber Band program.
    pub(super) fn stretch(&self, place: &Place, samples: Vec<f32>) -> Result<Vec<f32>> {
        let apart = self.name.starts_with("tempo") || self.name.starts_with("pitch");
        if !apart {
            return Ok(samples);
        }
        let own = std::process::id();
        let [from, to] =
            ["from", "to"].map(|it| place.root().join(format!("stretch-{own}-{it}.wav")));
        let wav = Format { rate_hz: UPLOAD_HZ, channels: 2, ..Format::default() };
        encode(&samples, &wav, &from)?;
        let mut program = std::process::Command::new("rubberband");
        program.args(["-q", "--tempo", &format!("{}", self.tempo)]);
        program.args(["--pitch", &format!("{}", f64::from(self.pitch_cents) / 100.0)]);
        output(program.arg(&from).arg(&to))?;
        let stretched = decode(&to, UPLOAD_HZ, 2, None)?;
        for file in [from, to] {
            std::fs::remove_file(&file).context("failed to remove a file between")?;
        }
        Ok(stretched)
    }
}

/// Every alteration of the protocol.
pub(super) fn all() -> Vec<Alteration> {
    let mut all = codecs();
    for semitones in [-5.0, -3.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 3.0, 5.0] {
        all.push(moved(format!("pitch {semitones:+} st"), 1.0, semitones));
    }
    for percent in [-25, -20, -10, -5, 5, 10, 20, 25] {
        all.push(moved(format!("tempo {percent:+} %"), 1.0 + f64::from(percent) / 100.0, 0.0));
    }
    for percent in [-20, -10, -5, -3, 3, 5, 10, 20] {
        let tempo = 1.0 + f64::from(percent) / 100.0;
        all.push(moved(format!("speed {percent:+} %"), tempo, 12.0 * tempo.log2()));
    }
    for (percent, semitones) in [(-10, 2.0), (10, -2.0), (15, 3.0), (-15, -3.0)] {
        let name = format!("tempo {percent:+} %, pitch {semitones:+} st");
        all.push(moved(name, 1.0 + f64::from(percent) / 100.0, semitones));
    }
    let effects = [
        ("band 300-3400 Hz", Effect::Filter(BAND)),
        ("tilt +12 dB", Effect::Filter("bass=g=-6:f=400,treble=g=6:f=2500")),
        ("tilt -12 dB", Effect::Filter("bass=g=6:f=400,treble=g=-6:f=2500")),
        ("room 0.3 s", Effect::Room(0.3)),
        ("room 0.8 s", Effect::Room(0.8)),
        ("room 1.5 s", Effect::Room(1.5)),
        ("other music -6 dB", Effect::Other(-6.0)),
        ("other music 0 dB", Effect::Other(0.0)),
        ("other music +6 dB", Effect::Other(6.0)),
        ("voice over", Effect::VoiceOver),
        ("reversed", Effect::Reversed),
        ("not in the catalogue", Effect::Stranger),
    ];
    all.extend(
        effects.map(|(name, effect)| Alteration { effect, ..moved(name.to_owned(), 1.0, 0.0) }),
    );
    all
}

const BAND: &str = "highpass=f=300,highpass=f=300,lowpass=f=3400,lowpass=f=3400";

fn moved(name: String, tempo: f64, semitones: f64) -> Alteration {
    Alteration {
        name,
        tempo,
        pitch_cents: (semitones * 100.0).round() as i32,
        effect: Effect::Plain,
        ending: "mp3",
        words: &["-c:a", "libmp3lame", "-b:a", "128k"],
    }
}

fn codecs() -> Vec<Alteration> {
    let codecs: [(&str, &'static str, &'static [&'static str]); 8] = [
        ("wav", "wav", &["-c:a", "pcm_s16le"]),
        ("mp3 128", "mp3", &["-c:a", "libmp3lame", "-b:a", "128k"]),
        ("mp3 64", "mp3", &["-c:a", "libmp3lame", "-b:a", "64k"]),
        ("mp3 32", "mp3", &["-c:a", "libmp3lame", "-b:a", "32k"]),
        ("aac 128", "m4a", &["-c:a", "aac", "-b:a", "128k"]),
        ("aac 48", "m4a", &["-c:a", "aac", "-b:a", "48k"]),
        ("opus 96", "opus", &["-c:a", "libopus", "-b:a", "96k"]),
        ("opus 24", "opus", &["-c:a", "libopus", "-b:a", "24k"]),
    ];
    let codec = |(name, ending, words): (&str, _, _)| Alteration {
        ending,
        words,
        ..moved(name.to_owned(), 1.0, 0.0)
    };
    codecs.into_iter().map(codec).collect()
}

/// A room: eight echoes that feed themselves, then two that smear (after Schroeder, JAES 1962), as
/// loud as the sound that is in it.
pub(super) fn room(samples: &mut [f32], decay_s: f64) {
    const ECHOES_MS: [f64; 8] = [29.7, 31.1, 33.7, 37.1, 39.7, 41.1, 43.7, 46.3];
    let dry = super::sound::rms(samples);
    for channel in 0..2 {
        let mono: Vec<f32> = samples.iter().skip(channel).step_by(2).copied().collect();
        let mut wet = vec![0.0; mono.len()];
        for echo_ms in ECHOES_MS {
            // The two ears hear different walls.
            let delay = (echo_ms * (44.1 + channel as f64)) as usize;
            let back = 10.0_f64.powf(-3.0 * echo_ms / 1000.0 / decay_s) as f32;
            let mut echo = mono.clone();
            for at in delay..echo.len() {
                echo[at] += back * echo[at - delay];
                wet[at] += echo[at - delay];
            }
        }
        for (delay, through) in [(221, 0.7), (75, 0.7)] {
            smear(&mut wet, delay, through);
        }
        let size = super::sound::rms(&wet).max(1e-9);
        for (sample, wet) in samples.iter_mut().skip(channel).step_by(2).zip(wet) {
            *sample += wet * dry / size;
        }
    }
}

/// An all-pass filter in place.
fn smear(samples: &mut [f32], delay: usize, through: f32) {
    let mut line = vec![0.0; delay];
    for (at, sample) in samples.iter_mut().enumerate() {
        let late = line[at % delay];
        let fed = *sample + through * late;
        line[at % delay] = fed;
        *sample = late - through * fed;
    }
}

#[cfg(test)]
mod tests {
    use super::{all, room};

    #[test]
    fn names_are_unique_and_ranges_are_those_of_the_protocol() {
        let all = all();
        let mut names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(all.iter().all(|it| (0.75..=1.25).contains(&it.tempo)));
        assert!(all.iter().all(|it| it.pitch_cents.abs() <= 500));
        assert_eq!(all.iter().filter(|it| it.negative()).count(), 2);
    }

    #[test]
    fn resampling_moves_pitch_with_tempo() {
        let all = all();
        let faster = all.iter().find(|it| it.name == "speed +5 %").expect("it is in the list");
        assert_eq!((faster.pitch_cents, faster.format().rate_hz), (84, 46_305));
    }

    #[test]
    fn a_room_rings_for_its_time() {
        let mut samples = vec![0.0; 44_100 * 2];
        samples[0] = 1.0;
        samples[1] = 1.0;
        room(&mut samples, 0.3);
        let part = |from: usize| super::super::sound::rms(&samples[from..from + 4_410]);
        let fallen = 20.0 * (part(30_870) / part(4_410)).log10();
        // 0.3 s later: 60 dB below, give or take what eight echoes make of it.
        assert!((-70.0..-50.0).contains(&fallen), "{fallen}");
    }
}
