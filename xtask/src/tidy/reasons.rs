//! Every outside crate has its reason in `docs/decisions/0002-dependencies.md`, and is used.

use super::Complaint;
use super::tree::Tree;

const PAGE: &str = "docs/decisions/0002-dependencies.md";

/// Each outside crate of the root manifest is a row of the page's table and is named by a package.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let (Some(manifest), Some(page)) = (tree.file("Cargo.toml"), tree.file(PAGE)) else {
        return vec![Complaint::new(PAGE, 0, "is missing, or the root manifest is; write it")];
    };
    let mut complaints = Vec::new();
    for (index, name) in outside(&manifest.text) {
        let row = format!("| `{name}` |");
        if !page.text.lines().any(|line| line.starts_with(&row)) {
            let advice = format!("`{name}` has no row in {PAGE}; say why it is taken");
            complaints.push(Complaint::new("Cargo.toml", index + 1, advice));
        }
        let used = tree
            .packages
            .iter()
            .any(|package| package.needs.iter().any(|need| !need.inner && need.name == name));
        if !used {
            let advice = format!("no package uses `{name}`; strike it, here and in {PAGE}");
            complaints.push(Complaint::new("Cargo.toml", index + 1, advice));
        }
    }
    complaints
}

/// The outside crates of `[workspace.dependencies]`, one a line, with their 0-based lines.
fn outside(manifest: &str) -> Vec<(usize, &str)> {
    let lines = manifest.lines().enumerate();
    lines
        .skip_while(|(_, line)| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['))
        .filter_map(|(index, line)| {
            let (name, value) = line.split_once(" = ")?;
            (!name.starts_with('#') && !value.contains("path = ")).then_some((index, name))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Need, Package, Tree};
    use super::{PAGE, check};

    #[test]
    fn every_outside_crate_has_a_reason() {
        crate::tidy::holds(check);
    }

    #[test]
    fn a_crate_without_a_reason_is_told() {
        let manifest = "[workspace.dependencies]\nmoney = { path = \"crates/money\" }\n# why\n\
                        csv = \"1\"\ntoml = \"1\"\n\n[profile.dev]\nx = 1\n";
        let mut tree = Tree::of(&[("Cargo.toml", manifest), (PAGE, "| `csv` | why |\n")]);
        let need = |name: &str| Need { name: name.to_owned(), inner: false, dev: false };
        tree.packages.push(Package {
            name: "catalog".to_owned(),
            manifest: "crates/catalog/Cargo.toml".to_owned(),
            floor: Some(1),
            needs: vec![need("toml")],
        });
        assert_eq!(
            crate::tidy::said(check, &tree),
            format!(
                "Cargo.toml:4: no package uses `csv`; strike it, here and in {PAGE}\n\
                 Cargo.toml:5: `toml` has no row in {PAGE}; say why it is taken\n"
            )
        );
    }
}
