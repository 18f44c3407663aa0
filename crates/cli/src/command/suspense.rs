//! `leitmotif suspense`.

use app::suspense::{Waiting, waiting};
use money::Currency;
use serde_json::json;

use crate::shell::Shell;
use crate::table::table;

/// List what waits: money settled into suspense, and usage that no recording matches yet.
///
/// Largest first, money before usage. Mend the catalogue (a title, an alias, an ISRC, an agreement)
/// and the next settlement gives out what is not settled yet; what a closed period put into
/// suspense stays there, since releasing it is not part of this version.
///
/// Example: leitmotif suspense --money
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only what holds money that was received.
    #[arg(long)]
    money: bool,
    /// How many to list.
    #[arg(long, default_value_t = 20)]
    most: usize,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let list = waiting(&shell.home()?, args.money)?;
    if shell.wants_json() {
        let row = |it: &Waiting| {
            json!({
                "reason": it.reason, "settlement": it.settlement,
                "title": it.title, "artist": it.artist, "isrc": it.isrc,
                "currency": it.currency.map(|it| it.to_string()),
                "received": it.received.to_string(), "usages": it.usages.to_string(),
                "lines": it.lines, "candidates": it.candidates,
            })
        };
        shell.json(&list.iter().take(args.most).map(row).collect())?;
        return Ok(0);
    }
    let rows = list.iter().take(args.most).map(|it| {
        let money = match it.currency {
            Some(currency) if !it.received.is_zero() => money_of(currency, it.received),
            _ => String::new(),
        };
        [
            it.title.clone(),
            it.artist.clone(),
            money,
            it.usages.grouped(0).to_string(),
            it.reason.clone(),
            it.settlement.clone().unwrap_or_else(|| "-".to_owned()),
            it.candidates.join(" or "),
        ]
    });
    let head = ["title", "artist", "received", "usages", "why", "settled in", "might be"];
    shell.line(table(head, &[2, 3], rows))?;
    if list.len() > args.most {
        shell.line(format!("and {} more; --most N lists more", list.len() - args.most))?;
    }
    Ok(0)
}

/// Shows an amount for people: grouped, to the currency's minor unit.
pub(crate) fn money_of(currency: Currency, amount: money::Atoms) -> String {
    format!("{currency} {}", amount.grouped(currency.minor_digits()))
}
