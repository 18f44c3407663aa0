//! Sums that people computed by hand.

use std::collections::BTreeMap;

use catalog::Catalog;
use expect_test::{Expect, expect};
use ident::RecordingId;
use ledger::TrialBalance;
use money::{Atoms, Currency};
use period::Month;
use settlement::Rulings;
use testkit::{Books, Cell, Chapter};
use usage::{Basis, CellKey, Context, RightsType, Target};

/// One recording, a party for each payee that the agreements name, and the agreements.
pub(crate) fn catalog(deals: &str) -> Catalog {
    let payees = deals.lines().filter_map(|line| line.strip_prefix("payee = \"")).map(|it| {
        let id = it.trim_end_matches('"');
        (id, format!("[[party]]\nid = \"{id}\"\nkind = \"person\"\nnames = {{ en = \"{id}\" }}\n"))
    });
    let parties: BTreeMap<&str, String> = payees.collect();
    let recording = "[[recording]]\nid = \"song\"\nisrc = \"ZZTST2100001\"\ntitles = { en = \"Song\" }\nartist = \"Artist\"\n";
    let files = BTreeMap::from([
        ("parties.toml".to_owned(), parties.into_values().collect()),
        ("recordings.toml".to_owned(), recording.to_owned()),
        ("agreements.toml".to_owned(), deals.to_owned()),
    ]);
    let (catalog, findings) = catalog::read_files(&files);
    assert!(findings.is_empty(), "{findings:?}");
    catalog
}

pub(crate) fn cell(amount: &str, currency: &str, month: &str) -> Cell {
    let context = Context {
        report: "0123456789abcdef".to_owned(),
        sender: "PADPIDA0000000001A".to_owned(),
        service: "Melody".to_owned(),
        territory: "KR".to_owned(),
        use_type: "OnDemandStream".to_owned(),
        commercial_model: "SubscriptionModel".to_owned(),
        rights_type: RightsType::Master,
        basis: Basis::Received,
        month: Month::parse(month).unwrap(),
        subscribed: None,
        currency: Some(Currency::parse(currency).unwrap()),
        unit_price: None,
        price_category: String::new(),
    };
    let key = CellKey { context, target: Target::Recording(RecordingId::parse("song").unwrap()) };
    let amount = Atoms::parse(amount).unwrap();
    Cell { key, usages: Atoms::ONE, amount, lines: 1, first_line: 1, last_line: 1 }
}

/// An agreement over everything, with these terms: kind, payee, rate, base.
pub(crate) fn deal(terms: &[(&str, &str, &str, &str)], advances: &str) -> String {
    let mut text = "[[agreement]]\nid = \"deal\"\ntitle = \"Deal\"\nrights_type = \"master\"\nfrom = 2019-01-01\nall = true\n".to_owned();
    for (number, (kind, payee, rate, base)) in terms.iter().enumerate() {
        text += &format!(
            "\n[[agreement.term]]\nid = \"t{number}\"\nkind = \"{kind}\"\npayee = \"{payee}\"\nrate = \"{rate}\"\n"
        );
        if !base.is_empty() {
            text += &format!("base = \"{base}\"\n");
        }
    }
    text + advances
}

/// Every account with what each month did to it, month after month.
fn check(deals: &str, cells: &[Cell], expected: &Expect) {
    let catalog = catalog(deals);
    let mut text = String::new();
    let (mut books, mut known) = (Books::default(), Vec::new());
    let mut months: Vec<Month> = cells.iter().map(|it| it.key.context.month).collect();
    months.dedup();
    for month in months {
        let open: Vec<Cell> =
            cells.iter().filter(|it| it.key.context.month == month).cloned().collect();
        let chapter = Chapter {
            period: month.period(),
            catalog: catalog.clone(),
            rulings: Rulings::default(),
            known: known.clone(),
            open,
        };
        let (outcome, differences) = books.settle(&chapter).unwrap();
        assert_eq!(differences, Vec::<String>::new());
        let mut book = TrialBalance::default();
        outcome.entries.iter().for_each(|it| book.add(it).unwrap());
        text += &format!("{month}\n");
        for (account, currency, balance) in book.iter() {
            text += &format!("  {account} {currency} {}\n", balance.due().unwrap());
        }
        known.extend(chapter.open);
    }
    expected.assert_eq(&text);
}

/// 10 % and then 20 % leave 72 %, not 70 %.
#[test]
fn a_fee_and_then_a_part_of_the_rest() {
    let one = [cell("100", "KRW", "2021-06")];
    let terms = [
        ("fee", "distributor", "10%", ""),
        ("royalty-rate", "manager", "20%", "net-of-fees"),
        ("profit-share", "artist", "100%", ""),
    ];
    check(
        &deal(&terms, ""),
        &one,
        &expect![[r#"
        2021-06
          fee:distributor KRW 10
          payee:artist KRW 72
          payee:manager KRW 18
          received:PADPIDA0000000001A KRW -100
    "#]],
    );
    let both_off_the_top = [
        ("fee", "distributor", "10%", ""),
        ("royalty-rate", "manager", "20%", ""),
        ("profit-share", "artist", "100%", ""),
    ];
    check(
        &deal(&both_off_the_top, ""),
        &one,
        &expect![[r#"
        2021-06
          fee:distributor KRW 10
          payee:artist KRW 70
          payee:manager KRW 20
          received:PADPIDA0000000001A KRW -100
    "#]],
    );
}

/// 10,000 paid ahead and 15,000 earned leave 5,000 due; what is not earned yet is carried.
#[test]
fn an_advance_is_recouped_before_anything_is_due() {
    let advance = "\n[[agreement.advance]]\nid = \"a1\"\npayee = \"artist\"\namount = \"10000\"\ncurrency = \"USD\"\npaid = 2021-01-15\n";
    let deals = deal(&[("royalty-rate", "artist", "50%", "")], advance);
    check(
        &deals,
        &[cell("30000", "USD", "2021-06")],
        &expect![[r#"
            2021-06
              advance:deal/a1/artist USD 0
              cash USD 10000
              payee:artist USD 5000
              received:PADPIDA0000000001A USD -30000
              retained USD 15000
        "#]],
    );
    let slow = [
        cell("12000", "USD", "2021-06"),
        cell("-400", "USD", "2021-07"),
        cell("5000000", "KRW", "2021-08"),
        cell("18000", "USD", "2021-09"),
    ];
    check(
        &deals,
        &slow,
        &expect![[r#"
            2021-06
              advance:deal/a1/artist USD -4000
              cash USD 10000
              payee:artist USD 0
              received:PADPIDA0000000001A USD -12000
              retained USD 6000
            2021-07
              payee:artist USD -200
              received:PADPIDA0000000001A USD 400
              retained USD -200
            2021-08
              payee:artist KRW 2500000
              received:PADPIDA0000000001A KRW -5000000
              retained KRW 2500000
            2021-09
              advance:deal/a1/artist USD 4000
              payee:artist USD 5000
              received:PADPIDA0000000001A USD -18000
              retained USD 9000
        "#]],
    );
}

/// Of a Korean stream of 7 won since 2019: service 35, master 48.25, authors 10.5, performers 6.25.
#[test]
fn a_korean_stream() {
    let terms = [
        ("fee", "service", "35%", ""),
        ("royalty-rate", "producer", "48.25%", ""),
        ("royalty-rate", "authors", "10.5%", ""),
        ("royalty-rate", "performers", "6.25%", ""),
    ];
    check(
        &deal(&terms, ""),
        &[cell("7", "KRW", "2021-06")],
        &expect![[r#"
        2021-06
          fee:service KRW 2.45
          payee:authors KRW 0.735
          payee:performers KRW 0.4375
          payee:producer KRW 3.3775
          received:PADPIDA0000000001A KRW -7
    "#]],
    );
}

/// Lyricist, composer and arranger share the authors' 10.5 % by 5 : 5 : 2.
#[test]
fn the_authors_part() {
    let terms = [
        ("royalty-rate", "lyricist", "4.375%", ""),
        ("royalty-rate", "composer", "4.375%", ""),
        ("royalty-rate", "arranger", "1.75%", ""),
    ];
    check(
        &deal(&terms, ""),
        &[cell("100", "KRW", "2021-06")],
        &expect![[r#"
        2021-06
          payee:arranger KRW 1.75
          payee:composer KRW 4.375
          payee:lyricist KRW 4.375
          received:PADPIDA0000000001A KRW -100
          retained KRW 89.5
    "#]],
    );
    let twelfths = [
        ("profit-share", "lyricist", "5/12", ""),
        ("profit-share", "composer", "5/12", ""),
        ("profit-share", "arranger", "2/12", ""),
    ];
    let odd = [cell("10.5", "KRW", "2021-06"), cell("0.000000000000000007", "KRW", "2021-07")];
    check(
        &deal(&twelfths, ""),
        &odd,
        &expect![[r#"
        2021-06
          payee:arranger KRW 1.75
          payee:composer KRW 4.375
          payee:lyricist KRW 4.375
          received:PADPIDA0000000001A KRW -10.5
        2021-07
          payee:arranger KRW 0.000000000000000001
          payee:composer KRW 0.000000000000000003
          payee:lyricist KRW 0.000000000000000003
          received:PADPIDA0000000001A KRW -0.000000000000000007
    "#]],
    );
}

/// Three thirds of a won: the odd atom goes to the first; a refund takes it back from the first.
#[test]
fn thirds() {
    let terms = [
        ("profit-share", "c", "1/3", ""),
        ("profit-share", "a", "1/3", ""),
        ("profit-share", "b", "1/3", ""),
    ];
    check(
        &deal(&terms, ""),
        &[cell("1", "KRW", "2021-06"), cell("-1", "KRW", "2021-07")],
        &expect![[r#"
            2021-06
              payee:a KRW 0.333333333333333333
              payee:b KRW 0.333333333333333333
              payee:c KRW 0.333333333333333334
              received:PADPIDA0000000001A KRW -1
            2021-07
              payee:a KRW -0.333333333333333333
              payee:b KRW -0.333333333333333333
              payee:c KRW -0.333333333333333334
              received:PADPIDA0000000001A KRW 1
        "#]],
    );
}

/// The performers' and the authors' pipes are not mixed with the master's.
#[test]
fn money_of_another_pipe_waits() {
    let mut other = cell("7", "KRW", "2021-06");
    other.key.context.rights_type = RightsType::Performer;
    check(
        &deal(&[("profit-share", "artist", "1", "")], ""),
        &[cell("7", "KRW", "2021-06"), other],
        &expect![[r#"
            2021-06
              payee:artist KRW 7
              received:PADPIDA0000000001A KRW -14
              suspense:no-agreement KRW 7
        "#]],
    );
}
