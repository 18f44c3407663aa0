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

/// Which packages an environment has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// The engines.
    Engines,
    /// What a publisher's statement is divided with elsewhere.
    Publisher,
}

impl Set {
    /// The pinned packages, the environment's folder, and words for pip.
    const fn parts(self) -> (&'static str, &'static str, &'static [&'static str]) {
        match self {
            Self::Engines => ("requirements.txt", "bench-peers", &[]),
            // What only its web server and its deployment need is left out.
            Self::Publisher => {
                ("publisher_requirements.txt", "bench-peers-publisher", &["--no-deps"])
            }
        }
    }
}

/// The environment, ready.
pub(super) struct Peers {
    python: PathBuf,
    scripts: PathBuf,
    /// The packages with their versions, as pinned.
    pub(super) versions: String,
}

impl Peers {
    /// Installs what the set's file in `bench/peers` pins, unless it is there.
    pub(super) fn install(shop: &Shop, target: &Path, set: Set) -> Result<Self> {
        let (file, folder, more) = set.parts();
        let scripts = shop.root().join("bench/peers");
        let wanted = fs::read_to_string(scripts.join(file))?;
        let folder = target.join(folder);
        let python = folder.join("bin/python");
        let stamp = folder.join("installed");
        let versions = wanted.lines().map(|it| it.replace("==", " ")).collect::<Vec<_>>();
        let peers = Self { python, scripts, versions: versions.join(", ") };
        if fs::read_to_string(&stamp).is_ok_and(|it| it == wanted) {
            return Ok(peers);
        }
        println!("installing the peers: {} ...", peers.versions);
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let requirements = peers.scripts.join(file);
        let words = ["-m", "pip", "install", "--quiet", "--requirement"];
        run(Command::new(&peers.python).args(words).arg(requirements).args(more))?;
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
