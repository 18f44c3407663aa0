//! Signed notes and checkpoints.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tlog::note::{NOTE_BYTES_MAX, NoteError, SIGNATURES_MAX};
use tlog::{Checkpoint, Note, SigningKey, VerifierKey, empty_root, leaf_hash};

use crate::keys::EXAMPLE_KEY;

/// The example of C2SP signed-note, "Example" (CC BY 4.0, c2sp.org/signed-note).
const EXAMPLE_NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo \
    Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

pub(crate) fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, [seed; 32].into()).unwrap()
}

#[test]
fn example_of_the_specification() {
    let key = VerifierKey::parse(EXAMPLE_KEY).unwrap();
    let opened = Note::open(EXAMPLE_NOTE, std::slice::from_ref(&key)).unwrap();
    assert_eq!(opened.text(), "This is an example message.\n");
    assert_eq!(opened.signers(), [key]);
    assert_eq!(opened.unknown(), []);
}

/// What opening each of the notes says, one a line.
fn check(notes: &[String], expected: Expect) {
    let key = [VerifierKey::parse(EXAMPLE_KEY).unwrap()];
    let said = notes.iter().map(|note| match Note::open(note, &key) {
        Ok(opened) => format!("{:?} and {} unknown\n", opened.text(), opened.unknown().len()),
        Err(error) => format!("{error}\n"),
    });
    expected.assert_eq(&said.collect::<String>());
}

const TEXT: &str = "This is an example message.\n";

fn line() -> &'static str {
    EXAMPLE_NOTE.lines().last().unwrap()
}

#[test]
fn layout() {
    let line = line();
    check(
        &[
            String::new(),
            TEXT.to_owned(),
            format!("{TEXT}\n"),
            format!("{TEXT}{line}\n"),
            format!("{TEXT}\n{line}"),
            format!("{TEXT}\n{line}\n\n"),
            format!("{TEXT}\n{line}\nx\n"),
            format!("{TEXT}\n {line}\n"),
            format!("X{TEXT}\n{line}\n"),
            format!("{TEXT}\n\n{line}\n"),
            format!("{TEXT}\t\n\n{line}\n"),
            format!("{TEXT}\n{line}\r\n"),
            format!("\n{line}\n"),
            format!("\n\n{line}\n"),
        ],
        expect![[r#"
            note has no signatures
            note has no signatures
            note has no signatures
            note has no signatures
            malformed signature line 1
            note has no signatures
            malformed signature line 2
            malformed signature line 1
            bad signature of known key example.com/foo (530d903a)
            bad signature of known key example.com/foo (530d903a)
            control character at byte 28
            control character at byte 141
            note has no signatures
            bad signature of known key example.com/foo (530d903a)
        "#]],
    );
    let bytes = [b"a\xff\n\n".as_slice(), line.as_bytes(), b"\n"].concat();
    assert_eq!(Note::parse(bytes), Err(NoteError::NotUtf8 { at: 1 }));
}

#[test]
fn signature_lines() {
    let line = line();
    let with = |line: String| format!("{TEXT}\n{line}\n");
    check(
        &[
            with(format!("{line} ")),
            with(line.replace('\u{2014}', "-")),
            with(line.replace("foo ", "foo  ")),
            with(line.replace("foo", "f+o")),
            with(line.replace("foo", "bar")),
            with(line.replace("Uw2Q", "Vw2Q")),
            with(line.replace("aQM=", "aQN=")),
            with(line.replace("aQM=", "aQM")),
            with(line.replace("aQM=", "bQM=")),
            with("\u{2014} example.com/foo Uw2QOg==".to_owned()),
            with("\u{2014} example.com/foo Uw2QOgA=".to_owned()),
            with(format!("{line}\n{line}")),
            with(format!("\u{2014} bar AAAAAAA=\n{line}")),
            with(format!("{line}\n\u{2014} bar AAAAAAA=")),
            with("\u{2014} bar AAAAAAA=".to_owned()),
        ],
        expect![[r#"
            malformed signature line 1
            malformed signature line 1
            malformed signature line 1
            malformed signature line 1
            no known key signed the note
            no known key signed the note
            malformed signature line 1
            malformed signature line 1
            bad signature of known key example.com/foo (530d903a)
            malformed signature line 1
            bad signature of known key example.com/foo (530d903a)
            "This is an example message.\n" and 0 unknown
            "This is an example message.\n" and 1 unknown
            "This is an example message.\n" and 1 unknown
            no known key signed the note
        "#]],
    );
}

#[test]
fn limits() {
    let key = key("log.example", 1);
    let keys = [key.verifier_key()];
    let sign = |text: &str| Note::sign(text, &[&key]);
    for text in ["", "a", "a\n\nb", "a\tb\n"] {
        assert!(sign(text).is_err(), "{text:?}");
    }
    assert_eq!(Note::sign("a\n", &[]), Err(NoteError::NoSignatures));
    assert_eq!(Note::sign("a\n", &vec![&key; 101]), Err(NoteError::TooManySignatures));
    let full = Note::sign("a\n", &vec![&key; SIGNATURES_MAX]).unwrap().to_string();
    assert_eq!(Note::open(&full, &keys).unwrap().signers(), keys);
    let above = full + "\u{2014} bar AAAAAAA=\n";
    assert_eq!(Note::open(above, &keys), Err(NoteError::TooManySignatures));
    let overhead = sign("\n").unwrap().to_string().len();
    let longest = "x".repeat(NOTE_BYTES_MAX - overhead) + "\n";
    let note = sign(&longest).unwrap().to_string();
    assert_eq!(note.len(), NOTE_BYTES_MAX);
    assert_eq!(Note::open(note, &keys).unwrap().text(), longest);
    let above = format!("x{longest}");
    assert_eq!(sign(&above), Err(NoteError::TooLong { bytes: NOTE_BYTES_MAX + 1 }));
    assert!(Note::parse(vec![b'\n'; NOTE_BYTES_MAX + 1]).is_err());
}

#[test]
fn several_signers() {
    let (log, other, stranger) = (key("log", 1), key("other", 2), key("stranger", 3));
    let note = Note::sign("a\n", &[&log, &stranger, &other, &log]).unwrap().to_string();
    let names = |keys: &[VerifierKey]| {
        let opened = Note::open(&note, keys).unwrap();
        let signers = opened.signers().iter().map(VerifierKey::name).collect::<Vec<_>>().join(" ");
        let unknown = opened.unknown().iter().map(|signature| signature.name());
        format!("{signers}, not {}", unknown.collect::<Vec<_>>().join(" "))
    };
    let (log, other) = (log.verifier_key(), other.verifier_key());
    expect!["log other, not stranger"].assert_eq(&names(&[other.clone(), log.clone()]));
    expect!["other, not log stranger log"].assert_eq(&names(std::slice::from_ref(&other)));
    expect!["log, not stranger other"].assert_eq(&names(&[log.clone(), log.clone()]));
    let namesake = key("log", 2).verifier_key();
    assert_eq!(Note::open(&note, &[namesake]), Err(NoteError::NoKnownSignature));
    assert_eq!(Note::open(&note, &[]), Err(NoteError::NoKnownSignature));
    // One bad signature of a known key spoils the good ones.
    let bad = note.replacen("\u{2014} other ", "\u{2014} log ", 1);
    assert!(
        Note::open(&bad, std::slice::from_ref(&log)).is_ok(),
        "name and id together name a key"
    );
    let signature = note.lines().nth(2).unwrap();
    let mut twisted = signature.to_owned();
    twisted.replace_range(20..21, if &signature[20..21] == "A" { "B" } else { "A" });
    let bad = note.replacen(signature, &twisted, 1);
    assert!(matches!(Note::open(&bad, &[log]), Err(NoteError::BadSignature { .. })));
}

fn check_checkpoint(text: &str, expected: Expect) {
    expected.assert_eq(&match Checkpoint::parse(text) {
        Ok(found) => {
            assert_eq!(found.to_string(), text);
            format!("{} {} {:?}", found.origin(), found.size(), found.extensions())
        }
        Err(error) => match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    });
}

#[test]
fn checkpoints() {
    let root = leaf_hash(b"a").to_string();
    let none = empty_root().to_string();
    check_checkpoint(&format!("log.example/a b\n7\n{root}\n"), expect!["log.example/a b 7 []"]);
    check_checkpoint(
        &format!("l\n7\n{root}\nmore\n of this\n"),
        expect![[r#"l 7 ["more", " of this"]"#]],
    );
    check_checkpoint(
        &format!("l\n18446744073709551615\n{root}\n"),
        expect!["l 18446744073709551615 []"],
    );
    check_checkpoint(&format!("l\n0\n{none}\n"), expect!["l 0 []"]);
    check_checkpoint(&format!("l\n0\n{root}\n"), expect!["size 0 with the root of another tree"]);
    check_checkpoint(&format!("l\n7\n{root}"), expect!["not the lines of a checkpoint"]);
    check_checkpoint(&format!("l\n7\n{root}\n\n"), expect!["not the lines of a checkpoint"]);
    check_checkpoint(&format!("l\n7\n{root}\n\nmore\n"), expect!["not the lines of a checkpoint"]);
    check_checkpoint(&format!("l\n7\n{root}\na\tb\n"), expect!["not the lines of a checkpoint"]);
    check_checkpoint(&format!("\n7\n{root}\n"), expect![[r#"bad origin """#]]);
    check_checkpoint("l\n7\n", expect!["not the lines of a checkpoint"]);
    check_checkpoint("", expect!["not the lines of a checkpoint"]);
    for size in ["", "-1", "+1", "07", "00", " 7", "7 ", "7.0", "\u{0667}", "18446744073709551616"]
    {
        let error = Checkpoint::parse(&format!("l\n{size}\n{root}\n")).unwrap_err();
        assert_eq!(error.to_string(), "bad tree size", "{size:?}");
    }
    for root in ["", &root[1..], &root[..43], "AAAA", &format!("{root} "), &format!("{root}AAAA")] {
        let error = Checkpoint::parse(&format!("l\n7\n{root}\n")).unwrap_err();
        assert_eq!(error.to_string(), "bad root hash", "{root:?}");
    }
    for origin in ["", "a\nb", "a\r"] {
        assert!(Checkpoint::new(origin, 1, leaf_hash(b"a")).is_err());
    }
    assert!(Checkpoint::new("l", 0, leaf_hash(b"a")).is_err());
}

#[test]
fn signed_checkpoints() {
    let (log, other) = (key("log.example", 1), key("other", 2));
    let checkpoint = Checkpoint::new("log.example", 1, leaf_hash(b"a")).unwrap();
    let note = checkpoint.sign(&[&log]).unwrap().to_string();
    let open = |origin, key: &SigningKey| {
        Checkpoint::open(&note, origin, &[key.verifier_key()]).map_err(|error| error.to_string())
    };
    assert_eq!(open("log.example", &log), Ok(checkpoint));
    let refused = [open("elsewhere", &log).unwrap_err(), open("log.example", &other).unwrap_err()];
    expect![[r#"
        checkpoint of "log.example", not of "elsewhere"
        the signed note was refused"#]]
    .assert_eq(&refused.join("\n"));
    expect![[r#"
        log.example
        1
        Aippeebat6pa5MPl5F9+l3ESp+Y1k4INvsHsc4ok+Tw=

        — log.example HMdY+Rki9V7S8KjV185EcstQcCHTuYx7QXwyftV/k0110tzP7FBswiw/xvHVXUn82plRoB3fwIZyGBW70nlcoOx2qwM=
    "#]].assert_eq(&note);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn notes_round_trip(
        text in "([ -~\u{a0}-\u{2fff}\n—]{0,30}\n){1,4}",
        extra in "[^\u{0}-\u{1f}\\s+]{1,9}",
    ) {
        let (log, other) = (key("log.example", 1), key(&extra, 2));
        let note = Note::sign(&text, &[&log, &other]).unwrap();
        let printed = note.to_string();
        prop_assert_eq!(Note::parse(&printed), Ok(note));
        let opened = Note::open(&printed, &[log.verifier_key()]).unwrap();
        prop_assert_eq!(opened.text(), text);
    }

    #[test]
    fn notes_have_one_spelling(
        text in "[a\n]{0,3}",
        lines in "((— a |— |a|\n)(AAAAAAA=|AAAAAAB=|AAAAAAAA)\n?){0,3}",
    ) {
        let bytes = format!("{text}\n\n{lines}");
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.to_string(), bytes);
        }
    }

    #[test]
    fn bytes_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in "\\PC{0,80}",
    ) {
        let _ = (Note::parse(&bytes).is_ok(), Checkpoint::parse(&text).is_ok());
        let _ = (tlog::ProofFile::parse(&bytes).is_ok(), VerifierKey::parse(&text).is_ok());
    }
}
