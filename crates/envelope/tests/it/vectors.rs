//! The vectors of C2SP CCTV (`age/testdata`), if `LEITMOTIF_AGE_VECTORS` names their folder.
//!
//! Judged is every vector but those in armour or only for a passphrase. With only other identities than
//! X25519 a vector counts as one that none of its recipients is for.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;

use envelope::{Identity, OpenError, open};
use sha2::{Digest as _, Sha256};

/// How a vector has to end, in its words.
fn end(opened: &Result<Vec<u8>, OpenError>) -> &'static str {
    match opened {
        Ok(_) => "success",
        Err(OpenError::NoMatch) => "no match",
        Err(OpenError::Code) => "HMAC failure",
        Err(OpenError::Payload) => "payload failure",
        Err(_) => "header failure",
    }
}

#[test]
fn vectors_of_others_end_as_they_say() {
    let Some(folder) = std::env::var_os("LEITMOTIF_AGE_VECTORS") else {
        eprintln!(
            "skipped: LEITMOTIF_AGE_VECTORS does not name the folder age/testdata of C2SP CCTV"
        );
        return;
    };
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut passed_over = 0;
    for it in fs::read_dir(folder).unwrap() {
        let path = it.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let head = bytes.windows(2).position(|it| it == b"\n\n").unwrap();
        let keys = str::from_utf8(&bytes[..head]).unwrap();
        let keys: Vec<(&str, &str)> = keys.lines().map(|it| it.split_once(": ").unwrap()).collect();
        let of = |name: &str| keys.iter().find(|it| it.0 == name).map(|it| it.1);
        let texts: Vec<&str> = keys.iter().filter(|it| it.0 == "identity").map(|it| it.1).collect();
        if of("armored").is_some() || (texts.is_empty() && of("passphrase").is_some()) {
            passed_over += 1;
            continue;
        }
        let mut file = bytes[head + 2..].to_vec();
        if of("compressed").is_some() {
            let mut whole = Vec::new();
            flate2::read::ZlibDecoder::new(file.as_slice()).read_to_end(&mut whole).unwrap();
            file = whole;
        }
        let known: Vec<Identity> = texts.iter().filter_map(|it| Identity::parse(it).ok()).collect();
        let opened = open(&known, &file);
        let expected = of("expect").unwrap();
        // Without the kind of its identity nothing further than the header can be judged.
        let expected = match (known.is_empty(), expected) {
            (true, "success" | "HMAC failure" | "payload failure") => "no match",
            (_, expected) => expected,
        };
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_of_other_kind = known.is_empty() && name.starts_with("hybrid");
        if is_of_other_kind && expected == "header failure" {
            passed_over += 1;
            continue;
        }
        assert_eq!(end(&opened), expected, "{name}: {opened:?}");
        if let (Ok(plain), Some(hash)) = (&opened, of("payload")) {
            let found: String =
                Sha256::digest(plain).iter().map(|it| format!("{it:02x}")).collect();
            assert_eq!(found, hash, "{name}");
        }
        *counts.entry(expected.to_owned()).or_default() += 1;
    }
    let judged: u32 = counts.values().sum();
    assert!(judged > 50, "{judged} vectors are fewer than there are");
    eprintln!(
        "{judged} vectors judged as they say: {counts:?}; {passed_over} in armour, with passphrase or of another kind"
    );
}
