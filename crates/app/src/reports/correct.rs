//! Corrections: what a report says instead of an earlier one, as lines beside the earlier ones.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use lake::Filter;
use money::{Atoms, Currency};
use period::{Date, Month};
use store::{ReportRow, ReportState};
use usage::{Basis, Line, Offer, Parting, Row};

use super::ReportError;
use super::sketch::{Sketch, shared};
use crate::Home;
use crate::home::manifest;

/// The adjustment type of a line that takes back what the corrected report said. Such a line stands
/// at its place in the corrected report.
///
/// In brackets, since senders have adjustments of their own, and some call theirs reversals.
pub const REVERSAL: &str = "[reversal]";

/// Returns the standing report that corrects this one, if one does.
#[must_use]
pub fn corrected_by<'a>(reports: &'a [ReportRow], id: &str) -> Option<&'a ReportRow> {
    reports
        .iter()
        .find(|it| it.state == ReportState::Standing && it.corrects.as_deref() == Some(id))
}

/// Checks that a report can be corrected by one of this sender.
pub(super) fn check_target(
    reports: &[ReportRow],
    id: &str,
    sender: &str,
) -> Result<(), ReportError> {
    let refuse = |reason: String| Err(ReportError::Corrects { id: id.to_owned(), reason });
    let Some(target) = reports.iter().find(|it| it.id == id) else {
        return refuse("it is not there".to_owned());
    };
    if target.state != ReportState::Standing || target.kind != "sales" {
        return refuse(format!("it is a {} report, {}", target.kind, target.state.as_str()));
    }
    if target.sender != sender {
        return refuse(format!("it is of {}, this one is of {sender}", target.sender));
    }
    match corrected_by(reports, id) {
        Some(it) => refuse(format!("{} corrects it already; name that one", it.id)),
        None => Ok(()),
    }
}

/// Gives every line of a report with the sign turned, as lines of its correction `by`.
///
/// Lines by which that report corrected another are left out: what it corrected is not in question.
pub(super) fn reverse(
    home: &Home,
    id: &str,
    by: &str,
    push: &mut dyn FnMut(Line),
) -> Result<(), ReportError> {
    let files: Vec<_> = manifest(&home.store)?.into_iter().filter(|it| it.report == id).collect();
    if let Some(mismatch) = home.lake.verify(&files)?.first() {
        return Err(ReportError::LakeChanged { mismatch: mismatch.to_string() });
    }
    let mut overflow = false;
    home.lake.lines(&files, &Filter::all(), &mut |line| {
        if line.adjustment == REVERSAL {
            return ControlFlow::Continue(());
        }
        let turned = |it: Atoms| Atoms::ZERO.checked_sub(it);
        let (Some(usages), Some(amount)) = (turned(line.usages), turned(line.amount)) else {
            overflow = true;
            return ControlFlow::Break(());
        };
        push(Line {
            report: by.to_owned(),
            adjustment: REVERSAL.to_owned(),
            corrects: id.to_owned(),
            usages,
            amount,
            ..line
        });
        ControlFlow::Continue(())
    })?;
    if overflow { Err(ReportError::Overflow) } else { Ok(()) }
}

/// The lines of a report that adjust an earlier month, summed by what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// The sender's type of adjustment, or [`REVERSAL`].
    pub adjustment: String,
    /// The month of the usage.
    pub month: Month,
    /// The report that they adjust; empty if it is not known.
    pub corrects: String,
    /// What the amount is.
    pub basis: Basis,
    /// The currency of the amount.
    pub currency: Option<Currency>,
    /// The number of lines.
    pub lines: u64,
    /// The sum of the usages.
    pub usages: Atoms,
    /// The sum of the amounts.
    pub amount: Atoms,
}

/// Sums the adjustments in a report, by type, month, what they adjust, basis and currency.
///
/// # Errors
/// [`ReportError`] if the lines cannot be read, or a sum leaves the range of amounts.
pub fn adjustments(home: &Home, id: &str) -> Result<Vec<Adjustment>, ReportError> {
    let files: Vec<_> = manifest(&home.store)?.into_iter().filter(|it| it.report == id).collect();
    let mut sums: BTreeMap<_, Adjustment> = BTreeMap::new();
    let mut fits = true;
    home.lake.lines(&files, &Filter::all(), &mut |line| {
        if line.adjustment.is_empty() {
            return ControlFlow::Continue(());
        }
        let month = line.month();
        let key =
            (line.adjustment.clone(), month, line.corrects.clone(), line.basis, line.currency);
        let sum = sums.entry(key).or_insert_with(|| Adjustment {
            adjustment: line.adjustment,
            month,
            corrects: line.corrects,
            basis: line.basis,
            currency: line.currency,
            lines: 0,
            usages: Atoms::ZERO,
            amount: Atoms::ZERO,
        });
        sum.lines += 1;
        let plus = |sum: &mut Atoms, it| sum.checked_add(it).map(|of| *sum = of).is_some();
        fits &= plus(&mut sum.usages, line.usages) && plus(&mut sum.amount, line.amount);
        ControlFlow::Continue(())
    })?;
    if fits { Ok(sums.into_values().collect()) } else { Err(ReportError::Overflow) }
}

/// What a sender's reports say, to tie adjustments to what they adjust.
pub(super) struct Standing {
    reports: Vec<ReportRow>,
}

/// Which report the lines of a report correct.
pub(super) struct Relations<'a> {
    standing: &'a Standing,
    corrects: Option<&'a str>,
    /// Offers as they came, and as they go on.
    known: Vec<[Arc<Offer>; 2]>,
}

impl<'a> Relations<'a> {
    pub(super) const fn new(standing: &'a Standing, corrects: Option<&'a str>) -> Self {
        Self { standing, corrects, known: Vec::new() }
    }

    /// The offer, with the report that its lines correct.
    ///
    /// An adjustment belongs to the report that spoke about that day, if one did.
    pub(super) fn offer(&mut self, offer: &Arc<Offer>) -> Arc<Offer> {
        if offer.adjustment.is_empty() && self.corrects.is_none() {
            return Arc::clone(offer);
        }
        if let Some([_, known]) = self.known.iter().find(|[came, _]| Arc::ptr_eq(came, offer)) {
            return Arc::clone(known);
        }
        let day = (!offer.adjustment.is_empty()).then_some(offer.from);
        let about = day.and_then(|day| self.standing.about(day));
        let corrects = about.or(self.corrects).unwrap_or_default().to_owned();
        let related = Arc::new(Offer { corrects, ..Offer::clone(offer) });
        if self.known.len() == KNOWN_MAX {
            self.known.clear();
        }
        self.known.push([Arc::clone(offer), Arc::clone(&related)]);
        related
    }
}

/// Offers that are remembered: those of a statement come and go.
const KNOWN_MAX: usize = 256;

impl Standing {
    /// The reports of a sender that stand and that no other corrects, without this one.
    pub(super) fn of(home: &Home, row: &ReportRow) -> Result<Self, ReportError> {
        let all = home.store.reports()?;
        let stands = |it: &&ReportRow| {
            it.state == ReportState::Standing
                && it.kind == row.kind
                && it.sender == row.sender
                && it.id != row.id
                && corrected_by(&all, &it.id).is_none()
        };
        Ok(Self { reports: all.iter().filter(stands).cloned().collect() })
    }

    /// The report that speaks about a day of usage, if it is one: that which ends with the month of
    /// the day, since adjustments reach back from later ones, or else the only one.
    pub(super) fn about(&self, day: Date) -> Option<&str> {
        let end = Month::of(day).period().end().to_string();
        let day = day.to_string();
        let about: Vec<&ReportRow> = self
            .reports
            .iter()
            .filter(|it| it.first_day.as_str() <= &*day && &*day < it.end_day.as_str())
            .collect();
        let mut of_month = about.iter().filter(|it| it.end_day == end);
        match (of_month.next(), of_month.next(), about.as_slice()) {
            (Some(one), None, _) | (None, _, [one]) => Some(one.id.as_str()),
            _ => None,
        }
    }

    /// Doubts a report most of whose sales transactions stand already for days that overlap: names
    /// the report that holds them, and says so.
    pub(super) fn doubt(
        &self,
        home: &Home,
        row: &ReportRow,
        sketch: &[u64],
    ) -> Result<Option<(String, String)>, ReportError> {
        // A chart says whole days, and its twin is known by its text.
        if row.kind != "sales" {
            return Ok(None);
        }
        let overlaps = |it: &&ReportRow| {
            it.first_day < row.end_day
                && row.first_day < it.end_day
                && row.corrects.as_ref() != Some(&it.id)
        };
        for it in self.reports.iter().filter(overlaps) {
            let (both, of) = shared(sketch, &sketch_of(home, it)?);
            if both.saturating_mul(2) > of {
                let (id, message) = (&it.id, &it.message_id);
                let words = format!(
                    "of {of} of its sales transactions that were compared, {both} stand as report \
                     {id} ({message})"
                );
                return Ok(Some((id.clone(), words)));
            }
        }
        Ok(None)
    }
}

/// Returns the sketch of a report, from its lines if none was recorded.
fn sketch_of(home: &Home, row: &ReportRow) -> Result<Vec<u64>, ReportError> {
    let recorded = home.store.sketch(&row.id)?;
    if !recorded.is_empty() {
        return Ok(recorded);
    }
    let files: Vec<_> =
        manifest(&home.store)?.into_iter().filter(|it| it.report == row.id).collect();
    let mut parting = Parting::default();
    let mut sketch = Sketch::default();
    home.lake.lines(&files, &Filter::all(), &mut |line| {
        parting.row(&line, |row| {
            if is_itemised(row) {
                sketch.add(row);
            }
        });
        ControlFlow::Continue(())
    })?;
    Ok(sketch.into_hashes())
}

/// Whether a line is one that its report itemises: neither a remainder nor taken back.
pub(super) fn is_itemised(row: &Row<'_>) -> bool {
    row.line > 0 && row.offer.adjustment != REVERSAL
}
