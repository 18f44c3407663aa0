//! Generated reports are clean, exact and the same every time.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod fuzz;
mod profiles;
mod whole;

use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use finding::Severity;
use testkit::report::{Form, Order, catalogue, catalogue_files, file_name, write_report};

fn report(form: Form, order: &Order) -> (Vec<u8>, testkit::report::Written) {
    let mut bytes = Vec::new();
    let written = write_report(&mut bytes, form, order).unwrap();
    (bytes, written)
}

fn check(form: Form, expected: &Expect) {
    let order = Order::new(7, 10_000);
    let (bytes, written) = report(form, &order);
    let mut doubts = Vec::new();
    let summary = dsr::check(&file_name(&order), bytes.as_slice(), &mut |finding| {
        if finding.severity > Severity::Note {
            doubts.push(finding.to_string());
        }
    })
    .unwrap();
    doubts.truncate(5);
    assert_eq!(doubts, Vec::<String>::new());
    assert_eq!(summary.lines, written.lines);
    assert_eq!(summary.transactions, written.sales);
    assert_eq!(summary.blocks, written.blocks);
    assert_eq!(summary.summary_records, written.summary_records);
    let net: Vec<String> = written.net.iter().map(|(it, sum)| format!("{it} {sum}")).collect();
    expected.assert_eq(&format!(
        "{} lines, {} summary records, {} blocks, {} sales, {} usages, {}, notes: {:?}",
        written.lines,
        written.summary_records,
        written.blocks,
        written.sales,
        written.usages,
        net.join(", "),
        summary.counts.keys().collect::<Vec<_>>(),
    ));
    assert_eq!(report(form, &order).0, bytes);
    assert_ne!(report(form, &Order::new(8, 10_000)).0, bytes);
}

#[test]
fn the_financial_report_is_clean() {
    check(
        Form::Financial,
        &expect![
            "10122 lines, 120 summary records, 10000 blocks, 10000 sales, 34510458 usages, KRW 149394938.28231816, USD 91146.37599663, notes: []"
        ],
    );
}

#[test]
fn the_basic_audio_report_is_clean() {
    check(
        Form::BasicAudio,
        &expect![
            "14099 lines, 120 summary records, 3977 blocks, 10000 sales, 34510458 usages, KRW 149394938.28231816, USD 91146.37599663, notes: []"
        ],
    );
}

#[test]
fn a_report_without_lines_is_clean() {
    for form in [Form::Financial, Form::BasicAudio] {
        let order = Order::new(1, 0);
        let (bytes, written) = report(form, &order);
        let summary = dsr::check(&file_name(&order), bytes.as_slice(), &mut |_| {}).unwrap();
        assert_eq!((summary.errors(), summary.warnings(), written.lines), (0, 0, 2));
    }
}

/// The lines of a financial report add up to what its writer says.
#[test]
fn the_control_total_is_the_sum_of_the_lines() {
    use dsr::Field as F;
    let order = Order::new(3, 500);
    let (bytes, written) = report(Form::Financial, &order);
    let spec = dsr::table::spec("SR08.01").unwrap();
    let mut net = money::Atoms::ZERO;
    let reader = dsr::Reader::new("r", bytes.as_slice(), dsr::Limits::default());
    for record in reader.map(Result::unwrap).filter(|it| it.is(b"SR08")) {
        let cell = record.field(spec, F::AllocatedNetRevenueInCurrencyOfAccounting);
        net = net.checked_add(money::Atoms::parse(&cell.text()).unwrap()).unwrap();
    }
    assert_eq!(money::Atoms::checked_sum(written.net.into_values()), Some(net));
}

#[test]
fn the_catalogue_reads_back() {
    let order = Order { recordings: 3_000, ..Order::new(7, 2_000) };
    let catalog = catalogue(&order);
    let (read, findings) = catalog::read_files(&catalogue_files(&order));
    assert!(findings.is_empty(), "{:?}", findings.first());
    assert!(read == catalog);
    let advances: usize = read.agreements.values().map(|it| it.advances.len()).sum();
    let counts = [read.parties.len(), read.recordings.len(), read.agreements.len(), advances];
    expect!["[2000, 3000, 500, 47]"].assert_eq(&format!("{counts:?}"));

    let isrcs: BTreeSet<String> =
        read.recordings.values().flat_map(|it| &it.isrcs).map(ToString::to_string).collect();
    let spec = dsr::table::spec("SR08.01").unwrap();
    let (bytes, _) = report(Form::Financial, &order);
    let reader = dsr::Reader::new("r", bytes.as_slice(), dsr::Limits::default());
    let (mut known, mut bare) = (0, 0);
    for record in reader.map(Result::unwrap).filter(|it| it.is(b"SR08")) {
        let isrc = record.field(spec, dsr::Field::Isrc).text();
        known += u32::from(isrcs.contains(isrc.as_ref()));
        bare += u32::from(isrc.is_empty());
    }
    expect!["1930 known, 18 without ISRC"]
        .assert_eq(&format!("{known} known, {bare} without ISRC"));
}
