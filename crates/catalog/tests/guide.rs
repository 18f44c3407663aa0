//! The example of the guide is a sound catalogue, written as the program writes it.

use std::collections::BTreeMap;

const GUIDE: &str = include_str!("../../../docs/guide/catalogue.md");

#[test]
fn the_example_of_the_guide_is_read_whole() {
    let mut files = BTreeMap::new();
    let mut blocks = GUIDE.split("```toml\n");
    let mut before = blocks.next().unwrap();
    for block in blocks {
        let (text, after) = block.split_once("```").unwrap();
        let name = before.rsplit('`').nth(1).unwrap();
        files.insert(name.to_owned(), text.to_owned());
        before = after;
    }
    assert_eq!(files.len(), catalog::FILES.len());
    let (catalogue, findings) = catalog::read_files(&files);
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(catalog::write_files(&catalogue), files);
}
