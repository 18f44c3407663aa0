//! A statement's own arithmetic, done again.

use std::collections::BTreeMap;

use money::{Atoms, Ratio, Rounding};

use crate::statement::{Line, Rounded, SourceNote, Statement, TermNote};

/// Why a statement's figures do not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The column names are not those of this format.
    #[error("the columns of the lines are not those of this format")]
    Columns,
    /// A line points to a source, recording or term that is not there.
    #[error("line {line} refers to a {what} that is not in the statement")]
    Dangling {
        /// The statement line, from 1.
        line: usize,
        /// `source`, `context`, `recording` or `term`.
        what: &'static str,
    },
    /// A licence is applied to money that was received already.
    #[error("report {report} brought money, but a licence is applied to it")]
    Licence {
        /// The report.
        report: String,
    },
    /// A term's fraction is not its rate times what it applies to.
    #[error("the fraction of term {term} of agreement {agreement} is not rate times base")]
    Fraction {
        /// The agreement.
        agreement: String,
        /// The term.
        term: String,
    },
    /// A line's received amount is not the reported one times the licence rate.
    #[error("line {line}: received {got}, but the licence gives {expected}")]
    Received {
        /// The statement line, from 1.
        line: usize,
        /// What the rule gives.
        expected: Atoms,
        /// What the line says.
        got: Atoms,
    },
    /// A line's amount is not the received one times the term's fraction, within its rounding.
    #[error("line {line}: amount {got}, but {received} times {fraction} does not round there")]
    Amount {
        /// The statement line, from 1.
        line: usize,
        /// The received amount.
        received: Atoms,
        /// The term's fraction.
        fraction: Ratio,
        /// What the line says.
        got: Atoms,
    },
    /// A sum does not close.
    #[error("{what} is {got}, but its parts make {expected}")]
    Sum {
        /// Which sum.
        what: &'static str,
        /// What the parts make.
        expected: Atoms,
        /// What the statement says.
        got: Atoms,
    },
    /// A figure leaves the range of amounts.
    #[error("a figure is too large to be counted")]
    Overflow,
}

impl Statement {
    /// Does the statement's arithmetic again: every line from its source and term, then the sums.
    ///
    /// # Errors
    /// [`CheckError`] names the first figure that does not hold.
    pub fn check(&self) -> Result<(), CheckError> {
        if self.columns != Line::COLUMNS {
            return Err(CheckError::Columns);
        }
        for it in &self.sources {
            let plain = it.licence.is_empty() && it.licence_rate == Ratio::ONE;
            if it.basis == "received" && !plain {
                return Err(CheckError::Licence { report: it.report.clone() });
            }
        }
        for it in &self.terms {
            if it.rate.checked_mul(it.of) != Some(it.fraction) {
                return Err(CheckError::Fraction {
                    agreement: it.agreement.clone(),
                    term: it.term.clone(),
                });
            }
        }
        let mut earned = Atoms::ZERO;
        for (at, line) in self.lines.iter().enumerate() {
            self.check_line(at.saturating_add(1), line)?;
            earned = earned.checked_add(line.amount).ok_or(CheckError::Overflow)?;
        }
        self.check_balance(earned)
    }

    /// Returns the sum of the lines under one agreement.
    fn earned_under(&self, agreement: &str) -> Option<Atoms> {
        let under = |it: &&Line| {
            at(&self.terms, it.term).is_some_and(|term: &TermNote| term.agreement == agreement)
        };
        Atoms::checked_sum(self.lines.iter().filter(under).map(|it| it.amount))
    }

    fn check_line(&self, number: usize, line: &Line) -> Result<(), CheckError> {
        let dangling = |what| CheckError::Dangling { line: number, what };
        let source: &SourceNote = at(&self.sources, line.source).ok_or(dangling("source"))?;
        at(&self.contexts, line.context).ok_or(dangling("context"))?;
        at(&self.recordings, line.recording).ok_or(dangling("recording"))?;
        let term: &TermNote = at(&self.terms, line.term).ok_or(dangling("term"))?;
        let expected = line
            .reported
            .mul_ratio(source.licence_rate, Rounding::HalfEven)
            .ok_or(CheckError::Overflow)?;
        if expected != line.received {
            return Err(CheckError::Received { line: number, expected, got: line.received });
        }
        let share = |rounding| line.received.mul_ratio(term.fraction, rounding);
        let low = share(Rounding::Down).ok_or(CheckError::Overflow)?;
        let away = match line.received.is_negative() {
            true => share(Rounding::Floor),
            false => share(Rounding::Ceil),
        }
        .ok_or(CheckError::Overflow)?;
        let holds = match line.rounded {
            Rounded::Exact => low == away && line.amount == low,
            Rounded::Down => low != away && line.amount == low,
            Rounded::Up => low != away && line.amount == away,
        };
        match holds {
            true => Ok(()),
            false => Err(CheckError::Amount {
                line: number,
                received: line.received,
                fraction: term.fraction,
                got: line.amount,
            }),
        }
    }

    fn check_balance(&self, earned: Atoms) -> Result<(), CheckError> {
        let note = &self.balance;
        let mut recouped = Atoms::ZERO;
        let mut by_agreement: BTreeMap<&str, Atoms> = BTreeMap::new();
        for it in &self.advances {
            let sum = by_agreement.entry(&it.agreement).or_default();
            *sum = sum.checked_add(it.recouped).ok_or(CheckError::Overflow)?;
            recouped = recouped.checked_add(it.recouped).ok_or(CheckError::Overflow)?;
            let closing = it.opening_unrecouped.checked_sub(it.recouped);
            same("what is left of an advance", closing, it.closing_unrecouped)?;
            if it.closing_unrecouped.is_negative() || it.recouped.is_negative() {
                return Err(CheckError::Sum {
                    what: "what is left of an advance",
                    expected: Atoms::ZERO,
                    got: it.closing_unrecouped,
                });
            }
        }
        for (agreement, recouped) in by_agreement {
            let earned = self.earned_under(agreement).ok_or(CheckError::Overflow)?;
            if recouped > earned.max(Atoms::ZERO) {
                let what = "what is recouped under an agreement";
                return Err(CheckError::Sum { what, expected: earned, got: recouped });
            }
        }
        let closing = note
            .opening
            .checked_add(note.earned)
            .and_then(|it| it.checked_sub(note.recouped))
            .ok_or(CheckError::Overflow)?;
        let (payable, carried) = payable(closing, self.currency.minor_digits());
        same("the amount earned", Some(earned), note.earned)?;
        same("the amount recouped", Some(recouped), note.recouped)?;
        same("the closing balance", Some(closing), note.closing)?;
        same("the amount payable", Some(payable), note.payable)?;
        same("the amount carried", Some(carried), note.carried)
    }
}

/// Splits a closing balance into what can be paid and what is carried.
pub(crate) fn payable(closing: Atoms, minor_digits: u32) -> (Atoms, Atoms) {
    match closing.is_negative() {
        true => (Atoms::ZERO, closing),
        false => closing.quantise(minor_digits, Rounding::Down),
    }
}

fn same(what: &'static str, expected: Option<Atoms>, got: Atoms) -> Result<(), CheckError> {
    match expected {
        None => Err(CheckError::Overflow),
        Some(expected) if expected == got => Ok(()),
        Some(expected) => Err(CheckError::Sum { what, expected, got }),
    }
}

fn at<T>(list: &[T], index: u64) -> Option<&T> {
    usize::try_from(index).ok().and_then(|it| list.get(it))
}
