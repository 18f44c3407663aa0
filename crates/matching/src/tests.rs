use catalog::Catalog;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use usage::Identity;

use crate::{Confidence, Matcher};

const RECORDINGS: &str = r#"
[[recording]]
id = "sweet-night"
isrc = "QM6MZ2014101"
titles = { en = "Sweet Night", ja = "スウィート・ナイト" }
artist = "V"
[[recording]]
id = "definitely-you"
isrc = "USA2P1601234"
titles = { en = "It's Definitely You", ko = "죽어도 너야" }
artist = "V, JIN"
[[recording]]
id = "forget-it"
titles = { en = "Let′s forget it", ko = "잊어버리자" }
artist = "Baek A Yeon (백아연)"
[[recording]]
id = "forget-it-inst"
titles = { en = "Let′s forget it (Inst.)" }
artist = "Baek A Yeon (백아연)"
[[recording]]
id = "start"
titles = { en = "Start Over", ko = "시작" }
aliases = ["START"]
artist = "Gaho"
artist_aliases = ["가호"]
[[recording]]
id = "start-again"
titles = { en = "Start" }
artist = "GAHO"
[[recording]]
id = "paper"
titles = { en = "Paper" }
artist = "Han"
[[recording]]
id = "paper-duet"
titles = { en = "Paper" }
artist = "Bada"
"#;

const RELEASES: &str = r#"
[[release]]
id = "single"
icpn = "8809516267219"
titles = { en = "Sweet Night" }
recordings = ["sweet-night"]
[[release]]
id = "maxi"
icpn = "036000291452"
titles = { en = "Let′s forget it" }
recordings = ["forget-it", "forget-it-inst"]
[[release]]
id = "drama"
icpn = "8800000000015"
titles = { en = "Drama OST" }
recordings = ["start", "start-again", "paper", "paper-duet"]
"#;

fn catalogue(recordings: &str) -> Catalog {
    let folder = [("recordings.toml", recordings), ("releases.toml", RELEASES)];
    let folder = folder.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let (catalogue, findings) = catalog::read_files(&folder.into());
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{findings:#?}");
    catalogue
}

const fn said<'a>(isrc: &'a str, icpn: &'a str, title: &'a str, artist: &'a str) -> Identity<'a> {
    Identity { isrc, icpn, title, artist, resource_id: "" }
}

fn check(identities: &[Identity<'_>], expect: Expect) {
    let matcher = Matcher::new(&catalogue(RECORDINGS));
    let lines: String = identities
        .iter()
        .map(|identity| {
            let found = matcher.match_(identity);
            let target = found.target.as_ref().map_or("-", |id| id.as_str());
            let Identity { isrc, icpn, title, artist, .. } = identity;
            let words: Vec<&str> =
                [*isrc, *icpn, *title, *artist].into_iter().filter(|w| !w.is_empty()).collect();
            format!("{} => {target} {} {}\n", words.join(" | "), found.confidence, found.evidence)
        })
        .collect();
    expect.assert_eq(&lines);
}

#[test]
fn by_isrc() {
    check(
        &[
            said("QM6MZ2014101", "", "", ""),
            said("qm-6mz-20-14101", "", "Sweet Night (from Itaewon Class)", "someone"),
            said("QM6MZ2014101", "", "Winter Bear", "V"),
            said("QM6MZ2014101", "", "Sweet Night (Inst.)", "V"),
            said("QM6MZ2014102", "", "Sweet Night", "V"),
            said("not an isrc", "", "Sweet Night", "V"),
        ],
        expect![[r#"
            QM6MZ2014101 => sweet-night 1000/1000 ISRC QM6MZ2014101
            qm-6mz-20-14101 | Sweet Night (from Itaewon Class) | someone => sweet-night 1000/1000 ISRC QM6MZ2014101
            QM6MZ2014101 | Winter Bear | V => sweet-night 980/1000 ISRC QM6MZ2014101, but another title
            QM6MZ2014101 | Sweet Night (Inst.) | V => sweet-night 980/1000 ISRC QM6MZ2014101, but another title
            QM6MZ2014102 | Sweet Night | V => sweet-night 800/1000 title sweetnight and artist v, but another ISRC
            not an isrc | Sweet Night | V => sweet-night 900/1000 title sweetnight and artist v
        "#]],
    );
}

#[test]
fn by_release() {
    check(
        &[
            said("", "8809516267219", "", ""),
            said("", "8809516267219", "甜蜜的夜", ""),
            said("", "8809516267219", "Sweet Night (Inst.)", ""),
            said("", "036000291452", "", ""),
            said("", "036000291452", "Let's Forget It", ""),
            said("", "036000291452", "Let's Forget It [Instrumental]", ""),
            said("", "036000291453", "Let's Forget It", ""),
            said("", "8800000000015", "Paper", "Bada (바다)"),
            said("", "8800000000015", "Paper", ""),
            said("", "8800000000015", "Start", "Gaho"),
        ],
        expect![[r#"
            8809516267219 => sweet-night 930/1000 release 8809516267219, which has one recording
            8809516267219 | 甜蜜的夜 => sweet-night 850/1000 release 8809516267219, which has one recording, but another title
            8809516267219 | Sweet Night (Inst.) => - 0/1000 nothing fits
            036000291452 => - 0/1000 nothing fits
            036000291452 | Let's Forget It => forget-it 950/1000 release 036000291452 and title letsforgetit
            036000291452 | Let's Forget It [Instrumental] => forget-it-inst 950/1000 release 036000291452 and title letsforgetit
            036000291453 | Let's Forget It => - 0/1000 nothing fits
            8800000000015 | Paper | Bada (바다) => paper-duet 950/1000 release 8800000000015 and title paper
            8800000000015 | Paper => - 0/1000 fits each of paper, paper-duet
            8800000000015 | Start | Gaho => - 0/1000 fits each of start, start-again
        "#]],
    );
}

#[test]
fn by_title_and_artist() {
    check(
        &[
            said("", "", "let's forget it", "baek a yeon (백아연)"),
            said("", "", "Let's forget it", "백아연"),
            said("", "", "Let's forget it - MR", "BAEK A YEON"),
            said("", "", "Let's forget it (Live)", "BAEK A YEON"),
            said("", "", "잊어버리자 (OST Part.3)", "백아연 feat. Somebody"),
            said("", "", "ＳＷＥＥＴ ＮＩＧＨＴ", "v"),
            said("", "", "スウィート・ナイト", "V"),
            said("", "", "죽어도 너야", "Jin & V"),
            said("", "", "Start", "Gaho"),
            said("", "", "Start", "가호"),
            said("", "", "Start Over", "Someone"),
            said("", "", "Start Over", ""),
            said("", "", "", "Gaho"),
        ],
        expect![[r#"
            let's forget it | baek a yeon (백아연) => forget-it 900/1000 title letsforgetit and artist baekayeon백아연
            Let's forget it | 백아연 => forget-it 700/1000 title without remarks letsforgetit and artist 백아연
            Let's forget it - MR | BAEK A YEON => forget-it-inst 700/1000 title without remarks letsforgetit and artist baekayeon
            Let's forget it (Live) | BAEK A YEON => - 0/1000 nothing fits
            잊어버리자 (OST Part.3) | 백아연 feat. Somebody => forget-it 700/1000 title without remarks 잊어버리자 and artist 백아연
            ＳＷＥＥＴ ＮＩＧＨＴ | v => sweet-night 900/1000 title sweetnight and artist v
            スウィート・ナイト | V => sweet-night 900/1000 title スウィートナイト and artist v
            죽어도 너야 | Jin & V => definitely-you 700/1000 title without remarks 죽어도너야 and artist jin+v
            Start | Gaho => - 0/1000 fits each of start, start-again
            Start | 가호 => start 900/1000 title start and artist 가호
            Start Over | Someone => - 0/1000 nothing fits
            Start Over => - 0/1000 nothing fits
            Gaho => - 0/1000 nothing fits
        "#]],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_order_of_the_catalogue_plays_no_part(
        order in Just(RECORDINGS.split("[[recording]]").skip(1).collect::<Vec<_>>()).prop_shuffle(),
        title in prop_oneof![Just("Start"), Just("시작"), Just("Let's forget it"), Just("x")],
        artist in prop_oneof![Just("Gaho"), Just("가호"), Just("백아연"), Just("")],
    ) {
        let shuffled: String = order.iter().map(|text| format!("[[recording]]{text}")).collect();
        let identity = said("", "", title, artist);
        let found = Matcher::new(&catalogue(&shuffled)).match_(&identity);
        prop_assert_eq!(&found, &Matcher::new(&catalogue(RECORDINGS)).match_(&identity));
        prop_assert_eq!(found.target.is_some(), found.confidence > Confidence::NONE);
    }

    #[test]
    fn any_identity_is_answered(
        isrc in ".{0,12}", icpn in "[0-9]{0,14}", title in any::<String>(), artist in any::<String>(),
    ) {
        let found = Matcher::new(&catalogue(RECORDINGS)).match_(&said(&isrc, &icpn, &title, &artist));
        prop_assert_eq!(found.target.is_some(), found.confidence > Confidence::NONE);
    }
}

#[test]
fn a_product_is_known_by_stock_number_product_number_or_title() {
    let files = [
        (
            "parties.toml",
            "[[party]]\nid = \"kim\"\nkind = \"person\"\nnames = { en = \"Kim\", ko = \"김\" }\n",
        ),
        (
            "recordings.toml",
            "[[recording]]\nid = \"lamp\"\nisrc = \"ZZAAA2100001\"\ntitles = { en = \"Lamp\" }\nartist = \"Kim\"\n",
        ),
        (
            "products.toml",
            "[[product]]\nid = \"lamp-shirt\"\nkind = \"merchandise\"\ntitles = { en = \"Lamp Shirt\" }\n\
             skus = [\"TS-1\"]\nicpn = \"8809999000013\"\nparties = [\"kim\"]\n\
             [[product]]\nid = \"lamp-book\"\nkind = \"merchandise\"\ntitles = { en = \"Lamp\" }\n\
             skus = [\"BK-1\", \"TWICE\"]\nparties = [\"kim\"]\n\
             [[product]]\nid = \"lamp-cup\"\nkind = \"merchandise\"\ntitles = { en = \"Cup\" }\n\
             skus = [\"TWICE\"]\nparties = [\"kim\"]\n",
        ),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let (catalogue, findings) = catalog::read_files(&files);
    assert!(findings.is_empty(), "{findings:?}");
    let matcher = Matcher::new(&catalogue);
    let mut seen = String::new();
    for (isrc, icpn, resource_id, title, artist) in [
        ("", "", "TS-1", "whatever", "whoever"),
        ("ZZAAA2100001", "", "TS-1", "whatever", "whoever"),
        ("", "8809999000013", "", "whatever", "whoever"),
        ("", "", "lamp-cup", "", ""),
        ("", "", "", "LAMP SHIRT", ""),
        ("", "", "", "Lamp shirt", "김"),
        ("", "", "", "Lamp shirt", "a stranger"),
        ("", "", "", "Lamp", "Kim"),
        ("", "", "BK-1", "Lamp", "Kim"),
        ("", "", "TWICE", "", ""),
    ] {
        let identity = Identity { isrc, icpn, title, artist, resource_id };
        let target = match matcher.target(&identity) {
            usage::Target::Recording(id) => format!("recording {id}"),
            usage::Target::Product(id) => format!("product {id}"),
            usage::Target::Unmatched { .. } => "nothing".to_owned(),
        };
        let by = matcher.product(&identity).map(|it| it.1);
        seen += &format!("{isrc}/{icpn}/{resource_id}/{title}/{artist}: {target} {by:?}\n");
    }
    expect![[r#"
        //TS-1/whatever/whoever: product lamp-shirt Some(Sku)
        ZZAAA2100001//TS-1/whatever/whoever: recording lamp None
        /8809999000013//whatever/whoever: product lamp-shirt Some(Icpn)
        //lamp-cup//: product lamp-cup Some(Sku)
        ///LAMP SHIRT/: product lamp-shirt Some(Title)
        ///Lamp shirt/김: product lamp-shirt Some(Title)
        ///Lamp shirt/a stranger: nothing None
        ///Lamp/Kim: recording lamp Some(Title)
        //BK-1/Lamp/Kim: product lamp-book Some(Sku)
        //TWICE//: nothing None
    "#]]
    .assert_eq(&seen);
}
