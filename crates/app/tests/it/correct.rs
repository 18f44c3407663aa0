//! Corrections: what a report says instead of an earlier one.

use std::collections::BTreeMap;

use app::Silent;
use app::diff::{DiffBy, diff};
use app::reports::{Import, ImportOutcome, Intent, ReportError, import_as, withdraw};
use lake::Filter;
use money::Atoms;
use proptest::collection::vec;
use proptest::prelude::*;
use usage::Line;

use crate::stage::{NOW, Stage, report_of};

const FEE: &str = "fee-then-share";

/// Another version of the scenario's report, under a message id of its own.
fn version(id: &str, changes: &[(&str, &str)]) -> String {
    let text = report_of(FEE).replace("made-up-fee", id);
    changes.iter().fold(text, |text, (from, to)| text.replace(from, to))
}

fn import_to(stage: &mut Stage, name: &str, text: &str, intent: &Intent) -> ImportOutcome {
    let path = stage.file(name, text);
    import_as(&mut stage.home, &[path], intent, NOW, &mut Silent).unwrap().remove(0)
}

fn correct(stage: &mut Stage, name: &str, text: &str, id: &str) -> ImportOutcome {
    import_to(stage, name, text, &Intent::Corrects(id.to_owned()))
}

/// Every cell key with its sums, whatever report they stand in; what came to nothing is left out.
fn sums(stage: &Stage) -> BTreeMap<String, (Atoms, Atoms)> {
    let mut sums: BTreeMap<String, (Atoms, Atoms)> = BTreeMap::new();
    for it in lines(stage) {
        let key = format!(
            "{} {} {} {} {} {} {} {} {} {} {} {:?}",
            it.sender,
            it.service,
            it.territory,
            it.use_type,
            it.commercial_model,
            it.rights_type,
            it.basis,
            it.month(),
            it.isrc,
            it.title,
            it.artist,
            it.currency
        );
        let sum = sums.entry(key).or_default();
        sum.0 = sum.0.checked_add(it.usages).unwrap();
        sum.1 = sum.1.checked_add(it.amount).unwrap();
    }
    sums.retain(|_, (usages, amount)| !(usages.is_zero() && amount.is_zero()));
    sums
}

fn lines(stage: &Stage) -> Vec<Line> {
    let mut lines = Vec::new();
    let files = stage.home.lake.root().join("usage");
    assert!(files.is_dir());
    let entries = app::reports::usage_files(&stage.home).unwrap();
    stage
        .home
        .lake
        .lines(&entries, &Filter::all(), &mut |it| {
            lines.push(it);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    lines
}

fn alone(text: &str) -> BTreeMap<String, (Atoms, Atoms)> {
    let mut stage = Stage::of(FEE);
    assert_eq!(stage.import("alone.tsv", text).import, Import::New);
    sums(&stage)
}

#[test]
fn a_correction_counts_in_the_place_of_what_it_corrects() {
    let (first, second, third) = (
        version("v1", &[]),
        version("v2", &[("\t700\t700\t700\t700", "\t650\t650\t650\t650"), ("1000", "950")]),
        version("v3", &[("Rain", "Rain (OST)"), ("\tKR\t", "\tJP\t"), ("\tT2\t", "\tT9\t")]),
    );
    let mut stage = Stage::of(FEE);
    let old = stage.import("v1.tsv", &first);
    let before = lines(&stage);
    let new = correct(&mut stage, "v2.tsv", &second, &old.report.id);
    assert_eq!((new.import, new.lines), (Import::New, 2));
    assert_eq!(new.amounts[&("received".to_owned(), "KRW".to_owned())], Atoms::from_units(-50));
    assert_eq!(sums(&stage), alone(&second));
    // The old lines are as they were, and every line of the correction names its report.
    let of = |lines: &[Line], id: &str| -> Vec<Line> {
        lines.iter().filter(|it| it.report == id).cloned().collect()
    };
    assert_eq!(of(&lines(&stage), &old.report.id), before);
    assert!(of(&lines(&stage), &new.report.id).iter().all(|it| it.corrects == old.report.id));

    let last = correct(&mut stage, "v3.tsv", &third, &new.report.id[..8]);
    assert_eq!(sums(&stage), alone(&third));
    let outcome = stage.settle("2021-06").unwrap();
    assert_eq!(outcome.reports.len(), 3);
    assert_eq!(outcome.totals.values().next().unwrap().received, Atoms::from_units(1000));
    // Each version again is known, and says what counts in its place.
    for (name, text, by) in
        [("v1.tsv", &first, Some(&new)), ("v2.tsv", &second, Some(&last)), ("v3.tsv", &third, None)]
    {
        let again = stage.import(name, text);
        assert_eq!(again.import, Import::AlreadyHere);
        assert_eq!(again.reason.is_some(), by.is_some());
        assert!(by.is_none_or(|by| again.reason.unwrap().contains(&by.report.id)));
    }
}

#[test]
fn what_is_settled_is_corrected_in_the_open_period() {
    let mut stage = Stage::of(FEE);
    let old = stage.import("v1.tsv", version("v1", &[]));
    stage.settle("2021-06").unwrap();
    let issued = stage.statements();
    let second =
        version("v2", &[("\t700\t700\t700\t700", "\t650\t650\t650\t650"), ("1000", "950")]);
    correct(&mut stage, "v2.tsv", &second, &old.report.id);
    let outcome = stage.settle("2021-07").unwrap();
    assert_eq!(outcome.totals.values().next().unwrap().received, Atoms::from_units(-50));
    let now = stage.statements();
    assert!(issued.iter().all(|(key, bytes)| now[key] == *bytes), "an issued statement changed");
    let earned = |it: &str| {
        let statement = outcome.statements.iter().find(|st| st.account == it).unwrap();
        statement.earned
    };
    // 10 % off the top, 20 % of what is left, of minus 50.
    assert_eq!(earned("fee:distributor"), Atoms::from_units(-5));
    assert_eq!(earned("payee:singer"), Atoms::from_units(-9));
}

#[test]
fn a_re_send_that_says_mostly_the_same_is_held_back() {
    let mut stage = Stage::of(FEE);
    let old = stage.import("v1.tsv", version("v1", &[]));
    // Both transactions are those of the first, with another amount.
    let second = version("v2", &[("\t700\t700\t700\t700", "\t650\t650\t650\t650")]);
    for _ in 0..2 {
        let held = stage.import("v2.tsv", &second);
        assert_eq!(held.import, Import::Conflict);
        assert_eq!(held.against.as_deref(), Some(old.report.id.as_str()));
        assert!(held.reason.unwrap().contains("of 2 of its sales transactions"));
    }
    assert_eq!(stage.home.store.reports().unwrap().len(), 2);
    assert_eq!(sums(&stage), alone(&version("v1", &[])));
    // It comes in as what it is, and its row is no conflict any more.
    let new = correct(&mut stage, "v2.tsv", &second, &old.report.id);
    assert_eq!(new.import, Import::New);
    assert_eq!(stage.home.store.reports().unwrap().len(), 2);
    assert_eq!(sums(&stage), alone(&second));
}

#[test]
fn a_report_of_its_own_comes_in_apart() {
    let mut stage = Stage::of(FEE);
    stage.import("v1.tsv", version("v1", &[]));
    let second = version("v2", &[("\t700\t700\t700\t700", "\t650\t650\t650\t650")]);
    let apart = import_to(&mut stage, "v2.tsv", &second, &Intent::Apart);
    assert_eq!(apart.import, Import::New);
    // Other months, and other transactions of the same month, are not doubted at all.
    let july = version("july", &[("2021-06-01", "2021-07-01"), ("2021-06-30", "2021-07-31")]);
    assert_eq!(stage.import("july.tsv", july).import, Import::New);
    let more = version("more", &[("\tT1\t", "\tX1\t"), ("\tT2\t", "\tX2\t")]);
    assert_eq!(stage.import("more.tsv", more).import, Import::New);
}

#[test]
fn what_cannot_be_corrected_is_refused() {
    let mut stage = Stage::of(FEE);
    let old = stage.import("v1.tsv", version("v1", &[]));
    let refused = |stage: &mut Stage, text: &str, id: &str| {
        let path = stage.file("new.tsv", text);
        let intent = Intent::Corrects(id.to_owned());
        match import_as(&mut stage.home, &[path], &intent, NOW, &mut Silent) {
            Err(ReportError::Corrects { reason, .. }) => reason,
            other => format!("not refused: {other:?}"),
        }
    };
    let second = version("v2", &[("700", "650")]);
    assert_eq!(refused(&mut stage, &second, "beef"), "it is not there");
    let stranger = second.replace("PADPIDA0000000001A", "PADPIDA0000000009A");
    assert!(refused(&mut stage, &stranger, &old.report.id).starts_with("it is of PADPIDA"));
    let new = correct(&mut stage, "v2.tsv", &second, &old.report.id);
    let third = version("v3", &[("700", "600")]);
    let reason = refused(&mut stage, &third, &old.report.id);
    assert_eq!(reason, format!("{} corrects it already; name that one", new.report.id));
    // What is corrected stays until its correction goes.
    assert!(!withdraw(&mut stage.home, &old.report.id).unwrap());
    assert!(withdraw(&mut stage.home, &new.report.id).unwrap());
    assert_eq!(sums(&stage), alone(&version("v1", &[])));
    let again = correct(&mut stage, "v3.tsv", &third, &old.report.id);
    assert_eq!(again.import, Import::New);
    assert_eq!(sums(&stage), alone(&third));
}

/// A sales transaction: number, recording, whether in Japan, usages, amount in thousandths.
type Sale = (u8, u8, bool, i64, i64);

fn sale() -> impl Strategy<Value = Sale> {
    (0_u8..6, 1_u8..4, any::<bool>(), -20_i64..200, -5_000_i64..90_000)
}

/// The scenario's report with these sales transactions, in two territories.
fn report(id: &str, sales: &[Sale]) -> String {
    let text = report_of(FEE).replace("made-up-fee", id);
    let find = |what: &str| text.lines().find(|it| it.starts_with(what)).unwrap().to_owned();
    let (head, summary, row) = (find("HEAD"), find("SY10"), find("SR08"));
    let japan = summary.replace("\tS1\t", "\tS2\t").replace("\tKR\t", "\tJP\t");
    let mut lines = vec![head, summary, japan];
    for (at, (number, recording, abroad, usages, amount)) in sales.iter().enumerate() {
        let amount = format!("{}.{:03}", amount / 1000, amount.unsigned_abs() % 1000);
        let sign = if amount.starts_with('0') && sales[at].4 < 0 { "-" } else { "" };
        let amount = format!("\t{sign}{amount}").repeat(4);
        let row = row
            .replace("\tT1\t", &format!("\tT{number}{}\t", if at % 2 == 0 { "a" } else { "b" }))
            .replace("ZZAAA2100001", &format!("ZZAAA210000{recording}"))
            .replace("\tS1\t", if *abroad { "\tS2\t" } else { "\tS1\t" })
            .replace("\t100\t0\t100\t", &format!("\t{usages}\t0\t{usages}\t"))
            .replace("\t700\t700\t700\t700", &amount);
        lines.push(row);
    }
    lines.push(format!("SRFO\t{}\t2\n", lines.len() + 1));
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Whatever three versions say, what counts in the end is what the last one says, alone.
    #[test]
    fn corrections_sum_to_the_last_version(
        versions in vec(vec(sale(), 0..8), 3),
        settled in 0_usize..3,
    ) {
        let mut stage = Stage::of(FEE);
        let mut before: Option<String> = None;
        for (at, sales) in versions.iter().enumerate() {
            // Another sale makes every version another one.
            let mut sales = sales.clone();
            sales.push((9, 1, false, 1 + i64::try_from(at).unwrap(), 1));
            let text = report(&format!("v{at}"), &sales);
            let intent = before.map_or(Intent::New, Intent::Corrects);
            let new = import_to(&mut stage, &format!("v{at}.tsv"), &text, &intent);
            prop_assert_eq!((new.import, new.quarantined), (Import::New, 0));
            before = Some(new.report.id);
            if at + 1 == settled {
                stage.settle("2021-06").unwrap();
            }
            prop_assert_eq!(sums(&stage), alone(&text));
        }
        let open = if settled > 0 { "2021-07" } else { "2021-06" };
        if settled < 3 {
            stage.settle(open).unwrap();
        }
        // What was settled, over all settlements, is what the last version says.
        let total = |sums: BTreeMap<String, (Atoms, Atoms)>| {
            Atoms::checked_sum(sums.into_values().map(|it| it.1)).unwrap()
        };
        let book = stage.home.store.trial_balance().unwrap();
        let received = book.iter().filter(|it| it.0.to_string().starts_with("received:"));
        let received = received.map(|it| it.2.debit.checked_sub(it.2.credit).unwrap());
        prop_assert_eq!(Atoms::checked_sum(received).unwrap(), total(sums(&stage)));
    }

    /// Old and what was added, less what was removed, is new: in every grouping, and either way.
    #[test]
    fn a_diff_closes(old in vec(sale(), 0..8), new in vec(sale(), 0..8)) {
        let stage = Stage::new();
        let paths = [("old.tsv", &old), ("new.tsv", &new)].map(|(name, sales)| {
            stage.file(name, report(name, sales)).to_string_lossy().into_owned()
        });
        for by in [DiffBy::Line, DiffBy::Recording, DiffBy::Territory, DiffBy::Service] {
            let there = diff(None, &paths[0], &paths[1], by).unwrap();
            let back = diff(None, &paths[1], &paths[0], by).unwrap();
            prop_assert_eq!((there.added, there.removed), (back.removed, back.added));
            let differences = there.differences.iter().map(|it| it.change.difference().unwrap());
            let totals = there.totals.values().map(|it| it.difference().unwrap());
            prop_assert_eq!(
                Atoms::checked_sum(differences).unwrap(),
                Atoms::checked_sum(totals).unwrap()
            );
            let same = diff(None, &paths[0], &paths[0], by).unwrap();
            prop_assert!(same.differences.is_empty());
        }
    }
}
