//! Where a settlement and the auditor differ.

use std::collections::{BTreeMap, BTreeSet};

use money::{Atoms, Currency};
use num_bigint::BigInt;
use num_rational::BigRational;
use settlement::{
    ClaimKind, Input, Measure, Outside, Position, Rounded, SettledCell, Settlement, Totals,
};
use usage::{Cell, CellKey};

use crate::auditor::{Audit, Piece, Share, Verdict, audit, rational};
use crate::single;

/// Audits a first settlement and returns one line for each difference; none if both agree to the
/// atom.
#[must_use]
pub fn differences(input: &Input<'_>, outcome: &Settlement) -> Vec<String> {
    let audit = audit(input.catalog, input.rulings, input.origins, &single(input.cells));
    let mut lines = cell_differences(&audit, input, outcome);
    let (mut book, mut totals) = (Book::new(), TotalSums::new());
    add(&mut book, &mut totals, outcome);
    lines.extend(book_differences(&audit, &book, &totals));
    lines
}

/// Says where a book is not what it has to be: `due` holds credits less debits of each account without
/// what was paid out, `totals` the sums of all settlements by category.
#[must_use]
pub fn ledger_differences(
    audit: &Audit,
    due: &BTreeMap<(String, Currency), Atoms>,
    totals: &BTreeMap<(Currency, String), Atoms>,
) -> Vec<String> {
    let name = |a: &dyn std::fmt::Display, b: &dyn std::fmt::Display| format!("{a} {b}");
    let due = due.iter().map(|((account, it), sum)| (name(it, account), sum.raw().into()));
    let totals = totals.iter().map(|((it, category), sum)| (name(it, category), sum.raw().into()));
    book_differences(audit, &due.collect(), &totals.collect())
}

/// Credits less debits of accounts by currency, in their text form.
pub(crate) type Book = BTreeMap<String, BigInt>;

/// Totals by currency and category.
pub(crate) type TotalSums = BTreeMap<String, BigInt>;

/// Adds what a settlement posts.
pub(crate) fn add(book: &mut Book, totals: &mut TotalSums, outcome: &Settlement) {
    for it in outcome.entries.iter().flat_map(|entry| entry.postings()) {
        let atoms = BigInt::from(it.amount().atoms.raw());
        let sum = book.entry(format!("{} {}", it.amount().currency, it.account())).or_default();
        *sum += if it.side().as_str() == "credit" { atoms } else { -atoms };
    }
    for (name, sum) in outcome.totals.iter().flat_map(categories) {
        *totals.entry(name).or_default() += sum;
    }
}

/// Where all that was posted, from the first settlement to the last, is not what it has to be.
pub(crate) fn book_differences(audit: &Audit, book: &Book, totals: &TotalSums) -> Vec<String> {
    let mut lines = Vec::new();
    let name = |(it, category): &(Currency, &str)| format!("{it} {category}");
    let audited = audit.totals.iter().map(|(key, sum)| (name(key), sum.clone()));
    compare("total", &texts(audited), &texts(totals.clone()), &mut lines);
    let due = audit.due.iter().map(|((account, it), sum)| (format!("{it} {account}"), sum.clone()));
    compare("account", &texts(due), &texts(book.clone()), &mut lines);
    lines
}

/// Where cells are not divided as they have to be; those that are divided as before are not told
/// again.
pub(crate) fn cell_differences(
    audit: &Audit,
    input: &Input<'_>,
    outcome: &Settlement,
) -> Vec<String> {
    let mut decided: BTreeMap<CellKey, String> = BTreeMap::new();
    let key =
        |position, at| input.cell(position, at).expect("a cell that was settled is there").key();
    let mut outside: BTreeMap<CellKey, BTreeSet<String>> = BTreeMap::new();
    for it in &outcome.outside {
        let reason = match it.reason {
            Outside::NoMoney => "no-money".to_owned(),
            Outside::NotOurs => "not-ours".to_owned(),
            Outside::NoLicence => "no-licence".to_owned(),
            Outside::PaidBy(at) => {
                let at = usize::try_from(at).expect("a place in memory");
                format!("paid-by {}", outcome.paid_by[at].pipe)
            }
        };
        let told = outside.entry(key(Position::Open, it.cell)).or_default();
        assert!(told.insert(reason), "one thing is told twice of a cell");
    }
    for (key, reasons) in outside {
        decided.insert(key, reasons.into_iter().map(|it| it + "\n").collect());
    }
    for it in outcome.settled.iter().filter(|it| it.position != Position::Before) {
        let cell = input.cell(it.position, it.cell).expect("a cell that was settled is there");
        *decided.entry(cell.key()).or_default() += &settled(outcome, &cell, it);
    }
    let open: BTreeSet<CellKey> = input.cells.iter().map(|it| it.key()).collect();
    let audited = audit
        .cells
        .iter()
        .filter(|(key, _)| open.contains(*key) || decided.contains_key(*key))
        .map(|(key, verdict)| (key.clone(), told(verdict, open.contains(key))));
    let mut lines = Vec::new();
    compare("cell", &audited.collect(), &decided, &mut lines);
    lines
}

/// A verdict in words; of what was settled before, what is outside is not told again.
fn told(verdict: &Verdict, is_open: bool) -> String {
    let share = |it: &Share| {
        let rounded = match it.exact.trunc().to_integer() {
            _ if it.exact.is_integer() => "exact",
            towards_zero if towards_zero == it.atoms => "down",
            _ => "up",
        };
        format!("; {} {} {} {} {rounded}", it.account, it.term, it.exact, it.atoms)
    };
    let piece = |it: &Piece| {
        let shares: String = it.shares.iter().map(share).collect();
        let exchanged =
            it.exchanged_to.map_or_else(String::new, |to| format!(" = {to} {}", it.divided));
        format!("{} used, {}{exchanged}{shares}\n", it.usages, it.received)
    };
    let outside = verdict.outside.iter().filter(|_| is_open).map(|it| it.clone() + "\n");
    outside.chain(verdict.pieces.iter().map(piece)).collect()
}

fn settled(outcome: &Settlement, cell: &Cell<'_>, it: &SettledCell) -> String {
    let plan = outcome.plan(it).expect("a plan is kept for every cell");
    let exchange = outcome.route(it).and_then(|it| it.exchange.as_ref());
    let it = outcome.divided(cell, it).expect("what was settled can be divided");
    let mut text = format!("{} used, {}", it.usages.raw(), it.received.raw());
    if let Some(exchange) = exchange {
        text += &format!(" = {} {}", exchange.to, it.divided.raw());
    }
    for (at, claim) in plan.claims.iter().enumerate() {
        let measured = match (claim.measure, claim.kind) {
            (Measure::Received, _) => it.divided.raw(),
            (Measure::Price, ClaimKind::PriceBorne) => -it.published.raw(),
            (Measure::Price, _) => it.published.raw(),
        };
        let exact = rational(claim.fraction) * BigRational::from_integer(measured.into());
        let term = claim.term.as_ref().map_or("", |it| it.as_str());
        let rounded = match it.rounded(plan, at) {
            Some(Rounded::Exact) => "exact",
            Some(Rounded::Down) => "down",
            Some(Rounded::Up) => "up",
            None => "nothing",
        };
        let atoms = it.amounts.get(at).map_or(0, |it| it.raw());
        text += &format!("; {} {term} {exact} {atoms} {rounded}", claim.account);
    }
    text + "\n"
}

fn categories((currency, it): (&Currency, &Totals)) -> [(String, BigInt); 6] {
    [
        ("received", it.received),
        ("exchanged", it.exchanged),
        ("payees", it.payees),
        ("fees", it.fees),
        ("retained", it.retained),
        ("suspense", it.suspense),
    ]
    .map(|(category, sum)| (format!("{currency} {category}"), sum.raw().into()))
}

/// Sums that are not zero, as texts.
fn texts(all: impl IntoIterator<Item = (String, BigInt)>) -> BTreeMap<String, String> {
    let nothing = BigInt::default();
    let kept = all.into_iter().filter(|(_, sum)| *sum != nothing);
    kept.map(|(name, sum)| (name, sum.to_string())).collect()
}

fn compare<K: Ord + std::fmt::Debug>(
    what: &str,
    audited: &BTreeMap<K, String>,
    settled: &BTreeMap<K, String>,
    lines: &mut Vec<String>,
) {
    let keys: BTreeSet<&K> = audited.keys().chain(settled.keys()).collect();
    for key in keys {
        let [a, b] = [audited, settled].map(|it| it.get(key).map_or("nothing", String::as_str));
        if a != b {
            lines.push(format!("{what} {key:?}: audited {a}, settled {b}"));
        }
    }
}
