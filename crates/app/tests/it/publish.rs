//! Statements in the log: once, provable, and made whole again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use app::publish::{verify_log_folder, verify_receipt};
use statement::{Refusal, Trust};
use testkit::report::Form;
use tlog::VerifierKey;

use crate::stage::{Stage, order};

fn played() -> Stage {
    let order = order(12, 150);
    let mut stage = Stage::made_up(&order);
    stage.import_made_up(Form::Financial, &order);
    stage.settle("2021-06").unwrap();
    stage
}

fn key(stage: &Stage) -> VerifierKey {
    stage.home.store.keys(&stage.home.config.origin).unwrap().log.verifier_key()
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for it in fs::read_dir(&folder).unwrap() {
            let path = it.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => drop(all.insert(path.display().to_string(), fs::read(&path).unwrap())),
            }
        }
    }
    all
}

#[test]
fn publishing_again_adds_nothing() {
    let mut stage = played();
    let first = stage.publish(None);
    assert!(first.len() == 1 && first[0].appended);
    let state = stage.home.store.log_state().unwrap();
    assert_eq!(state.staged, 0);
    let before = (files(&stage.home.statements_folder()), files(&stage.home.store.log_folder()));
    assert!(stage.publish(None).is_empty());
    stage = stage.reopened();
    let again = stage.publish(Some("2021-06"));
    assert!(!again[0].appended);
    assert_eq!(again[0].receipts, first[0].receipts);
    assert_eq!(stage.home.store.log_state().unwrap(), state);
    let after = (files(&stage.home.statements_folder()), files(&stage.home.store.log_folder()));
    assert_eq!(before, after);
}

#[test]
fn every_receipt_holds_under_the_key_and_under_no_other() {
    let mut stage = played();
    let outcome = stage.publish(None).remove(0);
    let key = key(&stage);
    let other = {
        let other = Stage::new();
        other.home.store.keys("log.example/royalties").unwrap().log.verifier_key()
    };
    let statements = stage.statements();
    assert_eq!(outcome.receipts.len(), statements.len());
    for (path, bytes) in outcome.receipts.iter().zip(statements.values()) {
        let receipt = fs::read(path).unwrap();
        let verdict = verify_receipt(&receipt, &Trust::Key(key.clone())).unwrap();
        assert_eq!(verdict.statement.canonical(), *bytes);
        assert!(verdict.key_given && !verify_receipt(&receipt, &Trust::Nothing).unwrap().key_given);
        let refused = verify_receipt(&receipt, &Trust::Key(other.clone())).unwrap_err();
        assert!(matches!(refused, Refusal::OtherKey { .. }) && refused.exit_code() == 13);
    }
    let folder = stage.home.store.log_folder();
    let (found, _) = verify_log_folder(&folder, &key, None).unwrap();
    assert_eq!(found.size, stage.home.store.log_state().unwrap().size);
    assert!(verify_log_folder(&folder, &other, None).is_err());
}

#[test]
fn receipts_of_an_earlier_settlement_go_on_holding() {
    let mut stage = played();
    let first = stage.publish(None).remove(0);
    let later = order(13, 100);
    let later = testkit::report::Order { month: later.month.next(), ..later };
    stage.import_made_up(Form::Financial, &later);
    stage.settle("2021-07").unwrap();
    let second = stage.publish(None).remove(0);
    let key = key(&stage);
    for path in first.receipts.iter().chain(&second.receipts) {
        verify_receipt(&fs::read(path).unwrap(), &Trust::Key(key.clone())).unwrap();
    }
    let (found, _) = verify_log_folder(&stage.home.store.log_folder(), &key, None).unwrap();
    assert_eq!(found.size, stage.home.store.log_state().unwrap().size);
}

#[test]
fn a_statement_goes_on_from_the_one_before_and_from_no_other() {
    let mut stage = played();
    let first = stage.publish(None).remove(0);
    let later = order(13, 100);
    let later = testkit::report::Order { month: later.month.next(), ..later };
    stage.import_made_up(Form::Financial, &later);
    stage.settle("2021-07").unwrap();
    let second = stage.publish(None).remove(0);
    let trust = Trust::Key(key(&stage));
    let verdict =
        |path: &std::path::PathBuf| verify_receipt(&fs::read(path).unwrap(), &trust).unwrap();
    let [then, now] =
        [&first, &second].map(|it| it.receipts.iter().map(verdict).collect::<Vec<_>>());
    for now in &now {
        for then in &then {
            let is_same = now.statement.account == then.statement.account
                && now.statement.currency == then.statement.currency;
            assert_eq!(now.continues(then).is_ok(), is_same);
        }
        assert_eq!(now.continues(now).unwrap_err().exit_code(), 23);
    }
}

#[test]
fn static_files_that_were_lost_are_made_again() {
    let mut stage = played();
    stage.publish(None);
    let folder = stage.home.store.log_folder();
    let before = files(&folder);
    fs::remove_dir_all(&folder).unwrap();
    stage = stage.reopened();
    assert_eq!(files(&folder), before);
    fs::remove_dir_all(stage.home.statements_folder()).unwrap();
    let again = stage.publish(None);
    assert!(again.len() == 1 && !again[0].appended);
    let key = key(&stage);
    for path in &again[0].receipts {
        verify_receipt(&fs::read(path).unwrap(), &Trust::Key(key.clone())).unwrap();
    }
}
