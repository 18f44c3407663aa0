use expect_test::expect;
use money::{Atoms, Currency};

use super::{Column, Division, Holdings, Preview, Tables, bounds, write_csv};

const RECORDINGS: &str = "isrc,recording,repertoire\n\
    ZZLMB2100001,a,soundtrack|winter\nZZ-LMB-21-00002,b,\nZZLMB2100003,c,winter\nx,d,\n";
const SHARES: &str = "isrc,payee,share\n\
    ZZLMB2100001,kim,0.25\nZZLMB2100001,lee,1/3\nZZLMB2100002,kim,100%\nZZLMB2100002,lee,0.1\n\
    zzlmb2100003,\"Lee, Park\",0.5\nZZLMB2100003,,0.5\nZZLMB2100003,kim,half\n";

fn holdings(repertoire: Option<&str>) -> (Holdings, Vec<String>) {
    let tables = Tables {
        shares: Some(("shares.csv", SHARES.as_bytes())),
        recordings: Some(("recordings.csv", RECORDINGS.as_bytes())),
    };
    let (holdings, findings) = Holdings::read(None, tables, repertoire);
    (holdings, findings.iter().map(ToString::to_string).collect())
}

fn units(number: i64) -> i128 {
    Atoms::from_units(number).raw()
}

fn column(territory: &str, pool: Option<(i64, i64)>) -> Option<Column> {
    let pool = pool.map(|(revenue, whole)| (Atoms::from_units(revenue), Atoms::from_units(whole)));
    let currency = Currency::parse("EUR").ok();
    Some(Column { territory: territory.to_owned(), currency, pool })
}

#[test]
fn tables_are_read_and_what_is_wrong_in_them_is_told() {
    let (holdings, findings) = holdings(Some("winter"));
    assert_eq!(holdings.recordings(), 3);
    assert_eq!(holdings.repertoires(), ["soundtrack", "winter"]);
    let places = ["ZZLMB2100001", "zz-lmb-21-00002", "ZZLMB2100003", "ZZLMB2100004", "비"];
    assert_eq!(places.map(|it| holdings.place(it)), [1, 2, 3, 0, 0]);
    expect![[r#"
        error preview-shares-over-whole shares.csv: its right shares are more than all there is; none counts (ZZLMB2100002)
        error preview-row-malformed shares.csv:7: no payee (ZZLMB2100003,,0.5)
        error preview-row-malformed shares.csv:8: no share (ZZLMB2100003,kim,half)
        error preview-row-malformed recordings.csv:5: no ISRC (x,d,)"#]].assert_eq(&findings.join("\n"));
}

#[test]
fn every_part_has_its_place_and_all_parts_are_the_whole() {
    let (holdings, _) = holdings(Some("soundtrack"));
    let mut division = Division::new(&holdings);
    division.add(1, 0, &[[units(12), units(3)], [units(4), units(4)]]);
    division.add(0, 0, &[[units(1), units(9)], [0, 0]]);
    division.add(3, 0, &[[units(7), units(1)], [units(2), units(2)]]);
    division.add(1, 0, &[[units(12), units(3)], [0, 0]]);
    let mut preview = Preview::default();
    division.finish(&[column("KR", None), column("JP", Some((100, 12)))], &mut preview).unwrap();
    let mut text = Vec::new();
    write_csv(&mut text, &preview.dues(&holdings, true, true).unwrap()).unwrap();
    expect![[r#"
        payee,territory,currency,amount
        "Lee, Park",JP,EUR,8.333333333333333333
        "Lee, Park",KR,EUR,3.5
        kim,JP,EUR,8.333333333333333333
        kim,KR,EUR,6
        lee,JP,EUR,11.111111111111111111
        lee,KR,EUR,8
    "#]]
    .assert_eq(&String::from_utf8(text).unwrap());
    let mut text = Vec::new();
    write_csv(&mut text, &preview.dues(&holdings, false, true).unwrap()).unwrap();
    expect![[r#"
        payee,territory,currency,amount
        ,JP,EUR,27.777777777777777777
        ,KR,EUR,17.5
    "#]]
    .assert_eq(&String::from_utf8(text).unwrap());
    expect![[r#"
        {
            Currency(EUR): Money {
                revenue: Atoms(
                    82000000000000000000,
                ),
                shared_out: Atoms(
                    45277777777777777777,
                ),
                unshared: Atoms(
                    35722222222222222222,
                ),
                unmatched: Atoms(
                    1000000000000000000,
                ),
                tagged: Atoms(
                    57333333333333333333,
                ),
            },
        }
    "#]]
    .assert_debug_eq(&preview.money);
    expect![[r#"
        (
            Usages {
                all: Atoms(
                    22000000000000000000,
                ),
                unmatched: Atoms(
                    9000000000000000000,
                ),
                tagged: Atoms(
                    10000000000000000000,
                ),
            },
            3,
        )
    "#]]
    .assert_debug_eq(&(preview.usages, preview.rounded));
}

#[test]
fn columns_that_do_not_count_and_reports_of_their_own() {
    let (holdings, _) = holdings(None);
    let mut preview = Preview::default();
    for columns in [[None, column("KR", None)], [column("KR", None), None]] {
        let mut division = Division::new(&holdings);
        division.add(1, 0, &[[units(4), units(1)], [units(8), units(1)]]);
        division.finish(&columns, &mut preview).unwrap();
    }
    let dues = preview.dues(&holdings, true, true).unwrap();
    let dues: Vec<_> = dues.iter().map(|it| format!("{} {}", it.payee, it.amount)).collect();
    assert_eq!(dues, ["kim 3", "lee 4"]);
}

#[test]
fn a_sum_beyond_the_range_is_an_error_and_no_wrong_number() {
    let (holdings, _) = holdings(None);
    let mut division = Division::new(&holdings);
    division.add(1, 0, &[[i128::MAX / 2, 0]]);
    assert!(division.finish(&[column("KR", None)], &mut Preview::default()).is_err());
}

#[test]
fn sums_in_nano_are_the_same_sums() {
    let (holdings, _) = holdings(Some("winter"));
    let sums = [[7_123_456_789, 3], [-4, 1_000_000_000], [i64::MAX, i64::MAX]];
    let atoms = sums.map(|sum| sum.map(|it| i128::from(it) * 1_000_000_000));
    let columns = [column("KR", None), column("JP", Some((100, 12))), column("US", None)];
    let [mut one, mut other] = [Preview::default(), Preview::default()];
    for place in 0..=3 {
        let [mut nano, mut wide] = [Division::new(&holdings), Division::new(&holdings)];
        nano.add_nano(place, 0, &sums);
        wide.add(place, 0, &atoms);
        nano.finish(&columns, &mut one).unwrap();
        wide.finish(&columns, &mut other).unwrap();
    }
    assert_eq!(one, other);
}

#[test]
fn bounds_say_least_and_most() {
    let [tagged, unmatched, all] = [1, 1, 4].map(Atoms::from_units);
    let (lower, upper) = bounds(tagged, unmatched, all).unwrap();
    assert_eq!((lower.to_percent(0), upper.to_percent(0)), ("25".to_owned(), "50".to_owned()));
    assert!(bounds(tagged, unmatched, Atoms::ZERO).is_none());
}
