//! What changed between two versions of a report.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use lake::Filter;
use money::{Atoms, Currency};
use period::Month;
use store::{ReportFile, ReportState};
use usage::{Basis, Line};

use crate::Home;
use crate::home::manifest;
use crate::reports::{REVERSAL, ReportError, read_plain};

/// What the lines are put together by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiffBy {
    /// Every line by itself.
    #[default]
    Line,
    /// The recording, in the report's words.
    Recording,
    /// The territory.
    Territory,
    /// The service.
    Service,
}

/// From what to what a figure went: the old version first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The number of lines.
    pub lines: [u64; 2],
    /// The usages.
    pub usages: [Atoms; 2],
    /// The amount.
    pub amount: [Atoms; 2],
}

impl Change {
    fn add(&mut self, side: usize, line: &Line) -> Option<()> {
        self.lines[side] += 1;
        self.usages[side] = self.usages[side].checked_add(line.usages)?;
        self.amount[side] = self.amount[side].checked_add(line.amount)?;
        Some(())
    }

    /// New less old amount; none beyond the range of amounts.
    #[must_use]
    pub fn difference(&self) -> Option<Atoms> {
        self.amount[1].checked_sub(self.amount[0])
    }

    fn is_same(&self) -> bool {
        self.usages[0] == self.usages[1] && self.amount[0] == self.amount[1]
    }
}

/// Amounts of one basis and currency meet, others never do.
pub type Money = (Basis, Option<Currency>);

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is, in the report's words.
    pub what: String,
    /// What its amounts are.
    pub money: Money,
    /// From what to what.
    pub change: Change,
    /// What else changed: `title: Rain → Rain (OST)`.
    pub notes: Vec<String>,
}

/// A version that was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The report's id, or the file's name.
    pub name: String,
    /// The sender's id of the report.
    pub message_id: String,
    /// The lines that could not be read, and are compared nowhere.
    pub quarantined: usize,
}

/// What changed between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// The old and the new version.
    pub versions: [Version; 2],
    /// The sums by what they are.
    pub totals: BTreeMap<Money, Change>,
    /// How many lines are only in the new version.
    pub added: u64,
    /// How many lines are only in the old version.
    pub removed: u64,
    /// How many lines are in both, and differ.
    pub changed: u64,
    /// How many lines are the same in both.
    pub same: u64,
    /// What differs, by what was asked for, the largest difference of an amount first.
    pub differences: Vec<Difference>,
}

/// Why two versions cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// A version cannot be read.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// Nothing is called so.
    #[error("{name} is neither a file nor the beginning of one report's id")]
    Unknown {
        /// What was named.
        name: String,
    },
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    Overflow,
}

/// What a line is the same line by: its sales transaction, or everything it says but the figures.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Transaction(String),
    Words(Box<Words>),
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Words {
    isrc: String,
    icpn: String,
    resource_id: String,
    title: String,
    artist: String,
    service: String,
    territory: String,
    use_type: String,
    commercial_model: String,
    rights_type: &'static str,
    month: Month,
}

impl Words {
    fn of(line: &Line) -> Self {
        Self {
            isrc: line.isrc.clone(),
            icpn: line.icpn.clone(),
            resource_id: line.resource_id.clone(),
            title: line.title.clone(),
            artist: line.artist.clone(),
            service: line.service.clone(),
            territory: line.territory.clone(),
            use_type: line.use_type.clone(),
            commercial_model: line.commercial_model.clone(),
            rights_type: line.rights_type.as_str(),
            month: line.month(),
        }
    }

    fn cells(&self) -> [(&'static str, String); 11] {
        [
            ("isrc", self.isrc.clone()),
            ("icpn", self.icpn.clone()),
            ("resource id", self.resource_id.clone()),
            ("title", self.title.clone()),
            ("artist", self.artist.clone()),
            ("service", self.service.clone()),
            ("territory", self.territory.clone()),
            ("use type", self.use_type.clone()),
            ("model", self.commercial_model.clone()),
            ("rights type", self.rights_type.to_owned()),
            ("month", self.month.to_string()),
        ]
    }
}

#[derive(Default)]
struct Compared {
    change: Change,
    words: [Option<Box<Words>>; 2],
}

#[derive(Default)]
struct Comparison {
    lines: BTreeMap<(Key, Money), Compared>,
    groups: BTreeMap<(String, Money), Change>,
    totals: BTreeMap<Money, Change>,
}

/// Compares two versions of a report: ids in the home, or files that need not be imported.
///
/// What a correction took back of its predecessor is no part of what it says. Memory grows with the
/// number of lines.
///
/// # Errors
/// [`DiffError`].
pub fn diff(home: Option<&Home>, old: &str, new: &str, by: DiffBy) -> Result<Diff, DiffError> {
    let mut comparison = Comparison::default();
    let mut versions = Vec::new();
    for (side, name) in [old, new].into_iter().enumerate() {
        let mut fits = Some(());
        versions.push(read(home, name, &mut |line| {
            fits = fits.and_then(|()| comparison.add(side, &line, by));
        })?);
        fits.ok_or(DiffError::Overflow)?;
    }
    let [Some(old), Some(new)] = [0, 1].map(|at| versions.get(at).cloned()) else {
        return Err(DiffError::Overflow);
    };
    Ok(comparison.close([old, new], by))
}

/// Gives every line of a version to `sink`.
fn read(home: Option<&Home>, name: &str, sink: &mut dyn FnMut(Line)) -> Result<Version, DiffError> {
    let known = match home {
        Some(home) => home.store.report(name).map_err(ReportError::from)?.map(|it| (home, it)),
        None => None,
    };
    let Some((home, row)) = known else {
        let path = Path::new(name);
        if !path.is_file() {
            return Err(DiffError::Unknown { name: name.to_owned() });
        }
        let name = path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into());
        let (row, quarantined) = read_plain(&[(path.to_owned(), name.clone())], sink)?;
        return Ok(Version { name, message_id: row.message_id, quarantined });
    };
    let version = |quarantined| Version {
        name: row.id.clone(),
        message_id: row.message_id.clone(),
        quarantined,
    };
    if row.state != ReportState::Standing {
        // Its lines are not in the lake, its files are kept.
        let kept = |it: ReportFile| (home.store.received_path(&it.sha256), it.name);
        let files = home.store.report_files(&row.id).map_err(ReportError::from)?;
        let files: Vec<(PathBuf, String)> = files.into_iter().map(kept).collect();
        return Ok(version(read_plain(&files, sink)?.1));
    }
    let files = manifest(&home.store).map_err(ReportError::from)?;
    let files: Vec<_> = files.into_iter().filter(|it| it.report == row.id).collect();
    let visit = &mut |line: Line| {
        if line.adjustment != REVERSAL {
            sink(line);
        }
        ControlFlow::Continue(())
    };
    home.lake.lines(&files, &Filter::all(), visit).map_err(ReportError::from)?;
    Ok(version(home.store.quarantine_count(&row.id).map_err(ReportError::from)?))
}

impl Comparison {
    fn add(&mut self, side: usize, line: &Line, by: DiffBy) -> Option<()> {
        let money = (line.basis, line.currency);
        self.totals.entry(money).or_default().add(side, line)?;
        if let Some(group) = group(line, by) {
            self.groups.entry((group, money)).or_default().add(side, line)?;
        }
        let words = Box::new(Words::of(line));
        let key = match line.transaction.as_str() {
            "" => Key::Words(words.clone()),
            transaction => Key::Transaction(transaction.to_owned()),
        };
        let compared = self.lines.entry((key, money)).or_default();
        compared.change.add(side, line)?;
        compared.words[side].get_or_insert(words);
        Some(())
    }

    fn close(self, versions: [Version; 2], by: DiffBy) -> Diff {
        let (mut added, mut removed, mut changed, mut same) = (0, 0, 0, 0);
        let mut differences = Vec::new();
        for ((key, money), Compared { change, words: [old, new] }) in self.lines {
            let notes = match (&old, &new) {
                (Some(old), Some(new)) => notes(old, new),
                _ => Vec::new(),
            };
            match (&old, &new) {
                (None, _) => added += change.lines[1],
                (_, None) => removed += change.lines[0],
                _ if change.is_same() && notes.is_empty() => {
                    same += change.lines[1];
                    continue;
                }
                _ => changed += change.lines[1],
            }
            if by == DiffBy::Line
                && let Some(words) = new.or(old)
            {
                differences.push(Difference { what: named(&key, &words), money, change, notes });
            }
        }
        for ((what, money), change) in self.groups {
            if !change.is_same() {
                differences.push(Difference { what, money, change, notes: Vec::new() });
            }
        }
        let size = |it: &Difference| {
            it.change.difference().map_or(u128::MAX, |it| it.raw().unsigned_abs())
        };
        // Stable: what differs by the same amount stays in the order of its words.
        differences.sort_by_key(|it| std::cmp::Reverse(size(it)));
        Diff { versions, totals: self.totals, added, removed, changed, same, differences }
    }
}

fn group(line: &Line, by: DiffBy) -> Option<String> {
    match by {
        DiffBy::Line => None,
        DiffBy::Recording => Some(joined(&[&line.isrc, &line.title, &line.artist])),
        DiffBy::Territory => Some(joined(&[&line.territory])),
        DiffBy::Service => Some(joined(&[&line.service])),
    }
}

fn named(key: &Key, words: &Words) -> String {
    let transaction = match key {
        Key::Transaction(it) => it,
        Key::Words(_) => "",
    };
    let Words { isrc, title, artist, territory, .. } = words;
    joined(&[transaction, isrc, title, artist, territory])
}

fn joined(words: &[&str]) -> String {
    let said: Vec<&str> = words.iter().copied().filter(|it| !it.is_empty()).collect();
    if said.is_empty() { "(nothing is said)".to_owned() } else { said.join(" · ") }
}

fn notes(old: &Words, new: &Words) -> Vec<String> {
    let pairs = old.cells().into_iter().zip(new.cells());
    let differing = pairs.filter(|((_, old), (_, new))| old != new);
    differing.map(|((cell, old), (_, new))| format!("{cell}: {old} → {new}")).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const OLD: &str = "\
        HEAD|dsrf/1|BasicAudioProfile|1.3|M1|2026-02-01T00:00:00Z|1|1|2026-01-01|2026-01-31|S\n\
        SY01.02|1|||SubscriptionModel||KR|Svc|10||KRW|100\n\
        SU02.02|1|1|T1||A1|TRUE|4\n\
        SU02.02|2|1|T2||A2|TRUE|5\n\
        SU02.02|3|1|T3||A3|TRUE|1\n";

    /// Compares the report above with a changed one.
    fn check(changes: &[(&str, &str)], by: DiffBy, expected: &Expect) {
        let folder = tempfile::tempdir().expect("a folder");
        let new = changes.iter().fold(OLD.to_owned(), |text, (from, to)| text.replace(from, to));
        let [old, new] = [("old.tsv", OLD), ("new.tsv", &new)].map(|(name, text)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text.replace('|', "\t")).expect("a file");
            path.to_string_lossy().into_owned()
        });
        let diff = diff(None, &old, &new, by).expect("both can be read");
        let mut text =
            format!("+{} -{} ~{} ={}\n", diff.added, diff.removed, diff.changed, diff.same);
        let currency = |money: &Money| money.1.map_or_else(String::new, |it| it.to_string());
        let change = |it: &Change| {
            let [from, to] = it.usages;
            let [old, new] = it.amount;
            format!("usages {from} → {to}, amount {old} → {new}")
        };
        for (money, it) in &diff.totals {
            text += &format!("total {} {}: {}\n", currency(money), money.0, change(it));
        }
        for it in &diff.differences {
            text += &format!("{}: {} {:?}\n", it.what, change(&it.change), it.notes);
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn lines_are_added_removed_and_changed() {
        check(
            &[("|T3|", "|T4|"), ("A2|TRUE|5", "A2|TRUE|6"), ("A1|TRUE", "A9|TRUE")],
            DiffBy::Line,
            &expect![[r#"
                +1 -1 ~2 =0
                total KRW service-net: usages 10 → 11, amount 100 → 100
                T3 · KR: usages 1 → 0, amount 10 → 0 []
                T4 · KR: usages 0 → 1, amount 0 → 9.09090909090909091 []
                T2 · KR: usages 5 → 6, amount 50 → 54.545454545454545454 []
                T1 · KR: usages 4 → 4, amount 40 → 36.363636363636363636 ["resource id: A1 → A9"]
            "#]],
        );
    }

    #[test]
    fn another_total_changes_every_amount_and_no_usage() {
        check(
            &[("|KRW|100", "|KRW|110")],
            DiffBy::Territory,
            &expect![[r#"
            +0 -0 ~3 =0
            total KRW service-net: usages 10 → 10, amount 100 → 110
            KR: usages 10 → 10, amount 100 → 110 []
        "#]],
        );
        check(
            &[("|KR|Svc", "|JP|Svc")],
            DiffBy::Territory,
            &expect![[r#"
            +0 -0 ~3 =0
            total KRW service-net: usages 10 → 10, amount 100 → 100
            JP: usages 0 → 10, amount 0 → 100 []
            KR: usages 10 → 0, amount 100 → 0 []
        "#]],
        );
    }
}
