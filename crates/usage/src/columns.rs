//! The columns of a record batch, found and checked once.

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{ArrowPrimitiveType, Date32Type, Decimal128Type, Int32Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, Date32Array, Decimal128Array, Int32Array, StringArray, UInt64Array,
};
use arrow_schema::DataType;
use money::{Atoms, Currency};
use period::{Date, Month};

use crate::day::date_of;
use crate::schema::{DECIMAL_PRECISION, DECIMAL_SCALE, column};
use crate::{Basis, Identity, RightsType};

/// Why a record batch does not hold usage lines.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// A column is missing.
    #[error("column {column} is missing")]
    Missing {
        /// Name of the column.
        column: &'static str,
    },
    /// A column has another type than the schema says.
    #[error("column {column} has type {found}")]
    Type {
        /// Name of the column.
        column: &'static str,
        /// The type found.
        found: DataType,
    },
    /// A column has nulls where the schema allows none.
    #[error("column {column} has nulls")]
    Null {
        /// Name of the column.
        column: &'static str,
    },
    /// A text is outside its vocabulary.
    #[error("column {column} holds '{}', which is outside its vocabulary", text.escape_debug())]
    Token {
        /// Name of the column.
        column: &'static str,
        /// The text found.
        text: String,
    },
    /// A day is outside the calendar.
    #[error("column {column} holds day {days}, which is outside the calendar")]
    Day {
        /// Name of the column.
        column: &'static str,
        /// Days since 1970-01-01.
        days: i32,
    },
}

/// A dictionary column: few distinct texts, many rows.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a> {
    keys: &'a Int32Array,
    values: &'a StringArray,
}

impl<'a> Tokens<'a> {
    /// The distinct texts; [`Self::slot`] is an index into them.
    pub fn distinct(self) -> impl ExactSizeIterator<Item = &'a str> {
        (0..self.values.len()).map(move |slot| self.values.value(slot))
    }

    /// Index of the text of row `row`; `None` when the row is null.
    ///
    /// # Panics
    /// When `row` is past the last row.
    #[must_use]
    pub fn slot(self, row: usize) -> Option<usize> {
        if self.keys.is_null(row) {
            return None;
        }
        Some(usize::try_from(self.keys.value(row)).expect("dictionary keys are not negative"))
    }

    /// The text of row `row`, `""` when the row is null.
    ///
    /// # Panics
    /// When `row` is past the last row.
    #[must_use]
    pub fn text(self, row: usize) -> &'a str {
        self.slot(row).map_or("", |slot| self.values.value(slot))
    }
}

/// The columns a cell is made of, for reading column by column.
///
/// Row arguments count from 0 within the batch; one past the last row panics, as indexing does.
#[derive(Clone, Debug)]
pub struct Columns<'a> {
    rows: usize,
    /// Report id.
    pub report: Tokens<'a>,
    /// Sender.
    pub sender: Tokens<'a>,
    /// Service description.
    pub service: Tokens<'a>,
    /// Territory code.
    pub territory: Tokens<'a>,
    /// Use type.
    pub use_type: Tokens<'a>,
    /// Commercial model.
    pub commercial_model: Tokens<'a>,
    /// Rights type, as text; the value is [`Self::rights_type`].
    pub rights_type_tokens: Tokens<'a>,
    /// Basis, as text; the value is [`Self::basis`].
    pub basis_tokens: Tokens<'a>,
    /// Currency, as text; the value is [`Self::currency`].
    pub currency_tokens: Tokens<'a>,
    /// Month of subscription, as text; the value is [`Self::subscribed`]. None in files that were
    /// written before there was such a column.
    pub subscribed_tokens: Option<Tokens<'a>>,
    subscribed: Vec<Month>,
    rights_types: Vec<RightsType>,
    bases: Vec<Basis>,
    currencies: Vec<Currency>,
    line: &'a UInt64Array,
    from: &'a Date32Array,
    isrc: Tokens<'a>,
    icpn: Tokens<'a>,
    resource_id: Tokens<'a>,
    title: Tokens<'a>,
    artist: Tokens<'a>,
    usages: &'a Decimal128Array,
    amount: &'a Decimal128Array,
    /// Files from before there were prices lack these two.
    unit_price: Option<&'a Decimal128Array>,
    price_category: Option<Tokens<'a>>,
}

impl<'a> Columns<'a> {
    /// Finds and checks the columns named in [`CELL_COLUMNS`](crate::CELL_COLUMNS), in any order;
    /// those of the published price and `subscribed` may be missing.
    ///
    /// # Errors
    /// [`BatchError`] when a column is missing, or holds what the schema does not allow.
    pub fn try_new(batch: &'a RecordBatch) -> Result<Self, BatchError> {
        let rights_type_tokens = tokens(batch, column::RIGHTS_TYPE)?;
        let basis_tokens = tokens(batch, column::BASIS)?;
        let currency_tokens = nullable_tokens(batch, column::CURRENCY)?;
        let from = dates(batch, column::FROM)?;
        let subscribed_tokens = match batch.column_by_name(column::SUBSCRIBED) {
            None => None,
            Some(_) => Some(nullable_tokens(batch, column::SUBSCRIBED)?),
        };
        let subscribed = match subscribed_tokens {
            None => Vec::new(),
            Some(it) => vocabulary(it, column::SUBSCRIBED, |text| Month::parse(text).ok())?,
        };
        Ok(Self {
            rows: batch.num_rows(),
            report: tokens(batch, column::REPORT)?,
            sender: tokens(batch, column::SENDER)?,
            service: tokens(batch, column::SERVICE)?,
            territory: tokens(batch, column::TERRITORY)?,
            use_type: tokens(batch, column::USE_TYPE)?,
            commercial_model: tokens(batch, column::COMMERCIAL_MODEL)?,
            rights_types: vocabulary(rights_type_tokens, column::RIGHTS_TYPE, |text| {
                RightsType::parse(text).ok()
            })?,
            bases: vocabulary(basis_tokens, column::BASIS, |text| Basis::parse(text).ok())?,
            currencies: vocabulary(currency_tokens, column::CURRENCY, |text| {
                Currency::parse(text).ok()
            })?,
            rights_type_tokens,
            basis_tokens,
            currency_tokens,
            subscribed_tokens,
            subscribed,
            line: primitive::<UInt64Type>(batch, column::LINE)?,
            from,
            isrc: tokens(batch, column::ISRC)?,
            icpn: tokens(batch, column::ICPN)?,
            resource_id: tokens(batch, column::RESOURCE_ID)?,
            title: tokens(batch, column::TITLE)?,
            artist: tokens(batch, column::ARTIST)?,
            usages: decimals(batch, column::USAGES)?,
            amount: decimals(batch, column::AMOUNT)?,
            unit_price: if_there(batch, column::UNIT_PRICE, nullable_decimals)?,
            price_category: if_there(batch, column::PRICE_CATEGORY, nullable_tokens)?,
        })
    }

    /// Number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Line number.
    #[must_use]
    pub fn line(&self, row: usize) -> u64 {
        self.line.value(row)
    }

    /// First day of the usage, in days since 1970-01-01.
    #[must_use]
    pub fn from_days(&self, row: usize) -> i32 {
        self.from.value(row)
    }

    /// First day of the usage.
    #[must_use]
    pub fn from(&self, row: usize) -> Date {
        date_of(self.from.value(row)).expect("days were checked when the columns were found")
    }

    /// Month of the first day of the usage.
    #[must_use]
    pub fn month(&self, row: usize) -> Month {
        Month::of(self.from(row))
    }

    /// Rights type.
    #[must_use]
    pub fn rights_type(&self, row: usize) -> RightsType {
        let slot = self.rights_type_tokens.slot(row).expect("nulls were ruled out");
        self.rights_types[slot]
    }

    /// Basis.
    #[must_use]
    pub fn basis(&self, row: usize) -> Basis {
        let slot = self.basis_tokens.slot(row).expect("nulls were ruled out");
        self.bases[slot]
    }

    /// Currency of the amount.
    #[must_use]
    pub fn currency(&self, row: usize) -> Option<Currency> {
        self.currency_tokens.slot(row).map(|slot| self.currencies[slot])
    }

    /// Month of subscription; none where the report does not say.
    #[must_use]
    pub fn subscribed(&self, row: usize) -> Option<Month> {
        let slot = self.subscribed_tokens.and_then(|it| it.slot(row));
        slot.map(|slot| self.subscribed[slot])
    }

    /// Number of usages.
    #[must_use]
    pub fn usages(&self, row: usize) -> Atoms {
        Atoms::from_raw(self.usages.value(row))
    }

    /// Amount.
    #[must_use]
    pub fn amount(&self, row: usize) -> Atoms {
        Atoms::from_raw(self.amount.value(row))
    }

    /// Published price of one unit.
    #[must_use]
    pub fn unit_price(&self, row: usize) -> Option<Atoms> {
        let prices = self.unit_price.filter(|it| it.is_valid(row))?;
        Some(Atoms::from_raw(prices.value(row)))
    }

    /// Price category; `""` when the report states none.
    #[must_use]
    pub fn price_category(&self, row: usize) -> &'a str {
        self.price_category.map_or("", |it| it.text(row))
    }

    /// Price categories as tokens; `None` for a file from before there were any.
    #[must_use]
    pub const fn price_category_tokens(&self) -> Option<Tokens<'a>> {
        self.price_category
    }

    /// What matching sees of the row.
    #[must_use]
    pub fn identity(&self, row: usize) -> Identity<'a> {
        Identity {
            isrc: self.isrc.text(row),
            icpn: self.icpn.text(row),
            title: self.title.text(row),
            artist: self.artist.text(row),
            resource_id: self.resource_id.text(row),
        }
    }
}

fn array<'a>(batch: &'a RecordBatch, column: &'static str) -> Result<&'a ArrayRef, BatchError> {
    batch.column_by_name(column).ok_or(BatchError::Missing { column })
}

fn type_error(array: &ArrayRef, column: &'static str) -> BatchError {
    BatchError::Type { column, found: array.data_type().clone() }
}

pub(crate) fn primitive<'a, T: ArrowPrimitiveType>(
    batch: &'a RecordBatch,
    column: &'static str,
) -> Result<&'a arrow_array::PrimitiveArray<T>, BatchError> {
    let array = array(batch, column)?;
    let found = array.as_primitive_opt::<T>().ok_or_else(|| type_error(array, column))?;
    if found.null_count() > 0 {
        return Err(BatchError::Null { column });
    }
    Ok(found)
}

fn decimals<'a>(
    batch: &'a RecordBatch,
    column: &'static str,
) -> Result<&'a Decimal128Array, BatchError> {
    let found = nullable_decimals(batch, column)?;
    if found.null_count() > 0 {
        return Err(BatchError::Null { column });
    }
    Ok(found)
}

fn nullable_decimals<'a>(
    batch: &'a RecordBatch,
    column: &'static str,
) -> Result<&'a Decimal128Array, BatchError> {
    let array = array(batch, column)?;
    if *array.data_type() != DataType::Decimal128(DECIMAL_PRECISION, DECIMAL_SCALE) {
        return Err(type_error(array, column));
    }
    array.as_primitive_opt::<Decimal128Type>().ok_or_else(|| type_error(array, column))
}

/// A column that older files lack.
fn if_there<'a, T>(
    batch: &'a RecordBatch,
    column: &'static str,
    find: impl Fn(&'a RecordBatch, &'static str) -> Result<T, BatchError>,
) -> Result<Option<T>, BatchError> {
    batch.column_by_name(column).map(|_| find(batch, column)).transpose()
}

pub(crate) fn dates<'a>(
    batch: &'a RecordBatch,
    column: &'static str,
) -> Result<&'a Date32Array, BatchError> {
    let found = primitive::<Date32Type>(batch, column)?;
    let mut checked = None;
    for days in found.values().iter().copied() {
        if checked != Some(days) {
            date_of(days).ok_or(BatchError::Day { column, days })?;
            checked = Some(days);
        }
    }
    Ok(found)
}

pub(crate) fn texts<'a>(
    batch: &'a RecordBatch,
    column: &'static str,
) -> Result<&'a StringArray, BatchError> {
    let array = array(batch, column)?;
    let found = array.as_string_opt::<i32>().ok_or_else(|| type_error(array, column))?;
    if found.null_count() > 0 {
        return Err(BatchError::Null { column });
    }
    Ok(found)
}

fn nullable_tokens<'a>(
    batch: &'a RecordBatch,
    column: &'static str,
) -> Result<Tokens<'a>, BatchError> {
    let array = array(batch, column)?;
    let found = array.as_dictionary_opt::<Int32Type>().ok_or_else(|| type_error(array, column))?;
    let values = found.values().as_string_opt::<i32>().ok_or_else(|| type_error(array, column))?;
    if values.null_count() > 0 {
        return Err(BatchError::Null { column });
    }
    Ok(Tokens { keys: found.keys(), values })
}

pub(crate) fn tokens<'a>(
    batch: &'a RecordBatch,
    column: &'static str,
) -> Result<Tokens<'a>, BatchError> {
    let found = nullable_tokens(batch, column)?;
    if found.keys.null_count() > 0 {
        return Err(BatchError::Null { column });
    }
    Ok(found)
}

fn vocabulary<T>(
    tokens: Tokens<'_>,
    column: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, BatchError> {
    tokens
        .distinct()
        .map(|text| parse(text).ok_or_else(|| BatchError::Token { column, text: text.to_owned() }))
        .collect()
}
