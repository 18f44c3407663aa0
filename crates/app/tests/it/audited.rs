//! A home's book, held against the auditor: a second opinion on every scenario.

use std::collections::{BTreeMap, BTreeSet};

use app::Home;
use lake::{FileEntry, Filter};
use matching::Matcher;
use money::{Atoms, Currency};
use period::Period;
use settlement::Rulings;
use store::UsageFile;
use testkit::auditor::audit;
use testkit::ledger_differences;
use usage::{Basis, Target};

/// One line for each account or total that is not what the auditor says of all that is settled.
pub(crate) fn differences(home: &Home) -> Vec<String> {
    let settled = home.store.settlements().unwrap();
    let day = |text: &str| period::parse_date(text).unwrap();
    let origins: Vec<Period> = settled
        .iter()
        .map(|it| Period::new(day(&it.first_day), day(&it.end_day)).unwrap())
        .collect();
    let catalogue = home.store.catalogue().unwrap();
    let audit = audit(&catalogue, &rulings(home, &catalogue), &origins, &cells(home, &catalogue));
    let mut totals: BTreeMap<(Currency, String), Atoms> = BTreeMap::new();
    for (key, amount) in settled.iter().flat_map(|it| &it.totals) {
        add(totals.entry(key.clone()).or_default(), *amount);
    }
    ledger_differences(&audit, &due(home), &totals)
}

/// Credits less debits of each account by what was settled; what was paid out or came back is no
/// settlement's.
fn due(home: &Home) -> BTreeMap<(String, Currency), Atoms> {
    let mut due: BTreeMap<(String, Currency), Atoms> = BTreeMap::new();
    for settled in home.store.settlements().unwrap() {
        let entries = home.store.entries_of(&settled.id).unwrap();
        for posting in entries.values().flatten() {
            let key = (posting.account().to_string(), posting.amount().currency);
            let atoms = posting.amount().atoms;
            let credit = match posting.side().as_str() {
                "credit" => atoms,
                _ => atoms.checked_neg().unwrap(),
            };
            add(due.entry(key).or_default(), credit);
        }
    }
    due
}

/// The usage of all settled reports, as the catalogue ties it now.
fn cells(home: &Home, catalogue: &catalog::Catalog) -> Vec<testkit::Cell> {
    let reports = home.store.reports().unwrap();
    let settled: BTreeSet<&str> =
        reports.iter().filter(|it| it.settlement.is_some()).map(|it| it.id.as_str()).collect();
    let files = home.store.usage_files().unwrap();
    let files: Vec<FileEntry> =
        files.iter().filter(|it| settled.contains(it.report.as_str())).map(entry).collect();
    let matcher = Matcher::new(catalogue);
    testkit::single(
        &home.lake.cells(&files, &Filter::all(), &mut |it| matcher.target(&it)).unwrap(),
    )
}

fn entry(file: &UsageFile) -> FileEntry {
    let hash = |at: usize| u8::from_str_radix(&file.sha256[2 * at..2 * at + 2], 16).unwrap();
    let amount = |((basis, currency), amount): (&(String, String), &Atoms)| {
        ((Basis::parse(basis).unwrap(), Currency::parse(currency).unwrap()), *amount)
    };
    FileEntry {
        path: file.path.clone(),
        report: file.report.clone(),
        month: file.month.parse().unwrap(),
        sender: file.sender.clone(),
        lines: file.lines,
        bytes: file.size_bytes,
        sha256: std::array::from_fn(hash),
        usages: file.usages,
        amounts: file.amounts.iter().map(amount).collect(),
    }
}

/// What is disputed and what has lapsed, told once more from the decisions: a dispute holds the
/// reports that were not settled when it was opened.
fn rulings(home: &Home, catalogue: &catalog::Catalog) -> Rulings {
    let mut open: BTreeMap<String, i64> = BTreeMap::new();
    let mut rulings = Rulings::default();
    for it in home.store.decisions().unwrap() {
        match it.kind.as_str() {
            "dispute" => drop(open.entry(it.subject).or_insert(it.number)),
            "resolve" => drop(open.remove(&it.subject)),
            "lapse" => {
                let month = it.subject.parse().unwrap();
                rulings.lapsed_before = rulings.lapsed_before.max(Some(month));
            }
            _ => {}
        }
    }
    for (id, number) in open {
        let recording = id.parse().ok().filter(|it| catalogue.recordings.contains_key(it));
        let target = match recording {
            Some(it) => Target::Recording(it),
            None => Target::Product(id.parse().unwrap()),
        };
        for report in home.store.reports().unwrap() {
            let settlement = report.settlement.as_ref();
            let known = settlement.map(|it| home.store.decided_until(it).unwrap());
            if known.is_none_or(|it| number <= it) {
                rulings.disputed.insert((report.id, target.clone()));
            }
        }
    }
    rulings
}

fn add(sum: &mut Atoms, more: Atoms) {
    *sum = sum.checked_add(more).unwrap();
}
