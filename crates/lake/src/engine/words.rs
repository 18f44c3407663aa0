//! What is asked of the engine, as JSON on its standard input.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A cluster: a scheduler that knows executors.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cluster {
    /// Where the scheduler listens, such as `df://10.0.0.1:50050`.
    pub url: String,
    /// Where executors find the lake; none if they see the same folder under the same name.
    ///
    /// `file:///srv/lake` or `s3://bucket/lake`.
    pub lake: Option<String>,
    /// How long one task may take before it is given up and sent again.
    pub deadline_s: u64,
    /// How often a task is sent at most.
    pub attempts: u32,
    /// How many tasks wait or run at once.
    pub tasks_at_once: usize,
    /// Bytes of Parquet that one task reads, about; a larger file is read by several tasks.
    pub task_bytes: u64,
}

impl Cluster {
    /// A cluster with the usual limits.
    #[must_use]
    pub const fn new(url: String) -> Self {
        Self {
            url,
            lake: None,
            deadline_s: 120,
            attempts: 3,
            tasks_at_once: 16,
            task_bytes: 32 << 20,
        }
    }
}

/// A file of the lake, as the manifest knows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LakeFile {
    /// Path relative to the root of the lake.
    pub path: String,
    /// The report its lines come from.
    pub report: String,
    /// The month of usage, such as `2021-06`.
    pub month: String,
    /// The sender, as received.
    pub sender: String,
    /// Length of the file.
    pub bytes: u64,
    /// Number of lines.
    pub lines: u64,
}

impl From<&crate::FileEntry> for LakeFile {
    fn from(entry: &crate::FileEntry) -> Self {
        Self {
            path: entry.path.clone(),
            report: entry.report.clone(),
            month: entry.month.to_string(),
            sender: entry.sender.clone(),
            bytes: entry.bytes,
            lines: entry.lines,
        }
    }
}

/// A file, or the row groups of it whose middle lies in a range of bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Piece {
    /// The file.
    pub file: LakeFile,
    /// First byte and the byte after the last one.
    pub range: Option<(u64, u64)>,
}

/// What one task reads. It shares nothing with other tasks and may be done twice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Its pieces.
    pub pieces: Vec<Piece>,
}

/// The reduction of usage lines to cells without targets, task by task.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReduceRequest {
    /// The root of the lake here.
    pub lake: PathBuf,
    /// Where to do it.
    pub cluster: Cluster,
    /// The tasks.
    pub tasks: Vec<Task>,
    /// The folder that answers are written into, `<task>.parquet`.
    pub out: PathBuf,
}

/// What became of a task: one line of JSON each on the engine's standard output.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskDone {
    /// Which task, counted from 0.
    pub task: usize,
    /// How often it was sent.
    pub attempts: u32,
    /// Why there is no answer; none if there is one.
    pub failed: Option<String>,
}

/// How a query's answer is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Lines and columns for people.
    Table,
    /// Comma-separated values with a header.
    Csv,
    /// One JSON array of objects; decimals are texts, so that no reader rounds them.
    Json,
    /// Parquet with Zstandard.
    Parquet,
    /// Arrow IPC file.
    Arrow,
}

/// What a column of a small table holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// An exact number with 18 decimals.
    Decimal,
    /// A day, `2021-06-01`.
    Date,
}

/// A small table that goes along with a query; what is `None` is null.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Names and kinds of its columns.
    pub columns: Vec<(String, Kind)>,
    /// Its rows, every value as text.
    pub rows: Vec<Vec<Option<String>>>,
}

/// A query over the lake and small tables.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueryRequest {
    /// One statement that reads.
    pub sql: String,
    /// How the answer is written.
    pub form: Form,
    /// The file it is written to; standard output if none.
    pub out: Option<PathBuf>,
    /// Leave rows in the order they come in, if the statement states none.
    pub any_order: bool,
    /// The root of the lake here.
    pub lake: PathBuf,
    /// The files that there are.
    pub files: Vec<LakeFile>,
    /// The tables beside them.
    pub tables: Vec<Table>,
    /// Where to do it; here if none.
    pub cluster: Option<Cluster>,
}
