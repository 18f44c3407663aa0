//! What is sealed opens for one identity and no other, and not at all once it was changed.

use std::collections::BTreeSet;

use envelope::{OpenError, open, seal, sealed_bytes, unpad};
use proptest::prelude::*;

use crate::{cases, draw, identity};

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(48), ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back_for_its_identity_alone(
        text in proptest::collection::vec(any::<u8>(), 0..5_000),
        (to, other, number) in (0_u64..9, 9_u64..18, any::<u64>()),
    ) {
        let sealed = seal(&identity(to).recipient(), &text, draw(number));
        prop_assert_eq!(sealed.len(), sealed_bytes(text.len()));
        prop_assert_eq!(open(&[identity(to)], &sealed), Ok(text.clone()));
        prop_assert_eq!(open(&[identity(other)], &sealed), Err(OpenError::NoMatch));
        prop_assert_eq!(open(&[identity(other), identity(to)], &sealed), Ok(text));
        prop_assert_eq!(open(&[], &sealed), Err(OpenError::NoMatch));
    }

    #[test]
    fn a_changed_byte_opens_nothing(
        length in 0_usize..300, at in any::<proptest::sample::Index>(), mask in 1_u8..,
    ) {
        let mut sealed = seal(&identity(1).recipient(), &vec![7; length], draw(length as u64));
        let at = at.index(sealed.len());
        sealed[at] ^= mask;
        prop_assert!(open(&[identity(1)], &sealed).is_err(), "byte {} ^ {:#04x}", at, mask);
    }
}

#[test]
fn texts_around_the_ends_of_chunks_come_back() {
    const CHUNK: usize = 64 * 1024;
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1] {
        let text: Vec<u8> = (0..length)
            .map(|at| (at / 251 % 256) ^ (at % 251))
            .map(|it| u8::try_from(it).unwrap())
            .collect();
        let sealed = seal(&identity(2).recipient(), &text, draw(length as u64));
        assert_eq!(sealed.len(), sealed_bytes(length));
        assert_eq!(open(&[identity(2)], &sealed), Ok(text));
    }
}

#[test]
fn every_byte_counts_and_so_does_where_the_file_ends() {
    let sealed = seal(&identity(3).recipient(), b"a receipt", draw(3));
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(open(&[identity(3)], &changed).is_err(), "byte {at}");
        assert!(open(&[identity(3)], &sealed[..at]).is_err(), "cut off at {at}");
    }
    for more in [&[0][..], b"\n", &sealed] {
        assert!(open(&[identity(3)], &[&sealed, more].concat()).is_err());
    }
}

#[test]
fn chunks_cannot_change_places_or_be_left_out() {
    const CHUNK: usize = 64 * 1024 + 16;
    let sealed = seal(&identity(4).recipient(), &[5; 3 * 64 * 1024], draw(4));
    let (head, chunks) = sealed.split_at(sealed.len() - 3 * CHUNK);
    let chunks: Vec<&[u8]> = chunks.chunks(CHUNK).collect();
    for order in [&[1, 0, 2][..], &[0, 2], &[0, 1], &[0, 1, 1, 2], &[2], &[]] {
        let body: Vec<u8> = order.iter().flat_map(|at| chunks[*at].iter().copied()).collect();
        let opened = open(&[identity(4)], &[head, &body].concat());
        assert_eq!(opened, Err(OpenError::Payload), "{order:?}");
    }
}

#[test]
fn the_same_text_is_sealed_to_other_bytes_with_every_draw() {
    let sealed: BTreeSet<Vec<u8>> =
        (0..20).map(|it| seal(&identity(5).recipient(), b"the same", draw(it))).collect();
    assert_eq!(sealed.len(), 20);
    let recipient = identity(5).recipient().to_string();
    let shows = |it: &Vec<u8>| it.windows(recipient.len()).any(|it| it == recipient.as_bytes());
    assert!(!sealed.iter().any(shows), "a sealed text does not name its recipient");
    assert_eq!(unpad(b"the same".to_vec()), None, "what was not padded is not taken as padded");
}
