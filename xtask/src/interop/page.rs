//! The verifier in a page, against the program: the same receipts, the same verdicts.
//!
//! Node runs the library alone over every receipt of the demonstration and many broken ones;
//! Chromium opens the page from the disk and does what a payee does.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::page::{self, Compiler, FOLDER};
use crate::shop::{Profile, Shop};
use crate::system;
use crate::test::Outcome;

const CHROMIUM: &str = "/usr/bin/chromium";

/// The tests' scripts, and what they need of others.
const SCRIPTS: &[&str] =
    &["package.json", "package-lock.json", "cases.mjs", "node.mjs", "browser.mjs", "time.mjs"];

/// Builds both verifiers, and lets them judge the same.
pub(crate) fn run(shop: &Shop) -> Result<Outcome> {
    if let Err(why) = tools() {
        return Ok(Outcome::Skipped(why));
    }
    let compiler = match Compiler::find(shop) {
        Ok(compiler) => compiler,
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    let page = page::build(shop, &compiler)?;
    let folder = shop.target()?.join("page").join("test");
    if let Err(why) = prepare(shop, &folder)? {
        return Ok(Outcome::Skipped(why));
    }
    let binary = shop.leitmotif(Profile::Debug)?;
    let home = folder.join("demo");
    let made = Command::new(&binary)
        .args(["demo", "--folder"])
        .arg(&home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("failed to start `leitmotif demo`")?;
    ensure!(made.success(), "`leitmotif demo` failed: see above");
    for (script, built) in [("node.mjs", &page.library), ("browser.mjs", &page.html)] {
        println!("$ node {script}");
        let status = Command::new("node")
            .arg(folder.join(script))
            .arg(built)
            .arg(&binary)
            .arg(&home)
            .current_dir(&folder)
            .env("VERIFIER", shop.root().join(FOLDER).join("verifier.js"))
            .env("CHROMIUM", CHROMIUM)
            .stdin(Stdio::null())
            .status()
            .context("failed to start node")?;
        if !status.success() {
            let advice = format!("{FOLDER}/test/{script} found that page and program disagree.");
            return Ok(Outcome::Failed(advice));
        }
    }
    Ok(Outcome::Passed)
}

/// Node, npm and Chromium.
fn tools() -> Result<(), String> {
    let mut missing = Vec::new();
    if !system::answers("node", &["--version"]) {
        missing.push("nodejs");
    }
    if !system::answers("npm", &["--version"]) {
        missing.push("npm");
    }
    if !Path::new(CHROMIUM).is_file() {
        missing.push("chromium");
    }
    if missing.is_empty() { Ok(()) } else { system::install(&missing) }
}

/// Copies the scripts to the target folder and installs there what they need; says why if it cannot.
pub(crate) fn prepare(shop: &Shop, folder: &Path) -> Result<Result<(), String>> {
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
