//! From the bytes of a made-up report to a settlement that the auditor agrees with.

use std::collections::BTreeMap;

use ident::RecordingId;
use ingest::{Source, ingest_dsr};
use money::{Atoms, Currency};
use period::Month;
use settlement::{Input, NO_RULINGS, Past, settle};
use testkit::report::{Form, Order, catalogue, file_name, write_report};
use testkit::{Cell, differences, table};
use usage::{Basis, CellKey, Cells, Context, Line, Target};

/// Sums lines to cells, by ISRC alone.
fn cells(lines: Vec<Line>, known: &BTreeMap<String, RecordingId>) -> Cells {
    let mut cells: BTreeMap<CellKey, Cell> = BTreeMap::new();
    for it in lines {
        let target = match known.get(&it.isrc) {
            Some(id) => Target::Recording(id.clone()),
            None => Target::Unmatched {
                isrc: it.isrc,
                icpn: it.icpn,
                title: it.title,
                artist: it.artist,
            },
        };
        let context = Context {
            report: it.report,
            sender: it.sender,
            service: it.service,
            territory: it.territory,
            use_type: it.use_type,
            commercial_model: it.commercial_model,
            rights_type: it.rights_type,
            basis: it.basis,
            month: Month::of(it.from),
            subscribed: None,
            currency: it.currency,
            unit_price: None,
            price_category: String::new(),
        };
        let key = CellKey { context, target };
        let cell = cells.entry(key.clone()).or_insert(Cell {
            key,
            usages: Atoms::ZERO,
            amount: Atoms::ZERO,
            lines: 0,
            first_line: it.line,
            last_line: it.line,
        });
        cell.usages = cell.usages.checked_add(it.usages).unwrap();
        cell.amount = cell.amount.checked_add(it.amount).unwrap();
        cell.lines += 1;
        cell.last_line = it.line;
    }
    table(&cells.into_values().collect::<Vec<_>>())
}

fn check(form: Form, basis: Basis, expected: &expect_test::Expect) {
    let order = Order { recordings: 1_000, ..Order::new(11, 1_500) };
    let mut bytes = Vec::new();
    let written = write_report(&mut bytes, form, &order).unwrap();
    let name = file_name(&order);
    let source = Source { report: "00000000deadbeef", file: 0, name: &name };
    let (mut lines, mut findings) = (Vec::new(), Vec::new());
    let ingested = ingest_dsr(
        &source,
        &mut || Ok(bytes.as_slice()),
        &mut |row| lines.push(row.to_line(source.report)),
        &mut |finding| findings.push(finding.to_string()),
    )
    .unwrap();
    assert_eq!(findings, Vec::<String>::new());
    assert!(ingested.quarantined.is_empty());
    assert_eq!(ingested.lines, written.sales);
    let net = |(currency, sum): (&Currency, &Atoms)| ((*currency, basis), *sum);
    assert_eq!(ingested.amounts, written.net.iter().map(net).collect());

    let catalog = catalogue(&order);
    let known = catalog.recordings.values();
    let known = known.map(|it| (it.isrcs[0].to_string(), it.id.clone())).collect();
    let cells = cells(lines, &known);
    let input = Input {
        id: "whole",
        origins: &[order.month.period()],
        catalog: &catalog,
        cells: &cells,
        past: &Past::default(),
        rulings: &NO_RULINGS,
    };
    let outcome = settle(&input).unwrap();
    assert_eq!(differences(&input, &outcome), Vec::<String>::new());
    let mut text = String::new();
    for (currency, it) in &outcome.totals {
        if basis == Basis::Received {
            assert_eq!(written.net[currency], it.received);
        }
        text += &format!(
            "{currency} received {}: payees {}, fees {}, retained {}, suspense {}\n",
            it.received, it.payees, it.fees, it.retained, it.suspense
        );
    }
    expected.assert_eq(&text);
}

#[test]
fn money_that_reached_us() {
    check(
        Form::Financial,
        Basis::Received,
        &expect_test::expect![[r#"
        KRW received 37280287.89385353: payees 28593678.976118646451209557, fees 5562830.7583479585, retained 2929028.654519785048790443, suspense 194749.50486714
        USD received 18406.46651316: payees 14294.374188082700720229, fees 2730.087668268, retained 1176.122598769299279771, suspense 205.88205804
    "#]],
    );
}

#[test]
fn revenue_of_the_service() {
    check(
        Form::BasicAudio,
        Basis::ServiceNet,
        &expect_test::expect![[r#"
        KRW received 3895370.5468541094: payees 3544787.197637239554, fees 350583.349216869846, retained 0, suspense 0
        USD received 1912.9686638013: payees 1740.801484059183, fees 172.167179742117, retained 0, suspense 0
    "#]],
    );
}
