//! Every folder of `scenarios/`: catalogue and reports in, statements and totals out.
//!
//! `UPDATE_EXPECT=1` writes what came out over what is expected; look at the difference then.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use app::income::{IncomeBy, IncomeRequest, Sum, Whose, income_of};
use app::publish::verify_receipt;
use app::reports::{ImportOutcome, StatementOrder, import, import_statements};
use app::rulings::{Ruling, decide};
use app::settle::{SettleOutcome, replay, settle_period};
use app::sources::Sources;
use app::{Silent, catalogue};
use money::Currency;
use period::{Month, Period};
use statement::{Statement, Trust, write_csv};

use crate::stage::{NOW, Stage, read_folder, scenarios};
use crate::{audited, payments};

#[test]
fn every_scenario_gives_what_it_expects() {
    let mut folders: Vec<PathBuf> = fs::read_dir(scenarios())
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_dir() && !it.ends_with("_shared"))
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
    let steps = folder.join("steps.txt");
    if steps.is_file() {
        let told = play_story(folder, &fs::read_to_string(steps).unwrap());
        return BTreeMap::from([("totals.txt".to_owned(), told)]);
    }
    let mut stage = Stage::new();
    let mut totals = String::new();
    know(&mut stage, read_folder(&folder.join("catalogue")), NOW, &mut totals);
    let mut reports: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.file_name().is_some_and(|it| it.to_string_lossy().starts_with("report")))
        .collect();
    reports.sort();
    let outcomes = import(&mut stage.home, &reports, NOW, &mut Silent).unwrap();
    outcomes.iter().for_each(|it| tell_import(it, &mut totals));
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
        hold_against_auditor(&stage, folder, &period);
        tell(&outcome, &mut totals);
        for statement in issued(&stage, &outcome.id) {
            tell_statement(&statement, &mut totals);
            let (account, currency) = (&statement.account, statement.currency);
            let name = format!("{}.{account}.{currency}.csv", outcome.id).replace([':', '/'], "-");
            expected.insert(name, write_csv(&statement));
        }
    }
    expected.insert("totals.txt".to_owned(), totals);
    if let Ok(questions) = fs::read_to_string(folder.join("income.txt")) {
        let answers = questions.lines().map(|it| answer(&stage, it)).collect();
        expected.insert("income.txt".to_owned(), answers);
    }
    assert_replays(&stage, folder);
    assert_sealed(&mut stage, folder);
    expected
}

/// Seals everything, checks every receipt, and says what the seals have in common with the books.
fn assert_sealed(stage: &mut Stage, folder: &Path) {
    let done = stage.publish(None);
    let key = stage.home.store.keys(&stage.home.config.origin).unwrap().log.verifier_key();
    let trust = Trust::Key(key);
    for path in done.iter().flat_map(|it| &it.receipts) {
        let checked = verify_receipt(&fs::read(path).unwrap(), &trust);
        checked.unwrap_or_else(|it| panic!("{}: {it:?}", folder.display()));
    }
}

/// Each settlement comes out as it was posted when it is decided once more, whatever came later.
fn assert_replays(stage: &Stage, folder: &Path) {
    for it in replay(&stage.home, None, &mut Silent).unwrap() {
        assert!(it.differences.is_empty(), "{}: {it:?}", folder.display());
    }
}

/// Plays `steps.txt`, one act a line: `now DAY`, `catalogue FILE ...`, `import FILE ...`,
/// `settle PERIOD`, `dispute ID`, `resolve ID`, `lapse MONTH`, `propose DAY`, `sent BATCH`,
/// `cancel BATCH`, `returned BATCH PAYEE`, `pay DAY` (proposed and sent at once), and `due ACCOUNT CURRENCY AMOUNT`, which was
/// worked out by hand and has to be what is due by then.
fn play_story(folder: &Path, steps: &str) -> String {
    let shared = scenarios().join("_shared");
    let mut stage = Stage::new();
    let mut told = String::new();
    let mut now = NOW.to_owned();
    know(&mut stage, read_folder(&shared.join("catalogue")), &now, &mut told);
    for step in steps.lines().filter(|it| !it.trim().is_empty()) {
        let words: Vec<&str> = step.split_whitespace().collect();
        match words.as_slice() {
            ["now", day] => now = format!("{day}T00:00:00Z"),
            ["catalogue", names @ ..] => {
                let file = |name: &&str| {
                    let text = fs::read_to_string(folder.join(name)).unwrap();
                    let kind = name.rsplit('-').next().unwrap();
                    (kind.to_owned(), text)
                };
                know(&mut stage, names.iter().map(file).collect(), &now, &mut told);
            }
            ["import", names @ ..] => {
                let paths: Vec<PathBuf> = names.iter().map(|it| folder.join(it)).collect();
                // Whose sheet it is, and of which right, is told by its name or the name's beginning:
                // `works-june.csv` is written as `_shared/works.toml` says.
                let stem = names[0].trim_end_matches(".csv");
                let begin = stem.rsplit_once('-').map_or(stem, |it| it.0);
                let specs = [stem, begin, "plain"].map(|it| shared.join(format!("{it}.toml")));
                let plain = specs.iter().find(|it| it.is_file()).unwrap();
                let order = StatementOrder {
                    paths: &paths,
                    source: Some(plain.to_str().unwrap()),
                    ..StatementOrder::default()
                };
                let sources = Sources::of(stage.home.store.home()).unwrap();
                let done = import_statements(&mut stage.home, &sources, &order, &now, &mut Silent);
                done.unwrap().outcomes.iter().for_each(|it| tell_import(it, &mut told));
            }
            ["settle", period] => {
                let period = Period::parse(period).unwrap();
                let settled = settle_period(&mut stage.home, period, false, &now, &mut Silent);
                let outcome = settled.unwrap();
                hold_against_auditor(&stage, folder, step);
                tell(&outcome, &mut told);
                for statement in issued(&stage, &outcome.id) {
                    tell_statement(&statement, &mut told);
                    tell_lines(&statement, &mut told);
                }
            }
            ["dispute" | "resolve" | "lapse", subject] => {
                let ruling = match words[0] {
                    "dispute" => Ruling::Dispute((*subject).to_owned()),
                    "resolve" => Ruling::Resolve((*subject).to_owned()),
                    _ => Ruling::Lapse(subject.parse().unwrap()),
                };
                decide(&mut stage.home, &ruling, "Kim", "the story says so", &now).unwrap();
            }
            ["propose" | "pay" | "sent" | "cancel", of] => {
                payments::play(&mut stage.home, words[0], of, &now, &mut told);
            }
            ["returned", batch, payee] => {
                payments::back(&mut stage.home, batch, payee, &now, &mut told);
            }
            ["due", account, currency, amount] => {
                let account = ledger::Account::parse(account).unwrap();
                let currency = Currency::parse(currency).unwrap();
                let book = stage.home.store.trial_balance().unwrap();
                let due = book.balance(&account, currency).due().unwrap();
                assert_eq!(due.to_string(), *amount, "{}: {step}", folder.display());
            }
            _ => panic!("{}: no such act: {step}", folder.display()),
        }
    }
    assert_replays(&stage, folder);
    assert_sealed(&mut stage, folder);
    told
}

/// Whatever a scenario is about: the book has to be what the auditor says of all that is known.
fn hold_against_auditor(stage: &Stage, folder: &Path, step: &str) {
    let differences = audited::differences(&stage.home);
    assert!(differences.is_empty(), "{}, {step}: {differences:#?}", folder.display());
}

fn know(stage: &mut Stage, files: BTreeMap<String, String>, now: &str, told: &mut String) {
    let learned = catalogue::import_files(&mut stage.home, files, false, now).unwrap();
    for it in &learned.findings {
        let _ = writeln!(told, "catalogue: {it}");
    }
}

fn tell_import(it: &ImportOutcome, told: &mut String) {
    let (report, lines) = (&it.report.message_id, it.lines);
    let _ = writeln!(told, "report {report}: {lines} usage lines, {} quarantined", it.quarantined);
    for ((basis, currency), amount) in &it.amounts {
        let _ = writeln!(told, "  {currency} {amount} {basis}");
    }
    for (rule, count) in &it.counts {
        let _ = writeln!(told, "  {count} x {rule}");
    }
}

/// The statements of a settlement, each with its arithmetic done again.
fn issued(stage: &Stage, settlement: &str) -> Vec<Statement> {
    let all = stage.statements();
    let own = all.iter().filter(|((of, ..), _)| of == settlement);
    own.map(|(_, bytes)| {
        let statement = Statement::parse(bytes).unwrap();
        statement.check().unwrap();
        statement
    })
    .collect()
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
        let exchanged = match it.exchanged.is_zero() {
            true => String::new(),
            false => format!(" + exchanged {}", it.exchanged),
        };
        let _ = writeln!(
            totals,
            "  {currency} received {}{exchanged} = payees {} + fees {} + retained {} + suspense {}",
            it.received, it.payees, it.fees, it.retained, it.suspense
        );
    }
    for it in &outcome.outside {
        let currency = it.currency.map_or_else(String::new, |it| it.to_string());
        let _ = writeln!(
            totals,
            "  no money to us: {} usages, {currency} {}: {}{}",
            it.usages,
            it.amount,
            it.reason,
            it.pipe.as_ref().map_or_else(String::new, |it| format!(" (pipe {it})"))
        );
    }
}

fn tell_statement(statement: &Statement, totals: &mut String) {
    let it = &statement.balance;
    let _ = writeln!(
        totals,
        "  {} {}: opening {} + earned {} + moved {} = closing {}; payable {}, carried {}",
        statement.account,
        statement.currency,
        it.opening,
        it.earned,
        it.moved,
        it.closing,
        it.payable,
        it.carried
    );
    for it in &statement.movements {
        let of = format!("{}/{}", it.agreement, it.reference);
        let _ = writeln!(
            totals,
            "    {} {of}: {} with {}, of the period before {}",
            it.kind, it.amount, it.other, it.origin
        );
    }
    for it in &statement.outside {
        let figures = format!("{} usages, {} {}", it.usages, statement.currency, it.revenue);
        let days = format!("{}..{}", it.from, it.until);
        let _ = writeln!(
            totals,
            "    outside {}, {} by {}, {} {days}: {figures}, {} by licence",
            it.pipe, it.right, it.paid_by, it.about, it.licensed
        );
    }
    for it in &statement.open {
        let _ = writeln!(totals, "    open {}: {} to {}", it.account, it.opening, it.closing);
    }
}

/// The lines of a statement, one row each; those of a story stand in `totals.txt`.
fn tell_lines(statement: &Statement, totals: &mut String) {
    let find = |index: u64| usize::try_from(index).unwrap();
    for it in &statement.lines {
        let (source, term) = (&statement.sources[find(it.source)], &statement.terms[find(it.term)]);
        let context = &statement.contexts[find(it.context)];
        let recording = &statement.recordings[find(it.recording)];
        let because = match source.because.is_empty() {
            true => String::new(),
            false => {
                let why = format!("{} {}", source.because, source.because_of);
                format!(" (restates {}: {})", source.restates, why.trim())
            }
        };
        let exchanged = match source.is_exchanged() {
            true => format!(
                " {} at {} of {}{} by {}",
                source.currency,
                source.rate,
                source.rate_day,
                match source.rate_over.as_str() {
                    "" => String::new(),
                    over => format!(" over {over}"),
                },
                source.rate_source
            ),
            false => String::new(),
        };
        let _ = writeln!(
            totals,
            "    {} {} {} \"{}\": {} of {}{exchanged} for {} usages, {}{because}",
            context.month,
            context.territory,
            context.use_type,
            recording.title,
            it.amount,
            it.received,
            it.usages,
            term.words
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
