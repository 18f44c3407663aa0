//! What the house refuses to go on with, and that it changes nothing then.

use std::fs;
use std::path::{Path, PathBuf};

use app::publish::{LogError, verify_log_folder};
use app::settle::SettleError;
use app::{Config, Home, OpenError};
use store::{LogFault, StoreError};

use crate::stage::{Stage, report_of};

const ADVANCE: &str = "advance-recouped";
const FEE: &str = "fee-then-share";

/// A report of June, settled and published.
fn published() -> Stage {
    let mut stage = Stage::of(FEE);
    stage.import("june.tsv", report_of(FEE));
    stage.settle("2021-06").unwrap();
    stage.publish(None);
    stage
}

/// The same report again, as July's.
fn july() -> String {
    let text = report_of(FEE).replace("made-up-fee", "july").replace("SR08.01\tT", "SR08.01\tJ-");
    text.replace("2021-06-01", "2021-07-01").replace("2021-06-30", "2021-07-31")
}

fn open(home: &Path) -> Result<Home, OpenError> {
    Home::open(home, &Config::default())
}

fn parquet(home: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![home.join("lake")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "parquet") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn a_home_without_its_database_is_refused_and_left_alone() {
    let Stage { folder, home } = published();
    drop(home);
    let home = folder.path().join("home");
    let before = parquet(&home);
    for name in ["leitmotif.db", "leitmotif.db-wal", "leitmotif.db-shm"] {
        let _gone = fs::remove_file(home.join(name));
    }
    let refused = open(&home);
    assert!(matches!(refused, Err(OpenError::Store(StoreError::DatabaseMissing { .. }))));
    assert_eq!(parquet(&home), before);
    assert!(!before.is_empty());
}

#[test]
fn an_older_database_is_refused_before_anything_is_swept() {
    let Stage { folder, home } = published();
    drop(home);
    let home = folder.path().join("home");
    let old = fs::read(home.join("leitmotif.db")).unwrap();
    let mut stage = Stage { home: open(&home).unwrap(), folder };
    stage.import("july.tsv", july());
    stage.settle("2021-07").unwrap();
    stage.publish(None);
    let Stage { folder, home: opened } = stage;
    drop(opened);
    let (files, checkpoint) = (parquet(&home), fs::read(home.join("log/checkpoint")).unwrap());
    fs::write(home.join("leitmotif.db"), old).unwrap();
    for name in ["leitmotif.db-wal", "leitmotif.db-shm"] {
        let _gone = fs::remove_file(home.join(name));
    }
    let refused = open(&home);
    assert!(matches!(refused, Err(OpenError::Store(StoreError::LogAhead { .. }))), "{refused:?}");
    assert_eq!(parquet(&home), files);
    assert_eq!(fs::read(home.join("log/checkpoint")).unwrap(), checkpoint);
    drop(folder);
}

#[test]
fn a_lost_key_is_not_replaced_once_there_is_a_log() {
    let stage = published();
    let key = stage.folder.path().join("home/keys/salt.secret");
    fs::remove_file(&key).unwrap();
    let refused = stage.home.store.keys("log.example/royalties");
    assert!(matches!(refused, Err(StoreError::KeyMissing { .. })));
    assert!(!key.exists());
}

#[test]
fn a_log_continues_its_older_checkpoints_or_says_that_it_does_not() {
    let mut stage = published();
    let folder = stage.home.store.log_folder();
    let old = fs::read(folder.join("checkpoint")).unwrap();
    stage.import("july.tsv", july());
    stage.settle("2021-07").unwrap();
    stage.publish(None);
    let key = stage.home.store.keys("").unwrap().log.verifier_key();
    verify_log_folder(&folder, &key, Some((&old, &key))).unwrap();
    // Another log of the same name and key: what was signed before is not in it.
    let new = fs::read(folder.join("checkpoint")).unwrap();
    let other = published();
    let other_key = other.home.store.keys("").unwrap().log.verifier_key();
    let fault =
        verify_log_folder(&other.home.store.log_folder(), &other_key, Some((&new, &other_key)));
    assert!(matches!(fault, Err(LogError::File(LogFault::Rewritten { .. }))), "{fault:?}");
}

#[test]
fn an_advance_that_was_paid_is_not_edited() {
    let mut stage = Stage::of(ADVANCE);
    let folder = crate::stage::scenario_folder(ADVANCE);
    let report = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    stage.import("06.tsv", report("report-06.tsv"));
    stage.settle("2021-06").unwrap();
    stage.import("07.tsv", report("report-07.tsv"));
    let mut files = crate::stage::read_folder(&folder.join("catalogue"));
    let agreements = files["agreements.toml"].clone();
    let amount = agreements.lines().find(|it| it.starts_with("amount = ")).unwrap();
    files.insert("agreements.toml".to_owned(), agreements.replace(amount, "amount = \"1\""));
    stage.learn(files);
    let refused = stage.settle("2021-07");
    assert!(matches!(refused, Err(SettleError::AdvanceChanged { .. })), "{refused:?}");
}

#[test]
fn usage_lines_that_were_changed_at_rest_are_not_settled() {
    let mut stage = Stage::of(FEE);
    stage.import("june.tsv", report_of(FEE));
    let path = parquet(&stage.folder.path().join("home")).remove(0);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let refused = stage.settle("2021-06");
    assert!(matches!(refused, Err(SettleError::LakeChanged { .. })), "{refused:?}");
}

#[test]
fn a_period_that_is_not_over_is_not_settled() {
    let mut stage = Stage::of(FEE);
    stage.import("june.tsv", report_of(FEE));
    assert!(matches!(stage.settle("2921"), Err(SettleError::NotOver { .. })));
}
