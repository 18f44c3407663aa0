//! The offline proof text.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tlog::{Checkpoint, Hash, ProofFile, VerifierKey, leaf_hash, prove_inclusion, root};

use crate::forest::{leaves, tiles};
use crate::notes::key;

const ORIGIN: &str = "log.example/royalties";

/// The proof file of leaf `index` in a signed log of `size` leaves, with the leaf and the key.
fn sample(index: u64, size: u64) -> (ProofFile, Hash, VerifierKey) {
    let all = leaves(size);
    let store = tiles(&all);
    let key = key(ORIGIN, 5);
    let checkpoint = Checkpoint::new(ORIGIN, size, root(size, &store).unwrap()).unwrap();
    let note = checkpoint.sign(&[&key]).unwrap();
    let hashes = prove_inclusion(index, size, &store).unwrap();
    let file = ProofFile::new(index, hashes, note).unwrap();
    (file, all[usize::try_from(index).unwrap()], key.verifier_key())
}

#[test]
fn text_of_a_proof_file() {
    let (file, leaf, key) = sample(2, 5);
    let text = file.to_string();
    expect![[r#"
        c2sp.org/tlog-proof@v1
        index 2
        /uvxhjvR/O7f7/JpOCnVD/vKwQDQ++dFSC4DL5P2uvs=
        p9kYlLYfv0Y3jYjj4bH3rvOVMsUEtIS9MVUdFeCgnf8=
        mJkwf510d0YSJXXt7rOWPHyDwCkkH4Kj0XuZlyh42w4=

        log.example/royalties
        5
        ywPe8MW2O97L7WzYY8jmHtqyPhrHq3AoHGmRg8rCvvY=

        — log.example/royalties fXhA/UmDXDF8aKKzUa6O+LRgUfsL9dRxtxcFroWG1OG6L6wzgPE1uQPpZCX/Nayyror8WCR9AF5D595iesiVvniUCAc=
    "#]].assert_eq(&text);
    assert_eq!(ProofFile::parse(&text), Ok(file.clone()));
    assert_eq!(file.verify(&leaf, ORIGIN, std::slice::from_ref(&key)).unwrap().size(), 5);
    let extra = file.clone().with_extra(b"who and when".to_vec()).unwrap();
    let text = extra.to_string();
    expect!["extra d2hvIGFuZCB3aGVu"].assert_eq(text.lines().nth(1).unwrap());
    assert_eq!(ProofFile::parse(&text), Ok(extra.clone()));
    assert_eq!(extra.extra(), b"who and when");
    assert!(extra.verify(&leaf, ORIGIN, &[key]).is_ok());
    assert!(file.with_extra(vec![0; 2_000_000]).is_err());
}

fn check(from: &str, to: &str, expected: Expect) {
    let text = sample(2, 5).0.to_string();
    let changed = text.replacen(from, to, 1);
    assert_ne!(changed, text, "{from:?} is not in the text");
    let error = ProofFile::parse(&changed).map(|_| ()).unwrap_err();
    let source = std::error::Error::source(&error).map(ToString::to_string);
    expected.assert_eq(&format!("{error}, {}", source.unwrap_or_default()));
}

#[test]
fn refused_at_reading() {
    check("@v1", "@v2", expect!["not a tlog-proof of version 1, "]);
    check("c2sp", " c2sp", expect!["not a tlog-proof of version 1, "]);
    check("index", "extra AA==\nextra AA==\nindex", expect!["no index line, "]);
    check("index", "extra \nindex", expect!["bad extra line, "]);
    check("index", "extra\nindex", expect!["bad extra line, "]);
    check("index", "extra AB==\nindex", expect!["bad extra line, "]);
    check("index", "extra AA\nindex", expect!["bad extra line, "]);
    check("index 2", "index 2\nextra AA==", expect!["bad hash 1, not canonical base64"]);
    check("index 2\n", "", expect!["no index line, "]);
    check("index 2", "index  2", expect!["bad index, not a decimal number without leading zeros"]);
    check("index 2", "index 02", expect!["bad index, not a decimal number without leading zeros"]);
    check("index 2", "index -2", expect!["bad index, not a decimal number without leading zeros"]);
    check("index 2", "index 99999999999999999999", expect!["bad index, number above 2^64 - 1"]);
    check("index 2", "index 2 ", expect!["bad index, not a decimal number without leading zeros"]);
    check(
        "index 2",
        "index 5",
        expect!["the entry is not in the log, no leaf 5 in a tree of size 5"],
    );
    check("index 2", "index 2\r", expect!["bad index, not a decimal number without leading zeros"]);
    check("index 2", "index 2\n", expect!["the checkpoint was refused, bad tree size"]);
    check("index 2", "index 2\nAAAA", expect!["bad hash 1, 3 bytes where 32 were expected"]);
    check(
        "index 2",
        &format!("index 2{}", format!("\n{}", leaf_hash(b"")).repeat(62)),
        expect!["more than 64 hashes, "],
    );
    check("\n\nlog", "\nlog", expect!["bad hash 4, not canonical base64"]);
    check("\n\nlog", "\n\n\nlog", expect!["the checkpoint was refused, bad tree size"]);
    check("royalties\n5", "royalties\n05", expect!["the checkpoint was refused, bad tree size"]);
    check(
        "\n\u{2014}",
        "\n-",
        expect!["the checkpoint is not a signed note, malformed signature line 1"],
    );
    assert!(ProofFile::parse(vec![b'\n'; 2_000_001]).is_err());
}

#[test]
fn refused_at_verifying() {
    let (file, leaf, log_key) = sample(2, 5);
    let keys = [log_key];
    let refused = |file: &ProofFile, leaf: &Hash, origin: &str, keys: &[VerifierKey]| {
        let error = file.verify(leaf, origin, keys).unwrap_err();
        let source = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}: {}", source.unwrap_or_default())
    };
    let swapped = ProofFile::new(3, file.hashes().to_vec(), file.note().clone()).unwrap();
    let shorter = ProofFile::new(2, file.hashes()[1..].to_vec(), file.note().clone()).unwrap();
    let found = [
        refused(&file, &leaf_hash(b"forged"), ORIGIN, &keys),
        refused(&file, &leaf, "elsewhere", &keys),
        refused(&file, &leaf, ORIGIN, &[key("stranger", 5).verifier_key()]),
        refused(&file, &leaf, ORIGIN, &[]),
        refused(&swapped, &leaf, ORIGIN, &keys),
        refused(&shorter, &leaf, ORIGIN, &keys),
    ];
    expect![[r#"
        the entry is not in the log: the proof leads to another root
        the checkpoint was refused: checkpoint of "log.example/royalties", not of "elsewhere"
        the checkpoint was refused: the signed note was refused
        the checkpoint was refused: the signed note was refused
        the entry is not in the log: the proof leads to another root
        the entry is not in the log: the proof is too short"#]]
    .assert_eq(&found.join("\n"));
}

#[test]
fn no_changed_byte_passes() {
    for (index, size) in [(0, 1), (2, 5)] {
        let (file, leaf, key) = sample(index, size);
        let keys = [key];
        let bytes = file.to_string().into_bytes();
        for at in 0..bytes.len() {
            for value in (0..=u8::MAX).filter(|value| *value != bytes[at]) {
                let mut changed = bytes.clone();
                changed[at] = value;
                let passes = ProofFile::parse(&changed)
                    .is_ok_and(|file| file.verify(&leaf, ORIGIN, &keys).is_ok());
                assert!(!passes, "byte {at} of {size} changed to {value}");
            }
            let mut shorter = bytes.clone();
            shorter.remove(at);
            let passes = ProofFile::parse(&shorter)
                .is_ok_and(|file| file.verify(&leaf, ORIGIN, &keys).is_ok());
            assert!(!passes, "byte {at} of {size} removed");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn proof_files_round_trip(
        size in 1_u64..400,
        at in any::<u64>(),
        extra in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let (file, leaf, key) = sample(at % size, size);
        let file = file.with_extra(extra).unwrap();
        let read = ProofFile::parse(file.to_string()).unwrap();
        prop_assert_eq!(&read, &file);
        prop_assert!(read.verify(&leaf, ORIGIN, &[key]).is_ok());
    }

    #[test]
    fn proof_files_have_one_spelling(at in any::<usize>(), inserted in "[ \n=+A0\u{2014}\r]{1,2}") {
        let mut text = sample(2, 5).0.to_string();
        let mut at = at % text.len();
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, &inserted);
        if let Ok(file) = ProofFile::parse(&text) {
            prop_assert_eq!(file.to_string(), text);
        }
    }
}
