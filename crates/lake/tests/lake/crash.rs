//! What is left after a crash at each point, and what the sweep makes of it.

use std::fs;

use expect_test::expect;
use lake::{LakeError, Swept};
use usage::Line;

use crate::fixture::{import, lake, line, stage, tree};

fn other(number: u64) -> Line {
    Line { report: "other".to_owned(), ..line(number) }
}

#[test]
fn crash_while_staging() {
    let (_folder, lake) = lake();
    let known = import(&lake, &[line(1)]);
    let before = tree(lake.root());
    let mut writer = lake.begin("other").unwrap();
    writer.push(&other(1)).unwrap();
    drop(writer);
    assert_ne!(tree(lake.root()), before);
    let swept = lake.sweep(&known).unwrap();
    assert_eq!(swept.removed, ["staging/other"]);
    assert_eq!(tree(lake.root()), before);
}

#[test]
fn crash_after_the_move() {
    let (_folder, lake) = lake();
    let known = import(&lake, &[line(1)]);
    let before = tree(lake.root());
    let mut elsewhere = other(1);
    elsewhere.sender = "elsewhere".to_owned();
    import(&lake, &[other(1), elsewhere]);
    let swept = lake.sweep(&known).unwrap();
    expect![[r#"
        usage/month=2021-06/sender=PADPIDA2013021901W/other-0.parquet
        usage/month=2021-06/sender=elsewhere/other-1.parquet"#]]
    .assert_eq(&swept.removed.join("\n"));
    assert_eq!(tree(lake.root()), before);
    assert_eq!(lake.sweep(&known).unwrap(), Swept::default());
    assert_eq!(lake.verify(&known).unwrap(), []);
}

#[test]
fn crash_between_two_moves() {
    let (_folder, lake) = lake();
    let mut elsewhere = line(2);
    elsewhere.sender = "elsewhere".to_owned();
    let staged = stage(&lake, &[line(1), elsewhere]);
    let entry = &staged.files[0];
    let target = lake.root().join(&entry.path);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    let from = lake.root().join("staging").join(&staged.report).join(&entry.path);
    fs::rename(from, target).unwrap();

    lake.commit(&staged).unwrap();
    assert_eq!(lake.verify(&staged.files).unwrap(), []);
    lake.commit(&staged).unwrap();
    assert_eq!(lake.sweep(&staged.files).unwrap(), Swept::default());
}

#[test]
fn recorded_but_still_staged() {
    let (_folder, lake) = lake();
    let staged = stage(&lake, &[line(1)]);
    let swept = lake.sweep(&staged.files).unwrap();
    assert_eq!(swept.restored, [staged.files[0].path.clone()]);
    assert_eq!(swept.missing, Vec::<String>::new());
    assert_eq!(lake.verify(&staged.files).unwrap(), []);
}

#[test]
fn recorded_and_lost() {
    let (_folder, lake) = lake();
    let staged = stage(&lake, &[line(1)]);
    fs::remove_dir_all(lake.root().join("staging").join(&staged.report)).unwrap();
    let swept = lake.sweep(&staged.files).unwrap();
    assert_eq!(swept.missing, [staged.files[0].path.clone()]);
    assert!(matches!(lake.commit(&staged), Err(LakeError::NotStaged { .. })));
}

#[test]
fn imported_again_without_a_sweep() {
    let (_folder, lake) = lake();
    let first = import(&lake, &[line(1)]);
    let second = import(&lake, &[line(1)]);
    assert_eq!(first, second);
    let changed = stage(&lake, &[line(1), line(2)]);
    assert!(matches!(lake.commit(&changed), Err(LakeError::Occupied { .. })));
    assert_eq!(lake.verify(&first).unwrap(), []);
}

#[test]
fn files_of_others_are_left_alone() {
    let (_folder, lake) = lake();
    import(&lake, &[line(1)]);
    let usage = lake.root().join("usage");
    let inside = usage.join("month=2021-06/sender=PADPIDA2013021901W");
    for path in [usage.join("README"), usage.join("x.parquet"), inside.join("notes.parquet")] {
        fs::write(path, "keep").unwrap();
    }
    fs::write(lake.root().join("staging/notes.txt"), "keep").unwrap();
    lake.sweep(&[]).unwrap();
    expect![[r#"
        staging/
        staging/notes.txt
        usage/
        usage/README
        usage/month=2021-06/
        usage/month=2021-06/sender=PADPIDA2013021901W/
        usage/month=2021-06/sender=PADPIDA2013021901W/notes.parquet
        usage/x.parquet"#]]
    .assert_eq(&tree(lake.root()).join("\n"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let (folder, lake) = lake();
    let away = folder.path().join("away/sender=x");
    fs::create_dir_all(&away).unwrap();
    fs::write(away.join("a-0.parquet"), "keep").unwrap();
    let link = lake.root().join("usage/month=2021-06");
    std::os::unix::fs::symlink(folder.path().join("away"), link).unwrap();
    let staged_link = lake.root().join("staging/other");
    std::os::unix::fs::symlink(folder.path().join("away"), staged_link).unwrap();
    lake.sweep(&[]).unwrap();
    assert!(away.join("a-0.parquet").exists());
}
