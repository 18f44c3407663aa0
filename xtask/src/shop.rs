//! The workshop: where the project is, and how its tools are called.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The repository root and the cargo that runs us.
pub(crate) struct Shop {
    root: PathBuf,
    cargo: OsString,
}

impl Shop {
    /// Finds the repository: cargo names this crate's folder when it runs a chore or a test.
    pub(crate) fn open() -> Result<Self> {
        let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => std::env::current_dir().context("failed to find the current folder")?,
        };
        let root = start
            .ancestors()
            .find(|folder| folder.join("crates").is_dir() && folder.join("Cargo.lock").is_file())
            .context(
                "no folder with `crates` and `Cargo.lock` above the one this was started in",
            )?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Ok(Self { root: root.to_path_buf(), cargo })
    }

    /// The repository root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A cargo command at the root, without the variables that `cargo run` sets for us alone.
    pub(crate) fn cargo(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.cargo);
        command.args(words).current_dir(&self.root).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let ours = name.to_str().is_some_and(|name| {
                name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
            });
            if ours {
                command.env_remove(name);
            }
        }
        command
    }

    /// Whether `cargo <words>` answers with success; says nothing.
    pub(crate) fn answers(&self, words: &[&str]) -> bool {
        let quiet = self.cargo(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
        quiet.is_ok_and(|status| status.success())
    }

    /// Prints and runs `cargo <words>`, its output passed through; true if it succeeded.
    pub(crate) fn cargo_passes(&self, words: &[&str]) -> Result<bool> {
        println!("$ cargo {}", words.join(" "));
        let status = self.cargo(words).status().context("failed to start cargo")?;
        Ok(status.success())
    }

    /// The folder that cargo builds in.
    pub(crate) fn target(&self) -> Result<PathBuf> {
        let metadata = cargo_metadata::MetadataCommand::new()
            .current_dir(&self.root)
            .no_deps()
            .exec()
            .context("failed to read cargo's metadata")?;
        Ok(metadata.target_directory.into_std_path_buf())
    }

    /// Builds the `leitmotif` binary and returns its path.
    ///
    /// The packages are those of the test run, so that cargo chooses the same features and little is
    /// built a second time.
    pub(crate) fn leitmotif(&self, profile: Profile) -> Result<PathBuf> {
        let core = ["--workspace", "--exclude", "engine"];
        let mut words = [&["build", "--locked"][..], &core, &["--bin", "leitmotif"]].concat();
        if profile == Profile::Release {
            // With the writer of made-up reports, so that both share what they are built from.
            words = vec!["build", "--locked", "--release", "-p", "leitmotif", "-p", "testkit"];
        }
        ensure!(self.cargo_passes(&words)?, "`leitmotif` does not build: see above");
        let folder = match profile {
            Profile::Debug => "debug",
            Profile::Release => "release",
        };
        let name = format!("leitmotif{}", std::env::consts::EXE_SUFFIX);
        Ok(self.target()?.join(folder).join(name))
    }
}

/// How a binary is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As the tests are.
    Debug,
    /// As it is shipped.
    Release,
}
