//! Usage lines → record batch.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int32Array, RecordBatch, StringArray,
    UInt16Array, UInt64Array,
};
use arrow_schema::ArrowError;
use foldhash::fast::RandomState;
use money::Atoms;

use crate::day::days_of;
use crate::schema::{DECIMAL_PRECISION, DECIMAL_SCALE, column, schema};
use crate::{Basis, Line, Offer, Parting, Row, Subject};

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

/// Usage lines of one report on their way into a record batch.
///
/// A line costs some numbers and its transaction id; offers and subjects are kept once each, so
/// that the dictionaries of the batch come ready made.
#[derive(Debug)]
pub struct LineBatch {
    report: String,
    file: Vec<u16>,
    line: Vec<u64>,
    transaction: StringBuilder,
    transaction_bytes: usize,
    offers: Shared<Offer>,
    subjects: Shared<Subject>,
    subject_bytes: usize,
    usages: Vec<i128>,
    amount: Vec<i128>,
    /// Makes parts of whole lines.
    parting: Parting,
}

impl LineBatch {
    /// An empty batch for lines of this report.
    #[must_use]
    pub fn new(report: &str) -> Self {
        Self {
            report: report.to_owned(),
            file: Vec::new(),
            line: Vec::new(),
            transaction: StringBuilder::new(),
            transaction_bytes: 0,
            offers: Shared::default(),
            subjects: Shared::default(),
            subject_bytes: 0,
            usages: Vec::new(),
            amount: Vec::new(),
            parting: Parting::default(),
        }
    }

    /// Number of lines pushed since the last [`finish`](Self::finish).
    #[must_use]
    pub const fn len(&self) -> usize {
        self.line.len()
    }

    /// Whether there is no line to finish.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// About how many bytes the lines take in memory.
    #[must_use]
    pub const fn size_bytes(&self) -> usize {
        self.len() * LINE_BYTES + self.transaction_bytes + self.subject_bytes
    }

    /// Appends a line; its report is taken to be that of the batch.
    ///
    /// # Errors
    /// As [`push_row`](Self::push_row).
    pub fn push(&mut self, line: &Line) -> Result<(), LineError> {
        let mut parting = std::mem::take(&mut self.parting);
        let pushed = parting.row(line, |row| self.push_row(row));
        self.parting = parting;
        pushed
    }

    /// Appends a line in parts; a refused line leaves the batch as it was.
    ///
    /// # Errors
    /// [`LineError`] when a number does not fit its column, or an amount lacks basis or currency.
    pub fn push_row(&mut self, row: &Row<'_>) -> Result<(), LineError> {
        let line = row.line;
        let usages = decimal(row.usages, column::USAGES, line)?;
        let amount = decimal(row.amount, column::AMOUNT, line)?;
        if let Some(price) = row.offer.unit_price {
            decimal(price, column::UNIT_PRICE, line)?;
        }
        if amount != 0 && row.offer.basis == Basis::NoMoney {
            return Err(LineError::AmountWithoutBasis { line });
        }
        if amount != 0 && row.offer.currency.is_none() {
            return Err(LineError::AmountWithoutCurrency { line });
        }
        self.file.push(row.file);
        self.line.push(line);
        self.transaction.append_value(row.transaction);
        self.transaction_bytes += row.transaction.len();
        self.offers.push(row.offer);
        if self.subjects.push(row.subject) {
            self.subject_bytes += subject_bytes(row.subject);
        }
        self.usages.push(usages);
        self.amount.push(amount);
        Ok(())
    }

    /// The lines pushed so far as one record batch; the builder is empty afterwards.
    ///
    /// # Errors
    /// [`ArrowError`] when Arrow refuses the columns, which the builder rules out.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = self.len();
        let offers = std::mem::take(&mut self.offers);
        let subjects = std::mem::take(&mut self.subjects);
        (self.transaction_bytes, self.subject_bytes) = (0, 0);
        let days = |day: fn(&Offer) -> i32| -> ArrayRef {
            Arc::new(Date32Array::from(offers.gather(day)))
        };
        let columns: Vec<ArrayRef> = vec![
            tokens(&[self.report.as_str()], Int32Array::from(vec![0; rows])),
            Arc::new(UInt16Array::from(std::mem::take(&mut self.file))),
            Arc::new(UInt64Array::from(std::mem::take(&mut self.line))),
            Arc::new(self.transaction.finish()),
            offers.tokens(|it| &it.sender),
            offers.tokens(|it| &it.service),
            offers.tokens(|it| &it.territory),
            offers.tokens(|it| &it.use_type),
            offers.tokens(|it| &it.commercial_model),
            offers.tokens(|it| it.rights_type.as_str()),
            offers.tokens(|it| it.basis.as_str()),
            days(|it| days_of(it.from)),
            days(|it| days_of(it.until)),
            subjects.tokens(|it| &it.isrc),
            subjects.tokens(|it| &it.icpn),
            subjects.tokens(|it| &it.resource_id),
            subjects.tokens(|it| &it.title),
            subjects.tokens(|it| &it.artist),
            decimals(std::mem::take(&mut self.usages))?,
            offers.tokens_or_null(|it| it.currency.as_ref().map_or("", |it| it.as_str())),
            decimals(std::mem::take(&mut self.amount))?,
            prices(&offers)?,
            offers.tokens_or_null(|it| &it.price_category),
            offers.tokens(|it| &it.adjustment),
            offers.tokens(|it| &it.corrects),
            offers.codes(|it| Some(it.subscribed?.to_string())),
        ];
        RecordBatch::try_new(schema(), columns)
    }
}

/// Bytes of a line beside its texts: numbers, two decimals, two places, an offset.
const LINE_BYTES: usize = 2 + 8 + 16 + 16 + 4 + 4 + 4;

const fn subject_bytes(subject: &Subject) -> usize {
    size_of::<Subject>()
        + subject.isrc.len()
        + subject.icpn.len()
        + subject.resource_id.len()
        + subject.title.len()
        + subject.artist.len()
}

/// Parts that lines share, each kept once, and for every line the place of its part.
#[derive(Debug)]
struct Shared<T> {
    parts: Vec<Arc<T>>,
    places: HashMap<usize, i32, RandomState>,
    rows: Vec<i32>,
    last: Option<(usize, i32)>,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { parts: Vec::new(), places: HashMap::default(), rows: Vec::new(), last: None }
    }
}

impl<T> Shared<T> {
    /// Appends a line's part; true when it is a new one.
    fn push(&mut self, part: &Arc<T>) -> bool {
        // The parts are kept, so an address means the same part as long as the batch lives.
        let address = Arc::as_ptr(part).addr();
        if let Some((last, place)) = self.last
            && last == address
        {
            self.rows.push(place);
            return false;
        }
        let next = i32::try_from(self.parts.len()).expect("a batch has fewer than 2^31 lines");
        let place = *self.places.entry(address).or_insert(next);
        self.last = Some((address, place));
        self.rows.push(place);
        if place == next {
            self.parts.push(Arc::clone(part));
        }
        place == next
    }

    /// For every line, what `of` says of its part.
    fn gather<U: Copy>(&self, of: impl Fn(&T) -> U) -> Vec<U> {
        let said: Vec<U> = self.parts.iter().map(|part| of(part)).collect();
        self.rows.iter().map(|row| said[place(*row)]).collect()
    }

    /// For every line a code of its part, or null.
    fn codes(&self, of: impl Fn(&T) -> Option<String>) -> ArrayRef {
        let mut codes: Vec<String> = Vec::new();
        let key = |part: &Arc<T>| {
            let code = of(part)?;
            let place = codes.iter().position(|it| *it == code).unwrap_or_else(|| {
                codes.push(code);
                codes.len() - 1
            });
            i32::try_from(place).ok()
        };
        let keys: Vec<Option<i32>> = self.parts.iter().map(key).collect();
        let keys: Int32Array = self.rows.iter().map(|row| keys[place(*row)]).collect();
        let codes = StringArray::from_iter_values(codes);
        Arc::new(
            DictionaryArray::<Int32Type>::try_new(keys, Arc::new(codes))
                .expect("every key was made from a code"),
        )
    }

    /// For every line a text of its part; equal texts are kept once.
    fn tokens(&self, of: impl Fn(&T) -> &str) -> ArrayRef {
        let (texts, keys) = self.distinct(of);
        tokens(&texts, self.rows.iter().map(|row| keys[place(*row)]).collect())
    }

    /// The same, and null where the text is empty.
    fn tokens_or_null(&self, of: impl Fn(&T) -> &str) -> ArrayRef {
        let (texts, keys) = self.distinct(of);
        let empty = texts.iter().position(|it| it.is_empty());
        let empty = empty.and_then(|it| i32::try_from(it).ok());
        // The empty text is not kept, and what stood behind it moves up.
        let moved = |key: i32| match empty {
            Some(gap) if key == gap => None,
            Some(gap) if key > gap => Some(key - 1),
            _ => Some(key),
        };
        let texts: Vec<&str> = texts.into_iter().filter(|it| !it.is_empty()).collect();
        tokens(&texts, self.rows.iter().map(|row| moved(keys[place(*row)])).collect())
    }

    /// The distinct texts of the parts, and for each part the place of its own.
    fn distinct(&self, of: impl Fn(&T) -> &str) -> (Vec<&str>, Vec<i32>) {
        let mut texts = Vec::new();
        let mut known: HashMap<&str, i32, RandomState> = HashMap::default();
        let mut keys = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let text = of(part);
            let next = i32::try_from(texts.len()).expect("a batch has fewer than 2^31 lines");
            keys.push(*known.entry(text).or_insert_with(|| {
                texts.push(text);
                next
            }));
        }
        (texts, keys)
    }
}

fn place(row: i32) -> usize {
    usize::try_from(row).expect("places are not negative")
}

fn tokens(texts: &[&str], keys: Int32Array) -> ArrayRef {
    let texts = StringArray::from_iter_values(texts);
    Arc::new(
        DictionaryArray::<Int32Type>::try_new(keys, Arc::new(texts))
            .expect("every key was made from a text"),
    )
}

fn prices(offers: &Shared<Offer>) -> Result<ArrayRef, ArrowError> {
    let prices = offers.gather(|it| it.unit_price.map(Atoms::raw));
    let array =
        Decimal128Array::from(prices).with_precision_and_scale(DECIMAL_PRECISION, DECIMAL_SCALE)?;
    Ok(Arc::new(array))
}

fn decimals(raw: Vec<i128>) -> Result<ArrayRef, ArrowError> {
    let array =
        Decimal128Array::from(raw).with_precision_and_scale(DECIMAL_PRECISION, DECIMAL_SCALE)?;
    Ok(Arc::new(array))
}

fn decimal(atoms: Atoms, column: &'static str, line: u64) -> Result<i128, LineError> {
    let raw = atoms.raw();
    if raw.unsigned_abs() > ATOMS_MAX {
        return Err(LineError::TooLarge { column, line });
    }
    Ok(raw)
}
