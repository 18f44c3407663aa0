//! Any sound way to be paid, and any sound rules of withholding.

use std::collections::{BTreeMap, BTreeSet};

use ident::{Bic, ChainAddress, Iban, TaxId};
use money::{Amount, Atoms, Currency};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::any_deal::rate;
use super::round_trip::{text, validity};
use crate::{
    Bank, BankAccount, PartyKind, Payment, Relief, RightsType, SelfBill, Territories, Validity,
    Withholding,
};

fn country() -> impl Strategy<Value = String> {
    "[A-Z]{2}"
}

fn bank() -> impl Strategy<Value = Bank> {
    let iban = Iban::parse("DE89370400440532013000").unwrap();
    let account = prop_oneof![
        Just(BankAccount::Iban(iban)),
        (text(), text()).prop_map(|(number, bank_code)| BankAccount::Local { number, bank_code }),
    ];
    (account, any::<bool>(), option::of(text())).prop_map(|(account, has_bic, holder)| Bank {
        account,
        bic: has_bic.then(|| Bic::parse("KOEXKRSEXXX").unwrap()),
        holder: holder.unwrap_or_default(),
    })
}

fn rights_types() -> impl Strategy<Value = BTreeSet<RightsType>> {
    vec(0_usize..3, 0..3).prop_map(|all| all.into_iter().map(|at| RightsType::ALL[at]).collect())
}

fn closed() -> impl Strategy<Value = Validity> {
    validity(true).prop_filter("a paper ends", |it| it.before.is_some())
}

pub(super) fn payment() -> impl Strategy<Value = Payment> {
    let minimum = (1_i128.., 0_usize..3).prop_map(|(atoms, at)| {
        let currency = Currency::parse(["KRW", "USD", "JPY"][at]).unwrap();
        Amount { atoms: Atoms::from_raw(atoms), currency }
    });
    let minimum = vec(minimum, 0..3).prop_map(|all| {
        let mut seen = BTreeSet::new();
        all.into_iter().filter(|it| seen.insert(it.currency)).collect()
    });
    let bill = (country(), text(), rate(), validity(false));
    let bill =
        bill.prop_map(|(country, number, rate, period)| SelfBill { country, number, rate, period });
    let relief = (country(), closed(), rights_types(), option::of(rate()), text());
    let relief = relief.prop_map(|(country, period, rights_types, rate, paper)| Relief {
        country,
        period,
        rights_types,
        rate,
        paper,
    });
    let wallet = any::<[u8; 20]>().prop_map(ChainAddress::from_bytes);
    (option::of(country()), minimum, option::of(bank()), wallet, vec(bill, 0..3), vec(relief, 0..3))
        .prop_map(|(residence, minimum_payout, bank, wallet, self_bill, relief)| Payment {
            residence,
            minimum_payout,
            bank,
            wallet,
            self_bill,
            relief,
        })
}

/// Two rules, of which the second may be a tax on the first.
pub(super) fn withholdings() -> impl Strategy<Value = BTreeMap<TaxId, Withholding>> {
    let residence = prop_oneof![
        Just(Territories::All),
        vec(country(), 1..3).prop_map(|all| Territories::Only(all.into_iter().collect())),
        vec(country(), 1..3).prop_map(|all| Territories::AllExcept(all.into_iter().collect())),
    ];
    let figures = (rate(), option::of(rate()), 0_i64..3, 0_i64..3);
    let kinds = (vec(0_usize..3, 0..3), rights_types());
    let rule = (country(), residence, kinds, figures, validity(false), text());
    (rule, any::<bool>()).prop_map(|((country, residence, kinds, figures, period, source), on)| {
        let (rate, relief_rate, cut_to, below) = figures;
        let (kinds, rights_types) = kinds;
        let rule = Withholding {
            id: TaxId::parse("tax").unwrap(),
            country,
            residence,
            kinds: kinds.into_iter().map(|at| PartyKind::ALL[at]).collect(),
            rights_types,
            rate,
            relief_rate,
            currency: (cut_to + below > 0).then(|| Currency::parse("KRW").unwrap()),
            cut_to: Atoms::from_units(cut_to),
            below: Atoms::from_units(below),
            then: on.then(|| TaxId::parse("a-local-tax").unwrap()),
            period,
            source,
        };
        let local =
            Withholding { id: TaxId::parse("a-local-tax").unwrap(), then: None, ..rule.clone() };
        [rule, local].map(|it| (it.id.clone(), it)).into()
    })
}
