//! What waits: money that was settled into suspense, and usage that no recording matches yet.

use std::collections::BTreeMap;

use lake::LakeError;
use matching::{Evidence, Matcher};
use money::{Atoms, Currency};
use period::Month;
use statement::{LineNotes, RecordingNote, Statement, StatementError};
use store::{ReportState, StoreError};
use usage::{Basis, Target};

use crate::Home;
use crate::home::manifest;

/// What waits for one recording, as the reports name it, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Why: `unmatched`, `no-agreement` and so on.
    pub reason: String,
    /// The settlement that put it into suspense; none if it is not settled yet.
    pub settlement: Option<String>,
    /// The oldest month of use.
    pub since: Month,
    /// The ISRC as received.
    pub isrc: String,
    /// The title as received, or the catalogue's.
    pub title: String,
    /// The artist as received, or the catalogue's.
    pub artist: String,
    /// The currency, none for usage without money.
    pub currency: Option<Currency>,
    /// Money received that waits; zero where the amount is the service's revenue.
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
    /// A statement in the book cannot be read back.
    #[error("a statement in the book cannot be read back")]
    Statement(#[from] StatementError),
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    Overflow,
}

/// Lists what waits, money first, then usages, largest first; with `money`, only what holds money.
///
/// # Errors
/// [`SuspenseError`].
pub fn waiting(home: &Home, money: bool) -> Result<Vec<Waiting>, SuspenseError> {
    let mut list = settled(home)?;
    list.extend(unsettled(home)?);
    list.retain(|it| !money || !it.received.is_zero());
    list.sort_by_key(|it| std::cmp::Reverse((it.received, it.usages)));
    Ok(list)
}

/// What stands in the book's suspense accounts, from their statements.
fn settled(home: &Home) -> Result<Vec<Waiting>, SuspenseError> {
    let mut sums: BTreeMap<(String, String, RecordingNote, Currency), Waiting> = BTreeMap::new();
    for row in home.store.statements(None)? {
        let Some(reason) = row.account.strip_prefix("suspense:") else { continue };
        let bytes = home.store.statement_bytes(&row.settlement, &row.account, row.currency)?;
        let statement = Statement::parse(&bytes.unwrap_or_default())?;
        for line in &statement.lines {
            let Some(notes) = statement.notes(line) else { continue };
            let LineNotes { source, recording, context, .. } = notes;
            let Ok(since) = Month::parse(&context.month) else { continue };
            // What was restated stands where it was settled first.
            let settlement = match source.restates.is_empty() {
                true => row.settlement.clone(),
                false => source.restates.clone(),
            };
            let key = (settlement.clone(), reason.to_owned(), recording.clone(), row.currency);
            let sum = sums.entry(key).or_insert_with(|| Waiting {
                reason: reason.to_owned(),
                settlement: Some(settlement),
                since,
                isrc: recording.isrc.clone(),
                title: recording.title.clone(),
                artist: recording.artist.clone(),
                currency: Some(row.currency),
                received: Atoms::ZERO,
                usages: Atoms::ZERO,
                lines: 0,
                candidates: Vec::new(),
            });
            sum.since = sum.since.min(since);
            let lines = if line.usages.is_negative() { 0 } else { line.report_lines };
            add(sum, line.amount, line.usages, lines)?;
        }
    }
    // What was given out since waits no more.
    sums.retain(|_, it| !(it.received.is_zero() && it.usages.is_zero()));
    Ok(sums.into_values().collect())
}

/// What no recording of the present catalogue matches, in reports that are not settled.
fn unsettled(home: &Home) -> Result<Vec<Waiting>, SuspenseError> {
    let catalogue = home.store.catalogue()?;
    let open: Vec<String> = home
        .store
        .reports()?
        .into_iter()
        .filter(|it| it.state == ReportState::Standing && it.settlement.is_none())
        .map(|it| it.id)
        .collect();
    let files: Vec<_> =
        manifest(&home.store)?.into_iter().filter(|it| open.contains(&it.report)).collect();
    let cells = crate::cells::cells(home, &catalogue, &files)?;
    let matcher = Matcher::new(&catalogue);
    let mut sums: BTreeMap<(Target, Option<Currency>), Waiting> = BTreeMap::new();
    for cell in cells.iter() {
        let Target::Unmatched { isrc, icpn, title, artist } = cell.target else { continue };
        let sum = sums.entry((cell.target.clone(), cell.context.currency)).or_insert_with(|| {
            let identity = usage::Identity { isrc, icpn, title, artist, resource_id: "" };
            let candidates = match matcher.match_(&identity).evidence {
                Evidence::Ambiguous(ids) => ids.iter().map(ToString::to_string).collect(),
                _ => Vec::new(),
            };
            Waiting {
                reason: "unmatched".to_owned(),
                settlement: None,
                since: cell.context.month,
                isrc: isrc.clone(),
                title: title.clone(),
                artist: artist.clone(),
                currency: cell.context.currency,
                received: Atoms::ZERO,
                usages: Atoms::ZERO,
                lines: 0,
                candidates,
            }
        });
        let received = match cell.context.basis {
            Basis::Received => cell.amount,
            Basis::NoMoney | Basis::ServiceNet => Atoms::ZERO,
        };
        sum.since = sum.since.min(cell.context.month);
        add(sum, received, cell.usages, cell.lines)?;
    }
    // What a correction took back to nothing waits for nothing.
    sums.retain(|_, it| !(it.received.is_zero() && it.usages.is_zero()));
    Ok(sums.into_values().collect())
}

fn add(sum: &mut Waiting, money: Atoms, usages: Atoms, lines: u64) -> Result<(), SuspenseError> {
    sum.received = sum.received.checked_add(money).ok_or(SuspenseError::Overflow)?;
    sum.usages = sum.usages.checked_add(usages).ok_or(SuspenseError::Overflow)?;
    sum.lines = sum.lines.saturating_add(lines);
    Ok(())
}
