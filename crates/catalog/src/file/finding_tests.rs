use expect_test::{Expect, expect};

use super::read_files;
use super::tests::{PARTIES, PRODUCTIONS, files};
use crate::{Catalog, diff};

fn check(list: &[(&str, &str)], expect: Expect) {
    let (catalog, findings) = read_files(&files(list));
    let mut lines: String = findings.iter().map(|f| format!("{f}\n")).collect();
    let taken: Vec<String> =
        diff(&Catalog::default(), &catalog).iter().map(ToString::to_string).collect();
    lines.push_str(&format!("taken: {}\n", taken.join(", ")));
    expect.assert_eq(&lines);
}

#[test]
fn slips_of_the_pen() {
    check(
        &[
            ("partys.toml", ""),
            (
                "parties.toml",
                r#"[[party]]
id = "iu"
kind = "singer"
name = { en = "IU" }

[[party]]
id = "studio"
kind = "organisation"
names = { english = "Studio", "en" = "Studio" }
ipi = "123"

[[party]]
id = "ok"
kind = "person"
names = { en = "Ok" }

[[party]]
id = "ok"
kind = "person"
names = { en = "Again" }

[[partie]]
id = "x"
"#,
            ),
            ("works.toml", "[[work]]\nid = \"a\"\ntitles = { en = \"A\n"),
        ],
        expect![[r#"
            error catalog-key-missing parties.toml:1 party names: names is missing
            error catalog-value-malformed parties.toml:3 party iu kind: must be one of person, group, organisation ("singer")
            error catalog-key-unknown parties.toml:4 party iu name: name is not a key of this table (name)
            error catalog-value-malformed parties.toml:9 party studio names: "english" is not a language tag ("Studio")
            error catalog-value-malformed parties.toml:10 party studio ipi: not a valid IPI name number: 3 characters, expected 11 ("123")
            error catalog-id-duplicate parties.toml:17 party ok id: there is already a party ok (ok)
            error catalog-key-unknown parties.toml:22 partie: partie does not belong in this file (partie)
            warning catalog-file-unknown partys.toml: partys.toml is not a file of the catalogue
            error catalog-toml-syntax works.toml:3: unclosed inline table, expected `}` (titles = { en = "A)
            taken: + party ok
        "#]],
    );
}

#[test]
fn links_and_numbers() {
    check(
        &[
            ("parties.toml", PARTIES),
            ("productions.toml", PRODUCTIONS),
            (
                "recordings.toml",
                r#"[[recording]]
id = "one"
isrc = "KRA381902345"
titles = { en = "One" }
artist = "IU"
productions = [{ production = "hotel", season = 2, use = "OST", confidence = "high" }]

[[recording]]
id = "two"
isrc = ["KRA381902346", "KRA381902345"]
titles = { en = "Two" }
artist = "IU"

[[recording]]
id = "three"
titles = { en = "Three" }
artist = "IU"
contributors = [
    { party = "iu", role = "MainArtist" },
    { party = "uaena", role = "MainArtist" },
]
"#,
            ),
            (
                "releases.toml",
                r#"[[release]]
id = "album"
titles = { en = "Album" }
recordings = ["one", "two", "four"]
"#,
            ),
        ],
        expect![[r#"
            warning catalog-episode-unlisted recordings.toml:1 recording one productions: production hotel does not list season 2, episode any (hotel)
            error catalog-isrc-duplicate recordings.toml:8 recording two isrc: recording one already has KRA381902345 (KRA381902345)
            error catalog-link-dangling recordings.toml:20 recording three party: party uaena is not there (uaena)
            error catalog-link-dangling releases.toml:4 release album recordings: recording four is not there (four)
            error catalog-link-dangling releases.toml:4 release album recordings: recording two was left out (two)
            taken: + party iu, + party studio, + production hotel, + recording one
        "#]],
    );
}

#[test]
fn deals() {
    check(
        &[
            ("parties.toml", PARTIES),
            (
                "agreements.toml",
                r#"[[agreement]]
id = "greedy"
title = "Greedy"
rights_type = "master"
from = 2020-01-01
all = true
[[agreement.term]]
id = "a"
kind = "profit-share"
payee = "iu"
rate = "60%"
[[agreement.term]]
id = "b"
kind = "profit-share"
payee = "studio"
rate = "30%"
territories = ["KR"]
[[agreement.term]]
id = "c"
kind = "profit-share"
payee = "studio"
rate = "50%"
territories = ["KR", "US"]
commercial_models = ["SubscriptionModel"]
from = 2021-01-01

[[agreement]]
id = "scopeless"
title = "Scopeless"
rights_type = "master"
from = 2020-01-01
until = 2019-01-01
[[agreement.term]]
id = "a"
kind = "fee"
base = "net-of-fees"
payee = "iu"
rate = "101%"
territories = ["KR", "!US"]
[[agreement.advance]]
id = "a"
payee = "iu"
amount = "-5"
currency = "KRW"
paid = 2020-01-01

[[agreement]]
id = "fine"
title = "Fine"
rights_type = "master"
from = 2020-01-01
all = true
[[agreement.term]]
id = "a"
kind = "fee"
payee = "studio"
rate = "20%"
[[agreement.term]]
id = "b"
kind = "royalty-rate"
base = "net-of-fees"
payee = "iu"
rate = "100%"
"#,
            ),
        ],
        expect![[r#"
            error catalog-shares-over-whole agreements.toml:7 agreement greedy term: profit shares come to 110.00 % in US under SubscriptionModel from 2021-01-01
            error catalog-scope-malformed agreements.toml:27 agreement scopeless: must have one of recordings, releases, products, productions, works or all; has none
            error catalog-value-malformed agreements.toml:32 agreement scopeless until: until lies before from (2019-01-01)
            error catalog-value-malformed agreements.toml:36 agreement scopeless base: a fee is a part of gross, net, rest or term:ID ("net-of-fees")
            error catalog-value-malformed agreements.toml:38 agreement scopeless rate: must be at most 100 % ("101%")
            error catalog-value-malformed agreements.toml:39 agreement scopeless territories: either names territories, or starts from "*" and excludes some (["KR", "!US"])
            error catalog-value-malformed agreements.toml:43 agreement scopeless amount: must be above zero ("-5")
            taken: + party iu, + party studio, + agreement fine
        "#]],
    );
}

#[test]
fn members_go_in_a_circle() {
    let party = |id: &str, members: &str| {
        format!("[[party]]\nid = \"{id}\"\nkind = \"group\"\nnames = {{ en = \"X\" }}\n{members}\n")
    };
    let of = |member: &str| format!("members = [{{ party = \"{member}\", weight = 1 }}]");
    let parties = [
        party("fans", &of("band")),
        party("alone", &of("alone")),
        party("band", &of("iu")),
        party("iu", ""),
        party("one", &of("two")),
        party("two", &of("three")),
        party("three", &of("two")),
        party("iu", &of("band")),
        party("ghost", &of("nobody")),
    ];
    check(
        &[("parties.toml", &parties.concat())],
        expect![[r#"
        error catalog-members-circle parties.toml:6 party alone members: alone is a member of itself, directly or through others (alone)
        error catalog-link-dangling parties.toml:25 party one party: party two was left out (two)
        error catalog-members-circle parties.toml:26 party two members: two is a member of itself, directly or through others (two)
        error catalog-members-circle parties.toml:31 party three members: three is a member of itself, directly or through others (three)
        error catalog-id-duplicate parties.toml:36 party iu id: there is already a party iu (iu)
        error catalog-link-dangling parties.toml:45 party ghost party: party nobody is not there (nobody)
        taken: + party band, + party fans, + party iu
    "#]],
    );
}

#[test]
fn pipes_and_licences() {
    let licence = |id: &str, right: &str, rate: &str, more: &str| {
        format!(
            "[[licence]]\nid = \"{id}\"\ntitle = \"X\"\npayer = \"A service\"\nrights_type = \"{right}\"\n\
             rate = \"{rate}\"\nfrom = 2019-01-01\n{more}\n"
        )
    };
    let pipe = |id: &str, paid_by: &str, more: &str| {
        format!(
            "[[pipe]]\nid = \"{id}\"\ntitle = \"X\"\nrights_type = \"work\"\npaid_by = \"{paid_by}\"\n\
             from = 2019-01-01\n{more}\n"
        )
    };
    let whole = [
        licence("a-master", "master", "60%", ""),
        licence("a-work", "work", "40%", ""),
        licence("b-work", "work", "41%", "territories = [\"US\"]\nsubscribed_until = 2018-12-31"),
        pipe("fine", "studio", "use_types = [\"OnDemandStream\"]"),
        pipe("nobody", "ghost", ""),
        pipe("mid", "studio", "subscribed_from = 2019-01-02"),
    ];
    check(
        &[("parties.toml", PARTIES), ("agreements.toml", &whole.concat())],
        expect![[r#"
        warning catalog-licences-over-whole agreements.toml:17 licence b-work rate: licences of A service: they come to 101.00 % in US from 2019-01-01 of earlier subscribers (A service)
        error catalog-link-dangling agreements.toml:37 pipe nobody paid_by: party ghost is not there (ghost)
        error catalog-value-malformed agreements.toml:46 pipe mid subscribed_from: must be the first day of a month (2019-01-02)
        taken: + party iu, + party studio, + licence a-master, + licence a-work, + licence b-work, + pipe fine
    "#]],
    );
    let ahead = "[[received_advance]]\nid = \"a\"\ntitle = \"X\"\nsender = \"A distributor\"\n\
                 currency = \"KRW\"\n";
    check(
        &[("agreements.toml", &format!("{ahead}amount = \"0\"\nreceived = 2021-01-01\n{ahead}"))],
        expect![[r#"
            error catalog-value-malformed agreements.toml:6 received_advance a amount: must be above zero ("0")
            error catalog-id-duplicate agreements.toml:8 received_advance a id: there is already a received_advance a (a)
            error catalog-key-missing agreements.toml:8 received_advance amount: amount is missing
            error catalog-key-missing agreements.toml:8 received_advance received: received is missing
            taken: 
        "#]],
    );
}
