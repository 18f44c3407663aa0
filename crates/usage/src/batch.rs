//! Usage lines → record batch.

use std::fmt;
use std::sync::Arc;

use arrow_array::builder::{
    Date32Builder, Decimal128Builder, StringBuilder, StringDictionaryBuilder, UInt16Builder,
    UInt64Builder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::ArrowError;
use money::Atoms;

use crate::day::days_of;
use crate::schema::{DECIMAL_PRECISION, DECIMAL_SCALE, column, schema};
use crate::{Basis, Line};

/// The largest magnitude a `Decimal128(38, 18)` column holds, in atoms.
const ATOMS_MAX: u128 = 10_u128.pow(38) - 1;

/// Why a line was refused by [`LineBatch::push`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// The number needs more than 38 digits, 18 of them decimals.
    #[error("{column} of line {line} needs more than 38 digits")]
    TooLarge {
        /// Name of the column.
        column: &'static str,
        /// Line number.
        line: u64,
    },
    /// The basis says that there is no money, yet there is an amount.
    #[error("line {line} has an amount but its basis is none")]
    AmountWithoutBasis {
        /// Line number.
        line: u64,
    },
    /// There is an amount, but not in any currency.
    #[error("line {line} has an amount but no currency")]
    AmountWithoutCurrency {
        /// Line number.
        line: u64,
    },
}

type TokenBuilder = StringDictionaryBuilder<Int32Type>;

/// Usage lines on their way into a record batch.
pub struct LineBatch {
    lines: usize,
    report: TokenBuilder,
    file: UInt16Builder,
    line: UInt64Builder,
    transaction: StringBuilder,
    sender: TokenBuilder,
    service: TokenBuilder,
    territory: TokenBuilder,
    use_type: TokenBuilder,
    commercial_model: TokenBuilder,
    rights_type: TokenBuilder,
    basis: TokenBuilder,
    from: Date32Builder,
    until: Date32Builder,
    isrc: StringBuilder,
    icpn: StringBuilder,
    resource_id: StringBuilder,
    title: StringBuilder,
    artist: StringBuilder,
    usages: Decimal128Builder,
    currency: TokenBuilder,
    amount: Decimal128Builder,
}

impl fmt::Debug for LineBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineBatch").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl Default for LineBatch {
    fn default() -> Self {
        Self::new()
    }
}

impl LineBatch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self {
            lines: 0,
            report: TokenBuilder::new(),
            file: UInt16Builder::new(),
            line: UInt64Builder::new(),
            transaction: StringBuilder::new(),
            sender: TokenBuilder::new(),
            service: TokenBuilder::new(),
            territory: TokenBuilder::new(),
            use_type: TokenBuilder::new(),
            commercial_model: TokenBuilder::new(),
            rights_type: TokenBuilder::new(),
            basis: TokenBuilder::new(),
            from: Date32Builder::new(),
            until: Date32Builder::new(),
            isrc: StringBuilder::new(),
            icpn: StringBuilder::new(),
            resource_id: StringBuilder::new(),
            title: StringBuilder::new(),
            artist: StringBuilder::new(),
            usages: decimal_builder(),
            currency: TokenBuilder::new(),
            amount: decimal_builder(),
        }
    }

    /// Number of lines pushed since the last [`finish`](Self::finish).
    #[must_use]
    pub const fn len(&self) -> usize {
        self.lines
    }

    /// Whether there is no line to finish.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// Appends a line; a refused line leaves the batch as it was.
    ///
    /// # Errors
    /// [`LineError`] when a number does not fit its column, or an amount lacks basis or currency.
    pub fn push(&mut self, line: &Line) -> Result<(), LineError> {
        let usages = decimal(line.usages, column::USAGES, line.line)?;
        let amount = decimal(line.amount, column::AMOUNT, line.line)?;
        if amount != 0 && line.basis == Basis::NoMoney {
            return Err(LineError::AmountWithoutBasis { line: line.line });
        }
        if amount != 0 && line.currency.is_none() {
            return Err(LineError::AmountWithoutCurrency { line: line.line });
        }
        self.report.append_value(&line.report);
        self.file.append_value(line.file);
        self.line.append_value(line.line);
        self.transaction.append_value(&line.transaction);
        self.sender.append_value(&line.sender);
        self.service.append_value(&line.service);
        self.territory.append_value(&line.territory);
        self.use_type.append_value(&line.use_type);
        self.commercial_model.append_value(&line.commercial_model);
        self.rights_type.append_value(line.rights_type.as_str());
        self.basis.append_value(line.basis.as_str());
        self.from.append_value(days_of(line.from));
        self.until.append_value(days_of(line.until));
        self.isrc.append_value(&line.isrc);
        self.icpn.append_value(&line.icpn);
        self.resource_id.append_value(&line.resource_id);
        self.title.append_value(&line.title);
        self.artist.append_value(&line.artist);
        self.usages.append_value(usages);
        self.currency.append_option(line.currency.as_ref().map(|currency| currency.as_str()));
        self.amount.append_value(amount);
        self.lines += 1;
        Ok(())
    }

    /// The lines pushed so far as one record batch; the builder is empty afterwards.
    ///
    /// # Errors
    /// [`ArrowError`] when Arrow refuses the columns, which the builder rules out.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        self.lines = 0;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.report.finish()),
            Arc::new(self.file.finish()),
            Arc::new(self.line.finish()),
            Arc::new(self.transaction.finish()),
            Arc::new(self.sender.finish()),
            Arc::new(self.service.finish()),
            Arc::new(self.territory.finish()),
            Arc::new(self.use_type.finish()),
            Arc::new(self.commercial_model.finish()),
            Arc::new(self.rights_type.finish()),
            Arc::new(self.basis.finish()),
            Arc::new(self.from.finish()),
            Arc::new(self.until.finish()),
            Arc::new(self.isrc.finish()),
            Arc::new(self.icpn.finish()),
            Arc::new(self.resource_id.finish()),
            Arc::new(self.title.finish()),
            Arc::new(self.artist.finish()),
            Arc::new(self.usages.finish()),
            Arc::new(self.currency.finish()),
            Arc::new(self.amount.finish()),
        ];
        RecordBatch::try_new(schema(), columns)
    }
}

fn decimal_builder() -> Decimal128Builder {
    Decimal128Builder::new()
        .with_precision_and_scale(DECIMAL_PRECISION, DECIMAL_SCALE)
        .expect("38 digits with 18 decimals are within the limits of a decimal")
}

fn decimal(atoms: Atoms, column: &'static str, line: u64) -> Result<i128, LineError> {
    let raw = atoms.raw();
    if raw.unsigned_abs() > ATOMS_MAX {
        return Err(LineError::TooLarge { column, line });
    }
    Ok(raw)
}
