//! The share of a repertoire.

use std::collections::BTreeMap;
use std::fmt;

use catalog::{Catalog, Repertoire};
use money::{Atoms, Currency, Ratio};
use period::{Month, Period};
use usage::{Basis, Cell, Cells, RightsType, Target};

use crate::Coverage;

/// What is measured.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Usages of a use type whose word ends in `Stream`.
    Streams,
    /// Net revenue of the services, in this currency.
    Revenue(Currency),
    /// Money that reached us, in this currency. A share of it is not a share of a market.
    Received(Currency),
}

impl Measure {
    /// `streams`, or the currency.
    pub fn unit(&self) -> String {
        match self {
            Self::Streams => "streams".to_owned(),
            Self::Revenue(currency) | Self::Received(currency) => currency.to_string(),
        }
    }

    /// What the cell measures; `None` if it measures something else.
    fn of(self, cell: &Cell<'_>) -> Option<Atoms> {
        let money = |basis, currency| {
            cell.context.basis == basis && cell.context.currency == Some(currency)
        };
        match self {
            Self::Streams => cell.context.use_type.ends_with("Stream").then_some(cell.usages),
            Self::Revenue(currency) => money(Basis::ServiceNet, currency).then_some(cell.amount),
            Self::Received(currency) => money(Basis::Received, currency).then_some(cell.amount),
        }
    }

    const fn basis(self) -> &'static str {
        match self {
            Self::Streams => "usages as reported, of use types that are streams",
            Self::Revenue(_) => "net revenue of the services as reported",
            Self::Received(_) => "money received by us; not a market",
        }
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// What the cells' recordings are looked up in.
    pub catalog: &'a Catalog,
    /// Whose share.
    pub repertoire: &'a Repertoire,
    /// A share of what.
    pub measure: Measure,
    /// Only this territory code, spelled as in the cells.
    pub territory: Option<String>,
    /// Only cells of this right. Reports on two rights may count the same streams twice.
    pub rights_type: Option<RightsType>,
    /// Only months whose first day lies in it.
    pub period: Period,
}

/// A share, and everything it depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// What is measured.
    pub measure: Measure,
    /// The territory asked for.
    pub territory: Option<String>,
    /// The period asked for.
    pub period: Period,
    /// Measured for recordings of the repertoire.
    pub numerator: Atoms,
    /// Measured in all.
    pub denominator: Atoms,
    /// Measured for lines tied to no recording of the catalogue.
    pub unmatched: Atoms,
    /// Numerator over denominator; `None` if there is nothing to divide by, or a sum is below zero.
    pub lower: Option<Ratio>,
    /// Numerator and unmatched over denominator; `None` as for `lower`.
    pub upper: Option<Ratio>,
    /// Lines that were counted.
    pub lines: u64,
    /// Lines of the territory, right and period that measure something else.
    pub lines_left_out: u64,
    /// What was counted, in words.
    pub rules: Rules,
    /// Where the cells come from.
    pub sources: Vec<SourceUsed>,
    /// Our denominator against a published total, once one was given.
    pub coverage: Option<Coverage>,
}

impl Share {
    /// Lower and upper for people, with this many decimals: `("1.53", "1.55")`.
    pub fn percents(&self, decimals: u32) -> Option<(String, String)> {
        Some((self.lower?.to_percent(decimals), self.upper?.to_percent(decimals)))
    }
}

/// What was counted, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What is in the numerator.
    pub numerator: String,
    /// What is in the denominator.
    pub denominator: String,
    /// Territory, months and right.
    pub scope: String,
    /// What kind of figure it is.
    pub basis: String,
}

/// One report that cells come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceUsed {
    /// Report id.
    pub report: String,
    /// Who sent it.
    pub sender: String,
    /// The service it is about.
    pub service: String,
    /// The right its usage belongs to.
    pub rights_type: RightsType,
    /// The first month used.
    pub first: Month,
    /// The last month used.
    pub last: Month,
    /// Lines used.
    pub lines: u64,
    /// What was measured in it.
    pub measured: Atoms,
}

/// Why there is no share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// A sum does not fit.
    #[error("a sum is too large")]
    Overflow,
}

/// Where a counted cell belongs.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(crate) enum Side {
    Within,
    Without,
    Unmatched,
}

impl Question<'_> {
    /// Whether the cell is of the territory, right and period asked for.
    fn covers(&self, cell: &Cell<'_>) -> bool {
        self.territory.as_ref().is_none_or(|territory| *territory == cell.context.territory)
            && self.rights_type.is_none_or(|rights_type| rights_type == cell.context.rights_type)
            && self.period.contains(cell.context.month.first_day())
    }

    /// The cells asked for, with what they measure and where they belong.
    pub(crate) fn counted<'c>(
        &self,
        cells: &'c Cells,
    ) -> impl Iterator<Item = (Cell<'c>, Atoms, Side)> {
        cells.iter().filter(|cell| self.covers(cell)).filter_map(|cell| {
            let measured = self.measure.of(&cell)?;
            Some((cell, measured, self.side(&cell)))
        })
    }

    fn side(&self, cell: &Cell<'_>) -> Side {
        match cell.target {
            Target::Unmatched { .. } => Side::Unmatched,
            // What is sold beside recordings is in no repertoire of recordings.
            Target::Product(_) => Side::Without,
            Target::Recording(id) if self.repertoire.contains(self.catalog, id) => Side::Within,
            Target::Recording(id) if self.catalog.recordings.contains_key(id) => Side::Without,
            Target::Recording(_) => Side::Unmatched,
        }
    }

    fn rules(&self) -> Rules {
        let territory = self.territory.as_deref().unwrap_or("any");
        let right = self.rights_type.map_or("any", RightsType::as_str);
        Rules {
            numerator: format!("{}: {}", self.repertoire.title, self.repertoire.rule()),
            denominator: "all lines of the sources, tied to a recording or not".to_owned(),
            scope: format!("territory {territory}, months {}, rights type {right}", self.period),
            basis: format!("{}, {}", self.measure.unit(), self.measure.basis()),
        }
    }
}

/// The share of a repertoire in what the cells measure.
///
/// # Errors
/// [`ShareError`]: a sum does not fit.
pub fn share(cells: &Cells, question: &Question<'_>) -> Result<Share, ShareError> {
    let mut sums = [Atoms::ZERO; 3];
    let mut lines = 0_u64;
    let mut sources: BTreeMap<(&str, &str, &str, RightsType), SourceUsed> = BTreeMap::new();
    for (cell, measured, side) in question.counted(cells) {
        let [within, without, unmatched] = &mut sums;
        let sum = match side {
            Side::Within => within,
            Side::Without => without,
            Side::Unmatched => unmatched,
        };
        *sum = sum.checked_add(measured).ok_or(ShareError::Overflow)?;
        lines = lines.saturating_add(cell.lines);
        note_source(&mut sources, cell, measured)?;
    }
    let [numerator, _, unmatched] = sums;
    let denominator = Atoms::checked_sum(sums).ok_or(ShareError::Overflow)?;
    let possible = numerator.checked_add(unmatched).ok_or(ShareError::Overflow)?;
    let covered = cells.iter().filter(|cell| question.covers(cell));
    let asked = covered.fold(0_u64, |sum, cell| sum.saturating_add(cell.lines));
    Ok(Share {
        measure: question.measure,
        territory: question.territory.clone(),
        period: question.period,
        numerator,
        denominator,
        unmatched,
        lower: ratio(numerator, denominator).filter(|_| !unmatched.is_negative()),
        upper: ratio(possible, denominator).filter(|_| !unmatched.is_negative()),
        lines,
        lines_left_out: asked.saturating_sub(lines),
        rules: question.rules(),
        sources: sources.into_values().collect(),
        coverage: None,
    })
}

fn note_source<'c>(
    sources: &mut BTreeMap<(&'c str, &'c str, &'c str, RightsType), SourceUsed>,
    cell: Cell<'c>,
    measured: Atoms,
) -> Result<(), ShareError> {
    let context = cell.context;
    let source = sources
        .entry((&context.sender, &context.service, &context.report, context.rights_type))
        .or_insert_with(|| SourceUsed {
            report: context.report.clone(),
            sender: context.sender.clone(),
            service: context.service.clone(),
            rights_type: context.rights_type,
            first: context.month,
            last: context.month,
            lines: 0,
            measured: Atoms::ZERO,
        });
    source.first = source.first.min(context.month);
    source.last = source.last.max(context.month);
    source.lines = source.lines.saturating_add(cell.lines);
    source.measured = source.measured.checked_add(measured).ok_or(ShareError::Overflow)?;
    Ok(())
}

/// A part of a whole; `None` if the part is below zero or the whole is not above it.
pub(crate) fn ratio(part: Atoms, whole: Atoms) -> Option<Ratio> {
    let part = u128::try_from(part.raw()).ok()?;
    let whole = u128::try_from(whole.raw()).ok()?;
    Ratio::new(part, whole)
}

/// Several lines: the bounds, the sums, the rules and the sources.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.measure.unit();
        match self.percents(2) {
            Some((lower, upper)) => writeln!(f, "share        {lower} % to {upper} %")?,
            None => writeln!(f, "share        cannot be told")?,
        }
        writeln!(f, "numerator    {} {unit}; {}", self.numerator, self.rules.numerator)?;
        writeln!(f, "unmatched    {} {unit}", self.unmatched)?;
        writeln!(f, "denominator  {} {unit}; {}", self.denominator, self.rules.denominator)?;
        writeln!(f, "scope        {}", self.rules.scope)?;
        writeln!(f, "basis        {}", self.rules.basis)?;
        match &self.coverage {
            Some(coverage) => writeln!(f, "coverage     {coverage}")?,
            None => writeln!(f, "coverage     not known: no total of the market was given")?,
        }
        writeln!(f, "lines        {} counted, {} left out", self.lines, self.lines_left_out)?;
        for source in &self.sources {
            let SourceUsed { sender, service, first, last, lines, .. } = source;
            writeln!(f, "source       {sender}, {service}, {first}..{last}, {lines} lines")?;
        }
        Ok(())
    }
}
