//! No file knows a machine or a registry: what is kept works on any checkout.

use super::Complaint;
use super::tree::Tree;

/// Top folders of somebody's machine, without the slash.
const FOLDERS: [&str; 4] = ["home", "root", "tmp", "work"];

/// Hosts of package registries, in parts, so that this file does not complain about itself.
const HOSTS: &[&[&str]] = &[
    &["crates", "io"],
    &["pypi", "org"],
    &["pythonhosted", "org"],
    &["npmjs", "com"],
    &["npmjs", "org"],
    &["rubygems", "org"],
    &["proxy", "golang", "org"],
    &["repo", "maven", "apache", "org"],
];

/// No file but the lock file, which cargo writes, names a machine's folder or a registry's host.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.files.iter().filter(|file| !file.path.ends_with("Cargo.lock")) {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(folder) = FOLDERS.iter().find(|folder| names_folder(line, folder)) {
                let advice = format!(
                    "names the machine's folder `{folder}`; use a path from the root, or `tempfile`"
                );
                complaints.push(Complaint::new(&file.path, index + 1, advice));
            }
            if let Some(host) = HOSTS.iter().find(|host| names_host(line, &host.join("."))) {
                let advice = format!(
                    "names the registry's host `{}`; name the package, its registry is configured",
                    host.join(" ")
                );
                complaints.push(Complaint::new(&file.path, index + 1, advice));
            }
        }
    }
    complaints
}

/// Whether a line has `/folder` as the start of an absolute path.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let Some(before) = line[..at].strip_suffix('/') else { return false };
        let rest = &line[at + folder.len()..];
        let starts = !before.ends_with(|it: char| {
            it.is_alphanumeric() || matches!(it, '.' | '/' | '_' | '-' | '}' | ')' | '*' | '>')
        });
        let ends = rest.is_empty() || rest.starts_with(['/', '"', '\'', '`']);
        starts && ends
    })
}

/// Whether a line has the host as a whole name; a longer name that ends or starts so is another.
fn names_host(line: &str, host: &str) -> bool {
    line.match_indices(host).any(|(at, _)| {
        let inside = |it: char| it == '-' || it == '_' || it.is_alphanumeric();
        !line[..at].ends_with(inside) && !line[at + host.len()..].starts_with(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    #[test]
    fn no_file_knows_a_machine() {
        crate::tidy::holds(check);
    }

    #[test]
    fn places_are_told() {
        let slash = "/";
        let lines = [
            format!("let a = \"{slash}tmp/x\";"),
            format!("see {slash}home/mina"),
            "a recording/work pair, ../tmp/x, https://example.org/home/".to_owned(),
            format!("https://static.{}.io/x", "crates"),
            format!("my{}.io is another, and so is {}.iot", "crates", "crates"),
        ];
        let tree = Tree::of(&[("a.rs", &lines.join("\n")), ("Cargo.lock", &lines[3])]);
        let text = crate::tidy::said(check, &tree);
        let places: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(places, ["a.rs:1:", "a.rs:2:", "a.rs:4:"], "{text}");
    }
}
