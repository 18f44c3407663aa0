use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

const SMALL: Limits =
    Limits { row_bytes_max: 24, quoted_lines_max: 3, cells_max: 4, unpacked_bytes_max: 0 };

fn form(encoding: Encoding) -> Form {
    Form { encoding, delimiter: ',', quotes: true }
}

fn seen(bytes: &[u8], encoding: Encoding, limits: Limits) -> String {
    let mut rows = TextRows::new("r.csv", bytes, form(encoding), limits);
    let (mut row, mut seen) = (Row::default(), String::new());
    while rows.read(&mut row).unwrap() {
        let cells: Vec<&str> = row.cells().collect();
        seen += &format!("{} {} {cells:?}", row.line, row.byte);
        seen += &row.fault.map_or_else(String::new, |it| format!(" {it}"));
        seen += "\n";
    }
    seen
}

fn check(bytes: &[u8], encoding: Encoding, expected: &Expect) {
    expected.assert_eq(&seen(bytes, encoding, SMALL));
}

#[test]
fn rows_and_places() {
    check(
        b"\xef\xbb\xbfa,b\r\n\"x\ny\",1\n\nz",
        Encoding::Utf8,
        &expect![[r#"
            1 3 ["a", "b"]
            2 8 ["x\ny", "1"]
            4 16 [""]
            5 17 ["z"]
        "#]],
    );
}

#[test]
fn an_open_quote_swallows_nothing() {
    check(
        b"\"a,1\nb,2\nc,3\nd,4\n",
        Encoding::Utf8,
        &expect![[r#"
            1 0 ["\"a", "1"] a quote that is never closed
            2 5 ["b", "2"]
            3 9 ["c", "3"]
            4 13 ["d", "4"]
        "#]],
    );
    check(
        b"x,1\n\"a\nb",
        Encoding::Utf8,
        &expect![[r#"
            1 0 ["x", "1"]
            2 4 ["\"a"] a quote that is never closed
            3 7 ["b"]
        "#]],
    );
}

#[test]
fn limits_hold() {
    check(
        b"a,b\n0123456789,0123456789,0123456789\nc,d\n",
        Encoding::Utf8,
        &expect![[r#"
            1 0 ["a", "b"]
            2 4 ["0123456789", "0123456789", "012"] longer than the limit
            3 37 ["c", "d"]
        "#]],
    );
    check(
        b"1,2,3,4,5\n",
        Encoding::Utf8,
        &expect![[r#"
            1 0 ["1", "2", "3", "4,5"] more cells than the limit
        "#]],
    );
}

#[test]
fn encodings() {
    let utf16: Vec<u8> =
        "\u{feff}\"a,\",비\r\nc,d\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(
        &utf16,
        Encoding::Utf16Le,
        &expect![[r#"
            1 2 ["a,", "비"]
            2 18 ["c", "d"]
        "#]],
    );
    check(
        b"\xb0\xee\xb8\xed,1\n\xff,2\n",
        Encoding::Cp949,
        &expect![[r#"
            1 0 ["곡명", "1"]
            2 7 ["�", "2"] bytes that are no text in this encoding
        "#]],
    );
    check(
        b"a\0,\0\n",
        Encoding::Utf16Le,
        &expect![[r#"
            1 0 ["a", "�"] bytes that are no text in this encoding
        "#]],
    );
}

/// How often a property is tried: `STATEMENT_CASES`, or a few hundred times.
fn cases() -> u32 {
    std::env::var("STATEMENT_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    /// Raw bytes, line ends between them and a mark before them are the text.
    #[test]
    fn nothing_is_lost(
        bytes in proptest::collection::vec(
            prop_oneof![Just(b'\n'), Just(b'\r'), Just(b','), Just(b'"'), Just(0), any::<u8>()],
            0..200,
        ),
        encoding in proptest::sample::select(&Encoding::ALL[..]),
        piece in 1_usize..9,
    ) {
        let limits = Limits { row_bytes_max: 40, ..SMALL };
        let source = io::BufReader::with_capacity(piece, &bytes[..]);
        let mut rows = TextRows::new("r.csv", source, form(encoding), limits);
        let (mut row, mut lines, mut at) = (Row::default(), 0, 0_usize);
        let mut cut = false;
        while rows.read(&mut row).unwrap() {
            let byte = usize::try_from(row.byte).unwrap();
            let between = &bytes[at..byte];
            let end = encoding.ascii(&between[between.len().saturating_sub(encoding.unit())..]);
            let first = lines == 0 && between.is_empty();
            prop_assert!(first || cut || between == encoding.mark() || end == Some(b'\n'));
            prop_assert_eq!(row.line, lines + 1);
            prop_assert!(bytes[byte..].starts_with(row.raw()));
            lines += row.lines;
            at = byte + row.raw().len();
            cut = row.fault == Some(Fault::TooLong);
            if cut {
                at = usize::try_from(rows.byte).unwrap();
            }
        }
        let rest = &bytes[at..];
        prop_assert!(
            rest.is_empty() || rest == encoding.mark()
                || (rest.len() == encoding.unit() && encoding.ascii(rest) == Some(b'\n'))
        );
        prop_assert_eq!(seen(&bytes, encoding, limits), seen(&bytes, encoding, limits));
    }
}
