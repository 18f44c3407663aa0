//! What `leitmotif payout` says, in words and as JSON.

use std::path::PathBuf;

use app::payout::{Claimed, Deployment, Funding, Plan, Published, Settings, Status, amount_of};
use chain::ClaimFile;
use serde_json::{Value, json};
use store::EpochRow;

use crate::shell::Shell;
use crate::table::table;

/// Units as an amount, exact.
fn amount(units: u128, decimals: u32) -> String {
    amount_of(units, decimals).map_or_else(|| format!("{units} units"), |it| it.to_string())
}

/// A time of the chain, as people read it.
fn time(seconds: u64) -> String {
    let at = i64::try_from(seconds).ok().and_then(|it| jiff::Timestamp::from_second(it).ok());
    at.map_or_else(|| seconds.to_string(), |it| it.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

pub(super) fn deployment(it: &Deployment, shell: &mut Shell) -> anyhow::Result<()> {
    let terms = &it.terms;
    if shell.wants_json() {
        return Ok(shell.json(&json!({
            "contract": it.contract.to_string(), "token": terms.token.to_string(),
            "publisher": terms.publisher.to_string(), "guardian": terms.guardian.to_string(),
            "delay_s": terms.delay_s, "transaction": it.transaction, "gas": it.gas,
        }))?);
    }
    shell.line(format!("contract {} is made, by transaction {}", it.contract, it.transaction))?;
    shell.line(format!(
        "a root waits {} hours; {} may veto it",
        terms.delay_s / 3600,
        terms.guardian
    ))?;
    shell.line("\nin leitmotif.toml, under [payout]:")?;
    shell.line(format!("contract = \"{}\"\nguardian = \"{}\"", it.contract, terms.guardian))?;
    Ok(())
}

pub(super) fn plan_json(it: &Plan, funding: Option<&Funding>) -> Value {
    let rises = it.rises.iter().map(|(wallet, before, now)| {
        json!({
            "wallet": wallet.to_string(), "before": before.to_string(), "now": now.to_string(),
        })
    });
    let held = it.held.iter().map(|it| {
        json!({
            "account": it.account.to_string(), "name": it.name, "due": it.due.atoms.to_string(),
            "because": it.because.to_string(),
        })
    });
    json!({
        "epoch": it.epoch.as_ref().map(|(_, epoch)| epoch_json(epoch)),
        "rises": rises.collect::<Value>(), "held": held.collect::<Value>(),
        "funding": funding.map(|it| json!({
            "needed": it.needed.to_string(), "present": it.present.to_string(),
            "missing": it.missing.to_string(),
        })),
    })
}

fn epoch_json(it: &EpochRow) -> Value {
    let sending = it.sending.as_ref().map(|it| {
        json!({
            "seal_index": it.seal, "tree_size": it.tree_size, "log_root": it.log_root,
            "transaction": it.hash,
        })
    });
    json!({
        "epoch": it.epoch, "batch": it.batch, "chain_id": it.chain_id,
        "contract": it.contract.to_string(), "root": it.root, "total": it.total.to_string(),
        "state": it.state.as_str(), "sent": sending,
    })
}

pub(super) fn plan(
    it: &Plan,
    funding: Option<&Funding>,
    settings: &Settings,
    shell: &mut Shell,
) -> anyhow::Result<()> {
    let (decimals, currency) = (settings.decimals, settings.currency);
    if let Some((_, epoch)) = &it.epoch {
        shell.line(format!("\nepoch {}, root {}", epoch.epoch, epoch.root))?;
        let rows = it.rises.iter().map(|(wallet, before, now)| {
            let more = amount(now.saturating_sub(*before), decimals);
            [wallet.to_string(), amount(*before, decimals), more, amount(*now, decimals)]
        });
        let head = ["address", "ever due before", "more", "ever due"];
        shell.line(table(head, &[1, 2, 3], rows))?;
        let total = amount(epoch.total, decimals);
        shell.line(format!("gives out {total} {currency} in all epochs"))?;
    }
    match funding {
        Some(it) if it.missing > 0 => shell.line(format!(
            "to be sent to the contract before it is published: {} {currency} ({} units)",
            amount(it.missing, decimals),
            it.missing
        ))?,
        Some(_) => shell.line("the contract holds enough for it")?,
        None => {}
    }
    if !it.held.is_empty() {
        shell.line("\nDue on the chain, and not paid:")?;
        let rows = it.held.iter().map(|it| {
            [it.account.to_string(), it.name.clone(), it.due.to_string(), it.because.to_string()]
        });
        shell.line(table(["account", "name", "due", "because"], &[2], rows))?;
    }
    if it.epoch.is_some() {
        shell.talk("next: leitmotif payout publish --by NAME");
    }
    Ok(())
}

pub(super) fn published(it: &Published, shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        return Ok(shell.json(&json!({
            "epoch": epoch_json(&it.epoch), "transaction": it.transaction, "block": it.block,
            "gas": it.gas, "delay_s": it.terms.delay_s, "files": it.files,
        }))?);
    }
    let (epoch, block, gas) = (it.epoch.epoch, it.block, it.gas);
    shell.line(format!("epoch {epoch} is published: root {}", it.epoch.root))?;
    shell.line(format!("transaction {} in block {block}, {gas} gas", it.transaction))?;
    let hours = it.terms.delay_s / 3600;
    shell.line(format!("it waits {hours} hours; {} may veto it", it.terms.guardian))?;
    files(epoch, &it.files, shell)
}

pub(super) fn files(epoch: u64, files: &[PathBuf], shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        return Ok(shell.json(&json!({ "epoch": epoch, "files": files }))?);
    }
    for it in files {
        shell.line(it.display().to_string())?;
    }
    shell.talk("each payee gets its own file, and replaces the older one by it");
    Ok(())
}

pub(super) fn claim_file(it: &ClaimFile, shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        return Ok(shell.json(&json!({ "file": file_json(it), "holds": true }))?);
    }
    shell.line(format!("the proof leads to the root of epoch {} in the file", it.epoch))?;
    file_lines(it, shell)?;
    shell.talk("--rpc URL asks whether the contract has that root in effect");
    Ok(())
}

fn file_lines(it: &ClaimFile, shell: &mut Shell) -> anyhow::Result<()> {
    let sum = amount(it.cumulative, it.decimals);
    shell.line(format!("{} was ever due {sum}, of token {}", it.account, it.token))?;
    let (chain, log) = (it.chain_id, it.log_root);
    shell.line(format!("contract {} on chain {chain}", it.contract))?;
    shell.line(format!(
        "bound to entry {} of a log of {} (root {log})",
        it.seal_index, it.tree_size
    ))?;
    Ok(())
}

fn file_json(it: &ClaimFile) -> Value {
    json!({
        "epoch": it.epoch, "account": it.account.to_string(), "contract": it.contract.to_string(),
        "chain_id": it.chain_id, "cumulative": it.cumulative.to_string(),
        "root": it.root.to_string(), "due_to": it.due_to,
    })
}

pub(super) fn claimed(it: &Claimed, shell: &mut Shell) -> anyhow::Result<()> {
    let file = &it.file;
    if shell.wants_json() {
        let sent = it
            .transaction
            .as_ref()
            .map(|(hash, block, gas)| json!({ "transaction": hash, "block": block, "gas": gas }));
        return Ok(shell.json(&json!({
            "file": file_json(file), "before": it.before.to_string(),
            "amount": it.amount.to_string(), "sent": sent,
        }))?);
    }
    file_lines(file, shell)?;
    let more = amount(it.amount, file.decimals);
    match &it.transaction {
        Some((hash, block, gas)) => {
            shell.line(format!("sent {more} by transaction {hash}, block {block}, {gas} gas"))?;
        }
        None if it.amount == 0 => shell.line("it got all of this already")?,
        None => shell.line(format!("the root is in effect: a claim sends {more} now"))?,
    }
    Ok(())
}

pub(super) fn status(it: &Status, settings: &Settings, shell: &mut Shell) -> anyhow::Result<()> {
    let (state, decimals) = (&it.state, settings.decimals);
    if shell.wants_json() {
        return Ok(shell.json(&status_json(it))?);
    }
    let units = |it: u128| amount(it, decimals);
    let mut rows = vec![
        ["in effect".to_owned(), format!("epoch {}", state.live_epoch)],
        ["gives out".to_owned(), units(state.live_total)],
        ["given to it".to_owned(), units(state.funded())],
        ["paid".to_owned(), units(state.paid)],
        ["holds".to_owned(), units(state.balance)],
        ["as of".to_owned(), format!("block {}, {}", state.block, time(state.time_s))],
    ];
    if let Some(waiting) = &state.waiting {
        let until = time(waiting.effective_at_s);
        let words = format!("epoch {} until {until}, {}", waiting.epoch, units(waiting.total));
        rows.insert(2, ["waits".to_owned(), words]);
    }
    shell.line(table(["contract", ""], &[], rows))?;
    let rows = it.epochs.iter().map(|it| {
        [it.epoch.to_string(), it.state.as_str().to_owned(), it.batch.clone(), units(it.total)]
    });
    shell.line(table(["epoch", "state", "batch", "gives out"], &[3], rows))?;
    let rows = it.payees.iter().map(|it| {
        let open = units(it.cumulative.saturating_sub(it.claimed));
        let accounts = it.accounts.join(", ");
        [it.wallet.to_string(), accounts, units(it.cumulative), units(it.claimed), open]
    });
    let head = ["address", "accounts", "ever due", "claimed", "not claimed"];
    shell.line(table(head, &[2, 3, 4], rows))?;
    for alarm in &it.alarms {
        shell.line(format!("ALARM: {alarm}"))?;
    }
    Ok(())
}

fn status_json(it: &Status) -> Value {
    let state = &it.state;
    let waiting = state.waiting.as_ref().map(|it| {
        json!({
            "epoch": it.epoch, "root": it.root.to_string(), "total": it.total.to_string(),
            "effective_at_s": it.effective_at_s,
        })
    });
    let payees = it.payees.iter().map(|it| {
        json!({
            "wallet": it.wallet.to_string(), "accounts": it.accounts,
            "cumulative": it.cumulative.to_string(), "claimed": it.claimed.to_string(),
        })
    });
    let terms = &it.terms;
    json!({
        "terms": {
            "token": terms.token.to_string(), "publisher": terms.publisher.to_string(),
            "guardian": terms.guardian.to_string(), "delay_s": terms.delay_s,
        },
        "block": state.block, "time_s": state.time_s, "epoch": state.epoch,
        "live": {
            "epoch": state.live_epoch, "root": state.live_root.to_string(),
            "total": state.live_total.to_string(),
        },
        "waiting": waiting, "paid": state.paid.to_string(), "balance": state.balance.to_string(),
        "epochs": it.epochs.iter().map(epoch_json).collect::<Value>(),
        "payees": payees.collect::<Value>(),
        "alarms": it.alarms.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
