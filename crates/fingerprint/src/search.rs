//! From heard sound to answers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::catalogue::{Prints, Timeline};
use crate::dense::{CHUNK, CHUNKS_MAX, Dense, Peak};
use crate::explain::explain;
use crate::found::Found;
use crate::line::{Line, View, lines};
use crate::trace::{Decoys, Null};
use crate::{Map, Query, Variant};

/// What is asked of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Answers below this confidence are left out.
    pub confidence: f32,
    /// Threads to work with, at least one.
    pub threads: usize,
}

impl Default for Ask {
    fn default() -> Self {
        Self { confidence: 0.5, threads: 1 }
    }
}

/// A search over a catalogue.
pub struct Search<'a> {
    pub(crate) timeline: Timeline<'a>,
    dense: Dense,
    decoys: Decoys,
    pub(crate) exhaustive_hours: f64,
}

/// Up to how much sound each place of each print is asked; landmarks propose places in more.
const EXHAUSTIVE_HOURS: f64 = 2.0;

impl<'a> Search<'a> {
    /// A search over prints.
    #[must_use]
    pub fn new(prints: &'a dyn Prints) -> Self {
        let timeline = Timeline::new(prints);
        let decoys = Decoys::draw(&timeline);
        Self { timeline, dense: Dense::new(), decoys, exhaustive_hours: EXHAUSTIVE_HOURS }
    }

    /// The same, with places proposed by landmarks from so many hours of sound on.
    #[must_use]
    pub fn exhaustive_to(self, hours: f64) -> Self {
        Self { exhaustive_hours: hours, ..self }
    }

    /// Hours of sound in the catalogue.
    #[must_use]
    pub fn hours(&self) -> f64 {
        self.timeline.frames as f64 * crate::ear::FRAME_S / 3600.0
    }

    /// What is heard in each query as one of some variants, in order of time.
    #[must_use]
    pub fn find(&self, queries: &[&Query], variants: &[Variant], ask: &Ask) -> Vec<Vec<Found>> {
        let pairs: Vec<(usize, Variant)> = (0..queries.len())
            .flat_map(|query| variants.iter().map(move |&variant| (query, variant)))
            .collect();
        let views: Vec<View> = side_by_side(ask.threads, pairs.len(), |at| {
            let (query, variant) = pairs[at];
            View::new(query, queries[query], variant, &self.decoys)
        });
        let peaks = if self.is_swept() {
            self.swept_peaks(queries, &views, ask.threads)
        } else {
            self.peaks(&views, ask.threads)
        };
        let found_lines: Vec<Vec<Line>> = side_by_side(ask.threads, views.len(), |at| {
            let peaks = peaks.get(&at).cloned().unwrap_or_default();
            lines(at, &views[at], &self.timeline, peaks, LEAST_Z)
        });
        let mut by_query: Vec<Vec<Line>> = queries.iter().map(|_| Vec::new()).collect();
        for (view, lines) in views.iter().zip(found_lines) {
            by_query[view.query].extend(lines);
        }
        let trials = |query: &Query| {
            let chunks = (query.frames() / CHUNK + 1) * variants.len();
            (self.timeline.frames as f64).ln() + (chunks as f64).ln()
        };
        side_by_side(ask.threads, queries.len(), |at| {
            let mut found = explain(
                &self.timeline,
                queries[at],
                &views,
                &by_query[at],
                trials(queries[at]),
                ask.confidence,
            );
            found.sort_by_key(|found| (found.start_ms, found.slot));
            found
        })
    }

    /// Peaks by view, each with the frame at which its chunk starts in place of the chunk's index.
    fn peaks(&self, views: &[View], threads: usize) -> BTreeMap<usize, Vec<Peak>> {
        let mut starts: Vec<(usize, usize)> = Vec::new();
        for (at, view) in views.iter().enumerate() {
            let frames = view.map.frames();
            let whole = (0..frames)
                .step_by(CHUNK)
                .filter(|start| frames - start >= CHUNK / 4 || *start == 0);
            starts.extend(whole.map(|start| (at, start)));
        }
        let asked: Vec<(&Map, usize)> =
            starts.iter().map(|&(view, start)| (&views[view].map, start)).collect();
        let found = self.dense_peaks(&asked, threads);
        let mut peaks: BTreeMap<usize, Vec<Peak>> = BTreeMap::new();
        for peak in found {
            let (view, start) = starts[peak.chunk];
            peaks.entry(view).or_default().push(Peak { chunk: start, ..peak });
        }
        peaks
    }

    /// Peaks of chunks, each a map and the frame at which it starts; `chunk` counts them.
    pub(crate) fn dense_peaks(&self, asked: &[(&Map, usize)], threads: usize) -> Vec<Peak> {
        // Sums run on over up to three chunks, so batches overlap by as many.
        let most = CHUNKS_MAX.min(asked.len().div_ceil(threads.max(1)) + 3);
        let step = (most - 3).max(1);
        let firsts: Vec<usize> = (0..asked.len()).step_by(step).collect();
        let found = side_by_side(threads, firsts.len(), |at| {
            let first = firsts[at];
            let chunks = self.dense.chunks(&asked[first..(first + most).min(asked.len())]);
            let mut peaks = Vec::new();
            self.dense.search(&self.timeline, &chunks, |peak| {
                // What the next batch starts with is found there.
                if peak.chunk < step {
                    peaks.push(Peak { chunk: first + peak.chunk, ..peak });
                }
            });
            peaks
        });
        found.into_iter().flatten().collect()
    }

    /// What a query gives by chance.
    pub(crate) fn null(&self, query: &Query) -> Null {
        let map = query.undone(Variant::PLAIN);
        Null::new(&map, query.presence(Variant::PLAIN), &self.decoys)
    }
}

/// Lines below this are not looked at further.
const LEAST_Z: f32 = 5.5;

/// Does `count` pieces of work on some threads, and gives their results in order.
pub(crate) fn side_by_side<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(count));
    let work_on = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                break;
            }
            let result = work(at);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, count.max(1)) {
            scope.spawn(work_on);
        }
        work_on();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
