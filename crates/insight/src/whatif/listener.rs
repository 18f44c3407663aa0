//! Listener-centric: `U_i = Σ_j f_j · t_ij / Σ_k t_kj`, which the field calls user-centric.
//!
//! Listeners who play equally often have the same denominator, so they are divided together: the
//! revenue by what all listeners of a number of plays pay, and each such part by fee times plays.
//! Both divisions are exact, so the amounts add up to the revenue, and an amount is less than two
//! atoms for each number of plays from its exact value.

use money::{Atoms, allocate};

use super::cells::Cell;
use super::view::View;
use super::{Model, WhatIfError, divide as divide_by};

/// Divides what each listener pays by what `part` says of the listener's cells.
pub(super) fn divide(
    view: &View<'_>,
    revenue: Atoms,
    model: Model,
    part: impl Fn(&Cell) -> u64,
) -> Result<Option<Vec<Atoms>>, WhatIfError> {
    let overflow = || WhatIfError::Overflow { model: model.as_str() };
    let whole = |cells: &[Cell]| {
        cells.iter().try_fold(0_u64, |sum, it| sum.checked_add(part(it))).ok_or_else(overflow)
    };
    let mut listeners = Vec::new();
    for cells in view.by_listener() {
        listeners.push((whole(cells)?, cells));
    }
    listeners.sort_by_key(|it| it.0);
    let groups: Vec<&[(u64, &[Cell])]> = listeners.chunk_by(|a, b| a.0 == b.0).collect();
    let fee = |cells: &[Cell]| cells.first().map_or(0, |it| view.fees[it.listener as usize]);
    let paid = |group: &&[(u64, &[Cell])]| {
        group.iter().try_fold(0_u128, |sum, it| sum.checked_add(fee(it.1))).ok_or_else(overflow)
    };
    let fees = groups.iter().map(paid).collect::<Result<Vec<u128>, _>>()?;
    let Some(parts) = divide_by(revenue, &fees, model)? else { return Ok(None) };

    let mut amounts = vec![Atoms::ZERO; view.weights.len()];
    let mut weights = vec![0_u128; view.weights.len()];
    let mut touched: Vec<u32> = Vec::new();
    for (group, pool) in groups.into_iter().zip(parts).filter(|it| !it.1.is_zero()) {
        for (_, cells) in group {
            let fee = fee(cells);
            for cell in *cells {
                let weight = &mut weights[cell.title as usize];
                if *weight == 0 {
                    touched.push(cell.title);
                }
                let more = fee.checked_mul(u128::from(part(cell))).ok_or_else(overflow)?;
                *weight = weight.checked_add(more).ok_or_else(overflow)?;
            }
        }
        touched.sort_unstable();
        // A recipient whom only listeners without a fee play was noted more than once.
        touched.dedup();
        let of: Vec<u128> = touched.iter().map(|it| weights[*it as usize]).collect();
        let shares = allocate(pool, &of).map_err(|_| overflow())?;
        for (at, share) in touched.drain(..).zip(shares) {
            weights[at as usize] = 0;
            let amount = &mut amounts[at as usize];
            *amount = amount.checked_add(share).ok_or_else(overflow)?;
        }
    }
    Ok(Some(amounts))
}
