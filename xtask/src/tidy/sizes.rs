//! Files are at most 800 lines, functions at most 70: what fits a screen and a head.

use super::Complaint;
use super::lexis::{closing, identifiers, line_at, shipped};
use super::tree::Tree;

const FILE_LINES_MAX: usize = 800;
const FILE_LINES_LONG: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;

/// No source is over 800 lines, no function outside the tests over 70. A file whose first line says
/// `@generated` may be longer.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.sources().filter(|file| !generated(&file.text)) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            let advice = format!("{lines} lines; split it, {FILE_LINES_MAX} is the most");
            complaints.push(Complaint::new(&file.path, 0, advice));
        }
    }
    for file in tree.shipped().filter(|file| !generated(&file.text)) {
        for (line, name, length) in functions(&shipped(&file.text)) {
            if length > FUNCTION_LINES_MAX {
                let advice = format!(
                    "`{name}` has {length} lines; split it, {FUNCTION_LINES_MAX} is the most"
                );
                complaints.push(Complaint::new(&file.path, line, advice));
            }
        }
    }
    complaints
}

/// Sources over 400 lines: no complaint, but worth a look. Longest first.
pub(super) fn long_files(tree: &Tree) -> Vec<(&str, usize)> {
    let mut long: Vec<(&str, usize)> = tree
        .sources()
        .filter(|file| !generated(&file.text))
        .map(|file| (file.path.as_str(), file.text.lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES_LONG)
        .collect();
    long.sort_by_key(|(path, lines)| (std::cmp::Reverse(*lines), *path));
    long
}

fn generated(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains("@generated"))
}

/// The functions of a code: line, name and length in lines, from `fn` to the closing brace.
fn functions(code: &str) -> Vec<(usize, &str, usize)> {
    let mut found = Vec::new();
    let mut words = identifiers(code).peekable();
    while let Some((start, word)) = words.next() {
        if word != "fn" {
            continue;
        }
        // `fn(A) -> B` is a type and has no name right behind it.
        let Some((at, name)) = words.peek().copied() else { break };
        if !code[start + 2..at].trim().is_empty() {
            continue;
        }
        if let Some(open) = body(code, at) {
            let (first, last) = (line_at(code, start), line_at(code, closing(code, open)));
            found.push((first, name, last - first + 1));
        }
    }
    found
}

/// The place of the brace that opens the body; none for a function without one.
fn body(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' if depth == 0 => return Some(at),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::{check, functions, long_files};

    #[test]
    fn files_and_functions_have_bounded_sizes() {
        crate::tidy::holds(check);
    }

    #[test]
    fn functions_are_measured() {
        let code = "trait T { fn a(x: [u8; 2]); }\nfn b(f: fn(u8) -> u8)\nwhere\n  A: B,\n{\n if x {}\n}\n";
        assert_eq!(functions(code), [(2, "b", 6)]);
    }

    #[test]
    fn long_ones_are_told() {
        let long = format!("fn f() {{\n{}}}\n", "    x();\n".repeat(70));
        let tested = format!("#[cfg(test)]\nmod tests {{\n{long}}}\n");
        let table = "x\n".repeat(801);
        let tree = Tree::of(&[
            ("crates/a/src/f.rs", &long),
            ("crates/a/src/g.rs", &tested),
            ("crates/a/src/h.rs", &table),
            ("crates/a/src/i.rs", &format!("// @generated\n{table}")),
        ]);
        assert_eq!(
            crate::tidy::said(check, &tree),
            "crates/a/src/h.rs: 801 lines; split it, 800 is the most\n\
             crates/a/src/f.rs:1: `f` has 72 lines; split it, 70 is the most\n"
        );
        assert_eq!(long_files(&tree), [("crates/a/src/h.rs", 801)]);
    }
}
