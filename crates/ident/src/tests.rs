//! Identifiers as published, and slips in them.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use crate::*;

/// Reads every text and shows what came of it, in both forms.
fn check<T: ToString>(
    parse: impl Fn(&str) -> Result<T, IdentError>,
    printed: impl Fn(&T) -> String,
    texts: &[&str],
    expected: Expect,
) {
    let mut table = String::new();
    for text in texts {
        let outcome = match parse(text) {
            Ok(value) => {
                let canonical = value.to_string();
                assert_eq!(parse(&canonical).map(|value| value.to_string()), Ok(canonical.clone()));
                assert!(parse(&printed(&value)).is_ok());
                format!("{canonical} = {}", printed(&value))
            }
            Err(error) => error.to_string(),
        };
        table.push_str(&format!("{text:?}: {outcome}\n"));
    }
    expected.assert_eq(&table);
}

#[test]
fn iban() {
    check(
        Iban::parse,
        Iban::printed,
        &[
            "DE89370400440532013000",
            "gb82 west 1234 5698 7654 32",
            "DE88370400440532013000",
            "DE8937040044",
            "D189370400440532013000",
            "DE89-3704",
            " DE89370400440532013000",
        ],
        expect![[r#"
            "DE89370400440532013000": DE89370400440532013000 = DE89 3704 0044 0532 0130 00
            "gb82 west 1234 5698 7654 32": GB82WEST12345698765432 = GB82 WEST 1234 5698 7654 32
            "DE88370400440532013000": not a valid IBAN: check digit 88, expected 89
            "DE8937040044": not a valid IBAN: 12 characters, expected 15 to 34
            "D189370400440532013000": not a valid IBAN: unexpected character at 1
            "DE89-3704": not a valid IBAN: unexpected character at 4
            " DE89370400440532013000": not a valid IBAN: 23 characters, expected 15 to 34
        "#]],
    );
}

#[test]
fn bic() {
    check(
        Bic::parse,
        ToString::to_string,
        &["KOEXKRSE", "deutdeffxxx", "KOEX1RSE", "KOEXKRS"],
        expect![[r#"
            "KOEXKRSE": KOEXKRSE = KOEXKRSE
            "deutdeffxxx": DEUTDEFFXXX = DEUTDEFFXXX
            "KOEX1RSE": not a valid BIC: unexpected character at 4
            "KOEXKRS": not a valid BIC: 7 characters, expected 8 or 11
        "#]],
    );
}

#[test]
fn isrc() {
    check(
        Isrc::parse,
        Isrc::printed,
        &[
            "USRC17607839",
            "US-RC1-76-07839",
            "krmim0600034",
            "QM4TX2026123",
            "",
            "USRC1760783",
            "US-RC17607839",
            "US-RC1-76-0783X",
            "1SRC17607839",
            "USRC1760783\u{c4}",
            " USRC17607839",
            "ISRC USRC17607839",
        ],
        expect![[r#"
            "USRC17607839": USRC17607839 = US-RC1-76-07839
            "US-RC1-76-07839": USRC17607839 = US-RC1-76-07839
            "krmim0600034": KRMIM0600034 = KR-MIM-06-00034
            "QM4TX2026123": QM4TX2026123 = QM-4TX-20-26123
            "": not a valid ISRC: 0 characters, expected 12, or 15 with hyphens
            "USRC1760783": not a valid ISRC: 11 characters, expected 12, or 15 with hyphens
            "US-RC17607839": not a valid ISRC: 13 characters, expected 12, or 15 with hyphens
            "US-RC1-76-0783X": not a valid ISRC: unexpected character at 14
            "1SRC17607839": not a valid ISRC: unexpected character at 0
            "USRC1760783Ä": not a valid ISRC: unexpected character at 11
            " USRC17607839": not a valid ISRC: 13 characters, expected 12, or 15 with hyphens
            "ISRC USRC17607839": not a valid ISRC: 17 characters, expected 12, or 15 with hyphens
        "#]],
    );
}

#[test]
fn iswc() {
    check(
        Iswc::parse,
        Iswc::printed,
        &[
            "T-123.456.789-4",
            "T-034.524.680-1",
            "T9109247316",
            "T-910924731-6",
            "t0702472794",
            "T-123.456.789-5",
            "T1234567898",
            "T-123.456-789-4",
            "T-1234567894",
            "1234567894",
            "W1234567894",
        ],
        expect![[r#"
            "T-123.456.789-4": T1234567894 = T-123.456.789-4
            "T-034.524.680-1": T0345246801 = T-034.524.680-1
            "T9109247316": T9109247316 = T-910.924.731-6
            "T-910924731-6": T9109247316 = T-910.924.731-6
            "t0702472794": T0702472794 = T-070.247.279-4
            "T-123.456.789-5": not a valid ISWC: check digit 5, expected 4
            "T1234567898": not a valid ISWC: check digit 8, expected 4
            "T-123.456-789-4": not a valid ISWC: unexpected character at 9
            "T-1234567894": not a valid ISWC: 12 characters, expected 11, or 13 or 15 with separators
            "1234567894": not a valid ISWC: 10 characters, expected 11, or 13 or 15 with separators
            "W1234567894": not a valid ISWC: unexpected character at 0
        "#]],
    );
}

#[test]
fn icpn() {
    check(
        Icpn::parse,
        |icpn| icpn.gtin14().to_owned(),
        &[
            "036000291452",
            "0036000291452",
            "00036000291452",
            "4006381333931",
            "5901234123457",
            "96385074",
            "00000096385074",
            "10614141000415",
            "036000291453",
            "36000291452",
            "4006381333913",
            "400638133393X",
            "",
        ],
        expect![[r#"
            "036000291452": 036000291452 = 00036000291452
            "0036000291452": 036000291452 = 00036000291452
            "00036000291452": 036000291452 = 00036000291452
            "4006381333931": 4006381333931 = 04006381333931
            "5901234123457": 5901234123457 = 05901234123457
            "96385074": 96385074 = 00000096385074
            "00000096385074": 96385074 = 00000096385074
            "10614141000415": 10614141000415 = 10614141000415
            "036000291453": not a valid ICPN: check digit 3, expected 2
            "36000291452": not a valid ICPN: 11 characters, expected 8, 12, 13 or 14
            "4006381333913": not a valid ICPN: check digit 3, expected 7
            "400638133393X": not a valid ICPN: unexpected character at 12
            "": not a valid ICPN: 0 characters, expected 8, 12, 13 or 14
        "#]],
    );
    assert_eq!(Icpn::parse("036000291452"), Icpn::parse("0036000291452"));
}

#[test]
fn isni() {
    check(
        Isni::parse,
        Isni::printed,
        &[
            "000000012281955X",
            "0000 0001 2150 090X",
            "0000-0001-2103-2683",
            "000000012150090x",
            "0000000121500909",
            "000000012150X900",
            "0000 00012150090X",
            "00000001215009",
        ],
        expect![[r#"
            "000000012281955X": 000000012281955X = 0000 0001 2281 955X
            "0000 0001 2150 090X": 000000012150090X = 0000 0001 2150 090X
            "0000-0001-2103-2683": 0000000121032683 = 0000 0001 2103 2683
            "000000012150090x": 000000012150090X = 0000 0001 2150 090X
            "0000000121500909": not a valid ISNI: check digit 9, expected X
            "000000012150X900": not a valid ISNI: unexpected character at 12
            "0000 00012150090X": not a valid ISNI: 17 characters, expected 16, or 19 in groups
            "00000001215009": not a valid ISNI: 14 characters, expected 16, or 19 in groups
        "#]],
    );
}

/// The first four are published.
#[test]
fn ipi() {
    check(
        Ipi::parse,
        ToString::to_string,
        &[
            "00014107338",
            "00052210040",
            "00087038166",
            "00494248817",
            "00014107383",
            "00041107338",
            "14107338",
            "0001410733A",
            "I-000000229-7",
        ],
        expect![[r#"
            "00014107338": 00014107338 = 00014107338
            "00052210040": 00052210040 = 00052210040
            "00087038166": 00087038166 = 00087038166
            "00494248817": 00494248817 = 00494248817
            "00014107383": not a valid IPI name number: check digit 83, expected 38
            "00041107338": not a valid IPI name number: check digit 38, expected 35
            "14107338": not a valid IPI name number: 8 characters, expected 11
            "0001410733A": not a valid IPI name number: unexpected character at 10
            "I-000000229-7": not a valid IPI name number: 13 characters, expected 11
        "#]],
    );
}

#[test]
fn grid() {
    check(
        Grid::parse,
        Grid::printed,
        &[
            "A1-2425G-ABC1234002-M",
            "A12425GABC1234002M",
            "a12425gabc1234002m",
            "A12425GABC1234020M",
            "A22425GABC1234002M",
            "A12425GABC1234002",
        ],
        expect![[r#"
            "A1-2425G-ABC1234002-M": A12425GABC1234002M = A1-2425G-ABC1234002-M
            "A12425GABC1234002M": A12425GABC1234002M = A1-2425G-ABC1234002-M
            "a12425gabc1234002m": A12425GABC1234002M = A1-2425G-ABC1234002-M
            "A12425GABC1234020M": not a valid GRid: check digit M, expected I
            "A22425GABC1234002M": not a valid GRid: unexpected character at 1
            "A12425GABC1234002": not a valid GRid: 17 characters, expected 18, or 21 with hyphens
        "#]],
    );
}

#[test]
fn dpid() {
    check(
        Dpid::parse,
        |dpid| format!("DPID::{dpid}"),
        &[
            "PADPIDA3897722461G",
            "PA-DPIDA-3897722461-G",
            "DPID::PADPIDA2013042401U",
            "padpida2014120401d",
            "PADPIDA2222222222",
            "PADPIDA",
            "PADPIDA111111111",
            "PADPIDB2013042401U",
            "DPID::PADPIDA2013_42401U",
            "PADPIDA2013042401UX",
        ],
        expect![[r#"
            "PADPIDA3897722461G": PADPIDA3897722461G = DPID::PADPIDA3897722461G
            "PA-DPIDA-3897722461-G": PADPIDA3897722461G = DPID::PADPIDA3897722461G
            "DPID::PADPIDA2013042401U": PADPIDA2013042401U = DPID::PADPIDA2013042401U
            "padpida2014120401d": PADPIDA2014120401D = DPID::PADPIDA2014120401D
            "PADPIDA2222222222": PADPIDA2222222222 = DPID::PADPIDA2222222222
            "PADPIDA": not a valid DPID: 7 characters, expected 17 or 18, or 20 or 21 with hyphens
            "PADPIDA111111111": not a valid DPID: 16 characters, expected 17 or 18, or 20 or 21 with hyphens
            "PADPIDB2013042401U": not a valid DPID: unexpected character at 6
            "DPID::PADPIDA2013_42401U": not a valid DPID: unexpected character at 17
            "PADPIDA2013042401UX": not a valid DPID: 19 characters, expected 17 or 18, or 20 or 21 with hyphens
        "#]],
    );
    let checked = |text| Dpid::parse(text).unwrap().is_checked();
    assert!(checked("PADPIDA3897722461G") && checked("PADPIDA2013020802I"));
    assert!(!checked("PADPIDA2015999999X") && !checked("PADPIDA2222222222"));
}

#[test]
fn slugs() {
    let long = "a".repeat(100);
    check(
        RecordingId::parse,
        ToString::to_string,
        &[
            "a",
            "7",
            "my-destiny-2014",
            "a--",
            "",
            "-a",
            "A",
            "a b",
            "a_b",
            "\u{c5}",
            &format!("{long}a"),
        ],
        expect![[r#"
            "a": a = a
            "7": 7 = 7
            "my-destiny-2014": my-destiny-2014 = my-destiny-2014
            "a--": a-- = a--
            "": not a valid recording id: 0 characters, expected 1 to 100
            "-a": not a valid recording id: unexpected character at 0
            "A": not a valid recording id: unexpected character at 0
            "a b": not a valid recording id: unexpected character at 1
            "a_b": not a valid recording id: unexpected character at 1
            "Å": not a valid recording id: unexpected character at 0
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": not a valid recording id: 101 characters, expected 1 to 100
        "#]],
    );
    assert!(PartyId::parse(&long).is_ok());
    let names = [
        format!("{:?}", PartyId::parse("x").unwrap()),
        format!("{:?}", AgreementId::parse("x").unwrap()),
        format!("{:?}", "x".parse::<TermId>().unwrap()),
        RepertoireId::parse("X").unwrap_err().to_string(),
    ];
    expect![[r#"
        PartyId(x)
        AgreementId(x)
        TermId(x)
        not a valid repertoire id: unexpected character at 0"#]]
    .assert_eq(&names.join("\n"));
}

/// Appends the only check that fits, and demands that there is one and only one.
fn completed(number: &str, checks: &[String], is_valid: impl Fn(&str) -> bool) -> String {
    let fitting: Vec<_> = checks
        .iter()
        .map(|check| format!("{number}{check}"))
        .filter(|text| is_valid(text))
        .collect();
    assert_eq!(fitting.len(), 1, "{fitting:?}");
    fitting[0].clone()
}

/// Every text that differs in one digit.
fn slips(text: &str) -> impl Iterator<Item = String> {
    (0..text.len()).flat_map(move |at| {
        (b'0'..=b'9').filter(move |digit| text.as_bytes()[at] != *digit).filter_map(move |digit| {
            let mut bytes = text.as_bytes().to_vec();
            if !bytes[at].is_ascii_digit() {
                return None;
            }
            bytes[at] = digit;
            String::from_utf8(bytes).ok()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_wrong_digit_shows(number in "[0-9]{15}", letters in "[0-9A-Z]{15}") {
        let digits: Vec<_> = (0..10).map(|digit| digit.to_string()).collect();
        let with_x: Vec<_> = digits.iter().cloned().chain(["X".to_owned()]).collect();
        let pairs: Vec<_> = (0..100).map(|pair| format!("{pair:02}")).collect();
        let capitals: Vec<_> = digits.iter().cloned().chain(('A'..='Z').map(String::from)).collect();

        let icpn = completed(&number[..12], &digits, |text| Icpn::parse(text).is_ok());
        prop_assert!(slips(&icpn).all(|slip| Icpn::parse(&slip).is_err()));
        let isni = completed(&number, &with_x, |text| Isni::parse(text).is_ok());
        prop_assert!(slips(&isni).all(|slip| Isni::parse(&slip).is_err()));
        let ipi = completed(&number[..9], &pairs, |text| Ipi::parse(text).is_ok());
        // A slip among the check digits, or to the pair 00 that stands for two remainders.
        prop_assert!(slips(&ipi).filter(|slip| !slip.ends_with("00")).all(|slip| Ipi::parse(&slip).is_err()));
        let grid = completed(&format!("A1{letters}"), &capitals, |text| Grid::parse(text).is_ok());
        prop_assert!(slips(&grid).skip(9).all(|slip| Grid::parse(&slip).is_err()));
        // A weight that shares a factor with 10 lets slips pass at even places and at the fifth.
        let iswc = completed(&format!("T{}", &number[..9]), &digits, |text| Iswc::parse(text).is_ok());
        let passing = slips(&iswc).filter(|slip| Iswc::parse(slip).is_ok());
        for slip in passing {
            let at = slip.bytes().zip(iswc.bytes()).position(|(slip, digit)| slip != digit);
            prop_assert!(matches!(at, Some(2 | 4 | 5 | 6 | 8)));
        }
    }

    #[test]
    fn no_text_panics_and_what_is_read_is_printed_back(text in "\\PC{0,22}|[-.TAPDI0-9X ]{0,22}") {
        if let Ok(isrc) = Isrc::parse(&text) {
            prop_assert_eq!(Isrc::parse(&isrc.printed()), Ok(isrc));
        }
        let canonical = [
            Isrc::parse(&text).map(|value| value.to_string()),
            Iswc::parse(&text).map(|value| value.to_string()),
            Icpn::parse(&text).map(|value| value.to_string()),
            Isni::parse(&text).map(|value| value.to_string()),
            Ipi::parse(&text).map(|value| value.to_string()),
            Grid::parse(&text).map(|value| value.to_string()),
            Dpid::parse(&text).map(|value| value.to_string()),
        ];
        for value in canonical.into_iter().flatten() {
            prop_assert!(value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
        }
    }

    #[test]
    fn well_formed_isrcs_are_read(text in "[A-Z]{2}[A-Z0-9]{3}[0-9]{7}") {
        let isrc = Isrc::parse(&text).unwrap();
        prop_assert_eq!(isrc.as_str(), &text);
        prop_assert_eq!(Isrc::parse(&isrc.printed()), Ok(isrc));
        prop_assert_eq!(Isrc::parse(&text.to_lowercase()), Ok(isrc));
    }
}
