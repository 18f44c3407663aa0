//! The exact crates ban floats, unordered maps and clocks, by a `clippy.toml` of their own.

use super::Complaint;
use super::tree::Tree;

/// The crates through which money passes on its way to a statement.
const EXACT: [&str; 4] = ["money", "ledger", "settlement", "statement"];

/// What each of them may not name.
const BANNED: [&str; 5] =
    ["f32", "f64", "std::collections::HashMap", "std::time::SystemTime", "std::time::Instant"];

/// Each exact crate has a `clippy.toml` with every ban.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for name in EXACT {
        let path = format!("crates/{name}/clippy.toml");
        let Some(file) = tree.file(&path) else {
            let advice = "is missing; copy the one of `money`";
            complaints.push(Complaint::new(&path, 0, advice));
            continue;
        };
        for banned in BANNED {
            let entry = format!("path = \"{banned}\"");
            let stands = file
                .text
                .lines()
                .any(|line| !line.trim_start().starts_with('#') && line.contains(&entry));
            if !stands {
                let advice = format!("does not ban `{banned}` in `disallowed-types`; add it");
                complaints.push(Complaint::new(&path, 0, advice));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    #[test]
    fn exact_crates_ban_floats_and_clocks() {
        crate::tidy::holds(check);
    }

    #[test]
    fn a_lifted_ban_is_told() {
        let text = "disallowed-types = [\n# { path = \"f32\" },\n{ path = \"f64\" },\n]\n";
        let tree = Tree::of(&[("crates/money/clippy.toml", text)]);
        let said = crate::tidy::said(check, &tree);
        assert!(said.contains("money/clippy.toml: does not ban `f32`"), "{said}");
        assert!(!said.contains("does not ban `f64`"), "{said}");
        assert!(said.contains("crates/ledger/clippy.toml: is missing"), "{said}");
    }
}
