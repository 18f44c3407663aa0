//! Artist-centric, as Deezer describes it in public: plays that weigh more.

use money::{Atoms, Ratio, allocate};

use super::cells::Cell;
use super::view::View;
use super::{Model, WhatIfError};

/// How plays weigh: by the artist, by whether they were asked for, and by how much the listener
/// plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArtistCentric {
    /// An artist is professional from this number of plays in the log …
    pub plays_min: u64,
    /// … by this number of listeners.
    pub listeners_min: u32,
    /// What a play of a professional artist weighs.
    pub professional: Ratio,
    /// What a play weighs that the listener asked for; both weights are multiplied.
    pub active: Ratio,
    /// All plays of a listener weigh as much as this number of plays at the most, before weights.
    pub plays_max: u32,
}

/// Deezer's figures: 1,000 plays by 500 listeners in a month, 2 and 2, at most 1,000 plays of a
/// listener in a month.
impl Default for ArtistCentric {
    fn default() -> Self {
        let two = Ratio::new(2, 1).unwrap_or_default();
        Self {
            plays_min: 1000,
            listeners_min: 500,
            professional: two,
            active: two,
            plays_max: 1000,
        }
    }
}

/// Weighted plays by recipient, in 10^-18 of a play times the denominators of both weights.
///
/// Of a listener above the limit, the limit is divided exactly among what was played.
pub(super) fn weights(view: &View<'_>, rule: ArtistCentric) -> Result<Vec<u128>, WhatIfError> {
    let overflow = || WhatIfError::Overflow { model: Model::ArtistCentric.as_str() };
    let professional = professional(view, rule);
    let factor = |is: bool, ratio: Ratio| if is { ratio.num() } else { ratio.den() };
    let mut weights = vec![0_u128; view.weights.len()];
    let cells = view.log.cells.chunk_by(|left, right| left.listener == right.listener);
    for cells in cells {
        for (cell, counted) in cells.iter().zip(counted(cells, rule.plays_max)) {
            let title = cell.title as usize;
            let artist = view.log.titles[title].artist as usize;
            let artist = factor(professional[artist], rule.professional);
            let weight = &mut weights[view.recipients[title] as usize];
            for (is_active, plays) in [false, true].into_iter().zip(counted) {
                let more = plays
                    .checked_mul(artist)
                    .and_then(|it| it.checked_mul(factor(is_active, rule.active)));
                *weight = more.and_then(|it| weight.checked_add(it)).ok_or_else(overflow)?;
            }
        }
    }
    Ok(weights)
}

/// Plays of a listener's cells that count, those not asked for and those asked for, in 10^-18.
fn counted(cells: &[Cell], plays_max: u32) -> Vec<[u128; 2]> {
    let parts = |it: &Cell| [it.plays - it.searched, it.searched].map(u128::from);
    let plays: Vec<u128> = cells.iter().flat_map(parts).collect();
    let most = u128::from(plays_max);
    let unit = Atoms::ONE.raw().unsigned_abs();
    let counted = match plays.iter().sum::<u128>() <= most {
        true => plays.into_iter().map(|it| it * unit).collect(),
        false => match allocate(Atoms::from_units(i64::from(plays_max)), &plays) {
            Ok(parts) => parts.into_iter().map(|it| it.raw().unsigned_abs()).collect(),
            // Not reached: plays are 64 bits each, and there are any.
            Err(_) => vec![0; plays.len()],
        },
    };
    counted.as_chunks().0.to_vec()
}

/// Whether each artist is professional, by plays and listeners of the period.
fn professional(view: &View<'_>, rule: ArtistCentric) -> Vec<bool> {
    let mut plays = vec![0_u64; view.log.artists.len()];
    let mut listeners = vec![0_u32; view.log.artists.len()];
    let mut last = None;
    for cell in &view.log.cells {
        let artist = view.log.titles[cell.title as usize].artist;
        plays[artist as usize] = plays[artist as usize].saturating_add(cell.plays);
        // Cells of a listener are in order of artist.
        if last != Some((cell.listener, artist)) {
            listeners[artist as usize] += 1;
        }
        last = Some((cell.listener, artist));
    }
    let is = |(plays, listeners)| plays >= rule.plays_min && listeners >= rule.listeners_min;
    plays.into_iter().zip(listeners).map(is).collect()
}
