//! Minutes of talk with one cue below it, or none: the form of BAF (Cortès et al., ISMIR 2022).
//!
//! EASY leaves pauses, in which the music stands alone. HARD has next to none, a bed of babble and
//! noise in what is left, and the band and compression of broadcast monitoring.

use anyhow::Result;

use super::place::{Place, Set};
use super::seed::Seed;
use super::sound::{
    Cut, Format, RATE_HZ, add, compress, decode, encode, fade, gain, limit, rms, samples, scale,
};
use super::truth::{Cue, Made, Reference, write_lines};
use super::voices::{Pace, SPEECH_RMS, Voices};

/// Length of a clip.
const SECONDS: f64 = 60.0;

/// How many clips of each kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    /// Of each of six levels.
    pub(super) easy: usize,
    pub(super) easy_empty: usize,
    /// Of each of five levels.
    pub(super) hard: usize,
    pub(super) hard_empty: usize,
    /// Of each of three levels, with one of two recordings of the same music.
    pub(super) versions: usize,
}

impl Counts {
    pub(super) const FULL: Self =
        Self { easy: 10, easy_empty: 10, hard: 12, hard_empty: 30, versions: 4 };
    pub(super) const QUICK: Self =
        Self { easy: 1, easy_empty: 1, hard: 1, hard_empty: 3, versions: 1 };
}

/// What one clip will be; known before it is made, so that making can be taken up again.
#[derive(Clone, Debug)]
struct Plan {
    name: String,
    class: &'static str,
    cue: Option<(Reference, Cut, f64)>,
    at_s: f64,
    fades_s: (f64, f64),
    bed_db: f64,
}

/// Makes the clips of a set that are not there, and writes what is in all of them.
pub(super) fn make(place: &Place, set: Set, refs: &[Reference], counts: Counts) -> Result<usize> {
    let plans = plans(set, refs, counts);
    let mut voices = None;
    for (at, plan) in plans.iter().enumerate() {
        let path = place.set(set).join(format!("clips/{}.mp3", plan.name));
        if path.is_file() {
            continue;
        }
        if voices.is_none() {
            voices = Some(Voices::load(place, set)?);
        }
        let Some(voices) = &voices else { continue };
        let samples = mix(place, set, plan, voices)?;
        encode(&samples, &format(plan), &path)?;
        super::progress(set, "clips", at + 1, plans.len());
    }
    let made: Vec<Made> = plans.iter().map(truth).collect();
    write_lines(&place.set(set).join("clips.jsonl"), &made)?;
    Ok(made.len())
}

fn plans(set: Set, refs: &[Reference], counts: Counts) -> Vec<Plan> {
    let plain: Vec<&Reference> = refs.iter().filter(|it| it.plain).collect();
    let twins: Vec<&Reference> = refs.iter().filter(|it| !it.versions.is_empty()).collect();
    let mut plans = Vec::new();
    let mut plan = |class: &'static str, from: &[&Reference], level: Option<i32>, at: usize| {
        let part = level.map_or_else(|| "none".to_owned(), |it| format!("{:02}", -it));
        let name = format!("{class}-{part}-{at:02}");
        plans.push(one(set, name, class, from, level.map(f64::from)));
    };
    for (class, levels, count, empty) in [
        ("hard", &[0, -5, -10, -15, -20][..], counts.hard, counts.hard_empty),
        ("easy", &[0, -5, -10, -15, -20, -25], counts.easy, counts.easy_empty),
    ] {
        for level in levels {
            (0..count).for_each(|at| plan(class, &plain, Some(*level), at));
        }
        (0..empty).for_each(|at| plan(class, &plain, None, at));
    }
    for level in [0, -5, -10] {
        (0..counts.versions).for_each(|at| plan("versions", &twins, Some(level), at));
    }
    plans
}

fn one(
    set: Set,
    name: String,
    class: &'static str,
    from: &[&Reference],
    level: Option<f64>,
) -> Plan {
    let mut seed = Seed::of(&format!("{}/clips/{name}", set.name()));
    let length_s = seed.between(8.0, 56.0);
    let at_s = seed.between(0.0, SECONDS - length_s);
    let fades_s = (seed.between(0.3, 1.5), seed.between(0.3, 1.5));
    let bed_db = seed.between(-24.0, -14.0);
    let cue = level.filter(|_| !from.is_empty()).map(|level| {
        let (reference, start_s) = draw(&mut seed, from, length_s);
        (reference.clone(), Cut { start_s, length_s }, level)
    });
    Plan { name, class, cue, at_s, fades_s, bed_db }
}

/// A recording and a place in it from which so many seconds are audible.
///
/// Not audible is a second more than 30 dB below the loudest of its recording: brought up to the level
/// of a cue it would be noise.
pub(super) fn draw<'a>(
    seed: &mut Seed,
    from: &[&'a Reference],
    length_s: f64,
) -> (&'a Reference, f64) {
    loop {
        let reference = *seed.pick(from);
        let room = reference.seconds - length_s - 0.5;
        let start_s = seed.between(0.0, room.max(0.1));
        let loudest = reference.levels_db.iter().max().copied().unwrap_or(0);
        let span = start_s as usize..((start_s + length_s) as usize + 1);
        let span = reference.levels_db.get(span).unwrap_or_default();
        let soft = span.iter().filter(|level| **level < loudest - 30).count();
        // A catalogue without such a place does not exist outside of tests.
        if (room > 0.0 && !span.is_empty() && soft * 10 <= span.len()) || from.len() == 1 {
            return (reference, start_s);
        }
    }
}

fn truth(plan: &Plan) -> Made {
    let cue = plan.cue.as_ref().map(|(reference, cut, level_db)| Cue {
        recording: reference.recording.clone(),
        start_ms: (plan.at_s * 1000.0).round() as u64,
        end_ms: ((plan.at_s + cut.length_s) * 1000.0).round() as u64,
        in_ms: (cut.start_s * 1000.0).round() as i64,
        tempo: 1.0,
        pitch_cents: 0,
        level_db: *level_db,
        kind: "background".to_owned(),
    });
    Made {
        file: format!("clips/{}.mp3", plan.name),
        seconds: SECONDS,
        class: plan.class.to_owned(),
        alteration: String::new(),
        cues: cue.into_iter().collect(),
    }
}

fn mix(place: &Place, set: Set, plan: &Plan, voices: &Voices) -> Result<Vec<f32>> {
    let mut seed = Seed::of(&format!("{}/clips/{}/talk", set.name(), plan.name));
    let easy = plan.class == "easy";
    let (mut mix, _) = voices.talk(&mut seed, SECONDS, if easy { Pace::EASY } else { Pace::HARD });
    if !easy {
        let bed = voices.bed(&mut seed, SECONDS, plan.bed_db);
        add(&mut mix, 0, &bed);
    }
    if let Some((reference, cut, level_db)) = &plan.cue {
        let path = place.set(set).join(&reference.file);
        let mut cue = decode(&path, RATE_HZ, 1, Some(*cut))?;
        let size = rms(&cue).max(1e-6);
        scale(&mut cue, SPEECH_RMS * gain(*level_db) / size);
        fade(&mut cue, 1, samples(plan.fades_s.0), samples(plan.fades_s.1));
        add(&mut mix, samples(plan.at_s), &cue);
    }
    if easy {
        limit(&mut mix);
    } else {
        compress(&mut mix, 4.0);
        // Drive made the peaks a quarter at most; bring them back.
        scale(&mut mix, 3.6);
    }
    Ok(mix)
}

fn format(plan: &Plan) -> Format {
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
    if plan.class == "easy" {
        return Format {
            rate_hz: RATE_HZ,
            channels: 1,
            filters: String::new(),
            words: words(&["-c:a", "libmp3lame", "-b:a", "64k"]),
        };
    }
    Format {
        rate_hz: RATE_HZ,
        channels: 1,
        filters: "lowpass=f=3700,lowpass=f=3700".to_owned(),
        words: words(&["-ar", "8000", "-c:a", "libmp3lame", "-b:a", "32k"]),
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Reference, Set, plans, truth};

    fn refs() -> Vec<Reference> {
        let reference = |name: &str, twin: Option<&str>| Reference {
            recording: name.to_owned(),
            file: format!("refs/{name}.ogg"),
            seconds: 180.0,
            package: "made-up".to_owned(),
            versions: twin.into_iter().map(str::to_owned).collect(),
            plain: twin.is_none(),
            levels_db: vec![-20; 180],
        };
        vec![
            reference("a", None),
            reference("b", None),
            reference("c", Some("d")),
            reference("d", Some("c")),
        ]
    }

    #[test]
    fn as_many_clips_are_planned_as_the_recipe_says() {
        let plans = plans(Set::Tune, &refs(), Counts::FULL);
        let count = |class: &str| plans.iter().filter(|it| it.class == class).count();
        assert_eq!((count("hard"), count("easy"), count("versions")), (90, 70, 12));
        let empty = plans.iter().filter(|it| it.class == "hard" && it.cue.is_none()).count();
        assert_eq!(empty, 30);
    }

    #[test]
    fn a_cue_lies_in_its_clip_and_in_its_recording() {
        for made in plans(Set::Test, &refs(), Counts::FULL).iter().map(truth) {
            for cue in made.cues {
                assert!(cue.end_ms <= 60_000, "{cue:?}");
                let length = (cue.end_ms - cue.start_ms).cast_signed();
                assert!((8_000..=56_000).contains(&length), "{cue:?}");
                assert!(cue.in_ms >= 0 && cue.in_ms + length <= 180_000, "{cue:?}");
            }
        }
    }

    #[test]
    fn plain_clips_leave_out_recordings_with_two_versions() {
        let plans = plans(Set::Tune, &refs(), Counts::FULL);
        let uses = |class: &str, names: [&str; 2]| {
            let of = plans.iter().filter(|it| it.class == class).filter_map(|it| it.cue.as_ref());
            of.into_iter().all(|(reference, ..)| names.contains(&reference.recording.as_str()))
        };
        assert!(
            uses("hard", ["a", "b"]) && uses("easy", ["a", "b"]) && uses("versions", ["c", "d"])
        );
    }
}
