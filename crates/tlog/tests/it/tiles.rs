//! Tile names, growth and entry bundles.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tlog::bundle::{BundleError, ENTRY_BYTES_MAX};
use tlog::tile::{decode_hashes, encode_hashes, entries_path, tiles_for};
use tlog::{EntryBundle, Hash, MemoryTiles, TileId, Tree, TreeError, grow};

use crate::forest::leaves;

#[test]
fn paths() {
    let path = |level, index, width| TileId::new(level, index, width).unwrap().path();
    let found = [
        path(0, 0, 256),
        path(0, 999, 255),
        path(1, 1_000, 256),
        path(0, 1_234_067, 256),
        path(63, u64::MAX, 1),
        entries_path(1_234, 256).unwrap(),
        entries_path(7, 16).unwrap(),
    ];
    expect![[r#"
        tile/0/000
        tile/0/999.p/255
        tile/1/x001/000
        tile/0/x001/x234/067
        tile/63/x018/x446/x744/x073/x709/x551/615.p/1
        tile/entries/x001/234
        tile/entries/007.p/16"#]]
    .assert_eq(&found.join("\n"));
    for (level, width) in [(64, 1), (0, 0), (0, 257)] {
        assert_eq!(TileId::new(level, 0, width), None);
    }
    assert_eq!(entries_path(0, 0), None);
}

fn check_tiles_for(old: u64, new: u64, expected: Expect) {
    let paths: Vec<_> = tiles_for(old, new).iter().map(TileId::path).collect();
    expected.assert_eq(&paths.join(" "));
}

#[test]
fn tiles_to_write() {
    check_tiles_for(0, 0, expect![""]);
    check_tiles_for(9, 3, expect![""]);
    check_tiles_for(0, 1, expect!["tile/0/000.p/1"]);
    check_tiles_for(0, 256, expect!["tile/0/000 tile/1/000.p/1"]);
    check_tiles_for(256, 257, expect!["tile/0/001.p/1"]);
    check_tiles_for(250, 513, expect!["tile/0/000 tile/0/001 tile/0/002.p/1 tile/1/000.p/2"]);
    check_tiles_for(u64::MAX - 1, u64::MAX, expect!["tile/0/x072/x057/x594/x037/x927/935.p/255"]);
    // The example of tlog-tiles, "Partial Tiles".
    let tiles = tiles_for(0, 70_000);
    let count = |level, full| {
        tiles.iter().filter(|tile| tile.level() == level && tile.is_full() == full).count()
    };
    assert_eq!((count(0, true), count(1, true), count(2, true)), (273, 1, 0));
    let partial = tiles.iter().filter(|tile| !tile.is_full());
    let partial: Vec<_> = partial.map(TileId::path).collect();
    expect!["tile/0/273.p/112 tile/1/001.p/17 tile/2/000.p/1"].assert_eq(&partial.join(" "));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn growth_in_batches_is_growth_at_once(cuts in prop::collection::vec(0_u64..1_500, 0..8)) {
        let total = cuts.iter().sum();
        let all = leaves(total);
        let mut once = MemoryTiles::new();
        once.append(&all).unwrap();
        let mut batched = MemoryTiles::new();
        let mut rest = all.as_slice();
        for cut in cuts {
            let (batch, tail) = rest.split_at(usize::try_from(cut).unwrap());
            rest = tail;
            let old = batched.size();
            let written = grow(old, &batched, batch).unwrap();
            let names: Vec<_> = written.iter().map(|(tile, _)| *tile).collect();
            prop_assert_eq!(names, tiles_for(old, old + cut));
            for (tile, hashes) in &written {
                prop_assert_eq!(hashes.len(), usize::from(tile.width()));
            }
            prop_assert_eq!(batched.append(batch).unwrap(), old + cut);
        }
        prop_assert_eq!(&batched, &once);
        let tree: Tree = all.into_iter().collect();
        prop_assert_eq!(tlog::root(total, &once).unwrap(), tree.root());
    }

    #[test]
    fn growth_over_a_torn_write_gives_the_same_tiles(old in 0_u64..600, added in 1_u64..600) {
        // The tiles were written, the checkpoint was not: growing again from the old size must
        // read past the hashes that are already there.
        let all = leaves(old + added);
        let (before, batch) = all.split_at(usize::try_from(old).unwrap());
        let mut intact = MemoryTiles::new();
        intact.append(before).unwrap();
        let mut torn = MemoryTiles::new();
        torn.append(&all).unwrap();
        let again = grow(old, &torn, batch).unwrap();
        prop_assert_eq!(again, grow(old, &intact, batch).unwrap());
    }

    #[test]
    fn tiles_are_the_definition(size in 1_u64..140_000) {
        // Widths alone, by the formula of tlog-tiles: floor(size / 256^level) mod 256.
        let mut widths = BTreeMap::<u8, (u64, u16)>::new();
        for tile in tiles_for(0, size) {
            let level = widths.entry(tile.level()).or_default();
            if tile.is_full() { level.0 += 1 } else { level.1 = tile.width() }
        }
        for level in 0..4_u8 {
            let hashes = size / 256_u64.pow(u32::from(level));
            let (full, partial) = widths.get(&level).copied().unwrap_or_default();
            prop_assert_eq!((full, u64::from(partial)), (hashes / 256, hashes % 256));
        }
    }

    #[test]
    fn bundles_round_trip(
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..=256),
    ) {
        let bundle = EntryBundle::new(entries).unwrap();
        let bytes = bundle.encode();
        prop_assert_eq!(EntryBundle::decode(&bytes), Ok(bundle));
    }

    #[test]
    fn bundles_have_one_spelling(bytes in prop::collection::vec(0_u8..4, 0..64)) {
        if let Ok(bundle) = EntryBundle::decode(&bytes) {
            prop_assert_eq!(bundle.encode(), bytes);
        }
    }
}

#[test]
fn growth_beyond_the_largest_size() {
    let store = MemoryTiles::new();
    assert_eq!(grow(u64::MAX, &store, &leaves(1)), Err(TreeError::TooLarge));
    assert!(matches!(grow(1, &store, &leaves(1)), Err(TreeError::Read { .. })));
    assert_eq!(grow(1, &store, &[]), Ok(vec![]));
}

#[test]
fn bundle_limits() {
    assert_eq!(EntryBundle::new(vec![]), Err(BundleError::Empty));
    assert_eq!(EntryBundle::decode(&[]), Err(BundleError::Empty));
    assert_eq!(EntryBundle::new(vec![vec![]; 257]), Err(BundleError::TooMany));
    assert_eq!(EntryBundle::decode(&[0; 514]), Err(BundleError::TooMany));
    assert_eq!(EntryBundle::decode(&[0, 0, 0]), Err(BundleError::Truncated { entry: 1 }));
    assert_eq!(EntryBundle::decode(&[0, 2, 9]), Err(BundleError::Truncated { entry: 0 }));
    let longest = vec![7; ENTRY_BYTES_MAX];
    let bundle = EntryBundle::new(vec![longest.clone(), vec![]]).unwrap();
    assert_eq!(EntryBundle::decode(&bundle.encode()), Ok(bundle));
    let above = vec![vec![], [longest.as_slice(), &[7]].concat()];
    assert_eq!(EntryBundle::new(above), Err(BundleError::TooLong { entry: 1, bytes: 65_536 }));
}

#[test]
fn tile_bytes() {
    let hashes: Vec<Hash> = leaves(256);
    let bytes = encode_hashes(&hashes);
    assert_eq!(bytes.len(), 8_192);
    assert_eq!(decode_hashes(&bytes), Ok(hashes));
    for length in [0, 31, 33, 8_191, 8_193, 8_224] {
        assert!(decode_hashes(&vec![0; length]).is_err(), "{length}");
    }
}
