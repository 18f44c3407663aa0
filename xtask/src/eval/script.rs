//! What happens in a made-up episode, before any sample of it is made.

use super::clips::draw;
use super::seed::Seed;
use super::truth::{Cue, Made, Reference};

/// A piece of music in an episode, in the time of the mix.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) reference: Reference,
    pub(super) at_s: f64,
    pub(super) length_s: f64,
    pub(super) in_s: f64,
    pub(super) level_db: f64,
    pub(super) kind: &'static str,
    /// Seconds of the fade in and the fade out.
    pub(super) fades_s: (f64, f64),
}

/// An episode.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) name: String,
    pub(super) class: &'static str,
    pub(super) seconds: f64,
    /// As broadcast by as mixed.
    pub(super) tempo: f64,
    pub(super) parts: Vec<Part>,
    /// Where nobody speaks, in order: music in front, or silence.
    pub(super) quiet_s: Vec<(f64, f64)>,
    /// Whether its music counts as in the catalogue.
    pub(super) known: bool,
}

/// How many recordings an episode draws on, so that they come again.
const SOUNDTRACK: usize = 12;

/// Writes an episode: about 25 to 40 cues of 4 to 120 seconds in 45 to 65 minutes.
pub(super) fn write(name: &str, full_name: &str, tempo: f64, refs: &[Reference]) -> Script {
    let mut seed = Seed::of(full_name);
    let plain: Vec<&Reference> = refs.iter().filter(|it| it.plain).collect();
    let twins: Vec<&Reference> = refs.iter().filter(|it| !it.versions.is_empty()).collect();
    let mut sound: Vec<&Reference> = plain.clone();
    seed.shuffle(&mut sound);
    sound.truncate(SOUNDTRACK);
    let title = *seed.pick(&plain);
    let mut script = Script {
        name: name.to_owned(),
        class: "episode",
        seconds: seed.between(45.0, 65.0).round() * 60.0,
        tempo,
        parts: Vec::new(),
        quiet_s: Vec::new(),
        known: true,
    };
    let count = 25 + seed.below(14);
    let kinds = kinds(&mut seed, count);
    let lengths: Vec<f64> = kinds.iter().map(|kind| length(&mut seed, kind)).collect();
    let weights: Vec<f64> = (0..=count).map(|_| seed.between(0.3, 2.0)).collect();
    let free = script.seconds - 20.0 - lengths.iter().sum::<f64>();
    let unit = free.max(60.0) / weights.iter().sum::<f64>();
    let mut at_s = 5.0;
    for ((kind, length_s), weight) in kinds.iter().zip(&lengths).zip(&weights) {
        let gap_s = weight * unit;
        if *kind == "crossfade" && !script.parts.is_empty() {
            overlap(&mut seed, &mut script, &sound, *length_s);
        } else {
            let start = at_s + gap_s;
            let from: &[&Reference] = match *kind {
                "title" => &[title],
                "version" if !twins.is_empty() => &twins,
                _ => &sound,
            };
            place(&mut seed, &mut script, from, kind, start, *length_s);
            if gap_s > 40.0 && seed.chance(0.4) {
                let from = start - seed.between(8.0, 25.0);
                script.quiet_s.push((from, start - 2.0));
            }
        }
        at_s = script.parts.last().map_or(at_s, |part| part.at_s + part.length_s);
    }
    script.parts.retain(|part| part.at_s + part.length_s < script.seconds - 1.0);
    script.quiet_s.sort_by(|left, right| left.0.total_cmp(&right.0));
    script
}

/// The kinds of cues, in their order: the title first and last, of the others each at least once.
fn kinds(seed: &mut Seed, count: usize) -> Vec<&'static str> {
    let mut kinds = vec!["loop", "one side", "version", "version", "crossfade", "crossfade"];
    kinds.extend(["ducked", "ducked", "ducked", "foreground", "foreground", "sting"]);
    while kinds.len() + 2 < count {
        kinds.push(match seed.below(10) {
            0 => "foreground",
            1 | 2 => "ducked",
            3 => "crossfade",
            4 => "sting",
            _ => "background",
        });
    }
    seed.shuffle(&mut kinds);
    kinds.insert(0, "title");
    kinds.push("title");
    kinds
}

fn length(seed: &mut Seed, kind: &str) -> f64 {
    match kind {
        "title" => seed.between(40.0, 90.0),
        "sting" => seed.between(4.0, 8.0),
        "loop" => seed.between(24.0, 60.0),
        // As many short ones as long ones, on the scale of ratios.
        _ => 8.0 * 15.0_f64.powf(seed.between(0.0, 1.0)),
    }
}

fn level(seed: &mut Seed, kind: &str) -> f64 {
    match kind {
        "title" | "foreground" => seed.between(1.0, 8.0),
        "sting" => seed.between(-6.0, 2.0),
        _ => -seed.between(3.0, 18.0),
    }
}

fn place(
    seed: &mut Seed,
    script: &mut Script,
    from: &[&Reference],
    kind: &'static str,
    at_s: f64,
    length_s: f64,
) {
    let (level_db, fades_s) = (level(seed, kind), (seed.between(0.1, 1.5), seed.between(0.3, 3.0)));
    if kind == "loop" {
        let turns = 3 + seed.below(3);
        let turn_s = length_s / turns as f64;
        let (reference, in_s) = draw(seed, from, turn_s);
        for turn in 0..turns {
            script.parts.push(Part {
                reference: reference.clone(),
                at_s: at_s + turn_s * turn as f64,
                length_s: turn_s,
                in_s,
                level_db,
                kind,
                fades_s: (0.01, 0.01),
            });
        }
        return;
    }
    let longest = from.iter().map(|it| it.seconds - 2.0).fold(0.0, f64::max);
    let length_s = length_s.min(longest);
    let (reference, in_s) = draw(seed, from, length_s);
    let reference = reference.clone();
    let fades_s = (fades_s.0.min(length_s / 4.0), fades_s.1.min(length_s / 4.0));
    script.parts.push(Part { reference, at_s, length_s, in_s, level_db, kind, fades_s });
    if matches!(kind, "title" | "foreground") {
        script.quiet_s.push((at_s, at_s + length_s));
    }
}

/// A cue that comes in while the one before goes out.
fn overlap(seed: &mut Seed, script: &mut Script, from: &[&Reference], length_s: f64) {
    let Some(before) = script.parts.last_mut() else { return };
    let over_s = seed.between(2.0, 6.0).min(before.length_s / 2.0).min(length_s / 2.0);
    before.fades_s.1 = over_s;
    let (at_s, level_db) = (before.at_s + before.length_s - over_s, before.level_db);
    let name = before.reference.recording.clone();
    let others: Vec<&Reference> = from.iter().copied().filter(|it| it.recording != name).collect();
    place(seed, script, &others, "crossfade", at_s, length_s);
    if let Some(part) = script.parts.last_mut() {
        (part.fades_s.0, part.level_db) = (over_s, level_db.min(0.0));
    }
}

/// What is in the episode as it is broadcast.
pub(super) fn truth(script: &Script) -> Made {
    let ms = |seconds: f64| (seconds / script.tempo * 1000.0).round() as u64;
    let cues = script.parts.iter().filter(|_| script.known).map(|part| Cue {
        recording: part.reference.recording.clone(),
        start_ms: ms(part.at_s),
        end_ms: ms(part.at_s + part.length_s),
        in_ms: (part.in_s * 1000.0).round() as i64,
        tempo: script.tempo,
        pitch_cents: (1200.0 * script.tempo.log2()).round() as i32,
        level_db: (part.level_db * 10.0).round() / 10.0,
        kind: part.kind.to_owned(),
    });
    Made {
        file: format!("episodes/{}.m4a", script.name),
        seconds: script.seconds / script.tempo,
        class: script.class.to_owned(),
        alteration: String::new(),
        cues: cues.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Reference, Script, truth, write};

    fn script(tempo: f64) -> Script {
        let reference = |at: usize| Reference {
            recording: format!("r{at}"),
            file: format!("refs/r{at}.ogg"),
            seconds: 200.0,
            package: "made-up".to_owned(),
            versions: if at < 2 { vec![format!("r{}", 1 - at)] } else { Vec::new() },
            plain: at >= 2,
            levels_db: vec![-20; 200],
        };
        let refs: Vec<Reference> = (0..40).map(reference).collect();
        write("e1", "tune/episodes/e1", tempo, &refs)
    }

    #[test]
    fn an_episode_has_what_the_protocol_asks_for() {
        let script = script(1.0);
        assert!((2_700.0..=3_900.0).contains(&script.seconds));
        for kind in ["title", "loop", "one side", "version", "crossfade", "ducked", "foreground"] {
            assert!(script.parts.iter().any(|part| part.kind == kind), "no {kind}");
        }
        assert!((25..=45).contains(&script.parts.len()), "{}", script.parts.len());
    }

    #[test]
    fn only_crossfades_overlap() {
        let script = script(1.0);
        for two in script.parts.windows(2) {
            let over_s = two[0].at_s + two[0].length_s - two[1].at_s;
            assert!(over_s < 0.001 || two[1].kind == "crossfade", "{two:?}");
        }
    }

    #[test]
    fn a_faster_broadcast_is_shorter_and_higher() {
        let (slow, fast) = (truth(&script(1.0)), truth(&script(1.05)));
        assert!((slow.seconds / fast.seconds - 1.05).abs() < 1e-9);
        assert_eq!(fast.cues[0].pitch_cents, 84);
        assert_eq!(slow.cues[0].in_ms, fast.cues[0].in_ms);
    }
}
