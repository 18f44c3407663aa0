//! The cells that only our own table has.

use crate::Alternative;

/// A decimal as a whole number of its last digit's units, of which there are so many.
pub(super) fn thousandths(text: &str, places: usize) -> Option<i64> {
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => (-1, size),
        None => (1, text),
    };
    let (whole, fraction) = size.split_once('.').unwrap_or((size, ""));
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > places {
        return None;
    }
    let number: i64 = format!("{whole}{fraction:0<places$}").parse().ok()?;
    Some(sign * number)
}

/// `ZZAAA2100001=0.200;other=0.100`.
pub(super) fn alternatives(text: &str) -> Option<Vec<Alternative>> {
    let one = |it: &str| {
        let (label, confidence) = it.split_once('=')?;
        let recording = label.replace("%3D", "=").replace("%3B", ";").replace("%25", "%");
        let confidence = thousandths(confidence, 3).and_then(|it| u16::try_from(it).ok());
        let confidence_permille = confidence.filter(|it| *it <= 1000)?;
        Some(Alternative { recording, confidence_permille })
    };
    text.split(';').map(one).collect()
}
