//! Every crate's head has the six headings.

use super::Complaint;
use super::tree::Tree;

/// The headings, in their order.
const HEADINGS: [&str; 6] =
    ["# Purpose", "# Words", "# Drawing", "# Example", "# Invariants", "# What it does not do"];

/// Every `crates/<name>/src/lib.rs` opens with a doc that has the six headings, in order, something
/// below each, and an example that is compiled. The roof has only a `main.rs`; it opens with a doc.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for package in &tree.packages {
        let Some(folder) = package.manifest.strip_suffix("Cargo.toml") else { continue };
        if !folder.starts_with("crates/") {
            continue;
        }
        let path = format!("{folder}src/lib.rs");
        if let Some(file) = tree.file(&path) {
            complaints.extend(
                objections(&file.text).map(|(line, advice)| Complaint::new(&path, line, advice)),
            );
            continue;
        }
        let path = format!("{folder}src/main.rs");
        if !tree.file(&path).is_some_and(|file| file.text.starts_with("//!")) {
            complaints.push(Complaint::new(&path, 1, "say in a `//!` head what this crate is for"));
        }
    }
    complaints
}

fn objections(text: &str) -> impl Iterator<Item = (usize, String)> {
    let head: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let mut fenced = false;
    let mut sections: Vec<(usize, &str, usize)> = Vec::new();
    let mut compiled = false;
    for (index, line) in head.iter().enumerate() {
        if let Some(fence) = line.trim_start().strip_prefix("```") {
            let example = sections.last().is_some_and(|(_, title, _)| *title == "# Example");
            compiled |= !fenced && example && matches!(fence, "" | "rust" | "no_run");
            fenced = !fenced;
        }
        if !fenced && line.starts_with("# ") {
            sections.push((index + 1, line.trim_end(), 0));
        } else if let Some(section) = sections.last_mut() {
            section.2 += usize::from(!line.trim().is_empty());
        }
    }
    let mut found = Vec::new();
    let titles: Vec<&str> = sections.iter().map(|(_, title, _)| *title).collect();
    if titles != HEADINGS {
        let wanted = HEADINGS.join(", ");
        let has = if titles.is_empty() { "none".to_owned() } else { titles.join(", ") };
        found.push((1, format!("the head's headings are to be {wanted}; it has {has}")));
    }
    for (line, title, lines) in &sections {
        if *lines == 0 {
            found.push((*line, format!("nothing stands below `{title}`")));
        }
    }
    if !compiled && titles.contains(&"# Example") {
        found.push((1, "`# Example` needs a code block that is compiled".to_owned()));
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Package, Tree};
    use super::check;

    #[test]
    fn every_head_has_the_six_headings() {
        crate::tidy::holds(check);
    }

    fn said(head: &str) -> String {
        let mut tree = Tree::of(&[("crates/a/src/lib.rs", head)]);
        tree.packages.push(Package {
            name: "a".to_owned(),
            manifest: "crates/a/Cargo.toml".to_owned(),
            floor: Some(0),
            needs: Vec::new(),
        });
        crate::tidy::said(check, &tree)
    }

    #[test]
    fn a_full_head_passes() {
        let head = "//! A.\n//!\n//! # Purpose\n//! x\n//! # Words\n//! x\n//! # Drawing\n//! ```text\n\
                    //! # no heading\n//! ```\n//! # Example\n//! ```\n//! let a = 1;\n//! ```\n\
                    //! # Invariants\n//! x\n//! # What it does not do\n//! x\n";
        assert_eq!(said(head), "");
    }

    #[test]
    fn a_bare_head_is_told() {
        let text = said("//! A.\n//! # Example\n//! ```ignore\n//! ```\n//! # Words\n");
        assert!(text.contains("it has # Example, # Words\n"), "{text}");
        assert!(text.contains("lib.rs:5: nothing stands below `# Words`\n"), "{text}");
        assert!(text.contains("needs a code block that is compiled\n"), "{text}");
    }
}
