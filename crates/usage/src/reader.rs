//! Record batch → usage lines.

use arrow_array::RecordBatch;
use arrow_array::types::UInt16Type;
use arrow_array::{Date32Array, StringArray, UInt16Array};

use crate::columns::{dates, primitive, texts, tokens};
use crate::day::date_of;
use crate::schema::column;
use crate::{BatchError, Columns, Line, Tokens};

/// Usage lines out of a record batch with all columns of the schema.
#[derive(Clone, Debug)]
pub struct LineReader<'a> {
    columns: Columns<'a>,
    file: &'a UInt16Array,
    transaction: &'a StringArray,
    until: &'a Date32Array,
    adjustment: Tokens<'a>,
    corrects: Tokens<'a>,
}

impl<'a> LineReader<'a> {
    /// Finds and checks every column of [`schema`](crate::schema()), in any order.
    ///
    /// # Errors
    /// [`BatchError`] when a column is missing, or holds what the schema does not allow.
    pub fn try_new(batch: &'a RecordBatch) -> Result<Self, BatchError> {
        Ok(Self {
            columns: Columns::try_new(batch)?,
            file: primitive::<UInt16Type>(batch, column::FILE)?,
            transaction: texts(batch, column::TRANSACTION)?,
            until: dates(batch, column::UNTIL)?,
            adjustment: tokens(batch, column::ADJUSTMENT)?,
            corrects: tokens(batch, column::CORRECTS)?,
        })
    }

    /// The columns, for reading without building lines.
    #[must_use]
    pub const fn columns(&self) -> &Columns<'a> {
        &self.columns
    }

    /// Number of lines.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no line.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The line of row `row`, counted from 0 within the batch.
    ///
    /// # Panics
    /// When `row` is past the last row.
    #[must_use]
    pub fn line(&self, row: usize) -> Line {
        let columns = &self.columns;
        let identity = columns.identity(row);
        Line {
            report: columns.report.text(row).to_owned(),
            line: columns.line(row),
            file: self.file.value(row),
            transaction: self.transaction.value(row).to_owned(),
            sender: columns.sender.text(row).to_owned(),
            service: columns.service.text(row).to_owned(),
            territory: columns.territory.text(row).to_owned(),
            use_type: columns.use_type.text(row).to_owned(),
            commercial_model: columns.commercial_model.text(row).to_owned(),
            rights_type: columns.rights_type(row),
            basis: columns.basis(row),
            from: columns.from(row),
            until: date_of(self.until.value(row))
                .expect("days were checked when the columns were found"),
            isrc: identity.isrc.to_owned(),
            icpn: identity.icpn.to_owned(),
            resource_id: identity.resource_id.to_owned(),
            title: identity.title.to_owned(),
            artist: identity.artist.to_owned(),
            usages: columns.usages(row),
            currency: columns.currency(row),
            amount: columns.amount(row),
            unit_price: columns.unit_price(row),
            price_category: columns.price_category(row).to_owned(),
            subscribed: columns.subscribed(row),
            adjustment: self.adjustment.text(row).to_owned(),
            corrects: self.corrects.text(row).to_owned(),
        }
    }

    /// The lines in the order of the batch.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = Line> {
        (0..self.len()).map(|row| self.line(row))
    }
}
