//! Holds a claimed share against what is publicly known.
//!
//! The claimed amount is what the share comes to. An average turns it into streams. Then each
//! anchor gives its part: one that contains the whole repertoire bounds the share from above, one
//! that is a part of it from below, one that shares nothing with it gives the scale. Figures of
//! different periods are brought to the denominator's by the number of days.

mod anchor;
mod bound;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;

use money::Ratio;
use period::Period;

pub use anchor::{Anchor, Figure, Scope};
pub use bound::{Bound, Side, Step};
pub use read::read_anchors;

use crate::Quantity;
use crate::quantity::{factor, percent, picture};

/// The anchors of a file, in its order.
pub type Anchors = Vec<Anchor>;

/// A claimed share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The repertoire it is about, by the word the anchors use.
    pub repertoire: String,
    /// The share claimed.
    pub share: Ratio,
    /// The whole it is a share of.
    pub of: Quantity,
    /// The whole in words.
    pub what: String,
    /// Territory code.
    pub territory: String,
    /// The days it is about.
    pub period: Period,
}

/// A claim, held against anchors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimCheck {
    /// What the claimed share comes to.
    pub claimed: Quantity,
    /// The arithmetic of the claim and of what it implies.
    pub steps: Vec<Step>,
    /// What each anchor says about the share, the tightest upper bound first.
    pub bounds: Vec<Bound>,
    /// The outcome.
    pub verdict: Verdict,
}

/// The outcome of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The share is above the tightest upper bound.
    Exceeds {
        /// Id of the anchor that gives the bound.
        anchor: String,
        /// The bound.
        bound: Ratio,
        /// Claimed share over bound; `None` if the bound is zero.
        factor: Option<Ratio>,
        /// What has to hold for the bound to be one.
        assumption: Option<String>,
    },
    /// The share is below the largest lower bound.
    FallsShort {
        /// Id of the anchor that gives the bound.
        anchor: String,
        /// The bound.
        bound: Ratio,
    },
    /// The share is within the bounds there are. That does not make it true.
    Within {
        /// Id of the anchor that gives the tightest upper bound.
        anchor: String,
        /// The bound.
        bound: Ratio,
    },
    /// No bound applies.
    CannotTell,
}

/// Why a claim cannot be checked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// A figure does not fit.
    #[error("a figure is too large")]
    Overflow,
    /// The claimed share is above the whole.
    #[error("the claimed share is above 100 %")]
    AboveWhole,
}

/// Checks a claim. Anchors of another repertoire or territory are passed over.
///
/// # Errors
/// [`ClaimError`]: a figure does not fit, or more than the whole is claimed.
pub fn check(claim: &Claim, anchors: &[Anchor]) -> Result<ClaimCheck, ClaimError> {
    if claim.share > Ratio::ONE {
        return Err(ClaimError::AboveWhole);
    }
    let value = claim.share.checked_mul(claim.of.value).ok_or(ClaimError::Overflow)?;
    let claimed = Quantity { value, unit: claim.of.unit.clone() };
    let text = format!(
        "{} of {} ({}, {}, {})",
        percent(claim.share),
        claim.of,
        claim.what,
        claim.territory,
        claim.period
    );
    let mut steps = vec![Step { text, result: claimed.clone() }];
    let about: Vec<&Anchor> = anchors.iter().filter(|anchor| anchor.is_about(claim)).collect();
    let mut implied = vec![claimed.clone()];
    for anchor in &about {
        implied.extend(anchor.implied(&claimed, &mut steps)?);
    }
    let mut bounds = Vec::new();
    for anchor in &about {
        bounds.extend(anchor.bound(claim)?);
        anchor.compare(&implied, &mut steps)?;
    }
    bounds.sort_by(|a, b| (a.side, a.ratio, &a.anchor).cmp(&(b.side, b.ratio, &b.anchor)));
    let verdict = verdict(claim, &bounds)?;
    Ok(ClaimCheck { claimed, steps, bounds, verdict })
}

fn verdict(claim: &Claim, bounds: &[Bound]) -> Result<Verdict, ClaimError> {
    let upper = bounds.iter().find(|bound| bound.side == Side::Upper);
    let lower = bounds.iter().rfind(|bound| bound.side == Side::Lower);
    if let Some(lower) = lower.filter(|lower| claim.share < lower.ratio) {
        return Ok(Verdict::FallsShort { anchor: lower.anchor.clone(), bound: lower.ratio });
    }
    let Some(upper) = upper else { return Ok(Verdict::CannotTell) };
    let (anchor, bound) = (upper.anchor.clone(), upper.ratio);
    if claim.share <= bound {
        return Ok(Verdict::Within { anchor, bound });
    }
    let factor = match Ratio::new(bound.den(), bound.num()) {
        Some(inverse) => Some(claim.share.checked_mul(inverse).ok_or(ClaimError::Overflow)?),
        None => None,
    };
    Ok(Verdict::Exceeds { anchor, bound, factor, assumption: upper.assumption.clone() })
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exceeds { anchor, bound, factor: times, assumption } => {
                write!(f, "exceeds the tightest upper bound, {} ({anchor})", percent(*bound))?;
                if let Some(times) = times {
                    write!(f, ", {} times", factor(*times))?;
                }
                match assumption {
                    Some(assumption) => write!(f, "; the bound assumes: {assumption}"),
                    None => Ok(()),
                }
            }
            Self::FallsShort { anchor, bound } => {
                write!(f, "falls short of the lower bound, {} ({anchor})", percent(*bound))
            }
            Self::Within { anchor, bound } => {
                let bound = percent(*bound);
                write!(f, "within the tightest upper bound, {bound} ({anchor}); not proved by that")
            }
            Self::CannotTell => f.write_str("cannot be told: no bound applies"),
        }
    }
}

/// The verdict, then every step, then every bound with its steps and reservations.
impl fmt::Display for ClaimCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "verdict  {}", self.verdict)?;
        for Step { text, result } in &self.steps {
            writeln!(f, "step     {text} = {result}")?;
        }
        for bound in &self.bounds {
            writeln!(
                f,
                "{:<8} {} {}: {}",
                bound.side,
                percent(bound.ratio),
                bound.anchor,
                bound.metric
            )?;
            for Step { text, result } in &bound.steps {
                let result = if result.unit == "share" {
                    percent(result.value)
                } else {
                    format!("{} {}", picture(result.value), result.unit)
                };
                writeln!(f, "         {text} = {result}")?;
            }
            for reservation in &bound.reservations {
                writeln!(f, "         but {reservation}")?;
            }
            for source in &bound.sources {
                writeln!(f, "         source: {source}")?;
            }
        }
        Ok(())
    }
}
