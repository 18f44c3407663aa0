//! Every folder of `scenarios/`: catalogue and reports in, statements and totals out.
//!
//! `UPDATE_EXPECT=1` writes what came out over what is expected; look at the difference then.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use app::reports::import;
use app::settle::SettleOutcome;
use app::{Silent, catalogue};
use period::Month;
use statement::{Statement, write_csv};

use crate::stage::{NOW, Stage, read_folder, scenarios};

#[test]
fn every_scenario_gives_what_it_expects() {
    let mut folders: Vec<PathBuf> = fs::read_dir(scenarios())
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_dir())
        .collect();
    folders.sort();
    assert!(folders.len() >= 10, "the scenarios are gone: {folders:?}");
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = String::new();
    for folder in folders {
        let got = play(&folder);
        let expected = folder.join("expected");
        if update {
            write(&expected, &got);
        }
        let known = read(&expected);
        for name in known.keys().chain(got.keys()).collect::<std::collections::BTreeSet<_>>() {
            let (known, got) = (known.get(name), got.get(name));
            if known != got {
                let file = expected.join(name);
                let none = "(no such file)".to_owned();
                let (known, got) = (known.unwrap_or(&none), got.unwrap_or(&none));
                let _ =
                    writeln!(wrong, "{}\n--- expected\n{known}\n--- got\n{got}\n", file.display());
            }
        }
    }
    assert!(wrong.is_empty(), "run again with UPDATE_EXPECT=1 if this is right:\n{wrong}");
}

/// Plays a scenario and returns the files that should be in `expected`.
fn play(folder: &Path) -> BTreeMap<String, String> {
    let mut stage = Stage::new();
    let mut totals = String::new();
    let files = read_folder(&folder.join("catalogue"));
    let learned = catalogue::import_files(&mut stage.home, files, false, NOW).unwrap();
    for it in &learned.findings {
        let _ = writeln!(totals, "catalogue: {it}");
    }
    let mut reports: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.file_name().is_some_and(|it| it.to_string_lossy().starts_with("report")))
        .collect();
    reports.sort();
    let outcomes = import(&mut stage.home, &reports, NOW, &mut Silent).unwrap();
    for it in &outcomes {
        let _ = writeln!(
            totals,
            "report {}: {} usage lines, {} quarantined",
            it.report.message_id, it.lines, it.quarantined
        );
        for ((basis, currency), amount) in &it.amounts {
            let _ = writeln!(totals, "  {currency} {amount} {basis}");
        }
        for (rule, count) in &it.counts {
            let _ = writeln!(totals, "  {count} x {rule}");
        }
    }
    let periods = match fs::read_to_string(folder.join("settle.txt")) {
        Ok(text) => text.split_whitespace().map(str::to_owned).collect(),
        Err(_) => {
            let day = period::parse_date(&outcomes[0].report.first_day).unwrap();
            vec![Month::of(day).to_string()]
        }
    };
    let mut expected = BTreeMap::new();
    for period in periods {
        let outcome = stage.settle(&period).unwrap();
        tell(&outcome, &mut totals);
        let statements = stage.statements();
        for ((_, account, currency), bytes) in
            statements.iter().filter(|((settlement, ..), _)| *settlement == outcome.id)
        {
            let statement = Statement::parse(bytes).unwrap();
            statement.check().unwrap();
            tell_statement(&statement, &mut totals);
            let name = format!("{}.{account}.{currency}.csv", outcome.id).replace([':', '/'], "-");
            expected.insert(name, write_csv(&statement));
        }
    }
    expected.insert("totals.txt".to_owned(), totals);
    expected
}

fn tell(outcome: &SettleOutcome, totals: &mut String) {
    let _ = writeln!(totals, "settlement {}", outcome.id);
    for (currency, it) in &outcome.totals {
        let _ = writeln!(
            totals,
            "  {currency} received {} = payees {} + fees {} + retained {} + suspense {}",
            it.received, it.payees, it.fees, it.retained, it.suspense
        );
    }
    for it in &outcome.outside {
        let currency = it.currency.map_or_else(String::new, |it| it.to_string());
        let _ = writeln!(
            totals,
            "  no money to us: {} usages, {currency} {}: {}",
            it.usages,
            it.amount,
            it.reason.as_str()
        );
    }
}

fn tell_statement(statement: &Statement, totals: &mut String) {
    let it = &statement.balance;
    let _ = writeln!(
        totals,
        "  {} {}: opening {} + earned {} - recouped {} = closing {}; payable {}, carried {}",
        statement.account,
        statement.currency,
        it.opening,
        it.earned,
        it.recouped,
        it.closing,
        it.payable,
        it.carried
    );
    for it in &statement.advances {
        let _ = writeln!(
            totals,
            "    advance {}/{}: open {} - recouped {} = {}",
            it.agreement, it.advance, it.opening_unrecouped, it.recouped, it.closing_unrecouped
        );
    }
}

fn read(folder: &Path) -> BTreeMap<String, String> {
    if folder.is_dir() { read_folder(folder) } else { BTreeMap::new() }
}

fn write(folder: &Path, files: &BTreeMap<String, String>) {
    if folder.is_dir() {
        fs::remove_dir_all(folder).unwrap();
    }
    fs::create_dir_all(folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}
