//! Terms to a plan: fractions of the whole that add up to one.

use catalog::{Agreement, RoyaltyBase, Term, TermKind};
use ledger::{Account, SuspenseReason};
use money::Ratio;

use crate::outcome::{Claim, ClaimKind, Plan};

/// The terms cannot be brought to one denominator that fits 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TooFine;

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

    /// Divides the whole by the terms that count, in three steps: fees off the top, royalties,
    /// profit shares of what is left. What nobody takes is retained; terms that promise more than
    /// there is, or that are too fine to be divided exactly, put the whole into suspense.
    pub(crate) fn of_terms(agreement: &Agreement, terms: &[&Term]) -> Self {
        Self::divided(agreement, terms)
            .unwrap_or_else(|TooFine| Self::suspense(Some(agreement), SuspenseReason::TooFine))
    }

    fn divided(agreement: &Agreement, terms: &[&Term]) -> Result<Self, TooFine> {
        let mut claims = Vec::new();
        let fees = step(&mut claims, terms, Ratio::ONE, |kind| {
            (kind == TermKind::Fee).then_some((ClaimKind::Fee, None))
        })?;
        let Some(after_fees) = fees.complement() else {
            return Ok(Self::suspense(Some(agreement), SuspenseReason::OverClaimed));
        };
        let royalties = step(&mut claims, terms, Ratio::ONE, |kind| match kind {
            TermKind::RoyaltyRate { base: RoyaltyBase::Gross } => {
                Some((ClaimKind::RoyaltyRate, None))
            }
            TermKind::RoyaltyRate { base: RoyaltyBase::NetOfFees } => {
                Some((ClaimKind::RoyaltyRate, Some(after_fees)))
            }
            _ => None,
        })?;
        let Some(left) = after_fees.checked_sub(royalties) else {
            return Ok(Self::suspense(Some(agreement), SuspenseReason::OverClaimed));
        };
        let shares = step(&mut claims, terms, left, |kind| {
            (kind == TermKind::ProfitShare).then_some((ClaimKind::ProfitShare, None))
        })?;
        let Some(retained) = left.checked_sub(shares) else {
            return Ok(Self::suspense(Some(agreement), SuspenseReason::OverClaimed));
        };
        claims.push(Claim {
            account: Account::Retained,
            kind: ClaimKind::Retained,
            term: None,
            rate: retained,
            of: Ratio::ONE,
            fraction: retained,
        });
        claims.retain(|it| it.fraction != Ratio::ZERO);
        let weights = weights(&claims).ok_or(TooFine)?;
        Ok(Self { agreement: Some(agreement.id.clone()), claims, weights })
    }
}

/// Adds the claims of one step and returns the sum of their fractions.
fn step(
    claims: &mut Vec<Claim>,
    terms: &[&Term],
    base: Ratio,
    kind: impl Fn(TermKind) -> Option<(ClaimKind, Option<Ratio>)>,
) -> Result<Ratio, TooFine> {
    let mut sum = Ratio::ZERO;
    for term in terms {
        let Some((kind, other_base)) = kind(term.kind) else { continue };
        let of = other_base.unwrap_or(base);
        let fraction = term.rate.checked_mul(of).ok_or(TooFine)?;
        sum = sum.checked_add(fraction).ok_or(TooFine)?;
        let payee = term.payee.clone();
        let account = match kind {
            ClaimKind::Fee => Account::Fee(payee),
            _ => Account::Payee(payee),
        };
        let term_id = Some(term.id.clone());
        claims.push(Claim { account, kind, term: term_id, rate: term.rate, of, fraction });
    }
    Ok(sum)
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
