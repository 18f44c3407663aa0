//! `leitmotif report diff`.

use std::path::Path;

use app::diff::{Diff, DiffBy, Difference, Money, Version, diff};
use clap::ValueEnum;
use money::Atoms;
use serde_json::{Value, json};

use crate::shell::Shell;
use crate::table::table;

/// Which versions, and how to look at them.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The old version: a report's id, or the beginning of it, or a file.
    old: String,
    /// The new version.
    new: String,
    /// What to put lines together by.
    #[arg(long, value_enum, default_value_t = By::Line)]
    by: By,
    /// How many differences to list; the totals are of all.
    #[arg(long, default_value_t = 50)]
    most: usize,
}

/// What lines are put together by.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// Every line by itself: its sales transaction, or all it says but the figures.
    Line,
    /// The recording, in the report's words.
    Recording,
    /// The territory.
    Territory,
    /// The service.
    Service,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    // Two files are compared without a home.
    let files = [&args.old, &args.new].into_iter().all(|it| Path::new(it).is_file());
    let home = if files { None } else { Some(shell.home()?) };
    let by = match args.by {
        By::Line => DiffBy::Line,
        By::Recording => DiffBy::Recording,
        By::Territory => DiffBy::Territory,
        By::Service => DiffBy::Service,
    };
    let diff = diff(home.as_ref(), &args.old, &args.new, by)?;
    if shell.wants_json() {
        shell.json(&to_json(&diff))?;
    } else {
        show(&diff, args.most, shell)?;
    }
    Ok(0)
}

fn show(diff: &Diff, most: usize, shell: &mut Shell) -> anyhow::Result<()> {
    for (side, it) in ["old", "new"].into_iter().zip(&diff.versions) {
        let Version { name, message_id, quarantined } = it;
        shell.line(format!("{side}: {name} ({message_id}), {quarantined} lines in quarantine"))?;
    }
    shell.line(format!(
        "lines: {} added, {} removed, {} changed, {} the same\n",
        diff.added, diff.removed, diff.changed, diff.same
    ))?;
    let head = ["total", "usages", "", "amount", "", "difference"];
    let rows = diff.totals.iter().map(|(money, it)| {
        let [from, to] = it.usages.map(|it| it.to_string());
        let [old, new] = it.amount.map(|it| it.to_string());
        [
            money_words(money),
            from,
            format!("→ {to}"),
            old,
            format!("→ {new}"),
            plus(it.difference()),
        ]
    });
    shell.line(table(head, &[1, 2, 3, 4, 5], rows))?;
    if diff.differences.is_empty() {
        return Ok(());
    }
    shell.line("")?;
    let rows = diff.differences.iter().take(most).map(|it| {
        let [from, to] = it.change.usages.map(|it| it.to_string());
        let [old, new] = it.change.amount.map(|it| it.to_string());
        [
            sign(it).to_owned(),
            it.what.clone(),
            from,
            format!("→ {to}"),
            money_words(&it.money),
            old,
            format!("→ {new}"),
            plus(it.change.difference()),
            it.notes.join("; "),
        ]
    });
    let head = ["", "what", "usages", "", "", "amount", "", "difference", ""];
    shell.line(table(head, &[2, 3, 5, 6, 7], rows))?;
    if diff.differences.len() > most {
        let more = diff.differences.len() - most;
        shell.line(format!("and {more} more; --most N lists more"))?;
    }
    Ok(())
}

fn sign(it: &Difference) -> &'static str {
    match it.change.lines {
        [0, _] => "+",
        [_, 0] => "-",
        _ => "~",
    }
}

fn money_words((basis, currency): &Money) -> String {
    match currency {
        Some(currency) => format!("{currency} {basis}"),
        None => "no money".to_owned(),
    }
}

/// Shows a difference with its sign.
fn plus(difference: Option<Atoms>) -> String {
    match difference {
        Some(it) if it.is_zero() || it.is_negative() => it.to_string(),
        Some(it) => format!("+{it}"),
        None => "too large".to_owned(),
    }
}

fn to_json(diff: &Diff) -> Value {
    let version = |it: &Version| {
        json!({
            "name": it.name, "message_id": it.message_id, "quarantined": it.quarantined,
        })
    };
    let pair = |it: [Atoms; 2]| it.map(|it| it.to_string());
    let total = |((basis, currency), it): (&Money, &app::diff::Change)| {
        json!({
            "basis": basis.as_str(), "currency": currency.map(|it| it.to_string()),
            "lines": it.lines, "usages": pair(it.usages), "amount": pair(it.amount),
            "difference": it.difference().map(|it| it.to_string()),
        })
    };
    let difference = |it: &Difference| {
        json!({
            "change": sign(it), "what": it.what, "basis": it.money.0.as_str(),
            "currency": it.money.1.map(|it| it.to_string()), "lines": it.change.lines,
            "usages": pair(it.change.usages), "amount": pair(it.change.amount),
            "difference": it.change.difference().map(|it| it.to_string()), "notes": it.notes,
        })
    };
    json!({
        "old": version(&diff.versions[0]), "new": version(&diff.versions[1]),
        "added": diff.added, "removed": diff.removed, "changed": diff.changed, "same": diff.same,
        "totals": diff.totals.iter().map(total).collect::<Vec<_>>(),
        "differences": diff.differences.iter().map(difference).collect::<Vec<_>>(),
    })
}
