//! What comes after its period was settled.

use app::reports::Import;
use app::settle::SettleError;
use money::Atoms;

use crate::stage::{Stage, report_of};

const FEE: &str = "fee-then-share";

fn other(text: &str, id: &str, from: &str, to: &str) -> String {
    let text = text.replace("made-up-fee", id).replace("SR08.01\tT", &format!("SR08.01\t{id}-"));
    text.replace("2021-06-01", from).replace("2021-06-30", to)
}

#[test]
fn a_late_report_is_settled_with_the_next_period() {
    let mut stage = Stage::of(FEE);
    let june = report_of(FEE);
    stage.import("june.tsv", &june);
    stage.settle("2021-06").unwrap();
    let settled = stage.statements();

    let late = other(&june, "late", "2021-06-01", "2021-06-30");
    let late = stage.import("late.tsv", late);
    assert_eq!(late.import, Import::New);
    for period in ["2021-06", "2021-05", "2021-Q2"] {
        let closed = stage.settle(period);
        assert!(matches!(closed, Err(SettleError::Closed { .. })), "{period}: {closed:?}");
    }
    stage.import("july.tsv", other(&june, "july", "2021-07-01", "2021-07-31"));
    stage.import("august.tsv", other(&june, "august", "2021-08-01", "2021-08-31"));
    stage = stage.reopened();
    let outcome = stage.settle("2021-07").unwrap();
    let ids: Vec<_> = outcome.reports.iter().map(|it| it.message_id.as_str()).collect();
    assert_eq!(ids, ["late", "july"]);
    assert_eq!(outcome.totals.values().next().unwrap().received, Atoms::from_units(2000));
    // What was issued stays as it was.
    let now = stage.statements();
    assert!(settled.iter().all(|(key, bytes)| now[key] == *bytes));
    assert!(matches!(stage.settle("2021-07"), Err(SettleError::Closed { .. })));
    stage.settle("2021-08").unwrap();
    // A period without reports is settled too: everybody gets a statement.
    let outcome = stage.settle("2021-09").unwrap();
    assert!(outcome.reports.is_empty() && !outcome.statements.is_empty());
}

#[test]
fn usage_that_reaches_beyond_the_period_waits() {
    let mut stage = Stage::of(FEE);
    stage.import("both.tsv", other(&report_of(FEE), "both", "2021-06-01", "2021-07-31"));
    assert!(matches!(stage.settle("2021-06"), Err(SettleError::Nothing { .. })));
    let outcome = stage.settle("2021-06..2021-07").unwrap();
    assert_eq!(outcome.reports.len(), 1);
}

#[test]
fn a_period_that_is_not_over_stays_open() {
    let mut stage = Stage::of(FEE);
    stage.import("june.tsv", report_of(FEE));
    for period in ["2021-12", "2021", "2022-01"] {
        let open = stage.settle(period);
        assert!(matches!(open, Err(SettleError::NotOver { .. })), "{period}: {open:?}");
    }
    stage.settle("2021-11").unwrap();
}
