//! A sheet that was found beside one that was delivered: what was forgotten, and what is claimed and not
//! heard.

mod pair;
mod text;

use serde::Serialize;

use crate::{Cue, CueId, CueSheet, Lookup, UsageCode};
use pair::Pairs;

/// What still counts as the same.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// How far begin or end may be off, in milliseconds.
    pub time_ms: u64,
    /// How far a delivered cue may lie from a found one and still be the same, in milliseconds.
    pub near_ms: u64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { time_ms: 2_000, near_ms: 30_000 }
    }
}

/// Two sheets of one programme, cue by cue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// What became of each cue, in the order of time.
    pub rows: Vec<Row>,
    /// What it comes to.
    pub sums: Sums,
}

/// What became of a cue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it is.
    pub verdict: Verdict,
    /// What a reader calls the music; of two recordings both.
    pub name: String,
    /// Number of the found cue.
    pub found: Option<CueId>,
    /// Number of the delivered cue.
    pub delivered: Option<CueId>,
    /// Where it begins: as found, or as delivered where it was not found.
    pub start_ms: Option<u64>,
    /// How long it is as found; zero where it was not.
    pub found_ms: u64,
    /// How long it is as delivered; zero where it was not, and where another row has it.
    pub delivered_ms: u64,
    /// How long both say that this music sounds.
    pub both_ms: u64,
    /// What differs, for a reader; empty if nothing does.
    pub differences: Vec<Difference>,
}

/// What a row of a comparison is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Both sheets have it, and agree.
    Agreed,
    /// Both sheets have it, and say different things.
    Differs,
    /// It is heard, as a part of a longer cue that was delivered.
    Part,
    /// Other music was heard than was delivered.
    OtherRecording,
    /// It was heard and not delivered.
    Forgotten,
    /// It was delivered and not heard.
    Unheard,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 6] = [
        Self::Agreed,
        Self::Differs,
        Self::Part,
        Self::OtherRecording,
        Self::Forgotten,
        Self::Unheard,
    ];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Differs => "differs",
            Self::Part => "part",
            Self::OtherRecording => "other recording",
            Self::Forgotten => "forgotten",
            Self::Unheard => "unheard",
        }
    }
}

/// One thing that two sheets say differently of a cue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Difference {
    /// Where it begins: how much later it was delivered than found.
    Start {
        /// In milliseconds.
        later_ms: i64,
    },
    /// Where it ends: how much later it was delivered than found.
    End {
        /// In milliseconds.
        later_ms: i64,
    },
    /// How long it is: how much longer it was delivered than found.
    Length {
        /// In milliseconds.
        longer_ms: i64,
    },
    /// The usage code.
    Code {
        /// As found.
        found: UsageCode,
        /// As delivered.
        delivered: UsageCode,
    },
}

/// What a comparison comes to, in milliseconds; what sounds at once counts twice.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// All that was found.
    pub found_ms: u64,
    /// All that was delivered.
    pub delivered_ms: u64,
    /// What both have.
    pub both_ms: u64,
    /// What was found only.
    pub found_only_ms: u64,
    /// What was delivered only.
    pub delivered_only_ms: u64,
}

/// Compares a found sheet with a delivered one. Doubtful cues of the found sheet count only where the
/// delivered sheet claims them too.
#[must_use]
pub fn compare(
    found: &CueSheet,
    delivered: &CueSheet,
    lookup: &Lookup<'_>,
    tolerance: Tolerance,
) -> Comparison {
    let pairs = Pairs::of(found, delivered, lookup, tolerance);
    let mut rows: Vec<Row> = Vec::new();
    rows.extend(pairs.same.iter().map(|(a, b)| both(a, b, tolerance)));
    rows.extend(pairs.parts.iter().map(|(a, b)| Row {
        verdict: Verdict::Part,
        both_ms: a.overlap_ms(b),
        delivered: Some(b.id),
        ..alone(a, Verdict::Part)
    }));
    rows.extend(pairs.other.iter().map(|(a, b)| Row {
        name: format!("{} (delivered: {})", a.name(), b.name()),
        delivered: Some(b.id),
        delivered_ms: b.length_ms,
        ..alone(a, Verdict::OtherRecording)
    }));
    rows.extend(pairs.forgotten.iter().map(|it| alone(it, Verdict::Forgotten)));
    rows.extend(pairs.unheard.iter().map(|it| Row {
        found: None,
        delivered: Some(it.id),
        found_ms: 0,
        delivered_ms: it.length_ms,
        ..alone(it, Verdict::Unheard)
    }));
    rows.sort_by_key(|it| (it.start_ms.is_none(), it.start_ms, it.found, it.delivered));
    let sum = |of: fn(&Row) -> u64| rows.iter().map(of).sum::<u64>();
    let found_ms = sum(|it| it.found_ms);
    let delivered_ms = sum(|it| it.delivered_ms);
    let both_ms = sum(|it| it.both_ms);
    let sums = Sums {
        found_ms,
        delivered_ms,
        both_ms,
        found_only_ms: found_ms.saturating_sub(both_ms),
        delivered_only_ms: delivered_ms.saturating_sub(both_ms),
    };
    Comparison { rows, sums }
}

impl Comparison {
    /// How many rows have a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|it| it.verdict == verdict).count()
    }

    /// As JSON, for machines.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers, texts and lists are always JSON")
    }
}

fn alone(cue: &Cue, verdict: Verdict) -> Row {
    Row {
        verdict,
        name: cue.name().to_owned(),
        found: Some(cue.id),
        delivered: None,
        start_ms: cue.start_ms,
        found_ms: cue.length_ms,
        delivered_ms: 0,
        both_ms: 0,
        differences: Vec::new(),
    }
}

fn both(found: &Cue, delivered: &Cue, tolerance: Tolerance) -> Row {
    let mut differences = Vec::new();
    let off = |a: u64, b: u64| (a.abs_diff(b) > tolerance.time_ms).then(|| later(a, b));
    let both_ms = match (found.span(), delivered.span()) {
        (Some((start, end)), Some((told_start, told_end))) => {
            let starts = off(start, told_start).map(|later_ms| Difference::Start { later_ms });
            let ends = off(end, told_end).map(|later_ms| Difference::End { later_ms });
            differences.extend(starts.into_iter().chain(ends));
            found.overlap_ms(delivered)
        }
        _ => {
            let length = off(found.length_ms, delivered.length_ms);
            differences.extend(length.map(|longer_ms| Difference::Length { longer_ms }));
            found.length_ms.min(delivered.length_ms)
        }
    };
    if let (Some(heard), Some(told)) = (found.code, delivered.code)
        && contradict(heard, told, found.is_confirmed())
    {
        differences.push(Difference::Code { found: heard, delivered: told });
    }
    let verdict = if differences.is_empty() { Verdict::Agreed } else { Verdict::Differs };
    Row {
        delivered: Some(delivered.id),
        delivered_ms: delivered.length_ms,
        both_ms,
        differences,
        ..alone(found, verdict)
    }
}

/// How much later the second is.
fn later(a: u64, b: u64) -> i64 {
    let off = i64::try_from(a.abs_diff(b)).unwrap_or(i64::MAX);
    if b < a { -off } else { off }
}

/// Whether two codes cannot both be right. What nobody confirmed was computed from sound: that cannot tell
/// what is seen, so a sheet may say visual where we say background, but not sung where we say played.
fn contradict(found: UsageCode, delivered: UsageCode, is_confirmed: bool) -> bool {
    if found == delivered {
        return false;
    }
    if is_confirmed {
        return true;
    }
    let sung = |it: UsageCode| match it {
        UsageCode::BackgroundVocal | UsageCode::VisualVocal | UsageCode::FeaturedVocal => {
            Some(true)
        }
        UsageCode::BackgroundInstrumental
        | UsageCode::VisualInstrumental
        | UsageCode::FeaturedInstrumental => Some(false),
        _ => None,
    };
    let is_scene =
        |it: UsageCode| sung(it).is_some() || it.is_background() || it == UsageCode::VisualSource;
    match (sung(found), sung(delivered)) {
        (Some(a), Some(b)) => a != b,
        _ => !(is_scene(found) && is_scene(delivered)),
    }
}

#[cfg(test)]
mod tests;
