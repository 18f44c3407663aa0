//! Rows of cells as a workbook (ECMA-376: its spreadsheet language in its package).

use std::io::{Cursor, Write as _};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// How many rows a worksheet can hold.
pub const ROWS_MAX: usize = 1 << 20;

/// How many UTF-16 units a cell can hold.
const UNITS_MAX: usize = 32_767;

/// What stands in a cell. A text never becomes a number or a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// A text.
    Text(&'a str),
    /// A text above a column.
    Head(&'a str),
    /// A text above a column of numbers.
    HeadOfNumbers(&'a str),
    /// The title of a worksheet.
    Title(&'a str),
    /// A text that stands to the right, as numbers do.
    Figures(&'a str),
    /// A number, as a plain decimal; anything else is written as a text. The program that opens the
    /// workbook keeps the nearest binary float, some 15 digits, and shows two to six decimals.
    Number(&'a str),
    /// A whole number.
    Count(u64),
}

impl Cell<'_> {
    /// The number of the cell's style in [`STYLES`].
    const fn style(self) -> u8 {
        match self {
            Self::Empty | Self::Text(_) => 0,
            Self::Head(_) => 1,
            Self::Title(_) => 2,
            Self::Number(_) => 3,
            Self::Count(_) => 4,
            Self::Figures(_) => 5,
            Self::HeadOfNumbers(_) => 6,
        }
    }
}

/// A worksheet: what it is called and how it looks.
#[derive(Clone, Copy, Debug)]
pub struct Worksheet<'a> {
    /// The name, at most 31 letters, none of `[]:*?/\`, unlike that of any other.
    pub name: &'a str,
    /// The widths of the columns, in letters.
    pub widths: &'a [u32],
    /// How many rows stay in sight when the others are moved.
    pub frozen: u32,
}

/// Why a workbook cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkbookError {
    /// A worksheet has no room for the row.
    #[error("a worksheet holds {ROWS_MAX} rows and no more")]
    Full,
    /// Cells were given before a worksheet was begun.
    #[error("no worksheet is begun")]
    NoWorksheet,
    /// The package refuses.
    #[error("the workbook cannot be packed")]
    Pack(#[from] ZipError),
    /// The package refuses bytes.
    #[error("the workbook cannot be packed")]
    Write(#[from] std::io::Error),
}

/// A workbook in the making; each row is deflated as it comes.
pub struct Workbook {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    names: Vec<String>,
    rows: usize,
    row: String,
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workbook").field("names", &self.names).finish_non_exhaustive()
    }
}

impl Workbook {
    /// Begins a workbook.
    ///
    /// # Errors
    /// [`WorkbookError`] if the package refuses.
    pub fn new() -> Result<Self, WorkbookError> {
        let zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut book = Self { zip, names: Vec::new(), rows: 0, row: String::new() };
        book.member("_rels/.rels", ROOT)?;
        Ok(book)
    }

    /// Begins a worksheet; the one before it is finished.
    ///
    /// # Errors
    /// [`WorkbookError`] if the package refuses.
    pub fn worksheet(&mut self, sheet: &Worksheet<'_>) -> Result<(), WorkbookError> {
        self.end()?;
        self.names.push(sheet.name.to_owned());
        self.rows = 0;
        let name = format!("xl/worksheets/sheet{}.xml", self.names.len());
        self.zip.start_file(name, options())?;
        let mut head = format!("{DECLARATION}<worksheet xmlns=\"{MAIN}\"><sheetViews>");
        let first = if self.names.len() == 1 { " tabSelected=\"1\"" } else { "" };
        head += &format!("<sheetView{first} workbookViewId=\"0\" showGridLines=\"0\">");
        if sheet.frozen > 0 {
            head += &format!(
                "<pane ySplit=\"{0}\" topLeftCell=\"A{1}\" activePane=\"bottomLeft\" \
                 state=\"frozen\"/>",
                sheet.frozen,
                u64::from(sheet.frozen) + 1
            );
        }
        head += "</sheetView></sheetViews>";
        if !sheet.widths.is_empty() {
            head += "<cols>";
            for (at, width) in (1..).zip(sheet.widths) {
                let at: u32 = at;
                head += &format!(
                    "<col min=\"{at}\" max=\"{at}\" width=\"{width}\" customWidth=\"1\"/>"
                );
            }
            head += "</cols>";
        }
        head += "<sheetData>";
        Ok(self.zip.write_all(head.as_bytes())?)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// [`WorkbookError::Full`] beyond [`ROWS_MAX`], [`WorkbookError::NoWorksheet`] before the first
    /// worksheet.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), WorkbookError> {
        if self.names.is_empty() {
            return Err(WorkbookError::NoWorksheet);
        }
        if self.rows == ROWS_MAX {
            return Err(WorkbookError::Full);
        }
        self.rows += 1;
        let mut row = std::mem::take(&mut self.row);
        row.clear();
        row.push_str("<row>");
        cells.iter().for_each(|it| write_cell(&mut row, *it));
        row.push_str("</row>");
        self.zip.write_all(row.as_bytes())?;
        self.row = row;
        Ok(())
    }

    /// Finishes the workbook and returns its bytes.
    ///
    /// # Errors
    /// [`WorkbookError::NoWorksheet`] if there is none: a workbook has one at least.
    pub fn finish(mut self) -> Result<Vec<u8>, WorkbookError> {
        self.end()?;
        if self.names.is_empty() {
            return Err(WorkbookError::NoWorksheet);
        }
        let numbers = 1..=self.names.len();
        let mut sheets = String::new();
        let mut types = TYPES.to_owned();
        let mut links = String::new();
        for (number, name) in numbers.zip(&self.names) {
            sheets += "<sheet name=\"";
            escape(&mut sheets, name);
            sheets += &format!("\" sheetId=\"{number}\" r:id=\"rId{number}\"/>");
            types += &format!(
                "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
            );
            links += &format!(
                "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" \
                 Target=\"worksheets/sheet{number}.xml\"/>"
            );
        }
        links += &format!(
            "<Relationship Id=\"rId{}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>",
            self.names.len() + 1
        );
        self.member(
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{sheets}</sheets></workbook>"
            ),
        )?;
        self.member(
            "xl/_rels/workbook.xml.rels",
            &format!("<Relationships xmlns=\"{LINKS}\">{links}</Relationships>"),
        )?;
        self.member("xl/styles.xml", STYLES)?;
        self.member("[Content_Types].xml", &format!("{types}</Types>"))?;
        Ok(self.zip.finish()?.into_inner())
    }

    fn end(&mut self) -> Result<(), WorkbookError> {
        if !self.names.is_empty() {
            self.zip.write_all(b"</sheetData></worksheet>")?;
        }
        Ok(())
    }

    fn member(&mut self, name: &str, body: &str) -> Result<(), WorkbookError> {
        self.zip.start_file(name, options())?;
        self.zip.write_all(DECLARATION.as_bytes())?;
        Ok(self.zip.write_all(body.as_bytes())?)
    }
}

/// Deflated, with the earliest time stamp that the format knows: the same rows give the same bytes.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
}

fn write_cell(out: &mut String, cell: Cell<'_>) {
    let style = cell.style();
    match cell {
        Cell::Empty => out.push_str("<c/>"),
        Cell::Count(number) => *out += &format!("<c s=\"{style}\"><v>{number}</v></c>"),
        Cell::Number(number) if is_decimal(number) => {
            *out += &format!("<c s=\"{style}\"><v>{number}</v></c>");
        }
        Cell::Text(text)
        | Cell::Head(text)
        | Cell::HeadOfNumbers(text)
        | Cell::Title(text)
        | Cell::Figures(text)
        | Cell::Number(text) => {
            *out += &format!("<c s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
            let short = shortened(text);
            escape(out, &short);
            out.push_str("</t></is></c>");
        }
    }
}

/// Whether a text is a decimal: digits, with a sign before and a point within, if it likes.
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    }
}

/// What a cell can hold of a text; what is cut off is told by `…`.
fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    // An escaped letter counts as it is written, with seven units more than it shows.
    let units = |it: char| if it == '_' { 8 } else { it.len_utf16() };
    let mut sum = 0;
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        sum += units(letter);
        if sum < UNITS_MAX {
            end = at + letter.len_utf8();
        }
        if sum > UNITS_MAX {
            return format!("{}…", &text[..end]).into();
        }
    }
    text.into()
}

/// Writes a text as XML 1.0 holds it. A workbook reads `_x0041_` as `A`, so the underscore before an
/// x is written in that way itself (ECMA-376 part 1, §22.4.2.4).
fn escape(out: &mut String, text: &str) {
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '_' if rest.peek() == Some(&'x') => out.push_str("_x005F_"),
            '\n' | '\t' => out.push(letter),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            it if it.is_control() => out.push('\u{fffd}'),
            it => out.push(it),
        }
    }
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const LINKS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const ROOT: &str = "<Relationships \
    xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";
const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" \
    ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
    <Override PartName=\"/xl/workbook.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
    <Override PartName=\"/xl/styles.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>";
const STYLES: &str = include_str!("workbook/styles.xml");

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{
        Cell, ROWS_MAX, UNITS_MAX, Workbook, WorkbookError, Worksheet, shortened, write_cell,
    };

    fn written(cells: &[Cell<'_>]) -> String {
        let mut out = String::new();
        for cell in cells {
            write_cell(&mut out, *cell);
            out.push('\n');
        }
        out
    }

    #[test]
    fn no_text_becomes_a_formula_or_mark_up() {
        let cells = [
            Cell::Text("=1+1"),
            Cell::Text("</t><f>1</f>\u{0}\u{1b}\r\u{ffff}\n"),
            Cell::Text("_x0041_ and _y"),
            Cell::Number("-12.50"),
            Cell::Number("1e5"),
            Cell::Number("=1"),
            Cell::Count(7),
            Cell::Empty,
        ];
        expect![[r#"
            <c s="0" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>
            <c s="0" t="inlineStr"><is><t xml:space="preserve">&lt;/t&gt;&lt;f&gt;1&lt;/f&gt;����
            </t></is></c>
            <c s="0" t="inlineStr"><is><t xml:space="preserve">_x005F_x0041_ and _y</t></is></c>
            <c s="3"><v>-12.50</v></c>
            <c s="3" t="inlineStr"><is><t xml:space="preserve">1e5</t></is></c>
            <c s="3" t="inlineStr"><is><t xml:space="preserve">=1</t></is></c>
            <c s="4"><v>7</v></c>
            <c/>
        "#]]
        .assert_eq(&written(&cells));
    }

    #[test]
    fn a_cell_holds_what_it_can() {
        let full = "a".repeat(UNITS_MAX);
        assert_eq!(shortened(&full), full);
        let long = "𝄞".repeat(UNITS_MAX);
        let short = shortened(&long);
        assert!(short.ends_with("𝄞…"));
        assert!(short.encode_utf16().count() <= UNITS_MAX);
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        let book = || {
            let mut book = Workbook::new().unwrap();
            assert!(matches!(book.row(&[]), Err(WorkbookError::NoWorksheet)));
            book.worksheet(&Worksheet { name: "요약", widths: &[10], frozen: 1 }).unwrap();
            book.row(&[Cell::Title("비"), Cell::Number("1.5")]).unwrap();
            book.finish().unwrap()
        };
        assert_eq!(book(), book());
        assert!(matches!(Workbook::new().unwrap().finish(), Err(WorkbookError::NoWorksheet)));
    }

    #[test]
    fn a_full_worksheet_takes_no_row() {
        let mut book = Workbook::new().unwrap();
        book.worksheet(&Worksheet { name: "a", widths: &[], frozen: 0 }).unwrap();
        for _ in 0..ROWS_MAX {
            book.row(&[]).unwrap();
        }
        assert!(matches!(book.row(&[]), Err(WorkbookError::Full)));
    }
}
