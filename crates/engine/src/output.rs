//! An answer, written in the form that was asked for.
//!
//! The same rows give the same bytes, however they were cut on their way here.

use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use datafusion::arrow::array::{Array as _, ArrayRef, AsArray as _, StringArray};
use datafusion::arrow::compute::{BatchCoalescer, cast};
use datafusion::arrow::csv;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::ipc::writer::FileWriter;
use datafusion::arrow::json::ArrayWriter;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use lake::engine::Form;

/// Rows that are written at once.
const ROWS: usize = 8192;

type Sink = BufWriter<Box<dyn Write + Send>>;

enum Writer {
    Table(Sink, Vec<RecordBatch>),
    Csv(Box<csv::Writer<Sink>>),
    Json(Box<ArrayWriter<Sink>>),
    Parquet(Box<ArrowWriter<Sink>>),
    Arrow(Box<FileWriter<Sink>>),
}

/// Where an answer goes.
pub(crate) struct Output {
    schema: SchemaRef,
    texts: bool,
    rows: BatchCoalescer,
    writer: Writer,
}

impl Output {
    /// Opens the file, or standard output if none is named.
    pub(crate) fn begin(form: Form, out: Option<&Path>, from: SchemaRef) -> anyhow::Result<Self> {
        let texts = matches!(form, Form::Table | Form::Csv | Form::Json);
        let schema = plain_schema(&from, texts);
        let sink: Box<dyn Write + Send> = match out {
            None => Box::new(stdout()),
            Some(path) => Box::new(
                File::create(path).with_context(|| format!("cannot make {}", path.display()))?,
            ),
        };
        let sink = BufWriter::new(sink);
        let writer = match form {
            Form::Table => Writer::Table(sink, Vec::new()),
            Form::Csv => {
                Writer::Csv(Box::new(csv::WriterBuilder::new().with_header(true).build(sink)))
            }
            Form::Json => Writer::Json(Box::new(ArrayWriter::new(sink))),
            Form::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
                    .build();
                Writer::Parquet(Box::new(ArrowWriter::try_new(
                    sink,
                    Arc::clone(&schema),
                    Some(properties),
                )?))
            }
            Form::Arrow => Writer::Arrow(Box::new(FileWriter::try_new(sink, &schema)?)),
        };
        let rows = BatchCoalescer::new(Arc::clone(&schema), ROWS);
        Ok(Self { schema, texts, rows, writer })
    }

    /// Writes rows.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> anyhow::Result<()> {
        let columns = batch.columns().iter().zip(self.schema.fields());
        let columns = columns.map(|(column, field)| plain(column, field.data_type(), self.texts));
        let columns = columns.collect::<anyhow::Result<Vec<_>>>()?;
        let options = datafusion::arrow::array::RecordBatchOptions::new()
            .with_row_count(Some(batch.num_rows()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?;
        self.rows.push_batch(batch)?;
        self.drain()
    }

    fn drain(&mut self) -> anyhow::Result<()> {
        while let Some(batch) = self.rows.next_completed_batch() {
            match &mut self.writer {
                Writer::Table(_, batches) => batches.push(batch),
                Writer::Csv(writer) => writer.write(&batch)?,
                Writer::Json(writer) => writer.write(&batch)?,
                Writer::Parquet(writer) => writer.write(&batch)?,
                Writer::Arrow(writer) => writer.write(&batch)?,
            }
        }
        Ok(())
    }

    /// Ends the answer.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        self.rows.finish_buffered_batch()?;
        self.drain()?;
        let mut sink = match self.writer {
            Writer::Table(mut sink, mut batches) => {
                if batches.is_empty() {
                    batches.push(RecordBatch::new_empty(self.schema));
                }
                writeln!(sink, "{}", pretty_format_batches(&batches)?)?;
                sink
            }
            Writer::Csv(mut writer) => {
                // A header also when there is no row.
                writer.write(&RecordBatch::new_empty(self.schema))?;
                writer.into_inner()
            }
            Writer::Json(mut writer) => {
                writer.finish()?;
                let mut sink = writer.into_inner();
                sink.write_all(b"\n")?;
                sink
            }
            Writer::Parquet(writer) => writer.into_inner()?,
            Writer::Arrow(writer) => writer.into_inner()?,
        };
        Ok(sink.flush()?)
    }
}

/// Types that every reader knows: texts without dictionaries; for forms made of text, decimals as
/// texts without idle zeros. Every column may be null: what a plan knows of that is not the same
/// here and on a cluster, and the bytes are.
fn plain_schema(from: &Schema, texts: bool) -> SchemaRef {
    let field = |field: &Arc<Field>| {
        let to = match field.data_type() {
            DataType::Dictionary(_, value) => value.as_ref().clone(),
            DataType::Utf8View => DataType::Utf8,
            decimal if texts && decimal.is_decimal() => DataType::Utf8,
            other => other.clone(),
        };
        Field::new(field.name(), to, true)
    };
    Arc::new(Schema::new(from.fields().iter().map(field).collect::<Vec<_>>()))
}

fn plain(column: &ArrayRef, to: &DataType, texts: bool) -> anyhow::Result<ArrayRef> {
    if column.data_type() == to {
        return Ok(Arc::clone(column));
    }
    let idle = texts && column.data_type().is_decimal();
    let column = cast(column, to)?;
    if !idle {
        return Ok(column);
    }
    let trimmed = column.as_string::<i32>().iter().map(|text| text.map(trim));
    Ok(Arc::new(trimmed.collect::<StringArray>()))
}

/// A decimal without idle zeros.
fn trim(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}
