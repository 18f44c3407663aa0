//! A settled period, decided once more.

use std::collections::BTreeMap;

use money::Currency;
use store::SettlementRow;

use super::SettleError;
use super::decide::Decided;
use crate::{Home, Progress};

/// How a settlement came out the second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The settlement.
    pub settlement: String,
    /// How many entries it posted, all of them the same now unless they are named below.
    pub entries: usize,
    /// How many statements it issued.
    pub statements: usize,
    /// What is other than it was: entries by id, statements by account and currency.
    pub differences: Vec<String>,
}

/// Decides settled periods once more, and holds the outcome against what was posted.
///
/// Usage, catalogue, decisions and book are those of the time; every posting and every byte of the
/// statements is compared. Nothing is written.
///
/// # Errors
/// [`SettleError`]; a difference is no error, but an answer.
pub fn replay(
    home: &Home,
    settlement: Option<&str>,
    progress: &mut dyn Progress,
) -> Result<Vec<Replayed>, SettleError> {
    let mut rows = home.store.settlements()?;
    rows.retain(|it| settlement.is_none_or(|id| it.id == id));
    if let (Some(id), true) = (settlement, rows.is_empty()) {
        return Err(SettleError::Unknown { settlement: id.to_owned() });
    }
    rows.iter().map(|it| replay_one(home, it, progress)).collect()
}

fn replay_one(
    home: &Home,
    row: &SettlementRow,
    progress: &mut dyn Progress,
) -> Result<Replayed, SettleError> {
    let decided = Decided::again(home, row, progress)?;
    let mut differences = Vec::new();
    let posted = home.store.entries_of(&row.id)?;
    let ours =
        decided.outcome.entries.iter().map(|it| (it.id().to_owned(), it.postings().to_vec()));
    let ours: BTreeMap<_, _> = ours.collect();
    let ids = posted.keys().chain(ours.keys().filter(|it| !posted.contains_key(*it)));
    differences
        .extend(ids.filter(|it| posted.get(*it) != ours.get(*it)).map(|it| format!("entry {it}")));
    let mut issued: BTreeMap<(String, Currency), bool> = home
        .store
        .statements(Some(&row.id))?
        .into_iter()
        .map(|it| ((it.account, it.currency), false))
        .collect();
    let statements = issued.len();
    let input = decided.input();
    let issue = decided.issue(&input).ok_or(SettleError::Overflow)?;
    for it in issue.statements(progress) {
        let it = it?;
        let bytes = home.store.statement_bytes(&row.id, &it.account, it.currency)?;
        let same = bytes.is_some_and(|bytes| bytes == it.canonical);
        issued.insert((it.account, it.currency), same);
    }
    let other = issued.into_iter().filter(|it| !it.1);
    differences
        .extend(other.map(|((account, currency), _)| format!("statement {account} {currency}")));
    let (settlement, entries) = (row.id.clone(), posted.len());
    Ok(Replayed { settlement, entries, statements, differences })
}
