//! What was decided, summed up for whoever asked.

use std::collections::BTreeMap;

use ident::PipeId;
use money::{Atoms, Currency};
use period::Month;
use settlement::{Outside, Position, Settlement};
use sha2::{Digest as _, Sha256};
use usage::Cells;

use super::{OutsideSum, RestatedLine, StatementSummary};
use crate::home::hex;
use crate::statements::Issue;

/// SHA-256 over what each account gets and every entry: what is approved.
pub(super) fn digest(statements: &[StatementSummary], outcome: &Settlement) -> String {
    let mut hash = Sha256::new();
    for StatementSummary { account, name, currency, earned, payable } in statements {
        hash.update(format!("{account} {name} {currency} {earned} {payable}\n"));
    }
    for entry in &outcome.entries {
        hash.update(format!("{}\n", entry.id()));
        for it in entry.postings() {
            let (side, amount) = (it.side().as_str(), it.amount());
            hash.update(format!("{} {side} {} {}\n", it.account(), amount.currency, amount.atoms));
        }
    }
    hex(&hash.finalize())
}

/// The restated lines of all statements, what was taken back beside what is there now.
pub(super) fn restated(issue: &Issue<'_>) -> Option<Vec<RestatedLine>> {
    let mut found: BTreeMap<(String, String, Month, String, Currency), RestatedLine> =
        BTreeMap::new();
    for it in issue.restated_lines() {
        let it = it?;
        let used = match it.recording.title.is_empty() {
            true => it.recording.id,
            false => it.recording.title,
        };
        let key = (it.account, it.source.restates, it.month, used, it.currency);
        let of = found.entry(key.clone()).or_insert_with(|| RestatedLine {
            account: key.0,
            settlement: key.1,
            month: key.2,
            used: key.3,
            currency: key.4,
            from: Atoms::ZERO,
            to: Atoms::ZERO,
            because: it.source.because.clone(),
            because_of: it.source.because_of.clone(),
        });
        match it.position {
            Position::Before => of.from = of.from.checked_sub(it.amount)?,
            Position::Open | Position::Now => of.to = of.to.checked_add(it.amount)?,
        }
    }
    Some(found.into_values().collect())
}

/// What brought no money to us, by reason and currency.
pub(super) fn outside(cells: &Cells, outcome: &Settlement) -> Option<Vec<OutsideSum>> {
    let mut sums: BTreeMap<_, (Atoms, Atoms)> = BTreeMap::new();
    for it in &outcome.outside {
        let cell = cells.get(usize::try_from(it.cell).ok()?)?;
        let pipe = match it.reason {
            Outside::PaidBy(at) => Some(&outcome.paid_by.get(usize::try_from(at).ok()?)?.pipe),
            Outside::NoMoney | Outside::NotOurs | Outside::NoLicence => None,
        };
        let key = (pipe, it.reason.as_str(), cell.context.currency);
        let sum = sums.entry(key).or_default();
        sum.0 = sum.0.checked_add(cell.usages)?;
        sum.1 = sum.1.checked_add(cell.amount)?;
    }
    let sum = |((pipe, reason, currency), (usages, amount)): ((Option<&PipeId>, _, _), _)| {
        OutsideSum { reason, pipe: pipe.cloned(), currency, usages, amount }
    };
    Some(sums.into_iter().map(sum).collect())
}
