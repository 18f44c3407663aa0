//! Which lines are heard, and which only resemble those that are.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use crate::catalogue::{Entry, Timeline};
use crate::ear::{BANDS, CENTRE, FRAME_S};
use crate::found::{Found, confidence};
use crate::line::{Fit, Line, View, shared};
use crate::trace::{Part, Recorded, Trace, alike, better};
use crate::{Map, Query};

/// How much of the longer of two lines both must share to be two explanations of the same sound.
const SAME: f64 = 0.6;

/// How long music has usually lasted before it is noticed, and lasts after: its fade is heard the later the deeper it lies below
/// talk. Measured on cues with fades of 0.3 to 1.5 s.
const FADE_S: f64 = 0.08;
const FADE_S_PER_DB: f64 = 0.01;
const FADE_DB_MOST: f64 = 20.0;

/// Frames of the shortest answer: what is shorter agrees by accident with much.
const SHORTEST: usize = 40;

/// Accidents are short: half of those measured last less than 7 s, and half of the cues as weak as they are more than 20. What that
/// is worth in standard deviations, for each factor of e below and above a usual length.
const USUAL_S: f64 = 15.0;
const SHORTER: f64 = 1.5;
const LONGER: f64 = 0.6;
const LONGER_MOST_S: f64 = 40.0;

/// An alternative is told from this probability on.
const ALTERNATIVE_MIN: f32 = 0.02;

/// How much more of a recording's evidence its other version has than their prints have in common, and what part of that is
/// uncertain; measured on pairs of versions.
const ALIKE: f32 = 1.3;
const ALIKE_ERROR: f32 = 0.15;

/// How many frames from a line its recording no longer agrees with what is heard for being the same music.
const NEAR: usize = 12;

/// How many frames from a line it is tried for comparison.
const NEARBY: RangeInclusive<isize> = NEAR as isize..=96;
const LAG_STEP: usize = 4;

/// How sure another place of a recording than the strongest must be, what part of its evidence it must have, by how much it must
/// agree better, and how well at least: talk leaves less of all of them.
const SURE: f32 = 0.9;
const LEAST_PART: f32 = 0.6;
const CLEARLY: f32 = 1.05;
const CLEAN: f32 = 0.2;

struct Taken<'l> {
    line: &'l Line,
    part: Part,
    found: Found,
}

/// Takes the strongest line, hides the cells that it explains, and asks the others again.
pub(crate) fn explain(
    timeline: &Timeline<'_>,
    query: &Query,
    views: &[View],
    lines: &[Line],
    trials: f64,
    least: f32,
) -> Vec<Found> {
    let mut order: Vec<&Line> = lines.iter().collect();
    order.sort_by(|one, other| other.part.z.total_cmp(&one.part.z));
    let mut explained = Explained::default();
    let mut recorded: BTreeMap<usize, Recorded> = BTreeMap::new();
    let mut taken: Vec<Taken<'_>> = Vec::new();
    for line in order {
        if confidence(line.part.z + length_z(usize::MAX), trials) < least {
            break;
        }
        if taken.iter().any(|first| is_there_already(views, first, line)) {
            continue;
        }
        let (view, entry) = (&views[line.view], &timeline.entries[line.entry]);
        recorded.entry(line.entry).or_insert_with(|| Recorded::new(entry.print.map()));
        let own = &recorded[&line.entry];
        let trace = Trace::hiding(
            &view.map,
            &view.null,
            own,
            line.lag,
            line.part.frames.clone(),
            |frame, row| {
                explained.hide(view, frame, row);
            },
        );
        let part = trace.cut(line.part.frames.clone());
        let beside = beside(views, &recorded, &taken, line);
        let z = part.z.min(line.part.z).min(beside);
        // What is too short or too weak already is not compared with what lies nearby.
        let right = |z: f32| confidence(z + length_z(part.frames.len()), trials);
        let stands = part.frames.len() >= SHORTEST && right(z) >= least;
        let z = if stands { beyond(view, own, line.lag, &part.frames, z) } else { z };
        let right = right(z);
        if stands && right >= least {
            let sure = |it: &&Line| confidence(it.part.z, trials) >= SURE;
            let (line, part) = match likest(query, view, own, lines.iter().filter(sure), line) {
                Some(other) => (other, other.part.clone()),
                None => (line, part),
            };
            let fit = Fit::of(view, own, line);
            let level_db = level_db(query, view, own, line.lag, &part.frames);
            let found = told(view, entry, line, (&part, z), fit, level_db, right);
            explained.mark(view, entry, line.lag, &part.frames);
            taken.push(Taken { line, part, found });
        } else if confidence(line.part.z, trials) >= 0.5 {
            instead(views, &recorded, timeline, &mut taken, line);
        }
    }
    taken.into_iter().map(|taken| taken.found).collect()
}

/// What so many frames say for an answer, or against it.
fn length_z(frames: usize) -> f32 {
    let seconds = (frames as f64 * FRAME_S).min(LONGER_MOST_S);
    let factors = (seconds / USUAL_S).ln();
    (factors * if factors < 0.0 { SHORTER } else { LONGER }) as f32
}

/// Whether most of a line's time is taken by one at another speed, since a copy has one at a time, or by one of the same
/// recording, which repeats itself but is played once.
fn is_there_already(views: &[View], first: &Taken<'_>, line: &Line) -> bool {
    let heard = |line: &Line, frames: &Range<usize>| {
        let tempo = views[line.view].variant.tempo;
        (frames.start as f64 / tempo, frames.end as f64 / tempo)
    };
    let (one, other) = (heard(first.line, &first.part.frames), heard(line, &line.part.frames));
    let shared = one.1.min(other.1) - one.0.max(other.0);
    let excluded = first.line.view != line.view || first.line.entry == line.entry;
    excluded && shared > 0.5 * (other.1 - other.0)
}

/// Another place of a repeating recording than that of a line, if it agrees better with what was heard as loud as it was heard:
/// limited, as evidence takes it, a voice more or less hardly shows.
fn likest<'l>(
    query: &Query,
    view: &View,
    own: &Recorded,
    lines: impl Iterator<Item = &'l Line>,
    line: &Line,
) -> Option<&'l Line> {
    let frames = &line.part.frames;
    let beside = |other: &&Line| {
        (other.view, other.entry) == (line.view, line.entry)
            && other.lag.abs_diff(line.lag) > NEAR
            && 2 * shared(frames, &other.part.frames) > frames.len().max(other.part.frames.len())
            && other.part.z > LEAST_PART * line.part.z
    };
    let mut others = lines.filter(beside).peekable();
    others.peek()?;
    let heard = heard_part(query, view, frames);
    let likeness = |line: &Line| likeness(&heard, own, line.lag, frames);
    let least = f32::max(likeness(line) * CLEARLY, CLEAN);
    let best = others.map(|other| (likeness(other), other)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > least).then_some(best.1)
}

/// The cosine of a print and what was heard.
fn likeness(heard: &Map, own: &Recorded, lag: isize, frames: &Range<usize>) -> f32 {
    const LOUDEST: f32 = 1.5;
    let (mut both, mut one, mut other) = (0.0, 0.0, 0.0);
    for (at, frame) in frames.clone().enumerate() {
        let Some(frame) = frame.checked_add_signed(lag) else { continue };
        for (heard, recorded) in heard.row(at).iter().zip(own.row(frame)) {
            let heard = heard.clamp(-LOUDEST, LOUDEST);
            both += heard * recorded;
            one += heard * heard;
            other += recorded * recorded;
        }
    }
    both / f32::max(one * other, 1e-9).sqrt()
}

/// What was heard during some frames of a view, as loud as it was heard.
fn heard_part(query: &Query, view: &View, frames: &Range<usize>) -> Map {
    let tempo = view.variant.tempo;
    let from = (frames.start as f64 / tempo) as usize;
    let heard = query.part(from..(frames.end as f64 / tempo).ceil() as usize + 1);
    heard.undone_heard(view.variant)
}

/// What a line's deviate leaves once what the taken lines' recordings have in common with it is taken away: of two templates
/// with correlation `c`, the second's part that is at right angles to the first.
fn beside(
    views: &[View],
    recorded: &BTreeMap<usize, Recorded>,
    taken: &[Taken<'_>],
    line: &Line,
) -> f32 {
    let (view, frames) = (&views[line.view], &line.part.frames);
    let mut least = line.part.z;
    for first in taken.iter().filter(|first| first.line.view == line.view) {
        let shared =
            first.part.frames.start.max(frames.start)..first.part.frames.end.min(frames.end);
        if shared.is_empty() {
            continue;
        }
        let (one, other) = (&recorded[&first.line.entry], &recorded[&line.entry]);
        let alike = alike(&shared, (one, first.line.lag), (other, line.lag));
        let alike = (ALIKE * alike).min(0.99);
        let stronger = Trace::z(&view.map, &view.null, one, first.line.lag, &shared);
        let own = Trace::z(&view.map, &view.null, other, line.lag, &shared);
        let unsure = ALIKE_ERROR * alike * stronger;
        let rest =
            (own - alike * stronger) / ((1.0 - alike * alike).max(0.01) + unsure * unsure).sqrt();
        let outside = (line.part.z * line.part.z - own * own).max(0.0);
        least = least.min((rest.max(0.0).powi(2) + outside).sqrt());
    }
    least
}

/// A deviate in terms of what the same heard frames give when they lie a little earlier or later in the recording.
///
/// Of a held chord each frame agrees with a recording's held chord, or none does: frames that are not independent say less than
/// they seem to, and lags nearby tell how much less. A true line has its own music at them, which repeats itself too, so that
/// the root of their spread is taken; on answers right and wrong no other power told them apart as well.
fn beyond(view: &View, own: &Recorded, lag: isize, frames: &Range<usize>, z: f32) -> f32 {
    let lags = NEARBY.step_by(LAG_STEP).flat_map(|off| [lag - off, lag + off]);
    let squares: Vec<f32> =
        lags.map(|lag| Trace::z(&view.map, &view.null, own, lag, frames).powi(2)).collect();
    let spread = (squares.iter().sum::<f32>() / squares.len() as f32).sqrt();
    z / spread.max(1.0).sqrt()
}

/// Tells a line as the alternative of the one that explains its sound, if it could be that one as well.
fn instead(
    views: &[View],
    recorded: &BTreeMap<usize, Recorded>,
    timeline: &Timeline<'_>,
    taken: &mut [Taken<'_>],
    line: &Line,
) {
    let (frames, slot) = (&line.part.frames, timeline.entries[line.entry].slot);
    let Some(own) = recorded.get(&line.entry) else { return };
    let own = (own, line.lag);
    let nearest = taken
        .iter_mut()
        .filter(|first| {
            let (one, part) = (&first.part.frames, &first.found);
            let inside = shared(one, frames);
            let known = part.alternatives.iter().any(|(other, _)| *other == slot);
            first.line.view == line.view
                && part.slot != slot
                && !known
                && inside as f64 >= SAME * frames.len().max(one.len()) as f64
        })
        .filter_map(|first| {
            let one = (recorded.get(&first.line.entry)?, first.line.lag);
            Some((alike(frames, one, own), one, first))
        })
        .max_by(|one, other| one.0.total_cmp(&other.0));
    if let Some((_, one, first)) = nearest {
        let view = &views[line.view];
        let chance = tail(better(&view.map, &view.null, frames, one, own)) * first.found.confidence;
        if chance >= ALTERNATIVE_MIN {
            first.found.alternatives.push((slot, chance));
            first.found.confidence -= chance;
        }
    }
}

/// How loud music is beside everything else, in decibels: by how much of the contrast of its strongest cells is left in what is
/// heard. Measured on cues of known level, it is right to some 4 dB between -20 and 0 dB; alone, music has about 12 dB.
fn level_db(query: &Query, view: &View, own: &Recorded, lag: isize, frames: &Range<usize>) -> f32 {
    const STRONG: f32 = 1.8;
    const DB: f32 = 14.0;
    const AT_0_DB: f32 = 1.87;
    let heard = heard_part(query, view, frames);
    let (mut sum, mut count) = (0.0, 0.0);
    for (at, frame) in frames.clone().enumerate() {
        let recorded = own.row(frame.saturating_add_signed(lag));
        for (heard, _) in heard.row(at).iter().zip(recorded).filter(|(_, it)| **it > STRONG) {
            sum += heard.clamp(-1.0, 4.0);
            count += 1.0;
        }
    }
    DB * (sum / f32::max(count, 1.0) - AT_0_DB)
}

/// The probability that a standard normal deviate is greater; Abramowitz and Stegun 26.2.17 by way of the logistic
/// approximation of Bowling et al. (2009), good to 0.0002.
fn tail(z: f32) -> f32 {
    1.0 / (1.0 + (0.070_56 * z.powi(3) + 1.5976 * z).exp())
}

fn told(
    view: &View,
    entry: &Entry<'_>,
    line: &Line,
    (part, z): (&Part, f32),
    fit: Fit,
    level_db: f32,
    confidence: f32,
) -> Found {
    let heard_s = |frame: usize| ((frame as f64 - 0.5) / view.variant.tempo + CENTRE) * FRAME_S;
    let from_middle =
        part.frames.start as f64 - (line.part.frames.start + line.part.frames.end) as f64 / 2.0;
    let lag = line.lag as f64 + fit.shift + fit.slope * from_middle;
    let below_db = f64::from(-level_db).clamp(0.0, FADE_DB_MOST);
    let outside_s = FADE_S + FADE_S_PER_DB * below_db;
    let start_s = (heard_s(part.frames.start) - outside_s).max(0.0);
    // Not before the first sample of the recording, nor after its last.
    let early_s = (-view.variant.recorded_s(start_s, lag)).max(0.0);
    let start_s = start_s + early_s / view.variant.tempo;
    let end_s = heard_s(part.frames.end) + outside_s;
    let length_s = (entry.print.frames() as f64 - 1.0 + 2.0 * CENTRE) * FRAME_S;
    let late_s = (view.variant.recorded_s(end_s, lag) - length_s).max(0.0);
    let end_s = (end_s - late_s / view.variant.tempo).max(start_s);
    let ms = |seconds: f64| (seconds * 1000.0).round();
    Found {
        slot: entry.slot,
        start_ms: ms(start_s) as u64,
        end_ms: ms(end_s) as u64,
        in_ms: ms(view.variant.recorded_s(start_s, lag)) as i64,
        tempo: view.variant.tempo * (1.0 + fit.slope),
        pitch_cents: view.variant.cents,
        z,
        level_db,
        confidence,
        alternatives: Vec::new(),
    }
}

/// Cells of what is heard that accepted lines explain.
#[derive(Default)]
struct Explained {
    frames: BTreeMap<usize, [bool; BANDS]>,
}

impl Explained {
    fn mark(&mut self, view: &View, entry: &Entry<'_>, lag: isize, frames: &Range<usize>) {
        let mut on = [false; BANDS];
        let heard = |frame: usize| (frame as f64 / view.variant.tempo) as usize;
        for frame in heard(frames.start)..heard(frames.end) {
            let undone = (frame as f64 * view.variant.tempo).round() as usize;
            entry.print.read_on(undone.saturating_add_signed(lag), &mut on);
            for near in frame.saturating_sub(1)..frame + 2 {
                let cells = self.frames.entry(near).or_insert([false; BANDS]);
                for band in (0..BANDS).filter(|band| on[*band]) {
                    for wide in band.saturating_sub(1)..band + 2 {
                        if let Some(cell) =
                            view.variant.heard_band(wide).and_then(|to| cells.get_mut(to))
                        {
                            *cell = true;
                        }
                    }
                }
            }
        }
    }

    /// Sets to zero what is explained of a view's frame.
    fn hide(&self, view: &View, frame: usize, row: &mut [f32]) {
        let Some(cells) = self.frames.get(&((frame as f64 / view.variant.tempo) as usize)) else {
            return;
        };
        for (band, value) in row.iter_mut().enumerate() {
            if view.variant.heard_band(band).and_then(|to| cells.get(to)) == Some(&true) {
                *value = 0.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::beyond;
    use crate::catalogue::Timeline;
    use crate::ear::BANDS;
    use crate::landmark::Landmarks;
    use crate::line::View;
    use crate::tests::dice;
    use crate::trace::{Decoys, Null, Recorded, Trace};
    use crate::{Map, Print, Variant};

    #[test]
    fn frames_of_held_music_are_not_so_many_witnesses() {
        // A recording in which each row is held for some frames, and heard noise in which 64 of its frames lie.
        let rest = |held: usize| {
            let mut dice = dice(held as u64);
            let mut recorded = Map::zeros(BANDS, 400);
            for frame in 0..400 {
                let row = match frame % held {
                    0 => (0..BANDS).map(|_| 3.0 * dice() - 1.5).collect(),
                    _ => recorded.row(frame - 1).to_vec(),
                };
                recorded.row_mut(frame).copy_from_slice(&row);
            }
            let mut map = Map::zeros(BANDS, 200);
            map.values_mut().iter_mut().for_each(|value| *value = 2.0 * dice() - 1.0);
            for frame in 60..124 {
                let music = recorded.row(frame + 100).to_vec();
                map.row_mut(frame).iter_mut().zip(music).for_each(|(to, it)| *to += 0.15 * it);
            }
            let prints = vec![(Print::new(&recorded), Landmarks::new(&recorded))];
            let decoys = Decoys::draw(&Timeline::new(&prints));
            let null = Null::new(&map, vec![1.0; 200], &decoys);
            let view = View { query: 0, variant: Variant::PLAIN, map, null };
            let (own, frames) = (Recorded::new(recorded), 60..124);
            let z = Trace::z(&view.map, &view.null, &own, 100, &frames);
            beyond(&view, &own, 100, &frames, z) / z
        };
        let (moving, held) = (rest(1), rest(100));
        assert!(moving > 0.8 && held < 0.6, "{moving} {held}");
    }
}
