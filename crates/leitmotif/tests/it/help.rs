//! Every command explains itself.

use std::collections::BTreeSet;

use crate::door::{leitmotif, well};

/// The names below `Commands:` of a help page.
fn commands(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|it| *it != "Commands:").skip(1);
    let list = list.take_while(|it| it.starts_with("  ") || it.is_empty());
    let names = list.filter(|it| it.starts_with("  ") && !it.starts_with("   "));
    let names = names.filter_map(|it| it.split_whitespace().next());
    names.filter(|it| *it != "help").map(str::to_owned).collect()
}

#[test]
fn every_command_has_help() {
    let folder = tempfile::tempdir().unwrap();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    let mut seen = BTreeSet::new();
    while let Some(words) = open.pop() {
        for flag in ["--help", "-h"] {
            let mut line: Vec<&str> = words.iter().map(String::as_str).collect();
            line.push(flag);
            let help = well(folder.path(), &line);
            assert!(help.contains("Usage: leitmotif"), "{line:?}: {help}");
            if flag == "--help" {
                for name in commands(&help) {
                    let mut below = words.clone();
                    below.push(name);
                    seen.insert(below.join(" "));
                    open.push(below);
                }
            }
        }
    }
    for it in [
        "bundle open",
        "bundle new-identity",
        "demo",
        "report import",
        "log verify",
        "verify",
        "claim-check",
        "statement show",
    ] {
        assert!(seen.contains(it), "{it} is not in {seen:?}");
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "help makes no home");
}

#[test]
fn words_that_make_no_command_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    for words in [&[][..], &["nonsense"], &["settle", "no-month"], &["report"], &["verify"]] {
        let answer = leitmotif(folder.path(), words);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{words:?}: {answer:?}");
        assert!(answer.err.contains("--help") || answer.err.contains("Usage"), "{answer:?}");
    }
    assert!(well(folder.path(), &["--version"]).starts_with("leitmotif "));
}
