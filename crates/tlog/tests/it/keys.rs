//! Key names, ids and vkeys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;
use expect_test::{Expect, expect};
use tlog::{SigningKey, VerifierKey};

/// The example of C2SP signed-note, "Verifier keys" (CC BY 4.0, c2sp.org/signed-note).
pub(crate) const EXAMPLE_KEY: &str =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&match VerifierKey::parse(text) {
        Ok(key) => format!("{} {}", key.name(), key.id()),
        Err(error) => error.to_string(),
    });
}

#[test]
fn vkeys() {
    check(EXAMPLE_KEY, expect!["example.com/foo 530d903a"]);
    let (name, rest) = EXAMPLE_KEY.split_once('+').unwrap();
    let (id, key) = rest.split_once('+').unwrap();
    check("", expect!["not a verifier key"]);
    check("a+b", expect!["not a verifier key"]);
    check(&format!("+{id}+{key}"), expect![[r#"bad key name """#]]);
    check(&format!("a b+{id}+{key}"), expect![[r#"bad key name "a b""#]]);
    check(&format!("a\u{3000}b+{id}+{key}"), expect![[r#"bad key name "a\u{3000}b""#]]);
    check(&format!("a\0+{id}+{key}"), expect![[r#"bad key name "a\0""#]]);
    check(&format!("other+{id}+{key}"), expect!["key id 530d903a should be c4975e53"]);
    check(&format!("{name}+530D903A+{key}"), expect!["key id 530D903A should be 530d903a"]);
    check(&format!("{name}+{id}+{key}="), expect!["not a verifier key"]);
    check(&format!("{name}+{id}+{key} "), expect!["not a verifier key"]);
    check(&format!("{name}+{id}+"), expect!["not a verifier key"]);
    check(&format!("{name}+{id}+AQID"), expect!["not a verifier key"]);
    check(
        &format!("{name}+{id}+{}", key.replacen('A', "B", 1)),
        expect![
            "signature type 0x05 where 0x01 is wanted (0x01 signs as a log, 0x04 cosigns as a witness)"
        ],
    );
}

#[test]
fn unusable_points() {
    let spelling = |bytes: [u8; 32]| {
        let key = [[1].as_slice(), &bytes].concat();
        format!("a+00000000+{}", STANDARD.encode(key))
    };
    // The neutral point (small order) and y = 2 (off the curve).
    let mut bytes = [0; 32];
    bytes[0] = 1;
    check(&spelling(bytes), expect!["not a usable Ed25519 public key"]);
    bytes[0] = 2;
    check(&spelling(bytes), expect!["not a usable Ed25519 public key"]);
    // y = p + 0 to p + 18, with p = 2^255 - 19: second spellings, some of them of good points.
    let mut good = 0;
    for first in 0xed..=0xff {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (first, 0x7f);
        check(&spelling(bytes), expect!["not a usable Ed25519 public key"]);
        good += u8::from(VerifyingKey::from_bytes(&bytes).is_ok_and(|key| !key.is_weak()));
    }
    assert!(good > 0);
}

#[test]
fn secrets_are_wiped() {
    fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<SigningKey>();
    wiped::<ed25519_dalek::SigningKey>();
}

#[test]
fn signing_keys() {
    let key = SigningKey::from_seed("log.example", [7; 32].into()).unwrap();
    let public = key.verifier_key();
    assert_eq!(key.name(), "log.example");
    assert_eq!(VerifierKey::parse(&public.to_string()), Ok(public.clone()));
    expect!["log.example+891bac2d+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"]
        .assert_eq(&public.to_string());
    assert_eq!(format!("{key:?}"), format!("SigningKey({:?})", public.to_string()));
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b"] {
        assert!(SigningKey::from_seed(name, [7; 32].into()).is_err(), "{name:?}");
    }
}
