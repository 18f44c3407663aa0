//! The judge of outside crates: cargo-deny reads `deny.toml` over the whole graph.
//!
//! Only a verdict fails the step. A machine that lacks the tool and cannot fetch it, or that lacks
//! the crates' sources, skips the step in plain sight.

use std::process::Stdio;

use anyhow::{Context, Result};

use crate::shop::Shop;
use crate::test::{Outcome, passes};

/// The version `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// Bans, licences and sources.
pub(crate) fn verdict(shop: &Shop) -> Result<Outcome> {
    install(shop)?;
    if let Some(why) = unable(shop) {
        return Ok(Outcome::Skipped(why));
    }
    let judge = ["--hide-inclusion-graph", "bans", "licenses", "sources"];
    let first = [&["deny", "--locked", "check"], &judge[..]].concat();
    let advice = "A dependency breaks a rule of `deny.toml`: see above.";
    let outcome = passes(shop, &first, advice)?;
    if !matches!(outcome, Outcome::Passed) {
        return Ok(outcome);
    }
    // The second program is judged by rules of its own, and alone.
    let alone = ["deny", "--locked", "--manifest-path", "crates/engine/Cargo.toml"];
    let rules = ["--config", "crates/engine/deny.toml", "check"];
    let advice = "A dependency breaks a rule of `crates/engine/deny.toml`: see above.";
    passes(shop, &[&alone[..], &rules, &judge].concat(), advice)
}

/// Known weaknesses of the outside crates, if the list of them can be fetched.
pub(crate) fn advisories(shop: &Shop) -> Result<Outcome> {
    if let Some(why) = unable(shop) {
        return Ok(Outcome::Skipped(why));
    }
    if !shop.answers(&["deny", "--locked", "fetch", "db"]) {
        let why = "the list of advisories cannot be fetched from here".to_owned();
        return Ok(Outcome::Skipped(why));
    }
    let words = ["deny", "--locked", "--offline", "check", "--hide-inclusion-graph", "advisories"];
    passes(shop, &words, "An outside crate has a known weakness: see above, and update it.")
}

/// Installs the tool if it is not here; that this may fail shows in [`unable`].
fn install(shop: &Shop) -> Result<()> {
    if shop.answers(&["deny", "--version"]) {
        return Ok(());
    }
    println!("cargo-deny is not here: `cargo install` fetches version {VERSION}, some minutes");
    let words = ["install", "--locked", "--quiet", "cargo-deny", "--version", VERSION];
    // Built in a folder of its own, so that the tool's parts do not fill ours.
    shop.cargo(&words)
        .env_remove("CARGO_TARGET_DIR")
        .stdout(Stdio::null())
        .status()
        .context("failed to start cargo")?;
    Ok(())
}

/// Why the judge cannot sit here, if it cannot.
fn unable(shop: &Shop) -> Option<String> {
    if !shop.answers(&["deny", "--version"]) {
        return Some("cargo-deny is not installed and could not be".to_owned());
    }
    // The licence files are read from the crates' sources, those for other systems included.
    if !shop.answers(&["metadata", "--locked", "--format-version", "1"]) {
        return Some("the sources of some outside crate cannot be fetched from here".to_owned());
    }
    None
}
