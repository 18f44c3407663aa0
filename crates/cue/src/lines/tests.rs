use std::collections::BTreeMap;

use catalog::Catalog;
use expect_test::expect;
use money::{Amount, Atoms, Currency};
use proptest::prelude::*;
use usage::RightsType;

use super::{
    Counted, LineRules, LinesError, among_text, fee_table, usage_lines, weights_by_length,
};
use crate::{Cue, CueSheet, Head, Lookup, Standing, UsageCode};

const RECORDINGS: &str = r#"
[[recording]]
id = "a"
isrc = "ZZAAA2100001"
titles = { en = "A" }
artist = "Kim"
works = ["wa"]

[[recording]]
id = "b"
titles = { en = "B" }
artist = "Lee"
works = ["wb"]
"#;
const WORKS: &str = r#"
[[work]]
id = "wa"
titles = { en = "A" }
contributors = [{ party = "kim", role = "C" }, { party = "lee", role = "CA" }, { party = "lee", role = "A" }]

[[work]]
id = "wb"
titles = { en = "B" }
contributors = [{ party = "lee", role = "C" }, { party = "han", role = "C" }, { party = "kim", role = "C" }]
"#;

fn catalogue() -> Catalog {
    let party = |id: &str| {
        format!("[[party]]\nid = \"{id}\"\nkind = \"person\"\nnames = {{ en = \"{id}\" }}\n")
    };
    let parties = ["kim", "lee", "han"].map(party).concat();
    let files = [
        ("parties.toml", parties.as_str()),
        ("works.toml", WORKS),
        ("recordings.toml", RECORDINGS),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let (catalogue, findings) = catalog::read_files(&BTreeMap::from(files));
    assert!(findings.is_empty(), "{findings:?}");
    catalogue
}

fn confirmed(recording: &str, start: u64, end: u64) -> Cue {
    Cue {
        recording: recording.to_owned(),
        start_ms: Some(start),
        length_ms: end - start,
        standing: Standing::Confirmed { by: "kim".to_owned(), at: String::new() },
        code: Some(UsageCode::BackgroundVocal),
        ..Cue::default()
    }
}

fn sheet(episode: u16, cues: Vec<Cue>) -> CueSheet {
    let head = Head { title: "River".to_owned(), episode: Some(episode), ..Head::default() };
    CueSheet { head, cues, doubtful: Vec::new() }
}

fn rules(fee: Option<&str>, counted: Counted) -> LineRules {
    let krw = Currency::parse("KRW").unwrap();
    LineRules {
        report: "r".to_owned(),
        sender: "River Studio".to_owned(),
        service: "River".to_owned(),
        territory: "KR".to_owned(),
        use_type: "SyncLicence".to_owned(),
        commercial_model: String::new(),
        rights_type: RightsType::Master,
        from: period::parse_date("2021-06-01").unwrap(),
        until: period::parse_date("2021-07-01").unwrap(),
        counted,
        fee: fee.map(|it| Amount::new(Atoms::parse(it).unwrap(), krw)),
        weights: BTreeMap::new(),
    }
}

fn sheets() -> Vec<CueSheet> {
    let theme = Cue { code: Some(UsageCode::Theme), ..confirmed("b", 70_000, 80_000) };
    vec![
        sheet(
            1,
            vec![
                confirmed("ZZAAA2100001", 0, 60_000),
                confirmed("a", 50_000, 90_000),
                theme,
                Cue { recording: "b".to_owned(), length_ms: 5000, ..Cue::default() },
            ],
        ),
        sheet(2, vec![confirmed("stranger", 0, 20_000), confirmed("b", 0, 30_500)]),
    ]
}

#[test]
fn a_fee_is_divided_by_milliseconds() {
    let catalogue = catalogue();
    let lookup = Lookup::new(&catalogue, &["en"]);
    let made = usage_lines(&sheets(), &lookup, &rules(Some("150500"), Counted::Cues)).unwrap();
    assert_eq!(
        (made.unconfirmed, made.lengths_ms.as_slice()),
        (1, &[90_000, 10_000, 30_500, 20_000][..])
    );
    // By hand: 90, 10, 30.5 and 20 of 150.5 seconds.
    expect![[r#"
        Date,Licensee,Kind,Territory,Licence,Title,Artist,ISRC,Stock Number,Quantity,Amount,Currency
        2021-06-01,River,sync,KR,River 1,A,Kim,ZZAAA2100001,a,2,90000,KRW
        2021-06-01,River,sync,KR,River 1,B,Lee,,b,1,10000,KRW
        2021-06-01,River,sync,KR,River 2,B,Lee,,b,1,30500,KRW
        2021-06-01,River,sync,KR,River 2,,,,stranger,1,20000,KRW
    "#]]
    .assert_eq(&fee_table(&made.lines, "sync").to_csv().replace('\r', ""));
    // A theme that counts three times: 90, 30, 30.5 and 20 of 170.5.
    let mut weighed = rules(Some("170500"), Counted::Seconds);
    weighed.weights.insert(UsageCode::Theme, 300);
    let made = usage_lines(&sheets(), &lookup, &weighed).unwrap();
    let told: Vec<_> =
        made.lines.iter().map(|it| format!("{} s {}", it.usages, it.amount)).collect();
    assert_eq!(told, ["90 s 90000", "10 s 30000", "30.5 s 30500", "20 s 20000"]);
}

/// The amounts of the scenario `fee-by-cue-length`.
#[test]
fn the_fee_of_an_episode_is_that_of_the_scenario() {
    let catalogue = Catalog::default();
    let lookup = Lookup::new(&catalogue, &["en"]);
    let cues = vec![
        confirmed("a", 0, 30_000),
        confirmed("a", 100_000, 160_000),
        confirmed("b", 200_000, 260_500),
        confirmed("c", 300_000, 329_500),
    ];
    let rules = rules(Some("1080000"), Counted::Cues);
    let made = usage_lines(&[sheet(1, cues)], &lookup, &rules).unwrap();
    let told: Vec<_> = made.lines.iter().map(|it| format!("{} {}", it.usages, it.amount)).collect();
    assert_eq!(told, ["2 540000", "1 363000", "1 177000"]);
}

#[test]
fn nothing_confirmed_divides_nothing() {
    let catalogue = catalogue();
    let lookup = Lookup::new(&catalogue, &["en"]);
    let sheets = [sheet(1, vec![Cue { length_ms: 5, ..Cue::default() }])];
    let refused = usage_lines(&sheets, &lookup, &rules(Some("1"), Counted::Cues));
    assert_eq!(refused, Err(LinesError::NothingConfirmed { unconfirmed: 1 }));
    let made = usage_lines(&sheets, &lookup, &rules(None, Counted::Cues)).unwrap();
    assert!(made.lines.is_empty());
}

#[test]
fn a_team_is_weighed_by_how_long_its_music_sounds() {
    let catalogue = catalogue();
    let lookup = Lookup::new(&catalogue, &["en"]);
    // By hand: a sounds 90 s by kim and lee, 45 each; b 40.5 s by three, 13.5 each; kim and lee 58.5.
    let weights = weights_by_length(&sheets(), &lookup, &["C", "CA"]);
    expect![[r#"
        among = [
            { party = "han", weight = 3 },
            { party = "kim", weight = 13 },
            { party = "lee", weight = 13 },
        ]
    "#]]
    .assert_eq(&among_text(&weights));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(64)))]

    #[test]
    fn all_of_a_fee_is_given_away_and_nothing_else(
        spans in prop::collection::vec((0_u64..900_000, 1_u64..90_000, 0_usize..3), 1..20),
        fee in -1_000_000_i64..1_000_000,
    ) {
        let catalogue = catalogue();
        let lookup = Lookup::new(&catalogue, &["en"]);
        let cues = spans.into_iter().map(|(start, length, at)| {
            confirmed(["a", "b", "x"][at], start, start + length)
        });
        let sheets = [sheet(1, cues.collect())];
        let fee = fee.to_string();
        let made = usage_lines(&sheets, &lookup, &rules(Some(&fee), Counted::Seconds)).unwrap();
        let sum = Atoms::checked_sum(made.lines.iter().map(|it| it.amount));
        prop_assert_eq!(sum, Some(Atoms::parse(&fee).unwrap()));
    }
}
