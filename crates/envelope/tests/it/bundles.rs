//! Bundles: sorted, whole, and refused once they are changed.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use envelope::{
    BundleFault, BundleReader, BundleWriter, Draw, Identity, OpenError, WriteError, open, unpad,
};
use expect_test::expect;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::{cases, draw, identity};

/// A bundle of receipts, each to the identity of its number.
fn bundle(receipts: &[(u64, Vec<u8>)], first_draw: u64) -> Vec<u8> {
    let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
    for (number, (to, receipt)) in (first_draw..).zip(receipts) {
        writer.add(&identity(*to).recipient(), receipt, draw(number)).unwrap();
    }
    let mut out = Vec::new();
    let written = writer.finish("2021-Q3", &mut out).unwrap();
    assert_eq!((written.receipts as usize, written.bytes), (receipts.len(), out.len() as u64));
    out
}

/// All sealed receipts of a bundle.
fn sealed(bundle: &[u8]) -> Result<Vec<Vec<u8>>, BundleFault> {
    let mut reader = BundleReader::new(bundle)?;
    let (mut out, mut one) = (Vec::new(), Vec::new());
    while reader.next(&mut one)? {
        out.push(one.clone());
    }
    Ok(out)
}

/// What an identity finds.
fn found(bundle: &[u8], number: u64) -> Vec<Vec<u8>> {
    let opened = sealed(bundle).unwrap().into_iter().map(|it| open(&[identity(number)], &it));
    opened
        .filter(|it| *it != Err(OpenError::NoMatch))
        .map(|it| unpad(it.unwrap()).unwrap())
        .collect()
}

fn receipt(to: u64, length: usize) -> (u64, Vec<u8>) {
    (to, vec![b'x'; length])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(12), ..ProptestConfig::default() })]

    #[test]
    fn everybody_finds_exactly_the_own_receipts(
        list in proptest::collection::vec((0_u64..4, 1_usize..20_000), 0..12), first in any::<u32>(),
    ) {
        let list: Vec<(u64, Vec<u8>)> = list.iter().map(|it| receipt(it.0, it.1)).collect();
        let bundle = bundle(&list, u64::from(first));
        for number in 0..4 {
            let mut own: Vec<Vec<u8>> = list.iter().filter(|it| it.0 == number).map(|it| it.1.clone()).collect();
            let mut found = found(&bundle, number);
            own.sort();
            found.sort();
            prop_assert_eq!(found, own);
        }
    }

    #[test]
    fn a_changed_byte_is_noticed_by_the_reader_or_opens_nothing(
        at in any::<proptest::sample::Index>(), mask in 1_u8..,
    ) {
        let list = [receipt(1, 10), receipt(1, 5_000)];
        let mut changed = bundle(&list, 0);
        let at = at.index(changed.len());
        changed[at] ^= mask;
        if let Ok(sealed) = sealed(&changed) {
            let opened = sealed.iter().filter(|it| open(&[identity(1)], it).is_ok()).count();
            // The name of the settlement is a label: receipts prove theirs.
            prop_assert!(opened == 1 || (opened == 2 && (20..28).contains(&at)), "byte {}", at);
        }
    }
}

#[test]
fn two_bundles_of_the_same_receipts_share_nothing_but_their_lengths() {
    let list = [receipt(0, 10), receipt(1, 9_000), receipt(2, 4_000), receipt(1, 70_000)];
    let (one, two) = (sealed(&bundle(&list, 0)).unwrap(), sealed(&bundle(&list, 100)).unwrap());
    assert!(one.iter().all(|it| !two.contains(it)));
    let lengths = |it: &[Vec<u8>]| {
        let mut lengths: BTreeMap<usize, u32> = BTreeMap::new();
        it.iter().for_each(|it| *lengths.entry(it.len()).or_default() += 1);
        format!("{lengths:?}")
    };
    assert_eq!(lengths(&one), lengths(&two));
    expect!["{4296: 2, 16584: 1, 262392: 1}"].assert_eq(&lengths(&one));
    for it in [&one, &two] {
        let hashes: Vec<_> = it.iter().map(Sha256::digest).collect();
        assert!(hashes.is_sorted());
    }
}

/// The vector of the specification. `LEITMOTIF_WRITE_VECTOR=1` writes it anew.
#[test]
fn the_bytes_are_those_of_the_specification() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/spec");
    let file = spec.join("vectors/bundle-v1/two-receipts.bundle");
    let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
    for number in [1_u8, 2] {
        let mut draw = [number * 16 + 1; 64];
        draw[16..48].fill(number * 16 + 2);
        draw[48..].fill(number * 16 + 3);
        let draw = Draw::from_bytes(draw.into());
        let text = if number == 1 { b"{\"of\":\"one\"}" } else { b"{\"of\":\"two\"}" };
        let identity = Identity::from_bytes([number; 32].into());
        writer.add(&identity.recipient(), text, draw).unwrap();
        let page = fs::read_to_string(spec.join("bundle-v1.md")).unwrap();
        for it in [identity.recipient().to_string(), identity.to_text().to_string()] {
            assert!(page.contains(&it), "the page does not say {it}");
        }
    }
    let mut bundle = Vec::new();
    writer.finish("2021-Q3", &mut bundle).unwrap();
    if std::env::var_os("LEITMOTIF_WRITE_VECTOR").is_some() {
        fs::write(&file, &bundle).unwrap();
    }
    assert_eq!(fs::read(&file).unwrap(), bundle);
    assert!(
        bundle.starts_with(
            b"leitmotif-bundle/v1\n2021-Q3\n2\n\x00\x00\x10\xc8age-encryption.org/v1\n"
        )
    );
    assert_eq!(bundle.len(), 30 + 2 * (4 + 4296));
    let page = fs::read_to_string(spec.join("bundle-v1.md")).unwrap();
    let hash: String = Sha256::digest(&bundle).iter().map(|it| format!("{it:02x}")).collect();
    assert!(page.contains(&hash), "the page does not say {hash}");
}

#[test]
fn what_is_no_bundle_says_why() {
    let list = [receipt(1, 3), receipt(2, 5)];
    let whole = bundle(&list, 0);
    let said = |bytes: &[u8]| sealed(bytes).unwrap_err().to_string();
    let all = [
        said(b""),
        said(b"leitmotif-bundle/v2\n"),
        said(&whole[..20]),
        said(b"leitmotif-bundle/v1\n2021\n02\n"),
        said(b"leitmotif-bundle/v1\nno name\n2\n"),
        said(b"leitmotif-bundle/v1\n2021\n4294967296\n"),
        said(&whole[..whole.len() - 1]),
        said(&whole[..4330]),
        said(&[&whole[..], &[0]].concat()),
        said(&[&whole[..28], b"1\n", &whole[30..]].concat()),
        // The same receipt twice, the second before the first, and a length that none has.
        said(&[&whole[..4330], &whole[30..4330]].concat()),
        said(&[&whole[..30], &whole[4330..], &whole[30..4330]].concat()),
        said(b"leitmotif-bundle/v1\n2021\n1\n\xff\xff\xff\xff"),
    ];
    expect![[r#"
        no bundle of receipts: it does not begin with the line `leitmotif-bundle/v1`
        no bundle of receipts: it does not begin with the line `leitmotif-bundle/v1`
        the head of the bundle is damaged
        the head of the bundle is damaged
        the head of the bundle is damaged
        the head of the bundle is damaged
        the bundle ends after 1 of 2 receipts: fetch it again
        the bundle ends after 1 of 2 receipts: fetch it again
        something follows the last receipt of the bundle
        something follows the last receipt of the bundle
        the bundle is damaged at receipt 2 of 2: fetch it again
        the bundle is damaged at receipt 2 of 2: fetch it again
        the bundle is damaged at receipt 1 of 1: fetch it again"#]]
    .assert_eq(&all.join("\n"));
    assert!(sealed(b"leitmotif-bundle/v1\n2021\n0\n").unwrap().is_empty());
}

#[test]
fn a_settlement_without_a_name_makes_no_bundle() {
    for name in ["", "a b", "a\nb", "\u{e9}", &"x".repeat(201)] {
        let writer = BundleWriter::new(Cursor::new(Vec::new()));
        let made = writer.finish(name, &mut Vec::new());
        assert!(matches!(made, Err(WriteError::Name { .. })), "{name}");
    }
}
