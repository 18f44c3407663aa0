//! Minutes of talk with one cue below it, or none: the form of BAF (Cortès et al., ISMIR 2022).
//!
//! EASY leaves pauses, in which the music stands alone. HARD has next to none, a bed of babble and
//! noise in what is left, and the band and compression of broadcast monitoring. STRANGE is as hard,
//! with music of no catalogue: what is told of it is false.

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
    /// Of each of five levels, with music of no catalogue.
    pub(super) strange: usize,
}

impl Counts {
    pub(super) const FULL: Self =
        Self { easy: 24, easy_empty: 10, hard: 60, hard_empty: 60, versions: 12, strange: 240 };
    pub(super) const QUICK: Self =
        Self { easy: 1, easy_empty: 1, hard: 1, hard_empty: 3, versions: 1, strange: 2 };
}

/// What one clip will be; known before it is made, so that making can be taken up again.
#[derive(Clone, Debug)]
struct Plan {
    name: String,
    class: &'static str,
    /// Whose music the cue is of; what is not of its own set is in no catalogue.
    of: Set,
    cue: Option<(Reference, Cut, f64)>,
    at_s: f64,
    fades_s: (f64, f64),
    bed_db: f64,
}

/// Makes the clips of a set that are not there, and writes what is in all of them.
pub(super) fn make(
    place: &Place,
    set: Set,
    refs: &[Reference],
    strangers: &[Reference],
    counts: Counts,
) -> Result<usize> {
    let plans = plans(set, refs, strangers, counts);
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
    let made: Vec<Made> = plans.iter().map(|plan| truth(set, plan)).collect();
    write_lines(&place.set(set).join("clips.jsonl"), &made)?;
    Ok(made.len())
}

const LEVELS: [i32; 5] = [0, -5, -10, -15, -20];

fn plans(set: Set, refs: &[Reference], strangers: &[Reference], counts: Counts) -> Vec<Plan> {
    let plain: Vec<&Reference> = refs.iter().filter(|it| it.plain).collect();
    let twins: Vec<&Reference> = refs.iter().filter(|it| !it.versions.is_empty()).collect();
    let strangers: Vec<&Reference> = strangers.iter().filter(|it| it.plain).collect();
    let mut plans = Vec::new();
    let mut plan = |class: &'static str, from: &[&Reference], level: Option<i32>, count: usize| {
        let part = level.map_or_else(|| "none".to_owned(), |it| format!("{:02}", -it));
        for at in 0..count {
            let name = format!("{class}-{part}-{at:02}");
            plans.push(one(set, name, class, from, level.map(f64::from)));
        }
    };
    for level in LEVELS {
        plan("hard", &plain, Some(level), counts.hard);
    }
    plan("hard", &plain, None, counts.hard_empty);
    for level in LEVELS.into_iter().chain([-25]) {
        plan("easy", &plain, Some(level), counts.easy);
    }
    plan("easy", &plain, None, counts.easy_empty);
    for level in &LEVELS[..3] {
        plan("versions", &twins, Some(*level), counts.versions);
    }
    for level in LEVELS {
        plan("strange", &strangers, Some(level), counts.strange);
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
    let of = if class == "strange" { set.other() } else { set };
    Plan { name, class, of, cue, at_s, fades_s, bed_db }
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

fn truth(set: Set, plan: &Plan) -> Made {
    let cue = plan.cue.as_ref().filter(|_| plan.of == set).map(|(reference, cut, level_db)| Cue {
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
        let path = place.set(plan.of).join(&reference.file);
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
        let plans = plans(Set::Tune, &refs(), &refs(), Counts::FULL);
        let count = |class: &str| plans.iter().filter(|it| it.class == class).count();
        assert_eq!((count("hard"), count("easy"), count("versions")), (360, 154, 36));
        assert_eq!(count("strange"), 1200);
        let empty = plans.iter().filter(|it| it.class == "hard" && it.cue.is_none()).count();
        assert_eq!(empty, 60);
    }

    #[test]
    fn a_cue_lies_in_its_clip_and_in_its_recording() {
        let plans = plans(Set::Test, &refs(), &refs(), Counts::FULL);
        for made in plans.iter().map(|plan| truth(Set::Test, plan)) {
            assert!(made.class != "strange" || made.cues.is_empty(), "{made:?}");
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
        let plans = plans(Set::Tune, &refs(), &refs(), Counts::FULL);
        let uses = |class: &str, names: [&str; 2]| {
            let of = plans.iter().filter(|it| it.class == class).filter_map(|it| it.cue.as_ref());
            of.into_iter().all(|(reference, ..)| names.contains(&reference.recording.as_str()))
        };
        assert!(
            uses("hard", ["a", "b"]) && uses("easy", ["a", "b"]) && uses("versions", ["c", "d"])
        );
    }
}
