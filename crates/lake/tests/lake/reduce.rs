//! Usage lines to cells.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use ident::RecordingId;
use lake::{Filter, LakeError};
use money::{Atoms, Currency};
use period::{Date, Period};
use proptest::prelude::*;
use testkit::{Cell, table};
use usage::{Basis, CellKey, Cells, Context, Identity, Line, RightsType, Target};

use crate::fixture::{REPORT, import, lake, line, picture};

/// Ties identities with an ISRC to a recording named after it.
fn resolve(identity: Identity<'_>) -> Target {
    if identity.isrc.is_empty() {
        return identity.unmatched();
    }
    Target::Recording(RecordingId::parse(&identity.isrc.to_lowercase()).unwrap())
}

fn check(filter: &Filter, lines: &[Line], expected: Expect) {
    let (_folder, lake) = lake();
    let files = import(&lake, lines);
    let cells = lake.cells(&files, filter, &mut resolve).unwrap();
    expected.assert_eq(&picture(&cells));
}

fn mixed() -> Vec<Line> {
    let mut lines: Vec<Line> = (1..=8).map(line).collect();
    lines[1].amount = Atoms::parse("-0.25").unwrap();
    lines[2].isrc = String::new();
    lines[3].isrc = String::new();
    lines[3].resource_id = "another id, same texts".to_owned();
    lines[4].basis = Basis::NoMoney;
    lines[4].amount = Atoms::ZERO;
    lines[5].basis = Basis::NoMoney;
    lines[5].amount = Atoms::ZERO;
    lines[5].currency = None;
    lines[6].from = Date::constant(2021, 5, 31);
    lines[7].rights_type = RightsType::Work;
    lines[7].currency = Currency::parse("USD").ok();
    lines
}

#[test]
fn lines_with_one_key_are_one_cell() {
    check(
        &Filter::all(),
        &mixed(),
        expect![[r#"
        2021-05 KR master received kra012100001 | 1 usages, KRW 1 | 1 lines 7..7
        2021-06 KR master received kra012100001 | 2 usages, KRW 0.75 | 2 lines 1..2
        2021-06 KR master received ? Over the River | 2 usages, KRW 2 | 2 lines 3..4
        2021-06 KR master none kra012100001 | 2 usages, - 0 | 2 lines 5..6
        2021-06 KR work received kra012100001 | 1 usages, USD 1 | 1 lines 8..8
    "#]],
    );
    check(
        &Filter::period(Period::parse("2021-05").unwrap()),
        &mixed(),
        expect![[r#"
        2021-05 KR master received kra012100001 | 1 usages, KRW 1 | 1 lines 7..7
    "#]],
    );
    check(&Filter::report("other"), &mixed(), expect![]);
    check(&Filter::all(), &[], expect![]);
}

#[test]
fn an_identity_is_asked_once() {
    let (_folder, lake) = lake();
    let files = import(&lake, &mixed());
    let mut asked = Vec::new();
    lake.cells(&files, &Filter::all(), &mut |identity| {
        asked.push(format!("{identity:?}"));
        resolve(identity)
    })
    .unwrap();
    assert_eq!(asked.len(), 3, "{asked:#?}");
}

#[test]
fn identities_are_told_apart_by_field() {
    let (_folder, lake) = lake();
    let mut lines = vec![line(1), line(2)];
    for (line, [title, artist]) in lines.iter_mut().zip([["ab", "c"], ["a", "bc"]]) {
        line.isrc = String::new();
        line.title = title.to_owned();
        line.artist = artist.to_owned();
    }
    let files = import(&lake, &lines);
    assert_eq!(lake.cells(&files, &Filter::all(), &mut resolve).unwrap().len(), 2);
}

#[test]
fn a_file_whose_sums_do_not_fit() {
    let (_folder, lake) = lake();
    let mut writer = lake.begin(REPORT).unwrap();
    for number in 1..=2 {
        writer.push(&Line { amount: huge(), ..line(number) }).unwrap();
    }
    assert!(matches!(writer.finish(), Err(LakeError::FileOverflow { column: "amount", .. })));
}

#[test]
fn a_cell_whose_sums_do_not_fit() {
    let (_folder, lake) = lake();
    // a partition that is closed and opened again has two files, each with a sum that fits
    let mut lines = vec![Line { usages: huge(), ..line(1) }];
    lines.extend((2..80).map(|number| Line { sender: format!("s{number}"), ..line(number) }));
    lines.push(Line { usages: huge(), ..line(80) });
    let files = import(&lake, &lines);
    let Err(LakeError::CellOverflow { column, key }) =
        lake.cells(&files, &Filter::all(), &mut resolve)
    else {
        panic!("the sum cannot fit");
    };
    assert_eq!((column, key.context.sender.as_str()), ("usages", "PADPIDA2013021901W"));
}

/// The largest number a line may have; twice that fits no sum.
const fn huge() -> Atoms {
    Atoms::from_raw(10_i128.pow(38) - 1)
}

/// The slow and plain way to the same cells.
fn model(lines: &[Line]) -> Cells {
    let mut cells: BTreeMap<CellKey, Cell> = BTreeMap::new();
    for line in lines {
        let context = Context {
            report: line.report.clone(),
            sender: line.sender.clone(),
            service: line.service.clone(),
            territory: line.territory.clone(),
            use_type: line.use_type.clone(),
            commercial_model: line.commercial_model.clone(),
            rights_type: line.rights_type,
            basis: line.basis,
            month: line.month(),
            subscribed: line.subscribed,
            currency: line.currency.filter(|_| line.basis != Basis::NoMoney),
            unit_price: None,
            price_category: String::new(),
        };
        let key = CellKey { context, target: resolve(line.identity()) };
        let cell = cells.entry(key.clone()).or_insert(Cell {
            key,
            usages: Atoms::ZERO,
            amount: Atoms::ZERO,
            lines: 0,
            first_line: line.line,
            last_line: line.line,
        });
        cell.usages = cell.usages.checked_add(line.usages).unwrap();
        cell.amount = cell.amount.checked_add(line.amount).unwrap();
        cell.lines += 1;
        cell.first_line = cell.first_line.min(line.line);
        cell.last_line = cell.last_line.max(line.line);
    }
    table(&cells.into_values().collect::<Vec<_>>())
}

fn any_line() -> impl Strategy<Value = Line> {
    (
        0..3_usize,
        0..2_usize,
        0..4_usize,
        1..=2_i8,
        prop::sample::select(Basis::ALL.to_vec()),
        prop::sample::select(RightsType::ALL.to_vec()),
        -(10_i128.pow(24))..10_i128.pow(24),
        prop::option::of(prop::sample::select(vec!["KRW", "USD"])),
    )
        .prop_map(|(report, sender, isrc, month, basis, rights_type, raw, code)| {
            let code = if basis == Basis::NoMoney { code } else { code.or(Some("KRW")) };
            Line {
                report: ["b", "a", REPORT][report].to_owned(),
                sender: ["", "가"][sender].to_owned(),
                isrc: ["", "KRA012100001", "KRA012100002", "USA012100001"][isrc].to_owned(),
                from: Date::constant(2021, month, 1),
                basis,
                rights_type,
                usages: Atoms::from_raw(raw),
                currency: code.and_then(|code| Currency::parse(code).ok()),
                amount: if basis == Basis::NoMoney { Atoms::ZERO } else { Atoms::from_raw(-raw) },
                ..line(0)
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn cells_do_not_depend_on_order(
        (lines, shuffled) in prop::collection::vec(any_line(), 1..60).prop_flat_map(|mut lines| {
            for (line, number) in lines.iter_mut().zip(1..) {
                line.line = number;
            }
            (Just(lines.clone()), Just(lines).prop_shuffle())
        }),
    ) {
        let expected = model(&lines);
        for order in [&lines, &shuffled] {
            let (_folder, lake) = lake();
            let mut files = Vec::new();
            for report in ["a", "b", REPORT] {
                let own: Vec<Line> =
                    order.iter().filter(|line| line.report == report).cloned().collect();
                files.extend(import(&lake, &own));
            }
            for _ in 0..2 {
                files.reverse();
                let cells = lake.cells(&files, &Filter::all(), &mut resolve).unwrap();
                prop_assert_eq!(&cells, &expected);
            }
        }
    }
}
