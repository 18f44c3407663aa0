//! The made-up report that all are measured on, written anew only when its writer has changed.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::measure::cost;
use crate::shop::Shop;

/// The programs of `bench/`, built.
pub(super) struct Programs {
    folder: PathBuf,
    /// What a report depends on.
    writer: u64,
}

/// A report, packed and not, with what is known of its recordings.
pub(super) struct Data {
    pub(super) folder: PathBuf,
    pub(super) report: PathBuf,
    pub(super) packed: PathBuf,
    pub(super) shares: PathBuf,
    pub(super) recordings: PathBuf,
    pub(super) lines: u64,
    pub(super) bytes: u64,
}

impl Programs {
    /// Builds them beside the release binary.
    pub(super) fn build(shop: &Shop, binary: &Path) -> Result<Self> {
        let folder = binary.parent().context("a folder")?.to_path_buf();
        let target = folder.parent().context("a folder")?;
        let manifest = shop.root().join("bench/Cargo.toml");
        let words = ["build", "--locked", "--release", "--manifest-path"];
        println!("$ cargo {} bench/Cargo.toml", words.join(" "));
        let mut cargo = shop.cargo(&words);
        let status = cargo.arg(manifest).arg("--target-dir").arg(target).status()?;
        ensure!(status.success(), "the programs of `bench/` do not build: see above");
        let mut hash = DefaultHasher::new();
        fs::read(shop.root().join("bench/src/bin/bench-data.rs"))?.hash(&mut hash);
        Ok(Self { folder, writer: hash.finish() })
    }

    pub(super) fn command(&self, name: &str) -> Command {
        Command::new(self.folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
    }

    /// Writes a report of so many lines, unless it is there; packs it only when asked to.
    pub(super) fn data(&self, lines: u64, packed: bool) -> Result<Data> {
        let folder = self.folder.with_file_name("bench-reports").join(lines.to_string());
        let stamp = folder.join("writer");
        let current = self.writer.to_string();
        if fs::read_to_string(&stamp).is_ok_and(|it| it == current) {
            println!("a report of {lines} lines is there");
        } else {
            println!("writing a report of {lines} lines ...");
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
            cost(self.command("bench-data").arg(&folder).arg(lines.to_string()))?;
            fs::write(&stamp, current)?;
        }
        let mut reports = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "tsv") {
                reports.push(path);
            }
        }
        let report = reports.pop().context("no report was written")?;
        let to = report.with_extension("tsv.gz");
        if packed && !to.exists() {
            println!("packing it ...");
            let part = report.with_extension("part");
            fs::hard_link(&report, &part).or_else(|_| fs::copy(&report, &part).map(|_| ()))?;
            cost(self.command("bench-unpack").arg("--pack").arg(&part))?;
            fs::rename(report.with_extension("part.gz"), &to)?;
            fs::remove_file(&part)?;
        }
        let bytes = fs::metadata(&report)?.len();
        let (shares, recordings) = (folder.join("shares.csv"), folder.join("recordings.csv"));
        Ok(Data { folder, report, packed: to, shares, recordings, lines, bytes })
    }
}

impl Data {
    /// A command that does the job as a product does: what would this report pay?
    pub(super) fn preview(&self, binary: &Path, packed: bool, out: &Path) -> Command {
        let mut command = Command::new(binary);
        command.args(["--format", "json", "report", "preview"]);
        command.arg(if packed { &self.packed } else { &self.report });
        command.arg("--shares").arg(&self.shares).arg("--recordings").arg(&self.recordings);
        command.args(["--repertoire", "soundtrack", "--most", "0", "--to"]).arg(out);
        command
    }

    /// A command that imports the report into a home of its own, which is emptied before.
    pub(super) fn import(&self, binary: &Path) -> Result<Command> {
        let home = self.folder.join("home");
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        let mut command = Command::new(binary);
        command.arg("--home").arg(home).args(["report", "import"]).arg(&self.report);
        Ok(command)
    }

    /// The same words for every program that does the job: report, tables, answer.
    pub(super) fn words(&self, out: &Path) -> [PathBuf; 4] {
        [self.report.clone(), self.shares.clone(), self.recordings.clone(), out.to_path_buf()]
    }
}
