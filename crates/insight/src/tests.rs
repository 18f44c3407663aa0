use std::collections::BTreeMap;

use catalog::Catalog;
use expect_test::expect;
use ident::{RecordingId, RepertoireId};
use money::{Atoms, Currency, Ratio};
use period::{Month, Period};
use proptest::prelude::*;
use testkit::{Cell, table};
use usage::{Basis, CellKey, Cells, Context, RightsType, Target};

use crate::market::{Place, read_totals};
use crate::{Measure, Question, by_artist, by_month, by_production, share};

fn catalogue() -> Catalog {
    let files = [
        (
            "productions.toml",
            "[[production]]\nid = \"hotel\"\nkind = \"drama\"\norigin = \"KR\"\ntitles = { en = \"Hotel\" }\n\
             [[production]]\nid = \"film\"\nkind = \"film\"\norigin = \"KR\"\ntitles = { en = \"Film\" }\n",
        ),
        (
            "recordings.toml",
            "[[recording]]\nid = \"ost\"\ntitles = { en = \"A\" }\nartist = \"IU\"\n\
             productions = [{ production = \"film\", use = \"OST\", confidence = \"high\" }, { production = \"hotel\", use = \"OST\", confidence = \"high\" }]\n\
             [[recording]]\nid = \"pop\"\ntitles = { en = \"B\" }\nartist = \"IU\"\n\
             [[recording]]\nid = \"listed\"\ntitles = { en = \"C\" }\nartist = \"V\"\n",
        ),
        (
            "repertoires.toml",
            "[[repertoire]]\nid = \"kdrama-ost\"\ntitle = \"K-drama OST\"\nproduction_kind = \"drama\"\norigin = \"KR\"\nrecordings = [\"listed\"]\n",
        ),
    ];
    let files: BTreeMap<String, String> =
        files.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let (catalogue, findings) = catalog::read_files(&files);
    assert!(findings.is_empty());
    catalogue
}

fn cell(target: &str, month: &str, use_type: &str, usages: i64, won: i64) -> Cell {
    let target = match RecordingId::parse(target) {
        Ok(id) => Target::Recording(id),
        Err(_) => Target::Unmatched {
            isrc: String::new(),
            icpn: String::new(),
            title: "?".to_owned(),
            artist: "?".to_owned(),
        },
    };
    let context = Context {
        report: "r".to_owned(),
        sender: "Melon".to_owned(),
        service: "Premium".to_owned(),
        territory: "KR".to_owned(),
        use_type: use_type.to_owned(),
        commercial_model: "SubscriptionModel".to_owned(),
        rights_type: RightsType::Master,
        basis: Basis::ServiceNet,
        month: Month::parse(month).unwrap(),
        subscribed: None,
        currency: Some(Currency::parse("KRW").unwrap()),
        unit_price: None,
        price_category: String::new(),
    };
    let key = CellKey { context, target };
    let (usages, amount) = (Atoms::from_units(usages), Atoms::from_units(won));
    Cell { key, usages, amount, lines: 1, first_line: 1, last_line: 1 }
}

fn cells() -> Cells {
    table(&[
        cell("ost", "2021-02", "OnDemandStream", 30, 210),
        cell("ost", "2021-03", "OnDemandStream", 10, 80),
        cell("listed", "2021-03", "OnDemandStream", 5, 40),
        cell("pop", "2021-03", "NonInteractiveStream", 140, 900),
        cell("", "2021-03", "OnDemandStream", 15, 100),
        cell("gone", "2021-02", "OnDemandStream", 1, 7),
        cell("ost", "2021-02", "PermanentDownload", 9, 6300),
        cell("ost", "2020-12", "OnDemandStream", 1000, 1000),
    ])
}

fn ask<T>(measure: Measure, answer: impl Fn(&Question<'_>) -> T) -> T {
    let catalog = catalogue();
    answer(&Question {
        catalog: &catalog,
        repertoire: &catalog.repertoires[&RepertoireId::parse("kdrama-ost").unwrap()],
        measure,
        territory: Some("KR".to_owned()),
        rights_type: None,
        period: Period::parse("2021").unwrap(),
    })
}

const TOTALS: &str = "territory,period,metric,value,unit,basis,source,version
KR,2021,on-demand streams,402,streams,count,A chart,2022-01
KR,2021-02,on-demand streams,10,streams,count,A chart,2022-01
JP,2021,on-demand streams,10,streams,count,A chart,2022-01
KR,2021,revenue,10,KRW,retail,A chart,2022-01
KR,someday,revenue,10,KRW,retail,A chart,2022-01
KR,2021,revenue
";

#[test]
fn streams() {
    let found = ask(Measure::Streams, |question| share(&cells(), question)).unwrap();
    let (totals, _) = read_totals("totals.csv", TOTALS, None);
    let covered = found.clone().against(&totals[0]).unwrap();
    expect![[r#"
        share        22.39 % to 30.35 %
        numerator    45 streams; K-drama OST: recordings linked to a production of kind drama and of origin KR; and 1 recording listed by id
        unmatched    16 streams
        denominator  201 streams; all lines of the sources, tied to a recording or not
        scope        territory KR, months 2021, rights type any
        basis        streams, usages as reported, of use types that are streams
        coverage     50.000 % = 201 / 402 (on-demand streams, KR, 2021; count; A chart; 2022-01)
        lines        6 counted, 1 left out
        source       Melon, Premium, 2021-02..2021-03, 6 lines
    "#]].assert_eq(&covered.to_string());
    let refused: String = totals[1..]
        .iter()
        .map(|total| format!("{}\n", found.clone().against(total).unwrap_err()))
        .collect();
    expect![[r#"
        the share is of 2021, the total of 2021-02
        the share is of territory KR, the total of JP
        the share is of streams, the total of KRW
    "#]]
    .assert_eq(&refused);
}

#[test]
fn revenue() {
    let measure = Measure::Revenue(Currency::parse("KRW").unwrap());
    let found = ask(measure, |question| share(&cells(), question)).unwrap();
    assert_eq!(found.lower, Ratio::new(6630, 7637));
    assert_eq!(found.upper, Ratio::new(6737, 7637));
    let received = Measure::Received(Currency::parse("KRW").unwrap());
    let nothing = ask(received, |question| share(&cells(), question)).unwrap();
    assert_eq!((nothing.lower, nothing.upper, nothing.lines), (None, None, 0));
}

#[test]
fn break_downs() {
    let (months, productions, artists) = ask(Measure::Streams, |question| {
        let months = by_month(&cells(), question).unwrap();
        let months = months.into_iter().map(|(month, s)| (month.to_string(), s.lower.unwrap()));
        (
            months.map(|(month, share)| format!("{month} {share}\n")).collect::<String>(),
            by_production(&cells(), question).unwrap(),
            by_artist(&cells(), question).unwrap(),
        )
    });
    let parts = productions.iter().chain(&artists);
    let parts: String =
        parts.map(|p| format!("{:?} {} {}\n", p.key, p.numerator, p.share.unwrap())).collect();
    expect![[r#"
        2021-02 30/31
        2021-03 3/34
        "hotel" 40 40/201
        "" 5 5/201
        "IU" 40 40/201
        "V" 5 5/201
    "#]]
    .assert_eq(&(months + &parts));
}

#[test]
fn totals() {
    let place = Place {
        territory: "US".to_owned(),
        period: Period::parse("2024").unwrap(),
        version: "2024".to_owned(),
    };
    let text = "metric,value_usd_million,yoy_pct,basis,source
US streaming total,14880,3.6,estimated retail value,\"MBW via musiccomeon.com (14.9bn in press release)\"
CD,541.1,0.7,estimated retail value,foreverjoe.com
Synchronization,,,,not found
Vinyl,a lot,,,x
";
    let mut lines = String::new();
    for (file, text, place) in [
        ("totals.csv", TOTALS, None),
        ("riaa.csv", text, Some(&place)),
        ("no-place.csv", text, None),
        ("empty.csv", "", None),
    ] {
        let (totals, findings) = read_totals(file, text, place);
        for total in totals {
            let crate::MarketTotal { territory, period, metric, value, unit, .. } = total;
            lines.push_str(&format!("{territory} {period} {metric}: {value} {unit}\n"));
        }
        lines.extend(findings.iter().map(|finding| format!("{finding}\n")));
    }
    expect![[r#"
        KR 2021 on-demand streams: 402 streams
        KR 2021-02 on-demand streams: 10 streams
        JP 2021 on-demand streams: 10 streams
        KR 2021 revenue: 10 KRW
        error market-line-malformed totals.csv:6: period: not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with .. (KR,someday,revenue,10,KRW,retail,A chart,2022-01)
        error market-line-malformed totals.csv:7: has 3 cells, expected 8 (KR,2021,revenue)
        US 2024 US streaming total: 14880000000 USD
        US 2024 CD: 541100000 USD
        note market-value-absent riaa.csv:4: has no value (Synchronization,,,,not found)
        error market-line-malformed riaa.csv:5: value: not a decimal number at byte 0 (Vinyl,a lot,,,x)
        error market-header-unknown no-place.csv:1: neither of the two formats, or its territory and period were not given (metric,value_usd_million,yoy_pct,basis,source)
        error market-header-unknown empty.csv:1: neither of the two formats, or its territory and period were not given
    "#]].assert_eq(&lines);
}

#[test]
fn shipped_totals_are_read_whole() {
    let text = include_str!("../../../data/market/us-2024-totals.csv");
    let (totals, findings) = read_totals("us-2024-totals.csv", text, None);
    assert!(findings.is_empty());
    let streaming = totals.iter().find(|total| total.metric == "US streaming total").unwrap();
    assert_eq!(streaming.value, Atoms::from_units(14_880_000_000));
}

fn any_cell() -> impl Strategy<Value = Cell> {
    let target = prop_oneof![Just("ost"), Just("pop"), Just("listed"), Just(""), Just("gone")];
    let month = prop_oneof![Just("2021-01"), Just("2021-02"), Just("2022-01")];
    (target, month, 0_i64..1_000_000)
        .prop_map(|(target, month, usages)| cell(target, month, "OnDemandStream", usages, 0))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn parts_add_up(cells in prop::collection::vec(any_cell(), 0..12)) {
        let cells = table(&cells);
        let (whole, months, productions, artists) = ask(Measure::Streams, |question| (
            share(&cells, question).unwrap(),
            by_month(&cells, question).unwrap(),
            by_production(&cells, question).unwrap(),
            by_artist(&cells, question).unwrap(),
        ));
        prop_assert!(whole.lower <= whole.upper);
        prop_assert!(whole.upper.is_none_or(|upper| upper <= Ratio::ONE));
        let sum = |parts: Vec<Atoms>| Atoms::checked_sum(parts).unwrap();
        prop_assert_eq!(sum(months.iter().map(|(_, s)| s.numerator).collect()), whole.numerator);
        prop_assert_eq!(sum(months.iter().map(|(_, s)| s.denominator).collect()), whole.denominator);
        prop_assert_eq!(sum(productions.iter().map(|p| p.numerator).collect()), whole.numerator);
        prop_assert_eq!(sum(artists.iter().map(|p| p.numerator).collect()), whole.numerator);
    }
}
