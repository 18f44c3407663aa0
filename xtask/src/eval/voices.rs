//! Speech: acted and read lines, put after each other as talk and over each other as babble.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};

use super::packages::{files, open};
use super::place::{Place, Set};
use super::seed::Seed;
use super::sound::{RATE_HZ, active_rms, add, decode, gain, pink, rms, samples, scale};

/// Active root mean square of every line.
pub(super) const SPEECH_RMS: f32 = 0.08;
/// How many voices a babble has.
const BABBLE_VOICES: usize = 8;

/// The lines of a set.
pub(super) struct Voices(Vec<Vec<f32>>);

/// How talk goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Seconds between two lines, at least and at most.
    pub(super) gap_s: (f64, f64),
    /// How much louder or softer a line may be, in dB.
    pub(super) spread_db: (f64, f64),
}

impl Pace {
    /// People who let each other finish: pauses that expose what is below.
    pub(super) const EASY: Self = Self { gap_s: (0.1, 1.2), spread_db: (0.0, 0.0) };
    /// People who do not.
    pub(super) const HARD: Self = Self { gap_s: (0.0, 0.35), spread_db: (-4.0, 2.0) };
    /// A scene of a drama.
    pub(super) const SCENE: Self = Self { gap_s: (0.2, 2.5), spread_db: (-4.0, 2.0) };
}

impl Voices {
    /// The lines of a set, decoded once and kept.
    pub(super) fn load(place: &Place, set: Set) -> Result<Self> {
        let kept = place.set(set).join("voices.f32");
        if let Ok(bytes) = fs::read(&kept) {
            return unpack(&bytes).with_context(|| format!("{} is broken", kept.display()));
        }
        println!("{}: decoding voices ...", set.name());
        let mut lines = Vec::new();
        for file in sources(place, set)? {
            let mut line = trim(&decode(&file, RATE_HZ, 1, None)?);
            let active = active_rms(&line);
            if line.len() > samples(0.5) && active > 0.001 {
                scale(&mut line, SPEECH_RMS / active);
                lines.push(line);
            }
        }
        ensure!(lines.len() > 100, "only {} lines of speech were found", lines.len());
        fs::create_dir_all(place.set(set)).context("failed to make the folder of a set")?;
        fs::write(&kept, pack(&lines)).context("failed to keep the voices")?;
        Ok(Self(lines))
    }

    /// Talk of so many seconds, and from which sample to which each line goes.
    pub(super) fn talk(
        &self,
        seed: &mut Seed,
        seconds: f64,
        pace: Pace,
    ) -> (Vec<f32>, Vec<(usize, usize)>) {
        let mut talk = vec![0.0; samples(seconds)];
        let mut spoken = Vec::new();
        let mut at = samples(seed.between(pace.gap_s.0, pace.gap_s.1));
        while at < talk.len() {
            let mut line = seed.pick(&self.0).clone();
            scale(&mut line, gain(seed.between(pace.spread_db.0, pace.spread_db.1)));
            add(&mut talk, at, &line);
            spoken.push((at, (at + line.len()).min(talk.len())));
            at += line.len() + samples(seed.between(pace.gap_s.0, pace.gap_s.1));
        }
        (talk, spoken)
    }

    /// What is to be heard where nobody speaks: babble and pink noise, at a level against speech.
    pub(super) fn bed(&self, seed: &mut Seed, seconds: f64, level_db: f64) -> Vec<f32> {
        let mut bed = vec![0.0; samples(seconds)];
        for _ in 0..BABBLE_VOICES {
            let (talk, _) = self.talk(seed, seconds, Pace::HARD);
            add(&mut bed, 0, &talk);
        }
        let mut noise = pink(seed, bed.len());
        let (babble, hiss) = (rms(&bed).max(1e-6), rms(&noise).max(1e-6));
        scale(&mut noise, babble / hiss);
        add(&mut bed, 0, &noise);
        let size = rms(&bed).max(1e-6);
        scale(&mut bed, SPEECH_RMS * gain(level_db) / size);
        bed
    }
}

/// The files of lines: those with so many bytes that they are longer than a word.
fn sources(place: &Place, set: Set) -> Result<Vec<PathBuf>> {
    let mut seed = Seed::of(&format!("{}/voices", set.name()));
    let mut draw =
        |package: &str, ending: &str, bytes_min: u64, count: usize| -> Result<Vec<PathBuf>> {
            let mut all = files(&open(place, package)?, &[ending])?;
            all.retain(|file| fs::metadata(file).is_ok_and(|it| it.len() >= bytes_min));
            seed.shuffle(&mut all);
            all.truncate(count);
            Ok(all)
        };
    if set == Set::Tune {
        return draw("fillets-ng-data-cs", "ogg", 9_000, 900);
    }
    let mut lines = draw("fillets-ng-data-nl", "ogg", 9_000, 550)?;
    for language in ["en", "es", "fr", "it", "ru"] {
        // 8,000 Hz of 16 bits: one and a half seconds.
        let package = format!("asterisk-core-sounds-{language}-wav");
        lines.extend(draw(&package, "wav", 24_000, 80)?);
    }
    Ok(lines)
}

/// Without the silence before and after.
fn trim(line: &[f32]) -> Vec<f32> {
    let peak = line.iter().fold(0.0_f32, |peak, it| peak.max(it.abs()));
    let loud = |it: &f32| it.abs() > peak * gain(-40.0);
    let first = line.iter().position(loud).unwrap_or(0);
    let last = line.iter().rposition(loud).map_or(0, |at| at + 1);
    line[first..last.max(first)].to_vec()
}

fn pack(lines: &[Vec<f32>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines {
        bytes.extend((line.len() as u64).to_le_bytes());
        bytes.extend(line.iter().flat_map(|it| it.to_le_bytes()));
    }
    bytes
}

fn unpack(mut bytes: &[u8]) -> Result<Voices> {
    let mut lines = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<8>() {
        let size = u64::from_le_bytes(*head) as usize * 4;
        let (line, rest) = rest.split_at_checked(size).context("it ends within a line")?;
        let four = line.as_chunks::<4>().0;
        lines.push(four.iter().map(|four| f32::from_le_bytes(*four)).collect());
        bytes = rest;
    }
    ensure!(bytes.is_empty() && !lines.is_empty(), "it does not end with a line");
    Ok(Voices(lines))
}

#[cfg(test)]
mod tests {
    use super::{Pace, Seed, Voices, active_rms, pack, rms, trim, unpack};

    fn voices() -> Voices {
        let tone = |hz: f32| (0..22_050).map(|at| 0.1 * (at as f32 * hz).sin()).collect();
        Voices(vec![tone(0.1), tone(0.15), tone(0.05)])
    }

    #[test]
    fn lines_are_kept_as_they_are() {
        let lines = voices().0;
        assert_eq!(unpack(&pack(&lines)).expect("it is whole").0, lines);
        assert!(unpack(&pack(&lines)[..1000]).is_err());
    }

    #[test]
    fn talk_leaves_the_pauses_it_is_told_to() {
        let (talk, spoken) = voices().talk(&mut Seed::of("talk"), 10.0, Pace::HARD);
        assert_eq!(talk.len(), 220_500);
        for two in spoken.windows(2) {
            let gap = two[1].0 - two[0].1;
            assert!(gap <= 7_718, "{gap}");
        }
    }

    #[test]
    fn a_bed_has_its_level() {
        let bed = voices().bed(&mut Seed::of("bed"), 5.0, -20.0);
        assert!((rms(&bed) - 0.008).abs() < 1e-4);
        assert!(active_rms(&bed) > 0.007);
    }

    #[test]
    fn silence_around_a_line_goes() {
        let line = [vec![0.0; 50], vec![0.5; 10], vec![0.0; 50]].concat();
        assert_eq!(trim(&line), vec![0.5; 10]);
    }
}
