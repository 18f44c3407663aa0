//! Numbers as people and programs write them, read exactly or not at all.

use money::{Atoms, ParseAtomsError};
use serde::Deserialize;

/// How numbers are written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::statement) struct NumberForm {
    /// What stands before the decimals.
    pub(in crate::statement) decimal: char,
    /// What may stand between groups of three digits; a blank stands for every kind of blank.
    pub(in crate::statement) thousands: Option<char>,
    /// Signs of currencies and the like that may stand before or behind.
    pub(in crate::statement) signs: Vec<String>,
    /// Whether parentheses mean less than zero.
    pub(in crate::statement) parentheses: bool,
    /// Whether an empty cell is zero.
    pub(in crate::statement) empty_is_zero: bool,
}

impl Default for NumberForm {
    fn default() -> Self {
        Self {
            decimal: '.',
            thousands: None,
            signs: Vec::new(),
            parentheses: false,
            empty_is_zero: false,
        }
    }
}

/// Why a text is no number we can hold exactly.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(in crate::statement) enum NumberFault {
    Empty,
    Malformed,
    TooPrecise,
    TooLarge,
}

impl NumberFault {
    pub(in crate::statement) const fn message(self) -> &'static str {
        match self {
            Self::Empty => "no number",
            Self::Malformed => "not a number in the form that the source writes",
            Self::TooPrecise => "more than 18 decimals, which cannot be held without rounding",
            Self::TooLarge => "a number beyond the range",
        }
    }
}

/// Digits beyond this place are beyond every number that can be held.
const PLACES_MAX: i64 = 64;

impl NumberForm {
    /// The number that a text writes.
    pub(in crate::statement) fn read(&self, text: &str) -> Result<Atoms, NumberFault> {
        let mut body = text.trim();
        if body.is_empty() {
            return if self.empty_is_zero { Ok(Atoms::ZERO) } else { Err(NumberFault::Empty) };
        }
        let mut negative = false;
        if let Some(inner) = body.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
            if !self.parentheses {
                return Err(NumberFault::Malformed);
            }
            negative = true;
            body = inner.trim();
        }
        let mut sign = None;
        // A sign of number and a sign of currency, in either order, before or behind.
        for _ in 0..3 {
            let before = body;
            for it in &self.signs {
                let without = body.strip_prefix(it.as_str()).or(body.strip_suffix(it.as_str()));
                body = without.unwrap_or(body).trim();
            }
            for (mark, minus) in [('-', true), ('\u{2212}', true), ('+', false)] {
                let without = body.strip_prefix(mark).or(body.strip_suffix(mark));
                if let (Some(rest), None) = (without, sign) {
                    sign = Some(minus);
                    body = rest.trim();
                }
            }
            if body == before {
                break;
            }
        }
        if negative && sign.is_some() {
            return Err(NumberFault::Malformed);
        }
        let (digits, places) = self.digits(body).ok_or(NumberFault::Malformed)?;
        plain(negative || sign == Some(true), &digits, places)
    }

    /// The digits of an unsigned number, and how many of them stand before the decimals.
    fn digits(&self, body: &str) -> Option<(String, i64)> {
        let (mantissa, exponent) = match body.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent_of(exponent)?),
            None => (body, 0),
        };
        let (whole, fraction) = mantissa.split_once(self.decimal).unwrap_or((mantissa, ""));
        let mut digits = self.ungrouped(whole)?;
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let places = i64::try_from(digits.len()).ok()?.checked_add(exponent)?;
        digits.push_str(fraction);
        digits.bytes().all(|it| it.is_ascii_digit()).then_some((digits, places))
    }

    /// The whole part without separators; `None` where they do not stand before every third digit.
    fn ungrouped(&self, whole: &str) -> Option<String> {
        let Some(separator) = self.thousands else { return Some(whole.to_owned()) };
        let blank = separator == ' ';
        let mut groups =
            whole.split(|it: char| it == separator || (blank && it.is_whitespace())).peekable();
        let mut digits = groups.next()?.to_owned();
        if groups.peek().is_some() && !(1..=3).contains(&digits.len()) {
            return None;
        }
        for group in groups {
            if group.len() != 3 {
                return None;
            }
            digits.push_str(group);
        }
        Some(digits)
    }
}

/// A whole number with perhaps a sign; one of more than six digits is cut to the largest.
fn exponent_of(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let value: i64 = digits.parse().unwrap_or(i64::from(i32::MAX)).min(i64::from(i32::MAX));
    Some(if negative { -value } else { value })
}

/// The number with these digits, `places` of them before the point.
fn plain(negative: bool, digits: &str, places: i64) -> Result<Atoms, NumberFault> {
    let zeros = digits.bytes().take_while(|it| *it == b'0').count();
    let digits = digits.get(zeros..).unwrap_or_default().trim_end_matches('0');
    let places = places.saturating_sub(i64::try_from(zeros).unwrap_or(i64::MAX));
    if digits.is_empty() {
        return Ok(Atoms::ZERO);
    }
    if places > PLACES_MAX {
        return Err(NumberFault::TooLarge);
    }
    if places < -PLACES_MAX {
        return Err(NumberFault::TooPrecise);
    }
    let mut text = String::from(if negative { "-" } else { "" });
    let split = usize::try_from(places).unwrap_or(0);
    match digits.split_at_checked(split) {
        Some((whole, fraction)) => {
            text.push_str(whole);
            text.push('.');
            let before = usize::try_from(places.min(0).unsigned_abs()).unwrap_or(0);
            text.extend(std::iter::repeat_n('0', before));
            text.push_str(fraction);
        }
        None => {
            text.push_str(digits);
            text.extend(std::iter::repeat_n('0', split.saturating_sub(digits.len())));
        }
    }
    Atoms::parse(&text).map_err(|error| match error {
        ParseAtomsError::TooPrecise { .. } => NumberFault::TooPrecise,
        ParseAtomsError::TooLarge => NumberFault::TooLarge,
        _ => NumberFault::Malformed,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(form: &NumberForm, texts: &[&str], expected: &Expect) {
        let mut seen = String::new();
        for text in texts {
            seen += &match form.read(text) {
                Ok(value) => format!("{text:?} {value}\n"),
                Err(fault) => format!("{text:?} {fault:?}\n"),
            };
        }
        expected.assert_eq(&seen);
    }

    #[test]
    fn plain_numbers() {
        check(
            &NumberForm::default(),
            &[
                "1.5E-5",
                "1e3",
                "-0.1e1",
                "+7",
                "7-",
                " 12 ",
                "0.024000092",
                "1,5",
                "1 000",
                "--1",
                "1.2.3",
                "1e",
                "e5",
                "NaN",
                "inf",
                "0x1",
                "(5)",
                "",
                ".",
                "1e-19",
                "1e999999999999",
                "0e99",
                "0.1234567890123456789",
                "1.500000000000000000000",
                "-",
                "999999999999999999999",
            ],
            &expect![[r#"
                "1.5E-5" 0.000015
                "1e3" 1000
                "-0.1e1" -1
                "+7" 7
                "7-" -7
                " 12 " 12
                "0.024000092" 0.024000092
                "1,5" Malformed
                "1 000" Malformed
                "--1" Malformed
                "1.2.3" Malformed
                "1e" Malformed
                "e5" Malformed
                "NaN" Malformed
                "inf" Malformed
                "0x1" Malformed
                "(5)" Malformed
                "" Empty
                "." Malformed
                "1e-19" TooPrecise
                "1e999999999999" TooLarge
                "0e99" 0
                "0.1234567890123456789" TooPrecise
                "1.500000000000000000000" 1.5
                "-" Malformed
                "999999999999999999999" TooLarge
            "#]],
        );
    }

    #[test]
    fn people_write_otherwise() {
        let german = NumberForm {
            decimal: ',',
            thousands: Some('.'),
            signs: vec!["€".to_owned(), "EUR".to_owned()],
            parentheses: true,
            empty_is_zero: true,
        };
        check(
            &german,
            &[
                "1.234,50",
                "-1.234.567,891 €",
                "€ 5",
                "(12,30)",
                "(€12,30)",
                "-€5",
                "€-5",
                "12.34",
                "1.2345",
                "0,000015",
                "",
                "(-5)",
                "EUR 3,10",
            ],
            &expect![[r#"
                "1.234,50" 1234.5
                "-1.234.567,891 €" -1234567.891
                "€ 5" 5
                "(12,30)" -12.3
                "(€12,30)" -12.3
                "-€5" -5
                "€-5" -5
                "12.34" Malformed
                "1.2345" Malformed
                "0,000015" 0.000015
                "" 0
                "(-5)" Malformed
                "EUR 3,10" 3.1
            "#]],
        );
        let russian = NumberForm { decimal: ',', thousands: Some(' '), ..NumberForm::default() };
        check(
            &russian,
            &["1\u{a0}234,5", "1 234 567", "1\u{202f}23"],
            &expect![[r#"
                "1\u{a0}234,5" 1234.5
                "1 234 567" 1234567
                "1\u{202f}23" Malformed
            "#]],
        );
    }

    proptest! {
        /// What is printed is read back, in every form.
        #[test]
        fn round_trip(raw in any::<i64>(), shift in -12_i32..12, comma in any::<bool>()) {
            let value = Atoms::from_raw(i128::from(raw));
            let form = NumberForm {
                decimal: if comma { ',' } else { '.' },
                ..NumberForm::default()
            };
            let text = value.to_string().replace('.', if comma { "," } else { "." });
            prop_assert_eq!(form.read(&text), Ok(value));
            // The point moved and the exponent the other way is the same number.
            let atoms = format!("{raw}e{}", shift - 18);
            let moved = format!("{raw}e-18");
            prop_assert_eq!(form.read(&moved), Ok(value));
            if let (Ok(a), Ok(b)) = (form.read(&atoms), form.read(&format!("{raw}0e{}", shift - 19))) {
                prop_assert_eq!(a, b);
            }
        }

        #[test]
        fn any_text_ends(text in "[-+0-9eE.,()€ \u{a0}]{0,40}") {
            let form = NumberForm { thousands: Some(' '), parentheses: true, ..NumberForm::default() };
            let _ = form.read(&text);
        }
    }
}
