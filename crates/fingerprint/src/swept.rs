//! The search of large catalogues: a sweep for landmarks says where to look, the filter whether it is so.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::catalogue::Entry;
use crate::dense::{CHUNK, Peak};
use crate::ear::BANDS;
use crate::landmark::{BLOCK, Candidate, Limits, Sweep};
use crate::line::{View, shared};
use crate::search::{Search, side_by_side};
use crate::trace::{Recorded, Trace};
use crate::{Map, Query, Variant};

/// Up to how many hours of sound all landmarks are looked for, and how many of a block beyond: the strongest two thirds say as
/// much where talk hides most of them. Chance proposes more there, so that more candidates are kept.
const ALL_MARKS_HOURS: f64 = 100.0;
const FEW_MARKS: usize = 64;
const MANY_CANDIDATES: usize = 96;

/// What the filter must say of a candidate, in standard deviations.
const LEAST_Z: f32 = 4.0;

/// Candidates that are judged before memory is let go: each is some kilobytes of a print, for which a system may read 64 KiB.
const JUDGED_AT_ONCE: usize = 2048;

/// Frames of an excerpt on which a grid of variants is tried, so that one whole block of a recording is in it.
const EXCERPT: usize = 2 * BLOCK;

/// Maps one after the other, with silence between them: many short ones are swept at the price of a long one.
struct Laid {
    map: Map,
    places: Vec<Range<usize>>,
}

impl Laid {
    fn new(maps: &[Map]) -> Self {
        let mut laid = Self { map: Map::new(BANDS), places: Vec::with_capacity(maps.len()) };
        for map in maps {
            let start = laid.map.frames();
            (0..map.frames()).for_each(|frame| laid.map.push(map.row(frame)));
            laid.places.push(start..laid.map.frames());
            (0..BLOCK).for_each(|_| laid.map.push(&[]));
        }
        laid
    }

    /// A candidate of all as one of the map in which most of it lies.
    fn told(&self, candidate: &Candidate) -> Option<Candidate> {
        let last = self.places.partition_point(|place| place.start < candidate.end);
        let first = self.places.partition_point(|place| place.end <= candidate.start);
        let frames = candidate.start..candidate.end;
        let view = (first..last).max_by_key(|view| shared(&frames, &self.places[*view]))?;
        let place = &self.places[view];
        Some(Candidate {
            view,
            lag: candidate.lag + place.start as i64,
            start: candidate.start.max(place.start) - place.start,
            end: candidate.end.min(place.end) - place.start,
            ..*candidate
        })
    }
}

impl Search<'_> {
    /// Whether the catalogue is large enough to be swept, and can be.
    pub(crate) fn is_swept(&self) -> bool {
        let kept = |entry: &Entry<'_>| entry.landmarks.is_some();
        self.hours() > self.exhaustive_hours && self.timeline.entries.iter().all(kept)
    }

    /// Peaks by view, each with the frame at which it starts in place of the chunk's index.
    ///
    /// Each query is swept for itself, since chance is measured on all that is swept together, and an answer should not depend on
    /// what else is asked. Beyond [`ALL_MARKS_HOURS`] that would take three times as long for clips of a minute, so that there what
    /// is asked together is swept together, and a weak candidate may be proposed in one company and not in another.
    pub(crate) fn swept_peaks(
        &self,
        queries: &[&Query],
        views: &[View],
        threads: usize,
    ) -> BTreeMap<usize, Vec<Peak>> {
        let mut limits = Limits::default();
        let many = self.hours() > ALL_MARKS_HOURS;
        if many {
            (limits.marks, limits.every) = (FEW_MARKS, 2);
            limits.per_block = MANY_CANDIDATES;
        }
        let mut peaks: BTreeMap<usize, Vec<Peak>> = BTreeMap::new();
        let mut first = 0;
        for views in views.chunk_by(|one, other| many || one.query == other.query) {
            let maps: Vec<Map> =
                views.iter().map(|view| queries[view.query].undone_heard(view.variant)).collect();
            for candidates in self.swept(&maps, limits, threads).chunks(JUDGED_AT_ONCE) {
                self.timeline.prints.let_go();
                let judged = side_by_side(threads, candidates.len(), |at| {
                    self.judged(&views[candidates[at].view], &candidates[at])
                });
                for (candidate, peak) in candidates.iter().zip(judged) {
                    peaks.entry(first + candidate.view).or_default().extend(peak);
                }
            }
            first += views.len();
        }
        self.timeline.prints.let_go();
        peaks
    }

    /// Peaks of excerpts of a query from a frame on; `chunk` says at which variant of the grid.
    pub(crate) fn swept_grid(
        &self,
        query: &Query,
        from: usize,
        grid: &[Variant],
        threads: usize,
    ) -> Vec<Peak> {
        let excerpts = side_by_side(threads, grid.len(), |at| {
            let frames = (EXCERPT as f64 / grid[at].tempo).ceil() as usize + 1;
            query.part(from..from + frames).undone_heard(grid[at]).part(0..EXCERPT)
        });
        let off = f32::INFINITY;
        let limits = Limits { least_z: [5.5, off, off, off], ..Limits::default() };
        let peak = |candidate: Candidate| {
            let start = self.timeline.entries.get(candidate.slot as usize)?.start as i64;
            let frame = usize::try_from(start + candidate.lag).ok()?;
            Some(Peak { chunk: candidate.view, span: 1, frame, z: candidate.z })
        };
        self.swept(&excerpts, limits, threads).into_iter().filter_map(peak).collect()
    }

    /// Candidates of the whole catalogue; their views are numbers of maps, their slots indices of the timeline's entries.
    fn swept(&self, maps: &[Map], limits: Limits, threads: usize) -> Vec<Candidate> {
        let laid = Laid::new(maps);
        let threads = threads.max(1);
        let parts = side_by_side(threads, threads, |part| {
            let mut sweep = Sweep::new([&laid.map], limits);
            for (at, entry) in self.timeline.entries.iter().enumerate().skip(part).step_by(threads)
            {
                if let Some(landmarks) = entry.landmarks {
                    sweep.scan(at as u32, landmarks);
                }
            }
            sweep.finish()
        });
        parts.iter().flatten().filter_map(|candidate| laid.told(candidate)).collect()
    }

    /// What the filter says of a candidate, if it agrees.
    fn judged(&self, view: &View, candidate: &Candidate) -> Option<Peak> {
        let entry = self.timeline.entries.get(candidate.slot as usize)?;
        let core = candidate.start..candidate.end.min(view.map.frames());
        // The rows at hand begin three frames before the core: two for lags less, one for their sharpening.
        let first = entry.start as i64 + candidate.lag + core.start as i64 - 3;
        let first = usize::try_from(first).ok()?;
        let mut rows = Map::zeros(BANDS, core.len() + 6);
        self.timeline.read(first, rows.values_mut());
        let recorded = Recorded::new(rows);
        let lag = 3 - core.start as isize;
        let (off, z) = (-2..=2)
            .map(|off| (off, Trace::z(&view.map, &view.null, &recorded, lag + off, &core)))
            .max_by(|one, other| one.1.total_cmp(&other.1))?;
        let span = core.len().div_ceil(CHUNK).max(1);
        let frame = first.checked_add_signed(3 + off)?;
        (z >= LEAST_Z).then_some(Peak { chunk: core.start, span, frame, z })
    }
}

#[cfg(test)]
mod tests {
    use crate::landmark::Landmarks;
    use crate::line::View;
    use crate::trace::Decoys;
    use crate::{Ask, Map, Print, Query, Search, Speed, Variant};

    /// A map of notes, another one for each seed.
    fn notes(seed: u64, frames: usize) -> Map {
        let mut state = seed;
        let mut dice = || {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (state >> 40) as f32 / (1 << 24) as f32
        };
        let mut map = Map::zeros(144, frames);
        for _ in 0..frames * 2 {
            let (start, band) = ((dice() * frames as f32) as usize, (dice() * 144.0) as usize);
            let (length, height) = (2 + (dice() * 6.0) as usize, 1.0 + 2.0 * dice());
            for at in start..(start + length).min(frames) {
                map.row_mut(at)[band] += height * (1.0 - (at - start) as f32 / 8.0);
            }
        }
        map
    }

    fn catalogue() -> Vec<(Print, Landmarks)> {
        let maps = (1..20).map(|seed| notes(seed, 900));
        maps.map(|map| (Print::new(&map), Landmarks::new(&map))).collect()
    }

    fn heard(from: usize, frames: usize) -> Query {
        let mut talk = notes(1000, frames + 300);
        let music = notes(7, 900);
        for at in 0..frames {
            let row = music.row(from + at).to_vec();
            talk.row_mut(100 + at).iter_mut().zip(row).for_each(|(to, value)| *to += 0.8 * value);
        }
        Query::new(&talk.into())
    }

    #[test]
    fn a_sweep_finds_what_the_filter_finds() {
        let prints = catalogue();
        let query = heard(200, 400);
        let find = |hours, threads| {
            let search = Search::new(&prints).exhaustive_to(hours);
            let ask = Ask { threads, ..Ask::default() };
            search.find(&[&query], &[Variant::PLAIN], &ask).remove(0)
        };
        let (dense, swept) = (find(f64::INFINITY, 1), find(0.0, 1));
        assert_eq!((dense.len(), dense[0].slot), (1, 6));
        assert_eq!(dense, swept);
        assert_eq!(find(0.0, 3), swept);
    }

    #[test]
    fn what_else_is_asked_changes_nothing() {
        let prints = catalogue();
        let search = Search::new(&prints).exhaustive_to(0.0);
        let strange = (60..70).map(|seed| Query::new(&notes(seed, 10 * seed as usize).into()));
        let queries: Vec<Query> = [heard(200, 400)].into_iter().chain(strange).collect();
        let decoys = Decoys::draw(&search.timeline);
        // Accidents, too: they are the first to change.
        let peaks = |queries: &[&Query]| {
            let view =
                |(at, query): (usize, &&Query)| View::new(at, query, Variant::PLAIN, &decoys);
            let views: Vec<View> = queries.iter().enumerate().map(view).collect();
            search.swept_peaks(queries, &views, 1)
        };
        let together = peaks(&queries.iter().collect::<Vec<_>>());
        for (at, query) in queries.iter().enumerate() {
            assert_eq!(together.get(&at), peaks(&[query]).get(&0), "query {at}");
        }
    }

    #[test]
    fn a_sweep_finds_other_speeds() {
        let prints = catalogue();
        let search = Search::new(&prints).exhaustive_to(0.0);
        let music = notes(7, 900);
        // Heard 9 % faster and two semitones higher.
        let mut fast = Map::zeros(144, 640);
        for frame in 0..640 {
            let row = music.row((frame as f64 * 1.09) as usize + 150);
            fast.row_mut(frame)[4..].copy_from_slice(&row[..140]);
        }
        let found =
            search.identify(&[&Query::new(&fast.into())], Speed::Any, &Ask::default()).remove(0);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].slot, found[0].pitch_cents), (6, 200));
        assert!((found[0].tempo - 1.09).abs() < 0.01, "{found:?}");
    }
}
