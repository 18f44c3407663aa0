//! Payments: told in stories, never paid twice, and files that banks can read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use app::Home;
use app::payments::{
    Back, Batch, Form, Order, PayError, Proposal, batch, batches, cancel, file, mark_returned,
    mark_sent, propose, self_bill_number,
};
use ledger::Account;
use money::{Atoms, Currency};
use proptest::prelude::*;

use crate::stage::Stage;

const NOW: &str = "2021-08-01T00:00:00Z";

/// Plays an act of a story: `propose DAY`, `pay DAY`, `sent BATCH`, `cancel BATCH`.
pub(crate) fn play(home: &mut Home, act: &str, of: &str, now: &str, told: &mut String) {
    let done = match act {
        "sent" => mark_sent(home, of, "Lee", now),
        "cancel" => cancel(home, of, "Lee", now),
        _ => {
            let order = Order { day: period::parse_date(of).unwrap(), fees: false, who: "Kim" };
            let Proposal { batch, held } = propose(home, &order, now).unwrap();
            for it in held {
                let _ = writeln!(told, "not paid: {} {}: {}", it.account, it.due, it.because);
            }
            match batch {
                None => return told.push_str("nothing to pay\n"),
                Some(batch) if act == "pay" => mark_sent(home, &batch.row.id, "Lee", now),
                Some(batch) => Ok(batch),
            }
        }
    };
    match done {
        Err(error) => drop(writeln!(told, "refused: {error}")),
        Ok(batch) => tell(&batch, told),
    }
}

/// Plays `returned BATCH PAYEE`.
pub(crate) fn back(home: &mut Home, batch: &str, payee: &str, now: &str, told: &mut String) {
    let day = period::parse_date(&now[..10]).unwrap();
    let (currency, who, because) = (None, "Lee", "account closed");
    let back = Back { batch, payee, currency, day, who, because };
    match mark_returned(home, &back, now) {
        Err(error) => drop(writeln!(told, "refused: {error}")),
        Ok(batch) => {
            tell(&batch, told);
            for it in &batch.returns {
                let (account, currency) = (&it.account, it.currency);
                let _ = writeln!(told, "  {account} {currency} came back on {}", it.day);
            }
        }
    }
}

fn tell(batch: &Batch, told: &mut String) {
    let _ = writeln!(told, "batch {} {}", batch.row.id, batch.row.state.as_str());
    for it in &batch.payments {
        let payout = &it.payout;
        let _ = writeln!(told, "  {} {}: {} to the bank", it.account, payout.gross, payout.net);
        for part in payout.parts().into_iter().filter(|it| it.kind != "payment") {
            let _ =
                writeln!(told, "    {} {} {}: {}", part.kind, part.other, part.amount, part.words);
        }
        if let Some(number) = self_bill_number(batch, it) {
            let _ = writeln!(told, "    self-bill {number}");
        }
    }
}

const CATALOGUE: &str = r#"
[[party]]
id = "kim"
kind = "person"
names = { en = "Kim", ko = "김" }
residence = "KR"
bank = { account = "110-123-456789", bank_code = "088", holder = "KIM" }

[[party]]
id = "lee"
kind = "person"
names = { en = "Lee & <Sons>" }
bank = { iban = "DE89370400440532013000", bic = "COBADEFFXXX" }

[[party]]
id = "han"
kind = "person"
names = { en = "Han" }
bank = { iban = "GB82WEST12345698765432" }

[[party]]
id = "studio"
kind = "organisation"
names = { en = "Studio" }
"#;

const DEAL: &str = r#"
[[agreement]]
id = "deal"
title = "deal"
rights_type = "master"
from = 2015-01-01
all = true
"#;

/// An agreement that gives each payee a third.
pub(crate) fn thirds() -> String {
    let mut deal = DEAL.to_owned();
    for payee in ["kim", "lee", "han"] {
        deal += &format!(
            "\n[[agreement.term]]\nid = \"{payee}\"\nkind = \"profit-share\"\npayee = \"{payee}\"\n\
             rate = \"33%\"\n"
        );
    }
    deal
}

/// A home in which each payee is due a third of some sums in won and euro.
fn settled(amounts: &[(&str, &str, &str)]) -> Stage {
    let mut stage = Stage::new();
    let deal = thirds();
    let recording = "[[recording]]\nid = \"a\"\nisrc = \"ZZAAA2100001\"\ntitles = { en = \"A\" }\n\
                     artist = \"Kim\"\n";
    stage.learn(BTreeMap::from([
        ("parties.toml".to_owned(), CATALOGUE.to_owned()),
        ("agreements.toml".to_owned(), deal),
        ("recordings.toml".to_owned(), recording.to_owned()),
    ]));
    for (month, amount, currency) in amounts {
        earn(&mut stage, month, amount, currency);
    }
    stage
}

/// Takes in a line of a month and settles the month.
pub(crate) fn earn(stage: &mut Stage, month: &str, amount: &str, currency: &str) {
    let text = format!(
        "month,service,territory,use,model,isrc,title,usages,amount,currency\n\
         {month},Melody,KR,stream,sub,ZZAAA2100001,A,1,{amount},{currency}\n"
    );
    let path = stage.file(&format!("{month}-{currency}.csv"), text);
    let plain = crate::stage::scenarios().join("_shared/plain.toml");
    let order = app::reports::StatementOrder {
        paths: &[path],
        source: Some(plain.to_str().unwrap()),
        ..app::reports::StatementOrder::default()
    };
    let sources = app::sources::Sources::of(stage.home.store.home()).unwrap();
    app::reports::import_statements(&mut stage.home, &sources, &order, NOW, &mut app::Silent)
        .unwrap();
    stage.settle(month).unwrap();
}

/// A home in which everybody got all that was due, and the statements after that say so.
pub(crate) fn paid_out() -> Stage {
    let mut stage = settled(&[("2021-06", "3000", "KRW")]);
    stage.publish(None);
    let id = proposed(&mut stage.home).unwrap().row.id;
    mark_sent(&mut stage.home, &id, "Lee", NOW).unwrap();
    stage.settle("2021-07").unwrap();
    stage
}

fn proposed(home: &mut Home) -> Option<Batch> {
    let order = Order { day: period::parse_date("2021-08-01").unwrap(), fees: true, who: "" };
    propose(home, &order, NOW).unwrap().batch
}

#[test]
fn a_batch_gives_the_same_file_each_time() {
    let mut stage = settled(&[("2021-05", "3000.10", "EUR"), ("2021-06", "3000", "KRW")]);
    let id = proposed(&mut stage.home).unwrap().row.id;
    for form in [Form::Pain, Form::Csv] {
        let once = file(&stage.home, &id, form).unwrap();
        assert_eq!(once, file(&stage.home, &id, form).unwrap());
        stage = stage.reopened();
        drop(mark_sent(&mut stage.home, &id, "Lee", NOW));
        assert_eq!(once, file(&stage.home, &id, form).unwrap());
        expect_test::expect_file![format!("payments.{form:?}.txt")]
            .assert_eq(&String::from_utf8(once).unwrap().replace('\r', ""));
    }
}

/// What each element of a customer credit transfer may hold, in the order of the message definition
/// `pain.001.001.09`, as far as it is written here or could stand between.
const ORDER: [(&str, &[&str]); 17] = [
    ("Document", &["CstmrCdtTrfInitn"]),
    ("CstmrCdtTrfInitn", &["GrpHdr", "PmtInf", "SplmtryData"]),
    ("GrpHdr", &["MsgId", "CreDtTm", "Authstn", "NbOfTxs", "CtrlSum", "InitgPty", "FwdgAgt"]),
    (
        "PmtInf",
        &[
            "PmtInfId",
            "PmtMtd",
            "BtchBookg",
            "NbOfTxs",
            "CtrlSum",
            "PmtTpInf",
            "ReqdExctnDt",
            "PoolgAdjstmntDt",
            "Dbtr",
            "DbtrAcct",
            "DbtrAgt",
            "DbtrAgtAcct",
            "InstrForDbtrAgt",
            "UltmtDbtr",
            "ChrgBr",
            "ChrgsAcct",
            "ChrgsAcctAgt",
            "CdtTrfTxInf",
        ],
    ),
    (
        "CdtTrfTxInf",
        &[
            "PmtId",
            "PmtTpInf",
            "Amt",
            "XchgRateInf",
            "ChrgBr",
            "MndtRltdInf",
            "ChqInstr",
            "UltmtDbtr",
            "IntrmyAgt1",
            "CdtrAgt",
            "CdtrAgtAcct",
            "Cdtr",
            "CdtrAcct",
            "UltmtCdtr",
            "InstrForCdtrAgt",
            "InstrForDbtrAgt",
            "Purp",
            "RgltryRptg",
            "Tax",
            "RltdRmtInf",
            "RmtInf",
            "SplmtryData",
        ],
    ),
    ("PmtId", &["InstrId", "EndToEndId", "UETR"]),
    ("Amt", &["InstdAmt", "EqvtAmt"]),
    ("ReqdExctnDt", &["Dt", "DtTm"]),
    ("InitgPty", &["Nm", "PstlAdr", "Id"]),
    ("Dbtr", &["Nm", "PstlAdr", "Id"]),
    ("Cdtr", &["Nm", "PstlAdr", "Id"]),
    ("FinInstnId", &["BICFI", "ClrSysMmbId", "LEI", "Nm", "PstlAdr", "Othr"]),
    ("ClrSysMmbId", &["ClrSysId", "MmbId"]),
    ("DbtrAcct", &["Id", "Tp", "Ccy", "Nm", "Prxy"]),
    ("CdtrAcct", &["Id", "Tp", "Ccy", "Nm", "Prxy"]),
    ("Othr", &["Id", "SchmeNm", "Issr"]),
    ("RmtInf", &["Ustrd", "Strd"]),
];

/// Checks nesting and order, and returns the texts of all leaves by name.
fn leaves(xml: &str) -> Vec<(String, String)> {
    let (mut open, mut last, mut leaves) = (Vec::<String>::new(), Vec::<usize>::new(), Vec::new());
    for part in xml.split('<').skip(2) {
        let (tag, text) = part.split_once('>').unwrap();
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            last.pop();
            continue;
        }
        let name = tag.split(' ').next().unwrap().to_owned();
        let parent = open.last().map_or("", String::as_str);
        if let Some((_, order)) = ORDER.iter().find(|it| it.0 == parent) {
            let at = order.iter().position(|it| *it == name);
            let at = at.unwrap_or_else(|| panic!("{name} has no place in {parent}"));
            let before = last.last_mut().unwrap();
            assert!(*before <= at, "{name} stands too late in {parent}");
            *before = at;
        }
        open.push(name.clone());
        last.push(0);
        if !text.trim().is_empty() {
            leaves.push((name, text.to_owned()));
        }
    }
    assert!(open.is_empty(), "{open:?}");
    leaves
}

#[test]
fn a_file_for_the_bank_is_in_the_order_of_the_message_and_adds_up() {
    let mut stage = settled(&[("2021-05", "3000.10", "EUR"), ("2021-06", "3000", "KRW")]);
    let id = proposed(&mut stage.home).unwrap().row.id;
    let xml = String::from_utf8(file(&stage.home, &id, Form::Pain).unwrap()).unwrap();
    let leaves = leaves(&xml);
    let all = |name: &str| -> Vec<String> {
        leaves.iter().filter(|it| it.0 == name).map(|it| it.1.clone()).collect()
    };
    let sum = |texts: &[String]| Atoms::checked_sum(texts.iter().map(|it| it.parse().unwrap()));
    let [whole, parts @ ..] = all("CtrlSum").try_into().map(|it: [String; 3]| it).unwrap();
    assert_eq!(sum(&parts), sum(std::slice::from_ref(&whole)));
    assert_eq!(sum(&all("InstdAmt")), sum(&[whole]));
    assert_eq!(all("NbOfTxs"), ["6", "3", "3"]);
    let mut ids = all("EndToEndId");
    assert!(ids.iter().all(|it| it.len() == 32));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6);
    assert!(all("Nm").contains(&"Lee &amp; &lt;Sons&gt;".to_owned()));
    assert!(xml.contains("<IBAN>DE89370400440532013000</IBAN>"));
}

#[test]
fn a_file_is_refused_where_it_would_pay_what_is_not_due() {
    let mut stage = settled(&[("2021-05", "3000", "KRW")]);
    let id = proposed(&mut stage.home).unwrap().row.id;
    earn(&mut stage, "2021-06", "-1500", "KRW");
    let refused = file(&stage.home, &id, Form::Csv).unwrap_err();
    expect_test::expect!["495 is due to payee:han by now, and batch 2021-08-01-1 pays KRW 990: something was settled since. Cancel the batch and propose another one"].assert_eq(&refused.to_string());
    cancel(&mut stage.home, &id, "", NOW).unwrap();
    assert!(matches!(file(&stage.home, &id, Form::Csv), Err(PayError::Closed { .. })));
    assert!(matches!(batch(&stage.home, "none"), Err(PayError::Unknown { .. })));
}

#[derive(Clone, Copy, Debug)]
enum Deed {
    Propose,
    Send(usize),
    Cancel(usize),
    Back(usize, usize),
    Earn,
    Reopen,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => Just(Deed::Propose),
        2 => (0_usize..4).prop_map(Deed::Send),
        2 => (0_usize..4).prop_map(Deed::Cancel),
        2 => (0_usize..4, 0_usize..3).prop_map(|(batch, payee)| Deed::Back(batch, payee)),
        2 => Just(Deed::Earn),
        1 => Just(Deed::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn nobody_is_paid_more_than_was_payable(
        deeds in proptest::collection::vec(deed(), 1..14),
        first in 1_i64..1_000_000,
    ) {
        let mut stage = settled(&[("2021-01", &format!("{first}.01"), "KRW")]);
        let mut month = 1;
        let mut credited = earned(&stage);
        for deed in deeds {
            let all = batches(&stage.home).unwrap();
            let id = |at: usize| all.get(at).map_or("none", |it| it.row.id.as_str());
            match deed {
                Deed::Propose => drop(proposed(&mut stage.home)),
                Deed::Send(at) => drop(mark_sent(&mut stage.home, id(at), "", NOW)),
                Deed::Cancel(at) => drop(cancel(&mut stage.home, id(at), "", NOW)),
                Deed::Back(at, payee) => {
                    let (batch, payee) = (id(at), ["kim", "lee", "han"][payee]);
                    let day = period::parse_date("2021-08-02").unwrap();
                    let (currency, who, because) = (None, "", "closed");
                    let back = Back { batch, payee, currency, day, who, because };
                    drop(mark_returned(&mut stage.home, &back, NOW));
                }
                Deed::Earn if month < 7 => {
                    month += 1;
                    earn(&mut stage, &format!("2021-{month:02}"), "777.7", "KRW");
                    credited = earned(&stage);
                }
                Deed::Earn => {}
                Deed::Reopen => stage = stage.reopened(),
            }
            let mut paid: BTreeMap<(Account, Currency), Atoms> = BTreeMap::new();
            let mut open = paid.clone();
            for it in batches(&stage.home).unwrap() {
                let sums = match it.row.state.as_str() {
                    "sent" => &mut paid,
                    "proposed" => &mut open,
                    _ => continue,
                };
                let is_back = |payment: &store::PaymentRow| {
                    it.returns.iter().any(|it| it.account == payment.account)
                };
                for it in it.payments.iter().filter(|it| !is_back(it)) {
                    let sum = sums.entry((it.account.clone(), it.payout.gross.currency)).or_default();
                    *sum = sum.checked_add(it.payout.gross.atoms).unwrap();
                }
            }
            let book = stage.home.store.trial_balance().unwrap();
            for (key, credited) in &credited {
                let of = |sums: &BTreeMap<_, Atoms>| sums.get(key).copied().unwrap_or_default();
                let due = book.balance(&key.0, key.1).due().unwrap();
                prop_assert_eq!(due.checked_add(of(&paid)).unwrap(), *credited);
                prop_assert!(of(&paid).checked_add(of(&open)).unwrap() <= *credited);
            }
        }
    }
}

/// What each payee was ever credited, by statements that were issued.
fn earned(stage: &Stage) -> BTreeMap<(Account, Currency), Atoms> {
    let mut sums: BTreeMap<(Account, Currency), Atoms> = BTreeMap::new();
    for it in stage.home.store.statements(None).unwrap() {
        let account = Account::parse(&it.account).unwrap();
        if account.payee().is_some() {
            let sum = sums.entry((account, it.currency)).or_default();
            *sum = sum.checked_add(it.earned).unwrap();
        }
    }
    sums
}
