//! Usage lines → cells without targets, one idempotent task after the other.
//!
//! A task is one task of the cluster too: it reads and groups on one executor, and nothing is handed
//! on between executors. What of the sums belongs to which recording is decided at home, where the
//! rows are also held against the manifest.

use std::fs::File;
use std::io::{Write as _, stdout};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::parquet::arrow::ArrowWriter;
use futures::StreamExt as _;
use lake::engine::{ReduceRequest, Task, TaskDone};
use usage::CELL_COLUMNS;

use crate::table::LakeTable;
use crate::{cluster, session};

/// The reduction: sums of all lines that agree in everything settlement and matching look at.
const REDUCTION: &str = r#"
    SELECT report, sender, service, territory, use_type, commercial_model, rights_type, basis,
           first_day AS "from", isrc, icpn, resource_id, title, artist, currency,
           unit_price, price_category, subscribed,
           sum(usages) AS usages, sum(amount) AS amount,
           count(*) AS lines, min(line) AS line, max(line) AS last_line
    FROM (SELECT *, make_date(CAST(date_part('year', "from") AS INT),
                              CAST(date_part('month', "from") AS INT), 1) AS first_day
          FROM usage_lines)
    GROUP BY report, sender, service, territory, use_type, commercial_model, rights_type, basis,
             first_day, isrc, icpn, resource_id, title, artist, currency,
             unit_price, price_category, subscribed
"#;

/// Does all tasks and says of each how it ended.
pub(crate) async fn run(request: ReduceRequest) -> anyhow::Result<()> {
    let ReduceRequest { lake, cluster, tasks, out } = request;
    let at_once = cluster.tasks_at_once.max(1);
    let done = futures::stream::iter(tasks.into_iter().enumerate())
        .map(|(task, pieces)| {
            let (lake, cluster, out) = (&lake, &cluster, &out);
            async move {
                let path = out.join(format!("{task}.parquet"));
                match answer(lake, cluster, pieces, &path).await {
                    Ok(attempts) => TaskDone { task, attempts, failed: None },
                    Err(error) => {
                        let failed = Some(crate::reasons(&error));
                        TaskDone { task, attempts: cluster.attempts, failed }
                    }
                }
            }
        })
        .buffer_unordered(at_once);
    let mut done = std::pin::pin!(done);
    while let Some(done) = done.next().await {
        let mut out = stdout().lock();
        serde_json::to_writer(&mut out, &done)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}

async fn answer(
    lake: &Path,
    cluster: &lake::engine::Cluster,
    task: Task,
    path: &Path,
) -> anyhow::Result<u32> {
    let context = session::planning(1)?;
    let table = LakeTable::new(lake, cluster.lake.as_deref(), task.pieces)?;
    context.register_table("usage_lines", Arc::new(table))?;
    let plan = context.sql(REDUCTION).await?.create_physical_plan().await?;
    let (batches, attempts) = cluster::run(cluster, &context, &plan).await?;
    write(&batches, path)?;
    Ok(attempts)
}

/// The columns of an answer: those of a usage line that a cell is made of, and two numbers.
fn schema() -> SchemaRef {
    let usage = usage::schema();
    let field = |name: &&str| usage.field_with_name(name).expect("cells are made of lines").clone();
    let mut fields: Vec<Field> = CELL_COLUMNS.iter().map(field).collect();
    fields.extend(["lines", "last_line"].map(|name| Field::new(name, DataType::UInt64, false)));
    Arc::new(Schema::new(fields))
}

fn write(batches: &[RecordBatch], path: &Path) -> anyhow::Result<()> {
    let schema = schema();
    let file = File::create(path).with_context(|| format!("cannot make {}", path.display()))?;
    let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), None)?;
    for batch in batches {
        let column = |field: &Arc<Field>| -> anyhow::Result<ArrayRef> {
            let column = batch
                .column_by_name(field.name())
                .with_context(|| format!("the answer has no column {}", field.name()))?;
            Ok(cast(column, field.data_type())?)
        };
        let columns = schema.fields().iter().map(column).collect::<anyhow::Result<Vec<_>>>()?;
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns)?)?;
    }
    writer.close()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reduction_names_every_column_of_a_cell() {
        for name in CELL_COLUMNS {
            assert!(REDUCTION.contains(name), "{name}");
        }
        assert!(schema().field_with_name(usage::column::LINE).is_ok());
    }
}
