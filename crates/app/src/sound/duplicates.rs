//! What is listened for more than once.

use std::collections::BTreeMap;

use fingerprint::landmark::LandmarksRef;
use fingerprint::{Ask, PrintRef, Prints, Query, Search, Variant};

use super::shelf::Library;
use super::standing::{Standing, standing};
use super::{SoundError, threads};
use crate::{Home, Progress};

/// From which part of both on two sounds are the same recording.
const SOUND_PART: f32 = 0.95;
/// Sounds whose lengths differ by less may be the same recording.
const LENGTH_SLACK_MS: u64 = 2_000;
/// Offsets that differ by less are one.
const OFFSET_SLACK_MS: u64 = 300;

/// How two are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sameness {
    /// Files with one print: kept as one sound.
    Files,
    /// Two sounds that are alike from begin to end, at one speed.
    Sound,
    /// Two sounds that share music: versions, edits, a vocal and its instrumental, loops.
    Versions,
}

impl Sameness {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Sound => "sound",
            Self::Versions => "versions",
        }
    }
}

/// Two that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicate {
    /// How.
    pub sameness: Sameness,
    /// Id and recording of the one.
    pub one: (String, String),
    /// Id and recording of the other; the same if two files hold one sound.
    pub other: (String, String),
    /// The files that hold one sound.
    pub files: Vec<String>,
    /// How much of the shorter one sounds in the other.
    pub shared_ms: u64,
    /// How long the shorter one is.
    pub shorter_ms: u64,
}

impl Duplicate {
    /// The part of the shorter one that is shared, 0 to 1.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a part for people")]
    pub fn part(&self) -> f32 {
        match self.shorter_ms {
            0 => 1.0,
            all => (self.shared_ms as f32 / all as f32).min(1.0),
        }
    }
}

/// Finds what is listened for more than once: files first, then the same sounds, then versions.
///
/// # Errors
/// [`SoundError`] if the home cannot be read.
pub fn duplicates(
    home: &Home,
    wanted: Option<usize>,
    progress: &mut dyn Progress,
) -> Result<Vec<Duplicate>, SoundError> {
    let all = standing(home)?;
    let library = Library::open(home, all.iter().map(|it| it.sound.id.as_str()))?;
    let mut out: Vec<Duplicate> = all.iter().filter_map(same_files).collect();
    let slots: Vec<u32> = (0..library.slots()).collect();
    // What each shares with those behind it.
    let mut shared: BTreeMap<(u32, u32), Vec<Alike>> = BTreeMap::new();
    let (mut done, total) = (0, slots.len() as u64);
    let told = std::cell::Cell::new(0);
    threads::in_order(
        &slots,
        threads::count(wanted),
        |slot| alike(&library, *slot),
        |number, found| {
            done += 1;
            told.set(done);
            for it in found {
                shared.entry((slots[number], it.other)).or_default().push(it);
            }
            Ok::<(), SoundError>(())
        },
        || progress.at("comparing sounds", told.get(), total),
    )?;
    for ((one, other), found) in shared {
        let of = |slot: u32| usize::try_from(slot).ok().and_then(|it| all.get(it));
        if let (Some(one), Some(other)) = (of(one), of(other)) {
            out.push(judged(one, other, &found));
        }
    }
    let key = |it: &Duplicate| (it.sameness, it.one.1.clone(), it.other.1.clone());
    out.sort_by_key(key);
    Ok(out)
}

fn same_files(it: &Standing) -> Option<Duplicate> {
    let [_, _, ..] = it.files[..] else { return None };
    let name = (it.sound.id.clone(), it.sound.recording.clone());
    Some(Duplicate {
        sameness: Sameness::Files,
        one: name.clone(),
        other: name,
        files: it.files.iter().map(|it| it.path.clone()).collect(),
        shared_ms: it.sound.duration_ms,
        shorter_ms: it.sound.duration_ms,
    })
}

/// A stretch of one sound that is found in another.
struct Alike {
    /// That in which it was found.
    other: u32,
    start_ms: u64,
    end_ms: u64,
    in_ms: i64,
}

/// The prints behind one, so that each pair is looked at once.
struct Behind<'a> {
    library: &'a Library,
    slot: u32,
}

impl Prints for Behind<'_> {
    fn slots(&self) -> u32 {
        self.library.slots()
    }

    fn print(&self, slot: u32) -> Option<PrintRef<'_>> {
        if slot > self.slot { self.library.print(slot) } else { None }
    }

    fn landmarks(&self, slot: u32) -> Option<LandmarksRef<'_>> {
        self.library.landmarks(slot)
    }

    fn let_go(&self) {
        self.library.let_go();
    }
}

/// Where the sound of a print stands in those behind it.
fn alike(library: &Library, slot: u32) -> Vec<Alike> {
    let Some(print) = library.print(slot) else { return Vec::new() };
    let behind = Behind { library, slot };
    let search = Search::new(&behind);
    let found =
        search.find(&[&Query::new(&print.map().into())], &[Variant::PLAIN], &Ask::default());
    found
        .into_iter()
        .flatten()
        .flat_map(|it| {
            let others = it.alternatives.iter().map(|it| it.0).chain([it.slot]);
            let (start_ms, end_ms, in_ms) = (it.start_ms, it.end_ms, it.in_ms);
            let others: Vec<u32> = others.collect();
            others.into_iter().map(move |other| Alike { other, start_ms, end_ms, in_ms })
        })
        .collect()
}

fn judged(one: &Standing, other: &Standing, found: &[Alike]) -> Duplicate {
    let lengths = [one.sound.duration_ms, other.sound.duration_ms];
    let shorter_ms = lengths[0].min(lengths[1]);
    let mut spans: Vec<(u64, u64)> = found.iter().map(|it| (it.start_ms, it.end_ms)).collect();
    let shared_ms = union(&mut spans).min(shorter_ms);
    let shift = |it: &Alike| it.in_ms.abs_diff(i64::try_from(it.start_ms).unwrap_or(i64::MAX));
    let one_offset = found.iter().all(|it| shift(it) < OFFSET_SLACK_MS);
    let mut out = Duplicate {
        sameness: Sameness::Versions,
        one: (one.sound.id.clone(), one.sound.recording.clone()),
        other: (other.sound.id.clone(), other.sound.recording.clone()),
        files: Vec::new(),
        shared_ms,
        shorter_ms,
    };
    let as_long = lengths[0].abs_diff(lengths[1]) < LENGTH_SLACK_MS;
    if as_long && one_offset && out.part() >= SOUND_PART {
        out.sameness = Sameness::Sound;
    }
    out
}

/// How much a set of stretches covers.
fn union(spans: &mut [(u64, u64)]) -> u64 {
    spans.sort_unstable();
    let (mut sum, mut until) = (0, 0);
    for (start, end) in spans.iter() {
        sum += end.saturating_sub(until.max(*start));
        until = until.max(*end);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_counts_once() {
        assert_eq!(union(&mut [(5, 9), (0, 6), (20, 21)]), 10);
        assert_eq!(union(&mut []), 0);
    }
}
