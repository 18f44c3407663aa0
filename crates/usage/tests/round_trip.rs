//! Usage lines through record batches and back.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Date32Array, DictionaryArray, Int64Array, StringArray};
use arrow_schema::{DataType, Field, Schema};
use expect_test::{Expect, expect};
use money::{Atoms, Currency};
use period::{Date, Month};
use proptest::prelude::*;
use usage::{
    Basis, BatchError, CELL_COLUMNS, Columns, Line, LineBatch, LineReader, RightsType, Row, column,
    schema,
};

/// The largest number a decimal column holds, in atoms.
const RAW_MAX: i128 = 10_i128.pow(38) - 1;

fn sample() -> Line {
    Line {
        report: "5d41402abc4b2a76".to_owned(),
        line: 14,
        file: 2,
        transaction: "T1".to_owned(),
        sender: "PADPIDA2013021901W".to_owned(),
        service: "Melody".to_owned(),
        territory: "KR".to_owned(),
        use_type: "OnDemandStream".to_owned(),
        commercial_model: "SubscriptionModel".to_owned(),
        rights_type: RightsType::Master,
        basis: Basis::Received,
        from: Date::constant(2021, 6, 1),
        until: Date::constant(2021, 7, 1),
        isrc: "KRA012100001".to_owned(),
        icpn: String::new(),
        resource_id: "r1".to_owned(),
        title: "강 너머".to_owned(),
        artist: "Han".to_owned(),
        usages: Atoms::from_units(1200),
        currency: Some(Currency::parse("KRW").unwrap()),
        amount: Atoms::parse("8400.25").unwrap(),
        unit_price: Atoms::parse("9.75").ok(),
        price_category: "mid-price".to_owned(),
        subscribed: None,
        adjustment: String::new(),
        corrects: String::new(),
    }
}

fn batch(lines: &[Line]) -> RecordBatch {
    let mut batch = LineBatch::new(lines.first().map_or("", |line| &line.report));
    for line in lines {
        batch.push(line).unwrap();
    }
    assert_eq!(batch.len(), lines.len());
    let finished = batch.finish().unwrap();
    assert!(batch.is_empty());
    finished
}

fn any_date() -> impl Strategy<Value = Date> {
    (-9999_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Date::constant(y, m, d))
}

fn any_money() -> impl Strategy<Value = (Basis, Option<Currency>, Atoms)> {
    let raw = prop_oneof![-RAW_MAX..=RAW_MAX, Just(RAW_MAX), Just(-RAW_MAX), -9_i128..9];
    let code = prop_oneof![Just("KRW"), Just("USD"), Just("KWD")];
    (0..4_usize, code, raw).prop_map(|(case, code, raw)| {
        let currency = Currency::parse(code).ok();
        match case {
            0 => (Basis::NoMoney, None, Atoms::ZERO),
            1 => (Basis::NoMoney, currency, Atoms::ZERO),
            2 => (Basis::Received, currency, Atoms::from_raw(raw)),
            _ => (Basis::ServiceNet, currency, Atoms::from_raw(raw)),
        }
    })
}

prop_compose! {
    fn any_line()(
        texts in prop::array::uniform15(".{0,6}"),
        line in any::<u64>(),
        file in any::<u16>(),
        rights_type in prop::sample::select(RightsType::ALL.to_vec()),
        from in any_date(),
        until in any_date(),
        raw in -RAW_MAX..=RAW_MAX,
        unit_price in prop::option::of((-RAW_MAX..=RAW_MAX).prop_map(Atoms::from_raw)),
        (basis, currency, amount) in any_money(),
        subscribed in prop::option::of((1_i16..=9999, 1_i8..=12)),
    ) -> Line {
        let [report, transaction, sender, service, territory, use_type, commercial_model,
            isrc, icpn, resource_id, title, artist, adjustment, corrects, price_category] = texts;
        Line {
            report, line, file, transaction, sender, service, territory, use_type,
            commercial_model, rights_type, basis, from, until, isrc, icpn, resource_id, title,
            artist, usages: Atoms::from_raw(raw), currency, amount,
            unit_price, price_category,
            subscribed: subscribed.and_then(|(year, month)| Month::new(year, month)),
            adjustment, corrects,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lines_survive(mut lines in prop::collection::vec(any_line(), 0..20)) {
        // A batch is of one report.
        let report = lines.first().map_or_else(String::new, |line| line.report.clone());
        lines.iter_mut().for_each(|line| line.report.clone_from(&report));
        // Neighbours share parts, as those of a report do.
        lines = lines.into_iter().flat_map(|line| [line.clone(), line]).collect();
        let batch = batch(&lines);
        let reader = LineReader::try_new(&batch).unwrap();
        prop_assert_eq!(&reader.lines().collect::<Vec<_>>(), &lines);
        for (row, line) in lines.iter().enumerate() {
            prop_assert_eq!(reader.columns().identity(row), line.identity());
            prop_assert_eq!(reader.columns().month(row), line.month());
        }
    }
}

#[test]
fn schema_is_stable() {
    let found: Vec<String> = schema()
        .fields()
        .iter()
        .map(|field| {
            let null = if field.is_nullable() { ", nullable" } else { "" };
            format!("{}: {}{null}", field.name(), field.data_type())
        })
        .collect();
    expect![[r#"
        report: Dictionary(Int32, Utf8)
        file: UInt16
        line: UInt64
        transaction: Utf8
        sender: Dictionary(Int32, Utf8)
        service: Dictionary(Int32, Utf8)
        territory: Dictionary(Int32, Utf8)
        use_type: Dictionary(Int32, Utf8)
        commercial_model: Dictionary(Int32, Utf8)
        rights_type: Dictionary(Int32, Utf8)
        basis: Dictionary(Int32, Utf8)
        from: Date32
        until: Date32
        isrc: Dictionary(Int32, Utf8)
        icpn: Dictionary(Int32, Utf8)
        resource_id: Dictionary(Int32, Utf8)
        title: Dictionary(Int32, Utf8)
        artist: Dictionary(Int32, Utf8)
        usages: Decimal128(38, 18)
        currency: Dictionary(Int32, Utf8), nullable
        amount: Decimal128(38, 18)
        unit_price: Decimal128(38, 18), nullable
        price_category: Dictionary(Int32, Utf8), nullable
        adjustment: Dictionary(Int32, Utf8)
        corrects: Dictionary(Int32, Utf8)
        subscribed: Dictionary(Int32, Utf8), nullable
    "#]]
    .assert_eq(&(found.join("\n") + "\n"));
}

#[test]
fn cell_columns_are_columns() {
    let schema = schema();
    assert!(CELL_COLUMNS.iter().all(|name| schema.index_of(name).is_ok()));
    let without_rest: Vec<usize> =
        CELL_COLUMNS.iter().map(|name| schema.index_of(name).unwrap()).collect();
    let narrow = batch(&[sample()]).project(&without_rest).unwrap();
    assert!(Columns::try_new(&narrow).is_ok());
    assert_eq!(
        LineReader::try_new(&narrow).err(),
        Some(BatchError::Missing { column: column::FILE })
    );
}

#[test]
fn a_batch_from_before_there_were_prices_is_read() {
    let now = batch(&[sample()]);
    let old: Vec<usize> = (0..now.num_columns())
        .filter(|at| !now.schema().field(*at).name().contains("price"))
        .collect();
    let old = now.project(&old).unwrap();
    let expected = Line { unit_price: None, price_category: String::new(), ..sample() };
    assert_eq!(LineReader::try_new(&old).unwrap().lines().next(), Some(expected));
}

#[test]
fn files_from_before_there_was_a_column_are_read() {
    let whole = batch(&[sample()]);
    let subscribed = whole.schema().index_of(column::SUBSCRIBED).unwrap();
    let older: Vec<usize> = (0..whole.num_columns()).filter(|it| *it != subscribed).collect();
    let older = whole.project(&older).unwrap();
    assert_eq!(LineReader::try_new(&older).unwrap().lines().next(), Some(sample()));
}

fn check_refused(change: impl FnOnce(&mut Line), expected: Expect) {
    let mut line = sample();
    change(&mut line);
    let mut batch = LineBatch::new(&line.report);
    let error = batch.push(&line).unwrap_err();
    assert!(batch.is_empty());
    assert_eq!(batch.finish().unwrap().num_rows(), 0);
    expected.assert_eq(&error.to_string());
}

#[test]
fn lines_that_do_not_fit() {
    check_refused(
        |line| line.usages = Atoms::from_raw(RAW_MAX + 1),
        expect!["usages of line 14 needs more than 38 digits"],
    );
    check_refused(
        |line| line.amount = Atoms::from_raw(i128::MIN),
        expect!["amount of line 14 needs more than 38 digits"],
    );
    check_refused(
        |line| line.basis = Basis::NoMoney,
        expect!["line 14 has an amount but its basis is none"],
    );
    check_refused(|line| line.currency = None, expect!["line 14 has an amount but no currency"]);
}

fn check_batch(name: &str, column: ArrayRef, expected: Expect) {
    let good = batch(&[sample()]);
    let index = good.schema().index_of(name).unwrap();
    let mut fields: Vec<Field> =
        good.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    let mut columns = good.columns().to_vec();
    fields[index] = Field::new(name, column.data_type().clone(), true);
    columns[index] = column;
    let bad = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap();
    expected.assert_eq(&LineReader::try_new(&bad).unwrap_err().to_string());
}

fn token(text: &str) -> ArrayRef {
    Arc::new([text].into_iter().collect::<DictionaryArray<Int32Type>>())
}

#[test]
fn batches_that_do_not_fit() {
    check_batch(
        column::LINE,
        Arc::new(Int64Array::from(vec![1])),
        expect!["column line has type Int64"],
    );
    check_batch(
        column::TITLE,
        Arc::new(DictionaryArray::<Int32Type>::from_iter([None::<&str>])),
        expect!["column title has nulls"],
    );
    check_batch(
        column::SENDER,
        Arc::new(StringArray::from(vec!["s"])),
        expect!["column sender has type Utf8"],
    );
    check_batch(
        column::BASIS,
        token("mine"),
        expect!["column basis holds 'mine', which is outside its vocabulary"],
    );
    check_batch(
        column::RIGHTS_TYPE,
        token(""),
        expect!["column rights_type holds '', which is outside its vocabulary"],
    );
    check_batch(
        column::CURRENCY,
        token("ZZZ"),
        expect!["column currency holds 'ZZZ', which is outside its vocabulary"],
    );
    check_batch(
        column::SUBSCRIBED,
        token("2018"),
        expect!["column subscribed holds '2018', which is outside its vocabulary"],
    );
    check_batch(
        column::FROM,
        Arc::new(Date32Array::from(vec![i32::MAX])),
        expect!["column from holds day 2147483647, which is outside the calendar"],
    );
    let narrow =
        arrow_array::Decimal128Array::from(vec![1]).with_precision_and_scale(20, 2).unwrap();
    check_batch(
        column::AMOUNT,
        Arc::new(narrow),
        expect!["column amount has type Decimal128(20, 2)"],
    );
    assert_eq!(schema().field_with_name(column::FROM).unwrap().data_type(), &DataType::Date32);
}

#[test]
fn tokens_are_read_back() {
    for basis in Basis::ALL {
        assert_eq!(Basis::parse(basis.as_str()), Ok(basis));
    }
    for rights_type in RightsType::ALL {
        assert_eq!(rights_type.to_string().parse(), Ok(rights_type));
    }
    expect!["not a basis token"].assert_eq(&Basis::parse("None").unwrap_err().to_string());
}

#[test]
fn rows_with_shared_parts_say_the_same_as_lines() {
    let line = sample();
    let (offer, subject) = line.parts();
    let (offer, subject) = (Arc::new(offer), Arc::new(subject));
    let row = Row {
        file: line.file,
        line: line.line,
        transaction: &line.transaction,
        offer: &offer,
        subject: &subject,
        usages: line.usages,
        amount: line.amount,
    };
    assert_eq!(row.to_line(&line.report), line);
    let mut rows = LineBatch::new(&line.report);
    rows.push_row(&row).unwrap();
    rows.push_row(&row).unwrap();
    assert_eq!(rows.finish().unwrap(), batch(&[line.clone(), line]));
}
