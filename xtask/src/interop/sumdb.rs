//! Go's checksum database client reads our log: notes, tiles, proofs (golang.org/x/mod/sumdb).

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::tools::{debian, folder, output, two_months};
use crate::shop::Shop;
use crate::test::Outcome;

const PROGRAM: &str = include_str!("sumdb.go");

/// Where Debian keeps the sources of Go packages.
const SOURCES: &str = "/usr/share/gocode";

/// Builds the Go program and has it check a log that the built program made.
pub(crate) fn run(shop: &Shop) -> Result<Outcome> {
    let there = || {
        let source = Path::new(SOURCES).join("src/golang.org/x/mod/sumdb/tlog/tlog.go");
        source.exists() && output(Command::new("go").arg("version")).is_ok()
    };
    if let Some(why) = debian(&["golang-go", "golang-golang-x-mod-dev"], there) {
        return Ok(Outcome::Skipped(why));
    }
    let played = two_months(shop, "sumdb")?;
    let folder = folder(shop, "sumdb")?;
    let source = folder.join("main.go");
    std::fs::write(&source, PROGRAM).context("failed to write the Go program")?;
    let program = folder.join("main");
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(&program).arg(&source).current_dir(&folder);
    // The packages of Debian and nothing from elsewhere.
    build.env("GO111MODULE", "off").env("GOPATH", SOURCES).env("GOFLAGS", "");
    build.env("GOCACHE", folder.join("cache"));
    output(&mut build)?;
    let statements = played.home.join("statements/2021-07");
    let mut check = Command::new(&program);
    check.arg(played.home.join("log")).arg(&played.old_checkpoint).arg(&statements);
    check.arg(statements.join("log-key.txt"));
    print!("{}", output(&mut check)?);
    Ok(Outcome::Passed)
}
