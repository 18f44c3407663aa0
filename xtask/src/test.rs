//! `cargo xtask test`: every step that must pass before a change is taken.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::shop::Shop;
use crate::{deny, faults, interop, reference, tidy};

/// How a step ended.
pub(crate) enum Outcome {
    /// It found nothing.
    Passed,
    /// It could not be done here; why. Neither passed nor failed.
    Skipped(String),
    /// It found something; what to do, in a plain sentence.
    Failed(String),
}

type Step = (&'static str, fn(&Shop) -> Result<Outcome>);

/// Cheap before dear, so that a slip shows soon. The second program comes last: it drags in an SQL
/// engine and a cluster, and builds longer than all before it.
const STEPS: &[Step] = &[
    ("format", format),
    ("clippy", clippy),
    ("tests", tests),
    ("doctests", doctests),
    ("tidy", tidy::step),
    ("deny", deny::verdict),
    ("advisories", deny::advisories),
    ("reference", reference::step),
    ("interop", interop::step),
    ("faults", faults::step),
    ("engine-clippy", engine_clippy),
    ("engine-tests", engine_tests),
];

/// Runs the steps named, or all if none is, stopping at the first failure.
pub(crate) fn run(shop: &Shop, wanted: &[&str]) -> Result<ExitCode> {
    let known: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(name)) {
        bail!("`{unknown}` is no step; the steps are {}", known.join(", "));
    }
    let (mut passed, mut failed) = (0, 0);
    let mut skipped = Vec::new();
    for (name, step) in STEPS {
        if !wanted.is_empty() && !wanted.contains(name) {
            continue;
        }
        println!("\n== {name} ==");
        let start = Instant::now();
        let outcome = step(shop).unwrap_or_else(|error| Outcome::Failed(format!("{error:#}.")));
        let seconds = start.elapsed().as_secs_f32();
        match outcome {
            Outcome::Passed => {
                passed += 1;
                println!("-- {name}: passed in {seconds:.1} s");
            }
            Outcome::Skipped(why) => {
                println!("-- {name}: SKIPPED, {why}");
                skipped.push(*name);
            }
            Outcome::Failed(advice) => {
                failed += 1;
                println!("-- {name}: FAILED in {seconds:.1} s. {advice}");
                break;
            }
        }
    }
    println!();
    if !skipped.is_empty() {
        println!("skipped: {}", skipped.join(", "));
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Passed if `cargo <words>` succeeds, failed with the advice if not.
pub(crate) fn passes(shop: &Shop, words: &[&str], advice: &str) -> Result<Outcome> {
    Ok(if shop.cargo_passes(words)? { Outcome::Passed } else { Outcome::Failed(advice.to_owned()) })
}

fn format(shop: &Shop) -> Result<Outcome> {
    let advice = "Some file is not in the house format: run `cargo fmt --all`.";
    passes(shop, &["fmt", "--all", "--check"], advice)
}

/// All crates but the second program.
const CORE: &[&str] = &["--workspace", "--exclude", "engine"];
/// The second program.
const ENGINE: &[&str] = &["--package", "engine"];

const OBJECTS: &str = "Clippy objects: mend what it names above.";

fn clippy(shop: &Shop) -> Result<Outcome> {
    let words =
        [&["clippy", "--locked", "--all-targets", "--quiet"], CORE, &["--", "-D", "warnings"]];
    passes(shop, &words.concat(), OBJECTS)
}

/// Clippy over a build in place of a check, as `cargo clippy` itself starts it: four hundred
/// outside crates are then built once for this step and its tests, and not checked beside that.
fn engine_clippy(shop: &Shop) -> Result<Outcome> {
    let driver = [
        ("RUSTC_WORKSPACE_WRAPPER", "clippy-driver"),
        ("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings"),
    ];
    let words = [&["build", "--locked", "--all-targets", "--quiet"], ENGINE].concat();
    println!(
        "$ {} cargo {}",
        driver.map(|it| format!("{}={}", it.0, it.1)).join(" "),
        words.join(" ")
    );
    let status = shop.cargo(&words).envs(driver).status().context("failed to start cargo")?;
    Ok(if status.success() { Outcome::Passed } else { Outcome::Failed(OBJECTS.to_owned()) })
}

fn tests(shop: &Shop) -> Result<Outcome> {
    tests_of(shop, CORE)
}

fn engine_tests(shop: &Shop) -> Result<Outcome> {
    tests_of(shop, ENGINE)
}

fn tests_of(shop: &Shop, which: &[&str]) -> Result<Outcome> {
    let advice = "A test does not hold: its name and the difference stand above.";
    if shop.answers(&["nextest", "--version"]) {
        let words = [&["nextest", "run", "--locked", "--status-level", "fail"], which];
        passes(shop, &words.concat(), advice)
    } else {
        println!("cargo-nextest is not installed; the plain test runner does as well");
        let words = [&["test", "--locked", "--lib", "--bins", "--tests", "--quiet"], which];
        passes(shop, &words.concat(), advice)
    }
}

fn doctests(shop: &Shop) -> Result<Outcome> {
    let words = [&["test", "--locked", "--doc", "--quiet"], CORE];
    passes(shop, &words.concat(), "An example in the docs does not hold: see above.")
}
