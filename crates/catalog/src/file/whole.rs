//! Divides a whole of 1 by terms, each at its highest rate, and says where there is not enough.

use std::collections::BTreeMap;

use ident::TermId;
use money::Ratio;

use crate::{Base, Term, TermKind};

/// The whole, while it is divided.
struct Whole<'t> {
    /// What each term has at this place.
    has: BTreeMap<&'t TermId, Ratio>,
    /// The kinds that took something so far, and how much they come to.
    kinds: Vec<&'static str>,
    taken: Ratio,
    /// What is left at this place, after deductions, after fees, and after royalties.
    rest: Ratio,
    net: Ratio,
    net_of_fees: Ratio,
    left: Ratio,
    /// What of the price is taken by royalties, and what deductions leave of it.
    price_taken: Ratio,
    price_net: Ratio,
}

/// Divides as a settlement does: deductions, fees and royalties in this order, those of one kind in
/// the order of the file; profit shares of what is left; then what is taken out of another term.
/// Says what goes over, if anything does. The terms are those that count for one use.
pub(super) fn divide<'t>(terms: &[&'t Term]) -> Result<(), String> {
    let one = Ratio::ONE;
    let mut whole = Whole {
        has: BTreeMap::new(),
        kinds: Vec::new(),
        taken: Ratio::ZERO,
        rest: one,
        net: one,
        net_of_fees: one,
        left: one,
        price_taken: Ratio::ZERO,
        price_net: one,
    };
    let known = |id: &TermId| terms.iter().copied().find(|it| it.id == *id);
    let is_on_price = |it: &'t Term| it.is_on_price(known);
    let all_of = |kind, on_price: bool| {
        terms.iter().copied().filter(move |it: &&'t Term| {
            it.kind == kind && it.out_of.is_none() && is_on_price(it) == on_price
        })
    };
    let of_kind = |kind| all_of(kind, false);
    whole.deduct_from_price(all_of(TermKind::Deduction, true))?;
    whole.take("deductions", of_kind(TermKind::Deduction))?;
    whole.net = whole.rest;
    whole.take("fees", of_kind(TermKind::Fee))?;
    whole.net_of_fees = whole.rest;
    whole.take("royalties", of_kind(TermKind::RoyaltyRate))?;
    whole.left = whole.rest;
    whole.take_of_price(all_of(TermKind::RoyaltyRate, true))?;
    whole.share(of_kind(TermKind::ProfitShare))?;
    for term in terms {
        if let Some(source) = &term.out_of {
            whole.take_out_of(source, term)?;
        }
    }
    Ok(())
}

impl<'t> Whole<'t> {
    fn take(
        &mut self,
        kind: &'static str,
        terms: impl Iterator<Item = &'t Term>,
    ) -> Result<(), String> {
        for term in terms {
            if !self.kinds.contains(&kind) {
                self.kinds.push(kind);
            }
            let part = self.part(term)?;
            self.taken = self.taken.checked_add(part).ok_or_else(|| inexact(kind))?;
            self.rest = self.taken.complement().unwrap_or(Ratio::ZERO);
            self.has.insert(&term.id, part);
        }
        if self.taken > Ratio::ONE {
            return Err(format!("{} come to {}", and(&self.kinds), percent(self.taken)));
        }
        Ok(())
    }

    /// A deduction from the price makes it less, and takes nothing of what came in.
    fn deduct_from_price(&mut self, terms: impl Iterator<Item = &'t Term>) -> Result<(), String> {
        let mut deducted = Ratio::ZERO;
        for term in terms {
            let part = self.part(term)?;
            deducted = deducted.checked_add(part).ok_or_else(|| inexact("deductions"))?;
        }
        if deducted > Ratio::ONE {
            return Err(format!("deductions from the price come to {}", percent(deducted)));
        }
        self.price_net = deducted.complement().unwrap_or(Ratio::ZERO);
        Ok(())
    }

    /// Royalties on the price: what came in does not bound them, the price does.
    fn take_of_price(&mut self, terms: impl Iterator<Item = &'t Term>) -> Result<(), String> {
        for term in terms {
            let part = self.part(term)?;
            let taken = self.price_taken.checked_add(part);
            self.price_taken = taken.ok_or_else(|| inexact("royalties"))?;
            self.has.insert(&term.id, part);
        }
        match self.price_taken > Ratio::ONE {
            true => Err(format!("royalties on the price come to {}", percent(self.price_taken))),
            false => Ok(()),
        }
    }

    /// A part too fine to be computed exactly is no part too much: a settlement lets all of it wait.
    fn share(&mut self, terms: impl Iterator<Item = &'t Term>) -> Result<(), String> {
        let mut shares = Ratio::ZERO;
        for term in terms {
            shares = shares.checked_add(rate(term)?).ok_or_else(|| inexact("profit shares"))?;
            if let Ok(part) = self.part(term) {
                self.rest = self.rest.checked_sub(part).unwrap_or(Ratio::ZERO);
                self.has.insert(&term.id, part);
            }
        }
        if shares > Ratio::ONE {
            return Err(format!("profit shares come to {}", percent(shares)));
        }
        Ok(())
    }

    /// Where the source does not count, there is nothing to take out of it.
    fn take_out_of(&mut self, source: &TermId, term: &'t Term) -> Result<(), String> {
        let part = self.part(term)?;
        let Some(has) = self.has.get_mut(source) else { return Ok(()) };
        if part > *has {
            let (part, has) = (percent(part), percent(*has));
            return Err(format!("{} takes {part} out of {source}, which has {has}", term.id));
        }
        *has = has.checked_sub(part).ok_or_else(|| inexact(term.id.as_str()))?;
        self.has.insert(&term.id, part);
        Ok(())
    }

    /// The part of the whole that a term gets.
    fn part(&self, term: &Term) -> Result<Ratio, String> {
        let base = match &term.base {
            Base::Gross => Ratio::ONE,
            Base::Net => self.net,
            Base::NetOfFees => self.net_of_fees,
            Base::Rest => self.rest,
            Base::Left => self.left,
            Base::Term(id) => self.has.get(id).copied().unwrap_or(Ratio::ZERO),
            Base::Price => Ratio::ONE,
            Base::PriceNet => self.price_net,
        };
        rate(term)?.checked_mul(base).ok_or_else(|| inexact(term.id.as_str()))
    }
}

/// The most that a term takes of its base.
fn rate(term: &Term) -> Result<Ratio, String> {
    term.rate_max().checked_mul(term.reduce).ok_or_else(|| inexact(term.id.as_str()))
}

fn inexact(what: &str) -> String {
    format!("{what} cannot be computed exactly")
}

fn percent(ratio: Ratio) -> String {
    format!("{} %", ratio.to_percent(2))
}

fn and(kinds: &[&str]) -> String {
    match kinds {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        kinds => kinds.concat(),
    }
}
