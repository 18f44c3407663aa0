//! The root, the README and the CHANGELOG are in shape.

use std::collections::BTreeSet;

use super::Complaint;
use super::tree::Tree;

/// What a plain listing of the root may show; names with a leading dot are not shown.
const ROOT_ENTRIES_MAX: usize = 19;
const README_LINES_MAX: usize = 200;

/// The sections a release may have (Keep a Changelog 1.1.0).
const SECTIONS: [&str; 6] = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/// The root has few entries; the papers that everybody looks for are there and in shape.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = root(tree);
    for paper in ["README.md", "CHANGELOG.md", "ARCHITECTURE.md", "LICENSE", "deny.toml"] {
        if tree.file(paper).is_none() {
            complaints.push(Complaint::new(paper, 0, "is missing; write it"));
        }
    }
    if let Some(readme) = tree.file("README.md") {
        let lines = readme.text.lines().count();
        if lines > README_LINES_MAX {
            let advice =
                format!("{lines} lines, {README_LINES_MAX} is the most; move parts to docs/");
            complaints.push(Complaint::new("README.md", 0, advice));
        }
    }
    if let Some(changelog) = tree.file("CHANGELOG.md") {
        complaints.extend(shape(&changelog.text));
    }
    complaints
}

fn root(tree: &Tree) -> Vec<Complaint> {
    let entries: BTreeSet<&str> =
        tree.files.iter().filter_map(|file| file.path.split('/').next()).collect();
    let shown = entries.iter().filter(|entry| !entry.starts_with('.')).count();
    if shown <= ROOT_ENTRIES_MAX {
        return Vec::new();
    }
    let advice = format!("{shown} entries, {ROOT_ENTRIES_MAX} are the most; find a folder for one");
    vec![Complaint::new("the root", 0, advice)]
}

fn shape(text: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut object = |line: usize, advice: &str| {
        complaints.push(Complaint::new("CHANGELOG.md", line, advice));
    };
    if text.lines().next() != Some("# Changelog") {
        object(1, "the first line is to be `# Changelog`");
    }
    let mut releases = 0;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if let Some(title) = line.strip_prefix("## ") {
            releases += 1;
            if releases == 1 && title != "[Unreleased]" {
                object(number, "the first release is to be `## [Unreleased]`");
            } else if releases > 1 && !is_release(title) {
                object(number, "a release is written `## [1.2.3] - 2026-01-31`");
            }
        } else if let Some(title) = line.strip_prefix("### ")
            && !SECTIONS.contains(&title)
        {
            object(number, "a section is Added, Changed, Deprecated, Removed, Fixed or Security");
        }
    }
    if releases == 0 {
        object(1, "has no `## [Unreleased]`");
    }
    complaints
}

fn is_release(title: &str) -> bool {
    let numbers = |text: &str, by: char, lengths: [usize; 3]| {
        let parts: Vec<&str> = text.split(by).collect();
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        parts.len() == 3
            && parts
                .iter()
                .zip(lengths)
                .all(|(part, length)| digits(part) && (length == 0 || part.len() == length))
    };
    let version = title.strip_prefix('[').and_then(|rest| rest.split_once("] - "));
    version.is_some_and(|(version, date)| {
        numbers(version, '.', [0; 3]) && numbers(date, '-', [4, 2, 2])
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::{check, shape};

    #[test]
    fn the_papers_are_in_shape() {
        crate::tidy::holds(check);
    }

    #[test]
    fn a_shapeless_changelog_is_told() {
        let good = "# Changelog\n\n## [Unreleased]\n\n### Added\n- x\n\n## [0.1.0] - 2026-11-23\n";
        assert_eq!(shape(good), []);
        let lines: Vec<usize> =
            shape("# News\n## 0.1\n### New\n## [1.0] - today\n").iter().map(|it| it.line).collect();
        assert_eq!(lines, [1, 2, 3, 4]);
    }

    #[test]
    fn a_crowded_root_is_told() {
        let names: Vec<String> = (0..20).map(|number| format!("{number}/x")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let text = crate::tidy::said(check, &Tree::of(&files));
        assert!(text.starts_with("the root: 20 entries"), "{text}");
    }
}
