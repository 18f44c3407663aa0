//! A copy of `contracts/` in the target folder, with the packages it names.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::shop::Shop;

/// What is not here, in one line.
pub(crate) struct Missing(pub(crate) String);

/// The copy, with `node_modules`.
pub(crate) struct Workshop {
    folder: PathBuf,
}

impl Workshop {
    /// Copies the sources and installs the packages of the lock file, if that was not done for it.
    pub(crate) fn open(shop: &Shop) -> Result<Result<Self, Missing>> {
        let folder = shop.target()?.join("interop/contracts");
        let from = shop.root().join("contracts");
        for part in ["src", "test"] {
            let to = folder.join(part);
            if to.exists() {
                fs::remove_dir_all(&to)?;
            }
            copy(&from.join(part), &to)?;
        }
        for file in fs::read_dir(&from)?.flatten().filter(|it| it.path().is_file()) {
            fs::copy(file.path(), folder.join(file.file_name()))?;
        }
        let answers = |program: &str| {
            let quiet = Command::new(program).arg("--version").stdout(Stdio::null()).status();
            quiet.is_ok_and(|it| it.success())
        };
        if !answers("node") || !answers("npm") {
            return Ok(Err(Missing("node and npm are not here (Node.js 20 or later)".to_owned())));
        }
        let lock = fs::read_to_string(from.join("package-lock.json"))?;
        let stamp = folder.join("installed");
        if fs::read_to_string(&stamp).is_ok_and(|it| it == lock) {
            return Ok(Ok(Self { folder }));
        }
        println!("$ npm ci (contracts/package-lock.json)");
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        if !npm.stdin(Stdio::null()).status().context("failed to start npm")?.success() {
            let why = "npm cannot install the packages of contracts/package-lock.json from here";
            return Ok(Err(Missing(why.to_owned())));
        }
        fs::write(stamp, lock)?;
        Ok(Ok(Self { folder }))
    }

    /// A program of the packages, for this machine.
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf> {
        let os = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
        let cpu = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
        let package = format!("node_modules/@foundry-rs/{name}-{os}-{cpu}/bin/{name}");
        let path = self.folder.join(&package);
        ensure!(path.is_file(), "{package} is not there");
        Ok(path)
    }

    /// Runs a script with these words and this input, and returns what it prints.
    pub(crate) fn node(&self, words: &[&str], input: &str) -> Result<String> {
        let mut command = Command::new("node");
        command.args(words).current_dir(&self.folder);
        output(&mut command, input)
    }

    /// The artifact of a source file.
    pub(crate) fn compile(&self, source: &str) -> Result<String> {
        self.node(&["build.js", "node_modules", source], "")
    }

    /// Runs the tests of the contract, and returns their closing line.
    pub(crate) fn forge(&self) -> Result<String> {
        let mut command = Command::new(self.program("forge")?);
        command.args(["test", "--use", "./solc.js"]).current_dir(&self.folder);
        let told = output(&mut command, "")?;
        let last = told.lines().rev().find(|it| it.contains("tests passed"));
        Ok(format!("forge: {}", last.context("forge ran no test")?.trim()))
    }
}

/// Runs a command with an input, and returns what it prints if it ends well.
pub(crate) fn output(command: &mut Command, input: &str) -> Result<String> {
    let shown = format!("{command:?}");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("failed to start {shown}"))?;
    let mut stdin = child.stdin.take().context("a pipe")?;
    let input = input.to_owned();
    // What is read to its end before it is answered must not wait for us.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().ok().context("the input")??;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{shown} failed: {text}{words}");
    Ok(text)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)?.flatten() {
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
