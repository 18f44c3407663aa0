//! What the log says beside seals: reports at receipt, attestations, decisions, batches, corrections, a change
//! of keys; and what is left when a payee's keys are erased.

use std::fs;

use app::attest::{AttestError, attest, text_to_attest};
use app::erase::{EraseError, erase};
use app::publish::{verify_log_folder, verify_receipt};
use app::{Config, Home, OpenError, Silent, log, seal};
use ident::PartyId;
use statement::{Entry, Refusal, Seal, Trust};
use store::StoreError;
use testkit::report::Form;
use tlog::{Note, SigningKey};

use crate::stage::{NOW, Stage, order};

fn imported() -> Stage {
    let order = order(12, 150);
    let mut stage = Stage::made_up(&order);
    stage.import_made_up(Form::Financial, &order);
    stage
}

/// The kinds of the entries that are signed, in their order; seals as `seal`.
fn kinds(stage: &Stage) -> Vec<String> {
    let size = stage.home.store.log_state().unwrap().size;
    let entries = stage.home.store.log_entries(0, size).unwrap();
    let kind = |it: Vec<u8>| {
        let value: serde_json::Value = serde_json::from_slice(&it).unwrap();
        assert!(Entry::parse(&it).is_some() || Seal::parse(&it).is_some(), "{value}");
        value["kind"].as_str().unwrap().to_owned()
    };
    entries.into_iter().map(kind).collect()
}

#[test]
fn a_report_is_in_the_log_before_anything_is_settled() {
    let mut stage = imported();
    assert_eq!(kinds(&stage), ["report"]);
    let receipts = {
        stage.settle("2021-06").unwrap();
        assert_eq!(kinds(&stage), ["report"], "nothing is published yet");
        stage.publish(None).remove(0).receipts
    };
    let known = kinds(&stage);
    assert_eq!(known.first().map(String::as_str), Some("report"));
    assert_eq!(known.last().map(String::as_str), Some("seal"));
    assert!(known.contains(&"agreement".to_owned()));
    assert!(!receipts.is_empty());
}

#[test]
fn the_sender_of_a_report_attests_it_and_receipts_say_so() {
    let mut stage = imported();
    let report = stage.home.store.reports().unwrap().remove(0).id;
    let sender = SigningKey::from_seed("reports.service.example", [4; 32].into()).unwrap();
    let asked = text_to_attest(&stage.home, &report).unwrap();
    assert!(asked.control_totals.contains("lines 150"), "{}", asked.control_totals);
    let note = |text: &str| Note::sign(text, &[&sender]).unwrap().to_string();
    let put = |stage: &mut Stage, text: &str, key: &SigningKey| {
        attest(&mut stage.home, &report, note(text).as_bytes(), &key.verifier_key(), NOW)
    };
    let other = SigningKey::from_seed("reports.service.example", [5; 32].into()).unwrap();
    assert!(matches!(put(&mut stage, &asked.text, &other), Err(AttestError::Note { .. })));
    let wrong = asked.text.replace("lines 150", "lines 151");
    assert!(matches!(put(&mut stage, &wrong, &sender), Err(AttestError::OtherText { .. })));
    put(&mut stage, &asked.text, &sender).unwrap();
    stage.settle("2021-06").unwrap();
    for path in stage.publish(None).remove(0).receipts {
        let verdict = verify_receipt(&fs::read(path).unwrap(), &Trust::Nothing).unwrap();
        let by = verdict.attested.iter().map(|it| it.by.clone()).collect::<Vec<_>>();
        let none = verdict.statement.lines.is_empty();
        assert!(none || by == [Some(sender.verifier_key().to_string())], "{by:?}");
    }
}

#[test]
fn a_database_that_was_set_back_with_its_folder_is_told_by_the_guard() {
    let stage = imported();
    let Stage { folder, home } = stage;
    let config = Config { guard: folder.path().join("elsewhere"), ..home.config.clone() };
    drop(home);
    let path = folder.path().join("home");
    let back_up = folder.path().join("back-up.db");
    drop(Home::open(&path, &config).unwrap());
    fs::copy(path.join("leitmotif.db"), &back_up).unwrap();
    let mut stage = Stage { home: Home::open(&path, &config).unwrap(), folder };
    stage.settle("2021-06").unwrap();
    stage.publish(None);
    let Stage { folder, home } = stage;
    drop(home);
    // Database and static files are both set back: only what is kept apart knows better.
    fs::copy(&back_up, path.join("leitmotif.db")).unwrap();
    fs::remove_dir_all(path.join("log")).unwrap();
    for name in ["leitmotif.db-wal", "leitmotif.db-shm"] {
        let _gone = fs::remove_file(path.join(name));
    }
    let refused = Home::open(&path, &config);
    assert!(matches!(refused, Err(OpenError::Store(StoreError::LogAhead { .. }))), "{refused:?}");
    drop(folder);
}

#[test]
fn the_log_says_itself_that_its_key_changes() {
    let mut stage = imported();
    stage.settle("2021-06").unwrap();
    let before = stage.publish(None).remove(0).receipts;
    let before: Vec<Vec<u8>> = before.iter().map(|it| fs::read(it).unwrap()).collect();
    let folder = stage.home.store.log_folder();
    let old_checkpoint = fs::read(folder.join("checkpoint")).unwrap();
    let [old, new] = log::change_key(&mut stage.home, NOW).unwrap();
    assert_ne!(old, new);
    // The checkpoint of the change is one that both sign.
    verify_log_folder(&folder, &old, None).unwrap();
    verify_log_folder(&folder, &new, Some((&old_checkpoint, &old))).unwrap();
    stage = stage.reopened();
    stage.import("july.tsv", {
        let order = order(13, 100);
        let later = testkit::report::Order { month: order.month.next(), ..order };
        crate::stage::made_up(Form::Financial, &later)
    });
    assert!(verify_log_folder(&folder, &old, None).is_err());
    verify_log_folder(&folder, &new, Some((&old_checkpoint, &old))).unwrap();
    for receipt in before {
        verify_receipt(&receipt, &Trust::Key(old.clone())).unwrap();
        let refused = verify_receipt(&receipt, &Trust::Key(new.clone())).unwrap_err();
        assert!(matches!(refused, Refusal::OtherKey { .. }));
    }
}

#[test]
fn what_was_sealed_is_sealed_again_byte_for_byte_or_it_is_told() {
    let mut stage = imported();
    stage.settle("2021-06").unwrap();
    stage.publish(None);
    let sealed = seal::audit(&mut stage.home, &mut Silent).unwrap();
    assert!(sealed.len() == 1 && sealed[0].1 >= 1, "{sealed:?}");
}

#[test]
fn an_erased_payee_cannot_be_opened_and_everything_else_can() {
    let mut stage = crate::payments::paid_out();
    stage.publish(None);
    let payee = stage.home.store.statements(None).unwrap().into_iter();
    let payee = payee.map(|it| it.account).find(|it| it.starts_with("payee:")).unwrap();
    let party = PartyId::parse(payee.trim_start_matches("payee:")).unwrap();
    let others = || {
        let of = |it: &std::path::PathBuf| !it.display().to_string().contains(party.as_str());
        receipts(&stage).into_iter().filter(of).collect::<Vec<_>>()
    };
    let (all, known) = (receipts(&stage).len(), others());
    assert!(known.len() < all);
    let erased = erase(&mut stage.home, &party).unwrap();
    assert!(erased.statements >= 1);
    assert_eq!(receipts(&stage), known, "its files are gone");
    // The seals are built again without what opened the payee's leaves.
    seal::audit(&mut stage.home, &mut Silent).unwrap();
    let settlement = stage.home.store.settlements().unwrap().remove(0).id;
    stage.publish(Some(&settlement));
    assert_eq!(receipts(&stage), known);
    let again = erase(&mut stage.home, &party);
    assert!(matches!(again, Err(EraseError::Unknown { .. })), "{again:?}");
}

#[test]
fn a_payee_with_a_balance_is_not_erased() {
    let mut stage = imported();
    stage.settle("2021-06").unwrap();
    stage.publish(None);
    let rows = stage.home.store.statements(None).unwrap();
    let payee = rows.iter().find(|it| it.account.starts_with("payee:")).unwrap();
    let party = PartyId::parse(payee.account.trim_start_matches("payee:")).unwrap();
    let refused = erase(&mut stage.home, &party);
    assert!(matches!(refused, Err(EraseError::Balance { .. })), "{refused:?}");
}

fn receipts(stage: &Stage) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for settlement in fs::read_dir(stage.home.statements_folder()).unwrap() {
        for it in fs::read_dir(settlement.unwrap().path()).unwrap() {
            let path = it.unwrap().path();
            if path.extension().is_some_and(|it| it == "receipt") {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}
