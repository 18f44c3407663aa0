//! Files → batches of partitions, and the tasks that read them.

use std::collections::BTreeMap;

use period::Month;

use super::words::{LakeFile, Piece, Task};
use crate::FileEntry;

/// Files one task reads at most.
const FILES_MAX: usize = 64;

/// All lines of one report, month and sender: what the manifest has control totals for.
#[derive(Clone, Debug)]
pub(super) struct Partition<'a> {
    pub(super) files: Vec<&'a FileEntry>,
}

impl<'a> Partition<'a> {
    fn bytes(&self) -> u64 {
        self.files.iter().map(|it| it.bytes).sum()
    }

    pub(super) fn key(&self) -> (&'a str, Month, &'a str) {
        let first = self.files.first().expect("a partition has a file");
        (&first.report, first.month, &first.sender)
    }
}

/// Partitions that are answered together: several by one task, or one by several tasks.
#[derive(Clone, Default, Debug)]
pub(super) struct Batch<'a> {
    pub(super) partitions: Vec<Partition<'a>>,
    pub(super) tasks: Vec<Task>,
}

impl<'a> Batch<'a> {
    fn close(&mut self, batches: &mut Vec<Self>) {
        if self.partitions.is_empty() {
            return;
        }
        let mut batch = std::mem::take(self);
        let files = batch.partitions.iter().flat_map(|it| &it.files);
        let pieces = files.map(|file| Piece { file: LakeFile::from(*file), range: None });
        batch.tasks.push(Task { pieces: pieces.collect() });
        batches.push(batch);
    }

    fn of(partition: Partition<'a>, task_bytes: u64) -> Self {
        let tasks = partition.files.iter().flat_map(|file| cut(file, task_bytes)).collect();
        Self { partitions: vec![partition], tasks }
    }
}

/// Lays files out for tasks of about `task_bytes` each, in an order that depends on nothing else.
pub(super) fn plan<'a>(files: &[&'a FileEntry], task_bytes: u64) -> Vec<Batch<'a>> {
    let mut partitions: BTreeMap<_, Partition<'a>> = BTreeMap::new();
    for file in files {
        let key = (file.month, &file.report, &file.sender);
        partitions.entry(key).or_insert(Partition { files: Vec::new() }).files.push(file);
    }
    let mut batches = Vec::new();
    let mut open = Batch::default();
    let (mut bytes, mut count) = (0, 0);
    for partition in partitions.into_values() {
        if partition.bytes() > task_bytes {
            batches.push(Batch::of(partition, task_bytes));
            continue;
        }
        if bytes + partition.bytes() > task_bytes || count + partition.files.len() > FILES_MAX {
            open.close(&mut batches);
            (bytes, count) = (0, 0);
        }
        bytes += partition.bytes();
        count += partition.files.len();
        open.partitions.push(partition);
    }
    open.close(&mut batches);
    batches
}

/// The tasks that read one file: ranges of equal length that meet end to end.
fn cut(file: &FileEntry, task_bytes: u64) -> Vec<Task> {
    let parts = file.bytes.div_ceil(task_bytes.max(1)).max(1);
    let edge = |part: u64| {
        let byte = u128::from(file.bytes) * u128::from(part) / u128::from(parts);
        u64::try_from(byte).expect("it is at most the file's length")
    };
    (0..parts)
        .map(|part| {
            let range = (parts > 1).then(|| (edge(part), edge(part + 1)));
            Task { pieces: vec![Piece { file: LakeFile::from(file), range }] }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use money::Atoms;

    use super::*;

    fn entry(report: &str, number: u32, bytes: u64) -> FileEntry {
        FileEntry {
            path: format!("usage/month=2021-06/sender=s/{report}-{number}.parquet"),
            report: report.to_owned(),
            month: Month::parse("2021-06").unwrap(),
            sender: "s".to_owned(),
            lines: 1,
            bytes,
            sha256: [0; 32],
            usages: Atoms::ZERO,
            amounts: BTreeMap::new(),
        }
    }

    fn check(files: &[FileEntry], expected: Expect) {
        let files: Vec<&FileEntry> = files.iter().collect();
        let mut picture = String::new();
        for batch in plan(&files, 100) {
            picture += &format!("{} partitions:", batch.partitions.len());
            for task in batch.tasks {
                let piece = |it: &Piece| {
                    let name = it.file.path.rsplit('/').next().unwrap().to_owned();
                    it.range.map_or(name.clone(), |(from, to)| format!("{name}[{from}..{to}]"))
                };
                picture +=
                    &format!(" {}", task.pieces.iter().map(piece).collect::<Vec<_>>().join("+"));
            }
            picture += "\n";
        }
        expected.assert_eq(&picture);
    }

    #[test]
    fn small_partitions_share_a_job_and_a_large_one_has_several() {
        check(
            &[
                entry("a", 0, 40),
                entry("a", 1, 20),
                entry("b", 0, 40),
                entry("c", 0, 1),
                entry("d", 0, 250),
                entry("d", 1, 30),
                entry("e", 0, 100),
            ],
            expect![[r#"
                2 partitions: a-0.parquet+a-1.parquet+b-0.parquet
                1 partitions: d-0.parquet[0..83] d-0.parquet[83..166] d-0.parquet[166..250] d-1.parquet
                1 partitions: c-0.parquet
                1 partitions: e-0.parquet
            "#]],
        );
        check(&[], expect![]);
    }
}
