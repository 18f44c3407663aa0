//! One statement that reads, over the lake and the tables beside it.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::dataframe::DataFrame;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::SessionContext;
use futures::StreamExt as _;
use lake::engine::QueryRequest;

use crate::output::Output;
use crate::table::LakeTable;
use crate::{cluster, session, tables};

const LAKE: &str = "usage_lines";
/// Parts a query on a cluster is divided into.
const PARTS: usize = 16;

/// Answers a query.
pub(crate) async fn run(request: QueryRequest) -> anyhow::Result<()> {
    let context = match &request.cluster {
        None => session::context()?,
        Some(_) => session::planning(PARTS)?,
    };
    let seen = request.cluster.as_ref().and_then(|it| it.lake.as_deref());
    let table = LakeTable::of_files(&request.lake, seen, request.files)?;
    context.register_table(LAKE, Arc::new(table))?;
    for table in &request.tables {
        context.register_table(table.name.as_str(), Arc::new(tables::memory(table)?))?;
    }
    let frame = read_only(&context, &request.sql).await?;
    let frame = if request.any_order { frame } else { in_order(frame)? };
    // What reads no usage lines is about small tables, and those are here.
    let cluster = request.cluster.filter(|_| reads_lake(frame.logical_plan()));
    let plan = frame.create_physical_plan().await?;
    let mut output = Output::begin(request.form, request.out.as_deref(), plan.schema())?;
    match cluster {
        Some(cluster) => {
            let (batches, _) = cluster::run(&cluster, &context, &plan).await?;
            for batch in &batches {
                output.write(batch)?;
            }
        }
        None => {
            let mut answer = execute_stream(plan, context.task_ctx())?;
            while let Some(batch) = answer.next().await {
                output.write(&batch?)?;
            }
        }
    }
    output.end()
}

async fn read_only(context: &SessionContext, sql: &str) -> anyhow::Result<DataFrame> {
    let reading =
        SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    let frame =
        context.sql_with_options(sql, reading).await.map_err(|error| error.strip_backtrace());
    frame.map_err(|message| anyhow::anyhow!("{message}")).context("the statement is refused")
}

/// Puts rows in the order of all their columns, unless the statement says in which.
fn in_order(frame: DataFrame) -> anyhow::Result<DataFrame> {
    if states_order(frame.logical_plan()) {
        return Ok(frame);
    }
    let columns = frame.schema().columns();
    if columns.is_empty() {
        bail!("the statement asks for no column");
    }
    let keys = columns.into_iter().map(|it| Expr::Column(it).sort(true, true)).collect();
    Ok(frame.sort(keys)?)
}

fn states_order(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Sort(_)
        | LogicalPlan::Explain(_)
        | LogicalPlan::Analyze(_)
        | LogicalPlan::DescribeTable(_) => true,
        LogicalPlan::Projection(_) | LogicalPlan::Limit(_) | LogicalPlan::SubqueryAlias(_) => {
            plan.inputs().first().is_some_and(|input| states_order(input))
        }
        _ => false,
    }
}

fn reads_lake(plan: &LogicalPlan) -> bool {
    let mut reads = false;
    let visited = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            reads |= scan.table_name.table() == LAKE;
        }
        Ok(TreeNodeRecursion::Continue)
    });
    reads && visited.is_ok()
}
