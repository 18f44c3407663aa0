//! Stories: a world that becomes known bit by bit.
//!
//! What is known in the end, and when it should have been known, is made first. Then it is told
//! with delays: reports arrive with later periods, entries of the catalogue are first something
//! else, usage is first matched to nothing or to something else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use catalog::Catalog;
use money::Atoms;
use period::{Date, Month, Period};
use settlement::{Rulings, SettleError, Settlement};
use usage::{Basis, CellKey, RightsType, Target};

use crate::Cell;

use crate::amend::amend;
use crate::generate::{cell_of, currency};
use crate::{Books, SplitMix64, deals, music, rates};

/// Usage that is matched to what was used, differently as more is known.
#[derive(Clone, Debug)]
struct Line {
    report: usize,
    cell: Cell,
    /// What was used, as it is matched for each settlement.
    targets: Vec<Target>,
}

/// A report: with which settlement it should have come, and with which it came.
#[derive(Clone, Copy, Debug)]
struct Report {
    due: usize,
    arrived: usize,
}

/// What is known for one settlement.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// The period to settle.
    pub period: Period,
    /// The catalogue.
    pub catalog: Catalog,
    /// What was decided beside it.
    pub rulings: Rulings,
    /// Cells that were settled before, as the catalogue matches them.
    pub known: Vec<Cell>,
    /// Cells that are to be settled.
    pub open: Vec<Cell>,
}

/// Several periods that are settled one after the other, while more becomes known; made from a seed.
///
/// It prints as the call that makes it again.
#[derive(Clone)]
pub struct Story {
    made_from: (u64, usize),
    periods: Vec<Period>,
    catalogs: Vec<Catalog>,
    rulings: Vec<Rulings>,
    reports: Vec<Report>,
    lines: Vec<Line>,
}

impl Story {
    /// Makes a story of at most so many lines of usage.
    ///
    /// What was paid is a fact: no advance and no cost of a settled period is edited.
    #[must_use]
    pub fn new(seed: u64, lines: usize) -> Self {
        let mut random = SplitMix64::new(seed);
        let periods = periods(&mut random);
        let mut catalog = Catalog::default();
        music::add(&mut catalog, &mut random);
        rates::add(&mut catalog, &mut random);
        deals::add_wide(&mut catalog, &mut random);
        let mut catalogs = vec![catalog];
        for settled in periods.split_last().map_or(&[][..], |it| it.1) {
            let mut next = catalogs.last().cloned().unwrap_or_default();
            if random.chance(600) {
                for _ in 0..1 + random.below(4) {
                    amend(&mut next, &mut random, settled.end());
                }
            }
            catalogs.push(next);
        }
        let mut story = Self {
            made_from: (seed, lines),
            periods,
            catalogs,
            rulings: Vec::new(),
            reports: Vec::new(),
            lines: Vec::new(),
        };
        story.report(&mut random);
        for _ in 0..lines {
            story.use_something(&mut random);
        }
        story.decide(&mut random);
        story
    }

    /// Reports of one or two months each, half of them late.
    fn report(&mut self, random: &mut SplitMix64) {
        for _ in 0..3 + random.below(6) {
            let due = random.place(self.periods.len());
            let late = if random.chance(500) { random.place(self.periods.len() - due) } else { 0 };
            self.reports.push(Report { due, arrived: due + late });
        }
    }

    fn use_something(&mut self, random: &mut SplitMix64) {
        let report = random.place(self.reports.len());
        let due = self.reports[report].due;
        let month = month_of(random, &self.periods, due);
        let number = u64::try_from(report).unwrap_or(0);
        let mut cell = cell_of(random, number, month);
        if random.chance(600) {
            // Plain income, so that there is something to work off debts with.
            let most = random.pick(&[1_000, 100_000, 1_000_000]);
            let units = i64::try_from(random.below(most)).unwrap_or(0);
            cell.amount = Atoms::from_units(if random.chance(100) { -units } else { units });
            cell.key.context.currency = Some(currency("KRW"));
            (cell.key.context.basis, cell.key.context.rights_type) =
                (Basis::Received, RightsType::Master);
        }
        let (mut told, last) = (cell.key.target.clone(), cell.key.target.clone());
        let since = random.place(self.catalogs.len());
        if random.chance(300) {
            told = match random.below(4) {
                0 => Target::Recording(music::recording(random.below(music::RECORDINGS))),
                _ => Target::Unmatched {
                    isrc: music::isrc(random.below(90_000)).to_string(),
                    icpn: String::new(),
                    title: "Song".to_owned(),
                    artist: "Artist".to_owned(),
                },
            };
            // The spelling by which it is matched from now on is new in the catalogue.
            for catalog in &mut self.catalogs[since..] {
                let aliases = catalog.recordings.values_mut().next().map(|it| &mut it.aliases);
                aliases.into_iter().for_each(|it| it.push(format!("Alias {}", self.lines.len())));
            }
        }
        let target = |at| if at < since { told.clone() } else { last.clone() };
        let targets = (0..self.catalogs.len()).map(target).collect();
        self.lines.push(Line { report, cell, targets });
    }

    /// Disputes that are opened and closed, and what was never matched lapses.
    fn decide(&mut self, random: &mut SplitMix64) {
        let mut rulings = Rulings::default();
        for at in 0..self.periods.len() {
            if random.chance(250) {
                rulings.disputed.pop_last();
            }
            let line = self.lines.get(random.place(self.lines.len() + 1));
            if let Some(line) = line.filter(|_| random.chance(250)) {
                let report = line.cell.key.context.report.clone();
                rulings.disputed.insert((report, line.targets[at].clone()));
            }
            if random.chance(150) {
                rulings.lapsed_before = Some(Month::of(self.periods[at].start()));
            }
            self.rulings.push(rulings.clone());
        }
    }

    /// The chapters in which everything became known.
    #[must_use]
    pub fn as_told(&self) -> Vec<Chapter> {
        let chapter = |at: usize| Chapter {
            period: self.periods[at],
            catalog: self.catalogs[at].clone(),
            rulings: self.rulings[at].clone(),
            known: self.cells(at, |it| it.arrived < at),
            open: self.cells(at, |it| it.arrived == at),
        };
        (0..self.periods.len()).map(chapter).collect()
    }

    /// The chapters, had everything been known in time.
    #[must_use]
    pub fn in_time(&self) -> Vec<Chapter> {
        let last = self.periods.len() - 1;
        let chapter = |at: usize| Chapter {
            period: self.periods[at],
            catalog: self.catalogs[last].clone(),
            rulings: self.rulings[last].clone(),
            known: self.cells(last, |it| it.due < at),
            open: self.cells(last, |it| it.due == at),
        };
        (0..=last).map(chapter).collect()
    }

    /// The cells of some reports, as the catalogue of a chapter matches them.
    fn cells(&self, at: usize, of: impl Fn(&Report) -> bool) -> Vec<Cell> {
        let mut cells: BTreeMap<CellKey, Cell> = BTreeMap::new();
        for it in self.lines.iter().filter(|it| of(&self.reports[it.report])) {
            let mut cell = it.cell.clone();
            cell.key.target = it.targets[at].clone();
            match cells.get_mut(&cell.key) {
                None => drop(cells.insert(cell.key.clone(), cell)),
                Some(sum) => {
                    let plus = |a: Atoms, b| a.checked_add(b).expect("a small sum");
                    sum.amount = plus(sum.amount, cell.amount);
                    sum.usages = plus(sum.usages, cell.usages);
                    sum.lines += cell.lines;
                }
            }
        }
        cells.into_values().collect()
    }
}

/// Settles chapter after chapter; returns what was decided and where the auditor differs.
///
/// # Errors
/// [`SettleError`] as [`settlement::settle()`] has it.
pub fn tell(chapters: &[Chapter]) -> Result<(Books, Vec<Settlement>, Vec<String>), SettleError> {
    let (mut books, mut outcomes, mut differences) = (Books::default(), Vec::new(), Vec::new());
    for it in chapters {
        let (outcome, found) = books.settle(it)?;
        differences.extend(found.into_iter().map(|line| format!("{}: {line}", it.period)));
        outcomes.push(outcome);
    }
    Ok((books, outcomes, differences))
}

/// From two to six periods of one or two months, rarely with a month between them that nobody settled.
fn periods(random: &mut SplitMix64) -> Vec<Period> {
    let mut start = Month::new(2020, 11).map_or(Date::MIN, Month::first_day);
    let mut periods = Vec::new();
    for _ in 0..2 + random.below(5) {
        let mut end = Month::of(start).next();
        if random.chance(300) {
            end = end.next();
        }
        periods.extend(Period::new(start, end.first_day()));
        start = if random.chance(100) { end.next().first_day() } else { end.first_day() };
    }
    periods
}

/// A month that is settled with a period in time.
fn month_of(random: &mut SplitMix64, periods: &[Period], due: usize) -> Month {
    let end = Month::of(periods[due].end()).previous();
    let mut months = BTreeSet::from([end]);
    let first = due.checked_sub(1).map_or(periods[0].start(), |it| periods[it].end());
    while let Some(month) = months.first().map(|it| it.previous()) {
        if month.first_day() < first {
            break;
        }
        months.insert(month);
    }
    let at = random.place(months.len());
    months.into_iter().nth(at).unwrap_or(end)
}

impl fmt::Debug for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seed, lines) = self.made_from;
        write!(f, "Story::new({seed}, {lines})")
    }
}
