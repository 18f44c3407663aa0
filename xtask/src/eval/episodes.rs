//! Whole episodes: talk, noises and music with all that mixing does to it; and as long ones whose music
//! is in no catalogue, to count false alarms.

use std::f32::consts::FRAC_1_SQRT_2;

use anyhow::Result;

use super::packages::{files, open};
use super::place::{Place, Set};
use super::script::{Part, Script, truth, write};
use super::seed::Seed;
use super::sound::{
    Cut, Format, RATE_HZ, add, compress, decode, encode, fade, gain, limit, rms, samples, scale,
};
use super::truth::{Made, Reference, write_lines};
use super::voices::{Pace, SPEECH_RMS, Voices};

/// Rate that a faster broadcast declares, in Hz: 25 pictures a second of 23.976.
const FAST_HZ: u32 = 22_992;
/// Rate that a slower broadcast declares, in Hz: 24 of 25.
const SLOW_HZ: u32 = 21_168;
/// Length of the pieces that the bed is made of, in seconds: no more need be in memory.
const BED_S: f64 = 60.0;

/// Makes the episodes of a set that are not there, and writes what is in all of them.
pub(super) fn make(
    place: &Place,
    set: Set,
    refs: &[Reference],
    strangers: &[Reference],
    quick: bool,
) -> Result<usize> {
    let scripts = scripts(set, refs, strangers, quick);
    let mut voices = None;
    for (at, script) in scripts.iter().enumerate() {
        let path = place.set(set).join(truth(script).file);
        if !path.is_file() {
            if voices.is_none() {
                voices = Some(Voices::load(place, set)?);
            }
            let Some(voices) = &voices else { continue };
            let samples = mix(place, set, script, voices)?;
            encode(&samples, &format(script), &path)?;
            tell(place, set, &scripts)?;
        }
        super::progress(set, "episodes", at + 1, scripts.len());
    }
    tell(place, set, &scripts)
}

/// Writes what is in the episodes that are there, and returns how many these are.
fn tell(place: &Place, set: Set, scripts: &[Script]) -> Result<usize> {
    let made = scripts.iter().map(truth);
    let made: Vec<Made> = made.filter(|it| place.set(set).join(&it.file).is_file()).collect();
    write_lines(&place.set(set).join("episodes.jsonl"), &made)?;
    Ok(made.len())
}

fn scripts(set: Set, refs: &[Reference], strangers: &[Reference], quick: bool) -> Vec<Script> {
    let normal = RATE_HZ;
    let episodes = [("e1", normal), ("e2", FAST_HZ), ("e3", SLOW_HZ), ("e4", normal)];
    let empty = [("empty1", normal), ("empty2", normal), ("empty3", normal)];
    let name = |name: &str| format!("{}/episodes/{name}", set.name());
    let tempo = |rate_hz: u32| f64::from(rate_hz) / f64::from(RATE_HZ);
    let known = episodes.iter().map(|(short, rate_hz)| {
        let mut script = write(short, &name(short), tempo(*rate_hz), refs);
        script.class = match *rate_hz {
            FAST_HZ => "fast",
            SLOW_HZ => "slow",
            _ => "episode",
        };
        script
    });
    let unknown = empty.iter().map(|(short, rate_hz)| {
        let mut script = write(short, &name(short), tempo(*rate_hz), strangers);
        (script.class, script.known) = ("empty", false);
        script
    });
    let count = if quick { 1 } else { usize::MAX };
    known.take(count).chain(unknown.take(count)).collect()
}

fn format(script: &Script) -> Format {
    let words = ["-ar", "44100", "-c:a", "aac", "-b:a", "128k"];
    Format {
        rate_hz: (f64::from(RATE_HZ) * script.tempo).round() as u32,
        channels: 2,
        filters: String::new(),
        words: words.map(str::to_owned).to_vec(),
    }
}

fn mix(place: &Place, set: Set, script: &Script, voices: &Voices) -> Result<Vec<f32>> {
    let name = format!("{}/{}/mix", set.name(), script.name);
    let mut seed = Seed::of(&name);
    let mut mix = vec![0.0; samples(script.seconds) * 2];
    let spoken = talk(&mut mix, &mut seed, script, voices);
    noises(&mut mix, &mut seed, place, script)?;
    let music = if script.known { set } else { set.other() };
    for part in &script.parts {
        let mut cue = cue(place, music, part)?;
        if part.kind == "ducked" {
            let attack_s = seed.between(0.05, 0.3);
            duck(&mut cue, samples(part.at_s), &spoken, samples(attack_s));
        }
        add(&mut mix, samples(part.at_s) * 2, &cue);
    }
    compress(&mut mix, 1.5);
    limit(&mut mix);
    Ok(mix)
}

/// Speaks and murmurs wherever the script has no quiet; from which sample to which somebody speaks.
fn talk(mix: &mut [f32], seed: &mut Seed, script: &Script, voices: &Voices) -> Vec<(usize, usize)> {
    let mut spoken = Vec::new();
    let mut from_s = 0.0;
    let ends = script.quiet_s.iter().copied().chain([(script.seconds, script.seconds)]);
    for (quiet_from_s, quiet_to_s) in ends {
        let mut at_s = from_s;
        while at_s + 2.0 < quiet_from_s {
            let length_s = BED_S.min(quiet_from_s - at_s);
            let (mut sound, lines) = voices.talk(seed, length_s, Pace::SCENE);
            let level_db = seed.between(-34.0, -22.0);
            add(&mut sound, 0, &voices.bed(seed, length_s, level_db));
            fade(&mut sound, 1, samples(0.2), samples(0.2));
            let at = samples(at_s);
            let wide: Vec<f32> = sound.iter().flat_map(|it| [*it; 2]).collect();
            add(mix, at * 2, &wide);
            spoken.extend(lines.iter().map(|(from, to)| (at + from, at + to)));
            at_s += length_s;
        }
        from_s = quiet_to_s.max(from_s);
    }
    spoken
}

/// Short noises, one in about 20 seconds: doors, blows, steps of a game.
fn noises(mix: &mut [f32], seed: &mut Seed, place: &Place, script: &Script) -> Result<()> {
    let folder = open(place, "hyperrogue-music")?.join("usr/share/hyperrogue/sounds");
    let files = files(&folder, &["ogg"])?;
    let mut hits = Vec::new();
    for file in files.iter().take(40) {
        let hit = decode(file, RATE_HZ, 2, None).unwrap_or_default();
        if !hit.is_empty() && hit.len() < samples(6.0) * 2 {
            hits.push(hit);
        }
    }
    let mut at_s = seed.between(5.0, 35.0);
    while at_s < script.seconds && !hits.is_empty() {
        let mut hit = seed.pick(&hits).clone();
        let size = rms(&hit).max(1e-6);
        scale(&mut hit, SPEECH_RMS * gain(seed.between(-6.0, 5.0)) / size);
        add(mix, samples(at_s) * 2, &hit);
        at_s += seed.between(5.0, 35.0);
    }
    Ok(())
}

/// The music of a part, at its level, faded, two channels.
fn cue(place: &Place, set: Set, part: &Part) -> Result<Vec<f32>> {
    let path = place.set(set).join(&part.reference.file);
    let cut = Cut { start_s: part.in_s, length_s: part.length_s };
    let mut cue = decode(&path, RATE_HZ, 2, Some(cut))?;
    let size = rms(&cue).max(1e-6);
    scale(&mut cue, SPEECH_RMS * gain(part.level_db) / size);
    fade(&mut cue, 2, samples(part.fades_s.0), samples(part.fades_s.1));
    if part.kind == "one side" {
        for two in cue.chunks_exact_mut(2) {
            (two[0], two[1]) = ((two[0] + two[1]) * FRAC_1_SQRT_2, 0.0);
        }
    }
    Ok(cue)
}

/// Lifts the music by 12 dB where nobody speaks; `at` is where it lies in the mix, in frames.
fn duck(cue: &mut [f32], at: usize, spoken: &[(usize, usize)], attack: usize) {
    let step = 12.0 / attack.max(1) as f64;
    let mut lift_db: f64 = 0.0;
    let mut lines = spoken.iter().skip_while(|line| line.1 < at).peekable();
    for (index, two) in cue.chunks_exact_mut(2).enumerate() {
        let now = at + index;
        while lines.peek().is_some_and(|line| line.1 < now) {
            lines.next();
        }
        let speaks = lines.peek().is_some_and(|line| line.0 <= now);
        lift_db = (lift_db + if speaks { -step } else { step }).clamp(0.0, 12.0);
        scale(two, gain(lift_db));
    }
}

#[cfg(test)]
mod tests {
    use super::{FAST_HZ, RATE_HZ, SLOW_HZ, duck};

    #[test]
    fn broadcasts_run_at_the_speeds_of_their_pictures() {
        let ratio = |rate: u32| f64::from(rate) / f64::from(RATE_HZ);
        assert!((ratio(FAST_HZ) - 25.0 / 23.976).abs() < 2e-5);
        assert!((ratio(SLOW_HZ) - 24.0 / 25.0).abs() < 2e-5);
    }

    #[test]
    fn music_steps_back_for_speech_and_comes_again() {
        let mut cue = vec![1.0; 2 * 4_000];
        duck(&mut cue, 100, &[(1_100, 2_100)], 100);
        let lifted = 10.0_f32.powf(12.0 / 20.0);
        assert!((cue[2 * 500] - lifted).abs() < 1e-3);
        assert!((cue[2 * 1_500] - 1.0).abs() < 1e-3);
        assert!((cue[2 * 3_000] - lifted).abs() < 1e-3);
    }
}
