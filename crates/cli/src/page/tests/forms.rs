//! The printed document and the workbook of the sample statements.

use std::io::Cursor;

use ::statement::{RecordingNote, Statement};
use expect_test::expect;
use money::Atoms;
use sheet::{Limits, Row, Rows as _};

use super::super::{Look, Productions, statement_page, statement_pdf, statement_workbook};
use super::{check, sample, visible};
use crate::words::Language;

fn pdf(it: &Statement, language: Language) -> Vec<u8> {
    statement_pdf(it, &Look { language, productions: &Productions::default() })
}

fn workbook(it: &Statement, language: Language) -> Vec<u8> {
    let productions = Productions::default();
    statement_workbook(it, &Look { language, productions: &productions }).unwrap()
}

/// How many sheets a document says it has.
fn sheets(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let (_, rest) = text.split_once("/Type /Pages").unwrap();
    let count = rest.split_once("/Count ").unwrap().1;
    count.split(|it: char| !it.is_ascii_digit()).next().unwrap().parse().unwrap()
}

/// The worksheets of a workbook: name and rows of cells.
fn rows(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<String>>)> {
    let limits = Limits::default();
    let mut book = sheet::Workbook::open("statement.xlsx", Cursor::new(bytes), limits).unwrap();
    let mut out = Vec::new();
    for name in book.sheets() {
        let mut rows = book.rows(&name).unwrap();
        let (mut row, mut all) = (Row::default(), Vec::new());
        while rows.read(&mut row).unwrap() {
            all.push(row.cells().map(str::to_owned).collect());
        }
        out.push((name, all));
    }
    out
}

#[test]
fn the_same_statement_gives_the_same_bytes() {
    let it = sample(&["1000.2647058823529411", "2000.5"], "0.5");
    let again = sample(&["1000.2647058823529411", "2000.5"], "0.5");
    for language in Language::ALL {
        assert_eq!(pdf(&it, language), pdf(&again, language));
        assert_eq!(workbook(&it, language), workbook(&again, language));
    }
    assert_ne!(pdf(&it, Language::En), pdf(&it, Language::Ko));
    assert_ne!(workbook(&it, Language::En), workbook(&it, Language::Ko));
}

#[test]
fn a_document_has_page_one_lines_and_basis() {
    let empty = sample(&[], "0");
    for language in Language::ALL {
        // Without a line: the summary, and how to check it.
        assert_eq!(sheets(&pdf(&empty, language)), 2);
        let some = vec!["10"; 100];
        assert_eq!(sheets(&pdf(&sample(&some, "0"), language)), 7);
    }
}

#[test]
fn a_workbook_is_read_back() {
    let all = rows(workbook(&sample(&["1000.2647058823529411"], "0.5"), Language::En));
    let names: Vec<&str> = all.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(names, ["Summary", "Lines"]);
    let shown = |rows: &[Vec<String>]| {
        rows.iter().map(|it| it.join(" | ").trim_end_matches([' ', '|']).to_owned()).collect()
    };
    let summary: Vec<String> = shown(&all[0].1);
    check(&summary.join("\n"), expect![[r#""#]]);
    let lines: Vec<String> = shown(&all[1].1);
    check(&lines.join("\n"), expect![[r#""#]]);
}

#[test]
fn hostile_titles_are_safe() {
    let mut it = sample(&["10", "20", "30"], "0");
    let long = "가".repeat(100_000);
    let note = |title: &str| RecordingNote {
        artist: "@cmd|' /C calc'!A0".into(),
        id: "r".into(),
        isrc: String::new(),
        title: title.into(),
    };
    it.recordings = vec![note("=1+1"), note("\u{0}\u{1b}[2J</t></is>\u{202e}x"), note(&long)];
    for language in Language::ALL {
        assert_eq!(sheets(&pdf(&it, language)), 3);
    }
    let all = rows(workbook(&it, Language::En));
    let cell = |row: usize, column: usize| all[1].1[row][column].as_str();
    assert_eq!(cell(1, 2), "=1+1");
    assert_eq!(cell(1, 3), "@cmd|' /C calc'!A0");
    assert_eq!(cell(2, 2), "\u{fffd}\u{fffd}[2J</t></is>\u{202e}x");
    assert_eq!(cell(3, 2).encode_utf16().count(), 32_767);
    assert!(cell(3, 2).ends_with('…'));
}

#[test]
fn the_exact_columns_of_a_workbook_add_up() {
    let it = sample(&["0.123456789012345678", "1234567890123.000000000000000001", "-3"], "0");
    let all = rows(workbook(&it, Language::Ko));
    assert_eq!(all[1].0, "내역");
    let exact = all[1].1[1..].iter().map(|row| Atoms::parse(&row[14]).unwrap());
    assert_eq!(Atoms::checked_sum(exact), Some(it.balance.earned));
    // A number is a number: the nearest binary float of the same amount.
    let number: f64 = all[1].1[2][13].parse().unwrap();
    assert_eq!(number, all[1].1[2][14].parse::<f64>().unwrap());
}

#[test]
fn korean_pages_say_it_in_korean() {
    let it = sample(&["1000.2647058823529411"], "0.5");
    let productions = Productions::default();
    let page = statement_page(&it, &Look { language: Language::Ko, productions: &productions });
    assert!(page.contains("<html lang=\"ko\">"));
    check(&visible(&page, "class=\"due\">", "</section>\n<section>\n<h2>검증"), expect![[r#""#]]);
}
