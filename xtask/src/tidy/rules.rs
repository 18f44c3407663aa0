//! Every rule about sales reports is one file with its doc and its test.

use std::collections::BTreeMap;

use super::Complaint;
use super::tree::Tree;

/// Where the rules live.
const FOLDER: &str = "crates/dsr/src/rule/";

/// Each file has a `DOC: RuleDoc`, a rule id that nobody else has, and a `#[test]`.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut homes: BTreeMap<&str, &str> = BTreeMap::new();
    let rules = tree.shipped().filter(|file| {
        file.path.strip_prefix(FOLDER).is_some_and(|name| name != "mod.rs" && !name.contains('/'))
    });
    for file in rules {
        if !file.text.contains("DOC: RuleDoc") && !file.text.contains("DOC: finding::RuleDoc") {
            let advice = "has no `DOC: RuleDoc`; say what the rule wants and why";
            complaints.push(Complaint::new(&file.path, 0, advice));
        }
        if !file.text.contains("#[test]") {
            let advice =
                "has no `#[test]`; give it a line that breaks the rule and one that does not";
            complaints.push(Complaint::new(&file.path, 0, advice));
        }
        for (index, id) in ids(&file.text) {
            if let Some(home) = homes.insert(id, &file.path) {
                let advice = format!("the rule id `{id}` is taken by {home}; choose another");
                complaints.push(Complaint::new(&file.path, index + 1, advice));
            }
        }
    }
    complaints
}

/// The ids that stand in the docs of a file, with their 0-based lines.
fn ids(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let rest = line.trim_start().strip_prefix("id: \"")?;
        rest.split_once('"').map(|(id, _)| (index, id))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    #[test]
    fn every_rule_has_doc_and_test() {
        crate::tidy::holds(check);
    }

    #[test]
    fn a_bare_rule_is_told() {
        let full = "const DOC: RuleDoc = RuleDoc {\n    id: \"dsr-a\",\n};\n#[test]\nfn t() {}\n";
        let tree = Tree::of(&[
            ("crates/dsr/src/rule/a.rs", full),
            ("crates/dsr/src/rule/b.rs", full),
            ("crates/dsr/src/rule/c.rs", "fn c() {}\n"),
        ]);
        let said = crate::tidy::said(check, &tree);
        let places: Vec<&str> = said.lines().map(|line| &line[..27]).collect();
        let [b, c] = ["crates/dsr/src/rule/b.rs:2:", "crates/dsr/src/rule/c.rs: h"];
        assert_eq!(places, [b, c, c], "{said}");
    }
}
