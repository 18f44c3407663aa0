//! `leitmotif verify`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use app::publish::verify_receipt;
use serde_json::{Value, json};
use statement::{Trust, Verdict, Witnessing};
use tlog::VerifierKey;
use tlog::policy::Policy;

use crate::exit;
use crate::shell::Shell;

/// Checks receipts with nothing but the files: no store, no network.
///
/// Exit code 0: everything holds. 10: not a receipt as it was issued. 11: its figures do not hold.
/// 12: the log does not hold an entry. 13: the log's or a witness's signature or key is wrong. 15: the
/// statement file is not the one in the receipt. 16: all holds, but too few witnesses saw the log. 17:
/// the seal does not close. 18: these are not the lines that the seal commits to. 19: the seal does not
/// count this usage so. 20: a report was not in the log before. 21: a term is not one that the log
/// committed to. 22: a table of exchange rates is missing. 23: the opening balance is not the last
/// closing one. 24: an attestation is false.
///
/// Examples: leitmotif verify payee-lee-mujin.KRW.receipt
///           leitmotif verify my.receipt --statement my.json --key "$(cat log-key.txt)"
///           leitmotif verify my.receipt --policy policy.txt --previous last.receipt
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The receipts.
    #[arg(required = true)]
    receipts: Vec<PathBuf>,
    #[command(flatten)]
    trusted: Trusted,
    /// A statement file that has to be the one in the receipt.
    #[arg(long)]
    statement: Option<PathBuf>,
    /// Your receipt of the settlement before: this one has to go on from it. Without it, a balance that
    /// was left out altogether cannot be told.
    #[arg(long)]
    previous: Option<PathBuf>,
}

/// Whom the reader trusts.
#[derive(Debug, clap::Args)]
pub(super) struct Trusted {
    /// The log's key as you know it from the operator; without it, the key named in the receipt
    /// is used, and the answer says so.
    #[arg(long, conflicts_with = "policy")]
    key: Option<String>,
    /// A policy file (C2SP tlog-policy): the logs and witnesses that you trust, and how many are enough.
    #[arg(long)]
    policy: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let trust = args.trusted.trust()?;
    let several = args.receipts.len() > 1;
    let (mut values, mut code) = (Vec::new(), 0);
    for path in &args.receipts {
        let bytes = read(path)?;
        let verdict = verify_receipt(&bytes, &trust)
            .with_context(|| format!("{} is refused", path.display()));
        let verdict = match verdict {
            Ok(verdict) => verdict,
            Err(error) => {
                shell.finish()?;
                return Err(error);
            }
        };
        if let Some(file) = &args.statement
            && read(file)? != verdict.statement.canonical()
        {
            shell.talk(format!("error: {} is not the statement in the receipt", file.display()));
            return Ok(exit::OTHER_STATEMENT);
        }
        if let Some(older) = &args.previous {
            let held = verify_receipt(&read(older)?, &trust)
                .with_context(|| format!("{} is refused", older.display()))?;
            verdict.continues(&held).with_context(|| format!("{} is refused", path.display()))?;
        }
        code = code.max(verdict.exit_code());
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
    Ok(code)
}

impl Trusted {
    /// Reads the key or the policy.
    pub(super) fn trust(&self) -> anyhow::Result<Trust> {
        if let Some(text) = &self.key {
            let key = VerifierKey::parse(text.trim()).context("--key is not a key of a log")?;
            return Ok(Trust::Key(key));
        }
        let Some(path) = &self.policy else { return Ok(Trust::Nothing) };
        let policy = Policy::parse(read(path)?)
            .with_context(|| format!("{} is not a policy", path.display()))?;
        Ok(Trust::Policy(policy))
    }
}

pub(super) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

pub(super) fn as_json(path: &str, verdict: &Verdict) -> Value {
    let it = &verdict.statement;
    let witnesses = match verdict.witnessing {
        Witnessing::NoPolicy => Value::Null,
        Witnessing::Judged(it) => json!({
            "have": it.have, "needed": it.needed, "members": it.members, "met": it.met,
            "time": it.time,
        }),
    };
    let attested = |it: &statement::Attested| json!({ "report": it.report, "by": it.by });
    json!({
        "receipt": path, "holds": true, "exit_code": verdict.exit_code(), "account": it.account,
        "period": it.period, "currency": it.currency.to_string(),
        "earned": it.balance.earned.to_string(), "payable": it.balance.payable.to_string(),
        "origin": verdict.origin, "seal": verdict.seal, "size": verdict.size,
        "key": verdict.log_key, "key_given": verdict.key_given, "witnesses": witnesses,
        "reports": verdict.attested.iter().map(attested).collect::<Vec<_>>(),
        "proven": verdict.proven(), "not_proven": verdict.not_proven(),
    })
}

pub(super) fn show(
    path: &str,
    verdict: &Verdict,
    short: bool,
    shell: &mut Shell,
) -> anyhow::Result<()> {
    let it = &verdict.statement;
    let holds = match verdict.exit_code() {
        0 => "holds",
        _ => "holds, but is not witnessed",
    };
    shell.line(format!(
        "{holds}: {path}\n  {} ({}), {}, {} {} payable",
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
