//! Strangers' bytes: `LEITMOTIF_CASES=100000` for as many of each kind. Nothing panics, nothing opens, and
//! no more is held than is there.

use envelope::{
    BundleReader, Identity, Recipient, SIZES, open, parse_identities, seal, sealed_bytes,
};
use proptest::prelude::*;

use crate::{cases, draw, identity};

/// Pieces of age files and bundles, which random bytes hardly ever hit.
const PIECES: &[&[u8]] = &[
    b"age-encryption.org/v1\n",
    b"-> X25519 XEl0dJ6y3C7KZkgmgWUicg63EyXJiwBJW8PdYJ/cYBE\n",
    b"-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
    b"-> scrypt ajMFur+EJLGaohv/dLRGnw 18\n",
    b"-> grease a b c\n",
    b"-> ",
    b"X25519 ",
    b"qRS0AMjdjPvZ/WT08U2KL4G+PIooA3hy38SvLpvaC1E\n",
    b"--- HK2NmOBN9Dpq0Gw6xMCuhFcQlQLvZ/wQUi/2scLG75s\n",
    b"---",
    b"\n",
    b" ",
    b"leitmotif-bundle/v1\n",
    b"2021-Q3\n",
    b"3\n",
    b"4294967295\n",
    b"\x00\x00\x10\xc8",
    b"\x10\x01\x00\x00",
    b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
    b"AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n",
    b"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
];

fn stranger() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => proptest::sample::select(PIECES).prop_map(<[u8]>::to_vec),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
    ];
    proptest::collection::vec(piece, 0..9).prop_map(|it| it.concat())
}

/// A good file of one or several chunks, with some bytes changed, cut out or put in.
fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<proptest::sample::Index>(), 0_u8..3, any::<u8>());
    (0_usize..200, proptest::collection::vec(change, 1..4)).prop_map(|(length, changes)| {
        let mut file = seal(&identity(1).recipient(), &vec![1; length], draw(7));
        for (at, how, byte) in changes {
            let at = at.index(file.len());
            match how {
                0 => file[at] ^= byte.max(1),
                1 => drop(file.remove(at)),
                _ => file.insert(at, byte),
            }
        }
        file
    })
}

fn read_bundle(bytes: &[u8]) {
    let Ok(mut reader) = BundleReader::new(bytes) else { return };
    let mut sealed = Vec::new();
    while let Ok(true) = reader.next(&mut sealed) {
        assert!(SIZES.iter().any(|it| sealed_bytes(*it) == sealed.len()));
    }
    assert!(sealed.capacity() <= 2 * bytes.len().max(32), "{} held", sealed.capacity());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(400), ..ProptestConfig::default() })]

    #[test]
    fn a_stranger_gets_nothing_opened(bytes in stranger()) {
        prop_assert!(open(&[identity(1)], &bytes).is_err());
        read_bundle(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(it) = Recipient::parse(&text) {
            prop_assert_eq!(it.to_string(), text.as_ref());
        }
        if let Ok(it) = Identity::parse(&text) {
            prop_assert!(*it.to_text() == *text);
        }
        let _ = parse_identities(&text).is_ok();
    }

    #[test]
    fn a_spoiled_file_opens_only_as_it_was(bytes in spoiled()) {
        // A change may undo another: then the text is the one that was sealed.
        if let Ok(text) = open(&[identity(1)], &bytes) {
            let whole = seal(&identity(1).recipient(), &text, draw(7));
            prop_assert_eq!(whole, bytes);
        }
    }
}

#[test]
fn a_header_has_limits() {
    let stanza = "-> X25519 XEl0dJ6y3C7KZkgmgWUicg63EyXJiwBJW8PdYJ/cYBE\n\
                  qRS0AMjdjPvZ/WT08U2KL4G+PIooA3hy38SvLpvaC1E\n";
    let said = |stanzas: &str| {
        let file = format!(
            "age-encryption.org/v1\n{stanzas}--- HK2NmOBN9Dpq0Gw6xMCuhFcQlQLvZ/wQUi/2scLG75s\n"
        );
        format!("{:?}", open(&[], file.as_bytes()))
    };
    assert_eq!(said(&stanza.repeat(64)), "Err(NoMatch)");
    assert_eq!(said(&stanza.repeat(65)), "Err(Header(Long))");
    let wide = format!("-> x {}\n\n", "a".repeat(70_000));
    assert_eq!(said(&wide), "Err(Header(Long))");
    let line = format!("{}\n", "A".repeat(64));
    assert_eq!(said(&format!("-> x\n{}\n", line.repeat(1_100))), "Err(Header(Long))");
    assert_eq!(said(&format!("-> x\n{}\n", line.repeat(900))), "Err(NoMatch)");
}
