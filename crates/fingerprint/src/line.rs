//! Lines of evidence through the peaks of the filter, each with its place in time, speed and pitch.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::catalogue::Timeline;
use crate::dense::{CHUNK, Peak};
use crate::trace::{Decoys, Null, Part, Recorded, Trace};
use crate::{Map, Query, Variant};

/// Frames of a piece whose own place is looked for when speed is measured, and how far from the line.
const PIECE: usize = 40;
const REACH: isize = 5;

/// A heard map as one variant would have been recorded, with what it gives by chance.
pub(crate) struct View {
    pub(crate) query: usize,
    pub(crate) variant: Variant,
    pub(crate) map: Map,
    pub(crate) null: Null,
}

impl View {
    pub(crate) fn new(query: usize, heard: &Query, variant: Variant, decoys: &Decoys) -> Self {
        let map = heard.undone(variant);
        let null = Null::new(&map, heard.presence(variant), decoys);
        Self { query, variant, map, null }
    }
}

/// A recording heard along a straight line through time.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) view: usize,
    pub(crate) entry: usize,
    /// Frame of the recording at which frame 0 of the view lies.
    pub(crate) lag: isize,
    pub(crate) part: Part,
}

/// How many frames two stretches of one map share.
pub(crate) fn shared(one: &Range<usize>, other: &Range<usize>) -> usize {
    one.end.min(other.end).saturating_sub(one.start.max(other.start))
}

/// Lines through the peaks of one view, those of at least `least_z`.
pub(crate) fn lines(
    at: usize,
    view: &View,
    timeline: &Timeline<'_>,
    peaks: Vec<Peak>,
    least_z: f32,
) -> Vec<Line> {
    let mut by_entry: BTreeMap<usize, Vec<Peak>> = BTreeMap::new();
    for peak in peaks {
        if let Some(entry) = timeline.of_window(peak.frame) {
            by_entry.entry(entry).or_default().push(peak);
        }
    }
    let mut lines = Vec::new();
    for (number, mut peaks) in by_entry {
        peaks.sort_by(|one, other| other.z.total_cmp(&one.z));
        let entry = &timeline.entries[number];
        let recorded = Recorded::new(entry.print.map());
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
            let (lag, part) = best(view, &recorded, lag, core.clone());
            asked.push((lag, part.frames.start.min(core.start)..part.frames.end.max(core.end)));
            if part.z >= least_z {
                lines.push(Line { view: at, entry: number, lag, part });
            }
        }
    }
    lines
}

/// The likeliest part of a line near a peak, and its lag to the frame.
fn best(view: &View, recorded: &Recorded, lag: isize, core: Range<usize>) -> (isize, Part) {
    let z = |lag: isize| Trace::z(&view.map, &view.null, recorded, lag, &core);
    let lag = (lag - 1..=lag + 1).max_by(|&one, &other| z(one).total_cmp(&z(other))).unwrap_or(lag);
    let trace = Trace::new(&view.map, &view.null, recorded, lag, 0..view.map.frames());
    (lag, trace.cut(core))
}

/// How a line lies between frames: by how much it is off in its middle, and its slope, both in frames of the recording.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Fit {
    pub(crate) shift: f64,
    pub(crate) slope: f64,
}

impl Fit {
    /// Measures where the pieces of a line agree best.
    pub(crate) fn of(view: &View, recorded: &Recorded, line: &Line) -> Self {
        let frames = line.part.frames.clone();
        let middle = (frames.start + frames.end) as f64 / 2.0;
        let pieces: Vec<(f64, Vec<f32>)> = frames
            .clone()
            .step_by(PIECE)
            .map(|start| {
                let piece = start..(start + PIECE).min(frames.end);
                let agree = (-REACH..=REACH)
                    .map(|off| {
                        Trace::new(&view.map, &view.null, recorded, line.lag + off, piece.clone())
                            .gain()
                    })
                    .collect();
                ((piece.start + piece.end) as f64 / 2.0 - middle, agree)
            })
            .collect();
        let half = (frames.len() as f64 / 2.0).max(1.0);
        let steepest = (0.03f64).min((REACH as f64 - 1.5) / half);
        let step = (0.25 / half).max(steepest / 40.0);
        let slopes = (steepest / step) as i32;
        let mut best = (f64::MIN, Self::default());
        for slope in -slopes..=slopes {
            for shift in -15..=15 {
                let fit = Self { shift: f64::from(shift) / 10.0, slope: f64::from(slope) * step };
                let sum: f64 = pieces
                    .iter()
                    .map(|(from, agree)| at(agree, fit.shift + fit.slope * from))
                    .sum();
                if sum > best.0 {
                    best = (sum, fit);
                }
            }
        }
        // A slope that moves neither end by more than the fit can tell is none.
        if best.1.slope.abs() * half < 0.6 {
            best.1.slope = 0.0;
        }
        best.1
    }
}

/// A value between whole lags, by the parabola through the three nearest.
fn at(agree: &[f32], off: f64) -> f64 {
    let place = (off + REACH as f64).clamp(1.0, 2.0 * REACH as f64 - 1.0);
    let near = (place.round() as usize).clamp(1, agree.len() - 2);
    let from = place - near as f64;
    let (one, two, three) =
        (f64::from(agree[near - 1]), f64::from(agree[near]), f64::from(agree[near + 1]));
    two + from * (three - one) / 2.0 + from * from * (one - 2.0 * two + three) / 2.0
}
