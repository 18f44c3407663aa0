//! The exit codes that scripts rely on.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use crate::door::{leitmotif, played, prepared, program, receipts, well};

#[test]
fn failures_are_one_and_dirty_data_is_three() {
    let folder = played("fee-then-share");
    let at = folder.path();
    for words in [
        &["report", "import", "no-such-file.tsv"][..],
        &["report", "check", "no-such-file.tsv"],
        &["report", "show", "zzzz"],
        &["report", "explain", "no-such-rule"],
        &["catalog", "import", "no-such-folder"],
        &["settle", "2021-06"],
        &["publish", "no-such-settlement"],
        &["statement", "show", "2021-06", "payee:nobody"],
        &["verify", "no-such.receipt"],
        &["share", "--repertoire", "nothing", "--period", "2021"],
    ] {
        let answer = leitmotif(at, words);
        assert_eq!((answer.code, answer.out.as_str()), (1, ""), "{words:?}: {answer:?}");
        assert!(answer.err.lines().any(|it| it.starts_with("error: ")), "{words:?}: {answer:?}");
    }
    let text = fs::read_to_string(at.join("report.tsv")).unwrap();
    fs::write(at.join("changed.tsv"), text.replace("700", "800")).unwrap();
    let conflict = leitmotif(at, &["report", "import", "changed.tsv"]);
    assert_eq!(conflict.code, 3, "{conflict:?}");
    assert!(conflict.out.contains("conflict"), "{conflict:?}");
    assert!(well(at, &["report", "list"]).contains("conflict"));
    let broken = text.replace("made-up-fee", "another").replace("700", "7OO");
    fs::write(at.join("broken.tsv"), broken).unwrap();
    let checked = leitmotif(at, &["report", "check", "broken.tsv"]);
    assert_eq!(checked.code, 3, "{checked:?}");
    assert!(checked.out.contains("broken.tsv: ") && checked.out.contains("line 4 "), "{checked:?}");
    assert_eq!(leitmotif(at, &["report", "import", "broken.tsv"]).code, 3);
    fs::write(at.join("catalogue/parties.toml"), "[[party]]\nid = \"UPPER\"\n").unwrap();
    assert_eq!(leitmotif(at, &["catalog", "import", "catalogue", "--dry-run"]).code, 3);
    well(at, &["report", "check", "report.tsv"]);
}

#[test]
fn what_does_not_hold_says_of_which_kind_it_is() {
    let folder = played("two-currencies");
    let at = folder.path();
    let home = at.join("leitmotif-data");
    let key = well(at, &["log", "key"]);
    let other = {
        let other = played("fee-then-share");
        well(other.path(), &["log", "key"])
    };
    let path = receipts(&home, "2021-06").remove(0);
    let receipt = fs::read_to_string(&path).unwrap();
    let statement = path.with_extension("json");
    let check = |code: i32, words: &[&str]| {
        let answer = leitmotif(at, words);
        assert_eq!(answer.code, code, "{words:?}: {answer:?}");
        assert!(code == 0 || (answer.out.is_empty() && answer.err.starts_with("error: ")));
    };
    let given = path.to_str().unwrap();
    check(0, &["verify", given]);
    check(0, &["verify", given, "--key", &key, "--statement", statement.to_str().unwrap()]);
    check(13, &["verify", given, "--key", &other]);
    check(1, &["verify", given, "--key", "no key"]);
    let forged = |name: &str, text: String| {
        assert_ne!(text, receipt, "{name}: nothing was changed");
        fs::write(at.join(name), text).unwrap();
        name.to_owned()
    };
    check(10, &["verify", &forged("10a", "{}".to_owned())]);
    check(10, &["verify", &forged("10b", format!("{receipt}\n"))]);
    let earned = receipt.replacen("\"earned\":\"", "\"earned\":\"1", 1);
    check(11, &["verify", &forged("11", earned)]);
    let name = receipt.replacen("\"operator\":\"", "\"operator\":\"The ", 1);
    check(18, &["verify", &forged("18", name)]);
    let entry = receipt.replacen("\\\"parts\\\":", "\\\"parts\\\":1", 1);
    check(12, &["verify", &forged("12", entry)]);
    let named = receipt.replace(key.trim(), other.trim());
    check(13, &["verify", &forged("13", named)]);
    let other_statement = receipts(&home, "2021-06").pop().unwrap().with_extension("json");
    check(15, &["verify", given, "--statement", other_statement.to_str().unwrap()]);
    check(0, &["log", "verify"]);
    check(14, &["log", "verify", "--key", &other]);
    check(14, &["log", "verify", "catalogue", "--key", &key]);
    fs::write(home.join("log/stray"), "x").unwrap();
    check(14, &["log", "verify"]);
}

#[test]
fn a_settlement_that_comes_out_otherwise_is_three() {
    let folder = played("fee-then-share");
    let at = folder.path();
    assert!(well(at, &["replay"]).contains("all as they were posted"));
    assert_eq!(leitmotif(at, &["replay", "1999-01"]).code, 1);
    // Statements name their operator, so under another name they are others.
    fs::write(at.join("leitmotif-data/leitmotif.toml"), "operator = \"Somebody else\"\n").unwrap();
    let answer = leitmotif(at, &["replay", "2021-06"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.out.contains("statement retained KRW"), "{answer:?}");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = prepared("fee-then-share");
    for words in
        [&["report", "rules"][..], &["reference"], &["report", "rules", "--format", "json"]]
    {
        let mut child = program(folder.path(), words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let status = child.wait().unwrap();
        let mut err = String::new();
        child.stderr.unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((status.code(), err.as_str()), (Some(0), ""), "{words:?}");
    }
}
