//! Reads what an agreement says about sums: advances, costs, reserves, guarantees.

use ident::{PartyId, TermId};
use money::{Amount, Atoms, Currency, Ratio};

use super::fields::Fields;
use super::read_term::{rate, use_types};
use crate::rule::RESERVE_PARTS;
use crate::{Advance, Cost, EntryKind, Guarantee, Reserve};

pub(super) fn advance(mut f: Fields<'_, '_>) -> Option<Advance> {
    f.require(&["id", "payee", "amount", "currency", "paid"]);
    let id = f.parsed("id", TermId::parse);
    let payee = payee(&mut f);
    let amount = amount(&mut f);
    let paid = f.day("paid");
    let note = f.text("note").unwrap_or_default();
    f.finish();
    Some(Advance { id: id?, payee: payee?, amount: amount?, paid: paid?, note })
}

pub(super) fn cost(mut f: Fields<'_, '_>) -> Option<Cost> {
    f.require(&["id", "amount", "currency", "paid"]);
    let id = f.parsed("id", TermId::parse);
    let payee = payee(&mut f);
    let amount = amount(&mut f);
    let paid = f.day("paid");
    let part = f.parsed("part", rate).unwrap_or(Ratio::ONE);
    let note = f.text("note").unwrap_or_default();
    f.finish();
    Some(Cost { id: id?, amount: amount?, paid: paid?, payee, part, note })
}

pub(super) fn reserve(mut f: Fields<'_, '_>) -> Option<Reserve> {
    f.require(&["id", "rate", "release"]);
    let id = f.parsed("id", TermId::parse);
    let payee = payee(&mut f);
    let rate = f.parsed("rate", rate);
    let use_types = use_types(&mut f);
    let release = f.tables("release", release);
    if !release.is_sorted_by(|(before, _), (after, _)| before < after) {
        f.refuse("release", "must have rising months".to_owned());
    }
    let parts = release.iter().map(|(_, part)| *part);
    let parts = parts.into_iter().try_fold(Ratio::ZERO, Ratio::checked_add);
    if f.is_clean() && parts != Some(Ratio::ONE) {
        let sum = parts.map_or_else(
            || "no exact sum".to_owned(),
            |parts| format!("{} %", parts.to_percent(2)),
        );
        let message = format!("the parts come to {sum}, not to the whole");
        f.report(&RESERVE_PARTS, f.spot("release"), message, "");
    }
    let note = f.text("note").unwrap_or_default();
    f.finish();
    Some(Reserve { id: id?, rate: rate?, payee, use_types, release, note })
}

fn release(mut f: Fields<'_, '_>) -> Option<(u32, Ratio)> {
    f.require(&["after", "part"]);
    let after = f.small_number("after");
    if after == Some(0) {
        f.refuse("after", "must be a number of months above zero".to_owned());
    }
    let part = f.parsed("part", rate);
    f.finish();
    Some((u32::from(after?), part?))
}

pub(super) fn guarantee(mut f: Fields<'_, '_>) -> Option<Guarantee> {
    f.require(&["id", "payee", "amount", "currency", "from", "until"]);
    let id = f.parsed("id", TermId::parse);
    let payee = payee(&mut f);
    let amount = amount(&mut f);
    let period = f.days("from", "until");
    let recoupable = f.flag("recoupable").unwrap_or(false);
    let note = f.text("note").unwrap_or_default();
    f.finish();
    Some(Guarantee { id: id?, payee: payee?, amount: amount?, period, recoupable, note })
}

/// Reads `payee`, a party.
pub(super) fn payee(f: &mut Fields<'_, '_>) -> Option<PartyId> {
    let payee = f.parsed("payee", PartyId::parse);
    f.link("payee", EntryKind::Party, &payee);
    payee
}

/// Reads `amount`, above zero, and `currency`.
pub(super) fn amount(f: &mut Fields<'_, '_>) -> Option<Amount> {
    let atoms = f.parsed("amount", |text| match Atoms::parse(text) {
        Ok(atoms) if atoms > Atoms::ZERO => Ok(atoms),
        Ok(_) => Err("must be above zero".to_owned()),
        Err(error) => Err(error.to_string()),
    });
    let currency = f.parsed("currency", Currency::parse);
    Some(Amount { atoms: atoms?, currency: currency? })
}
