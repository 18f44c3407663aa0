//! `leitmotif verify`.

use std::path::PathBuf;

use anyhow::Context as _;
use app::publish::verify_receipt;
use serde_json::{Value, json};
use statement::Verdict;
use tlog::VerifierKey;

use crate::exit;
use crate::shell::Shell;

/// Checks receipts with nothing but the files: no store, no network.
///
/// Exit code 0: everything holds. 10: not a receipt as it was issued. 11: its figures do not hold.
/// 12: the log does not hold it. 13: the signature or key is wrong. 15: the statement file is not
/// the one in the receipt.
///
/// Examples: leitmotif verify payee-lee-mujin.KRW.receipt
///           leitmotif verify my.receipt --statement my.json --key "$(cat log-key.txt)"
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The receipts.
    #[arg(required = true)]
    receipts: Vec<PathBuf>,
    /// The log's key as you know it from the operator; without it, the key named in the receipt
    /// is used, and the answer says so.
    #[arg(long)]
    key: Option<String>,
    /// A statement file that has to be the one in the receipt.
    #[arg(long)]
    statement: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let key = args
        .key
        .as_deref()
        .map(|text| VerifierKey::parse(text.trim()).context("--key is not a key of a log"))
        .transpose()?;
    let several = args.receipts.len() > 1;
    let mut values = Vec::new();
    for path in &args.receipts {
        let bytes =
            std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let verdict = verify_receipt(&bytes, key.as_ref())
            .with_context(|| format!("{} is refused", path.display()));
        let verdict = match verdict {
            Ok(verdict) => verdict,
            Err(error) => {
                shell.finish()?;
                return Err(error);
            }
        };
        if let Some(file) = &args.statement {
            let given = std::fs::read(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            if given != verdict.statement.canonical() {
                shell
                    .talk(format!("error: {} is not the statement in the receipt", file.display()));
                return Ok(exit::OTHER_STATEMENT);
            }
        }
        if shell.wants_json() {
            values.push(as_json(&path.display().to_string(), &verdict));
        } else {
            show(&path.display().to_string(), &verdict, several, shell)?;
        }
    }
    if shell.wants_json() {
        shell.json(&match several {
            true => Value::Array(values),
            false => values.pop().unwrap_or_default(),
        })?;
    }
    Ok(0)
}

fn as_json(path: &str, verdict: &Verdict) -> Value {
    let it = &verdict.statement;
    json!({
        "receipt": path, "holds": true, "account": it.account, "period": it.period,
        "currency": it.currency.to_string(), "earned": it.balance.earned.to_string(),
        "payable": it.balance.payable.to_string(), "origin": verdict.origin,
        "index": verdict.index, "size": verdict.size, "key": verdict.log_key,
        "key_given": verdict.key_given, "proven": verdict.proven(),
        "not_proven": verdict.not_proven(),
    })
}

fn show(path: &str, verdict: &Verdict, short: bool, shell: &mut Shell) -> anyhow::Result<()> {
    let it = &verdict.statement;
    shell.line(format!(
        "holds: {path}\n  {} ({}), {}, {} {} payable",
        it.name, it.account, it.period, it.currency, it.balance.payable
    ))?;
    if short && !verdict.key_given {
        shell.line(format!("  by the key it names itself: {}", verdict.log_key))?;
    }
    if !short {
        shell.line("proven:")?;
        for it in verdict.proven() {
            shell.line(format!("  - {it}"))?;
        }
        shell.line("not proven:")?;
        for it in verdict.not_proven() {
            shell.line(format!("  - {it}"))?;
        }
    }
    Ok(())
}
