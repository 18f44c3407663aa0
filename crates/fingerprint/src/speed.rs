//! Which speeds and pitches to ask for.

use crate::dense::{CHUNK, Peak};
use crate::found::confidence;
use crate::search::{Ask, Search, side_by_side};
use crate::trace::{Null, Recorded, Trace};
use crate::{Found, Map, Query, Variant};

/// How a copy may have been changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// Not at all.
    Recorded,
    /// By a change of frame rate, 24 or 23.976 to 25 or back, with the pitch kept or following.
    #[default]
    Broadcast,
    /// By up to a quarter in tempo and five semitones in pitch, each for itself or both.
    Any,
}

/// Frames of an excerpt of an episode on which speeds are tried, 10 s, and of the stretch that it stands for.
const EXCERPT: usize = 2 * CHUNK;
const STRETCH: usize = 24 * CHUNK;

/// Frames that must be known as recorded for a programme not to be asked at other frame rates: 40 s.
const ENOUGH: usize = 8 * CHUNK;

/// Places of a copy at which all speeds are tried if no answer of 20 s explains them: so many at least, up to twice as many in
/// steps of 30 s.
const PLACES: usize = 4;
const STRETCH_TRIED: usize = 6 * CHUNK;
const LONG: usize = 4 * CHUNK;

/// An answer whose pieces lie on a line so much steeper than the speed that was asked for is one at another speed.
const CROOKED: f64 = 0.008;

/// Changes of frame rate, between 25 and 24 or 23.976, and how far an answer may be from one to be one.
const FRAME_RATES: [f64; 4] = [25.0 / 24.0, 25.0 / 23.976, 24.0 / 25.0, 23.976 / 25.0];
const SAME_RATE: f64 = 0.0005;

/// Steps of the grid: tempo as a factor, pitch in half semitones.
const TEMPO_STEP: f64 = 1.03;
const TEMPO_STEPS: i32 = 10;
const HALVES_MOST: i32 = 10;

/// Peaks of the grid that are looked at more closely, and the finer steps of tempo and lag for that.
const PEAKS: usize = 96;
const FINE_STEP: f64 = 0.003;
const FINE_STEPS: i32 = 6;
const FINE_LAGS: isize = 3;

impl Speed {
    /// What is tried beside the recorded speed and pitch.
    fn others(self) -> Vec<Variant> {
        match self {
            Self::Recorded => Vec::new(),
            Self::Broadcast => [25.0 / 24.0, 24.0 / 25.0]
                .into_iter()
                .flat_map(|tempo: f64| {
                    let follows = (tempo.log2() * 1200.0).round() as i32;
                    [0, follows].map(|cents| Variant { tempo, cents })
                })
                .collect(),
            Self::Any => (-TEMPO_STEPS..=TEMPO_STEPS)
                .flat_map(|step| {
                    let tempo = TEMPO_STEP.powi(step);
                    (-HALVES_MOST..=HALVES_MOST)
                        .map(move |halves| Variant { tempo, cents: 50 * halves })
                })
                .filter(|variant| *variant != Variant::PLAIN)
                .collect(),
        }
    }
}

impl Search<'_> {
    /// What is heard in each query, in order of time, at whatever speed and pitch it may have: each is asked as recorded, then
    /// excerpts at the other speeds if that does not say enough, and whole again at those at which something was recognised.
    /// Many queries at once cost less than one by one.
    #[must_use]
    pub fn identify(&self, queries: &[&Query], speed: Speed, ask: &Ask) -> Vec<Vec<Found>> {
        let mut found = self.find(queries, &[Variant::PLAIN], ask);
        let others = speed.others();
        match speed {
            Speed::Recorded => {}
            Speed::Broadcast => {
                let variants = self.survey(queries, &found, &others, ask);
                for ((query, mut variants), found) in queries.iter().zip(variants).zip(&mut found) {
                    if !variants.is_empty() {
                        variants.push(Variant::PLAIN);
                        *found = self.find(&[query], &variants, ask).pop().unwrap_or_default();
                        variants.iter().for_each(|variant| one_rate(found, *variant));
                    }
                }
            }
            Speed::Any => {
                for (query, found) in queries.iter().zip(&mut found) {
                    self.try_places(query, &others, ask, found);
                }
            }
        }
        found
    }

    /// For each query, the variants at which excerpts from all over it are recognised, where `known` does not say that the
    /// recording sounds as recorded. A programme has one frame rate: where enough is known as recorded, nothing else is tried.
    fn survey(
        &self,
        queries: &[&Query],
        known: &[Vec<Found>],
        others: &[Variant],
        ask: &Ask,
    ) -> Vec<Vec<Variant>> {
        let as_recorded = |number: &usize| {
            let sure =
                |found: &&Found| found.confidence >= SURVEYED && is_at(found, Variant::PLAIN);
            let sure = known[*number].iter().filter(sure);
            sure.map(frames_of).sum::<usize>() >= ENOUGH
        };
        let places: Vec<(usize, usize)> = (0..queries.len())
            .filter(|number| !as_recorded(number))
            .flat_map(|number| {
                (0..queries[number].frames())
                    .skip(EXCERPT)
                    .step_by(STRETCH)
                    .map(move |from| (number, from))
            })
            .collect();
        let excerpts: Vec<Query> = places
            .iter()
            .map(|&(number, from)| queries[number].part(from..from + EXCERPT))
            .collect();
        let asked: Vec<&Query> = excerpts.iter().collect();
        let mut variants: Vec<Vec<Variant>> = queries.iter().map(|_| Vec::new()).collect();
        let sure = Ask { confidence: ask.confidence.max(SURVEYED), ..ask.clone() };
        for ((number, from), found) in places.into_iter().zip(self.find(&asked, others, &sure)) {
            let (start_ms, end_ms) = (ms_of(from), ms_of(from + EXCERPT));
            for found in found {
                let plain = known[number].iter().any(|known| {
                    known.slot == found.slot
                        && known.start_ms < end_ms
                        && start_ms < known.end_ms
                        && is_at(known, Variant::PLAIN)
                });
                let variant = Variant { tempo: found.tempo, cents: found.pitch_cents };
                if !plain && !variants[number].iter().any(|known| known.like(variant)) {
                    variants[number].push(variant);
                }
            }
        }
        variants
    }

    /// Tries a grid of variants at places all over a query that no long answer explains, and asks it whole at those at which
    /// something is recognised: what was put together of many pieces may have many.
    fn try_places(&self, query: &Query, grid: &[Variant], ask: &Ask, found: &mut Vec<Found>) {
        let mut variants = vec![Variant::PLAIN];
        let whole = query.frames();
        let places = (whole / STRETCH_TRIED).clamp(PLACES, 2 * PLACES);
        let step = (whole / places).max(CHUNK);
        let long = LONG.min(whole * 8 / 10);
        for at in (0..places).map(|place| step * place) {
            let explains = |it: &Found| {
                let (start, end) = (frames_at(it.start_ms), frames_at(it.end_ms));
                end - start >= long
                    && start <= at + CHUNK / 2
                    && at + CHUNK / 2 <= end
                    && variants.iter().any(|variant| is_at(it, *variant))
            };
            if at > 0 && at + CHUNK / 2 >= whole || found.iter().any(explains) {
                continue;
            }
            if let Some(variant) = self.try_grid(query, at, grid, ask)
                && !variants.iter().any(|known| known.like(variant))
            {
                variants.push(variant);
                *found = self.find(&[query], &variants, ask).pop().unwrap_or_default();
            }
        }
    }

    /// The variant at which 5 s from a frame on are recognised, if there is one.
    fn try_grid(&self, query: &Query, from: usize, grid: &[Variant], ask: &Ask) -> Option<Variant> {
        let mut peaks = if self.is_swept() {
            self.swept_grid(query, from, grid, ask.threads)
        } else {
            let maps: Vec<Map> = side_by_side(ask.threads, grid.len(), |at| {
                let frames = (CHUNK as f64 / grid[at].tempo).ceil() as usize + 1;
                query.part(from..from + frames).undone(grid[at])
            });
            let asked: Vec<(&Map, usize)> = maps.iter().map(|map| (map, 0)).collect();
            self.dense_peaks(&asked, ask.threads)
        };
        peaks.sort_by(|one, other| other.z.total_cmp(&one.z));
        peaks.truncate(PEAKS);
        let near = from.saturating_sub(CHUNK)..(from + 2 * CHUNK).min(query.frames());
        let around = query.part(near.clone());
        let null = self.null(&around);
        let closer = side_by_side(ask.threads, peaks.len(), |at| {
            self.closer(&around, &null, from - near.start, grid[peaks[at].chunk], &peaks[at])
        });
        let (z, variant) =
            closer.into_iter().flatten().max_by(|one, other| one.0.total_cmp(&other.0))?;
        let trials = (self.timeline.frames as f64 * grid.len() as f64).ln();
        (confidence(z, trials) >= SURE).then_some(variant)
    }

    /// The best z near a peak, over finer steps of tempo, and the variant that gives it.
    fn closer(
        &self,
        around: &Query,
        null: &Null,
        from: usize,
        coarse: Variant,
        peak: &Peak,
    ) -> Option<(f32, Variant)> {
        let entry = &self.timeline.entries[self.timeline.of_window(peak.frame)?];
        let recorded = Recorded::new(entry.print.map());
        (-FINE_STEPS..=FINE_STEPS)
            .map(|step| Variant {
                tempo: coarse.tempo * (1.0 + f64::from(step) * FINE_STEP),
                ..coarse
            })
            .flat_map(|variant| {
                let map = around.undone(variant);
                let null = null.flat(map.frames());
                let lag = peak.frame as isize
                    - entry.start as isize
                    - (from as f64 * variant.tempo).round() as isize;
                let (recorded, frames) = (&recorded, 0..map.frames());
                (-FINE_LAGS..=FINE_LAGS)
                    .map(|off| (Trace::z(&map, &null, recorded, lag + off, &frames), variant))
                    .collect::<Vec<_>>()
            })
            .max_by(|one, other| one.0.total_cmp(&other.0))
    }
}

/// What an excerpt must say for its speed to be tried on everything, however doubtful answers are asked for: each costs
/// another whole search.
const SURVEYED: f32 = 0.9;

/// What a place must say for its variant to be tried on everything.
const SURE: f32 = 0.5;

/// Whether an answer has the speed of a variant that was asked for.
fn is_at(found: &Found, variant: Variant) -> bool {
    (found.tempo / variant.tempo - 1.0).abs() < CROOKED
}

/// A programme has one frame rate, and 24 and 23.976 lie too near to each other to be told apart in a minute: what the longest
/// answer at a variant says holds for all of them.
fn one_rate(found: &mut [Found], variant: Variant) {
    let Some(longest) = found.iter().filter(|it| is_at(it, variant)).max_by_key(|it| frames_of(it))
    else {
        return;
    };
    let off = |rate: &f64| (longest.tempo / rate - 1.0).abs();
    let near = FRAME_RATES.into_iter().min_by(|one, other| off(one).total_cmp(&off(other)));
    let Some(rate) = near.filter(|rate| off(rate) < SAME_RATE) else { return };
    for it in found.iter_mut().filter(|it| is_at(it, variant)) {
        // A line is known best in its middle.
        let half_ms = (it.end_ms - it.start_ms) as f64 / 2.0;
        it.in_ms += ((it.tempo - rate) * half_ms).round() as i64;
        it.tempo = rate;
    }
}

fn frames_of(found: &Found) -> usize {
    frames_at(found.end_ms) - frames_at(found.start_ms)
}

fn frames_at(ms: u64) -> usize {
    (ms as f64 / 1000.0 / crate::ear::FRAME_S) as usize
}

fn ms_of(frames: usize) -> u64 {
    (frames as f64 * crate::ear::FRAME_S * 1000.0) as u64
}
