//! `cargo xtask reference`: the pages of `docs/reference`, printed by the binary itself.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};

use crate::shop::{Profile, Shop};
use crate::test::Outcome;

/// The folder of the generated pages.
const FOLDER: &str = "docs/reference";

/// A page, and the words that make the binary print it.
const PAGES: &[(&str, &[&str])] = &[
    ("cli.md", &["reference"]),
    ("findings.md", &["report", "rules", "--form", "markdown"]),
    ("views.md", &["query", "--views"]),
];

/// Writes the pages.
pub(crate) fn write(shop: &Shop) -> Result<ExitCode> {
    let folder = shop.root().join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("failed to make {FOLDER}"))?;
    let binary = shop.leitmotif(Profile::Debug)?;
    for (page, words) in PAGES {
        let text = print(&binary, words)?;
        fs::write(folder.join(page), text)
            .with_context(|| format!("failed to write {FOLDER}/{page}"))?;
        println!("wrote {FOLDER}/{page}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares the pages with what the binary prints today.
pub(crate) fn compare(shop: &Shop) -> Result<ExitCode> {
    match outcome(shop)? {
        Outcome::Failed(advice) => {
            eprintln!("xtask: {advice}");
            Ok(ExitCode::FAILURE)
        }
        Outcome::Passed | Outcome::Skipped(_) => {
            println!("the pages of {FOLDER} are fresh");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The comparison as a step of the test run; skipped before the first page is written.
pub(crate) fn step(shop: &Shop) -> Result<Outcome> {
    if shop.root().join(FOLDER).is_dir() {
        outcome(shop)
    } else {
        Ok(Outcome::Skipped(format!("there is no {FOLDER} yet; `cargo xtask reference` writes it")))
    }
}

fn outcome(shop: &Shop) -> Result<Outcome> {
    let binary = shop.leitmotif(Profile::Debug)?;
    let mut stale = Vec::new();
    for (page, words) in PAGES {
        let fresh = print(&binary, words)?;
        let kept = fs::read_to_string(shop.root().join(FOLDER).join(page)).unwrap_or_default();
        if let Some(line) = first_difference(&kept, &fresh) {
            stale.push(format!("{FOLDER}/{page}:{line}"));
        }
    }
    Ok(if stale.is_empty() {
        Outcome::Passed
    } else {
        let places = stale.join(", ");
        Outcome::Failed(format!("Stale: {places}. Run `cargo xtask reference`, look, and keep it."))
    })
}

fn print(binary: &Path, words: &[&str]) -> Result<String> {
    let said = words.join(" ");
    let output = Command::new(binary)
        .args(words)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("failed to start `leitmotif {said}`"))?;
    ensure!(output.status.success(), "`leitmotif {said}` failed: see above");
    ensure!(!output.stdout.is_empty(), "`leitmotif {said}` printed nothing");
    String::from_utf8(output.stdout).with_context(|| format!("`leitmotif {said}` is not UTF-8"))
}

/// The 1-based number of the first line in which two texts differ.
fn first_difference(old: &str, new: &str) -> Option<usize> {
    if old == new {
        return None;
    }
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_differing_line_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("", "a\n"), Some(1));
    }
}
