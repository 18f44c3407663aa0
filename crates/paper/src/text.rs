//! How wide a text is, and how it is cut to a width.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

use crate::font::Glyph;
use crate::pdf::Pen;

/// The letters of a text as they are written, each with its glyph: composed, without those that
/// show nothing, and with a box for each that cannot be shown.
pub(crate) fn letters(text: &str, pen: Pen) -> impl Iterator<Item = (char, Glyph)> + '_ {
    let face = pen.weight.face();
    text.nfc().filter(|it| !is_silent(*it)).map(move |it| (it, face.glyph(it)))
}

/// Joiners, marks of direction and variation selectors: they shape other letters, and show nothing.
fn is_silent(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// How wide a text is, in points.
#[must_use]
pub fn width(text: &str, pen: Pen) -> f32 {
    let advance: u32 = letters(text, pen).map(|it| u32::from(it.1.advance)).sum();
    points(advance, pen)
}

/// Thousandths of the size as points.
#[expect(clippy::cast_precision_loss, reason = "a text of 16 million thousandths is on no sheet")]
fn points(advance: u32, pen: Pen) -> f32 {
    advance as f32 * pen.size / 1000.0
}

/// A text that is at most so wide, in points; what is cut off is told by `…`.
#[must_use]
pub fn fit(text: &str, pen: Pen, most: f32) -> Cow<'_, str> {
    if width(text, pen) <= most {
        return Cow::Borrowed(text);
    }
    let text: String = text.nfc().collect();
    let (head, _) = head(&text, pen, most - width("…", pen));
    Cow::Owned(format!("{}…", head.trim_end()))
}

/// The longest beginning that is at most so wide, and the rest.
fn head(text: &str, pen: Pen, most: f32) -> (&str, &str) {
    let face = pen.weight.face();
    let mut advance: u32 = 0;
    for (at, letter) in text.char_indices() {
        advance = advance.saturating_add(u32::from(face.glyph(letter).advance));
        if points(advance, pen) > most {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// A text in lines that are at most so wide, in points: broken at spaces, and a word that is
/// longer than a line after a hyphen, slash or the like, or anywhere. There is at least one line.
#[must_use]
pub fn wrap(text: &str, pen: Pen, most: f32) -> Vec<String> {
    let text: String = text.nfc().collect();
    let mut lines = vec![String::new()];
    for mut word in text.split_whitespace() {
        let line = lines.last_mut().expect("one line is there from the start");
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&joined, pen) <= most {
            *line = joined;
            continue;
        }
        if line.is_empty() {
            lines.pop();
        }
        while width(word, pen) > most {
            let (start, rest) = head(word, pen, most);
            let first = word.chars().next().map_or(0, char::len_utf8);
            // One letter at least, however narrow the line is.
            let (start, rest) = match start.rfind(['-', '/', '_', '.']) {
                _ if start.is_empty() => word.split_at(first),
                Some(at) if at > 0 => word.split_at(at + 1),
                _ => (start, rest),
            };
            lines.push(start.to_owned());
            word = rest;
        }
        if !word.is_empty() || lines.is_empty() {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{fit, width, wrap};
    use crate::{Colour, Pen, Weight};

    const PEN: Pen = Pen { weight: Weight::Regular, size: 10.0, colour: Colour(0, 0, 0) };

    #[test]
    fn what_is_cut_off_is_told() {
        let text = "사랑의 불시착 (Original Television Soundtrack)";
        assert_eq!(fit(text, PEN, 500.0), text);
        let short = fit(text, PEN, 90.0);
        assert_eq!(short, "사랑의 불시착 (Origi…");
        assert!(width(&short, PEN) <= 90.0);
        assert_eq!(fit("wide", PEN, 0.0), "…");
    }

    #[test]
    fn lines_break_at_spaces_and_within_long_words() {
        assert_eq!(wrap("half of what is left", PEN, 60.0), ["half of what", "is left"]);
        assert_eq!(wrap("", PEN, 60.0), [""]);
        assert_eq!(wrap("a 0123456789 b", PEN, 33.0), ["a", "01234", "56789", "b"]);
        assert_eq!(wrap("비와", PEN, 1.0), ["비", "와"]);
        assert_eq!(wrap("a deal-of-two/one", PEN, 40.0), ["a", "deal-of-", "two/one"]);
    }

    #[test]
    fn decomposed_hangul_is_as_wide_as_composed() {
        assert_eq!(width("\u{1107}\u{1175}", PEN).to_bits(), width("비", PEN).to_bits());
        assert_eq!(width("a\u{200b}\u{feff}b", PEN).to_bits(), width("ab", PEN).to_bits());
    }
}
