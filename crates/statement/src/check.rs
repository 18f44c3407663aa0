//! A statement's own arithmetic, done again.

use money::{Atoms, Currency, Ratio, Rounding};

use crate::statement::{
    ContextNote, Line, Measure, OpenNote, Rounded, SourceNote, Statement, TermNote,
};

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
    /// Money is in another currency than the statement without a rate, or in its own with one.
    #[error(
        "report {report} brought {currency}, and its exchange rate is not told as it has to be"
    )]
    Exchange {
        /// The report.
        report: String,
        /// The currency that it brought.
        currency: Currency,
    },
    /// A term's fraction is not its rate times what it applies to.
    #[error("the fraction of term {term} of agreement {agreement} is not rate times base")]
    Fraction {
        /// The agreement.
        agreement: String,
        /// The term.
        term: String,
    },
    /// A term applies to more than there is.
    #[error("term {term} of agreement {agreement} applies to more than all there is")]
    Base {
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
    /// A line's amount is measured by the price, and its context states none.
    #[error("line {line}: its amount is a part of the price, but its context states none")]
    NoPrice {
        /// The statement line, from 1.
        line: usize,
    },
    /// A line's amount is not what it is measured by times the term's fraction, within its rounding.
    #[error("line {line}: amount {got}, but {measured} times {fraction} does not round there")]
    Amount {
        /// The statement line, from 1.
        line: usize,
        /// What the amount is measured by, in the statement's currency: what was received, or the price of all
        /// units.
        measured: Atoms,
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
            if !self.is_rate_told(it) {
                let (report, currency) = (it.report.clone(), it.currency);
                return Err(CheckError::Exchange { report, currency });
            }
        }
        for it in &self.terms {
            if it.rate.checked_mul(it.of) != Some(it.fraction) {
                return Err(CheckError::Fraction {
                    agreement: it.agreement.clone(),
                    term: it.term.clone(),
                });
            }
            if it.of > Ratio::ONE {
                let (agreement, term) = (it.agreement.clone(), it.term.clone());
                return Err(CheckError::Base { agreement, term });
            }
        }
        let mut earned = Atoms::ZERO;
        for (at, line) in self.lines.iter().enumerate() {
            self.check_line(at.saturating_add(1), line)?;
            earned = earned.checked_add(line.amount).ok_or(CheckError::Overflow)?;
        }
        self.check_balance(earned)
    }

    /// A rate stands where the currency is another one, with its day and who states it, and only there.
    fn is_rate_told(&self, it: &SourceNote) -> bool {
        match it.currency == self.currency {
            true => {
                let texts = [&it.rate_day, &it.rate_over, &it.rate_source];
                it.rate == Ratio::ONE && texts.into_iter().all(String::is_empty)
            }
            false => !it.rate.is_zero() && !it.rate_day.is_empty() && !it.rate_source.is_empty(),
        }
    }

    fn check_line(&self, number: usize, line: &Line) -> Result<(), CheckError> {
        let dangling = |what| CheckError::Dangling { line: number, what };
        let source: &SourceNote = at(&self.sources, line.source).ok_or(dangling("source"))?;
        let context: &ContextNote = at(&self.contexts, line.context).ok_or(dangling("context"))?;
        at(&self.recordings, line.recording).ok_or(dangling("recording"))?;
        let term: &TermNote = at(&self.terms, line.term).ok_or(dangling("term"))?;
        let expected = line
            .reported
            .mul_ratio(source.licence_rate, Rounding::HalfEven)
            .ok_or(CheckError::Overflow)?;
        if expected != line.received {
            return Err(CheckError::Received { line: number, expected, got: line.received });
        }
        let measured = match term.measure {
            Measure::Received => Some(line.received),
            Measure::Price => {
                let price = Atoms::parse(&context.unit_price);
                let price = price.map_err(|_| CheckError::NoPrice { line: number })?;
                line.usages.checked_mul(price, Rounding::HalfEven)
            }
        };
        let measured = measured.and_then(|it| source.exchanged(it)).ok_or(CheckError::Overflow)?;
        let measured = match term.kind == TermNote::PRICE_BORNE {
            true => measured.checked_neg().ok_or(CheckError::Overflow)?,
            false => measured,
        };
        let share = |rounding| measured.mul_ratio(term.fraction, rounding);
        let low = share(Rounding::Down).ok_or(CheckError::Overflow)?;
        let away = match measured.is_negative() {
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
                measured,
                fraction: term.fraction,
                got: line.amount,
            }),
        }
    }

    /// What is kept back for an advance, a cost or a guarantee makes what is open less; what is held
    /// back in a reserve makes it more. Nothing is kept back or released beyond what is open.
    ///
    /// An advance that was received is kept back from what a sender brings, not from this account, and
    /// what a sender takes back opens it again.
    fn check_open(&self, note: &OpenNote) -> Result<(), CheckError> {
        if note.account.starts_with("advance-from:") {
            return same("what stands open", Some(note.closing.max(Atoms::ZERO)), note.closing);
        }
        let moved = self.movements.iter().filter(|it| it.other == note.account);
        let moved = Atoms::checked_sum(moved.map(|it| it.amount)).ok_or(CheckError::Overflow)?;
        let closing = match note.account.starts_with("reserve:") {
            true => note.opening.checked_sub(moved),
            false => note.opening.checked_add(moved),
        };
        same("what stands open", closing, note.closing)?;
        match note.closing.is_negative() {
            true => same("what stands open", Some(Atoms::ZERO), note.closing),
            false => Ok(()),
        }
    }

    fn check_balance(&self, earned: Atoms) -> Result<(), CheckError> {
        let note = &self.balance;
        for it in &self.open {
            self.check_open(it)?;
        }
        let moved = Atoms::checked_sum(self.movements.iter().map(|it| it.amount));
        let closing = note
            .opening
            .checked_add(note.earned)
            .and_then(|it| it.checked_add(note.moved))
            .ok_or(CheckError::Overflow)?;
        let (payable, carried) = payable(closing, self.currency, note.minimum);
        same("the amount earned", Some(earned), note.earned)?;
        same("the amount moved", moved, note.moved)?;
        same("the closing balance", Some(closing), note.closing)?;
        same("the amount payable", Some(payable), note.payable)?;
        same("the amount carried", Some(carried), note.carried)
    }
}

/// Splits a balance into what can be paid and what is carried: all of it if it is negative or below
/// the minimum, else what is below the currency's minor unit.
#[must_use]
pub fn payable(balance: Atoms, currency: Currency, minimum: Atoms) -> (Atoms, Atoms) {
    match balance.is_negative() || balance < minimum {
        true => (Atoms::ZERO, balance),
        false => balance.quantise(currency.minor_digits(), Rounding::Down),
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
