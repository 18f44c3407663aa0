//! Published figures that a claim is held against.

use money::Ratio;
use period::Period;

use super::{Bound, Claim, ClaimError, Side, Step};
use crate::Quantity;

/// One published figure over another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// A short name.
    pub id: String,
    /// The repertoire whose claims it speaks about.
    pub repertoire: String,
    /// What it says, in words.
    pub metric: String,
    /// What it has to do with the repertoire.
    pub scope: Scope,
    /// The figure above.
    pub numerator: Figure,
    /// The figure below; never zero.
    pub denominator: Figure,
}

/// A published figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// How much of what.
    pub quantity: Quantity,
    /// Territory code.
    pub territory: String,
    /// The days it is about.
    pub period: Period,
    /// Who published it, and how it reached us.
    pub source: String,
}

/// What an anchor's numerator has to do with the claimed repertoire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// It contains the repertoire wholly: an upper bound.
    Whole,
    /// It bounds the repertoire from above if something holds that is not published.
    WholeIf {
        /// What has to hold, as a sentence.
        assumption: String,
    },
    /// It is only a part of the repertoire: a lower bound.
    Part,
    /// It shares nothing with the repertoire and gives the scale.
    Beside,
    /// It is the average of one unit over another, such as money for a stream.
    Average,
}

impl Anchor {
    pub(super) fn is_about(&self, claim: &Claim) -> bool {
        self.repertoire == claim.repertoire
            && (self.scope == Scope::Beside || self.denominator.territory == claim.territory)
    }

    /// What the claimed amount is in the denominator's unit, if the anchor is an average of its.
    pub(super) fn implied(
        &self,
        claimed: &Quantity,
        steps: &mut Vec<Step>,
    ) -> Result<Option<Quantity>, ClaimError> {
        if self.scope != Scope::Average || self.numerator.quantity.unit != claimed.unit {
            return Ok(None);
        }
        let average = self.over(self.aligned(steps)?)?;
        let unit = &self.denominator.quantity.unit;
        steps.push(Step {
            text: format!(
                "{}: {} / {}",
                self.metric, self.numerator.quantity, self.denominator.quantity
            ),
            result: Quantity { value: average, unit: format!("{} / {unit}", claimed.unit) },
        });
        let Some(inverse) = Ratio::new(average.den(), average.num()) else { return Ok(None) };
        let value = claimed.value.checked_mul(inverse).ok_or(ClaimError::Overflow)?;
        let implied = Quantity { value, unit: unit.clone() };
        steps.push(Step { text: format!("{claimed} at that average"), result: implied.clone() });
        Ok(Some(implied))
    }

    /// The bound the anchor gives, if it gives one.
    pub(super) fn bound(&self, claim: &Claim) -> Result<Option<Bound>, ClaimError> {
        let (side, assumption) = match &self.scope {
            Scope::Whole => (Side::Upper, None),
            Scope::WholeIf { assumption } => (Side::Upper, Some(assumption.clone())),
            Scope::Part => (Side::Lower, None),
            Scope::Beside | Scope::Average => return Ok(None),
        };
        if self.numerator.quantity.unit != self.denominator.quantity.unit {
            return Ok(None);
        }
        let mut steps = Vec::new();
        let numerator = self.aligned(&mut steps)?;
        let ratio = self.over(numerator)?;
        let above = Quantity { value: numerator, unit: self.numerator.quantity.unit.clone() };
        steps.push(Step {
            text: format!("{above} / {}", self.denominator.quantity),
            result: Quantity { value: ratio, unit: "share".to_owned() },
        });
        let mut sources = vec![self.numerator.source.clone()];
        if self.denominator.source != self.numerator.source {
            sources.push(self.denominator.source.clone());
        }
        Ok(Some(Bound {
            anchor: self.id.clone(),
            metric: self.metric.clone(),
            side,
            ratio,
            reservations: self.reservations(claim, assumption.as_deref()),
            assumption,
            steps,
            sources,
        }))
    }

    /// How large the claim, or what it implies, is beside the anchor's numerator.
    pub(super) fn compare(
        &self,
        implied: &[Quantity],
        steps: &mut Vec<Step>,
    ) -> Result<(), ClaimError> {
        let figure = &self.numerator;
        let same = implied.iter().find(|quantity| quantity.unit == figure.quantity.unit);
        let (Scope::Beside, Some(same)) = (&self.scope, same) else { return Ok(()) };
        let Some(inverse) = Ratio::new(figure.quantity.value.den(), figure.quantity.value.num())
        else {
            return Ok(());
        };
        let value = same.value.checked_mul(inverse).ok_or(ClaimError::Overflow)?;
        steps.push(Step {
            text: format!(
                "{same} / {} ({}, {}, {})",
                figure.quantity, self.metric, figure.territory, figure.period
            ),
            result: Quantity { value, unit: "times".to_owned() },
        });
        Ok(())
    }

    /// The numerator, brought to the denominator's period by days if the two are unlike in length.
    fn aligned(&self, steps: &mut Vec<Step>) -> Result<Ratio, ClaimError> {
        let Figure { quantity, period, .. } = &self.numerator;
        let (from, to) = (period.days(), self.denominator.period.days());
        if from == to || quantity.unit.starts_with("percent") {
            return Ok(quantity.value);
        }
        let scale = Ratio::new(u128::from(to), u128::from(from)).ok_or(ClaimError::Overflow)?;
        let value = quantity.value.checked_mul(scale).ok_or(ClaimError::Overflow)?;
        steps.push(Step {
            text: format!("{quantity} in {from} days ({period}), brought to {to} days"),
            result: Quantity { value, unit: quantity.unit.clone() },
        });
        Ok(value)
    }

    fn over(&self, numerator: Ratio) -> Result<Ratio, ClaimError> {
        let below = self.denominator.quantity.value;
        let inverse = Ratio::new(below.den(), below.num()).ok_or(ClaimError::Overflow)?;
        numerator.checked_mul(inverse).ok_or(ClaimError::Overflow)
    }

    /// In what the anchor is not quite what the claim is about.
    fn reservations(&self, claim: &Claim, assumption: Option<&str>) -> Vec<String> {
        let mut reservations = Vec::new();
        if let Some(assumption) = assumption {
            reservations.push(format!("it assumes: {assumption}"));
        }
        let Figure { quantity, territory, period, .. } = &self.denominator;
        let unit = quantity.unit.strip_prefix("percent of ").unwrap_or(&quantity.unit);
        if unit != claim.of.unit {
            reservations
                .push(format!("it is a share of {unit}, the claim one of {}", claim.of.unit));
        }
        if *period != claim.period {
            reservations.push(format!("it is of {period}, the claim of {}", claim.period));
        }
        if self.numerator.territory != *territory {
            let above = &self.numerator.territory;
            reservations
                .push(format!("its numerator is of {above}, its denominator of {territory}"));
        }
        reservations
    }
}
