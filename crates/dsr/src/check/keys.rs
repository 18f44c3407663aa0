//! Which ids were seen before, and in which line, in little memory.
//!
//! Services count their ids up, so ids are kept as spans: a million ids that rise with the lines
//! take a few bytes. Ids that do not are kept as 128-bit hashes, up to a limit.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hasher};

/// Ids that are kept one by one, at most: about 200 MB.
const LOOSE_MAX: usize = 1 << 22;
/// Spans that are kept, at most: about 100 MB.
const SPANS_MAX: usize = 1 << 22;
/// Prefixes whose numbers are kept as spans, at most.
const RUNS_MAX: usize = 64;
/// A number of an id with more digits than this is text.
const DIGITS_MAX: usize = 18;

/// Ids, each with the line it stood in first.
///
/// Asked one id at a time, or how many it shares, so the order of the map reaches no output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    runs: Vec<Run>,
    /// The run of the last id.
    current: usize,
    spans: usize,
    loose: HashMap<Key, u64, BuildHasherDefault<Through>>,
    /// How many ids may be kept one by one.
    room: usize,
    /// Ids that found no place: whether they come again is not known.
    unkept: u64,
}

impl Default for Keys {
    fn default() -> Self {
        Self::with_room(LOOSE_MAX)
    }
}

impl Keys {
    /// Keeps so many ids one by one.
    pub(crate) fn with_room(room: usize) -> Self {
        let loose = HashMap::default();
        Self { runs: Vec::new(), current: 0, spans: 0, loose, room, unkept: 0 }
    }

    /// Enters an id; the line it was entered with before, if it was.
    pub(crate) fn enter(&mut self, id: &[u8], line: u64) -> Option<u64> {
        if let Some((prefix, digits, number)) = split(id)
            && let Some(at) = self.run(prefix, digits)
        {
            match self.runs[at].enter(number, line, &mut self.spans) {
                Entered::New => return None,
                Entered::Before(line) => return Some(line),
                Entered::Hole => {}
            }
        }
        self.enter_loose(id, line)
    }

    /// How many ids were too many to be kept.
    pub(crate) const fn unkept(&self) -> u64 {
        self.unkept
    }

    /// The ids that another file has, too. Ids that rise in the one and not in the other are not
    /// compared.
    pub(crate) fn shared(&self, other: &Self) -> Shared {
        let mut shared = Shared::default();
        for run in &self.runs {
            let same =
                other.runs.iter().find(|it| (it.digits, &it.prefix) == (run.digits, &run.prefix));
            for there in same.map_or(&[][..], |it| &it.spans) {
                let from = run.spans.partition_point(|here| here.last < there.first);
                for here in run.spans[from..].iter().take_while(|it| it.first <= there.last) {
                    let first = here.first.max(there.first);
                    let count = here.last.min(there.last) - first + 1;
                    shared.add(count, here.line_of(first), there.line_of(first));
                }
            }
        }
        for (key, line) in &self.loose {
            if let Some(there) = other.loose.get(key) {
                shared.add(1, *line, *there);
            }
        }
        shared
    }

    fn run(&mut self, prefix: &[u8], digits: usize) -> Option<usize> {
        let fits = |run: &Run| run.digits == digits && run.prefix == prefix;
        if !self.runs.get(self.current).is_some_and(fits) {
            match self.runs.iter().position(fits) {
                Some(at) => self.current = at,
                None if self.runs.len() < RUNS_MAX => {
                    self.current = self.runs.len();
                    self.runs.push(Run { prefix: prefix.to_vec(), digits, spans: Vec::new() });
                }
                None => return None,
            }
        }
        Some(self.current)
    }

    fn enter_loose(&mut self, id: &[u8], line: u64) -> Option<u64> {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            hasher.write_u8(salt);
            hasher.write(id);
            hasher.finish()
        };
        let key = Key([half(0), half(1)]);
        if self.loose.len() >= self.room {
            let before = self.loose.get(&key).copied();
            self.unkept += u64::from(before.is_none());
            return before;
        }
        match self.loose.entry(key) {
            std::collections::hash_map::Entry::Occupied(entry) => Some(*entry.get()),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(line);
                None
            }
        }
    }
}

/// The text before the number an id ends in, how many digits are written, and the number: `T017` is
/// `T`, 3 and 17. Without zeros in front the digits are as many as it takes, and 0 stands for that.
///
/// `None` when there is no number, or it is too long.
fn split(id: &[u8]) -> Option<(&[u8], usize, u64)> {
    let digits = id.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (prefix, number) = id.split_at(id.len() - digits);
    if number.is_empty() || number.len() > DIGITS_MAX {
        return None;
    }
    let padded = number.len() > 1 && number[0] == b'0';
    let push = |sum: u64, digit: &u8| sum * 10 + u64::from(digit - b'0');
    Some((prefix, if padded { digits } else { 0 }, number.iter().fold(0, push)))
}

/// Ids that two files have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shared {
    /// How many.
    pub(crate) count: u64,
    /// Lines of the first one: here, and in the other file.
    pub(crate) lines: (u64, u64),
}

impl Shared {
    fn add(&mut self, count: u64, here: u64, there: u64) {
        self.lines = if self.count == 0 { (here, there) } else { self.lines.min((here, there)) };
        self.count += count;
    }
}

/// The ids of one prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    prefix: Vec<u8>,
    /// How many digits are written, where zeros fill them up; else 0.
    digits: usize,
    /// Apart from each other, in rising order.
    spans: Vec<Span>,
}

/// Ids that follow each other, in lines that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    first: u64,
    last: u64,
    /// Line of the first one.
    line: u64,
}

impl Span {
    const fn line_of(self, number: u64) -> u64 {
        self.line + (number - self.first)
    }
}

enum Entered {
    New,
    Before(u64),
    /// It lies between spans, or there is no room for another one.
    Hole,
}

impl Run {
    fn enter(&mut self, number: u64, line: u64, spans: &mut usize) -> Entered {
        if let Some(last) = self.spans.last_mut()
            && number <= last.last
        {
            let at = self.spans.partition_point(|span| span.last < number);
            let span = self.spans[at];
            return match number.checked_sub(span.first) {
                Some(beyond) => Entered::Before(span.line + beyond),
                None => Entered::Hole,
            };
        }
        match self.spans.last_mut() {
            Some(it) if number - 1 == it.last && line == it.line + (number - it.first) => {
                it.last = number;
            }
            _ if *spans == SPANS_MAX => return Entered::Hole,
            _ => {
                *spans += 1;
                self.spans.push(Span { first: number, last: number, line });
            }
        }
        Entered::New
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Key([u64; 2]);

impl std::hash::Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0[0]);
    }
}

/// The key is a hash already.
#[derive(Default)]
struct Through(u64);

impl Hasher for Through {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_that_rise_with_the_lines_take_no_room() {
        let mut keys = Keys::default();
        for number in 0..100_000_u64 {
            assert_eq!(keys.enter(format!("T{number}").as_bytes(), 10 + number), None);
        }
        assert_eq!((keys.runs[0].spans.len(), keys.loose.len()), (1, 0));
        assert_eq!(keys.enter(b"T77", 999_999), Some(87));
        assert_eq!(keys.enter(b"T077", 999_999), None);
    }

    #[test]
    fn shared_ids_are_counted() {
        let of = |ids: &[&str]| {
            let mut keys = Keys::default();
            for (line, id) in (5..).zip(ids) {
                keys.enter(id.as_bytes(), line);
            }
            keys
        };
        let here = of(&["T1", "T2", "T3", "T4", "x", "T9", "T10"]);
        assert_eq!(here.shared(&of(&["S1", "y", "T5"])), Shared::default());
        let there = of(&["y", "T3", "T4", "T5", "T10", "x"]);
        assert_eq!(here.shared(&there), Shared { count: 4, lines: (7, 6) });
        assert_eq!(there.shared(&here), Shared { count: 4, lines: (6, 7) });
    }

    proptest! {
        #[test]
        fn the_first_line_of_every_id_is_known(
            ids in prop::collection::vec(("[AB]{0,1}", 0_u64..60, 1_u64..4), 0..200),
        ) {
            let (mut keys, mut slow, mut line) = (Keys::default(), BTreeMap::new(), 0);
            for (prefix, number, step) in ids {
                line += step;
                let id = format!("{prefix}{number}");
                let before = slow.get(&id).copied();
                prop_assert_eq!(keys.enter(id.as_bytes(), line), before);
                slow.entry(id).or_insert(line);
            }
        }
    }
}
