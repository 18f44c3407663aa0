//! The test vectors of github.com/transparency-dev/merkle, read from a checkout if there is one.
//!
//! `LEITMOTIF_MERKLE_VECTORS` names its `testdata` folder.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tlog::{
    Hash, leaf_hash, verify_consistency, verify_inclusion, verify_subtree_consistency,
    verify_subtree_inclusion,
};

const FOLDER: &str = "LEITMOTIF_MERKLE_VECTORS";

#[test]
fn transparency_dev_merkle() {
    // Written past the test harness, which would keep it to itself.
    let mut out = std::io::stderr();
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        writeln!(out, "skipped: {FOLDER} does not name the testdata of transparency-dev/merkle")
            .unwrap();
        return;
    };
    let inclusion = run(&folder.join("inclusion"), accepts_inclusion);
    let consistency = run(&folder.join("consistency"), accepts_consistency);
    let parts = run(&folder.join("subtreeinclusion"), accepts_subtree_inclusion);
    let grown = run(&folder.join("subtreeconsistency"), accepts_subtree_consistency);
    writeln!(
        out,
        "passed: {inclusion} inclusion, {consistency} consistency, {parts} subtree inclusion and \
         {grown} subtree consistency vectors"
    )
    .unwrap();
    assert_eq!((inclusion, consistency, parts, grown), (98, 98, 204, 118), "vectors are missing");
}

/// Checks every vector below `folder` and returns how many there are.
fn run(folder: &Path, accepts: impl Fn(&Value) -> Option<()>) -> usize {
    let mut folders = vec![folder.to_owned()];
    let mut passed = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let vector: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let refused = vector["wantErr"].as_bool().unwrap();
            assert_eq!(accepts(&vector).is_some(), !refused, "{}", path.display());
            passed += 1;
        }
    }
    passed
}

/// `None` if refused: by the verifier, or because a text is no hash.
fn accepts_inclusion(vector: &Value) -> Option<()> {
    let leaf = Hash::parse(text(&vector["leafHash"])).ok()?;
    let root = Hash::parse(text(&vector["root"])).ok()?;
    let (index, size) = (number(&vector["leafIdx"]), number(&vector["treeSize"]));
    verify_inclusion(&leaf, index, size, &proof(vector)?, &root).ok()
}

/// `None` if refused: by the verifier, or because a proof line is no hash.
///
/// A good vector compares two equal "roots" of 12 bytes: any hash will do that equal texts share.
fn accepts_consistency(vector: &Value) -> Option<()> {
    let root = |name| {
        let text = text(&vector[name]);
        Hash::parse(text).unwrap_or_else(|_| leaf_hash(text.as_bytes()))
    };
    let (old, new) = (number(&vector["size1"]), number(&vector["size2"]));
    verify_consistency(old, new, &root("root1"), &root("root2"), &proof(vector)?).ok()
}

/// `None` if refused.
fn accepts_subtree_inclusion(vector: &Value) -> Option<()> {
    let leaf = Hash::parse(text(&vector["leafHash"])).ok()?;
    let root = Hash::parse(text(&vector["root"])).ok()?;
    let range = number(&vector["start"])..number(&vector["end"]);
    let index = number(&vector["leafIdx"]);
    verify_subtree_inclusion(&leaf, index, range, &proof(vector)?, &root).ok()
}

/// `None` if refused. As in [`accepts_consistency`], two equal texts may be no hashes.
fn accepts_subtree_consistency(vector: &Value) -> Option<()> {
    let root = |name| {
        let text = text(&vector[name]);
        Hash::parse(text).unwrap_or_else(|_| leaf_hash(text.as_bytes()))
    };
    let range = number(&vector["start"])..number(&vector["end"]);
    let (part, whole) = (root("root1"), root("root2"));
    verify_subtree_consistency(range, number(&vector["size"]), &part, &whole, &proof(vector)?).ok()
}

/// The proof; `null` is an empty one. `None` if a line is no hash.
fn proof(vector: &Value) -> Option<Vec<Hash>> {
    let hashes = vector["proof"].as_array();
    hashes.into_iter().flatten().map(|hash| Hash::parse(text(hash)).ok()).collect()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
