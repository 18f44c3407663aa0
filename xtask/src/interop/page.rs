//! The verifier in a page, against the program: the same receipts, the same verdicts.
//!
//! Node runs the library alone over the vectors, every receipt of the demonstration and many broken ones;
//! Chromium opens the page from the disk and does what a payee does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::tools;
use crate::page::{self, Compiler, FOLDER, Page};
use crate::shop::{Profile, Shop};
use crate::test::Outcome;

const CHROMIUM: &str = "/usr/bin/chromium";

/// The tests' scripts, and what they need of others.
const SCRIPTS: &[&str] =
    &["package.json", "package-lock.json", "cases.mjs", "node.mjs", "browser.mjs", "time.mjs"];

/// Builds both verifiers, and lets them judge the same.
pub(crate) fn run(shop: &Shop) -> Result<Outcome> {
    let bench = match Bench::set_up(shop)? {
        Ok(bench) => bench,
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    if !library_tests(shop)? {
        return Ok(Outcome::Failed(format!("a test of {FOLDER}/src does not hold: see above.")));
    }
    let binary = shop.leitmotif(Profile::Debug)?;
    let home = bench.folder.join("demo");
    tools::output(Command::new(&binary).args(["demo", "--folder"]).arg(&home))?;
    let built = [("node.mjs", &bench.page.library), ("browser.mjs", &bench.page.html)];
    for (script, built) in built {
        println!("$ node {script}");
        let mut node = bench.node(shop, script);
        let status = node.arg(built).arg(&binary).arg(&home).status();
        if !status.context("failed to start node")?.success() {
            let advice = format!("{FOLDER}/test/{script} found that page and program disagree.");
            return Ok(Outcome::Failed(advice));
        }
    }
    Ok(Outcome::Passed)
}

/// The library's own tests, which need no browser; it is a workspace of its own.
fn library_tests(shop: &Shop) -> Result<bool> {
    println!("$ cargo test (in {FOLDER})");
    let mut cargo = shop.cargo(&["test", "--locked", "--quiet"]);
    cargo.current_dir(shop.root().join(FOLDER));
    cargo.arg("--target-dir").arg(shop.target()?.join("page").join("native"));
    Ok(cargo.status().context("failed to start cargo")?.success())
}

/// A place to try the page in: the page, built, and the scripts with what they need.
pub(crate) struct Bench {
    /// The page.
    pub(crate) page: Page,
    folder: PathBuf,
}

impl Bench {
    /// Builds and installs all that is needed; says what is missing if it cannot.
    pub(crate) fn set_up(shop: &Shop) -> Result<Result<Self, String>> {
        let compiler = match programs().and_then(|()| Compiler::find(shop)) {
            Ok(compiler) => compiler,
            Err(why) => return Ok(Err(why)),
        };
        let page = page::build(shop, &compiler)?;
        let folder = shop.target()?.join("page").join("test");
        Ok(prepare(shop, &folder)?.map(|()| Self { page, folder }))
    }

    /// One of the scripts, to be given its arguments.
    pub(crate) fn node(&self, shop: &Shop, script: &str) -> Command {
        let mut node = Command::new("node");
        node.arg("--test-reporter=spec").arg(self.folder.join(script));
        node.current_dir(&self.folder).stdin(Stdio::null());
        node.env("VERIFIER", shop.root().join(FOLDER).join("verifier.js"));
        node.env("VECTORS", shop.root().join("docs/spec/vectors"));
        node.env("CHROMIUM", CHROMIUM);
        node
    }
}

/// Node, npm and Chromium; what is missing of them, if they cannot be fetched.
fn programs() -> Result<(), String> {
    let there = || answers("node") && answers("npm") && Path::new(CHROMIUM).is_file();
    tools::debian(&["nodejs", "npm", "chromium"], there).map_or(Ok(()), Err)
}

fn answers(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|it| it.success())
}

/// Copies the scripts to the target folder and installs there what they need; says why if it cannot.
fn prepare(shop: &Shop, folder: &Path) -> Result<Result<(), String>> {
    fs::create_dir_all(folder).context("failed to make the folder of the page's tests")?;
    let source = shop.root().join(FOLDER).join("test");
    let lock = "package-lock.json";
    let fresh = fs::read(folder.join(lock)).is_ok_and(|it| {
        fs::read(source.join(lock)).is_ok_and(|ours| ours == it)
            && folder.join("node_modules").join(".package-lock.json").is_file()
    });
    for name in SCRIPTS {
        fs::copy(source.join(name), folder.join(name))
            .with_context(|| format!("failed to copy {FOLDER}/test/{name}"))?;
    }
    if fresh {
        return Ok(Ok(()));
    }
    println!("$ npm ci (in {FOLDER}/test)");
    let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    let status = Command::new("npm")
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .status()
        .context("failed to start npm")?;
    if status.success() {
        return Ok(Ok(()));
    }
    // Else the next run would take the copied lock file for what is installed.
    fs::remove_file(folder.join(lock)).context("failed to remove the lock file")?;
    Ok(Err(format!("`npm ci` in {FOLDER}/test cannot fetch its packages")))
}
