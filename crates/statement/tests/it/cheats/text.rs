//! Other bytes for the same receipt, and bytes that are none. Somebody cheats.

use super::case::Case;
use super::{Cheat, somebody};

pub(super) const CHEATS: &[Cheat] = &[
    somebody("a blank between tokens", 10, blank),
    somebody("a line feed at the end", 10, |it| after(it, b"\n")),
    somebody("a second value at the end", 10, |it| after(it, b"{}")),
    somebody("a byte order mark", 10, mark),
    somebody("a key twice", 10, twice),
    somebody("keys in another order", 10, reordered),
    somebody("a field added", 10, added),
    somebody("a key left out", 10, |it| replace(it, "\"path\":", "\"paths\":")),
    somebody("a float for an integer", 10, |it| index(it, |number| format!("{number}.0"))),
    somebody("an exponent", 10, |it| index(it, |number| format!("{number}e0"))),
    somebody("a huge number", 10, |it| index(it, |number| format!("{number}99999999999999999999"))),
    somebody("a negative number", 10, |it| index(it, |number| format!("-{number}"))),
    somebody("a leading zero", 10, |it| index(it, |number| format!("0{number}"))),
    somebody("a number as a string", 10, |it| index(it, |number| format!("\"{number}\""))),
    somebody("null for a list", 10, |it| replace(it, "\"entries\":[", "\"entries\":null,\"x\":[")),
    somebody("a letter escaped", 10, |it| replace(it, "\"statement\":{", "\"st\\u0061tement\":{")),
    somebody("a decimal with a zero behind", 10, decimal),
    somebody("a ratio that is not reduced", 10, |it| replace(it, "\"of\":\"1\"", "\"of\":\"2/2\"")),
    somebody("deep nesting", 10, nested),
    somebody("bytes that are no text", 10, no_text),
    somebody("cut off", 10, cut),
    somebody("another format of the receipt", 10, |it| {
        replace(it, "leitmotif-receipt/v2", "leitmotif-receipt/v1")
    }),
    somebody("another format of the statement", 10, |it| {
        replace(
            it,
            "\"format\":\"leitmotif-statement/v2\"",
            "\"format\":\"leitmotif-statement/v3\"",
        )
    }),
];

fn text(case: &Case) -> String {
    String::from_utf8(case.receipt().canonical()).unwrap()
}

/// Where a character stands outside of strings.
fn places(text: &str, of: u8) -> Vec<usize> {
    let (mut within, mut escaped, mut found) = (false, false, Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            it if it == of && !within => found.push(at),
            _ => {}
        }
    }
    found
}

fn insert(case: &mut Case, behind: u8, what: &str) -> Option<Vec<u8>> {
    let mut text = text(case);
    let at = *case.rng.pick(&places(&text, behind));
    text.insert_str(at + 1, what);
    Some(text.into_bytes())
}

fn blank(case: &mut Case) -> Option<Vec<u8>> {
    let behind = *case.rng.pick(b"{},:[]");
    let what = *case.rng.pick(&[" ", "\n", "\t", "\r\n"]);
    insert(case, behind, what)
}

fn added(case: &mut Case) -> Option<Vec<u8>> {
    insert(case, b'{', "\"a\":1,")
}

fn after(case: &Case, what: &[u8]) -> Option<Vec<u8>> {
    Some([text(case).as_bytes(), what].concat())
}

fn mark(case: &mut Case) -> Option<Vec<u8>> {
    Some(["\u{feff}", &text(case)].concat().into_bytes())
}

/// The n-th occurrence of something, at random.
fn replace(case: &mut Case, what: &str, by: &str) -> Option<Vec<u8>> {
    let mut text = text(case);
    let found: Vec<usize> = text.match_indices(what).map(|it| it.0).collect();
    if found.is_empty() {
        return None;
    }
    let at = *case.rng.pick(&found);
    text.replace_range(at..at + what.len(), by);
    Some(text.into_bytes())
}

fn twice(case: &mut Case) -> Option<Vec<u8>> {
    let key = case.receipt().key;
    let field = format!("\"key\":\"{key}\",");
    replace(case, &field, &field.repeat(2))
}

fn reordered(case: &mut Case) -> Option<Vec<u8>> {
    let text = text(case);
    let field = "\"format\":\"leitmotif-receipt/v2\",";
    let without = text.replacen(field, "", 1);
    Some(without.replacen('{', &format!("{{{field}"), 1).into_bytes())
}

/// The number of a random entry of the log, written otherwise.
fn index(case: &mut Case, by: fn(u64) -> String) -> Option<Vec<u8>> {
    let entries = case.receipt().entries;
    let index = case.rng.pick(&entries).index;
    let by = format!("\"index\":{},", by(index));
    replace(case, &format!("\"index\":{index},"), &by)
}

fn decimal(case: &mut Case) -> Option<Vec<u8>> {
    let opening = case.own().balance.opening.to_string();
    let longer = if opening.contains('.') { "0" } else { ".0" };
    let by = format!("\"opening\":\"{opening}{longer}\"");
    let text = text(case);
    let what = format!("\"opening\":\"{opening}\"");
    // The balance's comes first; others are those of what stands open.
    Some(text.replacen(&what, &by, 1).into_bytes())
}

fn nested(case: &mut Case) -> Option<Vec<u8>> {
    let depth = 100 + case.rng.below(100_000);
    Some(["{\"agreements\":", &"[".repeat(depth)].concat().into_bytes())
}

fn no_text(case: &mut Case) -> Option<Vec<u8>> {
    let mut bytes = text(case).into_bytes();
    let at = case.rng.below(bytes.len());
    bytes.insert(at, 0xff);
    Some(bytes)
}

fn cut(case: &mut Case) -> Option<Vec<u8>> {
    let bytes = text(case).into_bytes();
    let length = case.rng.below(bytes.len());
    Some(bytes[..length].to_vec())
}
