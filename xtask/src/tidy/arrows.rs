//! Arrows point down.
//!
//! | from | may use | in tests and benches also |
//! |---|---|---|
//! | a crate on a floor | strictly lower floors | its own floor, never a higher one; `testkit` |
//! | `testkit` | every crate on a floor | the same |
//! | `xtask` | no crate of the workspace: the chores run while the crates do not compile | nothing |
//!
//! A test may look sideways, to build an input with a neighbour's types; what is shipped may not.

use super::Complaint;
use super::tree::{Need, Package, Tree};

/// The packages outside the floors.
const OUTSIDE: &[&str] = &["testkit", "xtask"];

/// Every crate under `crates/` states its floor, and every arrow points down.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for package in &tree.packages {
        if package.floor.is_none() && !OUTSIDE.contains(&package.name.as_str()) {
            let advice = "states no floor; add `[package.metadata.plan]` with `floor = n`";
            complaints.push(Complaint::new(&package.manifest, 0, advice));
        }
        for need in package.needs.iter().filter(|need| need.inner) {
            if let Some(advice) = objection(tree, package, need) {
                let line = line_of(tree, package, need);
                complaints.push(Complaint::new(&package.manifest, line, advice));
            }
        }
    }
    complaints
}

fn objection(tree: &Tree, package: &Package, need: &Need) -> Option<String> {
    let (from, to) = (&package.name, &need.name);
    if from == "xtask" {
        return Some(format!("xtask -> {to}: xtask uses no crate of the workspace"));
    }
    if OUTSIDE.contains(&to.as_str()) {
        let allowed = to == "testkit" && need.dev;
        return (!allowed)
            .then(|| format!("{from} -> {to}: only tests may use {to}, nobody xtask"));
    }
    // A missing floor is its own complaint.
    let high = package.floor?;
    let low = tree.packages.iter().find(|package| package.name == *to)?.floor?;
    let points_down = if need.dev { low <= high } else { low < high };
    (!points_down).then(|| {
        let kind = if need.dev { "a test's arrow may not point up" } else { "arrows point down" };
        format!("{from} (floor {high}) -> {to} (floor {low}): {kind}; move the shared noun lower")
    })
}

/// The line of the manifest that names the dependency, as near as text can tell.
fn line_of(tree: &Tree, package: &Package, need: &Need) -> usize {
    let Some(file) = tree.file(&package.manifest) else { return 0 };
    let names = |line: &str| {
        line.strip_prefix(need.name.as_str()).is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
    };
    file.text.lines().position(names).map_or(0, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Need, Package, Tree};
    use super::check;

    fn package(name: &str, floor: Option<u64>, needs: &[(&str, bool)]) -> Package {
        Package {
            name: name.to_owned(),
            manifest: format!("crates/{name}/Cargo.toml"),
            floor,
            needs: needs
                .iter()
                .map(|(name, dev)| Need { name: (*name).to_owned(), inner: true, dev: *dev })
                .collect(),
        }
    }

    #[test]
    fn arrows_point_down() {
        crate::tidy::holds(check);
    }

    #[test]
    fn level_and_rising_arrows_are_told() {
        let tree = Tree {
            packages: vec![
                package("money", Some(0), &[("ledger", true)]),
                package("ledger", Some(1), &[("usage", false), ("money", false)]),
                package("usage", Some(1), &[("ledger", true), ("testkit", true)]),
                package("cue", None, &[("testkit", false)]),
                package("testkit", None, &[("usage", false)]),
                package("xtask", None, &[("money", false)]),
            ],
            ..Tree::default()
        };
        let expected = "\
crates/money/Cargo.toml: money (floor 0) -> ledger (floor 1): a test's arrow may not point up; move the shared noun lower
crates/ledger/Cargo.toml: ledger (floor 1) -> usage (floor 1): arrows point down; move the shared noun lower
crates/cue/Cargo.toml: states no floor; add `[package.metadata.plan]` with `floor = n`
crates/cue/Cargo.toml: cue -> testkit: only tests may use testkit, nobody xtask
crates/xtask/Cargo.toml: xtask -> money: xtask uses no crate of the workspace
";
        assert_eq!(crate::tidy::said(check, &tree), expected);
    }
}
