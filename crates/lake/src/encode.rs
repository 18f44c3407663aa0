//! Record batches of usage lines → row groups of a Parquet file.
//!
//! The usual writer hashes every text of every row to find its place in a dictionary. A batch of
//! usage lines knows the places already, so here they are packed as they are: a row costs some bits
//! a column. Columns without a dictionary go the usual way.

mod chunk;
mod hybrid;

use std::io::Write;
use std::sync::Arc;

use arrow_array::RecordBatch;
use parquet::arrow::arrow_writer::{ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use usage::column;

use self::chunk::Chunk;

/// Fast rather than small: the next level takes half as long again for a few per cent.
const ZSTD_LEVEL: i32 = 1;

/// A Parquet file of usage lines; every batch becomes a row group.
pub(crate) struct LineFile<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: ArrowRowGroupWriterFactory,
    groups: usize,
}

impl<W: Write + Send> LineFile<W> {
    pub(crate) fn create(sink: W) -> Result<Self> {
        let schema = usage::schema();
        let mut properties = properties();
        add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
        let parquet = ArrowSchemaConverter::new().convert(&schema)?;
        let writer =
            SerializedFileWriter::new(sink, parquet.root_schema_ptr(), Arc::new(properties))?;
        let columns = ArrowRowGroupWriterFactory::new(&writer, schema);
        Ok(Self { writer, columns, groups: 0 })
    }

    /// Writes a batch of the schema of usage lines as a row group.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let schema = batch.schema();
        let usual = self.columns.create_column_writers(self.groups)?;
        self.groups += 1;
        let descriptors = self.writer.schema_descr().columns().to_vec();
        let mut group = self.writer.next_row_group()?;
        let columns = batch.columns().iter().zip(schema.fields()).zip(usual).zip(descriptors);
        for (((array, field), mut usual), descriptor) in columns {
            if let Some(chunk) = Chunk::of(array, field.is_nullable()) {
                let (bytes, close) = chunk.encode(descriptor, ZSTD_LEVEL)?;
                group.append_column(&bytes, close)?;
            } else {
                for leaf in compute_leaves(field, array)? {
                    usual.write(&leaf)?;
                }
                usual.close()?.append_to_row_group(&mut group)?;
            }
        }
        group.close()?;
        Ok(())
    }

    /// Ends the file and gives the sink back.
    pub(crate) fn into_inner(self) -> Result<W> {
        self.writer.into_inner()
    }
}

/// Line numbers rise, and transaction ids often do, so what they add is stored; a dictionary would
/// be as long as the column. A row group has one page a column, so there is no index of pages.
fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(ZSTD_LEVEL).expect("the level is within 1 to 22");
    let (line, transaction) =
        (ColumnPath::from(column::LINE), ColumnPath::from(column::TRANSACTION));
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_column_dictionary_enabled(line.clone(), false)
        .set_column_encoding(line, Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(transaction.clone(), false)
        .set_column_encoding(transaction, Encoding::DELTA_BYTE_ARRAY)
        .build()
}

/// A length or count as Parquet's metadata has it.
fn signed<T: TryFrom<usize>>(count: usize) -> Result<T> {
    T::try_from(count).map_err(|_| ParquetError::General("a column is too long".to_owned()))
}

#[cfg(test)]
mod tests;
