//! `cargo xtask bench`: end-to-end figures of the release binary.
//!
//! A bench prints the machine, the command that reproduces it and its figures, beside a peer's on
//! the same files in the same run. No figure stands here that was not measured by the run that
//! prints it.

mod amounts;
mod chain;
mod data;
mod label;
pub(crate) mod measure;
mod memory;
mod page;
mod peers;
mod publisher;
mod reports;
mod scaling;
mod seal;
mod settlement;
mod statement;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::shop::{Profile, Shop};

/// What a bench is asked for.
#[derive(Clone, Debug, Default)]
struct Wish {
    /// Sizes of reports, in lines; the bench's own if none is named.
    lines: Vec<u64>,
    /// Small and once: whether it works, not how fast it is.
    quick: bool,
}

/// Builds the release binaries and runs the named bench, or all of them.
pub(crate) fn measure(shop: &Shop, words: &[&str]) -> Result<ExitCode> {
    let (what, rest) = words.split_first().map_or(("all", words), |(what, rest)| (*what, rest));
    let known = [
        "settlement",
        "label",
        "statement",
        "page",
        "reports",
        "scaling",
        "memory",
        "publisher",
        "seal",
        "chain",
        "all",
    ];
    if !known.contains(&what) {
        bail!("`{what}` is no bench; there are {}", known.join(", "));
    }
    let wish = wish(rest)?;
    if what == "chain" {
        measure::machine();
        chain::run(shop, &wish)?;
        return Ok(ExitCode::SUCCESS);
    }
    let binary = shop.leitmotif(Profile::Release)?;
    measure::machine();
    let is = |name: &str| what == name || what == "all";
    if is("settlement") {
        settlement::run(&binary)?;
    }
    if is("label") {
        label::run(shop, &binary, &wish)?;
    }
    if is("statement") {
        statement::run(&binary, &wish)?;
    }
    if is("page") {
        page::run(shop, &binary, &wish)?;
    }
    if is("reports") {
        reports::run(shop, &binary, &wish)?;
    }
    // With sizes of one's own, only these are wanted.
    if what == "scaling" || (is("reports") && wish.lines.is_empty()) {
        scaling::run(shop, &binary, &wish)?;
    }
    if is("memory") {
        memory::run(shop, &binary, &wish)?;
    }
    if is("seal") {
        seal::run(shop, &binary, &wish)?;
    }
    if is("publisher") {
        publisher::run(shop, &binary, &wish)?;
    }
    if is("chain") {
        chain::run(shop, &wish)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn wish(words: &[&str]) -> Result<Wish> {
    let mut wish = Wish::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--quick" => wish.quick = true,
            "--lines" => {
                let number = words.next().context("--lines needs a number")?;
                wish.lines.push(number.parse().context("--lines needs a number")?);
            }
            other => bail!("`{other}` is no word of a bench; there are --lines N and --quick"),
        }
    }
    Ok(wish)
}
