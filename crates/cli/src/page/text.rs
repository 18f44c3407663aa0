//! Texts and figures as a page shows them.

use money::{Atoms, Ratio, Rounding};

use crate::words::{Words, fill};

/// What stands where a figure is unknown, or too large to be counted.
pub(super) const DASH: &str = "—";

/// Makes a text safe inside an element and inside a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // HTML has no form for these.
            it if it.is_control() => out.push('\u{fffd}'),
            it => out.push(it),
        }
    }
    out
}

/// A name or title from outside: escaped, in its own direction, with its language if the script
/// tells it, so that a browser picks the right font.
pub(super) fn name(text: &str) -> String {
    match language(text) {
        _ if text.is_empty() => DASH.to_owned(),
        Some(lang) => format!("<bdi lang=\"{lang}\">{}</bdi>", escape(text)),
        None => format!("<bdi>{}</bdi>", escape(text)),
    }
}

fn language(text: &str) -> Option<&'static str> {
    text.chars().find_map(|letter| match letter {
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' => Some("ko"),
        '\u{3041}'..='\u{30ff}' => Some("ja"),
        _ => None,
    })
}

/// A text as a CSS string: everything but ASCII letters and digits as an escape.
pub(super) fn css_string(text: &str) -> String {
    let letter = |it: char| match it.is_ascii_alphanumeric() {
        true => it.to_string(),
        false => format!("\\{:06x}", u32::from(it)),
    };
    let body: String = text.chars().filter(|it| *it != '\0').map(letter).collect();
    format!("\"{body}\"")
}

/// The address of a file beside the page.
pub(super) fn href(stem: &str, ending: &str) -> String {
    let byte = |it: u8| match it {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(it).to_string()
        }
        it => format!("%{it:02X}"),
    };
    let path: String = stem.bytes().map(byte).collect();
    format!("./{path}.{ending}")
}

/// All decimals, none added; thousands grouped.
pub(super) fn exact(atoms: Atoms) -> String {
    let all = atoms.grouped(money::SCALE).to_string();
    signed(all.trim_end_matches('0').trim_end_matches('.'))
}

/// Rounded half to even to so many decimals, for reading; what is not zero never looks like zero.
pub(super) fn rounded(atoms: Atoms, decimals: u32) -> String {
    let Some((shown, _)) = atoms.checked_quantise(decimals, Rounding::HalfEven) else {
        return exact(atoms);
    };
    if shown.is_zero() && !atoms.is_zero() {
        return exact(atoms);
    }
    signed(&shown.grouped(decimals).to_string())
}

/// A count, grouped.
pub(super) fn count(number: usize) -> String {
    match i64::try_from(number) {
        Ok(it) => Atoms::from_units(it).grouped(0).to_string(),
        Err(_) => number.to_string(),
    }
}

/// `1 line`, `2,500 lines`.
pub(super) fn counted(number: usize, words: &Words) -> String {
    fill(if number == 1 { words.count_line } else { words.count_lines }, &[&count(number)])
}

/// Which part of the whole it is, in per cent with one decimal; a dash where that says nothing.
pub(super) fn share(part: Option<Atoms>, whole: Option<Atoms>) -> String {
    let (Some(part), Some(whole)) = (part, whole) else { return DASH.to_owned() };
    if whole.is_negative() {
        return DASH.to_owned();
    }
    let Some(ratio) = part_of(part, whole) else { return DASH.to_owned() };
    let percent = ratio.to_percent(1);
    let small = percent == "0.0" && !part.is_zero();
    match (small, part.is_negative()) {
        (true, false) => "<\u{202f}0.1\u{202f}%".to_owned(),
        (true, true) => ">\u{202f}−0.1\u{202f}%".to_owned(),
        (false, negative) => format!("{}{percent}\u{202f}%", if negative { "−" } else { "" }),
    }
}

/// A bar as long as the part is of the longest; what is negative is drawn as an outline.
pub(super) fn bar(part: Option<Atoms>, longest: Atoms) -> String {
    let Some((part, ratio)) = part.and_then(|it| Some((it, part_of(it, longest)?))) else {
        return String::new();
    };
    let class = if part.is_negative() { " class=\"below\"" } else { "" };
    format!(
        "<svg{class} aria-hidden=\"true\"><rect width=\"{}%\" height=\"100%\"/></svg>",
        ratio.to_percent(1)
    )
}

/// The part over the whole, both without sign.
pub(super) fn part_of(part: Atoms, whole: Atoms) -> Option<Ratio> {
    Ratio::new(part.raw().unsigned_abs(), whole.raw().unsigned_abs())
}

/// How many decimals a column of exact figures needs.
pub(super) fn decimals(all: impl IntoIterator<Item = Atoms>) -> usize {
    all.into_iter().map(|it| fraction(&exact(it))).max().unwrap_or(0)
}

fn fraction(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, digits)| digits.len())
}

/// An exact figure; the style sheet pads it, unseen, so that a column stands on its point.
pub(super) fn aligned(atoms: Atoms, decimals: usize) -> String {
    let text = exact(atoms);
    let mut pad = "0".repeat(decimals.saturating_sub(fraction(&text)));
    if decimals > 0 && !text.contains('.') {
        pad.insert(0, '.');
    }
    match pad.is_empty() {
        true => text,
        false => format!("{text}<i data-pad=\"{pad}\"></i>"),
    }
}

/// Gives a figure the minus sign of print.
fn signed(text: &str) -> String {
    text.replace('-', "−")
}
