//! What is sent to a witness, and what it answers.

use std::error::Error as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tlog::request::{REQUEST_BYTES_MAX, parse_size_body};
use tlog::witness::{Evidence, Latest, Refused, consider};
use tlog::{
    AddCheckpoint, Checkpoint, Hash, MemoryTiles, Note, VerifierKey, WitnessKey, cosignatures,
    empty_root, leaf_hash, prove_consistency, root,
};

use crate::cosign::{checkpoint, log, witness};
use crate::forest::{leaves, tiles};

const ORIGIN: &str = "log.example";

fn log_key() -> VerifierKey {
    log(ORIGIN, 1).verifier_key()
}

fn signed(size: u64, root: Hash) -> Note {
    // By hand: our own checkpoint type refuses to state another root for the empty tree.
    Note::sign(&format!("{ORIGIN}\n{size}\n{root}\n"), &[&log(ORIGIN, 1)]).unwrap()
}

fn proof(old: u64, new: u64, store: &MemoryTiles) -> Vec<Hash> {
    if old == 0 { Vec::new() } else { prove_consistency(old, new, store).unwrap() }
}

fn request(old: u64, new: u64, store: &MemoryTiles) -> AddCheckpoint {
    let root = root(new, store).unwrap();
    AddCheckpoint::new(old, proof(old, new, store), signed(new, root)).unwrap()
}

fn latest(size: u64, store: &MemoryTiles) -> Latest {
    Latest { size, root: root(size, store).unwrap() }
}

fn said(answer: Result<tlog::witness::Accepted, Refused>) -> String {
    match answer {
        Ok(accepted) => format!("200 size {}", accepted.latest().size),
        Err(refused) => {
            let mut text = format!("{} {}", refused.refusal.status(), refused.refusal);
            if let Some(source) = refused.refusal.source() {
                text.push_str(&format!(": {source}"));
            }
            if let Some(evidence) = refused.evidence {
                text.push_str(&format!(" [{evidence:?}]"));
            }
            text
        }
    }
}

#[test]
fn requests_print_back() {
    let store = tiles(&leaves(9));
    for (old, new) in [(0, 0), (0, 9), (3, 9), (9, 9), (4, 8)] {
        let request = request(old, new, &store);
        assert_eq!(AddCheckpoint::parse(request.to_string()), Ok(request));
    }
    expect![[r#"
        old 1
        KuHBnAy9N45GySep82EZI+wHzBrjV1AqCVNtRVJ1zyE=

        log.example
        2
        p9kYlLYfv0Y3jYjj4bH3rvOVMsUEtIS9MVUdFeCgnf8=

        — log.example HMdY+aNlhW+IBSdsczTj1YHCIgRmOIB4/8B7KEXPZ54Bld/8AWGYTQoutkZsj3gxkrUYGCmJTVjojRadnP7RT0qT+Qw=
    "#]].assert_eq(&request(1, 2, &store).to_string());
}

#[test]
fn what_is_no_request() {
    let note = checkpoint().to_string();
    let hash = leaf_hash(b"x").to_string();
    let refuse = |body: String| {
        let error = AddCheckpoint::parse(body).unwrap_err();
        match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        }
    };
    let found = [
        refuse(String::new()),
        refuse(format!("old 0\n{note}")),
        refuse(format!("old\n\n{note}")),
        refuse(format!("old 00\n\n{note}")),
        refuse(format!("old -1\n\n{note}")),
        refuse(format!("size 0\n\n{note}")),
        refuse(format!("old 18446744073709551616\n\n{note}")),
        refuse(format!("old 0 \n\n{note}")),
        refuse(format!("old 0\r\n\n{note}")),
        refuse(format!("old 1\n{}\n\n{note}", &hash[1..])),
        refuse(format!("old 1\n{hash}\n \n\n{note}")),
        refuse(format!("old 1\n{}\n{note}", format!("{hash}\n").repeat(64))),
        refuse("old 0\n\nno note\n".to_owned()),
        refuse(format!("old 0\n\n{}", Note::sign("no checkpoint\n", &[&log("l", 1)]).unwrap())),
        refuse(format!("old 0\n\n{note}{}", "x".repeat(REQUEST_BYTES_MAX))),
    ];
    expect![[r#"
        request without a checkpoint below a blank line
        bad hash 1 of the consistency proof: not canonical base64
        the first line is not `old <size>`
        the first line is not `old <size>`
        the first line is not `old <size>`
        the first line is not `old <size>`
        the first line is not `old <size>`
        the first line is not `old <size>`
        the first line is not `old <size>`
        bad hash 1 of the consistency proof: not canonical base64
        bad hash 2 of the consistency proof: not canonical base64
        more than 63 hashes in the consistency proof
        the checkpoint is not a signed note: note has no signatures
        the note is no checkpoint: not the lines of a checkpoint
        request of 131248 bytes, above 131072"#]]
    .assert_eq(&found.join("\n"));
    assert!(
        AddCheckpoint::parse(format!("old 1\n{}\n{note}", format!("{hash}\n").repeat(63))).is_ok()
    );
    assert!(AddCheckpoint::parse(b"old \xff").is_err());
    assert_eq!(parse_size_body(b"20852014\n"), Ok(20_852_014));
    for body in [b"".as_slice(), b"1", b"01\n", b"1\n\n", b" 1\n", b"\xff\n"] {
        assert!(parse_size_body(body).is_err(), "{body:?}");
    }
}

fn check(request: &AddCheckpoint, latest: Latest, expected: Expect) {
    expected.assert_eq(&said(consider(request, &[log_key()], latest)));
}

#[test]
fn the_answers_of_the_document() {
    let store = tiles(&leaves(20));
    let mut changed = leaves(20);
    changed[0] = leaf_hash(b"rewritten");
    let fork = tiles(&changed);
    let nothing = Latest::nothing();

    check(&request(0, 0, &store), nothing, expect!["200 size 0"]);
    check(&request(0, 7, &store), nothing, expect!["200 size 7"]);
    check(&request(7, 20, &store), latest(7, &store), expect!["200 size 20"]);
    check(&request(7, 7, &store), latest(7, &store), expect!["200 size 7"]);

    let other = AddCheckpoint::new(
        0,
        Vec::new(),
        Note::sign("other\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", &[&log("other", 3)])
            .unwrap(),
    )
    .unwrap();
    expect![[r#"404 no log is known here as "other""#]].assert_eq(&said(consider(
        &other,
        &[],
        nothing,
    )));
    // A known log, signed by another key; and a line under the log's name and id that is bad.
    let root7 = root(7, &store).unwrap();
    let text = format!("{ORIGIN}\n7\n{root7}\n");
    let by_other = Note::sign(&text, &[&log("other", 3)]).unwrap();
    check(
        &AddCheckpoint::new(0, Vec::new(), by_other.clone()).unwrap(),
        nothing,
        expect!["403 the log's signature is missing or bad: no known key signed the note"],
    );
    let mut lines = signed(7, root7).signatures().to_vec();
    lines.extend_from_slice(signed(8, root7).signatures());
    let spoiled = by_other.with_signatures(lines).unwrap();
    check(
        &AddCheckpoint::new(0, Vec::new(), spoiled).unwrap(),
        nothing,
        expect![
            "403 the log's signature is missing or bad: bad signature of known key log.example (1cc758f9)"
        ],
    );

    let above = AddCheckpoint::new(8, Vec::new(), signed(7, root7)).unwrap();
    check(&above, latest(8, &store), expect!["400 old size 8 above the checkpoint's size 7"]);
    check(
        &request(0, 20, &store),
        latest(7, &store),
        expect!["409 the size cosigned last is 7, not 0"],
    );
    check(
        &request(8, 20, &store),
        latest(7, &store),
        expect!["409 the size cosigned last is 7, not 8"],
    );
    check(
        &request(3, 6, &store),
        latest(7, &store),
        expect!["409 the size cosigned last is 7, not 3"],
    );

    let empty = AddCheckpoint::new(0, Vec::new(), signed(0, root7)).unwrap();
    check(&empty, nothing, expect!["422 size 0 with the root of another tree [Fork]"]);
    let needless = AddCheckpoint::new(0, vec![root7], signed(7, root7)).unwrap();
    check(&needless, nothing, expect!["422 a consistency proof from the empty tree is empty"]);
    let needless = AddCheckpoint::new(7, vec![root7], signed(7, root7)).unwrap();
    check(
        &needless,
        latest(7, &store),
        expect!["422 the consistency proof does not hold: the proof is too long"],
    );

    check(
        &request(7, 7, &fork),
        latest(7, &store),
        expect!["422 another root at size 7 was cosigned already [Fork]"],
    );
    check(
        &request(7, 20, &fork),
        latest(7, &store),
        expect![
            "422 the consistency proof does not hold: the proof leads to another old root [Doubt]"
        ],
    );
    let short = AddCheckpoint::new(7, Vec::new(), signed(20, root(20, &store).unwrap())).unwrap();
    check(
        &short,
        latest(7, &store),
        expect!["422 the consistency proof does not hold: the proof is too short [Doubt]"],
    );
    // The old size is wrong, but the signed root contradicts what was seen all the same.
    check(
        &request(3, 7, &fork),
        latest(7, &store),
        expect!["409 the size cosigned last is 7, not 3 [Fork]"],
    );
}

#[test]
fn what_is_written_down_holds_the_log_and_the_witness_alone() {
    let store = tiles(&leaves(5));
    let text = signed(5, root(5, &store).unwrap());
    let mut lines = Note::sign(text.text(), &[&log("stranger", 4)]).unwrap().signatures().to_vec();
    lines.extend_from_slice(text.signatures());
    let note = text.with_signatures(lines).unwrap();
    let request = AddCheckpoint::new(0, Vec::new(), note).unwrap();
    let accepted = consider(&request, &[log_key()], Latest::nothing()).unwrap();
    let key = witness("witness.example", 6);
    let (note, line) = accepted.cosign(&key, 77).unwrap();
    let names: Vec<_> = note.signatures().iter().map(|it| it.name().to_owned()).collect();
    assert_eq!(names, [ORIGIN, "witness.example"]);
    assert_eq!(note.signatures().last(), Some(&line));
    assert_eq!(Checkpoint::open(note.to_string(), ORIGIN, &[log_key()]).unwrap().size(), 5);
    let keys: [WitnessKey; 1] = [key.witness_key()];
    assert_eq!(cosignatures(&note, &keys).unwrap()[0].time, 77);
    assert!(accepted.cosign(&key, 0).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(200)))]

    /// Whatever is sent in whatever order, all that is cosigned lies on one history.
    #[test]
    fn one_history_is_cosigned(
        sent in prop::collection::vec((0_u64..12, 0_u64..12, any::<bool>(), any::<bool>()), 1..40),
    ) {
        let store = tiles(&leaves(12));
        let mut changed = leaves(12);
        changed[4] = leaf_hash(b"rewritten");
        let fork = tiles(&changed);
        let mut seen = Latest::nothing();
        let mut signed = Vec::new();
        for (old, new, forked, exact) in sent {
            let store = if forked { &fork } else { &store };
            let old = if exact { seen.size } else { old };
            let (old, new) = (old.min(new), old.max(new));
            match consider(&request(old, new, store), &[log_key()], seen) {
                Ok(accepted) => {
                    prop_assert!(accepted.latest().size >= seen.size);
                    seen = accepted.latest();
                    signed.push(seen);
                }
                Err(refused) => {
                    let certain = refused.evidence == Some(Evidence::Fork);
                    let contradicts = new == seen.size && root(new, store).unwrap() != seen.root;
                    prop_assert_eq!(certain, contradicts);
                }
            }
        }
        let lies = |store: &MemoryTiles| {
            signed.iter().all(|it| root(it.size, store).unwrap() == it.root)
        };
        prop_assert!(lies(&store) || lies(&fork));
    }

    #[test]
    fn bodies_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "(old |[0-9]|\n|— |a){0,40}") {
        let _ = (AddCheckpoint::parse(bytes).is_ok(), parse_size_body(text.as_bytes()).is_ok());
        if let Ok(request) = AddCheckpoint::parse(&text) {
            prop_assert_eq!(request.to_string(), text);
        }
    }
}

#[test]
fn the_empty_tree_has_one_root() {
    assert_eq!(Latest::nothing().root, empty_root());
}
