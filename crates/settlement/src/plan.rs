//! Terms to a plan: fractions of the whole that add up to one.

use catalog::{Agreement, Base, Payees, RightsType, Subject, Term, TermKind};
use ident::{PartyId, TermId};
use ledger::{Account, Pipe, SuspenseReason};
use money::Ratio;

use crate::outcome::{Claim, ClaimKind, Measure, Plan, PricePlan};

/// Why the terms cannot divide the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Undivided {
    /// They promise more than there is.
    OverClaimed,
    /// They cannot be brought to one denominator that fits 128 bits.
    TooFine,
}

use Undivided::{OverClaimed, TooFine};

/// A term that counts, with the rate of the step that was reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counting<'a> {
    pub(crate) term: &'a Term,
    pub(crate) rate: Ratio,
}

/// A term's part, as long as other terms may take from it: a part of what was received, and one of
/// the published price. A royalty on the price gets the latter, a profit share bears it.
struct Part<'a> {
    counting: Counting<'a>,
    of: Form,
    has: Form,
}

/// A fraction of what was received, and one of the price of all units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Form {
    received: Ratio,
    price: Ratio,
    /// Whether the price is borne, so that it makes the amount less.
    bears: bool,
}

impl Form {
    const fn of_received(received: Ratio) -> Self {
        Self { received, price: Ratio::ZERO, bears: false }
    }

    const fn of_price(price: Ratio) -> Self {
        Self { received: Ratio::ZERO, price, bears: false }
    }

    fn times(self, rate: Ratio) -> Option<Self> {
        let (received, price) = (self.received.checked_mul(rate)?, self.price.checked_mul(rate)?);
        Some(Self { received, price, ..self })
    }

    fn checked_sub(self, other: Self) -> Option<Self> {
        let received = self.received.checked_sub(other.received)?;
        Some(Self { received, price: self.price.checked_sub(other.price)?, ..self })
    }
}

impl Plan {
    /// Everything waits, for one reason.
    pub(crate) fn suspense(agreement: Option<&Agreement>, reason: SuspenseReason) -> Self {
        let claim = Claim {
            account: Account::Suspense(reason),
            kind: ClaimKind::Suspense,
            term: None,
            rate: Ratio::ONE,
            measure: Measure::Received,
            of: Ratio::ONE,
            fraction: Ratio::ONE,
        };
        let agreement = agreement.map(|it| it.id.clone());
        Self { agreement, claims: vec![claim], weights: vec![1], price: None }
    }

    /// Divides the whole by the terms that count: deductions, fees, royalties, profit shares of what is
    /// left, then what is taken out of another term. What nobody takes is retained; terms that promise
    /// more than there is, or that are too fine to be divided exactly, put the whole into suspense.
    pub(crate) fn of_terms(
        agreement: &Agreement,
        terms: &[Counting<'_>],
        subject: &Subject<'_>,
    ) -> Self {
        Division::default().run(agreement, terms, subject).unwrap_or_else(|why| {
            let reason = match why {
                OverClaimed => SuspenseReason::OverClaimed,
                TooFine => SuspenseReason::TooFine,
            };
            Self::suspense(Some(agreement), reason)
        })
    }
}

/// The whole, while it is divided.
struct Division<'a> {
    parts: Vec<Part<'a>>,
    /// What is left at this place.
    rest: Ratio,
    /// What is left after deductions.
    net: Ratio,
    /// What is left after deductions and fees.
    net_of_fees: Ratio,
    /// What is left after royalties too.
    left: Ratio,
    /// What is left of the price after deductions.
    price_net: Ratio,
    /// What of the price goes to royalties, and what of that nobody but the operator bears.
    on_price: Ratio,
    rest_bears: Ratio,
}

impl Default for Division<'_> {
    fn default() -> Self {
        let (one, nothing) = (Ratio::ONE, Ratio::ZERO);
        Self {
            parts: Vec::new(),
            rest: one,
            net: one,
            net_of_fees: one,
            left: one,
            price_net: one,
            on_price: nothing,
            rest_bears: nothing,
        }
    }
}

impl<'a> Division<'a> {
    fn run(
        mut self,
        agreement: &Agreement,
        terms: &[Counting<'a>],
        subject: &Subject<'_>,
    ) -> Result<Plan, Undivided> {
        let whole = |kind, on_price: bool| {
            terms.iter().filter(move |it| {
                it.term.kind == kind
                    && it.term.out_of.is_none()
                    && is_on_price(terms, it) == on_price
            })
        };
        self.take(whole(TermKind::Deduction, false))?;
        self.net = self.rest;
        self.deduct_from_price(whole(TermKind::Deduction, true))?;
        self.take(whole(TermKind::Fee, false))?;
        self.net_of_fees = self.rest;
        self.take(whole(TermKind::RoyaltyRate, false))?;
        self.left = self.rest;
        self.take_of_price(whole(TermKind::RoyaltyRate, true))?;
        self.take(whole(TermKind::ProfitShare, false))?;
        for it in terms {
            if let Some(source) = &it.term.out_of {
                self.take_out_of(source, *it)?;
            }
        }
        self.plan(agreement, subject)
    }

    /// Takes terms of one kind out of the whole, in the order of the file.
    fn take<'b>(&mut self, terms: impl Iterator<Item = &'b Counting<'a>>) -> Result<(), Undivided>
    where
        'a: 'b,
    {
        for it in terms {
            let of = self.base(&it.term.base);
            let has = of.times(it.rate).ok_or(TooFine)?;
            self.rest = self.rest.checked_sub(has.received).ok_or(OverClaimed)?;
            // Who shares what is left bears the royalties on the price in the same proportion.
            self.rest_bears = self.rest_bears.checked_sub(has.price).ok_or(OverClaimed)?;
            self.parts.push(Part { counting: *it, of, has });
        }
        Ok(())
    }

    /// Makes the price less that royalties are paid on. It moves no money.
    fn deduct_from_price<'b>(
        &mut self,
        terms: impl Iterator<Item = &'b Counting<'a>>,
    ) -> Result<(), Undivided>
    where
        'a: 'b,
    {
        for it in terms {
            self.price_net = self.price_net.checked_sub(it.rate).ok_or(OverClaimed)?;
        }
        Ok(())
    }

    /// Royalties on the price: what was received does not bound them, the price does.
    fn take_of_price<'b>(
        &mut self,
        terms: impl Iterator<Item = &'b Counting<'a>>,
    ) -> Result<(), Undivided>
    where
        'a: 'b,
    {
        for it in terms {
            let of = self.base(&it.term.base);
            let has = of.times(it.rate).ok_or(TooFine)?;
            self.on_price = self.on_price.checked_add(has.price).ok_or(TooFine)?;
            self.parts.push(Part { counting: *it, of, has });
        }
        self.rest_bears = self.on_price;
        match self.on_price > Ratio::ONE {
            true => Err(OverClaimed),
            false => Ok(()),
        }
    }

    /// Moves a part of what another term has to this one. Where that term does not count, there is
    /// nothing to take it out of.
    fn take_out_of(&mut self, source: &TermId, it: Counting<'a>) -> Result<(), Undivided> {
        let mut of = self.base(&it.term.base);
        let Some(part) = self.parts.iter_mut().find(|part| part.counting.term.id == *source) else {
            return Ok(());
        };
        if part.has.bears && of.price == Ratio::ZERO {
            // Who takes out of a share bears as much for what it takes.
            let borne = rate_of(part.has.price, part.has.received).ok_or(TooFine)?;
            let price = of.received.checked_mul(borne).ok_or(TooFine)?;
            of = Form { price, bears: true, ..of };
        }
        let has = of.times(it.rate).ok_or(TooFine)?;
        part.has = part.has.checked_sub(has).ok_or(OverClaimed)?;
        self.parts.push(Part { counting: it, of, has });
        Ok(())
    }

    fn base(&self, base: &Base) -> Form {
        match base {
            Base::Gross => Form::of_received(Ratio::ONE),
            Base::Net => Form::of_received(self.net),
            Base::NetOfFees => Form::of_received(self.net_of_fees),
            Base::Rest => Form::of_received(self.rest),
            Base::Left => Form { received: self.left, price: self.on_price, bears: true },
            Base::Price => Form::of_price(Ratio::ONE),
            Base::PriceNet => Form::of_price(self.price_net),
            Base::Term(id) => {
                let part = self.parts.iter().find(|it| it.counting.term.id == *id);
                part.map_or(Form::of_received(Ratio::ZERO), |it| it.has)
            }
        }
    }

    fn plan(self, agreement: &Agreement, subject: &Subject<'_>) -> Result<Plan, Undivided> {
        let mut claims = Vec::new();
        for part in &self.parts {
            part.claims(&mut claims, agreement, subject)?;
        }
        for (kind, measure, of, fraction) in [
            (ClaimKind::Retained, Measure::Received, Ratio::ONE, self.rest),
            (ClaimKind::PriceBorne, Measure::Price, self.on_price, self.rest_bears),
        ] {
            let rate = rate_of(fraction, of).ok_or(TooFine)?;
            let account = Account::Retained;
            claims.push(Claim { account, kind, term: None, rate, measure, of, fraction });
        }
        claims.retain(|it| it.fraction != Ratio::ZERO);
        let (_, weights) = weights(&claims, |it| it.measure == Measure::Received).ok_or(TooFine)?;
        let price = match self.on_price == Ratio::ZERO {
            true => None,
            false => Some(price_plan(&claims, self.left).ok_or(TooFine)?),
        };
        Ok(Plan { agreement: Some(agreement.id.clone()), claims, weights, price })
    }
}

/// Whether a term's rate is one on the price, as far as the terms that count say so.
fn is_on_price(terms: &[Counting<'_>], it: &Counting<'_>) -> bool {
    it.term.is_on_price(|id| terms.iter().map(|it| it.term).find(|it| it.id == *id))
}

fn price_plan(claims: &[Claim], left: Ratio) -> Option<PricePlan> {
    let (of, all) = weights(claims, |it| it.measure == Measure::Price)?;
    let bears = |claim: &Claim| claim.kind == ClaimKind::PriceBorne;
    let side = |borne: bool| {
        let of_side = claims.iter().zip(&all);
        of_side.map(move |(it, weight)| if bears(it) == borne { *weight } else { 0 })
    };
    let taken = side(false).try_fold(0_u128, u128::checked_add)?;
    let gets = side(false).chain([of.checked_sub(taken)?]).collect();
    Some(PricePlan { of, gets, bears: side(true).collect(), left })
}

impl Part<'_> {
    /// One claim for each payee, or two: what it gets, and what it bears.
    fn claims(
        &self,
        claims: &mut Vec<Claim>,
        agreement: &Agreement,
        subject: &Subject<'_>,
    ) -> Result<(), Undivided> {
        let term = self.counting.term;
        let among: Vec<(Option<&PartyId>, u64)> = match &term.payees {
            Payees::Operator => vec![(None, 1)],
            Payees::One(party) => vec![(Some(party), 1)],
            Payees::Among(several) => several.iter().map(|(it, part)| (Some(it), *part)).collect(),
            Payees::Role(role) => {
                subject.with_role(role).into_iter().map(|it| (Some(it), 1)).collect()
            }
        };
        if among.is_empty() {
            // Nobody has the role: it waits until somebody does.
            let account = Account::Suspense(SuspenseReason::NoAgreement);
            self.claim(claims, account, ClaimKind::Suspense, Ratio::ONE)?;
        }
        let all: u128 = among.iter().map(|(_, weight)| u128::from(*weight)).sum();
        for (party, weight) in &among {
            let part = Ratio::new(u128::from(*weight), all).ok_or(TooFine)?;
            let kind = match term.kind {
                TermKind::Deduction => ClaimKind::Deduction,
                TermKind::Fee => ClaimKind::Fee,
                TermKind::RoyaltyRate => ClaimKind::RoyaltyRate,
                TermKind::ProfitShare => ClaimKind::ProfitShare,
            };
            let account = match (*party, kind) {
                (None, _) => Account::Retained,
                (Some(party), ClaimKind::Deduction | ClaimKind::Fee) => Account::Fee(party.clone()),
                (Some(party), _) => payee_account(agreement, party),
            };
            self.claim(claims, account, kind, part)?;
        }
        Ok(())
    }

    /// Claims on so much of this part; their rate is what they get of the base in the end.
    fn claim(
        &self,
        claims: &mut Vec<Claim>,
        account: Account,
        kind: ClaimKind,
        part: Ratio,
    ) -> Result<(), Undivided> {
        let (of, has) = (self.of, self.has);
        let priced = if has.bears { ClaimKind::PriceBorne } else { kind };
        for (measure, kind, of, has) in [
            (Measure::Received, kind, of.received, has.received),
            (Measure::Price, priced, of.price, has.price),
        ] {
            let fraction = has.checked_mul(part).ok_or(TooFine)?;
            let rate = rate_of(fraction, of).ok_or(TooFine)?;
            let (account, term) = (account.clone(), Some(self.counting.term.id.clone()));
            claims.push(Claim { account, kind, term, rate, measure, of, fraction });
        }
        Ok(())
    }
}

/// The rate that a fraction is of a part; zero of nothing.
fn rate_of(fraction: Ratio, of: Ratio) -> Option<Ratio> {
    match Ratio::new(of.den(), of.num()) {
        None => Some(Ratio::ZERO),
        Some(one_of) => fraction.checked_mul(one_of),
    }
}

/// What is due to a payee by an agreement: each right has a ledger of its own.
#[must_use]
pub fn payee_account(agreement: &Agreement, payee: &PartyId) -> Account {
    let pipe = match agreement.rights_type {
        RightsType::Master => None,
        RightsType::Performer => Some(Pipe::Performer),
        RightsType::Work => Some(Pipe::Work),
    };
    Account::of_payee(pipe, payee.clone())
}

/// Brings the fractions of some claims to one denominator; those of the others are zero.
fn weights(claims: &[Claim], counts: impl Fn(&Claim) -> bool) -> Option<(u128, Vec<u128>)> {
    let mut common = 1_u128;
    for it in claims.iter().filter(|it| counts(it)) {
        let den = it.fraction.den();
        common = common.checked_mul(den.checked_div(gcd(common, den))?)?;
    }
    let weight = |it: &Claim| match counts(it) {
        true => common.checked_div(it.fraction.den())?.checked_mul(it.fraction.num()),
        false => Some(0),
    };
    Some((common, claims.iter().map(weight).collect::<Option<_>>()?))
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
