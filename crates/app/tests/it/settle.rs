//! What holds of every settlement: nothing is lost, and the same goes in, the same comes out.

use std::collections::BTreeMap;

use app::Silent;
use app::settle::{SettleOutcome, settle_period};
use money::{Atoms, Currency};
use period::Period;
use statement::Statement;
use testkit::SplitMix64;
use testkit::report::{Form, Order, file_name};

use crate::stage::{NOW, Stage, Statements, made_up, order};

const FORMS: [Form; 2] = [Form::Financial, Form::BasicAudio];

/// What was received stands in the totals, and in the statements of all accounts, to the atom.
fn check_nothing_is_lost(outcome: &SettleOutcome, statements: &Statements) {
    let mut earned: BTreeMap<Currency, Atoms> = BTreeMap::new();
    for ((_, account, currency), bytes) in statements {
        let statement = Statement::parse(bytes).unwrap();
        statement.check().unwrap_or_else(|error| panic!("{account} {currency}: {error}"));
        let sum = earned.entry(*currency).or_default();
        *sum = sum.checked_add(statement.balance.earned).unwrap();
    }
    for (currency, it) in &outcome.totals {
        let parts = [it.payees, it.fees, it.retained, it.suspense];
        let whole = it.received.checked_add(it.exchanged);
        assert_eq!(Atoms::checked_sum(parts), whole, "{currency}");
        assert_eq!(earned.get(currency).copied(), whole, "{currency}");
        assert!(!it.received.is_zero());
    }
    assert_eq!(earned.len(), outcome.totals.len());
}

#[test]
fn what_was_received_is_all_accounted_for() {
    for form in FORMS {
        let order = order(7, 1_000);
        let mut stage = Stage::made_up(&order);
        let imported = stage.import_made_up(form, &order);
        let outcome = stage.settle("2021-06").unwrap();
        check_nothing_is_lost(&outcome, &stage.statements());
        assert_eq!(outcome.lines, imported.lines);
        if form == Form::Financial {
            for (currency, it) in &outcome.totals {
                let key = ("received".to_owned(), currency.to_string());
                assert_eq!(imported.amounts[&key], it.received);
            }
        }
        // The book balances as well: what every account has adds up to nothing.
        let book = stage.home.store.trial_balance().unwrap();
        let mut sums: BTreeMap<Currency, (Atoms, Atoms)> = BTreeMap::new();
        for (_, currency, it) in book.iter() {
            let sum = sums.entry(currency).or_default();
            sum.0 = sum.0.checked_add(it.debit).unwrap();
            sum.1 = sum.1.checked_add(it.credit).unwrap();
        }
        assert!(sums.values().all(|(debit, credit)| debit == credit), "{sums:?}");
    }
}

#[test]
fn a_preview_says_what_will_be_posted_and_posts_nothing() {
    let order = order(8, 300);
    let mut stage = Stage::made_up(&order);
    stage.import_made_up(Form::Financial, &order);
    let period = Period::parse("2021-06").unwrap();
    let preview = settle_period(&mut stage.home, period, true, NOW, &mut Silent).unwrap();
    assert!(stage.statements().is_empty() && stage.home.store.settlements().unwrap().is_empty());
    let posted = stage.settle("2021-06").unwrap();
    assert_eq!((preview.totals, preview.statements), (posted.totals, posted.statements));
    assert!(posted.posted && !preview.posted);
}

#[test]
fn two_homes_issue_the_same_bytes() {
    let (first, second) = (order(9, 300), order(10, 300));
    let play = |orders: [&Order; 2]| {
        let mut stage = Stage::made_up(&first);
        for order in orders {
            for form in FORMS {
                let name = format!("{form:?}-{}", file_name(order));
                stage.import(&name, made_up(form, order));
            }
        }
        stage.settle("2021-06").unwrap();
        stage.statements()
    };
    let one = play([&first, &second]);
    // Neither the home nor the order in which reports come leaves a trace.
    assert_eq!(one, play([&second, &first]));
    assert!(one.len() > 20);
}

#[test]
fn the_order_of_lines_moves_no_money() {
    let order = order(11, 800);
    let text = String::from_utf8(made_up(Form::Financial, &order)).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|it| it.starts_with("SR08")).unwrap();
    let last = lines.len() - 1;
    SplitMix64::new(1).shuffle(&mut lines[first..last]);
    let shuffled = lines.join("\n") + "\n";
    assert_ne!(text, shuffled);
    let play = |text: &str| {
        let mut stage = Stage::made_up(&order);
        stage.import(&file_name(&order), text);
        let outcome = stage.settle("2021-06").unwrap();
        (outcome.totals, stage.statements())
    };
    let (totals, statements) = play(&text);
    let (other_totals, other_statements) = play(&shuffled);
    assert_eq!(totals, other_totals);
    assert_eq!(blurred(&statements), blurred(&other_statements));
}

/// Leaves out what follows from the report's bytes alone: its id, its hash, its line numbers.
fn blurred(statements: &Statements) -> Statements {
    let blur = |bytes: &Vec<u8>| {
        let mut it = Statement::parse(bytes).unwrap();
        for line in &mut it.lines {
            (line.first_line, line.last_line) = (0, 0);
        }
        for source in &mut it.sources {
            source.report.clear();
            source.sha256.clear();
        }
        it.canonical()
    };
    statements.iter().map(|(key, bytes)| (key.clone(), blur(bytes))).collect()
}
