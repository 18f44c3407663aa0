//! Threshold: pro rata among recordings that are played often enough.

use super::view::View;

/// Below which number of plays a recording counts nothing; its money stays with the others.
///
/// Plays of the whole log up to the end of the period are looked at: for a rule of a year, the log
/// is to hold a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Fewest plays that count.
    pub plays_min: u64,
}

/// Spotify's figure since 2024: 1,000 plays in twelve months.
impl Default for Threshold {
    fn default() -> Self {
        Self { plays_min: 1000 }
    }
}

/// Plays of recordings that reach the threshold, by recipient.
pub(super) fn weights(view: &View<'_>, threshold: Threshold) -> Vec<u128> {
    let mut weights = vec![0; view.weights.len()];
    for cell in &view.log.cells {
        let title = cell.title as usize;
        if view.log.reach[title] >= threshold.plays_min {
            weights[view.recipients[title] as usize] += u128::from(cell.plays);
        }
    }
    weights
}
