//! The engines one would reach for instead, in a Python environment of the bench's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::shop::Shop;

/// Peers that do the job, with the script of each.
pub(super) const PEERS: [(&str, &str); 3] = [
    ("DuckDB", "duckdb_job.py"),
    ("Polars, streaming", "polars_job.py"),
    ("DataFusion, CSV reader", "datafusion_job.py"),
];

/// The environment, ready.
pub(super) struct Peers {
    python: PathBuf,
    scripts: PathBuf,
    /// The packages with their versions, as pinned.
    pub(super) versions: String,
}

impl Peers {
    /// Installs what `bench/peers/requirements.txt` pins, unless it is there.
    pub(super) fn install(shop: &Shop, target: &Path) -> Result<Self> {
        let scripts = shop.root().join("bench/peers");
        let wanted = fs::read_to_string(scripts.join("requirements.txt"))?;
        let folder = target.join("bench-peers");
        let python = folder.join("bin/python");
        let stamp = folder.join("installed");
        let versions = wanted.lines().map(|it| it.replace("==", " ")).collect::<Vec<_>>();
        let peers = Self { python, scripts, versions: versions.join(", ") };
        if fs::read_to_string(&stamp).is_ok_and(|it| it == wanted) {
            return Ok(peers);
        }
        println!("installing the peers: {} ...", peers.versions);
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let requirements = peers.scripts.join("requirements.txt");
        let words = ["-m", "pip", "install", "--quiet", "--requirement"];
        run(Command::new(&peers.python).args(words).arg(requirements))?;
        fs::write(stamp, wanted)?;
        Ok(peers)
    }

    /// A command that runs a script of theirs.
    pub(super) fn command(&self, script: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(self.scripts.join(script));
        command
    }
}

fn run(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command.stdin(Stdio::null()).status().with_context(|| shown.clone())?;
    ensure!(status.success(), "{shown} failed");
    Ok(())
}
