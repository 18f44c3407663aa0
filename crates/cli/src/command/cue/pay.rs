//! What is paid by a cue sheet.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use app::cues::{self, FeeRequest};
use app::reports::Intent;
use clap::Args;
use cue::UsageCode;
use period::Period;

use super::decide::code;
use crate::command::report_statement;
use crate::shell::Shell;
use crate::sound_words::clock;
use crate::table::table;

/// The shipped source that reads what is written here.
const SOURCE: &str = "licence-fees";

/// Divide a fee by how long each recording sounds, and take it in as a report.
///
/// Only confirmed cues count. The fee is divided by milliseconds in one exact division; the table goes the
/// way of all money: with the fee as its control total, into usage lines that the next settlement gives
/// out, and `leitmotif report withdraw` takes back.
///
/// Example: leitmotif cue post goblin/1/3 goblin/1/4 --fee "1080000 KRW" --licensee "Studio River" \
///            --period 2021-06 --out fee-goblin.csv
#[derive(Debug, Args)]
pub(crate) struct PostArgs {
    /// The sheets.
    #[arg(required = true)]
    sheets: Vec<String>,
    /// What is divided.
    #[arg(long, value_name = "AMOUNT CURRENCY")]
    fee: String,
    /// Who pays it.
    #[arg(long)]
    licensee: String,
    /// The month or days that it is for.
    #[arg(long)]
    period: Period,
    /// The file that the table is written to; keep it for the auditor.
    #[arg(long)]
    out: PathBuf,
    /// The territory code.
    #[arg(long, default_value = "")]
    territory: String,
    /// What was licensed.
    #[arg(long, default_value = "sync")]
    kind: String,
    /// A code's weight in per cent, where it is not 100: BI=50.
    #[arg(long = "weight", value_name = "CODE=PER CENT", value_parser = weight)]
    weights: Vec<(UsageCode, u32)>,
    /// Write the table, and take nothing in.
    #[arg(long)]
    dry_run: bool,
}

/// Print the weights of a team by how long each one's music sounds, for the `among` of a term.
///
/// Only confirmed cues count; where two have the role, each has half of the length.
///
/// Example: leitmotif cue weights goblin/1/3 goblin/1/4 --role C --role CA
#[derive(Debug, Args)]
pub(crate) struct WeightsArgs {
    /// The sheets.
    #[arg(required = true)]
    sheets: Vec<String>,
    /// The roles, CISAC's codes: C composer, A author, AR arranger, CA both composer and author.
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
}

fn weight(text: &str) -> Result<(UsageCode, u32), String> {
    let form = || "write a usage code and per cent, as BI=50".to_owned();
    let (word, per_cent) = text.split_once('=').ok_or_else(form)?;
    Ok((code(word)?, per_cent.trim_end_matches('%').parse().map_err(|_| form())?))
}

pub(crate) fn post(args: &PostArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let request = FeeRequest {
        sheets: args.sheets.clone(),
        fee: report_statement::amount(&args.fee, "fee")?,
        licensee: args.licensee.clone(),
        kind: args.kind.clone(),
        territory: args.territory.clone(),
        period: args.period,
        weights: args.weights.iter().copied().collect::<BTreeMap<_, _>>(),
    };
    let divided = cues::fee(&shell.home()?, &request)?;
    let path = &args.out;
    if path.exists() {
        let known = std::fs::read(path).is_ok_and(|it| it == divided.table.as_bytes());
        if !known {
            bail!("{} is there already, with something else; name another file", path.display());
        }
    }
    std::fs::write(path, &divided.table)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    let rows = divided.lines.lines.iter().zip(&divided.lines.lengths_ms).map(|(it, length)| {
        [
            it.transaction.clone(),
            if it.title.is_empty() { it.resource_id.clone() } else { it.title.clone() },
            clock(*length),
            it.amount.to_string(),
        ]
    });
    shell.talk(table(["programme", "recording", "sounds", "part"], &[2, 3], rows));
    if divided.lines.unconfirmed > 0 {
        let count = divided.lines.unconfirmed;
        shell.talk(format!("{count} cues wait for somebody to confirm them; they have no part"));
    }
    if args.dry_run {
        shell.talk(format!("wrote {}; nothing is taken in", path.display()));
        return Ok(0);
    }
    let order = report_statement::Args::of(SOURCE, &args.fee);
    report_statement::run(std::slice::from_ref(path), &order, Intent::New, shell)
}

pub(crate) fn weights(args: &WeightsArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let text = cues::weights(&shell.home()?, &args.sheets, &args.roles)?;
    shell.bytes(text.as_bytes())?;
    Ok(0)
}
