//! Epochs of payouts as far as no node is needed: who is in them, what is carried, what never falls.

use std::collections::BTreeMap;
use std::time::Duration;

use app::payments::{Order, PayError, Reason, cancel, mark_returned, mark_sent, propose};
use app::payout::{EpochError, Plan, plan, publish};
use app::{PayoutConfig, Silent};
use chain::{ClaimTree, ident::ChainAddress};
use expect_test::{Expect, expect};
use store::{BatchRow, ClaimRow, EpochRow, ReturnRow, Sending};

use crate::payments::{earn, thirds};
use crate::stage::Stage;

const NOW: &str = "2021-08-01T00:00:00Z";
const CONTRACT: &str = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const KIM_AND_LEE: &str = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";
const HAN: &str = "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB";

/// A home whose payees are paid in a currency on a chain that no node answers for.
fn stage(currency: &str, decimals: u32, han: &str) -> Stage {
    let mut stage = Stage::new();
    let party = |id: &str, wallet: &str| {
        let wallet =
            if wallet.is_empty() { String::new() } else { format!("wallet = \"{wallet}\"\n") };
        format!(
            "[[party]]\nid = \"{id}\"\nkind = \"person\"\nnames = {{ en = \"{id}\" }}\n{wallet}"
        )
    };
    let parties = [("kim", KIM_AND_LEE), ("lee", KIM_AND_LEE), ("han", han)];
    let parties: String = parties.iter().map(|(id, wallet)| party(id, wallet)).collect();
    let recording = "[[recording]]\nid = \"a\"\nisrc = \"ZZAAA2100001\"\ntitles = { en = \"A\" }\n\
                     artist = \"Kim\"\n";
    stage.learn(BTreeMap::from([
        ("parties.toml".to_owned(), parties),
        ("agreements.toml".to_owned(), thirds()),
        ("recordings.toml".to_owned(), recording.to_owned()),
    ]));
    stage.home.config.payout = Some(PayoutConfig {
        chain_id: 31337,
        contract: CONTRACT.to_owned(),
        token: "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb".to_owned(),
        currency: currency.to_owned(),
        decimals,
        // Nothing answers there.
        rpc: "http://127.0.0.1:9".to_owned(),
        signer: "http://127.0.0.1:9".to_owned(),
        signer_method: "eth_signTransaction".to_owned(),
        from: "0x27b1fdb04752bbc536007a920d24acb045561c26".to_owned(),
        guardian: String::new(),
        fee_gwei_max: 100,
        confirmations: 1,
    });
    stage
}

fn order() -> Order<'static> {
    Order { day: period::parse_date("2021-08-01").unwrap(), fees: false, who: "Kim" }
}

fn planned(stage: &mut Stage) -> Plan {
    plan(&mut stage.home, &order(), NOW).unwrap()
}

/// Takes an epoch to where it is in effect, as publishing and looking would.
fn in_effect(stage: &mut Stage, batch: &str) {
    sent(stage, batch);
    stage.home.store.note_effect(batch).unwrap();
}

fn sent(stage: &mut Stage, batch: &str) {
    let from = ChainAddress::parse(HAN).unwrap();
    let (log_root, hash) = ("0x".to_owned(), "0x".to_owned());
    let sending = Sending { seal: 0, tree_size: 1, log_root, raw: vec![2], hash, from, nonce: 0 };
    stage.home.store.begin_sending(batch, &sending).unwrap();
    let all = app::payments::batch(&stage.home, batch).unwrap();
    let entry =
        |it: &store::PaymentRow| it.payout.entry(&format!("{batch}/{}", it.account), &it.account);
    let entries: Vec<_> = all.payments.iter().map(|it| entry(it).unwrap()).collect();
    let told = store::NewEntry { kind: "payment-batch", subject: batch, bytes: b"{}" };
    stage.home.store.publish_epoch(batch, &entries, &all.acts[0], &told).unwrap();
}

fn told(it: &Plan, stage: &Stage) -> String {
    let mut told = String::new();
    if let Some((batch, epoch)) = &it.epoch {
        told += &format!("epoch {} of {}, gives out {}\n", epoch.epoch, batch.row.id, epoch.total);
        for (wallet, before, now) in &it.rises {
            told += &format!("  {wallet} {before} -> {now}\n");
        }
        for it in stage.home.store.claims(&batch.row.id).unwrap() {
            told += &format!("  {} ever due {}\n", it.account, it.cumulative);
        }
    }
    let held =
        it.held.iter().map(|it| format!("held: {} {}: {}\n", it.account, it.due, it.because));
    told + &held.collect::<String>()
}

fn check(stage: &mut Stage, expect: Expect) -> String {
    let plan = planned(stage);
    expect.assert_eq(&told(&plan, stage));
    plan.epoch.map(|it| it.0.row.id).unwrap_or_default()
}

#[test]
fn accounts_of_one_address_are_one_leaf_and_sums_grow() {
    let mut stage = stage("KRW", 6, HAN);
    earn(&mut stage, "2021-05", "1000", "KRW");
    earn(&mut stage, "2021-06", "500", "EUR");
    let first = check(
        &mut stage,
        expect![[r#"
        epoch 1 of 2021-08-01-1, gives out 990000000
          0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB 0 -> 330000000
          0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 0 -> 660000000
          payee:han ever due 330
          payee:kim ever due 330
          payee:lee ever due 330
    "#]],
    );
    // Banks get none of it, and the other currency finds no bank.
    let proposal = propose(&mut stage.home, &order(), NOW).unwrap();
    let waits = |it: &app::payments::Held| matches!(it.because, Reason::Waits { .. });
    assert_eq!(proposal.held.iter().filter(|it| waits(it)).count(), 3);
    assert!(proposal.batch.is_none());
    let error = plan(&mut stage.home, &order(), NOW).unwrap_err();
    assert!(matches!(error, EpochError::Open { epoch: 1, state: "planned", .. }), "{error}");
    let error = mark_sent(&mut stage.home, &first, "Lee", NOW).unwrap_err();
    assert!(matches!(error, PayError::Chain { .. }), "{error}");
    // Cancelled, the same is planned again, under the same number.
    cancel(&mut stage.home, &first, "Lee", NOW).unwrap();
    let again = planned(&mut stage).epoch.unwrap();
    assert_eq!(again.1.epoch, 1);
    in_effect(&mut stage, &again.0.row.id);
    earn(&mut stage, "2021-07", "100", "KRW");
    check(
        &mut stage,
        expect![[r#"
        epoch 2 of 2021-08-01-3, gives out 1089000000
          0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB 330000000 -> 363000000
          0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 660000000 -> 726000000
          payee:han ever due 363
          payee:kim ever due 363
          payee:lee ever due 363
    "#]],
    );
}

#[test]
fn what_is_below_the_unit_is_carried() {
    let mut stage = stage("EUR", 0, HAN);
    earn(&mut stage, "2021-05", "5", "EUR");
    let first = check(
        &mut stage,
        expect![[r#"
        epoch 1 of 2021-08-01-1, gives out 4
          0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB 0 -> 1
          0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 0 -> 3
          payee:han ever due 1.65
          payee:kim ever due 1.65
          payee:lee ever due 1.65
    "#]],
    );
    in_effect(&mut stage, &first);
    earn(&mut stage, "2021-06", "5", "EUR");
    let second = check(
        &mut stage,
        expect![[r#"
        epoch 2 of 2021-08-01-2, gives out 9
          0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB 1 -> 3
          0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 3 -> 6
          payee:han ever due 3.3
          payee:kim ever due 3.3
          payee:lee ever due 3.3
    "#]],
    );
    in_effect(&mut stage, &second);
    // So little that no leaf changes is not worth an epoch: nothing is planned, and nothing is lost.
    earn(&mut stage, "2021-07", "0.10", "EUR");
    let error = plan(&mut stage.home, &order(), NOW).unwrap_err();
    assert!(matches!(error, EpochError::BelowUnit), "{error}");
    earn(&mut stage, "2021-08", "3", "EUR");
    check(
        &mut stage,
        expect![[r#"
        epoch 3 of 2021-08-01-3, gives out 12
          0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB 3 -> 4
          0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 6 -> 8
          payee:han ever due 4.32
          payee:kim ever due 4.32
          payee:lee ever due 4.32
    "#]],
    );
}

#[test]
fn who_cannot_be_paid_there_is_told() {
    let mut stage = stage("KRW", 6, CONTRACT);
    earn(&mut stage, "2021-05", "1000", "KRW");
    check(
        &mut stage,
        expect![[r#"
        epoch 1 of 2021-08-01-1, gives out 660000000
          0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 0 -> 660000000
          payee:kim ever due 330
          payee:lee ever due 330
        held: payee:han KRW 330: its `wallet` is the payout contract or the token itself; correct parties.toml
    "#]],
    );
    let mut stage = self::stage("KRW", 6, "");
    earn(&mut stage, "2021-05", "1000", "KRW");
    let plan = planned(&mut stage);
    // Who did not ask for the chain is none of its business.
    assert!(plan.held.is_empty() && plan.rises.len() == 1, "{plan:?}");
    stage.home.config.payout = None;
    let error = self::plan(&mut stage.home, &order(), NOW).unwrap_err();
    assert!(error.to_string().contains("has no [payout]"), "{error}");
}

#[test]
fn what_was_vetoed_is_due_again_and_in_no_sum() {
    let mut stage = stage("KRW", 6, HAN);
    earn(&mut stage, "2021-05", "1000", "KRW");
    let first = planned(&mut stage).epoch.unwrap().0.row.id;
    sent(&mut stage, &first);
    let back = app::payments::Back {
        batch: &first,
        payee: "kim",
        currency: None,
        day: order().day,
        who: "Lee",
        because: "?",
    };
    let error = mark_returned(&mut stage.home, &back, NOW).unwrap_err();
    assert!(matches!(error, PayError::Chain { .. }), "{error}");
    let error = plan(&mut stage.home, &order(), NOW).unwrap_err();
    assert!(matches!(error, EpochError::Open { state: "published", .. }), "{error}");
    let batch = app::payments::batch(&stage.home, &first).unwrap();
    let back = |it: &store::PaymentRow| {
        let row = ReturnRow {
            batch: first.clone(),
            account: it.account.clone(),
            currency: it.payout.gross.currency,
            day: "2021-08-02".to_owned(),
            at: NOW.to_owned(),
            who: "Lee".to_owned(),
            because: "vetoed".to_owned(),
        };
        (row, it.payout.entry_back(&format!("{}/back", it.account), &it.account).unwrap())
    };
    let returns: Vec<_> = batch.payments.iter().map(back).collect();
    stage.home.store.veto_epoch(&first, &returns, &batch.acts[0]).unwrap();
    check(
        &mut stage,
        expect![[r#"
        epoch 2 of 2021-08-01-2, gives out 990000000
          0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB 0 -> 330000000
          0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 0 -> 660000000
          payee:han ever due 330
          payee:kim ever due 330
          payee:lee ever due 330
    "#]],
    );
}

#[test]
fn what_was_changed_since_is_not_sent() {
    let mut stage = stage("KRW", 6, HAN);
    earn(&mut stage, "2021-05", "1000", "KRW");
    let first = planned(&mut stage).epoch.unwrap().0.row.id;
    in_effect(&mut stage, &first);
    earn(&mut stage, "2021-06", "1000", "KRW");
    let (batch, epoch) = planned(&mut stage).epoch.unwrap();
    let mut claims = stage.home.store.claims(&batch.row.id).unwrap();
    cancel(&mut stage.home, &batch.row.id, "Lee", NOW).unwrap();
    // An epoch whose sum for one payee is a third of what it was.
    let fallen = claims.iter_mut().find(|it| it.wallet.to_string() == HAN).unwrap();
    fallen.cumulative = "110".parse().unwrap();
    let sums = sums_of(&claims);
    let total = sums.values().sum();
    let tree = ClaimTree::new(31337, epoch.contract, sums).unwrap();
    let row = BatchRow { id: "forged".to_owned(), ..batch.row };
    let root = tree.root().to_string();
    let forged = EpochRow { batch: row.id.clone(), root, total, ..epoch };
    let act = &batch.acts[0];
    // The hash over the payments names the batch, so that one made of another's payments is told.
    stage.home.store.propose_epoch((&row, &batch.payments), &forged, &claims, act).unwrap();
    let patience = Duration::ZERO;
    let error = publish(&mut stage.home, ("Lee", NOW), patience, &mut Silent).unwrap_err();
    assert!(matches!(error, EpochError::Pay(PayError::Changed { .. })), "{error}");
}

fn sums_of(claims: &[ClaimRow]) -> BTreeMap<ChainAddress, u128> {
    let mut sums = BTreeMap::new();
    for it in claims {
        let units = u128::try_from(it.cumulative.raw() / 1_000_000_000_000).unwrap();
        *sums.entry(it.wallet).or_default() += units;
    }
    sums
}
