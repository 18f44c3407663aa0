//! Terms to a plan: fractions of the whole that add up to one.

use catalog::{Agreement, Base, Payees, RightsType, Subject, Term, TermKind};
use ident::{PartyId, TermId};
use ledger::{Account, Pipe, SuspenseReason};
use money::Ratio;

use crate::outcome::{Claim, ClaimKind, Plan};

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

/// A term's part of the whole, as long as other terms may take from it.
struct Part<'a> {
    counting: Counting<'a>,
    of: Ratio,
    fraction: Ratio,
}

impl Plan {
    /// Everything waits, for one reason.
    pub(crate) fn suspense(agreement: Option<&Agreement>, reason: SuspenseReason) -> Self {
        let claim = Claim {
            account: Account::Suspense(reason),
            kind: ClaimKind::Suspense,
            term: None,
            rate: Ratio::ONE,
            of: Ratio::ONE,
            fraction: Ratio::ONE,
        };
        Self { agreement: agreement.map(|it| it.id.clone()), claims: vec![claim], weights: vec![1] }
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
}

impl Default for Division<'_> {
    fn default() -> Self {
        let one = Ratio::ONE;
        Self { parts: Vec::new(), rest: one, net: one, net_of_fees: one, left: one }
    }
}

impl<'a> Division<'a> {
    fn run(
        mut self,
        agreement: &Agreement,
        terms: &[Counting<'a>],
        subject: &Subject<'_>,
    ) -> Result<Plan, Undivided> {
        let whole =
            |kind| terms.iter().filter(move |it| it.term.kind == kind && it.term.out_of.is_none());
        self.take(whole(TermKind::Deduction))?;
        self.net = self.rest;
        self.take(whole(TermKind::Fee))?;
        self.net_of_fees = self.rest;
        self.take(whole(TermKind::RoyaltyRate))?;
        self.left = self.rest;
        self.take(whole(TermKind::ProfitShare))?;
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
            let fraction = it.rate.checked_mul(of).ok_or(TooFine)?;
            self.rest = self.rest.checked_sub(fraction).ok_or(OverClaimed)?;
            self.parts.push(Part { counting: *it, of, fraction });
        }
        Ok(())
    }

    /// Moves a part of what another term has to this one. Where that term does not count, there is
    /// nothing to take it out of.
    fn take_out_of(&mut self, source: &TermId, it: Counting<'a>) -> Result<(), Undivided> {
        let of = self.base(&it.term.base);
        let fraction = it.rate.checked_mul(of).ok_or(TooFine)?;
        let Some(part) = self.parts.iter_mut().find(|part| part.counting.term.id == *source) else {
            return Ok(());
        };
        part.fraction = part.fraction.checked_sub(fraction).ok_or(OverClaimed)?;
        self.parts.push(Part { counting: it, of, fraction });
        Ok(())
    }

    fn base(&self, base: &Base) -> Ratio {
        match base {
            Base::Gross => Ratio::ONE,
            Base::Net => self.net,
            Base::NetOfFees => self.net_of_fees,
            Base::Rest => self.rest,
            Base::Left => self.left,
            Base::Term(id) => {
                let part = self.parts.iter().find(|it| it.counting.term.id == *id);
                part.map_or(Ratio::ZERO, |it| it.fraction)
            }
        }
    }

    fn plan(self, agreement: &Agreement, subject: &Subject<'_>) -> Result<Plan, Undivided> {
        let mut claims = Vec::new();
        for part in &self.parts {
            part.claims(&mut claims, agreement, subject)?;
        }
        claims.push(Claim {
            account: Account::Retained,
            kind: ClaimKind::Retained,
            term: None,
            rate: self.rest,
            of: Ratio::ONE,
            fraction: self.rest,
        });
        claims.retain(|it| it.fraction != Ratio::ZERO);
        let weights = weights(&claims).ok_or(TooFine)?;
        Ok(Plan { agreement: Some(agreement.id.clone()), claims, weights })
    }
}

impl Part<'_> {
    /// One claim for each payee.
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
            claims.push(self.claim(account, ClaimKind::Suspense, Ratio::ONE)?);
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
            claims.push(self.claim(account, kind, part)?);
        }
        Ok(())
    }

    /// A claim on so much of this part; its rate is what it gets of the base in the end.
    fn claim(&self, account: Account, kind: ClaimKind, part: Ratio) -> Result<Claim, Undivided> {
        let fraction = self.fraction.checked_mul(part).ok_or(TooFine)?;
        let rate = match Ratio::new(self.of.den(), self.of.num()) {
            None => Ratio::ZERO,
            Some(one_of) => fraction.checked_mul(one_of).ok_or(TooFine)?,
        };
        let term = Some(self.counting.term.id.clone());
        Ok(Claim { account, kind, term, rate, of: self.of, fraction })
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

/// Brings the fractions to one denominator.
fn weights(claims: &[Claim]) -> Option<Vec<u128>> {
    let mut common = 1_u128;
    for it in claims {
        let den = it.fraction.den();
        common = common.checked_mul(den.checked_div(gcd(common, den))?)?;
    }
    claims
        .iter()
        .map(|it| common.checked_div(it.fraction.den())?.checked_mul(it.fraction.num()))
        .collect()
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
