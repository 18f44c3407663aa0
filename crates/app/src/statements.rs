//! From a settlement to one statement for each account and currency.

mod lines;
mod movements;
mod notes;
mod outside;
mod standing;
mod words;

use catalog::Catalog;
use ledger::{Account, TrialBalance};
use money::{Atoms, Currency};
use period::Month;
use settlement::{Input, Plan, Position, SettledCell, Settlement};
use statement::{
    BalanceNote, MovementNote, OpenNote, RecordingNote, SourceNote, StatementBuilder, Subject,
};
use store::{ReportRow, SentPayment, StatementToPost, StoreError};
use usage::Cell;

use self::lines::{Lines, add_line};
use self::movements::{Movements, open_for, paid_notes};
use self::notes::{Numbers, recording_note};
use self::outside::Outside;
use self::standing::Standing;
use crate::Progress;
use crate::home::party_name;
use crate::settle::suspense_words;

/// What statements are made of.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    /// Who issues them.
    pub(crate) operator: &'a str,
    pub(crate) input: &'a Input<'a>,
    /// All reports that ever came.
    pub(crate) reports: &'a [ReportRow],
    pub(crate) outcome: &'a Settlement,
    /// The balances before the settlement.
    pub(crate) book: &'a TrialBalance,
    /// What was paid since the statements before.
    pub(crate) paid: &'a [SentPayment],
}

/// Every statement of a settlement, ready to be written down one after the other.
///
/// Every atom that was received stands in one of them: payees, fees, what is retained and what
/// waits each have their own. One is issued to everybody with a balance or a movement, also at zero.
pub(crate) struct Issue<'a> {
    of: Sources<'a>,
    /// In the order of account and currency.
    heads: Vec<Head>,
    outside: Outside<'a>,
}

/// A statement without its lines.
struct Head {
    account: Account,
    currency: Currency,
    name: String,
    minimum: Atoms,
    opening: Atoms,
    movements: Vec<MovementNote>,
    open: Vec<OpenNote>,
    balance: BalanceNote,
}

/// A line that restates what was settled before.
pub(crate) struct RestatedPart {
    pub(crate) account: String,
    pub(crate) position: Position,
    pub(crate) month: Month,
    pub(crate) currency: Currency,
    pub(crate) source: SourceNote,
    pub(crate) recording: RecordingNote,
    pub(crate) amount: Atoms,
}

impl<'a> Issue<'a> {
    /// Works out who gets a statement, and how each balance moves; none if a sum leaves the range of
    /// amounts.
    pub(crate) fn new(of: Sources<'a>) -> Option<Self> {
        let catalogue = of.input.catalog;
        let open = of.book.iter().map(|(account, currency, _)| (account.clone(), currency));
        let moved = of.outcome.movements.keys();
        let moved =
            moved.flat_map(|it| [&it.from, &it.to].map(|account| (account.clone(), it.currency)));
        let mut accounts: Vec<(Account, Currency)> = open
            .chain(moved)
            .flat_map(|it| [Some(it.clone()), holder(catalogue, it)])
            .flatten()
            .chain(of.outcome.accounts.keys().cloned())
            .filter(|it| has_statement(&it.0))
            .collect();
        accounts.sort();
        accounts.dedup();
        let notes = Movements::new(catalogue, of.outcome, of.book);
        let paid = paid_notes(of.paid);
        let head = |key: (Account, Currency)| {
            let mut movements = paid.get(&key).cloned().unwrap_or_default();
            let earned = of.outcome.accounts.get(&key).copied().unwrap_or_default();
            let (account, currency) = key;
            // The book has what was paid since; the last statement closed before it.
            let since = Atoms::checked_sum(movements.iter().map(|it| it.amount))?;
            let opening = of.book.balance(&account, currency).due()?.checked_sub(since)?;
            movements.extend(notes.of(&account, currency)?);
            let moved = Atoms::checked_sum(movements.iter().map(|it| it.amount))?;
            let party = account.payee().and_then(|it| catalogue.parties.get(it));
            let minimum = party.map_or(Atoms::ZERO, |it| it.payment.minimum(currency));
            let balance = BalanceNote::closed(opening, earned, moved, minimum, currency)?;
            let name = account_name(&account, catalogue, of.operator);
            let open = notes.open(&account, currency)?;
            Some(Head { account, currency, name, minimum, opening, movements, open, balance })
        };
        let heads = accounts.into_iter().map(head).collect::<Option<_>>()?;
        Some(Self { heads, outside: Outside::new(of.input, of.outcome)?, of })
    }

    /// Account, currency, name and balance of each statement.
    pub(crate) fn balances(&self) -> impl Iterator<Item = (String, Currency, &str, BalanceNote)> {
        let of = |it: &'_ Head| (it.account.to_string(), it.currency, it.balance);
        self.heads.iter().map(move |it| {
            let (account, currency, balance) = of(it);
            (account, currency, it.name.as_str(), balance)
        })
    }

    /// What distributors paid ahead, with what stood open before and afterwards.
    pub(crate) fn received_ahead(&self) -> impl Iterator<Item = (&OpenNote, Currency)> {
        let of = |head: &'_ Head| head.account == Account::Retained;
        let heads = self.heads.iter().filter(move |it| of(it));
        heads
            .flat_map(|head| head.open.iter().map(|it| (it, head.currency)))
            .filter(|(it, _)| it.account.starts_with("advance-from:"))
    }

    /// The lines that restate what was settled before, and come out otherwise; an item is none if a
    /// sum leaves the range of amounts.
    pub(crate) fn restated_lines(&self) -> impl Iterator<Item = Option<RestatedPart>> {
        let Sources { input, outcome, reports, .. } = self.of;
        let is_restated = |it: &&SettledCell| it.position != Position::Open;
        let mut parts = Vec::new();
        if !outcome.settled.iter().any(|it| is_restated(&it)) {
            return parts.into_iter();
        }
        let numbers = Numbers::new(input, outcome, reports);
        let standing = Standing::new(input, outcome);
        for it in outcome.settled.iter().filter(is_restated) {
            let (Some(cell), Some(plan)) = (input.cell(it.position, it.cell), outcome.plan(it))
            else {
                continue;
            };
            for index in 0..plan.claims.len() {
                if !standing.leave_out(it, index) {
                    parts.push(self.restated_part(&numbers, &cell, it, plan, index));
                }
            }
        }
        parts.into_iter()
    }

    fn restated_part(
        &self,
        numbers: &Numbers<'_>,
        cell: &Cell<'_>,
        settled: &SettledCell,
        plan: &Plan,
        index: usize,
    ) -> Option<RestatedPart> {
        let Sources { input, outcome, .. } = self.of;
        Some(RestatedPart {
            account: plan.claims.get(index)?.account.to_string(),
            position: settled.position,
            month: cell.context.month,
            currency: outcome.currency(cell.context, settled)?,
            source: numbers.source(
                cell,
                settled,
                outcome.route(settled)?,
                plan,
                cell.context.currency?,
            ),
            recording: recording_note(input.catalog, cell.target),
            amount: *outcome.divided(cell, settled).ok()?.amounts.get(index)?,
        })
    }

    /// Writes the statements down, one after the other.
    pub(crate) fn statements(
        &self,
        progress: &mut dyn Progress,
    ) -> impl Iterator<Item = Result<StatementToPost, StoreError>> {
        let keys = self.heads.iter().map(|it| (&it.account, it.currency));
        let mut lines = Lines::new(self.of.input, self.of.outcome, keys);
        let mut numbers = Numbers::new(self.of.input, self.of.outcome, self.of.reports);
        let total = self.heads.len() as u64;
        self.heads.iter().enumerate().map(move |(at, head)| {
            progress.at("writing statements", at as u64, total);
            let statement = self.statement(&mut numbers, head, lines.take(at));
            statement.ok_or_else(|| StoreError::TooLarge { account: head.account.to_string() })
        })
    }

    fn statement(
        &self,
        numbers: &mut Numbers<'a>,
        head: &Head,
        lines: Vec<[u32; 2]>,
    ) -> Option<StatementToPost> {
        let Sources { operator, input, outcome, .. } = self.of;
        let mut builder = StatementBuilder::new(Subject {
            account: head.account.to_string(),
            name: head.name.clone(),
            operator: operator.to_owned(),
            period: input.id.to_owned(),
            settlement: input.id.to_owned(),
            currency: head.currency,
        });
        for [settled, claim] in lines {
            let settled = outcome.settled.get(usize::try_from(settled).ok()?)?;
            add_line(&mut builder, numbers, outcome, settled, usize::try_from(claim).ok()?)?;
        }
        builder.set_minimum(head.minimum);
        builder.set_outside(self.outside.notes(&head.account, head.currency));
        let statement = builder.finish(head.opening, head.movements.clone(), head.open.clone())?;
        Some(StatementToPost {
            account: statement.account.clone(),
            currency: head.currency,
            name: statement.name.clone(),
            earned: statement.balance.earned,
            payable: statement.balance.payable,
            canonical: statement.canonical(),
        })
    }
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
        | Account::AdvanceFrom(_)
        | Account::Cash
        | Account::Cost { .. }
        | Account::Exchange
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
