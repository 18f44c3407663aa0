//! What is written is what any reader of Parquet reads.

use std::sync::Arc;

use money::{Atoms, Currency};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use usage::{Basis, LineBatch, LineReader, Offer, RightsType, Row, Subject};

use super::LineFile;

fn offer(number: usize) -> Arc<Offer> {
    let money = !number.is_multiple_of(3);
    Arc::new(Offer {
        sender: "s".to_owned(),
        service: format!("service {}", number % 2),
        territory: ["KR", "US", "JP", ""][number % 4].to_owned(),
        use_type: "OnDemandStream".to_owned(),
        commercial_model: format!("m{number}"),
        rights_type: RightsType::ALL[number % 4],
        basis: if money { Basis::Received } else { Basis::NoMoney },
        from: period::Date::constant(2021, 6, 1),
        until: period::Date::constant(2021, 7, 1),
        currency: if money { Currency::parse("KRW").ok() } else { None },
        subscribed: None,
        adjustment: String::new(),
        unit_price: [None, Some(Atoms::from_raw(9)), Some(Atoms::from_units(7))][number % 3],
        price_category: ["", "mid-price"][number % 2].to_owned(),
        corrects: String::new(),
    })
}

fn subject(number: usize) -> Arc<Subject> {
    let isrc = format!("KRA01210{number:04}");
    Arc::new(Subject { isrc, title: format!("봄 {}", number % 7), ..Subject::default() })
}

/// Lines as drawn: offer, subject, usages, amount.
type Drawn = (usize, usize, i64, i128);

fn check(groups: &[Vec<Drawn>]) {
    let (offers, subjects): (Vec<_>, Vec<_>) =
        ((0..9).map(offer).collect(), (0..300).map(subject).collect());
    let mut file = LineFile::create(Vec::new()).unwrap();
    let mut expected = Vec::new();
    for (group, lines) in groups.iter().enumerate() {
        let mut batch = LineBatch::new("r");
        for (number, (offer, subject, usages, amount)) in (1_u64..).zip(lines) {
            let offer = &offers[*offer];
            let row = Row {
                file: u16::try_from(group).unwrap(),
                line: number * 2,
                transaction: &format!("T{}", number * 7),
                offer,
                subject: &subjects[*subject],
                usages: Atoms::from_raw(i128::from(*usages)),
                amount: Atoms::from_raw(if offer.currency.is_some() { *amount } else { 0 }),
            };
            batch.push_row(&row).unwrap();
            expected.push(row.to_line("r"));
        }
        file.write(&batch.finish().unwrap()).unwrap();
    }
    let bytes = bytes::Bytes::from(file.into_inner().unwrap());
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
    assert_eq!(reader.schema().fields(), usage::schema().fields());
    let mut found = Vec::new();
    for batch in reader.with_batch_size(100).build().unwrap() {
        found.extend(LineReader::try_new(&batch.unwrap()).unwrap().lines());
    }
    assert!(found == expected, "lines differ from what was written");
}

#[test]
fn more_distinct_numbers_than_a_dictionary_holds() {
    let lines = (0_usize..40_000).zip(0_i32..);
    let lines = lines.map(|(n, m)| (n % 9, n % 300, i64::MAX - i64::from(m), i128::from(m)));
    check(&[lines.collect()]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn row_groups_come_back(
        groups in prop::collection::vec(
            prop::collection::vec((0_usize..9, 0_usize..300, -5_i64..5, any::<i64>()), 1..200),
            1..4,
        ),
    ) {
        let wide = |(a, b, c, d): (usize, usize, i64, i64)| (a, b, c, i128::from(d) << 40);
        let groups: Vec<Vec<Drawn>> =
            groups.into_iter().map(|it| it.into_iter().map(wide).collect()).collect();
        check(&groups);
    }
}
