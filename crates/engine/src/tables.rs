//! The small tables that go along with a query: JSON → columns.

use std::sync::Arc;

use anyhow::Context as _;
use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::compute::kernels::cast::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::datasource::MemTable;
use lake::engine::{Kind, Table};

/// A table that lies in memory.
pub(crate) fn memory(table: &Table) -> anyhow::Result<MemTable> {
    let type_of = |kind: Kind| match kind {
        Kind::Text => DataType::Utf8,
        Kind::Int => DataType::Int64,
        Kind::Decimal => DataType::Decimal128(38, 18),
        Kind::Date => DataType::Date32,
    };
    let fields = table.columns.iter().map(|(name, kind)| Field::new(name, type_of(*kind), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    // A value that is not of its kind is a mistake of ours, not a null.
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let column = |(at, (name, kind)): (usize, &(String, Kind))| -> anyhow::Result<ArrayRef> {
        let texts: StringArray =
            table.rows.iter().map(|row| row.get(at).and_then(Option::as_deref)).collect();
        cast_with_options(&texts, &type_of(*kind), &options)
            .with_context(|| format!("{}.{name} is not what it should be", table.name))
    };
    let columns = table.columns.iter().enumerate().map(column);
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns.collect::<Result<_, _>>()?)?;
    Ok(MemTable::try_new(schema, vec![vec![batch]])?)
}
