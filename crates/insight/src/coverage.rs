//! How much of a published market the cells cover.

use std::fmt;

use money::{Atoms, Ratio};

use crate::quantity::percent;
use crate::share::ratio;
use crate::{MarketTotal, Share};

/// Our denominator against a total that others published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// What the cells measure in all.
    pub numerator: Atoms,
    /// The published total.
    pub denominator: Atoms,
    /// One over the other; above 1 if the two do not measure the same.
    pub ratio: Ratio,
    /// What was published.
    pub metric: String,
    /// What kind of figure it is.
    pub basis: String,
    /// Who published it.
    pub source: String,
    /// Which edition.
    pub version: String,
}

/// Why a published total says nothing about a share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// They count different things.
    #[error("the share is of {share}, the total of {total}")]
    Unit {
        /// Unit of the share.
        share: String,
        /// Unit of the total.
        total: String,
    },
    /// They are about different places.
    #[error("the share is of territory {share}, the total of {total}")]
    Territory {
        /// Territory of the share, or `any`.
        share: String,
        /// Territory of the total.
        total: String,
    },
    /// The share's period is not inside the total's.
    #[error("the share is of {share}, the total of {total}")]
    Period {
        /// Period of the share.
        share: String,
        /// Period of the total.
        total: String,
    },
    /// A share of money received is no share of a market.
    #[error("money received is no market")]
    NoMarket,
    /// The total is not above zero, or our sum is below it.
    #[error("nothing to divide by")]
    Nothing,
}

impl Share {
    /// The share, with its coverage of a published total.
    ///
    /// # Errors
    /// [`CoverageError`]: the two do not speak about the same thing.
    pub fn against(mut self, total: &MarketTotal) -> Result<Self, CoverageError> {
        let unit = self.measure.unit();
        if matches!(self.measure, crate::Measure::Received(_)) {
            return Err(CoverageError::NoMarket);
        }
        if unit != total.unit {
            return Err(CoverageError::Unit { share: unit, total: total.unit.clone() });
        }
        let territory = self.territory.as_deref().unwrap_or("any");
        if territory != total.territory {
            let (share, total) = (territory.to_owned(), total.territory.clone());
            return Err(CoverageError::Territory { share, total });
        }
        if !total.period.covers(self.period) {
            let (share, total) = (self.period.to_string(), total.period.to_string());
            return Err(CoverageError::Period { share, total });
        }
        let covered = ratio(self.denominator, total.value).ok_or(CoverageError::Nothing)?;
        self.coverage = Some(Coverage {
            numerator: self.denominator,
            denominator: total.value,
            ratio: covered,
            metric: format!("{}, {}, {}", total.metric, total.territory, total.period),
            basis: total.basis.clone(),
            source: total.source.clone(),
            version: total.version.clone(),
        });
        Ok(self)
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { numerator, denominator, metric, basis, source, version, .. } = self;
        let percent = percent(self.ratio);
        write!(
            f,
            "{percent} = {numerator} / {denominator} ({metric}; {basis}; {source}; {version})"
        )
    }
}
