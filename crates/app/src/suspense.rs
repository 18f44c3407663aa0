//! What waits: the lines that cannot be given to anybody yet, largest first.

use std::collections::BTreeMap;

use lake::LakeError;
use matching::{Evidence, Matcher};
use money::{Atoms, Currency};
use store::{ReportState, StoreError};
use usage::{Basis, Target};

use crate::Home;
use crate::home::manifest;

/// Usage of one unmatched recording, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmatchedUsage {
    /// The ISRC as received.
    pub isrc: String,
    /// The title as received.
    pub title: String,
    /// The artist as received.
    pub artist: String,
    /// The currency, none for usage without money.
    pub currency: Option<Currency>,
    /// Money received that waits in suspense; zero where the amount is the service's revenue.
    pub received: Atoms,
    /// The usages.
    pub usages: Atoms,
    /// The number of report lines.
    pub lines: u64,
    /// Recordings that it might be, if the evidence points at several.
    pub candidates: Vec<String>,
}

/// Why the list cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuspenseError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    Overflow,
}

/// Lists what no recording of the present catalogue matches: money first, then usages, largest
/// first. With `money`, only what waits in suspense.
///
/// # Errors
/// [`SuspenseError`].
pub fn unmatched(home: &Home, money: bool) -> Result<Vec<UnmatchedUsage>, SuspenseError> {
    let catalogue = home.store.catalogue()?;
    let standing: Vec<String> = home
        .store
        .reports()?
        .into_iter()
        .filter(|it| it.state == ReportState::Standing)
        .map(|it| it.id)
        .collect();
    let files: Vec<_> =
        manifest(&home.store)?.into_iter().filter(|it| standing.contains(&it.report)).collect();
    let cells = crate::settle::cells(home, &catalogue, &files)?;
    let matcher = Matcher::new(&catalogue);
    let mut sums: BTreeMap<(Target, Option<Currency>), UnmatchedUsage> = BTreeMap::new();
    for cell in cells {
        let Target::Unmatched { isrc, icpn, title, artist } = &cell.key.target else { continue };
        if money && cell.key.basis != Basis::Received {
            continue;
        }
        let key = (cell.key.target.clone(), cell.key.currency);
        let sum = sums.entry(key).or_insert_with(|| {
            let identity = usage::Identity { isrc, icpn, title, artist, resource_id: "" };
            let candidates = match matcher.match_(&identity).evidence {
                Evidence::Ambiguous(ids) => ids.iter().map(ToString::to_string).collect(),
                _ => Vec::new(),
            };
            UnmatchedUsage {
                isrc: isrc.clone(),
                title: title.clone(),
                artist: artist.clone(),
                currency: cell.key.currency,
                received: Atoms::ZERO,
                usages: Atoms::ZERO,
                lines: 0,
                candidates,
            }
        });
        if cell.key.basis == Basis::Received {
            sum.received = sum.received.checked_add(cell.amount).ok_or(SuspenseError::Overflow)?;
        }
        sum.usages = sum.usages.checked_add(cell.usages).ok_or(SuspenseError::Overflow)?;
        sum.lines = sum.lines.saturating_add(cell.lines);
    }
    let mut list: Vec<UnmatchedUsage> = sums.into_values().collect();
    list.sort_by_key(|it| std::cmp::Reverse((it.received, it.usages)));
    Ok(list)
}
