use std::io::{Cursor, Write as _};

use expect_test::expect;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

/// A workbook with one worksheet of this XML.
fn book(sheet: &str) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        zip.start_file(name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn seen(sheet: &str) -> Result<String, ReadError> {
    let limits = Limits { cells_max: 6, ..Limits::default() };
    let mut book = Workbook::open("s.xlsx", Cursor::new(book(sheet)), limits)?;
    assert_eq!(book.sheets(), ["S"]);
    let mut rows = book.rows("S")?;
    let (mut row, mut seen) = (Row::default(), String::new());
    while rows.read(&mut row)? {
        let cells: Vec<&str> = row.cells().collect();
        seen += &format!("{} {cells:?}", row.line);
        seen += &row.fault.map_or_else(String::new, |it| format!(" {it}"));
        seen += "\n";
    }
    assert!(!rows.read(&mut row)?, "the end stays the end");
    Ok(seen)
}

#[test]
fn every_row_is_read_whatever_the_dimension_says() {
    let sheet = r#"<worksheet><dimension ref="A1:B2"/><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>곡명</t></is></c><c r="C1"><v>1.5E-5</v></c></row>
        <row r="2"><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#DIV/0!</v></c></row>
        <row r="9"><c r="A9"><v>0.1</v></c></row>
        <row><c><v>1234567.89</v></c><c><v>-3</v></c></row>
        <row r="12"><c r="XFD12"><v>7</v></c></row>
        <row r="11"><c r="B11"><v>1</v></c><c r="A11"><v>2</v></c></row>
        </sheetData></worksheet>"#;
    expect![[r##"
        1 ["곡명", "", "0.000015"]
        2 ["", "TRUE", "#DIV/0!"]
        3 []
        9 ["0.1"]
        10 ["1234567.89", "-3"]
        11 []
        12 ["", "", "", "", "", "", "7"] more cells than the limit
        11 ["", "1"]
        11 ["2"]
    "##]]
    .assert_eq(&seen(sheet).unwrap());
}

#[test]
fn what_is_no_workbook_is_told() {
    let open = |bytes: Vec<u8>, unpacked_bytes_max| {
        let limits = Limits { unpacked_bytes_max, ..Limits::default() };
        Workbook::open("s.xlsx", Cursor::new(bytes), limits).err().map(|it| it.to_string())
    };
    let whole = book("<worksheet><sheetData/></worksheet>");
    assert_eq!(open(whole.clone(), 1 << 20), None);
    assert_eq!(open(whole.clone(), 100).as_deref(), Some("s.xlsx: unpacks to more than 100 bytes"));
    assert!(open(whole[..whole.len() / 2].to_vec(), 1 << 20).is_some());
    assert!(open(b"PK\x03\x04".to_vec(), 1 << 20).is_some());
    assert!(seen("<worksheet><sheetData><row><c>").is_err());
}

fn cases() -> u32 {
    std::env::var("STATEMENT_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    /// Whatever a worksheet holds, reading it ends, in rows or in an error.
    #[test]
    fn any_worksheet_ends(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<row>", "</row>", "<row r=\"3\">", "<row r=\"99999999999\">", "<c>", "</c>", "<c r=\"B2\">",
            "<c r=\"ZZZZZZ9\">", "<c r=\"1\">", "<c r=\"\">", "<c t=\"s\">", "<c t=\"d\">", "<c s=\"9\">",
            "<v>", "</v>", "1", "-1", "1e999", "NaN", "<f>", "</f>", "<is>", "</is>", "<t>", "</t>",
            "&amp;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "</sheetData>", "비", "\"", "<",
        ]), 0..40),
        closed in any::<bool>(),
    ) {
        let end = if closed { "</sheetData></worksheet>" } else { "" };
        drop(seen(&format!("<worksheet><sheetData>{}{end}", parts.concat())));
    }

    /// Whatever becomes of the bytes of a workbook, opening it ends.
    #[test]
    fn any_bytes_end(
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = book("<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>");
        for (at, byte) in noise {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut.index(bytes.len()) / 8);
        let limits = Limits { unpacked_bytes_max: 1 << 20, ..Limits::default() };
        if let Ok(mut book) = Workbook::open("s.xlsx", Cursor::new(bytes), limits) {
            for sheet in book.sheets() {
                let Ok(mut rows) = book.rows(&sheet) else { continue };
                let mut row = Row::default();
                while let Ok(true) = rows.read(&mut row) {}
            }
        }
    }
}
