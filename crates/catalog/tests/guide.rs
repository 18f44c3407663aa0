//! The examples of the guide are sound, and written as the program writes them.

use std::collections::BTreeMap;

const CATALOGUE: &str = include_str!("../../../docs/guide/catalogue.md");
const TERMS: &str = include_str!("../../../docs/guide/terms.md");
const PAYING: &str = include_str!("../../../docs/guide/paying.md");

/// The blocks of a page, each with what stands before it.
fn blocks(page: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut parts = page.split("```toml\n");
    let mut before = parts.next().unwrap_or_default();
    let block = |part: &'static str| {
        let (text, after) = part.split_once("```")?;
        Some((std::mem::replace(&mut before, after), text))
    };
    parts.filter_map(block).collect()
}

fn check(files: &BTreeMap<String, String>) {
    let (catalogue, findings) = catalog::read_files(files);
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{findings:#?}\n{files:#?}");
    assert_eq!(&catalog::write_files(&catalogue), files);
}

#[test]
fn the_example_of_the_guide_is_read_whole() {
    let files = blocks(CATALOGUE)
        .into_iter()
        .map(|(before, text)| (before.rsplit('`').nth(1).unwrap().to_owned(), text.to_owned()))
        .collect::<BTreeMap<_, _>>();
    assert_eq!(files.len(), catalog::FILES.len());
    check(&files);
}

#[test]
fn the_examples_of_paying_are_read_whole() {
    let names = ["parties.toml", "taxes.toml"].map(str::to_owned).into_iter();
    check(&names.zip(blocks(PAYING).into_iter().map(|it| it.1.to_owned())).collect());
}

#[test]
fn each_example_of_a_term_is_read_whole() {
    let party = |id: &str| {
        format!("[[party]]\nid = \"{id}\"\nkind = \"person\"\nnames = {{ en = \"X\" }}\n")
    };
    let parties = |ids: &[&str]| ids.iter().map(|id| party(id)).collect::<Vec<_>>().join("\n");
    let payees = parties(&["harbour-music", "kim-sora", "komca", "lee-jun", "river-studio"]);
    let head = "[[agreement]]\nid = \"x\"\ntitle = \"X\"\nrights_type = \"master\"\n\
                from = 2021-01-01\nall = true\n";
    let release = "[[release]]\nid = \"part-1\"\ntitles = { en = \"Part 1\" }\nrecordings = []\n";
    let rates = "[[rate_table]]\nid = \"ecb\"\ntitle = \"X\"\nsource = \"X\"\n";
    let blocks = blocks(TERMS);
    assert_eq!(blocks.len(), TERMS.matches("```toml").count());
    for (_, text) in blocks {
        let (agreements, parties) = match text {
            _ if ["[[agreement]]", "[[licence]]", "[[pipe]]", "[[received_advance]]"]
                .iter()
                .any(|it| text.starts_with(it)) =>
            {
                (text.to_owned(), payees.clone())
            }
            _ if text.starts_with("[[party]]") => {
                let members = parties(&["kim-sora", "lee-jun"]);
                (String::new(), format!("{members}\n{text}\n{}", party("park-mi")))
            }
            _ => (format!("{head}\n{text}"), payees.clone()),
        };
        let files = [
            ("agreements.toml", agreements),
            ("parties.toml", parties),
            ("rates.toml", rates.to_owned()),
            ("releases.toml", release.to_owned()),
        ];
        let files = files.into_iter().filter(|(_, text)| !text.is_empty());
        check(&files.map(|(name, text)| (name.to_owned(), text)).collect());
    }
}
