//! `leitmotif settle`.

use app::settle::{AheadSum, Deed, MovementKey, RestatedLine, SettleOutcome, settle_period_on};
use money::Atoms;
use period::Period;
use serde_json::json;
use settlement::Totals;

use crate::cluster::{self, ClusterArgs};
use crate::command::suspense::money_of;
use crate::shell::Shell;
use crate::table::table;
use crate::words::Language;

/// Settles every report whose usage ends within the period and that is not settled yet.
///
/// A settled period is closed: what comes late, is corrected, matched or agreed otherwise is settled
/// with the next one, as the difference to what was settled.
/// Examples: leitmotif settle 2021-06 --preview
///           leitmotif settle diff 2021-06
///           leitmotif settle approve 2021-06 --by "Kim Sora"
///           leitmotif settle close 2021-06 --by "Lee Jun"
///           leitmotif settle 2021-Q3    (closes it at once)
///           leitmotif settle            (lists what was settled)
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Option<Command>,
    /// The period: 2021-06, 2021-Q3, 2021 or 2021-02..2021-10.
    period: Option<Period>,
    /// Decide and show, post nothing.
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    cluster: ClusterArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show what would be restated and moved, line by line; nothing is posted.
    Diff(DeedArgs),
    /// Approve exactly what a preview shows; it is logged, and nothing is posted.
    Approve(DeedArgs),
    /// Close the period: post it, if it is what was approved.
    Close(DeedArgs),
    /// List who approved and closed what, and when.
    Acts,
}

#[derive(Debug, clap::Args)]
struct DeedArgs {
    /// The period.
    period: Period,
    /// Who does it, as the log of acts shall say; by default the operator.
    #[arg(long, default_value = "")]
    by: String,
    #[command(flatten)]
    cluster: ClusterArgs,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let mut home = shell.home()?;
    let (period, deed, cluster) = match (&args.deed, args.period) {
        (Some(Command::Acts), _) => return acts(&home, shell),
        (Some(Command::Diff(it)), _) => (it.period, Deed::Preview, &it.cluster),
        (Some(Command::Approve(it)), _) => (it.period, Deed::Approve(&it.by), &it.cluster),
        (Some(Command::Close(it)), _) => (it.period, Deed::Close(&it.by), &it.cluster),
        (None, None) => return list(&home, shell),
        (None, Some(period)) if args.preview => (period, Deed::Preview, &args.cluster),
        (None, Some(period)) => (period, Deed::Close(""), &args.cluster),
    };
    let now = shell.now();
    let place = cluster.with_engine()?;
    let outcome = {
        let mut progress = shell.progress();
        let place = place.as_ref().map(|(engine, cluster)| (engine, cluster));
        settle_period_on(place, &mut home, period, deed, &now, &mut progress)?
    };
    cluster::tell(&outcome.again, shell);
    match (shell.wants_json(), &args.deed) {
        (true, _) => shell.json(&as_json(&outcome))?,
        (false, Some(Command::Diff(_))) => show_difference(&outcome, shell)?,
        (false, _) => show(&outcome, shell)?,
    }
    Ok(0)
}

fn acts(home: &app::Home, shell: &mut Shell) -> anyhow::Result<u8> {
    let acts = home.store.acts()?;
    if shell.wants_json() {
        let row = |it: &store::Act| json!({ "at": it.at, "who": it.who, "act": it.act, "settlement": it.settlement, "digest": it.digest });
        shell.json(&acts.iter().map(row).collect())?;
    } else {
        let rows = acts.into_iter().map(|it| [it.at, it.who, it.act, it.settlement, it.digest]);
        shell.line(table(["at", "who", "act", "settlement", "digest"], &[], rows))?;
    }
    Ok(0)
}

/// What differs from what was settled before, and from what was approved.
fn show_difference(outcome: &SettleOutcome, shell: &mut Shell) -> anyhow::Result<()> {
    let rows = outcome.restated.iter().map(|it| {
        [
            it.account.clone(),
            it.settlement.clone(),
            it.month.to_string(),
            it.used.clone(),
            format!("{} {}", it.currency, it.from),
            it.to.to_string(),
            Language::En.reason(&it.because, &it.because_of),
        ]
    });
    if outcome.restated.is_empty() {
        shell.line("nothing that was settled before is restated")?;
    } else {
        let head = ["account", "settled in", "month", "used", "from", "to", "because"];
        shell.line(table(head, &[4, 5], rows))?;
    }
    let rows = outcome.movements.iter().map(|(key, amount)| {
        let agreement = key.agreement.as_ref().map_or("", |it| it.as_str());
        [
            key.step.as_str().to_owned(),
            format!("{agreement}/{}", key.reference),
            key.from.to_string(),
            key.to.to_string(),
            key.origin.to_string(),
            format!("{} {amount}", key.currency),
        ]
    });
    if !outcome.movements.is_empty() {
        let head = ["moves", "by", "from", "to", "of the period before", "amount"];
        shell.line(table(head, &[5], rows))?;
    }
    shell.line(match &outcome.approval {
        None => format!("not approved; digest {}", outcome.digest),
        Some(it) if it.digest == outcome.digest => {
            format!("as {} approved it on {}; digest {}", it.who, it.at, it.digest)
        }
        Some(it) => format!(
            "NOT what {} approved on {}: digest {} then, {} now",
            it.who, it.at, it.digest, outcome.digest
        ),
    })?;
    Ok(())
}

fn list(home: &app::Home, shell: &mut Shell) -> anyhow::Result<u8> {
    let rows = home.store.settlements()?;
    if shell.wants_json() {
        let row = |it: &store::SettlementRow| json!({ "id": it.id, "posted_at": it.posted_at, "sealed": it.sealed, "inputs": it.inputs });
        shell.json(&rows.iter().map(row).collect())?;
    } else {
        let rows = rows.iter().map(|it| {
            let sealed = if it.sealed { "sealed" } else { "not published" };
            [it.id.clone(), it.posted_at.clone(), sealed.to_owned()]
        });
        shell.line(table(["settlement", "posted", "log"], &[], rows))?;
    }
    Ok(0)
}

/// The account of money that came for a right that somebody else pays.
const PAID_ELSEWHERE: &str = "suspense:paid-elsewhere";

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
        let why = match &it.pipe {
            None => it.reason.to_owned(),
            Some(pipe) => format!("{} (pipe {pipe})", it.reason),
        };
        let amount = it
            .currency
            .map_or(String::new(), |currency| format!(", {}", money_of(currency, it.amount)));
        shell.line(format!("no money to us: {} ({} usages{amount})", why, it.usages.grouped(0)))?;
    }
    for it in &outcome.ahead {
        shell.line(format!(
            "received ahead, {}: {} of {} still to be kept back by its sender",
            it.advance,
            money_of(it.currency, it.closing),
            money_of(it.currency, it.opening)
        ))?;
    }
    if outcome.statements.iter().any(|it| it.account == PAID_ELSEWHERE && !it.payable.is_zero()) {
        shell.line(
            "money came for a right that somebody else pays: it waits as paid-elsewhere, and is given to \
             nobody; pass it on to who pays the right, or let the pipe end in the catalogue \
             (`leitmotif suspense --money`)",
        )?;
    }
    if outcome.quarantined > 0 {
        shell.line(format!(
            "{} lines of these reports are in quarantine and paid to nobody \
             (`leitmotif report show`)",
            outcome.quarantined
        ))?;
    }
    if !outcome.restated.is_empty() {
        let told = match outcome.posted {
            true => "the statements say what they were, what they are and why".to_owned(),
            false => format!("`leitmotif settle diff {}` lists them", outcome.id),
        };
        shell.line(format!("{} restated lines; {told}", outcome.restated.len()))?;
    }
    if !outcome.posted {
        shell.line(format!("nothing was posted; digest {}", outcome.digest))?;
    }
    Ok(())
}

/// Lays out what was received and where it stands, a line each currency, exact to the atom.
pub(crate) fn totals_table<'a>(outcomes: impl IntoIterator<Item = &'a SettleOutcome>) -> String {
    let totals = outcomes.into_iter().flat_map(|outcome| {
        outcome.totals.iter().map(|(currency, it)| (format!("{} {currency}", outcome.id), it))
    });
    let totals: Vec<_> = totals.collect();
    let sums =
        |it: &Totals| [it.payees, it.fees, it.retained, it.suspense].map(|it| it.to_string());
    if totals.iter().all(|(_, it)| it.exchanged.is_zero()) {
        let head = ["", "received", "= payees", "+ fees", "+ retained", "+ suspense"];
        let rows = totals.into_iter().map(|(name, it)| {
            let [payees, fees, retained, suspense] = sums(it);
            [name, it.received.to_string(), payees, fees, retained, suspense]
        });
        return table(head, &[1, 2, 3, 4, 5], rows);
    }
    let head = ["", "received", "+ exchanged", "= payees", "+ fees", "+ retained", "+ suspense"];
    let rows = totals.into_iter().map(|(name, it)| {
        let [payees, fees, retained, suspense] = sums(it);
        let (received, exchanged) = (it.received.to_string(), it.exchanged.to_string());
        [name, received, exchanged, payees, fees, retained, suspense]
    });
    table(head, &[1, 2, 3, 4, 5, 6], rows)
}

fn as_json(outcome: &SettleOutcome) -> serde_json::Value {
    let totals = outcome.totals.iter().map(|(currency, it)| {
        json!({
            "currency": currency.to_string(), "received": it.received.to_string(),
            "exchanged": it.exchanged.to_string(), "payees": it.payees.to_string(), "fees": it.fees.to_string(),
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
            "reason": it.reason, "pipe": it.pipe.as_ref().map(ToString::to_string), "usages": it.usages.to_string(),
            "currency": it.currency.map(|it| it.to_string()), "amount": it.amount.to_string(),
        })
    });
    json!({
        "settlement": outcome.id, "posted": outcome.posted, "lines": outcome.lines,
        "cells": outcome.cells, "quarantined": outcome.quarantined,
        "reports": outcome.reports.iter().map(|it| it.id.clone()).collect::<Vec<_>>(),
        "totals": totals.collect::<Vec<_>>(), "statements": statements.collect::<Vec<_>>(),
        "outside": outside.collect::<Vec<_>>(),
        "received_ahead": outcome.ahead.iter().map(ahead).collect::<Vec<_>>(),
        "digest": outcome.digest,
        "approved_by": outcome.approval.as_ref().map(|it| it.who.clone()),
        "restated": outcome.restated.iter().map(restated).collect::<Vec<_>>(),
        "movements": outcome.movements.iter().map(movement).collect::<Vec<_>>(),
        "computed_again": cluster::as_json(&outcome.again),
    })
}

fn ahead(it: &AheadSum) -> serde_json::Value {
    json!({
        "advance": it.advance, "currency": it.currency.to_string(),
        "opening": it.opening.to_string(), "closing": it.closing.to_string(),
    })
}

fn restated(it: &RestatedLine) -> serde_json::Value {
    json!({
        "account": it.account, "settlement": it.settlement, "month": it.month.to_string(),
        "used": it.used, "currency": it.currency.to_string(), "from": it.from.to_string(),
        "to": it.to.to_string(), "because": it.because, "because_of": it.because_of,
    })
}

fn movement((key, amount): (&MovementKey, &Atoms)) -> serde_json::Value {
    json!({
        "kind": key.step.as_str(), "agreement": key.agreement.as_ref().map(ToString::to_string),
        "reference": key.reference, "from": key.from.to_string(), "to": key.to.to_string(),
        "origin": key.origin.to_string(), "currency": key.currency.to_string(),
        "amount": amount.to_string(),
    })
}
