//! Every folder of `scenarios/`: catalogue and reports in, statements and totals out.
//!
//! `UPDATE_EXPECT=1` writes what came out over what is expected; look at the difference then.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use app::income::{IncomeBy, IncomeRequest, Sum, Whose, income_of};
use app::reports::import;
use app::settle::SettleOutcome;
use app::{Silent, catalogue};
use money::Currency;
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
    if let Ok(questions) = fs::read_to_string(folder.join("income.txt")) {
        let answers = questions.lines().map(|it| answer(&stage, it)).collect();
        expected.insert("income.txt".to_owned(), answers);
    }
    expected
}

/// Answers a line of `income.txt`: `production <id> <by>`, `artist …`, `repertoire …` or `all <by>`.
fn answer(stage: &Stage, question: &str) -> String {
    let words: Vec<&str> = question.split_whitespace().collect();
    let (whose, by) = match words.as_slice() {
        ["production", id, by] => (Whose::Production(id.parse().unwrap()), *by),
        ["artist", id, by] => (Whose::Artist(id.parse().unwrap()), *by),
        ["repertoire", id, by] => (Whose::Repertoire(id.parse().unwrap()), *by),
        ["all", by] => (Whose::All, *by),
        _ => panic!("no question: {question}"),
    };
    let by = match by {
        "head" => IncomeBy::Head,
        "source" => IncomeBy::Source,
        "use-type" => IncomeBy::UseType,
        "territory" => IncomeBy::Territory,
        "service" => IncomeBy::Service,
        "month" => IncomeBy::Month,
        _ => panic!("income is not shown by {by}"),
    };
    let outcome = income_of(&stage.home, &IncomeRequest { whose, period: None, by }).unwrap();
    let mut text = format!("{question}\n");
    let mut tell = |what: &str, currency: &Currency, it: &Sum| {
        let (amount, usages, lines) = (it.amount, it.usages, it.lines);
        let _ = writeln!(text, "  {what}: {currency} {amount}, {usages} usages, {lines} lines");
    };
    let income = &outcome.income;
    income.rows.iter().for_each(|((key, currency), it)| tell(key, currency, it));
    income.totals.iter().for_each(|(currency, it)| tell("total", currency, it));
    income.shared.iter().for_each(|(currency, it)| tell("of that, shared", currency, it));
    income.unmatched.iter().for_each(|(currency, it)| tell("beside it, unmatched", currency, it));
    for (currency, amount) in &outcome.outside {
        let _ = writeln!(text, "  beside it, not ours: {currency} {amount}");
    }
    text
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
