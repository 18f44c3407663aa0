//! The vectors of `docs/spec/vectors`: made here from fixed seeds, and held byte for byte.
//!
//! `UPDATE_EXPECT=1` writes them anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use statement::{Receipt, Trust, hex, verify};
use tlog::sum::{encode_nodes, root_of};
use tlog::{Policy, SigningKey, SumNode, SumTree, VerifierKey};

use crate::cheats::case::Case;
use crate::cheats::table;
use crate::rng::Rng;
use crate::world::{POLICY, World, code, log_key, sha256};

/// Classes of cheats that become vectors: at least two for each exit code.
const CHEATS: [&str; 46] = [
    "a blank between tokens",
    "a key twice",
    "a float for an integer",
    "a decimal with a zero behind",
    "an entry's hash that is none",
    "an amount changed",
    "a hidden fee in the fraction",
    "a term on more than all",
    "a rounding that is none",
    "an entry's text changed",
    "a checkpoint under another origin",
    "a seal that is not in the log",
    "the log's signature forged",
    "another key than the policy's",
    "a stale cosignature",
    "a witness's time changed",
    "a witness left out",
    "one witness at two times",
    "the log's key as a witness",
    "a fork, signed by the log alone",
    "a phantom payee",
    "a phantom payee, with books that cancel",
    "a category that hides in another",
    "sums that wrap around",
    "a debt netted away",
    "a seal of another period",
    "a line left out, sums made new",
    "path: a sibling's sum lowered",
    "path: a wrong count",
    "a leaf with a debt netted away",
    "sums moved from one category to another",
    "a cell not wholly given away",
    "cells: two at one place",
    "cells: sums that overflow",
    "a report that came after the seal",
    "a report that the seal does not name",
    "a first settlement told as a restatement",
    "a rate above the agreement's",
    "an agreement logged after the seal",
    "a payee's line by no agreement",
    "a table of rates that the seal does not name",
    "a table of rates that came after the seal",
    "the opening below the last closing",
    "a seal that continues itself",
    "an attestation with a forged signature",
    "an attestation by another than it names",
];

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/spec/vectors"))
}

fn file_name(code: u8, name: &str) -> String {
    let letter = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' };
    let name: String =
        name.replace('\'', "").replace(": ", " ").replace(", ", " ").chars().map(letter).collect();
    format!("{code:02}-{name}.receipt")
}

type Wanted = fn(&Receipt) -> bool;

/// The smallest honest receipt of each kind.
fn honest() -> BTreeMap<String, Vec<u8>> {
    let plain = |it: &Receipt| {
        let own = &it.statement;
        own.lines.len() > 1
            && own.sources.iter().all(|it| it.restated.is_empty() && it.rate_day.is_empty())
            && it.previous.is_empty()
            && it.entries.iter().all(|it| !it.text.contains("\"kind\":\"attestation\""))
    };
    let kinds: [(&str, Wanted); 9] = [
        ("plain", plain),
        ("restated", |it| it.statement.sources.iter().any(|it| !it.restated.is_empty())),
        ("exchanged", |it| it.statement.sources.iter().any(|it| !it.rate_day.is_empty())),
        ("attested", |it| it.entries.iter().any(|it| it.text.contains("\"kind\":\"attestation\""))),
        ("previous", |it| !it.previous.is_empty() && !it.statement.lines.is_empty()),
        ("price", |it| {
            it.statement
                .terms
                .iter()
                .any(|it| it.measure.as_str() == "price" && it.kind != "price-borne")
        }),
        ("returns", |it| it.statement.balance.closing.is_negative()),
        ("no-lines", |it| it.statement.lines.is_empty() && !it.previous.is_empty()),
        ("suspense", |it| it.statement.account.starts_with("suspense:")),
    ];
    let mut found: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for seed in 0..25 {
        let world = World::new(seed);
        let book = world.publish();
        for (at, draft) in world.drafts.iter().enumerate() {
            for it in &draft.statements {
                let receipt = book.receipt(&world, at, &it.account);
                let payee = it.account.starts_with("payee:");
                for (kind, wanted) in &kinds {
                    if wanted(&receipt) && (payee || *kind == "suspense") {
                        keep(&mut found, format!("00-{kind}.receipt"), receipt.canonical());
                    }
                }
            }
        }
    }
    assert_eq!(found.len(), kinds.len(), "some kind never comes");
    found
}

/// Keeps the smaller one.
fn keep(found: &mut BTreeMap<String, Vec<u8>>, name: String, bytes: Vec<u8>) {
    match found.get(&name) {
        Some(kept) if kept.len() <= bytes.len() => {}
        _ => drop(found.insert(name, bytes)),
    }
}

/// A small receipt of each class of cheats that is wanted.
fn dishonest() -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for name in CHEATS {
        let cheat = table().into_iter().find(|it| it.name == name);
        let cheat = cheat.unwrap_or_else(|| panic!("no class is called {name:?}"));
        let (mut rng, mut made) = (Rng::new(7), 0);
        while made < 4 {
            let seed = rng.next();
            let Some(bytes) = (cheat.forge)(&mut Case::new(seed)) else { continue };
            keep(&mut found, file_name(cheat.code, name), bytes);
            made += 1;
        }
    }
    found
}

/// What `log` keys and policies there are.
fn trusts() -> BTreeMap<String, Vec<u8>> {
    let other = SigningKey::from_seed("other.example/royalties", [8; 32].into()).unwrap();
    let fewer = POLICY.replace("group enough 2", "group enough 3");
    [
        ("key.txt", format!("{}\n", log_key().verifier_key())),
        ("other-key.txt", format!("{}\n", other.verifier_key())),
        ("policy.txt", format!("# The log, and two of three witnesses.\n{}", *POLICY)),
        (
            "policy-all.txt",
            format!("# The log, and all three witnesses, of which two signed.\n{fewer}"),
        ),
        ("policy-broken.txt", POLICY.replace("quorum enough", "quorum nobody")),
    ]
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .into()
}

fn trust(name: &str) -> Option<Trust> {
    if name == "-" {
        return Some(Trust::Nothing);
    }
    let text = fs::read_to_string(folder().join(name)).ok()?;
    match name.contains("key") {
        true => VerifierKey::parse(text.trim_end()).ok().map(Trust::Key),
        false => Policy::parse(&text).ok().map(Trust::Policy),
    }
}

/// Exit code of one line of `vectors.txt`.
fn exit_code(receipt: &str, name: &str) -> u8 {
    let (Ok(bytes), Some(trust)) = (fs::read(folder().join(receipt)), trust(name)) else {
        return 1;
    };
    match verify(&bytes, &trust) {
        Ok(verdict) => verdict.exit_code(),
        Err(refusal) => refusal.exit_code(),
    }
}

fn list(receipts: &BTreeMap<String, Vec<u8>>) -> String {
    let mut lines: Vec<String> =
        receipts.iter().map(|(name, bytes)| format!("{name} policy.txt {}", code(bytes))).collect();
    for (receipt, trust, code) in [
        ("00-plain.receipt", "-", 0),
        ("00-plain.receipt", "key.txt", 0),
        ("00-plain.receipt", "other-key.txt", 13),
        ("00-plain.receipt", "policy-all.txt", 16),
        ("00-plain.receipt", "policy-broken.txt", 1),
        ("00-plain.receipt", "no-such-file.txt", 1),
        ("no-such-file.receipt", "policy.txt", 1),
        ("13-another-key-than-the-policys.receipt", "-", 0),
        ("13-another-key-than-the-policys.receipt", "key.txt", 13),
        ("16-a-witness-left-out.receipt", "key.txt", 0),
        ("16-a-fork-signed-by-the-log-alone.receipt", "key.txt", 0),
        ("13-a-witnesss-time-changed.receipt", "key.txt", 0),
        ("17-a-phantom-payee.receipt", "key.txt", 17),
        ("18-path-a-wrong-count.receipt", "-", 18),
    ] {
        lines.push(format!("{receipt} {trust} {code}"));
    }
    lines.join("\n") + "\n"
}

/// Trees of two columns, with roots and proofs.
fn sum_trees() -> String {
    let mut out = String::new();
    for size in [0_u8, 1, 2, 3, 5, 8, 13] {
        out.push_str(&format!("tree {size}\n"));
        let mut leaves = Vec::new();
        for at in 0..size {
            let (salt, payload) = (sha256(&[b"salt", &[at]]), sha256(&[b"payload", &[at]]));
            let sums = match at {
                4 => [(1 << 120) + 4, 0],
                it if it % 3 == 2 => [0, u128::from(it) * 7],
                it => [u128::from(it) * 1_000_000_007, 0],
            };
            let leaf = SumNode::<2>::leaf(&salt, &payload, sums).unwrap();
            let [credit, debit] = sums;
            let (salt, payload) = (hex(&salt), hex(&payload));
            out.push_str(&format!(
                "leaf {at} {salt} {payload} {credit} {debit} {}\n",
                hex(leaf.hash().as_bytes())
            ));
            leaves.push(leaf);
        }
        let tree = SumTree::new(leaves.clone()).unwrap();
        out.push_str(&format!("root {}\n", hex(&encode_nodes(&[tree.root()]))));
        let size = u64::from(size);
        let sets = [
            vec![],
            vec![0],
            vec![size.saturating_sub(1)],
            vec![0, 2, 3],
            (1..size).step_by(4).collect(),
        ];
        let mut seen = BTreeSet::new();
        for places in sets.into_iter().filter(|it| it.iter().all(|at| *at < size)) {
            if !seen.insert(places.clone()) {
                continue;
            }
            let nodes = tree.prove(&places).unwrap();
            let known: Vec<(u64, SumNode<2>)> =
                places.iter().map(|at| (*at, leaves[usize::try_from(*at).unwrap()])).collect();
            assert_eq!(root_of(size, &known, &nodes), Ok(tree.root()));
            let places: Vec<String> = places.iter().map(ToString::to_string).collect();
            let or_none = |it: String| if it.is_empty() { "-".to_owned() } else { it };
            let (places, nodes) = (or_none(places.join(",")), or_none(hex(&encode_nodes(&nodes))));
            out.push_str(&format!("proof {places} {nodes}\n"));
        }
    }
    out
}

#[test]
fn the_vectors_are_what_the_program_says() {
    let mut receipts = honest();
    receipts.extend(dishonest());
    let mut codes: BTreeMap<u8, usize> = BTreeMap::new();
    for (name, bytes) in &receipts {
        let got = code(bytes);
        assert!(name.starts_with(&format!("{got:02}-")), "{name} ends in {got}");
        assert!(bytes.len() < 24_000, "{name} has {} bytes", bytes.len());
        *codes.entry(got).or_default() += 1;
    }
    for of in [0, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23, 24] {
        assert!(codes.get(&of).is_some_and(|it| *it >= 2), "too few of exit code {of}");
    }
    let mut files = trusts();
    files.insert("vectors.txt".into(), list(&receipts).into_bytes());
    files.insert("sum-tree.txt".into(), sum_trees().into_bytes());
    files.extend(receipts);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::create_dir_all(folder()).unwrap();
        for it in fs::read_dir(folder()).unwrap().map(|it| it.unwrap().path()) {
            if it.extension().is_some_and(|it| it == "receipt") {
                fs::remove_file(it).unwrap();
            }
        }
        files.iter().for_each(|(name, bytes)| fs::write(folder().join(name), bytes).unwrap());
    }
    // Vectors of other pages have folders of their own.
    let there = fs::read_dir(folder()).unwrap().map(|it| it.unwrap().path());
    let there = there.filter(|it| it.is_file());
    let mut there: BTreeSet<String> =
        there.map(|it| it.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert!(there.remove("README.md"), "the vectors are not explained");
    for (name, bytes) in &files {
        let kept = fs::read(folder().join(name)).unwrap_or_default();
        assert!(kept == *bytes, "{name} is another one; UPDATE_EXPECT=1 writes it anew");
        there.remove(name);
    }
    assert!(there.is_empty(), "nobody knows {there:?}");
}

#[test]
fn each_line_of_the_list_holds() {
    let list = fs::read_to_string(folder().join("vectors.txt")).unwrap();
    let mut lines = 0;
    for line in list.lines() {
        let [receipt, trust, wanted] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(exit_code(receipt, trust).to_string(), wanted, "{line}");
        lines += 1;
    }
    assert!(lines > CHEATS.len());
}
