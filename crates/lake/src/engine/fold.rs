//! The cluster's answers → cells, each partition held against the manifest first.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use arrow_array::cast::AsArray as _;
use arrow_array::types::UInt64Type;
use arrow_array::{Array as _, RecordBatch, UInt64Array};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use period::Month;
use usage::{Cells, Columns, Identity, Target};

use super::tasks::{Batch, Partition, plan};
use super::{Cluster, Engine, ReduceRequest, answers};
use crate::cells::{Reduction, Weight};
use crate::layout::STAGING;
use crate::manifest::{Amounts, Tally};
use crate::place::remove_tree;
use crate::read::{Filter, selected};
use crate::{Lake, LakeError};

/// Column of an answer: how many lines were summed. Beside the columns of a usage line, of which
/// `line` is the smallest line number and `from` the first of the month.
const LINES: &str = "lines";
/// Column of an answer: the largest line number.
const LAST_LINE: &str = "last_line";

/// Cells that a cluster summed, and what it was not believed.
#[derive(Clone, Debug)]
pub struct ClusterCells {
    /// The cells, in key order: the same as [`Lake::cells`] gives.
    pub cells: Cells,
    /// The partitions that were computed again here, in order.
    pub again: Vec<Again>,
}

/// A partition whose answer did not come, or was not what the manifest says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Again {
    /// Report id.
    pub report: String,
    /// Month of usage.
    pub month: Month,
    /// Sender, as received.
    pub sender: String,
    /// What was expected and what came.
    pub reason: String,
}

impl Lake {
    /// Sums usage lines to cells as [`Lake::cells`] does, on a cluster.
    ///
    /// A cluster's answer is checked, never believed: the number of lines and the exact sums of
    /// each partition (report, month, sender) have to be those of `files`. A partition that does
    /// not close on them, or whose answer does not come in time, is computed again here.
    ///
    /// # Errors
    /// [`LakeError::Engine`] when the engine cannot be started, and what [`Lake::cells`] says.
    pub fn cells_on(
        &self,
        engine: &Engine,
        cluster: &Cluster,
        files: &[crate::FileEntry],
        resolve: &mut dyn FnMut(Identity<'_>) -> Target,
    ) -> Result<ClusterCells, LakeError> {
        let files = selected(files, &Filter::all());
        let batches = plan(&files, cluster.task_bytes);
        let out = answers(&self.root().join(STAGING));
        remove_tree(&out)?;
        fs::create_dir_all(&out).map_err(LakeError::io("create", &out))?;
        let folded = self.ask_and_fold(engine, cluster, &batches, &out, resolve);
        remove_tree(&out)?;
        folded
    }

    fn ask_and_fold(
        &self,
        engine: &Engine,
        cluster: &Cluster,
        batches: &[Batch<'_>],
        out: &Path,
        resolve: &mut dyn FnMut(Identity<'_>) -> Target,
    ) -> Result<ClusterCells, LakeError> {
        let failed = self.ask(engine, cluster, batches, out)?;
        let mut reduction = Reduction::default();
        let mut again = Vec::new();
        let mut task = 0;
        for batch in batches {
            let tasks = task..task + batch.tasks.len();
            task = tasks.end;
            let answer = match tasks.clone().find_map(|task| failed.get(&task)) {
                Some(reason) => Err(reason.clone()),
                None => read(tasks, out),
            };
            let distrusted = match &answer {
                Ok(answer) => check(batch, answer),
                Err(reason) => vec![reason.clone(); batch.partitions.len()],
            };
            let good: BTreeSet<_> = batch
                .partitions
                .iter()
                .zip(&distrusted)
                .filter(|(_, reason)| reason.is_empty())
                .map(|(partition, _)| partition.key())
                .collect();
            if let Ok(answer) = &answer {
                fold(&mut reduction, answer, &good, resolve);
            }
            for (partition, reason) in batch.partitions.iter().zip(distrusted) {
                if !reason.is_empty() {
                    self.reduce_here(&mut reduction, partition, resolve)?;
                    let (report, month, sender) = partition.key();
                    let (report, sender) = (report.to_owned(), sender.to_owned());
                    again.push(Again { report, month, sender, reason });
                }
            }
        }
        again.sort();
        Ok(ClusterCells { cells: reduction.into_cells()?, again })
    }

    /// Has all tasks done; returns those without an answer, and why.
    fn ask(
        &self,
        engine: &Engine,
        cluster: &Cluster,
        batches: &[Batch<'_>],
        out: &Path,
    ) -> Result<BTreeMap<usize, String>, LakeError> {
        let tasks: Vec<_> = batches.iter().flat_map(|it| it.tasks.clone()).collect();
        let count = tasks.len();
        if count == 0 {
            return Ok(BTreeMap::new());
        }
        let root = self.root();
        let lake = root.canonicalize().map_err(LakeError::io("find", root))?;
        let request = ReduceRequest { lake, cluster: cluster.clone(), tasks, out: out.to_owned() };
        let mut answered: BTreeMap<usize, Option<String>> = BTreeMap::new();
        let talk = engine.reduce(&request, patience(cluster, count), &mut |done| {
            answered.insert(done.task, done.failed);
        });
        let silence = match talk {
            Err(error @ (super::EngineError::Absent { .. } | super::EngineError::Io { .. })) => {
                return Err(error.into());
            }
            Err(error) => error.to_string(),
            Ok(()) => "the engine ended before it answered".to_owned(),
        };
        let missing = |task| match answered.get(&task) {
            Some(None) => None,
            Some(Some(reason)) => Some((task, reason.clone())),
            None => Some((task, silence.clone())),
        };
        Ok((0..count).filter_map(missing).collect())
    }

    fn reduce_here(
        &self,
        reduction: &mut Reduction,
        partition: &Partition<'_>,
        resolve: &mut dyn FnMut(Identity<'_>) -> Target,
    ) -> Result<(), LakeError> {
        for entry in &partition.files {
            reduction.add_file(self.root(), entry, &Filter::all(), resolve)?;
        }
        Ok(())
    }
}

/// How long the engine may take in all: for every task once more than it may be sent.
fn patience(cluster: &Cluster, tasks: usize) -> Duration {
    let rounds = u32::try_from(tasks.div_ceil(cluster.tasks_at_once.max(1))).unwrap_or(u32::MAX);
    let attempts = cluster.attempts.saturating_add(1).saturating_mul(rounds);
    Duration::from_secs(cluster.deadline_s).saturating_mul(attempts)
}

/// One record batch of an answer.
struct Answer {
    batch: RecordBatch,
    lines: UInt64Array,
    last_line: UInt64Array,
}

/// Reads the answers of tasks; the reason if one is not what an answer looks like.
fn read(tasks: std::ops::Range<usize>, out: &Path) -> Result<Vec<Answer>, String> {
    let mut answers = Vec::new();
    for task in tasks {
        let path = out.join(format!("{task}.parquet"));
        let odd = |error: &dyn std::fmt::Display| format!("its answer cannot be read: {error}");
        let file = File::open(&path).map_err(|error| odd(&error))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(|error| odd(&error))?;
        for batch in reader {
            let batch = batch.map_err(|error| odd(&error))?;
            Columns::try_new(&batch).map_err(|error| odd(&error))?;
            let count = |name: &str| {
                let column = batch.column_by_name(name)?.as_primitive_opt::<UInt64Type>()?;
                (column.null_count() == 0).then(|| column.clone())
            };
            let (Some(lines), Some(last_line)) = (count(LINES), count(LAST_LINE)) else {
                return Err(odd(&"it counts no lines"));
            };
            answers.push(Answer { lines, last_line, batch });
        }
    }
    Ok(answers)
}

impl Answer {
    fn columns(&self) -> Columns<'_> {
        Columns::try_new(&self.batch).expect("they were found when the answer was read")
    }
}

/// For each partition of a batch what is wrong with its answer, `""` if it closes to the atom.
fn check(batch: &Batch<'_>, answers: &[Answer]) -> Vec<String> {
    let mut tallies: BTreeMap<(String, Month, String), Tally> = BTreeMap::new();
    for answer in answers {
        let columns = answer.columns();
        for row in 0..columns.len() {
            let key = (
                columns.report.text(row).to_owned(),
                columns.month(row),
                columns.sender.text(row).to_owned(),
            );
            let money = (columns.basis(row), columns.currency(row), columns.amount(row));
            let tally = tallies.entry(key).or_default();
            tally.add_sum(answer.lines.value(row), columns.usages(row), money);
        }
    }
    let differs = |partition: &Partition<'_>| {
        let (report, month, sender) = partition.key();
        let found = tallies.remove(&(report.to_owned(), month, sender.to_owned()));
        compare(partition, &found.unwrap_or_default())
    };
    let mut reasons: Vec<String> = batch.partitions.iter().map(differs).collect();
    if let Some((report, month, sender)) = tallies.into_keys().next() {
        // Who answers what was not asked is not believed in the rest either.
        let reason = format!("its answer speaks of report {report}, {month}, {sender} as well");
        reasons.iter_mut().filter(|it| it.is_empty()).for_each(|it| it.clone_from(&reason));
    }
    reasons
}

fn compare(partition: &Partition<'_>, found: &Tally) -> String {
    let lines: u64 = partition.files.iter().map(|it| it.lines).sum();
    if found.lines != lines {
        return format!("expected {lines} lines, got {}", found.lines);
    }
    let mut expected = Tally::default();
    for file in &partition.files {
        expected.add_entry(file);
    }
    let (Ok(want), Ok(got)) = (expected.usages(""), found.usages("")) else {
        return "the sum of its usages does not fit".to_owned();
    };
    if want != got {
        return format!("expected {want} usages, got {got}");
    }
    let (Ok(want), Ok(got)) = (expected.amounts(""), found.amounts("")) else {
        return "a sum of its amounts does not fit".to_owned();
    };
    if want == got {
        return String::new();
    }
    let say = |amounts: &Amounts| {
        let one =
            |((basis, currency), amount): (&(usage::Basis, money::Currency), &money::Atoms)| {
                format!("{basis} {currency} {amount}")
            };
        amounts.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    format!("expected {}, got {}", say(&want), say(&got))
}

fn fold(
    reduction: &mut Reduction,
    answers: &[Answer],
    good: &BTreeSet<(&str, Month, &str)>,
    resolve: &mut dyn FnMut(Identity<'_>) -> Target,
) {
    for answer in answers {
        let columns = answer.columns();
        let trusted = |row| {
            let key = (columns.report.text(row), columns.month(row), columns.sender.text(row));
            good.contains(&key).then(|| Weight {
                lines: answer.lines.value(row),
                first_line: columns.line(row),
                last_line: answer.last_line.value(row),
            })
        };
        reduction.add(&columns, &Filter::all(), resolve, trusted);
    }
}
