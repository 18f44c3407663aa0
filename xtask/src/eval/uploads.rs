//! Copies that were altered so that they are not found, whole minutes or a few seconds of them; and
//! others in which nothing is to be found.

use anyhow::Result;

use super::alteration::{Alteration, Effect, UPLOAD_HZ, all, room};
use super::clips::draw;
use super::place::{Place, Set};
use super::seed::Seed;
use super::sound::{Cut, add, decode, encode, gain, limit, rms, scale};
use super::truth::{Cue, Made, Reference, write_lines};
use super::voices::{Pace, Voices};

/// Uploads of one alteration.
const COUNT: usize = 8;
/// After so many the list of what is there is written anew.
const TOLD_EVERY: usize = 20;

struct Plan {
    file: String,
    seconds: f64,
    alteration: Alteration,
    reference: Reference,
    start_s: f64,
    /// Music of no catalogue that stands beside the recording, or instead.
    stranger: Option<(Reference, f64)>,
}

/// Makes the uploads of a set that are not there, and writes what is in all of them.
///
/// `strangers` is music that is in no catalogue of this set.
pub(super) fn make(
    place: &Place,
    set: Set,
    refs: &[Reference],
    strangers: &[Reference],
    quick: bool,
) -> Result<usize> {
    let plans = plans(set, refs, strangers, if quick { 1 } else { COUNT });
    let (mut voices, mut made) = (None, 0);
    for (at, plan) in plans.iter().enumerate() {
        let path = place.set(set).join(&plan.file);
        if path.is_file() {
            continue;
        }
        if plan.alteration.effect == Effect::VoiceOver && voices.is_none() {
            voices = Some(Voices::load(place, set)?);
        }
        let mut samples = source(place, set, plan)?;
        alter(place, set, plan, voices.as_ref(), &mut samples)?;
        limit(&mut samples);
        encode(&samples, &plan.alteration.format(), &path)?;
        super::progress(set, "uploads", at + 1, plans.len());
        made += 1;
        if made % TOLD_EVERY == 0 {
            tell(place, set, &plans)?;
        }
    }
    tell(place, set, &plans)
}

/// Writes what is in the uploads that are there, and returns how many these are.
fn tell(place: &Place, set: Set, plans: &[Plan]) -> Result<usize> {
    let there = plans.iter().filter(|plan| place.set(set).join(&plan.file).is_file());
    let made: Vec<Made> = there.map(truth).collect();
    write_lines(&place.set(set).join("uploads.jsonl"), &made)?;
    Ok(made.len())
}

fn plans(set: Set, refs: &[Reference], strangers: &[Reference], count: usize) -> Vec<Plan> {
    let plain: Vec<&Reference> = refs.iter().filter(|it| it.plain).collect();
    let strangers: Vec<&Reference> = strangers.iter().filter(|it| it.plain).collect();
    let mut plans = Vec::new();
    // The first of every alteration, then the second: however far the making is, all are there.
    for at in 0..count {
        for alteration in all() {
            let plain_name = |it: char| if it.is_ascii_alphanumeric() { it } else { '_' };
            let name: String = alteration.name.replace('+', "p").replace('-', "m");
            let name: String = name.chars().map(plain_name).collect();
            let name = format!("{name}-{at}");
            let mut seed = Seed::of(&format!("{}/uploads/{name}", set.name()));
            let seconds = match at % 8 {
                0 | 2 | 4 => 10.0,
                1 | 3 | 5 => 20.0,
                _ => seed.between(60.0, 110.0).round(),
            };
            let (reference, start_s) = draw(&mut seed, &plain, seconds * alteration.tempo);
            let beside = matches!(alteration.effect, Effect::Other(_) | Effect::Stranger);
            let stranger = (beside && !strangers.is_empty()).then(|| {
                let (stranger, start_s) = draw(&mut seed, &strangers, seconds);
                (stranger.clone(), start_s)
            });
            plans.push(Plan {
                file: format!("uploads/{name}.{}", alteration.ending),
                seconds,
                alteration: alteration.clone(),
                reference: reference.clone(),
                start_s,
                stranger,
            });
        }
    }
    plans
}

fn truth(plan: &Plan) -> Made {
    let alteration = &plan.alteration;
    let cue = Cue {
        recording: plan.reference.recording.clone(),
        start_ms: 0,
        end_ms: (plan.seconds * 1000.0).round() as u64,
        in_ms: (plan.start_s * 1000.0).round() as i64,
        tempo: alteration.tempo,
        pitch_cents: alteration.pitch_cents,
        level_db: 0.0,
        kind: "upload".to_owned(),
    };
    Made {
        file: plan.file.clone(),
        seconds: plan.seconds,
        class: if alteration.negative() { "negative" } else { "upload" }.to_owned(),
        alteration: alteration.name.clone(),
        cues: if alteration.negative() { Vec::new() } else { vec![cue] },
    }
}

fn source(place: &Place, set: Set, plan: &Plan) -> Result<Vec<f32>> {
    if let (Effect::Stranger, Some((stranger, start_s))) = (plan.alteration.effect, &plan.stranger)
    {
        let path = place.set(set.other()).join(&stranger.file);
        let cut = Cut { start_s: *start_s, length_s: plan.seconds };
        return decode(&path, UPLOAD_HZ, 2, Some(cut));
    }
    let length_s = plan.seconds * plan.alteration.tempo;
    let cut = Cut { start_s: plan.start_s, length_s };
    decode(&place.set(set).join(&plan.reference.file), UPLOAD_HZ, 2, Some(cut))
}

fn alter(
    place: &Place,
    set: Set,
    plan: &Plan,
    voices: Option<&Voices>,
    samples: &mut Vec<f32>,
) -> Result<()> {
    let size = rms(samples).max(1e-6);
    match (plan.alteration.effect, &plan.stranger, voices) {
        (Effect::Room(decay_s), ..) => room(samples, decay_s),
        (Effect::Other(level_db), Some((stranger, start_s)), _) => {
            let path = place.set(set.other()).join(&stranger.file);
            let cut = Cut { start_s: *start_s, length_s: plan.seconds };
            let mut other = decode(&path, UPLOAD_HZ, 2, Some(cut))?;
            let other_size = rms(&other).max(1e-6);
            scale(&mut other, size * gain(level_db) / other_size);
            add(samples, 0, &other);
        }
        (Effect::VoiceOver, _, Some(voices)) => {
            let mut seed = Seed::of(&format!("{}/{}/voice", set.name(), plan.file));
            let (talk, _) = voices.talk(&mut seed, plan.seconds, Pace::EASY);
            let by = size / rms(&talk).max(1e-6);
            // From one channel at 22,050 Hz to two at 44,100: each sample four times.
            let wide: Vec<f32> = talk.iter().flat_map(|it| [it * by; 4]).collect();
            add(samples, 0, &wide);
        }
        _ => *samples = plan.alteration.stretch(place, std::mem::take(samples))?,
    }
    Ok(())
}
