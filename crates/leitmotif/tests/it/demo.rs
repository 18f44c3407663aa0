//! The demonstration, and the README that shows it.

use std::fs;
use std::path::Path;

use crate::door::{leitmotif, receipts, well};

/// The lines of a document between the command and the end of its block.
fn shown(document: &str) -> Option<String> {
    let start = "```console\n$ cargo run --release -- demo\n";
    let (_, rest) = document.split_once(start)?;
    let (block, _) = rest.split_once("\n```")?;
    Some(format!("{block}\n"))
}

#[test]
fn the_demonstration_is_what_the_readme_shows() {
    let folder = tempfile::tempdir().unwrap();
    let out = well(folder.path(), &["demo"]);
    let home = folder.path().join("leitmotif-demo");
    let receipts = receipts(&home, "2021-Q3");
    assert!(receipts.len() > 10);
    let words = ["verify", receipts[0].to_str().unwrap()];
    assert!(well(folder.path(), &words).starts_with("holds: "));
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let Ok(readme) = fs::read_to_string(readme) else {
        eprintln!("skipped: no README.md");
        return;
    };
    let shown = shown(&readme).expect("README.md shows the demonstration in a console block");
    let squeezed = |text: &str| {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    };
    assert_eq!(squeezed(&shown), squeezed(&out), "README.md shows another demonstration");
}

#[test]
fn the_demonstration_replaces_itself_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/thesis.txt"), "precious").unwrap();
    let answer = leitmotif(folder.path(), &["demo", "--folder", "mine"]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("is not empty"), "{answer:?}");
    assert_eq!(fs::read_to_string(folder.path().join("mine/thesis.txt")).unwrap(), "precious");
}
