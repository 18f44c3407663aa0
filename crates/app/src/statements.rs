//! From a settlement to one statement for each account and currency.

mod movements;
mod notes;
mod standing;
mod words;

use std::collections::BTreeMap;

use catalog::Catalog;
use ledger::{Account, TrialBalance};
use money::{Atoms, Currency};
use period::Period;
use settlement::{Input, Plan, Rounded, SettledCell, Settlement};
use statement::{AmountLine, ContextNote, Places, StatementBuilder, Subject};
use store::{ReportRow, SentPayment, StatementToPost};
use usage::Cell;

use self::movements::{Movements, open_for, paid_notes};
use self::notes::{Numbers, recording_note};
use self::standing::Standing;
use self::words::term_note;
use crate::Home;
use crate::home::party_name;
use crate::settle::suspense_words;

/// A statement in the making for each account and currency, found by account or, quicker, by the
/// place of a claim.
#[derive(Default)]
struct Builders {
    places: BTreeMap<(Account, Currency), usize>,
    claims: BTreeMap<(usize, usize, Currency), usize>,
    list: Vec<StatementBuilder>,
}

impl Builders {
    fn place(
        &mut self,
        account: &Account,
        currency: Currency,
        begin: impl FnOnce() -> StatementBuilder,
    ) -> usize {
        *self.places.entry((account.clone(), currency)).or_insert_with(|| {
            self.list.push(begin());
            self.list.len() - 1
        })
    }

    /// Adds the line of every claim of every settled cell.
    fn lines<'a>(
        &mut self,
        input: &'a Input<'a>,
        reports: &'a [ReportRow],
        outcome: &'a Settlement,
        begin: &dyn Fn(&Account, Currency) -> StatementBuilder,
    ) -> Option<()> {
        let mut numbers = Numbers::new(input, reports);
        let mut standing = Standing::new(input, outcome);
        for it in &outcome.settled {
            let (cell, plan) = (input.cell(it.position, it.cell)?, outcome.plans.get(it.plan)?);
            let places = numbers.places(cell, it);
            for (index, claim) in plan.claims.iter().enumerate() {
                if standing.leave_out(cell, it, claim, index) {
                    continue;
                }
                let currency = cell.key.currency?;
                let key = (it.plan, index, currency);
                let at = match self.claims.get(&key) {
                    Some(at) => *at,
                    None => {
                        let at = self
                            .place(&claim.account, currency, || begin(&claim.account, currency));
                        self.claims.insert(key, at);
                        at
                    }
                };
                let builder = self.list.get_mut(at)?;
                add_line(builder, &numbers, places, cell, plan, it, index)?;
            }
        }
        Some(())
    }
}

/// Builds every statement of a settlement; none if a sum leaves the range of amounts.
///
/// Every atom that was received stands in one of them: payees, fees, what is retained and what
/// waits each have their own. `reports` are all that ever came.
pub(crate) fn statements<'a>(
    home: &Home,
    period: Period,
    input: &'a Input<'a>,
    reports: &'a [ReportRow],
    outcome: &'a Settlement,
    book: &TrialBalance,
    paid: &[SentPayment],
) -> Option<Vec<StatementToPost>> {
    let catalogue = input.catalog;
    let begin = |account: &Account, currency: Currency| {
        StatementBuilder::new(Subject {
            account: account.to_string(),
            name: account_name(account, catalogue, &home.config.operator),
            operator: home.config.operator.clone(),
            period: period.to_string(),
            settlement: input.id.to_owned(),
            currency,
        })
    };
    let mut builders = Builders::default();
    builders.lines(input, reports, outcome, &begin)?;
    // A statement is issued to everybody with a balance or a movement, also at zero.
    let open = book.iter().map(|(account, currency, _)| (account.clone(), currency));
    let moved = outcome.movements.keys();
    let moved =
        moved.flat_map(|it| [&it.from, &it.to].map(|account| (account.clone(), it.currency)));
    for (account, currency) in
        open.chain(moved).flat_map(|it| [Some(it.clone()), holder(catalogue, it)]).flatten()
    {
        if has_statement(&account) {
            builders.place(&account, currency, || begin(&account, currency));
        }
    }
    let Builders { places, list, .. } = builders;
    let mut list: Vec<Option<StatementBuilder>> = list.into_iter().map(Some).collect();
    let notes = Movements::new(catalogue, outcome, book);
    let paid = paid_notes(paid);
    let finish = |((account, currency), at): ((Account, Currency), usize)| {
        let mut builder = list.get_mut(at)?.take()?;
        let mut movements = paid.get(&(account.clone(), currency)).cloned().unwrap_or_default();
        // The book has what was paid since; the last statement closed before it.
        let since = Atoms::checked_sum(movements.iter().map(|it| it.amount))?;
        let opening = book.balance(&account, currency).due()?.checked_sub(since)?;
        movements.extend(notes.of(&account, currency)?);
        let party = account.payee().and_then(|it| catalogue.parties.get(it));
        builder.set_minimum(party.map_or(Atoms::ZERO, |it| it.payment.minimum(currency)));
        let statement = builder.finish(opening, movements, notes.open(&account, currency)?)?;
        Some(StatementToPost {
            account: statement.account.clone(),
            currency,
            name: statement.name.clone(),
            earned: statement.balance.earned,
            payable: statement.balance.payable,
            canonical: statement.canonical(),
        })
    };
    places.into_iter().map(finish).collect()
}

/// Whether an account is somebody's, not only a place in the book.
const fn has_statement(account: &Account) -> bool {
    match account {
        Account::Payee(_)
        | Account::PayeeIn(..)
        | Account::Fee(_)
        | Account::Retained
        | Account::Suspense(_) => true,
        Account::Advance { .. }
        | Account::Cash
        | Account::Cost { .. }
        | Account::Guarantee { .. }
        | Account::Received(_)
        | Account::Reserve { .. }
        | Account::Tax(_)
        | Account::Vat(_) => false,
    }
}

/// Whose statement tells of a place in the book.
fn holder(
    catalogue: &Catalog,
    (account, currency): (Account, Currency),
) -> Option<(Account, Currency)> {
    Some((open_for(catalogue, &account)?, currency))
}

fn add_line(
    builder: &mut StatementBuilder,
    numbers: &Numbers<'_>,
    places: Places,
    cell: &Cell,
    plan: &Plan,
    settled: &SettledCell,
    index: usize,
) -> Option<()> {
    let claim = plan.claims.get(index)?;
    let rounded = match settled.rounded(plan, index)? {
        Rounded::Exact => statement::Rounded::Exact,
        Rounded::Down => statement::Rounded::Down,
        Rounded::Up => statement::Rounded::Up,
    };
    builder.line(
        Places { term: settled.plan.checked_mul(1 << 16)?.checked_add(index)?, ..places },
        &AmountLine {
            report_lines: [cell.lines, cell.first_line, cell.last_line],
            usages: settled.usages,
            reported: settled.reported,
            received: settled.received,
            amount: *settled.amounts.get(index)?,
            rounded,
        },
        || numbers.source(cell, settled, plan),
        || recording_note(numbers.input.catalog, &cell.key.target),
        || term_note(numbers.input.catalog, plan, claim),
        || ContextNote {
            commercial_model: cell.key.commercial_model.clone(),
            month: cell.key.month.to_string(),
            territory: cell.key.territory.clone(),
            use_type: cell.key.use_type.clone(),
        },
    );
    Some(())
}

fn account_name(account: &Account, catalogue: &Catalog, operator: &str) -> String {
    match account {
        Account::Payee(party) | Account::Fee(party) => party_name(catalogue, party),
        Account::PayeeIn(pipe, party) => {
            format!("{}, {}", party_name(catalogue, party), pipe.as_str())
        }
        Account::Retained => operator.to_owned(),
        Account::Suspense(reason) => suspense_words(*reason).to_owned(),
        _ => account.to_string(),
    }
}
