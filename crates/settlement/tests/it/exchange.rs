//! Exchanges by hand, and what they do not touch.

use catalog::{Catalog, DAYS_MAX, Licence, RateDay, RateTable, Rates, RightsType, SettledIn};
use ident::{AgreementId, RateTableId};
use money::{Currency, Ratio};
use period::{Month, parse_date};
use settlement::Rulings;
use testkit::{Books, Cell, Chapter};
use usage::Basis;

use crate::golden::{catalog, cell, deal};

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

/// Half for the artist, settled in won; a dollar is so many won on the last day of June.
fn in_won(rate: &str) -> Catalog {
    let mut catalog = catalog(&deal(&[("profit-share", "artist", "50%", "")], ""));
    let id = RateTableId::parse("bank").unwrap();
    let mut rates = Rates::default();
    let day = parse_date("2021-06-30").unwrap();
    rates.add((currency("USD"), currency("KRW")), day, Ratio::parse(rate).unwrap());
    let (title, source) = ("Bank".to_owned(), "made up".to_owned());
    let table = RateTable { id: id.clone(), title, source, days_max: DAYS_MAX, rates };
    catalog.rate_tables.insert(id.clone(), table);
    let settled_in =
        SettledIn { currency: currency("KRW"), rates: id, rate_day: RateDay::MonthEnd };
    for it in catalog.agreements.values_mut() {
        it.settled_in = Some(settled_in.clone());
    }
    catalog
}

/// What June leaves in the book: `CURRENCY account atoms` a line.
fn june(catalog: &Catalog, rulings: &Rulings, cells: &[Cell]) -> String {
    let mut books = Books::default();
    let chapter = Chapter {
        period: Month::parse("2021-06").unwrap().period(),
        catalog: catalog.clone(),
        rulings: rulings.clone(),
        known: Vec::new(),
        open: cells.to_vec(),
    };
    let (_, differences) = books.settle(&chapter).unwrap();
    assert_eq!(differences, Vec::<String>::new());
    books.due.iter().map(|(account, sum)| format!("{account} {sum}\n")).collect()
}

/// A third of 10 atoms of dollars is 3 by licence, and 3 × 1.5 = 4.5 atoms of won are 4: each step is
/// rounded for itself, half to even.
#[test]
fn a_licence_rounds_before_an_exchange() {
    let mut catalog = in_won("1.5");
    let id = AgreementId::parse("melody").unwrap();
    let licence = Licence {
        id: id.clone(),
        title: "Melody".to_owned(),
        payer: "PADPIDA0000000001A".to_owned(),
        rights_type: RightsType::Master,
        rate: Ratio::parse("1/3").unwrap(),
        condition: catalog::Condition::default(),
        note: String::new(),
    };
    catalog.licences.insert(id, licence);
    let mut used = cell("0.00000000000000001", "USD", "2021-06");
    used.key.context.basis = Basis::ServiceNet;
    expect_test::expect![[r#"
        KRW exchange -4
        KRW payee:artist 2
        KRW retained 2
        USD exchange 3
        USD received:PADPIDA0000000001A -3
    "#]]
    .assert_eq(&june(&catalog, &Rulings::default(), &[used]));
}

/// What is disputed waits in the currency that it came in, whatever its rate would be.
#[test]
fn what_waits_for_another_reason_is_not_exchanged() {
    let used = cell("0.000000000000000007", "USD", "2021-06");
    let mut rulings = Rulings::default();
    rulings.disputed.insert((used.key.context.report.clone(), used.key.target.clone()));
    expect_test::expect![[r#"
        USD received:PADPIDA0000000001A -7
        USD suspense:disputed 7
    "#]]
    .assert_eq(&june(&in_won("1100"), &rulings, &[used]));
}

/// A return is exchanged as the sale was, and leaves nothing.
#[test]
fn a_return_takes_back_what_the_sale_gave() {
    let mut sale = cell("0.000000000000000007", "USD", "2021-06");
    let mut back = cell("-0.000000000000000007", "USD", "2021-06");
    (sale.key.context.territory, back.key.context.territory) = ("US".into(), "CA".into());
    expect_test::expect![""].assert_eq(&june(&in_won("1.5"), &Rulings::default(), &[sale, back]));
}
