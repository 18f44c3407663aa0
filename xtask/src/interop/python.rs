//! The verifier in Python, written from the specification alone, says what ours says.
//!
//! First its own tests, with each receipt that they forge given to our program too; then the receipts
//! of the demonstration, honest and with one byte changed, to both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::tools::{folder, output, python};
use crate::shop::{Profile, Shop};
use crate::test::Outcome;

/// Every so many bytes of the receipts, one is changed for a case of its own.
const STRIDE: usize = 9973;

/// The tests of the verifier, then both programs over the same files.
pub(crate) fn run(shop: &Shop) -> Result<Outcome> {
    let place = shop.root().join("verifiers/python");
    let wanted = fs::read_to_string(place.join("requirements.txt"))
        .context("failed to read what the verifier needs")?;
    let bin = match python(shop, "verifier", &wanted.lines().collect::<Vec<_>>())? {
        Ok(bin) => bin.join("python"),
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    let program = shop.leitmotif(Profile::Debug)?;
    let tests = Command::new(&bin)
        .args(["-B", "-m", "unittest", "--quiet"])
        .current_dir(&place)
        .env("LEITMOTIF", &program)
        .stdin(Stdio::null())
        .status()
        .context("failed to start the tests of the verifier")?;
    if !tests.success() {
        return Ok(Outcome::Failed("The tests of the verifier fail: see above.".to_owned()));
    }
    let demo = folder(shop, "verifier")?.join("demo");
    output(Command::new(&program).arg("demo").arg("--folder").arg(&demo))?;
    let pair = Pair { python: bin, script: place.join("verify.py"), program };
    let differ = pair.compare(&demo)?;
    Ok(match differ.is_empty() {
        true => Outcome::Passed,
        false => Outcome::Failed(format!("The verifiers disagree: {}.", differ.join("; "))),
    })
}

/// Both verifiers.
struct Pair {
    python: PathBuf,
    script: PathBuf,
    program: PathBuf,
}

impl Pair {
    /// Gives the receipts below a folder to both; where they disagree.
    fn compare(&self, demo: &Path) -> Result<Vec<String>> {
        let changed = demo.join("changed.receipt");
        let (mut honest, mut cheats, mut differ) = (0, 0, Vec::new());
        let mut next = STRIDE;
        for (receipt, key) in receipts(&demo.join("statements"))? {
            let ours = self.answers(&receipt, &key, &mut differ)?;
            ensure!(ours == Some(0), "{} is refused with {ours:?}", receipt.display());
            honest += 1;
            let bytes = fs::read(&receipt).context("failed to read a receipt")?;
            while let Some(byte) = bytes.get(next) {
                let mut bytes = bytes.clone();
                if let Some(place) = bytes.get_mut(next) {
                    *place = byte ^ 1;
                }
                fs::write(&changed, bytes).context("failed to write a changed receipt")?;
                self.answers(&changed, &key, &mut differ)?;
                cheats += 1;
                next += STRIDE;
            }
            next -= bytes.len();
        }
        ensure!(honest > 0, "the demonstration left no receipts");
        println!("both verifiers agree on {honest} receipts, and on {cheats} with a byte changed");
        Ok(differ)
    }

    /// The exit code of our program; notes if the verifier in Python has another.
    fn answers(&self, receipt: &Path, key: &str, differ: &mut Vec<String>) -> Result<Option<i32>> {
        let code = |command: &mut Command| -> Result<Option<i32>> {
            let command = command.arg(receipt).args(["--key", key]).stdin(Stdio::null());
            let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
            Ok(status.context("failed to start a verifier")?.code())
        };
        let ours = code(Command::new(&self.program).arg("verify"))?;
        let theirs = code(Command::new(&self.python).arg("-B").arg(&self.script))?;
        if ours != theirs {
            differ.push(format!("{}: {ours:?}, in Python {theirs:?}", receipt.display()));
        }
        Ok(ours)
    }
}

/// The receipts in the folders of periods, in order, each with the log's key beside it.
fn receipts(statements: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for period in sorted(statements)? {
        if !period.is_dir() {
            continue;
        }
        let key = fs::read_to_string(period.join("log-key.txt"))
            .with_context(|| format!("no key of the log in {}", period.display()))?;
        for file in sorted(&period)? {
            if file.extension().is_some_and(|it| it == "receipt") {
                found.push((file, key.trim().to_owned()));
            }
        }
    }
    Ok(found)
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut paths = entries.map(|it| Ok(it?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
