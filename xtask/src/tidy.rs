//! `cargo xtask tidy`: the house rules that a compiler does not know, each a check with a test.
//!
//! ```text
//! the checkout ─→ Tree (files, packages) ─→ check ─→ complaints "file:line: what, and what to do"
//! ```
//!
//! Every check is a function from a [`Tree`] to complaints; its tests run it on this repository and
//! on a small tree that breaks the rule. So `cargo test -p xtask` is the same verdict.

mod arrows;
mod bans;
mod heads;
mod lexis;
mod papers;
mod places;
mod reasons;
mod rooms;
mod rules;
mod sizes;
mod todos;
mod tree;
mod words;

use std::fmt;
use std::process::ExitCode;

use anyhow::Result;

use self::tree::Tree;
use crate::shop::Shop;
use crate::test::Outcome;

/// Something in our own files that breaks a house rule.
#[derive(Debug, PartialEq, Eq)]
struct Complaint {
    file: String,
    /// 1-based; 0 means the whole file.
    line: usize,
    /// What is wrong, and what to do.
    advice: String,
}

impl Complaint {
    fn new(file: &str, line: usize, advice: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, advice: advice.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.advice),
            line => write!(f, "{}:{line}: {}", self.file, self.advice),
        }
    }
}

type Check = fn(&Tree) -> Vec<Complaint>;

/// Every check, with the sentence it holds us to.
const CHECKS: &[(&str, Check)] = &[
    ("arrows point down, and every crate states its floor", arrows::check),
    ("each heavy outside crate stays in its room", rooms::check),
    ("every outside crate has its reason and its use", reasons::check),
    ("every crate's head has the six headings", heads::check),
    ("files are at most 800 lines, functions at most 70", sizes::check),
    ("declared names use the house's words", words::check),
    ("an open task carries a name", todos::check),
    ("no file knows a machine or a registry", places::check),
    ("the root, the README and the CHANGELOG are in shape", papers::check),
    ("the exact crates ban floats, unordered maps and clocks", bans::check),
    ("every rule has its doc and its test", rules::check),
];

/// Runs every check, prints what they say, and returns the exit code.
pub(crate) fn report(shop: &Shop) -> Result<ExitCode> {
    let complaints = inspect(shop)?;
    Ok(if complaints == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The checks as one step of the test run.
pub(crate) fn step(shop: &Shop) -> Result<Outcome> {
    Ok(match inspect(shop)? {
        0 => Outcome::Passed,
        count => {
            Outcome::Failed(format!("{count} places break a house rule: each says what to do."))
        }
    })
}

fn inspect(shop: &Shop) -> Result<usize> {
    let tree = Tree::read(shop)?;
    let mut count = 0;
    for (rule, check) in CHECKS {
        let complaints = check(&tree);
        println!("{} {rule}", if complaints.is_empty() { "ok  " } else { "FAIL" });
        for complaint in &complaints {
            println!("     {complaint}");
        }
        count += complaints.len();
    }
    let long = sizes::long_files(&tree);
    if !long.is_empty() {
        println!("note files over 400 lines, worth splitting:");
        for (file, lines) in long {
            println!("     {file}: {lines} lines");
        }
    }
    Ok(count)
}

/// Fails the test with all complaints of a check about this repository.
#[cfg(test)]
fn holds(check: Check) {
    let tree = Tree::read(&Shop::open().unwrap()).unwrap();
    let complaints: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// The complaints of a check about a made-up tree, one a line.
#[cfg(test)]
fn said(check: Check, tree: &Tree) -> String {
    check(tree).iter().map(|complaint| format!("{complaint}\n")).collect()
}
