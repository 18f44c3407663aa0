//! Each heavy outside crate stays in its room, tests included.
//!
//! `deny.toml` bans the heaviest of them over the whole graph as well; here the manifests are read,
//! so the complaint names the line to strike.

use super::Complaint;
use super::tree::Tree;

/// An outside crate, the packages that may name it, and why.
const ROOMS: &[(&str, &[&str], &str)] = &[
    ("anyhow", &["cli", "engine", "leitmotif", "xtask"], "below the doors an error has a type"),
    (
        "arrow-array",
        &["lake", "usage"],
        "columns are known to the usage line and to its store only",
    ),
    (
        "arrow-schema",
        &["lake", "usage"],
        "columns are known to the usage line and to its store only",
    ),
    ("axum", &["web"], "only a door may speak HTTP"),
    ("ballista-core", &["engine"], "the first program does not wait for a cluster"),
    ("ballista-executor", &["engine"], "the first program does not wait for a cluster"),
    ("ballista-scheduler", &["engine"], "the first program does not wait for a cluster"),
    ("calamine", &["sheet"], "one crate reads workbooks, and contains their reader"),
    ("chacha20poly1305", &["envelope"], "one crate encrypts"),
    ("cargo_metadata", &["xtask"], "only the chores look at manifests"),
    ("clap", &["cli", "engine"], "only a program's own door parses its arguments"),
    ("curve25519-dalek", &["envelope"], "one crate encrypts"),
    ("datafusion", &["engine"], "the first program does not wait for an SQL engine"),
    ("datafusion-proto", &["engine"], "the first program does not wait for an SQL engine"),
    ("encoding_rs", &["sheet"], "text is UTF-8 from `sheet` on"),
    ("hyper", &["web"], "only a door may speak HTTP"),
    ("hyper-util", &["web"], "only a door may speak HTTP"),
    ("indicatif", &["cli"], "only the command line shows progress"),
    ("memmap2", &["shelf"], "one call maps a file, and it stands there"),
    ("object_store", &["engine"], "only the engine reads from afar"),
    ("opus-pure", &["audio"], "one crate reads sound files, and contains their decoders"),
    ("parquet", &["lake"], "usage lines rest in one place"),
    ("pdf-writer", &["paper"], "one crate draws on sheets"),
    ("rubato", &["audio"], "sound is 16 kHz from `audio` on"),
    ("rusqlite", &["store"], "one crate speaks SQL"),
    ("sha3", &["chain", "ident"], "one hash for the log, and this one for the chain only"),
    ("subsetter", &["paper"], "one crate cuts fonts"),
    ("symphonia", &["audio"], "one crate reads sound files, and contains their decoders"),
    ("tokio", &["engine", "web"], "nothing is async but the web door and the engine"),
    ("ttf-parser", &["paper"], "one crate measures letters"),
    (
        "ureq",
        &["chain", "witness"],
        "two crates ask others over HTTP: witnesses, and a chain's node",
    ),
];

/// No manifest names an outside crate that lives in another room.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for package in &tree.packages {
        for need in package.needs.iter().filter(|need| !need.inner) {
            let Some((_, rooms, why)) = ROOMS.iter().find(|(name, ..)| *name == need.name) else {
                continue;
            };
            if !rooms.contains(&package.name.as_str()) {
                let advice = format!(
                    "`{}` may be used by [{}] only: {why}; ask that crate instead",
                    need.name,
                    rooms.join(", ")
                );
                complaints.push(Complaint::new(&package.manifest, 0, advice));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Need, Package, Tree};
    use super::check;

    #[test]
    fn heavy_crates_stay_in_their_rooms() {
        crate::tidy::holds(check);
    }

    #[test]
    fn a_database_in_the_settlement_is_told() {
        let need = |name: &str| Need { name: name.to_owned(), inner: false, dev: true };
        let package = |name: &str| Package {
            name: name.to_owned(),
            manifest: format!("crates/{name}/Cargo.toml"),
            floor: None,
            needs: vec![need("rusqlite"), need("thiserror")],
        };
        let tree =
            Tree { packages: vec![package("settlement"), package("store")], ..Tree::default() };
        assert_eq!(
            crate::tidy::said(check, &tree),
            "crates/settlement/Cargo.toml: `rusqlite` may be used by [store] only: one crate speaks \
             SQL; ask that crate instead\n"
        );
    }
}
