use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fingerprint::landmark::Landmarks;
use fingerprint::{Map, Print};
use proptest::prelude::*;

use crate::segment::{self, Body, Table};
use crate::{NewEntry, SegmentError, Shelf, ShelfError, file};

/// A small map, another one for each seed.
fn map(seed: u32, frames: usize) -> Map {
    let mut map = Map::new(144);
    for frame in 0..frames {
        let value = |band: usize| {
            let mixed = (seed ^ 0x9e37_79b9).wrapping_mul(frame as u32 * 144 + band as u32 + 7);
            (mixed.wrapping_mul(0x85eb_ca6b) >> 24) as f32 / 64.0
        };
        map.push(&(0..144).map(value).collect::<Vec<f32>>());
    }
    map
}

fn sound(seed: u32) -> (Print, Landmarks) {
    let map = map(seed, 20 + seed as usize % 90);
    (Print::new(&map), Landmarks::new(&map))
}

fn add(shelf: &mut Shelf, entries: &[(&str, u32)]) -> Result<(), ShelfError> {
    let sounds: Vec<(Print, Landmarks)> = entries.iter().map(|(_, seed)| sound(*seed)).collect();
    let new: Vec<NewEntry<'_>> = entries
        .iter()
        .zip(&sounds)
        .map(|((label, _), (print, landmarks))| NewEntry { label, print, landmarks })
        .collect();
    shelf.add(&new)
}

/// Holds a shelf against what should be in it: labels and the seeds of their sounds.
fn holds(shelf: &Shelf, expected: &BTreeMap<String, u32>) {
    let labels: Vec<&str> = shelf.labels().map(|(label, _)| label).collect();
    assert_eq!(labels, expected.keys().collect::<Vec<_>>());
    assert_eq!(shelf.len(), expected.len());
    for (label, seed) in expected {
        let slot = shelf.slot(label).expect("a label has a slot");
        let (print, landmarks) = sound(*seed);
        assert_eq!(shelf.label(slot), Some(label.as_str()));
        assert_eq!(shelf.print(slot).unwrap().map(), print.view().map());
        let kept = shelf.landmarks(slot).unwrap();
        assert_eq!(
            (kept.frames(), kept.count()),
            (landmarks.view().frames(), landmarks.view().count())
        );
    }
    shelf.verify().unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn of(entries: &[(&str, u32)]) -> BTreeMap<String, u32> {
    entries.iter().map(|(label, seed)| ((*label).to_owned(), *seed)).collect()
}

#[test]
fn an_empty_folder_is_an_empty_shelf() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::open(&folder.path().join("none")).unwrap();
    holds(&shelf, &of(&[]));
    assert!(shelf.is_empty() && shelf.print(0).is_err() && shelf.label(0).is_none());
}

#[test]
fn labels_that_cannot_be_are_refused_and_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(folder.path()).unwrap();
    add(&mut shelf, &[("a", 1)]).unwrap();
    let long = "x".repeat(513);
    for label in ["", "a\nb", long.as_str()] {
        assert!(matches!(add(&mut shelf, &[("b", 2), (label, 3)]), Err(ShelfError::Label { .. })));
    }
    assert!(matches!(add(&mut shelf, &[("b", 2), ("b", 3)]), Err(ShelfError::Twice { .. })));
    holds(&shelf, &of(&[("a", 1)]));
}

#[test]
fn many_small_additions_become_few_segments() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(folder.path()).unwrap();
    let mut expected = BTreeMap::new();
    for seed in 0..40 {
        add(&mut shelf, &[(&format!("r{seed}"), seed)]).unwrap();
        expected.insert(format!("r{seed}"), seed);
    }
    holds(&shelf, &expected);
    assert!(names(folder.path()).len() <= 9, "{:?}", names(folder.path()));
    let half: Vec<String> = expected.keys().filter(|it| it.len() == 3).cloned().collect();
    assert_eq!(shelf.remove(half.iter().map(String::as_str)).unwrap(), 30);
    expected.retain(|label, _| label.len() == 2);
    holds(&shelf, &expected);
    assert_eq!(shelf.remove(["r1", "r1", "none"]).unwrap(), 1);
    shelf.remove(expected.keys().map(String::as_str)).unwrap();
    assert_eq!(
        (shelf.len(), shelf.bytes(), names(folder.path())),
        (0, 0, vec!["manifest".to_owned()])
    );
}

/// Whatever a kill leaves behind, the shelf is as before or as after, and goes on.
#[test]
fn a_kill_leaves_the_shelf_before_or_after() {
    let before = of(&[("a", 1), ("b", 2)]);
    let after = of(&[("a", 3), ("b", 2), ("c", 4)]);
    let old = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(old.path()).unwrap();
    add(&mut shelf, &[("a", 1), ("b", 2)]).unwrap();
    let files = |folder: &Path| -> BTreeMap<String, Vec<u8>> {
        names(folder)
            .into_iter()
            .map(|it| (it.clone(), fs::read(folder.join(it)).unwrap()))
            .collect()
    };
    let old_files = files(old.path());
    add(&mut shelf, &[("a", 3), ("c", 4)]).unwrap();
    let new_files = files(old.path());
    let (manifest, segment) = ("manifest".to_owned(), "00000002.segment".to_owned());
    assert!(new_files.contains_key(&segment) && !old_files.contains_key(&segment));
    let cut =
        |name: &str, part: usize| new_files[name][..new_files[name].len() * part / 4].to_vec();
    type State<'a> = (BTreeMap<String, Vec<u8>>, &'a BTreeMap<String, u32>);
    let mut states: Vec<State<'_>> = Vec::new();
    for part in 0..=4 {
        let mut state = old_files.clone();
        state.insert(format!("{segment}.new"), cut(&segment, part));
        states.push((state.clone(), &before));
        state.remove(&format!("{segment}.new"));
        state.insert(segment.clone(), new_files[&segment].clone());
        states.push((state.clone(), &before));
        state.insert(format!("{manifest}.new"), cut(&manifest, part));
        states.push((state.clone(), &before));
        state.insert(manifest.clone(), new_files[&manifest].clone());
        state.insert("00000001.segment".to_owned(), old_files["00000001.segment"].clone());
        state.insert("99999999.segment".to_owned(), vec![1, 2, 3]);
        states.push((state, &after));
    }
    for (state, expected) in states {
        let folder = tempfile::tempdir().unwrap();
        state.iter().for_each(|(name, bytes)| fs::write(folder.path().join(name), bytes).unwrap());
        fs::write(folder.path().join("notes.txt"), "not ours").unwrap();
        let mut shelf = Shelf::open(folder.path()).unwrap();
        holds(&shelf, expected);
        add(&mut shelf, &[("a", 3), ("c", 4)]).unwrap();
        holds(&shelf, &after);
        holds(&Shelf::open(folder.path()).unwrap(), &after);
        let left = names(folder.path());
        assert!(
            left.iter().all(|it| !it.ends_with(".new") && it != "99999999.segment"),
            "{left:?}"
        );
        assert!(left.contains(&"notes.txt".to_owned()));
    }
}

#[test]
fn damage_is_told_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(folder.path()).unwrap();
    add(&mut shelf, &[("a", 1), ("b", 2)]).unwrap();
    drop(shelf);
    let path = file::segment(folder.path(), 1);
    let bytes = fs::read(&path).unwrap();
    let said = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let error = match Shelf::open(folder.path()) {
            Ok(shelf) => shelf.verify().expect_err("it is damaged"),
            Err(error) => error,
        };
        assert!(error.to_string().contains("00000001.segment is damaged; restore it"), "{error}");
        match error {
            ShelfError::Segment { source, .. } => source,
            other => panic!("{other}"),
        }
    };
    let length = bytes.len() as u64;
    assert_eq!(said(b""), SegmentError::Foreign);
    assert_eq!(
        said(b"RIFF................................................"),
        SegmentError::Foreign
    );
    assert_eq!(said(&bytes[..100]), SegmentError::Length { expected: length, found: 100 });
    let changed = |at: usize| {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        changed
    };
    assert_eq!(said(&changed(bytes.len() - 1)), SegmentError::Table);
    assert_eq!(said(&changed(60)), SegmentError::Sum { entry: 0 });
    fs::remove_file(&path).unwrap();
    assert!(matches!(Shelf::open(folder.path()), Err(ShelfError::File { act: "read", .. })));
}

#[derive(Clone, Debug)]
enum Act {
    Add(Vec<(u8, u32)>),
    Remove(Vec<u8>),
    Open,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => prop::collection::vec((0..12_u8, 0..1000_u32), 1..4).prop_map(Act::Add),
        2 => prop::collection::vec(0..12_u8, 1..5).prop_map(Act::Remove),
        1 => Just(Act::Open),
    ]
}

fn cases(standard: u32) -> ProptestConfig {
    let asked = std::env::var("LEITMOTIF_CASES").ok().and_then(|it| it.parse().ok());
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(asked.unwrap_or(standard))
    }
}

proptest! {
    #![proptest_config(cases(12))]

    /// A shelf is a map from labels to sounds, whatever is done to it.
    #[test]
    fn a_shelf_is_a_map(acts in prop::collection::vec(act(), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let mut shelf = Shelf::open(folder.path()).unwrap();
        let mut expected: BTreeMap<String, u32> = BTreeMap::new();
        for act in acts {
            match act {
                Act::Add(entries) => {
                    let entries: BTreeMap<u8, u32> = entries.into_iter().collect();
                    let entries: Vec<(String, u32)> =
                        entries.into_iter().map(|(label, seed)| (format!("r{label}"), seed)).collect();
                    let named: Vec<(&str, u32)> = entries.iter().map(|(label, seed)| (label.as_str(), *seed)).collect();
                    add(&mut shelf, &named).unwrap();
                    expected.extend(entries);
                }
                Act::Remove(labels) => {
                    let labels: Vec<String> = labels.iter().map(|label| format!("r{label}")).collect();
                    shelf.remove(labels.iter().map(String::as_str)).unwrap();
                    expected.retain(|label, _| !labels.contains(label));
                }
                Act::Open => shelf = Shelf::open(folder.path()).unwrap(),
            }
            holds(&shelf, &expected);
        }
        holds(&Shelf::open(folder.path()).unwrap(), &expected);
    }
}

fn segment_bytes() -> Vec<u8> {
    let sounds = [sound(1), sound(2), sound(3)];
    let bodies: Vec<Body<'_>> = ["one", "two", "three"]
        .iter()
        .zip(&sounds)
        .map(|(label, (print, landmarks))| Body {
            label,
            landmarks: landmarks.as_bytes(),
            print: print.as_bytes(),
        })
        .collect();
    let mut bytes = Vec::new();
    segment::write(&bodies, |part| -> Result<(), ()> {
        bytes.extend_from_slice(part);
        Ok(())
    })
    .unwrap();
    bytes
}

/// Looks at everything that a segment says; `true` if all is as it was written.
fn looks_whole(bytes: &[u8]) -> bool {
    let Ok(table) = Table::parse(bytes) else { return false };
    (0..table.count()).all(|entry| {
        let print = table.print(bytes, entry).map(|it| it.map().frames());
        let landmarks = table.landmarks(bytes, entry).map(|it| it.count());
        print.is_ok() && landmarks.is_ok() && table.body(bytes, entry).is_ok()
    })
}

proptest! {
    #![proptest_config(cases(2000))]

    /// No change of a segment is overlooked, and none makes it panic, sums put right or not.
    #[test]
    fn a_changed_segment_is_told(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        right in any::<bool>(),
        head in any::<bool>(),
    ) {
        let bytes = segment_bytes();
        let mut changed = bytes.clone();
        for (at, byte) in changes {
            let all = changed.len();
            // Half of the time, where the numbers stand.
            let at = if head { [at.index(48), all - 200 + at.index(200)][at.index(2)] } else { at.index(all) };
            changed[at] = byte;
        }
        if let Some(cut) = cut {
            changed.truncate(cut.index(changed.len()));
        }
        if right {
            segment::set_right(&mut changed);
            // Whatever it says now, it is looked at without a panic.
            looks_whole(&changed);
        } else {
            prop_assert!(changed == bytes || !looks_whole(&changed));
        }
    }
}
