//! The statement: its bytes, its figures, its table.

use money::{Atoms, Currency, Ratio};
use proptest::prelude::*;
use sha2::Digest as _;

use crate::*;

fn atoms(text: &str) -> Atoms {
    Atoms::parse(text).unwrap()
}

fn ratio(text: &str) -> Ratio {
    Ratio::parse(text).unwrap()
}

/// A singer with half of what is left after a fee of 15 %, and an advance.
fn sample() -> Statement {
    Statement {
        account: "payee:singer".into(),
        balance: BalanceNote {
            carried: atoms("0.6125"),
            closing: atoms("325.6125"),
            earned: atoms("425.1125"),
            minimum: Atoms::ZERO,
            moved: atoms("-100"),
            opening: atoms("0.5"),
            payable: atoms("325"),
        },
        columns: Line::COLUMNS.map(str::to_owned).to_vec(),
        contexts: vec![ContextNote {
            commercial_model: "SubscriptionModel".into(),
            month: "2021-06".into(),
            price_category: String::new(),
            territory: "KR".into(),
            unit_price: String::new(),
            use_type: "OnDemandStream".into(),
        }],
        currency: Currency::parse("KRW").unwrap(),
        format: STATEMENT_FORMAT.into(),
        lines: vec![Line {
            source: 0,
            recording: 0,
            term: 0,
            context: 0,
            report_lines: 1,
            first_line: 12,
            last_line: 12,
            usages: atoms("1000"),
            reported: atoms("1000.2647058823529411"),
            received: atoms("1000.2647058823529411"),
            amount: atoms("425.112499999999999967"),
            rounded: Rounded::Down,
        }],
        movements: vec![MovementNote {
            agreement: "deal".into(),
            amount: atoms("-100"),
            kind: "recoup".into(),
            origin: "2021-07-01".into(),
            other: "advance:deal/a1/singer".into(),
            reference: "a1".into(),
        }],
        name: "Singer, \"가수\"".into(),
        open: vec![OpenNote {
            account: "advance:deal/a1/singer".into(),
            closing: atoms("900"),
            opening: atoms("1000"),
        }],
        operator: "Sample Music".into(),
        outside: vec![OutsideNote {
            about: "KR · OnDemandStream".into(),
            from: "2019-01-01".into(),
            licensed: atoms("105"),
            paid_by: "A society".into(),
            pipe: "society".into(),
            revenue: atoms("1000"),
            right: "work".into(),
            title: "Works, streamed".into(),
            until: String::new(),
            usages: atoms("150"),
        }],
        period: "2021-06".into(),
        recordings: vec![RecordingNote {
            artist: "Singer".into(),
            id: "song".into(),
            isrc: String::new(),
            title: "비와 당신".into(),
        }],
        settlement: "2021-06".into(),
        sources: vec![SourceNote {
            basis: "received".into(),
            because: String::new(),
            because_of: String::new(),
            currency: Currency::parse("KRW").unwrap(),
            licence: String::new(),
            licence_rate: Ratio::ONE,
            message_id: "M1".into(),
            rate: Ratio::ONE,
            rate_day: String::new(),
            rate_over: String::new(),
            rate_source: String::new(),
            report: "3f2a".into(),
            restated: String::new(),
            restates: String::new(),
            sender: "PADPIDA2013020802I".into(),
            service: "Sample".into(),
            sha256: "00".into(),
        }],
        terms: vec![TermNote {
            agreement: "deal".into(),
            fraction: ratio("17/40"),
            kind: "profit-share".into(),
            measure: Measure::Received,
            of: ratio("17/20"),
            rate: ratio("1/2"),
            term: "t1".into(),
            words: "half of what is left".into(),
        }],
    }
}

/// The sample with figures that hold.
fn whole() -> Statement {
    let mut it = sample();
    let exact = it.lines[0].received.mul_ratio(ratio("17/40"), money::Rounding::Down).unwrap();
    it.lines[0].amount = exact;
    it.balance.earned = exact;
    it.balance.closing =
        exact.checked_add(atoms("0.5")).unwrap().checked_sub(atoms("100")).unwrap();
    let (payable, carried) = payable(it.balance.closing, it.currency, Atoms::ZERO);
    it.balance.payable = payable;
    it.balance.carried = carried;
    let up = it.lines[0].received.mul_ratio(ratio("17/40"), money::Rounding::Ceil).unwrap();
    it.lines[0].rounded = if up == exact { Rounded::Exact } else { Rounded::Down };
    it
}

#[test]
fn canonical_bytes_have_sorted_keys_and_read_back() {
    let statement = whole();
    let bytes = statement.canonical();
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    fn sorted(value: &serde_json::Value) -> String {
        use serde_json::Value;
        match value {
            Value::Object(map) => {
                let mut keys: Vec<_> = map.iter().collect();
                keys.sort_by_key(|(key, _)| key.as_str());
                let inner: Vec<_> = keys
                    .iter()
                    .map(|(key, it)| format!("{}:{}", Value::from(key.as_str()), sorted(it)))
                    .collect();
                format!("{{{}}}", inner.join(","))
            }
            Value::Array(list) => {
                format!("[{}]", list.iter().map(sorted).collect::<Vec<_>>().join(","))
            }
            it => it.to_string(),
        }
    }
    assert_eq!(sorted(&value), String::from_utf8(bytes.clone()).unwrap());
    assert_eq!(Statement::parse(&bytes).unwrap(), statement);
}

#[test]
fn a_statement_that_does_not_close_is_refused() {
    let check = |change: fn(&mut Statement), expected: expect_test::Expect| {
        let mut it = whole();
        change(&mut it);
        expected.assert_eq(&it.check().unwrap_err().to_string());
    };
    whole().check().unwrap();
    check(
        |it| it.balance.opening = atoms("1"),
        expect_test::expect![
            "the closing balance is 325.612499999999999967, but its parts make 326.112499999999999967"
        ],
    );
    check(
        |it| it.terms[0].rate = ratio("1/3"),
        expect_test::expect!["the fraction of term t1 of agreement deal is not rate times base"],
    );
    check(
        |it| (it.terms[0].rate, it.terms[0].of) = (ratio("17/80"), ratio("2")),
        expect_test::expect!["term t1 of agreement deal applies to more than all there is"],
    );
    check(
        |it| it.lines[0].received = atoms("1"),
        expect_test::expect!["line 1: received 1, but the licence gives 1000.2647058823529411"],
    );
    check(
        |it| it.lines[0].rounded = Rounded::Up,
        expect_test::expect![
            "line 1: amount 425.112499999999999967, but 1000.2647058823529411 times 17/40 does not round there"
        ],
    );
    check(
        |it| it.lines[0].term = 1,
        expect_test::expect!["line 1 refers to a term that is not in the statement"],
    );
    check(
        |it| it.movements[0].amount = atoms("-90"),
        expect_test::expect!["what stands open is 900, but its parts make 910"],
    );
    check(
        |it| it.movements.clear(),
        expect_test::expect!["what stands open is 900, but its parts make 1000"],
    );
    check(
        |it| {
            it.open[0].account = "advance-from:d1".into();
            (it.open[0].opening, it.open[0].closing) = (atoms("100"), atoms("-1"));
        },
        expect_test::expect!["what stands open is -1, but its parts make 0"],
    );
    check(
        |it| (it.open[0].closing, it.movements[0].amount) = (atoms("-1"), atoms("-1001")),
        expect_test::expect!["what stands open is -1, but its parts make 0"],
    );
}

/// A dollar is 1080.35 won: 0.9259 dollars and some atoms are a little more than 1000 won.
#[test]
fn what_came_in_another_currency_is_checked_with_its_rate() {
    let exchanged = |rate: &str, day: &str| {
        let mut it = whole();
        let source = &mut it.sources[0];
        source.currency = Currency::parse("USD").unwrap();
        source.rate = ratio(rate);
        source.rate_day = day.into();
        source.rate_source = "European Central Bank (ecb)".into();
        let received = atoms("0.925872823349612105");
        it.lines[0].reported = received;
        it.lines[0].received = received;
        let won = it.sources[0].exchanged(received).unwrap();
        let share = |rounding| won.mul_ratio(ratio("17/40"), rounding).unwrap();
        it.lines[0].amount = share(money::Rounding::Down);
        let exact = share(money::Rounding::Ceil) == it.lines[0].amount;
        it.lines[0].rounded = if exact { Rounded::Exact } else { Rounded::Down };
        it.balance.earned = it.lines[0].amount;
        let closing = it.balance.earned.checked_sub(atoms("99.5")).unwrap();
        it.balance.closing = closing;
        (it.balance.payable, it.balance.carried) = payable(closing, it.currency, Atoms::ZERO);
        it
    };
    exchanged("1080.35", "2021-06-30").check().unwrap();
    let said = |it: &Statement| it.check().unwrap_err().to_string();
    let mut other = exchanged("1080.35", "2021-06-30");
    other.sources[0].rate = ratio("1080.36");
    expect_test::expect!["line 1: amount 425.113349499945210995, but 1000.275963433986933758 times 17/40 does not round there"].assert_eq(&said(&other));
    expect_test::expect![
        "report 3f2a brought USD, and its exchange rate is not told as it has to be"
    ]
    .assert_eq(&said(&exchanged("1080.35", "")));
    let mut own = whole();
    own.sources[0].rate_day = "2021-06-30".into();
    expect_test::expect![
        "report 3f2a brought KRW, and its exchange rate is not told as it has to be"
    ]
    .assert_eq(&said(&own));
    let table = write_csv(&exchanged("1080.35", "2021-06-30"));
    assert!(
        table.contains(",USD,21607/20,2021-06-30,,European Central Bank (ecb),1000.2667"),
        "{table}"
    );
}

#[test]
fn a_royalty_on_the_price_is_checked_by_the_price() {
    // 3 of 2.50 published, 10 % of three quarters of it: 0.5625; of what came in nobody asks.
    let mut it = whole();
    it.contexts[0].unit_price = "2.5".into();
    it.terms[0] = TermNote {
        kind: "royalty-rate".into(),
        measure: Measure::Price,
        rate: ratio("1/10"),
        of: ratio("3/4"),
        fraction: ratio("3/40"),
        ..it.terms[0].clone()
    };
    let line = &mut it.lines[0];
    (line.usages, line.amount, line.rounded) = (atoms("3"), atoms("0.5625"), Rounded::Exact);
    it.balance = BalanceNote {
        carried: atoms("-98.9375"),
        closing: atoms("-98.9375"),
        earned: atoms("0.5625"),
        payable: Atoms::ZERO,
        ..it.balance
    };
    it.check().unwrap();
    let mut borne = it.clone();
    borne.terms[0].kind = TermNote::PRICE_BORNE.into();
    assert!(matches!(borne.check(), Err(CheckError::Amount { .. })));
    borne.lines[0].amount = atoms("-0.5625");
    assert!(matches!(borne.check(), Err(CheckError::Sum { .. })));
    it.contexts[0].unit_price = String::new();
    assert_eq!(it.check(), Err(CheckError::NoPrice { line: 1 }));
}

#[test]
fn the_table_for_spreadsheets_disarms_formulas() {
    let mut it = whole();
    it.recordings[0].title = "=1+1".into();
    assert!(write_csv(&it).contains(",\"'=1+1\","));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Statement::parse(&bytes).is_err());
        prop_assert!(verify(&bytes, &Trust::Nothing).is_err());
    }

    #[test]
    fn a_changed_byte_is_another_statement_or_none(
        at in any::<prop::sample::Index>(),
        flip in 1_u8..=255,
    ) {
        let whole = whole();
        let mut bytes = whole.canonical();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(other) = Statement::parse(&bytes) {
            prop_assert_ne!(&other, &whole);
            prop_assert_eq!(other.canonical(), bytes);
        }
    }
}

/// The vector of the specification holds, and what it has to be is told where it does not.
#[test]
fn the_specification_tells_the_truth() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/spec/statement-v2.md");
    let page = std::fs::read_to_string(folder).unwrap();
    let (_, vector) = page.split_once("## Vector").unwrap();
    let json = vector.split_once("```json\n").and_then(|it| it.1.split_once("\n```")).unwrap().0;
    let statement = Statement::parse(json.as_bytes()).unwrap();
    statement.check().unwrap();
    let thousands = |it: usize| format!("{},{:03} bytes", it / 1000, it % 1000);
    for it in [thousands(json.len()), hex(&sha2::Sha256::digest(json.as_bytes()))] {
        assert!(vector.contains(&it), "the specification has to say {it}");
    }
}
