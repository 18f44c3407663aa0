//! A share taken apart.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Recording;
use money::{Atoms, Ratio};
use period::Month;
use usage::{Cells, Target};

use crate::share::{Side, ratio};
use crate::{Question, Share, ShareError, share};

/// One part of the numerator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Production id or display artist; empty for recordings that are in the repertoire by list only.
    pub key: String,
    /// What was measured for it.
    pub numerator: Atoms,
    /// Its share of the whole denominator; `None` as for [`Share::lower`].
    pub share: Option<Ratio>,
    /// Lines counted.
    pub lines: u64,
}

/// The share of each month that has cells, in order of time.
///
/// # Errors
/// [`ShareError`]: a sum does not fit.
pub fn by_month(cells: &Cells, question: &Question<'_>) -> Result<Vec<(Month, Share)>, ShareError> {
    let months: BTreeSet<Month> =
        question.counted(cells).map(|(cell, ..)| cell.context.month).collect();
    let of = |month: Month| {
        let question = Question { period: month.period(), ..question.clone() };
        share(cells, &question).map(|share| (month, share))
    };
    months.into_iter().map(of).collect()
}

/// The numerator by production, the largest first. A recording linked to several counts for the
/// first of its links that the repertoire admits.
///
/// # Errors
/// [`ShareError`]: a sum does not fit.
pub fn by_production(cells: &Cells, question: &Question<'_>) -> Result<Vec<Part>, ShareError> {
    parts(cells, question, |recording| {
        let mut links = recording.productions.iter().map(|link| &link.production);
        let admitted = links.find(|id| {
            let production = question.catalog.productions.get(*id);
            production.is_some_and(|production| question.repertoire.admits(production))
        });
        admitted.map(ToString::to_string).unwrap_or_default()
    })
}

/// The numerator by display artist, the largest first.
///
/// # Errors
/// [`ShareError`]: a sum does not fit.
pub fn by_artist(cells: &Cells, question: &Question<'_>) -> Result<Vec<Part>, ShareError> {
    parts(cells, question, |recording| recording.artist.clone())
}

fn parts(
    cells: &Cells,
    question: &Question<'_>,
    key_of: impl Fn(&Recording) -> String,
) -> Result<Vec<Part>, ShareError> {
    let whole = share(cells, question)?.denominator;
    let mut sums: BTreeMap<String, (Atoms, u64)> = BTreeMap::new();
    for (cell, measured, side) in question.counted(cells) {
        let Target::Recording(id) = cell.target else { continue };
        if side != Side::Within {
            continue;
        }
        let key = question.catalog.recordings.get(id).map(&key_of).unwrap_or_default();
        let (sum, lines) = sums.entry(key).or_default();
        *sum = sum.checked_add(measured).ok_or(ShareError::Overflow)?;
        *lines = lines.saturating_add(cell.lines);
    }
    let part =
        |(key, (numerator, lines))| Part { key, numerator, share: ratio(numerator, whole), lines };
    let mut parts: Vec<Part> = sums.into_iter().map(part).collect();
    parts.sort_by(|a, b| b.numerator.cmp(&a.numerator).then_with(|| a.key.cmp(&b.key)));
    Ok(parts)
}
