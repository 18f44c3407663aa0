//! The amounts as a table, and changes as people read them.

use std::io::{self, Write};

use money::{Atoms, Ratio};

use super::Answer;

/// A change in per cent of what was there before, with its sign and so many decimals; empty where
/// nothing was there.
#[must_use]
pub fn signed_percent(change: Atoms, before: Atoms, decimals: u32) -> String {
    let part = Ratio::new(change.raw().unsigned_abs(), before.raw().unsigned_abs());
    let sign = match change {
        _ if change.is_zero() => "",
        _ if change.is_negative() => "-",
        _ => "+",
    };
    part.map_or_else(String::new, |it| format!("{sign}{}", it.to_percent(decimals)))
}

/// Writes one row for each model and recipient, by rank; each row says that it is a simulation.
///
/// # Errors
/// Whatever the writer says.
pub fn write_csv(out: impl Write, answer: &Answer) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record([
        "kind",
        "model",
        "rank",
        "artist",
        "recording",
        "plays",
        "listeners",
        "currency",
        "pro_rata",
        "amount",
        "change",
        "change_percent",
    ])?;
    let Some(pro_rata) = answer.outcomes.first().and_then(|it| it.amounts.as_ref()) else {
        return out.flush();
    };
    for outcome in &answer.outcomes {
        let Some(amounts) = &outcome.amounts else { continue };
        for (rank, at) in answer.ranks.iter().enumerate() {
            let (it, amount, before) = (&answer.recipients[*at], amounts[*at], pro_rata[*at]);
            let change = amount.checked_sub(before).unwrap_or_default();
            out.write_record([
                "simulation",
                outcome.model.as_str(),
                &(rank + 1).to_string(),
                &it.artist,
                &it.recording,
                &it.plays.to_string(),
                &it.listeners.to_string(),
                answer.currency.as_str(),
                &before.to_string(),
                &amount.to_string(),
                &change.to_string(),
                &signed_percent(change, before, 4),
            ])?;
        }
    }
    out.flush()
}
