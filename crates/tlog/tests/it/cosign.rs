//! Cosignatures of witnesses, and keys that do not pass for each other.

use ed25519_dalek::Signer as _;
use expect_test::expect;
use proptest::prelude::*;
use tlog::note::NoteError;
use tlog::{
    Checkpoint, CosignerKey, Note, Signature, SigningKey, VerifierKey, WitnessKey, cosignatures,
    leaf_hash,
};

pub(crate) fn log(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, [seed; 32].into()).unwrap()
}

pub(crate) fn witness(name: &str, seed: u8) -> CosignerKey {
    CosignerKey::from_seed(name, [seed; 32].into()).unwrap()
}

pub(crate) fn checkpoint() -> Note {
    let checkpoint = Checkpoint::new("log.example", 1, leaf_hash(b"a")).unwrap();
    checkpoint.sign(&[&log("log.example", 1)]).unwrap()
}

/// The checkpoint with cosignatures below its own lines.
pub(crate) fn cosigned(note: &Note, by: &[(&CosignerKey, u64)]) -> Note {
    let mut lines = note.signatures().to_vec();
    lines.extend(by.iter().map(|(key, time)| key.cosign(note.text(), *time).unwrap()));
    note.with_signatures(lines).unwrap()
}

#[test]
fn a_cosignature_is_what_the_document_says() {
    let key = witness("witness.example/w1", 9);
    let note = checkpoint();
    let signature = key.cosign(note.text(), 1_679_315_147).unwrap();
    // The message and the key id, put together by hand.
    let message = format!("cosignature/v1\ntime 1679315147\n{}", note.text());
    let secret = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let by_hand = secret.sign(message.as_bytes()).to_bytes();
    assert_eq!(&signature.bytes()[..8], &1_679_315_147_u64.to_be_bytes());
    assert_eq!(&signature.bytes()[8..], &by_hand);
    let public = secret.verifying_key();
    let hashed = [b"witness.example/w1\n\x04".as_slice(), public.as_bytes()].concat();
    let id = <sha2::Sha256 as sha2::Digest>::digest(hashed);
    assert_eq!(signature.id().0, id[..4]);
    assert_eq!(key.witness_key().verify(note.text(), &signature), Some(1_679_315_147));
    expect!["witness.example/w1+24b5d9fe+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY"]
        .assert_eq(&key.witness_key().to_string());
    assert_eq!(format!("{key:?}"), format!("CosignerKey({:?})", key.witness_key().to_string()));
}

#[test]
fn a_witness_is_no_log_and_a_log_no_witness() {
    // One seed, one name: still two keys, and neither passes for the other.
    let (as_log, as_witness) = (log("both.example", 5), witness("both.example", 5));
    let (log_text, witness_text) =
        (as_log.verifier_key().to_string(), as_witness.witness_key().to_string());
    assert_ne!(as_log.id(), as_witness.witness_key().id());
    expect![
        "signature type 0x04 where 0x01 is wanted (0x01 signs as a log, 0x04 cosigns as a witness)"
    ]
    .assert_eq(&VerifierKey::parse(&witness_text).unwrap_err().to_string());
    expect![
        "signature type 0x01 where 0x04 is wanted (0x01 signs as a log, 0x04 cosigns as a witness)"
    ]
    .assert_eq(&WitnessKey::parse(&log_text).unwrap_err().to_string());
    assert_eq!(WitnessKey::parse(&witness_text), Ok(as_witness.witness_key()));

    let checkpoint = Checkpoint::new("both.example", 1, leaf_hash(b"a")).unwrap();
    let note = checkpoint.sign(&[&as_log]).unwrap();
    let witnesses = [as_witness.witness_key()];
    assert_eq!(cosignatures(&note, &witnesses), Ok(Vec::new()));
    let signature = as_witness.cosign(note.text(), 7).unwrap();
    let note = note.with_signatures(vec![signature]).unwrap();
    assert_eq!(note.verify(&[as_log.verifier_key()]), Err(NoteError::NoKnownSignature));
}

#[test]
fn a_line_that_does_not_hold_spoils_the_note() {
    let (first, second) = (witness("w1", 11), witness("w2", 12));
    let keys = [first.witness_key(), second.witness_key()];
    let note = cosigned(&checkpoint(), &[(&second, 30), (&first, 20), (&second, 10)]);
    let times: Vec<_> = cosignatures(&note, &keys).unwrap();
    let times: Vec<_> = times.iter().map(|it| (it.key.name(), it.time)).collect();
    assert_eq!(times, [("w1", 20), ("w2", 10)], "each once, at its earliest");
    assert_eq!(cosignatures(&note, &keys[..1]).unwrap().len(), 1, "others are ignored");

    // Under another text, with another time, cut short: each is a bad line of a known key.
    let other = Checkpoint::new("log.example", 2, leaf_hash(b"b")).unwrap();
    let moved = other.sign(&[&log("log.example", 1)]).unwrap();
    let moved = moved.with_signatures(note.signatures().to_vec()).unwrap();
    assert!(matches!(cosignatures(&moved, &keys), Err(NoteError::BadSignature { .. })));
    for at in [15, 60, 90] {
        let line = first.cosign(note.text(), 20).unwrap().to_string();
        let twisted: String = line
            .char_indices()
            .map(|(index, it)| if index == at { if it == 'A' { 'B' } else { 'A' } } else { it })
            .collect();
        let lines = Signature::parse_lines(&twisted).unwrap();
        let bad = note.with_signatures(lines).unwrap();
        let found = cosignatures(&bad, &keys[..1]);
        assert!(matches!(found, Err(NoteError::BadSignature { .. })), "{at}");
    }
}

#[test]
fn times_that_say_nothing_are_refused() {
    let key = witness("w", 3);
    let note = checkpoint();
    for time in [0, 1 << 63, u64::MAX] {
        assert!(key.cosign(note.text(), time).is_err(), "{time}");
        // Signed all the same, by somebody else's program.
        let message = format!("cosignature/v1\ntime {time}\n{}", note.text());
        let signature = ed25519_dalek::SigningKey::from_bytes(&[3; 32]).sign(message.as_bytes());
        let id = key.witness_key().id().0;
        let bytes = [&id[..], &time.to_be_bytes(), &signature.to_bytes()].concat();
        let line = format!("\u{2014} w {}\n", base64(&bytes));
        let line = Signature::parse_lines(&line).unwrap().remove(0);
        assert_eq!(key.witness_key().verify(note.text(), &line), None, "{time}");
    }
    let line = key.cosign(note.text(), (1 << 63) - 1).unwrap();
    assert_eq!(key.witness_key().verify(note.text(), &line), Some((1 << 63) - 1));
}

fn base64(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

#[test]
fn signature_lines_stand_alone() {
    let note = checkpoint();
    let line = witness("w", 3).cosign(note.text(), 5).unwrap().to_string();
    assert_eq!(Signature::parse_lines(&line.repeat(16)).unwrap().len(), 16);
    let refused = ["", "\n", line.trim_end(), &format!("{line}\n"), &line.repeat(101)];
    let refused = refused.map(|it| Signature::parse_lines(it).unwrap_err().to_string());
    expect![[r#"
        note has no signatures
        malformed signature line 1
        malformed signature line 1
        malformed signature line 2
        more than 100 signatures"#]]
    .assert_eq(&refused.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(64)))]

    #[test]
    fn cosignatures_hold_for_their_text_and_time_only(
        time in 1_u64..1 << 63,
        size in 1_u64..1 << 40,
        flip in 0_usize..72 * 8,
    ) {
        let key = witness("witness.example", 4);
        let checkpoint = Checkpoint::new("log.example", size, leaf_hash(b"x")).unwrap();
        let note = checkpoint.sign(&[&log("log.example", 1)]).unwrap();
        let line = key.cosign(note.text(), time).unwrap();
        prop_assert_eq!(key.witness_key().verify(note.text(), &line), Some(time));
        let mut bytes = line.bytes().to_vec();
        bytes[flip / 8] ^= 1 << (flip % 8);
        let id = key.witness_key().id().0;
        let twisted = format!("\u{2014} witness.example {}\n", base64(&[&id[..], &bytes].concat()));
        let twisted = Signature::parse_lines(&twisted).unwrap().remove(0);
        prop_assert_eq!(key.witness_key().verify(note.text(), &twisted), None);
    }
}
