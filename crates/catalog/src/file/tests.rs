use std::collections::BTreeMap;

use expect_test::expect;
use ident::RecordingId;

use super::{read_files, read_files_over, write_files};
use crate::{Catalog, RightsType, Subject, Use, Validity};

pub(super) fn files(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

pub(super) const PARTIES: &str = r#"[[party]]
id = "iu"
kind = "person"
names = { en = "IU", ko = "아이유" }

[[party]]
id = "studio"
kind = "organisation"
names = { en = "Studio" }
"#;

pub(super) const PRODUCTIONS: &str = r#"[[production]]
id = "hotel"
kind = "drama"
origin = "KR"
titles = { en = "Hotel", ko = "호텔" }
network = "tvN"

[[production.season]]
number = 1
aired_from = 2019-07-13
aired_until = 2019-09-01

[[production.season.episode]]
number = 1
aired = 2019-07-13
"#;

const RECORDINGS: &str = r#"[[recording]]
id = "happy-ending"
isrc = "KRA381902345"
titles = { en = "Happy Ending" }
artist = "IU"
contributors = [{ party = "iu", role = "MainArtist" }]
productions = [{ production = "hotel", season = 1, use = "OST", confidence = "high" }]

[[recording]]
id = "good-day"
isrc = ["KRA381000001", "KRA381000002"]
titles = { en = "Good Day" }
aliases = ["좋은 날", "Good \"Day\""]
artist = "IU"
duration_ms = 233000
"#;

const AGREEMENTS: &str = r#"[[agreement]]
id = "hotel-master"
title = "Hotel, masters"
rights_type = "master"
from = 2019-07-01
until = 2021-12-31
productions = ["hotel"]

[[agreement.term]]
id = "fee"
kind = "fee"
payee = "studio"
rate = "12.5%"

[[agreement.term]]
id = "iu-abroad"
kind = "royalty-rate"
payee = "iu"
rate = "1/3"
base = "net-of-fees"
territories = ["*", "!KR"]
use_types = ["OnDemandStream"]
until = 2020-12-31

[[agreement.advance]]
id = "signing"
payee = "iu"
amount = "50000000"
currency = "KRW"
paid = 2019-06-30

[[licence]]
id = "melon"
title = "Melon, masters"
payer = "PADPIDA2019010100A"
rights_type = "master"
rate = "48.25%"
territories = ["KR"]
from = 2019-01-01
"#;

fn folder() -> BTreeMap<String, String> {
    files(&[
        ("agreements.toml", AGREEMENTS),
        ("parties.toml", PARTIES),
        ("productions.toml", PRODUCTIONS),
        ("recordings.toml", RECORDINGS),
    ])
}

fn read_clean(folder: &BTreeMap<String, String>) -> Catalog {
    let (catalog, findings) = read_files(folder);
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{findings:#?}");
    catalog
}

#[test]
fn what_a_person_writes_is_what_is_written() {
    let catalog = read_clean(&folder());
    let written = write_files(&catalog);
    assert_eq!(read_clean(&written), catalog);
    assert_eq!(write_files(&read_clean(&written)), written);
    for name in ["agreements.toml", "parties.toml", "productions.toml"] {
        assert_eq!(written.get(name), folder().get(name), "{name}");
    }
    expect![[r#"
        [[recording]]
        id = "good-day"
        isrc = ["KRA381000001", "KRA381000002"]
        titles = { en = "Good Day" }
        aliases = ["좋은 날", "Good \"Day\""]
        artist = "IU"
        duration_ms = 233000

        [[recording]]
        id = "happy-ending"
        isrc = "KRA381902345"
        titles = { en = "Happy Ending" }
        artist = "IU"
        contributors = [{ party = "iu", role = "MainArtist" }]
        productions = [{ production = "hotel", season = 1, use = "OST", confidence = "high" }]
    "#]]
    .assert_eq(&written["recordings.toml"]);
}

#[test]
fn days_are_inclusive_in_files_and_half_open_inside() {
    let catalog = read_clean(&folder());
    let agreement = catalog.agreements.values().next().unwrap();
    assert_eq!(agreement.period.before, Some(period::Date::constant(2022, 1, 1)));
    assert!(agreement.period.contains(period::Date::constant(2021, 12, 31)));
    assert!(!agreement.period.contains(period::Date::constant(2022, 1, 1)));
    assert_eq!(Validity::ALWAYS.last_day(), None);
}

#[test]
fn the_first_matching_term_counts() {
    let catalog = read_clean(&folder());
    let id = RecordingId::parse("happy-ending").unwrap();
    let day = period::Date::constant(2020, 12, 1);
    let agreement = catalog.agreement_for(RightsType::Master, &id, day).unwrap();
    let terms = |territory, day| -> Vec<String> {
        let found = agreement.terms_for(&Use {
            territory,
            service: "Melon",
            use_type: "OnDemandStream",
            commercial_model: "SubscriptionModel",
            price_category: "",
            date: day,
            subscribed: None,
            subject: &Subject::default(),
        });
        found.iter().map(|term| term.id.to_string()).collect()
    };
    assert_eq!(terms("US", day), ["fee", "iu-abroad"]);
    assert_eq!(terms("KR", day), ["fee"]);
    assert_eq!(terms("US", period::Date::constant(2021, 1, 1)), ["fee"]);
    assert!(catalog.agreement_for(RightsType::Work, &id, day).is_none());
    let other = RecordingId::parse("good-day").unwrap();
    assert!(catalog.agreement_for(RightsType::Master, &other, day).is_none());
}

#[test]
fn the_narrowest_scope_wins_then_the_later_from() {
    let agreement = |id: &str, from: &str, scope: &str| {
        format!(
            "[[agreement]]\nid = {id:?}\ntitle = \"x\"\nrights_type = \"master\"\nfrom = {from}\n{scope}\n"
        )
    };
    let text = [
        agreement("a-all", "2020-06-01", "all = true"),
        agreement("b-drama-old", "2019-01-01", "productions = [\"hotel\"]"),
        agreement("c-drama-new", "2020-01-01", "productions = [\"hotel\"]"),
        agreement("d-drama-new", "2020-01-01", "productions = [\"hotel\"]"),
        agreement("e-song", "2018-01-01", "recordings = [\"happy-ending\"]"),
    ]
    .concat();
    let mut folder = folder();
    folder.insert("agreements.toml".to_owned(), text);
    let catalog = read_clean(&folder);
    let id = RecordingId::parse("happy-ending").unwrap();
    let found = catalog.agreements_for(RightsType::Master, &id, period::Date::constant(2021, 1, 1));
    let ids: Vec<&str> = found.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["e-song", "c-drama-new", "d-drama-new", "b-drama-old", "a-all"]);
}

#[test]
fn what_is_left_out_in_the_end_has_a_finding() {
    let song = |id: &str, isrc: &str, more: &str| {
        format!(
            "[[recording]]\nid = {id:?}\nisrc = {isrc:?}\ntitles = {{ en = \"A\" }}\nartist = \"A\"\n{more}\n"
        )
    };
    let base = read_clean(&files(&[("recordings.toml", &song("a", "KRA381902345", ""))]));
    // The new `a` gives its ISRC up to `b`, but is left out, so that the old one keeps it.
    let over = [song("a", "KRA381902346", "works = [\"none\"]"), song("b", "KRA381902345", "")];
    let (catalogue, findings) =
        read_files_over(&base, &files(&[("recordings.toml", &over.concat())]));
    assert_eq!(catalogue, base);
    let rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["catalog-link-dangling", "catalog-isrc-duplicate"]);
}

#[test]
fn files_are_read_over_what_is_there() {
    let base = read_clean(&files(&[
        ("parties.toml", "[[party]]\nid = \"iu\"\nkind = \"person\"\nnames = { en = \"IU\" }\n"),
        ("works.toml", "[[work]]\nid = \"w\"\ntitles = { en = \"Old\" }\n"),
    ]));
    let over = files(&[(
        "works.toml",
        "[[work]]\nid = \"w\"\ntitles = { en = \"New\" }\n\
         contributors = [{ party = \"iu\", role = \"CA\" }]\n",
    )]);
    let (catalogue, findings) = read_files_over(&base, &over);
    assert!(findings.is_empty());
    assert_eq!(catalogue.works.values().next().unwrap().titles["en"], "New");
    assert_eq!(catalogue.parties, base.parties);
    let broken = files(&[(
        "works.toml",
        "[[work]]\nid = \"w\"\ntitles = { en = \"New\" }\n\
         contributors = [{ party = \"nobody\", role = \"CA\" }]\n",
    )]);
    let (catalogue, findings) = read_files_over(&base, &broken);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(catalogue, base, "an entry that is left out replaces nothing");
}
