//! Which segments count, and which of their entries no longer do.
//!
//! ```text
//! leitmotif shelf 1
//! segment 12
//! gone 0 3 17
//! segment 13
//! sum 3f2a…
//! ```

use std::collections::BTreeSet;
use std::fmt::Write as _;

use twox_hash::XxHash3_128;

const FIRST_LINE: &str = "leitmotif shelf 1";

/// The list of segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) segments: Vec<Listed>,
}

/// A segment that counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) number: u64,
    /// Entries that were removed or replaced.
    pub(crate) gone: BTreeSet<usize>,
}

/// A line that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// From 1.
    pub(crate) line: usize,
    pub(crate) what: &'static str,
}

impl Manifest {
    pub(crate) fn parse(text: &str) -> Result<Self, Wrong> {
        let wrong = |line: usize, what| Wrong { line, what };
        let body_end = text.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
        let (body, last) = text.split_at(body_end);
        let lines = body.lines().count();
        if last.strip_prefix("sum ").and_then(|it| it.strip_suffix('\n')) != Some(&sum(body)) {
            return Err(wrong(
                lines + 1,
                "the sum over the lines before is missing or another one",
            ));
        }
        let mut manifest = Self::default();
        for (at, line) in body.lines().enumerate() {
            let at = at + 1;
            if at == 1 {
                if line != FIRST_LINE {
                    return Err(wrong(1, "this is no shelf of this version"));
                }
            } else if let Some(number) = line.strip_prefix("segment ") {
                let number = number.parse().map_err(|_| wrong(at, "a segment is a number"))?;
                if manifest.segments.last().is_some_and(|it| it.number >= number) {
                    return Err(wrong(at, "segments are listed in the order of their numbers"));
                }
                manifest.segments.push(Listed { number, gone: BTreeSet::new() });
            } else if let Some(gone) = line.strip_prefix("gone ") {
                let segment = manifest.segments.last_mut();
                let segment = segment.ok_or_else(|| wrong(at, "entries are of a segment"))?;
                let read = gone.split(' ').map(str::parse).collect::<Result<_, _>>();
                segment.gone = read.map_err(|_| wrong(at, "entries are numbers"))?;
            } else {
                return Err(wrong(at, "only `segment` and `gone` stand here"));
            }
        }
        Ok(manifest)
    }

    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n");
        for segment in &self.segments {
            writeln!(text, "segment {}", segment.number).expect("a string takes all");
            if !segment.gone.is_empty() {
                let gone: Vec<String> = segment.gone.iter().map(usize::to_string).collect();
                writeln!(text, "gone {}", gone.join(" ")).expect("a string takes all");
            }
        }
        let sum = sum(&text);
        writeln!(text, "sum {sum}").expect("a string takes all");
        text
    }

    /// The number of the next segment.
    pub(crate) fn next(&self) -> u64 {
        self.segments.last().map_or(1, |last| last.number.saturating_add(1))
    }
}

fn sum(body: &str) -> String {
    format!("{:032x}", XxHash3_128::oneshot(body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Listed, Manifest};

    #[test]
    fn what_is_written_is_read() {
        let listed =
            |number, gone: &[usize]| Listed { number, gone: gone.iter().copied().collect() };
        let manifest = Manifest { segments: vec![listed(2, &[]), listed(7, &[0, 5, 6])] };
        let text = manifest.to_text();
        assert!(
            text.starts_with("leitmotif shelf 1\nsegment 2\nsegment 7\ngone 0 5 6\nsum "),
            "{text}"
        );
        assert_eq!(Manifest::parse(&text), Ok(manifest));
        assert_eq!(Manifest::parse(&Manifest::default().to_text()), Ok(Manifest::default()));
    }

    proptest! {
        #[test]
        fn a_changed_letter_is_told(at in 0_usize..200, letter in any::<char>()) {
            let segments = (1..20).map(|number| Listed { number, gone: [3].into() }).collect();
            let text = Manifest { segments }.to_text();
            let mut changed: Vec<char> = text.chars().collect();
            let at = at % changed.len();
            changed[at] = letter;
            let changed: String = changed.into_iter().collect();
            prop_assert!(changed == text || Manifest::parse(&changed).is_err());
        }
    }
}
