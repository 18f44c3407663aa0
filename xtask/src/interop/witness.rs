//! A witness that others wrote, in Python, cosigns for our log; ours cosigns for theirs.
//!
//! `aics-witness` and `aics-tlog` ask for Python 3.12 and work with 3.11, which Debian 12 has.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::tools::{Running, folder, free_port, output, python, start_and_read, start_on};
use crate::shop::{Profile, Shop};
use crate::test::Outcome;

const PACKAGES: &[&str] = &["aics-witness==0.1.0", "aics-tlog==0.2.1"];

const LOG: &str = include_str!("witness.py");

/// The log of the tests of `witness`, and its key.
const TEST_ORIGIN: &str = "log.example/royalties";
const TEST_KEY: &str =
    "log.example/royalties+f0ddbbe1+Aess8Tv3rjpfYUFoofsJJy05dx7EuFI3J4FeRmyvjuFj";

/// Both ways, one after the other.
pub(crate) fn run(shop: &Shop) -> Result<Outcome> {
    let bin = match python(shop, "witness", PACKAGES)? {
        Ok(bin) => bin,
        Err(why) => return Ok(Outcome::Skipped(why)),
    };
    let folder = folder(shop, "witness")?;
    std::fs::remove_dir_all(&folder).context("failed to remove the files of the last run")?;
    std::fs::create_dir_all(&folder).context("failed to make a folder")?;
    their_witness(shop, &bin, &folder.join("theirs"))?;
    our_witness(shop, &bin, &folder.join("ours"))?;
    Ok(Outcome::Passed)
}

/// Starts their witness and lets our client ask it.
fn their_witness(shop: &Shop, bin: &Path, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).context("failed to make a folder")?;
    let config = folder.join("witness.json");
    let port = free_port()?;
    let command = |words: &[&str]| {
        let mut command = Command::new(bin.join("aics-witness"));
        command.args(words).arg("--config").arg(&config).current_dir(folder);
        command
    };
    let key = output(&mut command(&["init", "--name", "witness.example/theirs"]))?;
    let key = key.lines().find(|line| line.starts_with("witness.example/theirs+"));
    let key = key.context("their witness prints no key")?;
    output(&mut command(&["add-log", "--origin", TEST_ORIGIN, "--vkey", TEST_KEY]))?;
    let listen = format!("127.0.0.1:{port}");
    let _witness = start_on(&mut command(&["serve", "--listen", &listen]), port)?;
    let words = ["test", "--locked", "--package", "witness", "--test", "it", "--quiet"];
    let words = [&words[..], &["stranger", "--", "--nocapture"]].concat();
    let status = shop
        .cargo(&words)
        .env("LEITMOTIF_WITNESS_URL", format!("http://{listen}"))
        .env("LEITMOTIF_WITNESS_KEY", key)
        .status()
        .context("failed to start cargo")?;
    ensure!(status.success(), "our client and their witness disagree: see above");
    let evidence = output(&mut command(&["evidence"]))?;
    ensure!(evidence.contains(TEST_ORIGIN), "their witness kept no evidence of our forks");
    println!("aics-witness cosigned our checkpoints, and kept evidence of our forks");
    Ok(())
}

/// Starts our witness and lets their log ask it.
fn our_witness(shop: &Shop, bin: &Path, folder: &Path) -> Result<()> {
    let program = shop.leitmotif(Profile::Debug)?;
    let ours = |words: &[&str]| {
        let mut command = Command::new(&program);
        command.arg("witness").args(words).arg("--folder").arg(folder);
        command
    };
    let theirs = |words: &[&str]| {
        let mut command = Command::new(bin.join("python"));
        command.arg("-c").arg(LOG).args(words);
        command
    };
    output(&mut ours(&["init", "--name", "witness.example/ours"]))?;
    output(&mut ours(&["add-log", output(&mut theirs(&["key"]))?.trim()]))?;
    let (witness, line) = start_and_read(&mut ours(&["serve", "--listen", "127.0.0.1:0"]))?;
    let (url, key) = line.split_once(' ').context("our witness prints no address and key")?;
    print!("{}", output(&mut theirs(&["ask", url, key]))?);
    // Killed without a word and started again: it remembers.
    drop::<Running>(witness);
    let (_witness, line) = start_and_read(&mut ours(&["serve", "--listen", "127.0.0.1:0"]))?;
    let (url, key) = line.split_once(' ').context("our witness prints no address and key")?;
    print!("{}", output(&mut theirs(&["again", url, key]))?);
    let evidence = ours(&["evidence"]).output().context("failed to start our program")?;
    ensure!(evidence.status.code() == Some(14), "our witness does not tell of the fork");
    Ok(())
}
