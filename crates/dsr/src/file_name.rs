//! The name of a file, taken apart.

use std::time::Duration;

use period::{Date, Period, parse_date};

/// The parts of `DSR_recipient_sender_service_period_territory_xofy_time.tsv`.
///
/// An omitted part is empty; `xofy` may be left out altogether.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// Recipient of the message.
    pub recipient: String,
    /// Sender of the message.
    pub sender: String,
    /// Service.
    pub service: String,
    /// Period as written.
    pub period_text: String,
    /// Period, if its form is known.
    pub period: Option<Period>,
    /// Territory.
    pub territory: String,
    /// This file, and how many there are.
    pub part: Option<(u32, u32)>,
    /// Time as written.
    pub created: String,
}

impl FileName {
    /// Takes a base name apart; `None` when it is not a name of the standard's form.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let stem = name.split('.').next()?;
        let parts: Vec<&str> = stem.strip_prefix("DSR_")?.split('_').collect();
        let (ahead, part, created) = match parts.as_slice() {
            [ahead @ .., part, created] if ahead.len() >= 4 && x_of_y(part).is_some() => {
                (ahead, x_of_y(part), created)
            }
            [ahead @ .., created] if ahead.len() >= 4 => (ahead, None, created),
            _ => return None,
        };
        // Old names leave out the sender or the recipient, so they are read from the end.
        let (territory, ahead) = ahead.split_last()?;
        let (period_text, ahead) = ahead.split_last()?;
        let (service, ahead) = ahead.split_last()?;
        let part_at = |at: usize| ahead.get(at).map_or_else(String::new, |text| (*text).to_owned());
        Some(Self {
            recipient: part_at(0),
            sender: part_at(1),
            service: (*service).to_owned(),
            period_text: (*period_text).to_owned(),
            period: period_of(period_text),
            territory: (*territory).to_owned(),
            part,
            created: (*created).to_owned(),
        })
    }
}

fn x_of_y(text: &str) -> Option<(u32, u32)> {
    let (file, files) = text.split_once("of")?;
    Some((file.parse().ok()?, files.parse().ok()?))
}

fn period_of(text: &str) -> Option<Period> {
    if let Some((first, last)) = text.split_once("--") {
        return Period::inclusive(parse_date(first).ok()?, parse_date(last).ok()?);
    }
    match text.split_once("-W") {
        Some((year, week)) => week_of(year.parse().ok()?, week.parse().ok()?),
        None => Period::parse(text).ok(),
    }
}

/// Seven days from a Monday; the first week of a year is the one with 4 January in it.
fn week_of(year: i16, week: u64) -> Option<Period> {
    let day = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
    let fourth = Date::new(year, 1, 4).ok()?;
    let since_monday = u64::try_from(fourth.weekday().to_monday_zero_offset()).ok()?;
    let monday = fourth.checked_sub(day(since_monday)).ok()?;
    if !(1..=53).contains(&week) {
        return None;
    }
    let first = monday.checked_add(day((week - 1) * 7)).ok()?;
    Period::new(first, first.checked_add(day(7)).ok()?)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(name: &str, expected: &Expect) {
        let text = FileName::parse(name).map_or_else(
            || "none".to_owned(),
            |name| {
                let period = name.period.map_or_else(String::new, |period| period.to_string());
                format!(
                    "{} | {} | {} | {period} | {} | {:?} | {}",
                    name.recipient,
                    name.sender,
                    name.service,
                    name.territory,
                    name.part,
                    name.created
                )
            },
        );
        expected.assert_eq(&text);
    }

    #[test]
    fn names() {
        check(
            "DSR_A_B_Svc_2015-02_AU_1of2_20150723T092522.tsv.gz",
            &expect!["A | B | Svc | 2015-02 | AU | Some((1, 2)) | 20150723T092522"],
        );
        check(
            "DSR_A_B_Svc_2020-06-01--2020-06-30__1of1_x.tsv",
            &expect!["A | B | Svc | 2020-06 |  | Some((1, 1)) | x"],
        );
        check(
            "DSR_A_B_Svc_2015-Q4_IS_20160121T150926.tsv",
            &expect!["A | B | Svc | 2015-Q4 | IS | None | 20160121T150926"],
        );
        check(
            "DSR_A_B_Svc_2026-W01_IS_3of3_x.tsv",
            &expect!["A | B | Svc | 2025-12-29..2026-01-04 | IS | Some((3, 3)) | x"],
        );
        check("DSR_A_Svc_monthly_IS_3of3_x.tsv", &expect!["A |  | Svc |  | IS | Some((3, 3)) | x"]);
        check("report.tsv", &expect!["none"]);
        check("DSR_.tsv", &expect!["none"]);
    }
}
