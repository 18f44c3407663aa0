//! The lake as a table: the files that the manifest names, and no other.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::{DataType, Field, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::stats::Precision;
use datafusion::common::{Column, DFSchema, Result, ScalarValue, Statistics, project_schema};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::{ListingTableUrl, PartitionedFile};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_optimizer::pruning::PruningPredicateBuilder;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use lake::engine::{LakeFile, Piece};
use object_store::ObjectMeta;
use usage::column;

/// The column that is not in the files: the month of usage, `2021-06`.
pub(crate) const MONTH: &str = "month";

/// The table of usage lines.
#[derive(Debug)]
pub(crate) struct LakeTable {
    store: ObjectStoreUrl,
    /// What paths of the manifest are relative to, within the store.
    prefix: object_store::path::Path,
    schema: TableSchema,
    pieces: Vec<Piece>,
}

impl LakeTable {
    /// `root` is where the lake is here, `seen` where those who read find it, if elsewhere.
    pub(crate) fn new(root: &Path, seen: Option<&str>, pieces: Vec<Piece>) -> anyhow::Result<Self> {
        let url = match seen {
            Some(url) => url::Url::parse(url).with_context(|| format!("{url} is no address"))?,
            None => url::Url::from_directory_path(root)
                .map_err(|()| anyhow!("{} is no whole path", root.display()))?,
        };
        let place = ListingTableUrl::try_new(url, None)?;
        let month = Arc::new(Field::new(MONTH, DataType::Utf8, false));
        Ok(Self {
            store: place.object_store(),
            prefix: place.prefix().clone(),
            schema: TableSchema::builder(usage::schema())
                .with_table_partition_cols(vec![month])
                .build(),
            pieces,
        })
    }

    /// Whole files.
    pub(crate) fn of_files(
        root: &Path,
        seen: Option<&str>,
        files: Vec<LakeFile>,
    ) -> anyhow::Result<Self> {
        let pieces = files.into_iter().map(|file| Piece { file, range: None }).collect();
        Self::new(root, seen, pieces)
    }

    /// For each piece whether it can hold a line that passes: the manifest knows report, month and
    /// sender of every file, so that a file need not be opened to be passed over.
    fn admitted(&self, state: &dyn Session, filters: &[Expr]) -> Result<Vec<bool>> {
        let filter = conjunction(filters.iter().cloned());
        let Some(filter) = filter.filter(|_| !self.pieces.is_empty()) else {
            return Ok(vec![true; self.pieces.len()]);
        };
        let schema = Arc::clone(self.schema.table_schema());
        let names = [column::REPORT, column::SENDER, MONTH];
        let fields = names
            .iter()
            .map(|name| Ok(Arc::new(schema.field_with_name(name)?.clone())))
            .collect::<Result<Vec<_>>>()?;
        let values = |piece: &Piece| {
            let values = [&piece.file.report, &piece.file.sender, &piece.file.month];
            values
                .into_iter()
                .zip(&fields)
                .map(|(value, field)| ScalarValue::from(value.as_str()).cast_to(field.data_type()))
                .collect::<Result<Vec<_>>>()
        };
        let known = self.pieces.iter().map(values).collect::<Result<Vec<_>>>()?;
        let mut columns = HashMap::new();
        for (at, name) in names.into_iter().enumerate() {
            let column = known.iter().map(|values: &Vec<ScalarValue>| values[at].clone());
            columns.insert(name, ScalarValue::iter_to_array(column)?);
        }
        let known = Known { columns, pieces: self.pieces.len() };
        let expression =
            state.create_physical_expr(filter, &DFSchema::try_from(Arc::clone(&schema))?)?;
        PruningPredicateBuilder::new().with_file_schema(schema).try_build(expression)?.prune(&known)
    }

    fn file(&self, piece: &Piece) -> PartitionedFile {
        let path =
            piece.file.path.split('/').fold(self.prefix.clone(), |path, part| path.join(part));
        let meta = ObjectMeta {
            location: path,
            last_modified: Default::default(),
            size: piece.file.bytes,
            e_tag: None,
            version: None,
        };
        let file = PartitionedFile::new_from_meta(meta)
            .with_partition_values(vec![ScalarValue::from(piece.file.month.as_str())]);
        match piece.range {
            Some((from, to)) => file.with_range(signed(from), signed(to)),
            None => file,
        }
    }
}

/// Columns that have one value throughout a piece.
struct Known {
    columns: HashMap<&'static str, ArrayRef>,
    pieces: usize,
}

impl PruningStatistics for Known {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.columns.get(column.name()).cloned()
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.min_values(column)
    }

    fn num_containers(&self) -> usize {
        self.pieces
    }

    fn null_counts(&self, _: &Column) -> Option<ArrayRef> {
        None
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        None
    }

    fn contained(&self, _: &Column, _: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}

fn signed(byte: u64) -> i64 {
    i64::try_from(byte).unwrap_or(i64::MAX)
}

#[async_trait]
impl TableProvider for LakeTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.schema.table_schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let admitted = self.admitted(state, filters)?;
        let pieces = || self.pieces.iter().zip(&admitted).filter(|(_, admitted)| **admitted);
        let files: Vec<PartitionedFile> = pieces().map(|(piece, _)| self.file(piece)).collect();
        let whole = pieces().all(|(piece, _)| piece.range.is_none());
        let lines =
            pieces().map(|(piece, _)| usize::try_from(piece.file.lines).unwrap_or(usize::MAX));
        let mut known = Statistics::new_unknown(self.schema.table_schema());
        if whole {
            known.num_rows = Precision::Inexact(lines.fold(0, usize::saturating_add));
        }
        if files.is_empty() {
            let schema = project_schema(self.schema.table_schema(), projection)?;
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let groups = FileGroup::new(files).split_files(state.config().target_partitions());
        let source = Arc::new(ParquetSource::new(self.schema.clone()));
        let scan = FileScanConfigBuilder::new(self.store.clone(), source)
            .with_file_groups(groups)
            .with_statistics(known)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(scan))
    }
}
