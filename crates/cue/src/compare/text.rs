//! A comparison for people.

use std::fmt::Write as _;

use super::{Comparison, Difference, Row, Verdict};
use crate::clock::short;
use crate::picture::{cut, padded};

impl Comparison {
    /// As text of so many columns (60 at least): what matters first, the agreed cues as a number.
    #[must_use]
    pub fn to_text(&self, columns: usize) -> String {
        let columns = columns.max(60);
        let mut out = String::new();
        let headings = [
            (Verdict::Forgotten, "Heard, and not on the delivered sheet"),
            (Verdict::Unheard, "On the delivered sheet, and not heard"),
            (Verdict::OtherRecording, "Other music heard than delivered"),
            (Verdict::Differs, "On both sheets, but not alike"),
            (Verdict::Part, "Heard as a part of a longer delivered cue"),
        ];
        for (verdict, heading) in headings {
            let rows: Vec<&Row> = self.rows.iter().filter(|it| it.verdict == verdict).collect();
            if rows.is_empty() {
                continue;
            }
            let sum: u64 = rows.iter().map(|it| it.found_ms.max(it.delivered_ms)).sum();
            let _ = writeln!(out, "{heading}: {} ({})", rows.len(), short(sum));
            rows.into_iter().for_each(|it| line(&mut out, it, columns));
            out.push('\n');
        }
        let _ = writeln!(out, "Agreed: {}", self.count(Verdict::Agreed));
        let sums = self.sums;
        for (words, ms) in [
            ("heard", sums.found_ms),
            ("delivered", sums.delivered_ms),
            ("both", sums.both_ms),
            ("heard only", sums.found_only_ms),
            ("delivered only", sums.delivered_only_ms),
        ] {
            let _ = writeln!(out, "  {words:<15} {:>9}", short(ms));
        }
        out
    }
}

fn line(out: &mut String, row: &Row, columns: usize) {
    let id = |it: Option<u32>| it.map_or_else(|| "–".to_owned(), |it| it.to_string());
    let numbers = format!("{}/{}", id(row.found), id(row.delivered));
    let start = row.start_ms.map_or_else(|| "?".to_owned(), short);
    let length = short(row.found_ms.max(row.delivered_ms));
    let differences: Vec<String> = row.differences.iter().map(told).collect();
    let what = differences.join(", ");
    let room = columns.saturating_sub(32);
    let name = if what.is_empty() { cut(&row.name, room) } else { padded(&row.name, room.min(28)) };
    let line = format!("  {numbers:<8} {start:>8} {length:>7}  {name}  {what}");
    out.push_str(cut(line.trim_end(), columns).trim_end());
    out.push('\n');
}

fn told(it: &Difference) -> String {
    let off = |ms: i64, more: &str, less: &str| {
        let (seconds, tenths) = (ms.unsigned_abs() / 1000, ms.unsigned_abs() % 1000 / 100);
        format!("{seconds}.{tenths} s {}", if ms < 0 { less } else { more })
    };
    match it {
        Difference::Start { later_ms } => format!("begins {}", off(*later_ms, "later", "earlier")),
        Difference::End { later_ms } => format!("ends {}", off(*later_ms, "later", "earlier")),
        Difference::Length { longer_ms } => off(*longer_ms, "longer", "shorter"),
        Difference::Code { found, delivered } => format!("{delivered} instead of {found}"),
    }
}
