//! Files that are not what the manifest says.

use std::fs;

use expect_test::{Expect, expect};
use lake::{Filter, Lake, LakeError, StagedReport};
use money::Atoms;

use crate::fixture::{import, lake, line};

fn check(change: impl FnOnce(&Lake, &mut StagedReport), expected: Expect) {
    let (_folder, lake) = lake();
    let lines: Vec<_> = (1..=100).map(line).collect();
    let files = import(&lake, &lines);
    let mut staged = StagedReport { report: files[0].report.clone(), files };
    change(&lake, &mut staged);
    let found = lake.verify(&staged.files).unwrap();
    let found: Vec<String> =
        found.iter().map(|mismatch| mismatch.to_string().replace(&mismatch.path, "FILE")).collect();
    expected.assert_eq(&found.join("\n"));
}

fn rewrite(lake: &Lake, staged: &StagedReport, change: impl FnOnce(&mut Vec<u8>)) {
    let path = lake.root().join(&staged.files[0].path);
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(&path, bytes).unwrap();
}

#[test]
fn mismatches() {
    check(|_, _| {}, expect![]);
    check(
        |lake, staged| rewrite(lake, staged, |bytes| bytes[1000] ^= 1),
        expect!["FILE: other bytes than were written"],
    );
    check(
        |lake, staged| rewrite(lake, staged, |bytes| bytes.truncate(100)),
        expect!["FILE: 100 bytes instead of 6762"],
    );
    check(
        |lake, staged| rewrite(lake, staged, Vec::clear),
        expect!["FILE: 0 bytes instead of 6762"],
    );
    check(
        |lake, staged| fs::remove_file(lake.root().join(&staged.files[0].path)).unwrap(),
        expect!["FILE: missing"],
    );
    check(|_, staged| staged.files[0].usages = Atoms::ONE, expect!["FILE: other sum of usages"]);
    check(|_, staged| staged.files[0].amounts.clear(), expect!["FILE: other sums of amounts"]);
    check(
        |_, staged| staged.files[0].sender = "x".to_owned(),
        expect!["FILE: line 1 belongs to another report, month or sender"],
    );
    check(
        |_, staged| staged.files[0].lines = 99,
        expect!["FILE: unreadable: FILE should have 99 lines and has 100"],
    );
}

#[test]
fn a_short_file_is_no_basis_for_cells() {
    let (_folder, lake) = lake();
    let mut files = import(&lake, &[line(1), line(2)]);
    files[0].lines = 3;
    let cells = lake.cells(&files, &Filter::all(), &mut |identity| identity.unmatched());
    assert!(matches!(cells, Err(LakeError::Count { expected: 3, found: 2, .. })));
}
