//! Reads how parties are paid, and by which rules tax is withheld.

use std::collections::BTreeSet;

use ident::{Bic, ChainAddress, Iban, TaxId};
use money::{Atoms, Currency, Rounding};

use super::fields::Fields;
use super::read_music::{Read, id, one_of};
use super::read_sums::amount;
use super::read_term::rate;
use super::shape::country;
use super::territory;
use crate::{
    Bank, BankAccount, EntryKind, PartyKind, Payment, Relief, RightsType, SelfBill, Withholding,
};

/// Reads the keys of a party that say how it is paid.
pub(super) fn payment(f: &mut Fields<'_, '_>) -> Payment {
    let residence = f.parsed("residence", country);
    let minimum_payout = f.tables("minimum_payout", |mut f| {
        f.require(&["amount", "currency"]);
        let amount = amount(&mut f);
        f.finish();
        amount
    });
    let currencies: BTreeSet<Currency> = minimum_payout.iter().map(|it| it.currency).collect();
    if currencies.len() < minimum_payout.len() {
        f.refuse("minimum_payout", "names a currency twice".to_owned());
    }
    let bank = f.table("bank", bank);
    let wallet = f.parsed("wallet", ChainAddress::parse);
    let self_bill = f.tables("self_bill", |mut f| {
        f.require(&["country", "number", "rate"]);
        let country = f.parsed("country", country);
        let number = f.text("number");
        let rate = f.parsed("rate", rate);
        let period = f.days("from", "until");
        f.finish();
        Some(SelfBill { country: country?, number: number?, rate: rate?, period })
    });
    let relief = f.tables("relief", |mut f| {
        f.require(&["country", "from", "until", "paper"]);
        let country = f.parsed("country", country);
        let period = f.days("from", "until");
        let rights_types = rights_types(&mut f);
        let rate = f.parsed("rate", rate);
        let paper = f.text("paper");
        f.finish();
        Some(Relief { country: country?, period, rights_types, rate, paper: paper? })
    });
    Payment { residence, minimum_payout, bank, wallet, self_bill, relief }
}

fn bank(mut f: Fields<'_, '_>) -> Option<Bank> {
    let iban = f.parsed("iban", Iban::parse);
    let number = f.text("account");
    let bank_code = f.text("bank_code");
    let account = match (iban, number, bank_code) {
        (Some(iban), None, None) => Some(BankAccount::Iban(iban)),
        (None, Some(number), Some(bank_code)) => Some(BankAccount::Local { number, bank_code }),
        _ => {
            if f.is_clean() {
                f.refuse("account", "has either iban, or account and bank_code".to_owned());
            }
            None
        }
    };
    let bic = f.parsed("bic", Bic::parse);
    let holder = f.text("holder").unwrap_or_default();
    f.finish();
    Some(Bank { account: account?, bic, holder })
}

pub(super) fn withholding(mut f: Fields<'_, '_>) -> Read<Withholding> {
    f.require(&["id", "country", "rate", "source"]);
    let id = id(&mut f, EntryKind::Withholding, TaxId::parse);
    let country = f.parsed("country", country);
    let residence = territory::of_key(&mut f, "residence");
    let kinds = f.set("kinds", one_of(&PartyKind::ALL, PartyKind::as_str));
    let rights_types = rights_types(&mut f);
    let rate_of = f.parsed("rate", rate);
    let relief_rate = f.parsed("relief_rate", rate);
    let currency = f.parsed("currency", Currency::parse);
    let cut_to = f.parsed("cut_to", above_zero).unwrap_or_default();
    let below = f.parsed("below", above_zero).unwrap_or_default();
    if currency.is_some() == (cut_to.is_zero() && below.is_zero()) && f.is_clean() {
        f.refuse("currency", "stands beside cut_to or below, and they beside it".to_owned());
    }
    let units = currency.map(Currency::minor_digits);
    let is_whole =
        |it: Atoms| units.is_none_or(|digits| it.quantise(digits, Rounding::Down).1.is_zero());
    if !is_whole(cut_to) {
        f.refuse("cut_to", "must be a multiple of the currency's smallest unit".to_owned());
    }
    let then = f.parsed("then", TaxId::parse);
    f.link("then", EntryKind::Withholding, &then);
    let period = f.days("from", "until");
    let source = f.text("source");
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let rule = || {
        Some(Withholding {
            id: id?,
            country: country?,
            residence,
            kinds,
            rights_types,
            rate: rate_of?,
            relief_rate,
            currency,
            cut_to,
            below,
            then,
            period,
            source: source?,
        })
    };
    (name, rule())
}

fn rights_types(f: &mut Fields<'_, '_>) -> BTreeSet<RightsType> {
    f.set("rights_types", one_of(&RightsType::ALL, RightsType::as_str))
}

fn above_zero(text: &str) -> Result<Atoms, String> {
    match Atoms::parse(text) {
        Ok(atoms) if atoms > Atoms::ZERO => Ok(atoms),
        Ok(_) => Err("must be above zero".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
