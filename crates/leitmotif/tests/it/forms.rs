//! Statements as documents and workbooks, from the book to a file.

use std::fs;
use std::path::Path;

use crate::door::{leitmotif, prepared, well};

/// Exports the singer's statement and returns its bytes.
fn exported(at: &Path, name: &str, more: &[&str]) -> Vec<u8> {
    let words =
        ["statement", "export", "2021-06", "payee:singer", "--currency", "USD", "--to", name];
    let out = well(at, &[&words[..], more].concat());
    let bytes = fs::read(at.join(name)).unwrap();
    assert_eq!(out, format!("{name}: {} bytes\n", bytes.len()));
    bytes
}

#[test]
fn a_party_reads_its_statement_in_its_language() {
    let folder = prepared("two-currencies");
    let at = folder.path();
    let parties = at.join("catalogue/parties.toml");
    let text = fs::read_to_string(&parties).unwrap();
    let (before, after) = text.split_once("id = \"singer\"\n").unwrap();
    fs::write(&parties, format!("{before}id = \"singer\"\nlanguage = \"ko\"\n{after}")).unwrap();
    well(at, &["catalog", "import", "catalogue"]);
    well(at, &["report", "import", "report.tsv"]);
    well(at, &["settle", "2021-06"]);
    well(at, &["publish"]);
    let published = at.join("leitmotif-data/statements/2021-06/payee-singer.USD");
    for form in ["pdf", "xlsx", "html"] {
        let name = format!("statement.{form}");
        let own = exported(at, &name, &[]);
        assert_eq!(own, fs::read(published.with_extension(format!("USD.{form}"))).unwrap());
        assert_eq!(own, exported(at, &name, &["--language", "ko"]));
        assert_ne!(own, exported(at, &name, &["--language", "en"]));
        assert_eq!(own, exported(at, "statement", &["--form", form]));
    }
    for form in ["json", "csv"] {
        let own = exported(at, &format!("statement.{form}"), &["--language", "en"]);
        assert_eq!(own, fs::read(published.with_extension(format!("USD.{form}"))).unwrap());
    }
    let words = ["statement", "export", "2021-06", "payee:singer", "--currency", "USD", "--to"];
    let answer = leitmotif(at, &[&words[..], &["statement.doc"]].concat());
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("pick with --form"), "{answer:?}");
}
