//! From heard sound to answers.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::catalogue::{Entry, Prints, Timeline};
use crate::dense::{CHUNK, CHUNKS_MAX, Dense, Peak};
use crate::ear::{BANDS, CENTRE, FRAME_S};
use crate::trace::{Decoys, Null, Part, Recorded, Trace};
use crate::{Map, Variant};

/// Contrast at which a heard cell counts half of what it can count at most.
const SOFT: f32 = 0.1;

/// Sound that is asked about.
pub struct Query {
    /// Contrast of what is heard.
    pub map: Map,
}

/// One answer: this recording sounds here.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Number of its print.
    pub slot: u32,
    /// Start in what is heard.
    pub start_ms: u64,
    /// End in what is heard.
    pub end_ms: u64,
    /// Where in the recording the start lies.
    pub in_ms: i64,
    /// Speed over that of the recording.
    pub tempo: f64,
    /// Hundredths of a semitone by which it is heard higher.
    pub pitch_cents: i32,
    /// How far the evidence stands above chance, in standard deviations.
    pub z: f32,
    /// Strength.
    pub strength: f32,
    /// Probability that the answer is right.
    pub confidence: f32,
    /// Other recordings that explain the same sound, with their share of the confidence.
    pub alternatives: Vec<(u32, f32)>,
}

/// A search over a catalogue.
pub struct Search<'a> {
    timeline: Timeline<'a>,
    dense: Dense,
    decoys: Decoys,
}

/// A heard map as one variant would have been recorded.
struct View {
    query: usize,
    variant: Variant,
    /// For the filter, frames weighted.
    map: Map,
    /// For the evidence.
    plain: Map,
}

struct Line {
    view: usize,
    entry: usize,
    lag: isize,
    part: Part,
}

impl<'a> Search<'a> {
    /// A search over prints.
    #[must_use]
    pub fn new(prints: &'a (impl Prints + ?Sized)) -> Self {
        let timeline = Timeline::new(prints);
        let decoys = Decoys::draw(&timeline);
        Self { timeline, dense: Dense::new(), decoys }
    }

    /// What is heard in each query, in order of time.
    #[must_use]
    pub fn find(&self, queries: &[Query], variants: &[Variant], least_z: f32) -> Vec<Vec<Found>> {
        let views: Vec<View> = queries
            .iter()
            .enumerate()
            .flat_map(|(query, q)| {
                variants.iter().map(move |&variant| View::new(query, variant, &q.map))
            })
            .collect();
        let peaks = self.peaks(&views);
        let mut lines: Vec<Vec<Line>> = queries.iter().map(|_| Vec::new()).collect();
        for (view, peaks) in peaks {
            let null = Null::new(&views[view].plain, &self.decoys);
            lines[views[view].query].extend(self.lines(view, &views[view], &null, peaks, least_z));
        }
        lines
            .into_iter()
            .zip(queries)
            .map(|(lines, query)| self.explain(query, &views, lines, least_z))
            .collect()
    }

    /// Peaks by view, each with the frame at which its chunk starts in place of the chunk's index.
    fn peaks(&self, views: &[View]) -> BTreeMap<usize, Vec<Peak>> {
        let mut starts: Vec<(usize, usize)> = Vec::new();
        for (at, view) in views.iter().enumerate() {
            let frames = view.map.frames();
            let whole = (0..frames)
                .step_by(CHUNK)
                .filter(|start| frames - start >= CHUNK / 4 || *start == 0);
            starts.extend(whole.map(|start| (at, start)));
        }
        let mut peaks: BTreeMap<usize, Vec<Peak>> = BTreeMap::new();
        let mut from = 0;
        while from < starts.len() {
            let batch = &starts[from..(from + CHUNKS_MAX).min(starts.len())];
            let maps: Vec<(&Map, usize)> =
                batch.iter().map(|&(view, start)| (&views[view].map, start)).collect();
            let chunks = self.dense.chunks(&maps);
            self.dense.search(&self.timeline, &chunks, |peak| {
                let (view, start) = batch[peak.chunk];
                peaks.entry(view).or_default().push(Peak { chunk: start, ..peak });
            });
            if from + batch.len() == starts.len() {
                break;
            }
            from += CHUNKS_MAX - 3;
        }
        peaks
    }

    /// Lines of evidence through the peaks of one view.
    fn lines(
        &self,
        at: usize,
        view: &View,
        null: &Null,
        peaks: Vec<Peak>,
        least_z: f32,
    ) -> Vec<Line> {
        let mut by_entry: BTreeMap<usize, Vec<Peak>> = BTreeMap::new();
        for peak in peaks {
            if let Some(entry) = self.timeline.of_window(peak.frame) {
                by_entry.entry(self.timeline.at(entry.start)).or_default().push(peak);
            }
        }
        let mut lines = Vec::new();
        for (number, mut peaks) in by_entry {
            peaks.sort_by(|one, other| other.z.total_cmp(&one.z));
            let entry = &self.timeline.entries[number];
            let print = Recorded::new(entry.print.map());
            let mut asked: Vec<(isize, Range<usize>)> = Vec::new();
            for peak in peaks {
                let lag = peak.frame as isize - entry.start as isize - peak.chunk as isize;
                let core = peak.chunk..(peak.chunk + peak.span * CHUNK).min(view.map.frames());
                let known = asked.iter().any(|(other, frames)| {
                    other.abs_diff(lag) <= 3 && frames.start < core.end && core.start < frames.end
                });
                if known {
                    continue;
                }
                let (lag, part) = line(view, null, &print, lag, core.clone());
                asked.push((lag, part.frames.start.min(core.start)..part.frames.end.max(core.end)));
                if part.z >= least_z {
                    lines.push(Line { view: at, entry: number, lag, part });
                }
            }
        }
        lines
    }

    /// Takes the strongest line, hides the cells that it explains, and asks the others again.
    fn explain(
        &self,
        query: &Query,
        views: &[View],
        mut lines: Vec<Line>,
        least_z: f32,
    ) -> Vec<Found> {
        let mut explained = vec![false; query.map.frames() * BANDS];
        let mut found: Vec<Found> = Vec::new();
        lines.sort_by(|one, other| other.part.z.total_cmp(&one.part.z));
        let mut nulls: BTreeMap<usize, Null> = BTreeMap::new();
        for line in lines {
            let view = &views[line.view];
            let entry = &self.timeline.entries[line.entry];
            let null =
                nulls.entry(line.view).or_insert_with(|| Null::new(&view.plain, &self.decoys));
            let hide = |frame: usize, row: &mut [f32]| {
                let heard = (frame as f64 / view.variant.tempo) as usize;
                for (band, value) in row.iter_mut().enumerate() {
                    let to = band as i32 + view.variant.bands;
                    if (0..BANDS as i32).contains(&to)
                        && explained.get(heard * BANDS + to as usize).copied().unwrap_or(false)
                    {
                        *value = 0.0;
                    }
                }
            };
            let trace = Trace::hiding(
                &view.plain,
                null,
                &Recorded::new(entry.print.map()),
                line.lag,
                line.part.frames.clone(),
                hide,
            );
            let whole = line.part.z;
            let mut part = trace.cut(line.part.frames.clone());
            part.z = part.z.min(whole);
            if part.z < least_z {
                continue;
            }
            found.push(told(view, entry, &line, &part));
            mark(&mut explained, view, entry, line.lag, &part.frames);
        }
        found.sort_by_key(|found| (found.start_ms, found.slot));
        found
    }
}

/// The likeliest part of a line near a peak, and its lag to the frame.
fn line(
    view: &View,
    null: &Null,
    print: &Recorded,
    lag: isize,
    core: Range<usize>,
) -> (isize, Part) {
    let near = core.start.saturating_sub(CHUNK)..core.end + CHUNK;
    let z =
        |lag: isize| Trace::new(&view.plain, null, print, lag, near.clone()).part(core.clone()).z;
    let lag = (lag - 1..=lag + 1).max_by(|&one, &other| z(one).total_cmp(&z(other))).unwrap_or(lag);
    let trace = Trace::new(&view.plain, null, print, lag, 0..view.plain.frames());
    (lag, trace.cut(core))
}

fn told(view: &View, entry: &Entry<'_>, line: &Line, part: &Part) -> Found {
    let heard_s = |frame: usize| (frame as f64 / view.variant.tempo + CENTRE - 0.5) * FRAME_S;
    let start = heard_s(part.frames.start).max(0.0);
    let end = heard_s(part.frames.end);
    let recorded = view.variant.recorded_s(start, line.lag as f64);
    Found {
        slot: entry.slot,
        start_ms: (start * 1000.0).round() as u64,
        end_ms: (end * 1000.0).round() as u64,
        in_ms: (recorded * 1000.0).round() as i64,
        tempo: view.variant.tempo,
        pitch_cents: view.variant.bands * 50,
        z: part.z,
        strength: part.strength,
        confidence: 1.0 / (1.0 + (-(part.z - 7.5) * 1.5).exp()),
        alternatives: Vec::new(),
    }
}

fn mark(explained: &mut [bool], view: &View, entry: &Entry<'_>, lag: isize, frames: &Range<usize>) {
    let mut on = [false; BANDS];
    let heard = |frame: usize| (frame as f64 / view.variant.tempo) as usize;
    for frame in heard(frames.start)..heard(frames.end) {
        let undone = (frame as f64 * view.variant.tempo).round() as usize;
        entry.print.read_on(undone.saturating_add_signed(lag), &mut on);
        for (band, _) in on.iter().enumerate().filter(|(_, on)| **on) {
            let to = band as i32 + view.variant.bands;
            if (0..BANDS as i32).contains(&to)
                && let Some(cell) = explained.get_mut(frame * BANDS + to as usize)
            {
                *cell = true;
            }
        }
    }
}

impl View {
    fn new(query: usize, variant: Variant, heard: &Map) -> Self {
        let mut soft = heard.clone();
        for frame in 0..soft.frames() {
            soft.row_mut(frame).iter_mut().for_each(|v| *v = *v / (v.abs() + SOFT));
        }
        let soft = crate::whiten::Whitener::new().apply(&soft);
        let plain = variant.undo(&soft);
        let map = plain.clone();
        Self { query, variant, map, plain }
    }
}
