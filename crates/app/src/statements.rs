//! From a settlement to one statement for each account and currency.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Base, Catalog, Payees, Term};
use ident::{AgreementId, TermId};
use ledger::{Account, TrialBalance};
use money::{Atoms, Currency, Ratio};
use period::Period;
use settlement::{
    Claim, ClaimKind, Input, MovementKey, Plan, Position, Rounded, SettledCell, Settlement, Step,
};
use statement::{
    AmountLine, ContextNote, MovementNote, OpenNote, Places, RecordingNote, SourceNote,
    StatementBuilder, Subject, TermNote,
};
use store::{ReportRow, SentPayment, StatementToPost};
use usage::{Cell, CellKey, Target};

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
            let at = match builders.claims.get(&key) {
                Some(at) => *at,
                None => {
                    let at = builders
                        .place(&claim.account, currency, || begin(&claim.account, currency));
                    builders.claims.insert(key, at);
                    at
                }
            };
            let builder = builders.list.get_mut(at)?;
            add_line(builder, &numbers, places, cell, plan, it, index)?;
        }
    }
    // A statement is issued to everybody with a balance or a movement, also at zero.
    let open = book.iter().map(|(account, currency, _)| (account.clone(), currency));
    let moved = outcome.movements.keys();
    let moved =
        moved.flat_map(|it| [&it.from, &it.to].map(|account| (account.clone(), it.currency)));
    for (account, currency) in
        open.chain(moved).flat_map(|it| [Some(it.clone()), holder(it)]).flatten()
    {
        if has_statement(&account) {
            builders.place(&account, currency, || begin(&account, currency));
        }
    }
    let Builders { places, list, .. } = builders;
    let mut list: Vec<Option<StatementBuilder>> = list.into_iter().map(Some).collect();
    let notes = Movements::new(outcome, book);
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

/// What was paid since the last statements, as each payee sees it.
fn paid_notes(paid: &[SentPayment]) -> BTreeMap<(Account, Currency), Vec<MovementNote>> {
    let mut notes: BTreeMap<(Account, Currency), Vec<MovementNote>> = BTreeMap::new();
    for SentPayment { batch, day, payment } in paid {
        let key = (payment.account.clone(), payment.payout.gross.currency);
        let parts = payment.payout.parts().into_iter().map(|it| MovementNote {
            agreement: String::new(),
            amount: it.amount,
            kind: it.kind.to_owned(),
            origin: day.clone(),
            other: it.other.to_string(),
            reference: match it.words.is_empty() {
                true => batch.clone(),
                false => format!("{batch}: {}", it.words),
            },
        });
        notes.entry(key).or_default().extend(parts);
    }
    notes
}

/// Whether an account is somebody's, not only a place in the book.
const fn has_statement(account: &Account) -> bool {
    match account {
        Account::Payee(_) | Account::Fee(_) | Account::Retained | Account::Suspense(_) => true,
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
fn holder((account, currency): (Account, Currency)) -> Option<(Account, Currency)> {
    Some((open_for(&account)?, currency))
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

/// Restated lines that come out as they were: they are in nobody's statement.
struct Standing<'a> {
    /// How often the same line is taken back and given anew, and may still be left out.
    lines: BTreeMap<(Position, LineKey<'a>), usize>,
}

/// What makes two lines of a cell the same.
type LineKey<'a> = (&'a CellKey, &'a Account, Option<&'a TermId>, [Ratio; 2], [Atoms; 2]);

impl<'a> Standing<'a> {
    fn new(input: &'a Input<'a>, outcome: &'a Settlement) -> Self {
        let mut found: BTreeMap<LineKey<'_>, [usize; 2]> = BTreeMap::new();
        for it in outcome.settled.iter().filter(|it| it.position != Position::Open) {
            let (Some(cell), Some(plan)) =
                (input.cell(it.position, it.cell), outcome.plans.get(it.plan))
            else {
                continue;
            };
            for (index, claim) in plan.claims.iter().enumerate() {
                if let Some(key) = line_key(cell, it, claim, index) {
                    let [before, now] = found.entry(key).or_default();
                    *(if it.position == Position::Before { before } else { now }) += 1;
                }
            }
        }
        let lines = found.into_iter().flat_map(|(key, [before, now])| {
            let both = before.min(now);
            [((Position::Before, key), both), ((Position::Now, key), both)]
        });
        Self { lines: lines.filter(|it| it.1 > 0).collect() }
    }

    fn leave_out(
        &mut self,
        cell: &'a Cell,
        settled: &'a SettledCell,
        claim: &'a Claim,
        index: usize,
    ) -> bool {
        if settled.position == Position::Open || self.lines.is_empty() {
            return false;
        }
        let left = line_key(cell, settled, claim, index)
            .and_then(|key| self.lines.get_mut(&(settled.position, key)))
            .filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    }
}

fn line_key<'a>(
    cell: &'a Cell,
    settled: &'a SettledCell,
    claim: &'a Claim,
    index: usize,
) -> Option<LineKey<'a>> {
    let amounts = [settled.received, *settled.amounts.get(index)?];
    let [Some(received), Some(amount)] = (match settled.position {
        Position::Before => amounts.map(Atoms::checked_neg),
        Position::Open | Position::Now => amounts.map(Some),
    }) else {
        return None;
    };
    let term = claim.term.as_ref();
    Some((&cell.key, &claim.account, term, [claim.rate, claim.of], [received, amount]))
}

/// Gives equal sources, recordings and contexts equal numbers.
struct Numbers<'a> {
    input: &'a Input<'a>,
    reports: BTreeMap<&'a str, &'a ReportRow>,
    restated: BTreeMap<&'a CellKey, [bool; 2]>,
    sources: BTreeMap<SourceKey<'a>, usize>,
    recordings: BTreeMap<&'a Target, usize>,
    contexts: BTreeMap<(&'a str, &'a str, &'a str, period::Month), usize>,
}

impl<'a> Numbers<'a> {
    fn new(input: &'a Input<'a>, reports: &'a [ReportRow]) -> Self {
        let mut restated: BTreeMap<&CellKey, [bool; 2]> = BTreeMap::new();
        if let Some(it) = &input.past.restated {
            it.before.iter().for_each(|it| restated.entry(&it.key).or_default()[0] = true);
            it.now.iter().for_each(|it| restated.entry(&it.key).or_default()[1] = true);
        }
        Self {
            input,
            reports: reports.iter().map(|it| (it.id.as_str(), it)).collect(),
            restated,
            sources: BTreeMap::new(),
            recordings: BTreeMap::new(),
            contexts: BTreeMap::new(),
        }
    }

    fn places(&mut self, cell: &'a Cell, settled: &'a SettledCell) -> Places {
        let key = &cell.key;
        let licence = settled.licence.as_ref().map_or("", |it| it.0.as_str());
        let source = SourceKey {
            position: settled.position,
            texts: [&key.report, &key.service, key.basis.as_str(), licence],
            cause: (settled.position != Position::Open).then_some((settled.plan, key)),
        };
        let context = (
            key.territory.as_str(),
            key.use_type.as_str(),
            key.commercial_model.as_str(),
            key.month,
        );
        Places {
            source: number(&mut self.sources, source),
            recording: number(&mut self.recordings, &key.target),
            context: number(&mut self.contexts, context),
            term: 0,
        }
    }

    fn source(&self, cell: &Cell, settled: &SettledCell, plan: &Plan) -> SourceNote {
        let key = &cell.key;
        let report = self.reports.get(key.report.as_str());
        let restates = report.and_then(|it| it.settlement.clone());
        let restates = restates.filter(|_| settled.position != Position::Open);
        let (licence, licence_rate) = match &settled.licence {
            Some((id, rate)) => (id.to_string(), *rate),
            None => (String::new(), Ratio::ONE),
        };
        SourceNote {
            basis: key.basis.as_str().to_owned(),
            because: match restates {
                None => String::new(),
                Some(_) => self.because(key, settled, plan),
            },
            is_taken_back: settled.position == Position::Before,
            licence,
            licence_rate,
            message_id: report.map_or_else(String::new, |it| it.message_id.clone()),
            report: key.report.clone(),
            restates: restates.unwrap_or_default(),
            sender: key.sender.clone(),
            service: key.service.clone(),
            sha256: report.map_or_else(String::new, |it| it.sha256.clone()),
        }
    }
}

impl Numbers<'_> {
    /// Why a line is restated.
    fn because(&self, key: &CellKey, settled: &SettledCell, plan: &Plan) -> String {
        if self.restated.get(key) != Some(&[true, true]) {
            return "the usage is matched otherwise".to_owned();
        }
        let Some(restated) = &self.input.past.restated else { return String::new() };
        let (before, now) = (&restated.catalog, self.input.catalog);
        let id = |it: &AgreementId| before.agreements.get(it) != now.agreements.get(it);
        if let Some(agreement) = plan.agreement.as_ref().filter(|it| id(it)) {
            return format!("agreement {agreement} changed");
        }
        if let Some((licence, _)) = &settled.licence
            && before.licences.get(licence) != now.licences.get(licence)
        {
            return format!("licence {licence} changed");
        }
        let has_ladder = |it: &catalog::Agreement| it.terms.iter().any(|t| t.ladder.is_some());
        let of_plan = plan.agreement.as_ref().and_then(|it| now.agreements.get(it));
        match of_plan.is_some_and(has_ladder) {
            true => format!("more was sold in {}, or before, than was known", key.month),
            false => "the catalogue changed".to_owned(),
        }
    }
}

/// What equal sources have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SourceKey<'a> {
    position: Position,
    texts: [&'a str; 4],
    /// Of restated lines the plan and the cell: they may have different reasons.
    cause: Option<(usize, &'a CellKey)>,
}

fn number<K: Ord>(numbers: &mut BTreeMap<K, usize>, key: K) -> usize {
    let next = numbers.len();
    *numbers.entry(key).or_insert(next)
}

fn recording_note(catalogue: &Catalog, target: &Target) -> RecordingNote {
    match target {
        Target::Unmatched { isrc, title, artist, .. } => RecordingNote {
            artist: artist.clone(),
            id: String::new(),
            isrc: isrc.clone(),
            title: title.clone(),
        },
        Target::Product(id) => {
            let known = catalogue.products.get(id);
            let title = known.and_then(|it| it.titles.get("en").or(it.titles.values().next()));
            let party = known.and_then(|it| it.parties.first());
            RecordingNote {
                artist: party.map_or_else(String::new, |it| party_name(catalogue, it)),
                id: id.to_string(),
                isrc: String::new(),
                title: title.cloned().unwrap_or_default(),
            }
        }
        Target::Recording(id) => {
            let known = catalogue.recordings.get(id);
            let title = known.and_then(|it| it.titles.get("en").or(it.titles.values().next()));
            let isrc = known.and_then(|it| it.isrcs.first());
            RecordingNote {
                artist: known.map_or_else(String::new, |it| it.artist.clone()),
                id: id.to_string(),
                isrc: isrc.map_or_else(String::new, ToString::to_string),
                title: title.cloned().unwrap_or_default(),
            }
        }
    }
}

fn term_note(catalogue: &Catalog, plan: &Plan, claim: &Claim) -> TermNote {
    let agreement = plan.agreement.as_ref().and_then(|it| catalogue.agreements.get(it));
    let term = claim.term.as_ref();
    let term = agreement.and_then(|it| it.terms.iter().find(|t| Some(&t.id) == term));
    TermNote {
        agreement: plan.agreement.as_ref().map_or_else(String::new, ToString::to_string),
        fraction: claim.fraction,
        kind: claim.kind.as_str().to_owned(),
        of: claim.of,
        rate: claim.rate,
        term: claim.term.as_ref().map_or_else(String::new, ToString::to_string),
        words: term_words(claim, term),
    }
}

/// A term in words.
fn term_words(claim: &Claim, term: Option<&Term>) -> String {
    let rate = claim.rate.printed();
    let of = match claim.of == Ratio::ONE {
        true => String::new(),
        false => format!(", {} of what was received", claim.of.printed()),
    };
    let base = match term.map(|it| &it.base) {
        Some(Base::Net) => "what is left after deductions".to_owned(),
        Some(Base::NetOfFees) => "what is left after fees".to_owned(),
        Some(Base::Rest) => "what is left at this place".to_owned(),
        Some(Base::Term(id)) => format!("what {id} has"),
        Some(Base::Gross | Base::Left) | None => "what was received".to_owned(),
    };
    let mut words = match claim.kind {
        ClaimKind::Deduction => format!("deduction of {rate} from {base}{of}"),
        ClaimKind::Fee if claim.of == Ratio::ONE => format!("fee of {rate} off the top"),
        ClaimKind::Fee => format!("fee of {rate} on {base}{of}"),
        ClaimKind::RoyaltyRate => format!("royalty of {rate} on {base}{of}"),
        ClaimKind::ProfitShare => {
            format!("share of {rate} in what is left after fees and royalties{of}")
        }
        ClaimKind::Retained => return "what no term gives away".to_owned(),
        ClaimKind::Suspense => return "waits until it is known whom it is due to".to_owned(),
    };
    let Some(term) = term else { return words };
    if let Some(source) = &term.out_of {
        words.push_str(&format!(", taken out of {source}"));
    }
    match &term.payees {
        Payees::Among(all) => words.push_str(&format!(", divided among {}", all.len())),
        Payees::Role(role) => words.push_str(&format!(", divided among those in the role {role}")),
        Payees::Operator | Payees::One(_) => {}
    }
    words
}

/// A movement as one of its accounts sees it: what it gets, and from whom.
type Moved<'a> = (&'a MovementKey, Atoms, &'a Account);

/// The movements of a settlement by account, and what they leave open.
struct Movements<'a> {
    outcome: &'a Settlement,
    book: &'a TrialBalance,
    /// What each account debits and credits, beside what it earned.
    by_account: BTreeMap<(&'a Account, Currency), Vec<Moved<'a>>>,
    /// Places in the book that are open for somebody.
    open: BTreeMap<(Account, Currency), BTreeSet<Account>>,
}

impl<'a> Movements<'a> {
    fn new(outcome: &'a Settlement, book: &'a TrialBalance) -> Self {
        let mut it = Self { outcome, book, by_account: BTreeMap::new(), open: BTreeMap::new() };
        for (key, amount) in &outcome.movements {
            let back = amount.checked_neg().unwrap_or_default();
            for (account, amount, other) in
                [(&key.from, back, &key.to), (&key.to, *amount, &key.from)]
            {
                let of = it.by_account.entry((account, key.currency)).or_default();
                of.push((key, amount, other));
                it.note_open(account, key.currency);
            }
        }
        for (account, currency, balance) in book.iter() {
            if balance.due().is_none_or(|it| !it.is_zero()) {
                it.note_open(account, currency);
            }
        }
        it
    }

    fn note_open(&mut self, account: &Account, currency: Currency) {
        if let Some(whose) = open_for(account) {
            self.open.entry((whose, currency)).or_default().insert(account.clone());
        }
    }

    fn moved(&self, account: &'a Account, currency: Currency, paid: bool) -> Option<Atoms> {
        let of = self.by_account.get(&(account, currency)).map_or(&[][..], Vec::as_slice);
        let of = of.iter().filter(|it| (it.0.step == Step::Paid) == paid);
        Atoms::checked_sum(of.map(|it| it.1))
    }

    /// The movements of an account.
    fn of(&self, account: &Account, currency: Currency) -> Option<Vec<MovementNote>> {
        let found = self.by_account.iter().find(|it| *it.0 == (account, currency));
        let note = |(key, amount, other): &Moved<'_>| MovementNote {
            agreement: key.agreement.as_ref().map_or_else(String::new, ToString::to_string),
            amount: *amount,
            kind: key.step.as_str().to_owned(),
            origin: key.origin.to_string(),
            other: other.to_string(),
            reference: key.reference.clone(),
        };
        Some(found.map_or_else(Vec::new, |it| it.1.iter().map(note).collect()))
    }

    /// What is open for an account, in the order of the places; what is owed to us stands as a debit.
    fn open(&self, account: &Account, currency: Currency) -> Option<Vec<OpenNote>> {
        let Some(places) = self.open.get(&(account.clone(), currency)) else {
            return Some(Vec::new());
        };
        let note = |place: &Account| {
            let due = self.book.balance(place, currency).due()?;
            let key = self.outcome.movements.keys().flat_map(|it| [&it.from, &it.to]);
            let place_of = key.into_iter().find(|it| *it == place);
            let sum =
                |paid| place_of.map_or(Some(Atoms::ZERO), |it| self.moved(it, currency, paid));
            let (opening, closing) = (due.checked_add(sum(true)?)?, sum(false)?);
            let closing = opening.checked_add(closing)?;
            let [opening, closing] = match place {
                Account::Reserve { .. } => [Some(opening), Some(closing)],
                _ => [opening.checked_neg(), closing.checked_neg()],
            };
            Some(OpenNote { account: place.to_string(), closing: closing?, opening: opening? })
        };
        places.iter().map(note).collect()
    }
}

/// For whom a place in the book is open, and stands in a statement.
fn open_for(account: &Account) -> Option<Account> {
    match account {
        Account::Advance { payee, .. } | Account::Guarantee { payee, .. } => {
            Some(Account::Payee(payee.clone()))
        }
        Account::Reserve { holder, .. } => Some(Account::clone(holder)),
        _ => None,
    }
}

fn account_name(account: &Account, catalogue: &Catalog, operator: &str) -> String {
    match account {
        Account::Payee(party) | Account::Fee(party) => party_name(catalogue, party),
        Account::Retained => operator.to_owned(),
        Account::Suspense(reason) => suspense_words(*reason).to_owned(),
        _ => account.to_string(),
    }
}
