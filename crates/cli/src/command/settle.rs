//! `leitmotif settle`.

use app::settle::{SettleOutcome, settle_period_on};
use period::Period;
use serde_json::json;

use crate::cluster::{self, ClusterArgs};
use crate::command::suspense::money_of;
use crate::shell::Shell;
use crate::table::table;

/// Settles every report whose usage ends within the period and that is not settled yet.
///
/// A settled period is closed: what comes late is settled with the next one.
/// Examples: leitmotif settle 2021-06 --preview
///           leitmotif settle 2021-Q3
///           leitmotif settle            (lists what was settled)
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The period: 2021-06, 2021-Q3, 2021 or 2021-02..2021-10.
    period: Option<Period>,
    /// Decide and show, post nothing.
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    cluster: ClusterArgs,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let mut home = shell.home()?;
    let Some(period) = args.period else { return list(&home, shell) };
    let now = shell.now();
    let place = args.cluster.with_engine()?;
    let outcome = {
        let mut progress = shell.progress();
        let place = place.as_ref().map(|(engine, cluster)| (engine, cluster));
        settle_period_on(place, &mut home, period, args.preview, &now, &mut progress)?
    };
    cluster::tell(&outcome.again, shell);
    if shell.wants_json() {
        shell.json(&as_json(&outcome))?;
    } else {
        show(&outcome, shell)?;
    }
    Ok(0)
}

fn list(home: &app::Home, shell: &mut Shell) -> anyhow::Result<u8> {
    let rows = home.store.settlements()?;
    if shell.wants_json() {
        let row = |it: &store::SettlementRow| json!({ "id": it.id, "posted_at": it.posted_at, "leaf": it.leaf, "inputs": it.inputs });
        shell.json(&rows.iter().map(row).collect())?;
    } else {
        let rows = rows.iter().map(|it| {
            let leaf = it.leaf.map_or("not published".to_owned(), |leaf| leaf.to_string());
            [it.id.clone(), it.posted_at.clone(), leaf]
        });
        shell.line(table(["settlement", "posted", "log entry"], &[2], rows))?;
    }
    Ok(0)
}

fn show(outcome: &SettleOutcome, shell: &mut Shell) -> anyhow::Result<()> {
    shell.line(format!(
        "{}: {} reports, {} usage lines in {} cells",
        outcome.id,
        outcome.reports.len(),
        outcome.lines,
        outcome.cells
    ))?;
    shell.line(totals_table([outcome]))?;
    let rows = outcome.statements.iter().map(|it| {
        let money = |amount| money_of(it.currency, amount);
        [it.account.clone(), it.name.clone(), money(it.earned), money(it.payable)]
    });
    shell.line(table(["account", "name", "earned", "payable to date"], &[2, 3], rows))?;
    for it in &outcome.outside {
        let amount = it
            .currency
            .map_or(String::new(), |currency| format!(", {}", money_of(currency, it.amount)));
        shell.line(format!(
            "no money to us: {} ({} usages{amount})",
            it.reason.as_str(),
            it.usages.grouped(0)
        ))?;
    }
    if outcome.quarantined > 0 {
        shell.line(format!(
            "{} lines of these reports are in quarantine and paid to nobody \
             (`leitmotif report show`)",
            outcome.quarantined
        ))?;
    }
    if !outcome.posted {
        shell.line("a preview: nothing was posted")?;
    }
    Ok(())
}

/// Lays out what was received and where it stands, a line each currency, exact to the atom.
pub(crate) fn totals_table<'a>(outcomes: impl IntoIterator<Item = &'a SettleOutcome>) -> String {
    let rows = outcomes.into_iter().flat_map(|outcome| {
        outcome.totals.iter().map(|(currency, it)| {
            [
                format!("{} {currency}", outcome.id),
                it.received.to_string(),
                it.payees.to_string(),
                it.fees.to_string(),
                it.retained.to_string(),
                it.suspense.to_string(),
            ]
        })
    });
    let head = ["", "received", "= payees", "+ fees", "+ retained", "+ suspense"];
    table(head, &[1, 2, 3, 4, 5], rows)
}

fn as_json(outcome: &SettleOutcome) -> serde_json::Value {
    let totals = outcome.totals.iter().map(|(currency, it)| {
        json!({
            "currency": currency.to_string(), "received": it.received.to_string(),
            "payees": it.payees.to_string(), "fees": it.fees.to_string(),
            "retained": it.retained.to_string(), "suspense": it.suspense.to_string(),
        })
    });
    let statements = outcome.statements.iter().map(|it| {
        json!({
            "account": it.account, "name": it.name, "currency": it.currency.to_string(),
            "earned": it.earned.to_string(), "payable": it.payable.to_string(),
        })
    });
    let outside = outcome.outside.iter().map(|it| {
        json!({
            "reason": it.reason.as_str(), "usages": it.usages.to_string(),
            "currency": it.currency.map(|it| it.to_string()), "amount": it.amount.to_string(),
        })
    });
    json!({
        "settlement": outcome.id, "posted": outcome.posted, "lines": outcome.lines,
        "cells": outcome.cells, "quarantined": outcome.quarantined,
        "reports": outcome.reports.iter().map(|it| it.id.clone()).collect::<Vec<_>>(),
        "totals": totals.collect::<Vec<_>>(), "statements": statements.collect::<Vec<_>>(),
        "outside": outside.collect::<Vec<_>>(),
        "computed_again": cluster::as_json(&outcome.again),
    })
}
