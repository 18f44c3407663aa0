//! One column of a row group: distinct values, and for every row the place of its value.

use std::collections::HashMap;
use std::hash::Hash;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type, UInt16Type};
use arrow_array::{Array, ArrayRef, Decimal128Array, DictionaryArray};
use arrow_schema::DataType;
use foldhash::fast::RandomState;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::{hybrid, signed};

/// More distinct numbers than this are written one by one.
const DISTINCT_MAX: usize = 1 << 14;

/// A column, ready to be written.
pub(super) struct Chunk {
    rows: usize,
    /// Whether each row has a value; `None` for a column that cannot have nulls.
    valid: Option<Vec<u32>>,
    values: Values,
    statistics: Statistics,
}

enum Values {
    /// Distinct values in plain form, how many, and the place of each row that is not null.
    Places { plain: Vec<u8>, count: usize, places: Vec<u32> },
    /// The values of all rows in plain form.
    Plain(Vec<u8>),
}

impl Chunk {
    /// The columns that come with a dictionary, or whose numbers repeat; `None` for others.
    pub(super) fn of(array: &ArrayRef, nullable: bool) -> Option<Self> {
        match array.data_type() {
            DataType::Dictionary(_, _) => {
                Some(Self::texts(array.as_dictionary::<Int32Type>(), nullable))
            }
            DataType::Date32 => Some(Self::whole(array.as_primitive::<Date32Type>().values())),
            DataType::UInt16 => Some(Self::whole(array.as_primitive::<UInt16Type>().values())),
            DataType::Decimal128(_, _) => {
                Some(Self::decimals(array.as_primitive::<Decimal128Type>(), nullable))
            }
            _ => None,
        }
    }

    fn texts(array: &DictionaryArray<Int32Type>, nullable: bool) -> Self {
        let texts = array.values().as_string::<i32>();
        let mut plain = Vec::with_capacity(texts.value_data().len() + 4 * texts.len());
        for text in texts {
            let text = text.unwrap_or_default().as_bytes();
            let length = u32::try_from(text.len()).expect("an offset of Arrow has 31 bits");
            plain.extend_from_slice(&length.to_le_bytes());
            plain.extend_from_slice(text);
        }
        let keys = array.keys();
        let valid =
            nullable.then(|| (0..keys.len()).map(|row| u32::from(keys.is_valid(row))).collect());
        let places = match &valid {
            None => keys.values().iter().map(|key| key.unsigned_abs()).collect(),
            Some(_) => keys.iter().flatten().map(i32::unsigned_abs).collect(),
        };
        let nulls = keys.null_count() as u64;
        let edge = |text: Option<&str>| text.map(ByteArray::from);
        let (min, max) = (texts.iter().flatten().min(), texts.iter().flatten().max());
        let statistics =
            Statistics::new::<ByteArray>(edge(min), edge(max), None, Some(nulls), false);
        let values = Values::Places { plain, count: texts.len(), places };
        Self { rows: array.len(), valid, values, statistics }
    }

    fn whole<T: Copy + Ord + Hash + Into<i32>>(rows: &[T]) -> Self {
        let bytes = |value: T| Into::<i32>::into(value).to_le_bytes();
        let values = match Distinct::of(rows, rows.len()) {
            Some(it) => it.values(bytes),
            None => Values::Plain(rows.iter().flat_map(|value| bytes(*value)).collect()),
        };
        let edge = |value: Option<&T>| value.map(|value| (*value).into());
        let (min, max) = (edge(rows.iter().min()), edge(rows.iter().max()));
        let statistics = Statistics::new::<i32>(min, max, None, Some(0), false);
        Self { rows: rows.len(), valid: None, values, statistics }
    }

    fn decimals(array: &Decimal128Array, nullable: bool) -> Self {
        let valid =
            nullable.then(|| (0..array.len()).map(|row| u32::from(array.is_valid(row))).collect());
        let there: Vec<i128>;
        let rows: &[i128] = match &valid {
            None => array.values(),
            Some(_) => {
                there = array.iter().flatten().collect();
                &there
            }
        };
        let nulls = array.null_count() as u64;
        let values = match Distinct::of(rows, DISTINCT_MAX) {
            Some(it) => it.values(i128::to_be_bytes),
            None => Values::Plain(rows.iter().flat_map(|value| value.to_be_bytes()).collect()),
        };
        let edge = |value: Option<&i128>| {
            value.map(|value| FixedLenByteArray::from(value.to_be_bytes().to_vec()))
        };
        let (min, max) = (edge(rows.iter().min()), edge(rows.iter().max()));
        let statistics = Statistics::new::<FixedLenByteArray>(min, max, None, Some(nulls), false);
        Self { rows: array.len(), valid, values, statistics }
    }

    /// The pages one after the other, and what the file says of them at its end.
    pub(super) fn encode(
        self,
        column: ColumnDescPtr,
        level: i32,
    ) -> Result<(bytes::Bytes, ColumnCloseResult)> {
        let mut sink = TrackedWrite::new(Vec::new());
        let mut pages = Pages { sink: &mut sink, level, plain_bytes: 0 };
        let mut dictionary = None;
        let mut data = Vec::new();
        if let Some(valid) = &self.valid {
            // Definition levels stand before the values, with their length (Data Pages, version 1).
            let mut levels = Vec::new();
            hybrid::encode(valid, 1, &mut levels);
            data.extend_from_slice(&signed::<u32>(levels.len())?.to_le_bytes());
            data.extend(levels);
        }
        let encoding = match self.values {
            Values::Plain(plain) => {
                data.extend(plain);
                Encoding::PLAIN
            }
            Values::Places { plain, count, places } => {
                dictionary = Some(0);
                pages.dictionary(&plain, signed(count)?)?;
                let width = hybrid::width(signed::<u32>(count.saturating_sub(1))?);
                data.push(u8::try_from(width).expect("at most 32 bits"));
                hybrid::encode(&places, width, &mut data);
                Encoding::RLE_DICTIONARY
            }
        };
        let data_offset = pages.data(&data, signed(self.rows)?, encoding)?;
        let plain_bytes = pages.plain_bytes;
        let bytes = sink.into_inner()?;
        let mut encodings = vec![encoding, Encoding::RLE];
        if dictionary.is_some() {
            encodings.push(Encoding::PLAIN);
        }
        let metadata = ColumnChunkMetaData::builder(column)
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(level)?))
            .set_encodings(encodings)
            .set_num_values(signed(self.rows)?)
            .set_total_compressed_size(signed(bytes.len())?)
            .set_total_uncompressed_size(signed(plain_bytes)?)
            .set_dictionary_page_offset(dictionary)
            .set_data_page_offset(signed(data_offset)?)
            .set_statistics(self.statistics)
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: self.rows as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok((bytes.into(), close))
    }
}

/// Numbers that repeat: each once, and the place of every row's.
struct Distinct<T> {
    known: Vec<T>,
    places: Vec<u32>,
}

impl<T: Copy + Eq + Hash> Distinct<T> {
    /// `None` when there are more than `max` of them.
    fn of(rows: &[T], max: usize) -> Option<Self> {
        let mut found: HashMap<T, u32, RandomState> = HashMap::default();
        let (mut known, mut places) = (Vec::new(), Vec::with_capacity(rows.len()));
        let mut last: Option<(T, u32)> = None;
        for value in rows.iter().copied() {
            let place = match last {
                Some((same, place)) if same == value => place,
                _ => {
                    let next = u32::try_from(known.len()).ok()?;
                    *found.entry(value).or_insert_with(|| {
                        known.push(value);
                        next
                    })
                }
            };
            if known.len() > max {
                return None;
            }
            last = Some((value, place));
            places.push(place);
        }
        Some(Self { known, places })
    }

    fn values<const N: usize>(self, bytes: impl Fn(T) -> [u8; N]) -> Values {
        let plain: Vec<u8> = self.known.iter().flat_map(|value| bytes(*value)).collect();
        Values::Places { plain, count: self.known.len(), places: self.places }
    }
}

struct Pages<'a> {
    sink: &'a mut TrackedWrite<Vec<u8>>,
    level: i32,
    plain_bytes: usize,
}

impl Pages<'_> {
    fn dictionary(&mut self, plain: &[u8], num_values: u32) -> Result<()> {
        let buf = self.packed(plain)?;
        let page =
            Page::DictionaryPage { buf, num_values, encoding: Encoding::PLAIN, is_sorted: false };
        self.write(page, plain.len()).map(drop)
    }

    /// Writes the data page; its offset.
    fn data(&mut self, plain: &[u8], num_values: u32, encoding: Encoding) -> Result<usize> {
        let page = Page::DataPage {
            buf: self.packed(plain)?,
            num_values,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        self.write(page, plain.len())
    }

    fn packed(&self, plain: &[u8]) -> Result<bytes::Bytes> {
        let packed = zstd::bulk::compress(plain, self.level)
            .map_err(|fault| ParquetError::External(Box::new(fault)))?;
        Ok(packed.into())
    }

    fn write(&mut self, page: Page, plain_bytes: usize) -> Result<usize> {
        let offset = self.sink.bytes_written();
        let page = CompressedPage::new(page, plain_bytes);
        let written = SerializedPageWriter::new(self.sink).write_page(page)?;
        self.plain_bytes += written.uncompressed_size;
        Ok(offset)
    }
}
