//! An open task carries a name: who will close it, or which issue tells of it.

use super::Complaint;
use super::tree::Tree;

/// The marks, in halves, so that this file does not complain about itself.
const MARKS: [(&str, &str); 2] = [("TO", "DO"), ("FIX", "ME")];

/// Every mark of an open task is followed by `(name)`.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in &tree.files {
        for (index, line) in file.text.lines().enumerate() {
            for (head, tail) in MARKS {
                let mark = format!("{head}{tail}");
                if nameless(line, &mark) {
                    let advice = format!("write `{mark}(name): …`, or do it now");
                    complaints.push(Complaint::new(&file.path, index + 1, advice));
                }
            }
        }
    }
    complaints
}

fn nameless(line: &str, mark: &str) -> bool {
    line.match_indices(mark).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + mark.len()..]);
        let inside = |it: char| it == '_' || it.is_alphanumeric();
        let word = !before.ends_with(inside) && !after.starts_with(inside);
        let name = after.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        word && name.is_none_or(|(name, _)| name.trim().is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    #[test]
    fn open_tasks_carry_names() {
        crate::tidy::holds(check);
    }

    #[test]
    fn a_nameless_one_is_told() {
        let mark = concat!("TO", "DO");
        let text = format!("// {mark}(mina): later\n// {mark}: later\n// {mark}() x\nMY_{mark}S\n");
        let tree = Tree::of(&[("a.rs", &text)]);
        assert_eq!(
            crate::tidy::said(check, &tree),
            format!(
                "a.rs:2: write `{mark}(name): …`, or do it now\n\
                 a.rs:3: write `{mark}(name): …`, or do it now\n"
            )
        );
    }
}
