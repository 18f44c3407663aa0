//! `cargo xtask interop`: what others wrote reads what we write, and the other way round.
//!
//! One file a part. A part fetches what it needs through the ordinary package clients, into the
//! target folder where that is possible, and says in one line what is missing if it cannot.

mod age;
pub(crate) mod chain;
pub(crate) mod page;
mod python;
mod sumdb;
pub(crate) mod tools;
mod vectors;
mod witness;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::shop::Shop;
use crate::test::Outcome;

/// A part by its name.
type Part = (&'static str, fn(&Shop) -> Result<Outcome>);

const PARTS: &[Part] = &[
    ("vectors", vectors::run),
    ("sumdb", sumdb::run),
    ("witness", witness::run),
    ("python", python::run),
    ("chain", chain::part),
    ("age", age::run),
    ("page", page::run),
];

/// Runs the parts named, or all if none is.
pub(crate) fn run(shop: &Shop, wanted: &[&str]) -> Result<ExitCode> {
    let known: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(name)) {
        bail!("`{unknown}` is no part; the parts are {}", known.join(", "));
    }
    let failed = run_parts(shop, wanted);
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The step of `cargo xtask test`: skipped parts are told, and fail nothing.
pub(crate) fn step(shop: &Shop) -> Result<Outcome> {
    let failed = run_parts(shop, &[]);
    Ok(match failed.is_empty() {
        true => Outcome::Passed,
        false => {
            Outcome::Failed(format!("Other programs disagree with ours: {}.", failed.join(", ")))
        }
    })
}

/// Runs parts and returns the names of those that failed.
fn run_parts(shop: &Shop, wanted: &[&str]) -> Vec<&'static str> {
    let mut failed = Vec::new();
    for (name, part) in PARTS {
        if !wanted.is_empty() && !wanted.contains(name) {
            continue;
        }
        let start = Instant::now();
        let outcome = part(shop).unwrap_or_else(|error| Outcome::Failed(format!("{error:#}.")));
        let seconds = start.elapsed().as_secs_f32();
        match outcome {
            Outcome::Passed => println!("-- interop {name}: passed in {seconds:.1} s"),
            Outcome::Skipped(why) => println!("-- interop {name}: skipped: {why}"),
            Outcome::Failed(why) => {
                println!("-- interop {name}: FAILED in {seconds:.1} s. {why}");
                failed.push(*name);
            }
        }
    }
    failed
}
