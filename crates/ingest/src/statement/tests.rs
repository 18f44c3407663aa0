//! What a spec says, and what rows do against it.

use std::io::{BufRead, Cursor};
use std::sync::LazyLock;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::report::Source;

const SPEC: &str = r#"
[source]
name = "made-up"
edition = "1"
version = 1
title = "Made Up"
evidence = "template"

[file]
encodings = ["utf-8", "latin-1"]

[table]
columns = ["Month", "ISRC", "Title", "Plays", "Net"]

[aliases]
"Plays" = ["Streams"]

[number]
thousands = ","
parentheses = true

[period]
column = "Month"
forms = ["YYYY-MM"]

[line]
rights = "master"
service = { first = ["Store", "Shop"] }
isrc = "ISRC"
title = "Title"
usages = "Plays"
amount = "Net"
currency = { constant = "EUR" }

[[negative]]
"Kind" = "return"

[[use_type]]
when = { "Kind" = ["stream*", "return"] }
is = "OnDemandStream"

[[use_type]]
when = { "Kind" = "" }
is = "OnDemandStream"

[[skip]]
kind = "total"
when = { "Title" = "Total*", "ISRC" = "" }
total = "Net"

[[skip]]
kind = "second table"
when = { "@1" = "Share per unit" }
rest = true
"#;

fn read(spec: &SourceSpec, bytes: &[u8]) -> (Result<Statement, crate::IngestError>, String) {
    let mut seen = String::new();
    let mut faults = String::new();
    let source = Source { report: "r", file: 0, name: "in/s.csv" };
    let open = || Ok(Box::new(Cursor::new(bytes.to_vec())) as Box<dyn BufRead>);
    let told = Told { spec, period: None };
    let statement = open_statement(spec, source.name, &open, &mut |_, rows| {
        ingest_statement(
            &source,
            told,
            rows,
            &mut |it| {
                seen += &format!("{} {:?} {} {}\n", it.line, it.title, it.usages, it.amount);
            },
            &mut |it| faults += &format!("{it}\n"),
        )
    });
    (statement, seen + &faults)
}

fn check(text: &str, expected: &Expect) {
    let spec = SourceSpec::parse("made-up.toml", SPEC).unwrap();
    let (statement, mut seen) = read(&spec, text.as_bytes());
    seen += &match statement {
        Ok(it) => {
            let skipped: u64 = it.skipped.values().sum();
            let aside = it.ingested.quarantined.len();
            assert_eq!(it.rows, it.ingested.lines + skipped + aside as u64);
            format!(
                "{} lines, {:?} skipped, {aside} aside, {} totals agree",
                it.ingested.lines, it.skipped, it.totals_agreed
            )
        }
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&seen);
}

#[test]
fn who_subscribed_when() {
    let plain =
        SPEC.replace("[line]\n", "[line]\nsubscribed = \"Since\"\nbasis = \"service-net\"\n");
    let words = plain.replace(
        "subscribed = \"Since\"",
        "subscribed = { column = \"Since\", map = { \"legacy\" = \"2018/12\" } }\n\
         subscribed_forms = [\"YYYY/M\"]",
    );
    let check = |spec: &str, since: &str, expected: Expect| {
        let spec = SourceSpec::parse("made-up.toml", spec).unwrap();
        let text = format!("Month,ISRC,Title,Plays,Net,Since\n2024-06,A,x,1,1,{since}\n");
        let open = || Ok(Box::new(Cursor::new(text.clone())) as Box<dyn BufRead>);
        let source = Source { report: "r", file: 0, name: "s.csv" };
        let told = Told { spec: &spec, period: None };
        let (mut seen, mut faults) = (String::new(), String::new());
        let read = open_statement(&spec, "s.csv", &open, &mut |_, rows| {
            let line = &mut |it: usage::Line| seen = format!("{} {:?}", it.basis, it.subscribed);
            let fault = &mut |it: finding::Finding| {
                if it.severity == finding::Severity::Error {
                    faults = it.to_string();
                }
            };
            ingest_statement(&source, told, rows, line, fault)
        });
        assert!(read.is_ok());
        expected.assert_eq(&(seen + &faults));
    };
    check(&plain, "2018-11-30", expect!["service-net Some(Month { year: 2018, month: 11 })"]);
    check(&plain, "2018-11", expect!["service-net Some(Month { year: 2018, month: 11 })"]);
    check(&plain, "", expect!["service-net None"]);
    check(
        &plain,
        "long ago",
        expect![
            "error ingest-statement-subscribed s.csv:2 cell 6: no day or month of subscription in the form of the spec (long ago)"
        ],
    );
    check(&words, "Legacy", expect!["service-net Some(Month { year: 2018, month: 12 })"]);
    check(&words, "2019/1", expect!["service-net Some(Month { year: 2019, month: 1 })"]);
    let odd = SPEC.replace("[line]\n", "[line]\nbasis = \"none\"\n");
    let error = SourceSpec::parse("made-up.toml", &odd).unwrap_err().to_string();
    assert!(error.contains("basis is `received` or `service-net`"), "{error}");
}

#[test]
fn totals_are_compared_and_never_counted() {
    check(
        "Month,ISRC,Title,Plays,Net\n2024-06,A,x,1,100.0000\n2024-06,B,y,1,7.2916\n\
         2024-06,C,z,1,7.2916\n,,Total,3,114.58\n",
        &expect![[r#"
            2 "x" 1 100
            3 "y" 1 7.2916
            4 "z" 1 7.2916
            warning ingest-statement-column s.csv:1: no column Store or Shop for service
            3 lines, {"header": 1, "total": 1} skipped, 0 aside, 1 totals agree"#]],
    );
    check(
        "Month,ISRC,Title,Plays,Net\n2024-06,A,x,1,1\n,,Total,1,1\n2024-06,B,y,1,2\n\
         ,,Total June,1,2\n,,Total all,2,3\n,,Total again,2,4\n",
        &expect![[r#"
            2 "x" 1 1
            4 "y" 1 2
            warning ingest-statement-column s.csv:1: no column Store or Shop for service
            error ingest-statement-total s.csv:7 cell 5: states 4 EUR, the rows above sum to 3: 1 EUR off (4)
            2 lines, {"header": 1, "total": 4} skipped, 0 aside, 3 totals agree"#]],
    );
}

#[test]
fn a_total_that_nobody_declared() {
    check(
        "Month,ISRC,Title,Plays,Net\n2024-06,A,x,1,1.5\n2024-06,B,y,1,2\nSum,,,2,3.5\nSubtotal,,,,9\n\
         2024-06,,,4,7\n",
        &expect![[r#"
            2 "x" 1 1.5
            3 "y" 1 2
            warning ingest-statement-column s.csv:1: no column Store or Shop for service
            error ingest-statement-total-row s.csv:5 cell 5: begins like a total, and is not the sum of the rows above (9)
            error ingest-statement-identity s.csv:6: money without a title, an identifier or a name: perhaps a sum (2024-06 |  |  | 4 | 7)
            2 lines, {"header": 1, "total": 1} skipped, 2 aside, 1 totals agree"#]],
    );
}

#[test]
fn a_second_table_is_no_part_of_the_first() {
    check(
        "Month,ISRC,Title,Plays,Net\n2024-06,A,x,1,1.5\nShare per unit,,,,\nKR,1,0.004,1.5\n\
         2024-06,B,y,1,2\n",
        &expect![[r#"
            2 "x" 1 1.5
            warning ingest-statement-column s.csv:1: no column Store or Shop for service
            error ingest-statement-rest s.csv:5: a row after the end of the table that could be a line (2024-06 | B | y | 1 | 2)
            1 lines, {"header": 1, "second table": 2} skipped, 1 aside, 0 totals agree"#]],
    );
}

#[test]
fn headers_move_and_come_again() {
    check(
        "Report of June\nMonth,Store,Title,ISRC,Streams,Net\n2024-06,M,x,A,\"1,000\",(1.5)\n\
         Net,Title,Plays,ISRC,Month\n2,y,5,B,2024-07\n",
        &expect![[r#"
            3 "x" 1000 -1.5
            5 "y" 5 2
            warning ingest-statement-column s.csv:4: no column Store or Shop for service
            2 lines, {"header": 1, "preamble": 1, "repeated header": 1} skipped, 0 aside, 0 totals agree"#]],
    );
}

#[test]
fn columns_of_one_name_are_not_guessed() {
    check(
        "Month,ISRC,Title,Plays,Net,Net\n2024-06,A,x,1,1,2\n",
        &expect![[r#"
            warning ingest-statement-column s.csv:1: no column Store or Shop for service
            in/s.csv: several times column Net for amount"#]],
    );
    check(
        "Month,ISRC,Title,Plays,Net,Title,Store\n2024-06,A,x,1,1,y,M\n",
        &expect![[r#"
            2 "x" 1 1
            warning ingest-statement-column s.csv:1: several columns are called Title; the first is read
            1 lines, {"header": 1} skipped, 0 aside, 0 totals agree"#]],
    );
    let text = SPEC.replace("amount = \"Net\"", "amount = \"Net#2\"");
    let spec = SourceSpec::parse("made-up.toml", &text).unwrap();
    let (_, seen) = read(&spec, b"Month,ISRC,Title,Plays,Net,Net\n2024-06,A,x,1,1,2\n");
    assert!(seen.starts_with("2 \"x\" 1 2\n"), "{seen}");
}

#[test]
fn rows_that_are_no_rows() {
    check(
        "Month,ISRC,Title,Plays,Net,Store,Kind\n2024-06,A,Rain, again,1,1,M,stream\n\
         2024-06,A,\"Rain,1,1,M,stream\n2024-06,B,y,1,1,M,return\n2024-06,B,y,1,1,M,gift\n\n\
         06/2024,B,y,1,1,M,\n2024-06,B,y,1,1.5E-5,M,\n2024-06,B,y,1,1.1234567890123456789,M,\n\
         2024-06,B,y,,1,M,\n2024-06,B,y,1\n",
        &expect![[r#"
            4 "y" -1 -1
            5 "y" 1 1
            8 "y" 1 0.000015
            error ingest-statement-form s.csv:2: more cells than columns: none can be told from its neighbour (2024-06 | A | Rain |  again | 1 | 1 | M | stream)
            error ingest-statement-form s.csv:3: a quote that is never closed (2024-06 | A | "Rain | 1 | 1 | M | stream)
            warning ingest-statement-use-type s.csv:5: no rule of the spec says what use this is (2024-06 | B | y | 1 | 1 | M | gift)
            error ingest-statement-period s.csv:7 cell 1: no day or month in the form of the spec (06/2024)
            error ingest-amount s.csv:9 cell 5: more than 18 decimals, which cannot be held without rounding (1.1234567890123456789)
            error ingest-usages s.csv:10 cell 4: no number
            error ingest-amount s.csv:11 cell 5: no number
            3 lines, {"blank": 1, "header": 1} skipped, 6 aside, 0 totals agree"#]],
    );
    check(
        "a,b\n1,2\n",
        &expect!["in/s.csv: no header of made-up/1 in its first rows; try `leitmotif report try`"],
    );
    check(
        "Month,ISRC,Title,Plays,Net\n",
        &expect![[r#"
        warning ingest-statement-column s.csv:1: no column Store or Shop for service
        0 lines, {"header": 1} skipped, 0 aside, 0 totals agree"#]],
    );
}

#[test]
fn a_spec_that_cannot_be_used_says_why() {
    let check = |from: &str, to: &str, expected: Expect| {
        assert!(SPEC.contains(from), "{from}");
        let error = SourceSpec::parse("s.toml", &SPEC.replacen(from, to, 1)).unwrap_err();
        expected.assert_eq(&error.to_string());
    };
    check(
        "\"latin-1\"",
        "\"ansi\"",
        expect![[
            r#"s.toml is not a source spec: no encoding is called "ansi"; known are utf-8, utf-16le, utf-16be, latin-1, cp949, cp1251, cp932"#
        ]],
    );
    check(
        "[\"YYYY-MM\"]",
        "[]",
        expect![
            "s.toml is not a source spec: period needs `column`, or `from` and `until`, each with `forms`; or `asked`"
        ],
    );
    check(
        "encodings =",
        "personal = [\"title\"]\nencodings =",
        expect![[
            r#"s.toml is not a source spec: title reads "Title", which is dropped as data of a person"#
        ]],
    );
    check(
        "name = \"made-up\"",
        "name = \"Made Up\"",
        expect![
            "s.toml is not a source spec: name and edition are small letters, digits and hyphens"
        ],
    );
    check(
        "amount = \"Net\"",
        "amount = 5",
        expect![[r#"
            s.toml is not a source spec: TOML parse error at line 32, column 10
               |
            32 | amount = 5
               |          ^
            a column's name, or a table with one of `column`, `first`, `sum`, `constant` or `preamble`, and perhaps `map` and `otherwise`
        "#]],
    );
}

#[test]
fn shipped_specs_are_specs() {
    for (file, text) in SHIPPED {
        let spec = SourceSpec::parse(file, text).unwrap();
        assert!(file.starts_with(&spec.source.name), "{file} is {}", spec.id());
        assert!(!spec.source.note.is_empty(), "{file}");
    }
}

/// Cells as they come, and as they should not.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "2024-06", "A", "Total", "1", "1.5", "-2", "(3)", "1,000", "", "Share per unit", "sum", "\"",
            "Month", "ISRC", "Title", "Plays", "Net", "1e400", "0.1234567890123456789", "1.5E-5",
            "06/03/2024", "2024/06/01", "2024-06-03", "202406", "USD", "EUR", "KRW", "stream", "refund",
        ])
        .prop_map(str::to_owned),
        1 => "[\\PC\"\n\r,]{0,12}",
    ]
}

/// How often a property is tried: `STATEMENT_CASES`, or a few hundred times.
fn cases() -> u32 {
    std::env::var("STATEMENT_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(300)
}

/// The spec above and those that are shipped.
static SPECS: LazyLock<(SourceSpec, Vec<SourceSpec>)> = LazyLock::new(|| {
    let shipped = SHIPPED.iter().map(|(file, text)| SourceSpec::parse(file, text).unwrap());
    (SourceSpec::parse("made-up.toml", SPEC).unwrap(), shipped.collect())
});

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    /// Whatever comes: every row has one end, the lines that are handed out are those that are
    /// counted, their money is the control total, and quarantined rows keep their bytes.
    #[test]
    fn every_row_has_one_end(
        rows in prop::collection::vec(prop::collection::vec(cell(), 0..24), 0..30),
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        head in any::<bool>(),
        wide in prop::bool::weighted(0.8),
        which in any::<prop::sample::Index>(),
    ) {
        // Every second time a shipped spec, with its own header.
        let (own, shipped) = &*SPECS;
        let spec = if head { own } else { which.get(shipped) };
        let mut text = String::new();
        let form = spec.form(sheet::Encoding::Utf8);
        let join = |cells: &[String]| cells.join(&form.delimiter.to_string()) + "\n";
        let mut header = spec.table.columns.clone();
        header.extend(spec.line.values().flat_map(|(_, it)| {
            it.columns().map(str::to_owned).collect::<Vec<_>>()
        }));
        let mut seen = std::collections::BTreeSet::new();
        header.retain(|it| seen.insert(key(it)));
        if spec.period.preamble {
            for (label, value) in [("Start Date", "06/01/2024"), ("End Date", "06/30/2024"), ("Currency", "EUR")] {
                text += &join(&[label.to_owned(), value.to_owned()]);
            }
        }
        text += &join(&header);
        for row in &rows {
            // Most rows are as wide as the table.
            let mut row = row.clone();
            row.resize(if wide { header.len() } else { row.len() }, "1".to_owned());
            text += &join(&row);
        }
        let mut bytes = text.into_bytes();
        for (at, byte) in noise {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let source = Source { report: "r", file: 0, name: "s" };
        let open = || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn BufRead>);
        let mut lines = Vec::new();
        let mut findings = 0_u64;
        let period = period::Period::parse("2024-06").ok().filter(|_| spec.asks_period());
        let told = Told { spec, period };
        let statement = open_statement(spec, "s", &open, &mut |_, rows| {
            ingest_statement(&source, told, rows, &mut |it| lines.push(it), &mut |_| findings += 1)
        });
        let Ok(it) = statement else {
            prop_assert!(lines.is_empty());
            return Ok(());
        };
        let skipped: u64 = it.skipped.values().sum();
        prop_assert_eq!(it.rows, it.ingested.lines + skipped + it.ingested.quarantined.len() as u64);
        prop_assert_eq!(it.ingested.lines, lines.len() as u64);
        prop_assert!(findings >= it.ingested.quarantined.len() as u64);
        let sum = money::Atoms::checked_sum(lines.iter().map(|it| it.amount)).unwrap();
        let total = money::Atoms::checked_sum(it.ingested.amounts.values().copied()).unwrap();
        prop_assert_eq!(sum, total);
        for row in &it.ingested.quarantined {
            prop_assert!(bytes.windows(row.raw.len().max(1)).any(|it| it == &row.raw[..])
                || row.raw.is_empty());
        }
    }

    /// A copy without persons has none of their cells, and reads to the same lines.
    #[test]
    fn no_person_is_left(secret in "[a-z]{5}Q[a-z]{5}", note in "[\\PC\"\n,]{0,10}", rows in 0_usize..6) {
        let spec = SPECS.1.iter().find(|it| it.source.name == "bandcamp").unwrap();
        let header = "date,item type,item name,artist,currency,item price,quantity,sub total,transaction \
                      fee,item total,net amount,package,buyer name,buyer note,buyer name";
        let quoted = format!("\"{}\"", format!("{note}{secret}").replace('"', "\"\""));
        let row = format!("6/3/24,track,Rain,Han,USD,1,1,1,0,1,0.5,,{secret},{quoted},{secret}\n");
        let misfit = format!("6/3/24,track,Rain,Han,USD,1,1,{secret},{secret}\n");
        let text = format!("{header}\n{}{misfit}", row.repeat(rows));
        let open = || Ok(Box::new(Cursor::new(text.clone())) as Box<dyn BufRead>);
        let mut copy = Vec::new();
        let emptied = open_statement(spec, "b", &open, &mut |_, rows| {
            write_without_persons(spec, "b", rows, &mut copy)
        })
        .unwrap();
        prop_assert_eq!(emptied, 3 * rows as u64);
        prop_assert!(!String::from_utf8(copy.clone()).unwrap().contains(&secret));
        let open = || Ok(Box::new(Cursor::new(copy.clone())) as Box<dyn BufRead>);
        let source = Source { report: "r", file: 0, name: "b" };
        let told = Told { spec, period: None };
        let it = open_statement(spec, "b", &open, &mut |_, rows| {
            ingest_statement(&source, told, rows, &mut |_| {}, &mut |_| {})
        })
        .unwrap();
        prop_assert_eq!((it.ingested.lines, it.ingested.quarantined.len()), (rows as u64, 1));
    }
}

#[test]
fn a_price_is_read_and_one_that_is_none_is_told() {
    let spec = SPECS.1.iter().find(|it| it.source.name == "licence-fees").unwrap();
    let text = "Date,Licensee,Kind,Title,Quantity,Amount,Currency,Unit Price,Price Category\n\
                2024-06-01,Shop,disc,Rain,10,\"50,000\",KRW,\"12,000\",Mid-Price\n\
                2024-06-01,Shop,disc,Rain,-1,-5000,KRW,-12000,Mid-Price\n\
                2024-06-01,Shop,disc,Rain,1,5000,KRW,,\n\
                2024-06-01,Shop,disc,Rain,1,5000,KRW,dear,\n";
    let source = Source { report: "r", file: 0, name: "s" };
    let open = || Ok(Box::new(Cursor::new(text)) as Box<dyn BufRead>);
    let (mut lines, mut findings) = (Vec::new(), Vec::new());
    let told = Told { spec, period: None };
    open_statement(spec, "s", &open, &mut |_, rows| {
        ingest_statement(&source, told, rows, &mut |it| lines.push(it), &mut |it| {
            findings.push(it.to_string());
        })
    })
    .unwrap();
    let prices: Vec<_> =
        lines.iter().map(|it| (it.unit_price, it.price_category.as_str())).collect();
    let price = Some(money::Atoms::from_units(12_000));
    assert_eq!(prices, [(price, "Mid-Price"), (price, "Mid-Price"), (None, ""), (None, "")]);
    findings.retain(|it| it.contains("price"));
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].contains("ingest-statement-price s:5 cell 8"), "{findings:?}");
}
