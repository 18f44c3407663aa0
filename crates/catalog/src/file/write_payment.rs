//! Writes how parties are paid, and by which rules tax is withheld.

use super::page::{Page, day_pairs, pair, rate};
use super::territory;
use crate::{Bank, BankAccount, Payment, Relief, SelfBill, Withholding};

pub(super) fn payment(p: &mut Page, payment: &Payment) {
    p.string_if("residence", payment.residence.as_ref());
    let minimum = payment.minimum_payout.iter();
    p.tables(
        "minimum_payout",
        minimum.map(|it| vec![pair("amount", it.atoms), pair("currency", it.currency)]),
    );
    if let Some(it) = &payment.bank {
        p.inline("bank", bank(it));
    }
    p.string_if("wallet", payment.wallet.as_ref());
    p.tables("self_bill", payment.self_bill.iter().map(self_bill));
    p.tables("relief", payment.relief.iter().map(relief));
}

fn bank(bank: &Bank) -> Vec<String> {
    let mut pairs = match &bank.account {
        BankAccount::Iban(iban) => vec![pair("iban", iban)],
        BankAccount::Local { number, bank_code } => {
            vec![pair("account", number), pair("bank_code", bank_code)]
        }
    };
    pairs.extend(bank.bic.as_ref().map(|it| pair("bic", it)));
    if !bank.holder.is_empty() {
        pairs.push(pair("holder", &bank.holder));
    }
    pairs
}

fn self_bill(it: &SelfBill) -> Vec<String> {
    let mut pairs =
        vec![pair("country", &it.country), pair("number", &it.number), pair("rate", rate(it.rate))];
    pairs.extend(day_pairs(&it.period));
    pairs
}

fn relief(it: &Relief) -> Vec<String> {
    let mut pairs = vec![pair("country", &it.country)];
    pairs.extend(day_pairs(&it.period));
    if !it.rights_types.is_empty() {
        let words: Vec<String> =
            it.rights_types.iter().map(|it| format!("\"{}\"", it.as_str())).collect();
        pairs.push(format!("rights_types = [{}]", words.join(", ")));
    }
    pairs.extend(it.rate.map(|it| pair("rate", rate(it))));
    pairs.push(pair("paper", &it.paper));
    pairs
}

pub(super) fn withholding(p: &mut Page, rule: &Withholding) {
    p.table("withholding");
    p.string("id", &rule.id);
    p.string("country", &rule.country);
    territory::write_key(p, "residence", &rule.residence);
    p.list("kinds", rule.kinds.iter().map(|it| it.as_str()));
    p.list("rights_types", rule.rights_types.iter().map(|it| it.as_str()));
    p.string("rate", rate(rule.rate));
    if let Some(it) = rule.relief_rate {
        p.string("relief_rate", rate(it));
    }
    p.string_if("currency", rule.currency.as_ref());
    for (key, atoms) in [("cut_to", rule.cut_to), ("below", rule.below)] {
        if !atoms.is_zero() {
            p.string(key, atoms);
        }
    }
    p.string_if("then", rule.then.as_ref());
    p.days("from", "until", &rule.period);
    p.string("source", &rule.source);
}
