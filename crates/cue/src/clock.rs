//! Times as people and cue sheets write them.

/// A time as `H:MM:SS.mmm`.
///
/// ```
/// assert_eq!(cue::clock(3_723_045), "1:02:03.045");
/// ```
#[must_use]
pub fn clock(ms: u64) -> String {
    let (hours, minutes, seconds) = parts(ms / 1000);
    format!("{hours}:{minutes:02}:{seconds:02}.{:03}", ms % 1000)
}

/// A time to the second, `M:SS` or `H:MM:SS`, half up.
pub(crate) fn short(ms: u64) -> String {
    let (hours, minutes, seconds) = parts(ms.saturating_add(500) / 1000);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

fn parts(seconds: u64) -> (u64, u64, u64) {
    (seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Reads `H:MM:SS.mmm`, `M:SS`, `SS.m`, or with a comma before the fraction; what is finer than a
/// millisecond is cut. Minutes and seconds behind a colon are below 60.
///
/// ```
/// assert_eq!(cue::parse_clock("1:02:03.045"), Some(3_723_045));
/// assert_eq!(cue::parse_clock("2:05"), Some(125_000));
/// assert_eq!(cue::parse_clock("90.5"), Some(90_500));
/// assert_eq!(cue::parse_clock("1:75"), None);
/// ```
#[must_use]
pub fn parse_clock(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if text.contains(['.', ',']) && !digits(fraction) {
        return None;
    }
    let mut seconds = 0_u64;
    for (at, part) in whole.split(':').enumerate() {
        let number: u64 = if digits(part) { part.parse().ok()? } else { return None };
        if at > 2 || (at > 0 && number > 59) {
            return None;
        }
        seconds = seconds.checked_mul(60)?.checked_add(number)?;
    }
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    seconds.checked_mul(1000)?.checked_add(fraction.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{clock, parse_clock, short};

    proptest! {
        #[test]
        fn a_clock_is_read_back(ms in 0_u64..1_000_000_000_000) {
            prop_assert_eq!(parse_clock(&clock(ms)), Some(ms));
            let seconds = parse_clock(&short(ms)).unwrap();
            prop_assert!(seconds.abs_diff(ms) <= 500);
        }

        #[test]
        fn any_text_is_read_or_not(text in "\\PC*") {
            let _ = parse_clock(&text);
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", ":", "1:2:3:4", "1:60", "-1", "1.", ".5", "1:5.x", "99999999999999999999"]
        {
            assert_eq!(parse_clock(text), None, "{text}");
        }
    }
}
