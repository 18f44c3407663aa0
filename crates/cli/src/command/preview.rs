//! `leitmotif report preview`.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::Context as _;
use app::preview::{PreviewOutcome, PreviewRequest, preview};
use clap::ValueEnum;
use finding::Severity;
use insight::preview::{Due, bounds, write_csv};
use money::Atoms;
use serde_json::{Value, json};

use crate::exit;
use crate::shell::Shell;
use crate::table::table;

/// Say what reports would pay, before any agreement is written; nothing is kept.
///
/// Lines are tied to recordings by ISRC. What they earned is divided by a table of right shares,
/// exactly. A table or a catalogue tells which recordings are known, and of which repertoire.
/// Exit code 3: a line could not be read, or a table is wrong.
/// Examples: leitmotif report preview DSR_*.tsv.gz --shares shares.csv --to due.csv
///           leitmotif report preview DSR_*.tsv --shares shares.csv --recordings recordings.csv \
///             --repertoire soundtrack
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The files, .tsv or .tsv.gz.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A table of right shares: isrc,payee,share (0.25, 25% or 1/4).
    #[arg(long)]
    shares: Option<PathBuf>,
    /// A table of recordings: isrc,recording,repertoire; several repertoires with | between.
    #[arg(long)]
    recordings: Option<PathBuf>,
    /// A folder of the catalogue's plain files, to know recordings and repertoires from.
    #[arg(long)]
    catalog: Option<PathBuf>,
    /// The repertoire whose share of revenue and usages is asked for.
    #[arg(long)]
    repertoire: Option<String>,
    /// What amounts are told apart by.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [By::Payee, By::Territory])]
    by: Vec<By>,
    /// How many amounts to list, largest first; all are counted.
    #[arg(long, default_value_t = 20)]
    most: usize,
    /// A file for all amounts: payee,territory,currency,amount.
    #[arg(long)]
    to: Option<PathBuf>,
}

/// What amounts are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Who is paid.
    Payee,
    /// Where it was earned.
    Territory,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let request = PreviewRequest {
        files: args.files.clone(),
        catalogue: args.catalog.clone(),
        shares: args.shares.clone(),
        recordings: args.recordings.clone(),
        repertoire: args.repertoire.clone(),
    };
    let outcome = preview(&request, &mut shell.progress())?;
    let by = |it: By| args.by.contains(&it);
    let dues = outcome.preview.dues(&outcome.holdings, by(By::Payee), by(By::Territory))?;
    if let Some(path) = &args.to {
        let cannot = || format!("{} cannot be written", path.display());
        let file = File::create(path).with_context(cannot)?;
        write_csv(BufWriter::with_capacity(1 << 18, file), &dues).with_context(cannot)?;
    }
    for it in outcome.findings.iter().take(20) {
        shell.talk(it.to_string());
    }
    let most = largest(&dues, args.most);
    if shell.wants_json() {
        shell.json(&as_json(&outcome, dues.len(), &most))?;
    } else {
        shell.line(text(&outcome, args.repertoire.as_deref(), dues.len(), &most))?;
    }
    let faulty = outcome.reports.iter().any(|it| !it.faults.is_empty())
        || outcome.findings.iter().any(|it| it.severity == Severity::Error);
    Ok(if faulty { exit::DATA } else { 0 })
}

/// The largest amounts, in their order of size.
fn largest<'a>(dues: &[Due<'a>], most: usize) -> Vec<Due<'a>> {
    let mut order: Vec<usize> = (0..dues.len()).collect();
    let key = |at: &usize| (std::cmp::Reverse(dues[*at].amount), *at);
    let most = most.min(order.len());
    if most > 0 && most < order.len() {
        order.select_nth_unstable_by_key(most - 1, key);
    }
    order.truncate(most);
    order.sort_by_key(key);
    order.into_iter().map(|at| dues[at].clone()).collect()
}

fn text(
    outcome: &PreviewOutcome,
    repertoire: Option<&str>,
    amounts: usize,
    most: &[Due<'_>],
) -> String {
    let mut lines = Vec::new();
    for it in &outcome.reports {
        let lost: u64 = it.faults.values().sum();
        lines.push(format!(
            "{} of {} ({}): {} lines in {} files, {} sales transactions, {lost} kept aside",
            it.header.message_id,
            it.header.sender_name,
            it.header.profile_name,
            it.records,
            it.files,
            it.lines,
        ));
        lines.extend(it.faults.iter().map(|(rule, count)| format!("  {count:>6} × {rule}")));
    }
    let usages = &outcome.preview.usages;
    let fact = |name: &str, value: Atoms, unit: &str| format!("  {name:<22} {value} {unit}");
    for (currency, it) in &outcome.preview.money {
        let unit = currency.as_str();
        lines.push(fact("revenue", it.revenue, unit));
        lines.push(fact("shared out", it.shared_out, unit));
        lines.push(fact("not shared out", it.unshared, unit));
        lines.push(fact("of no known recording", it.unmatched, unit));
    }
    lines.push(fact("usages", usages.all, ""));
    lines.push(fact("of no known recording", usages.unmatched, ""));
    if let Some(name) = repertoire {
        for (currency, it) in &outcome.preview.money {
            let share = share(it.tagged, it.unmatched, it.revenue);
            lines.push(format!("  {name} of revenue       {} {currency}: {share}", it.tagged));
        }
        let share = share(usages.tagged, usages.unmatched, usages.all);
        lines.push(format!("  {name} of usages        {}: {share}", usages.tagged));
    }
    if outcome.preview.rounded > 0 {
        lines.push(format!("  {} amounts rounded at 18 decimals", outcome.preview.rounded));
    }
    lines.push(format!("  {amounts} amounts, the largest:"));
    let rows = most.iter().map(|it| {
        [
            it.payee.to_owned(),
            it.territory.to_owned(),
            it.currency.as_str().to_owned(),
            it.amount.to_string(),
        ]
    });
    lines.push(table(["payee", "territory", "currency", "amount"], &[3], rows));
    lines.join("\n")
}

fn share(tagged: Atoms, unmatched: Atoms, all: Atoms) -> String {
    match bounds(tagged, unmatched, all) {
        Some((lower, upper)) if lower == upper => format!("{} %", lower.to_percent(4)),
        Some((lower, upper)) => {
            format!("{} % to {} %", lower.to_percent(4), upper.to_percent(4))
        }
        None => "no share: there is nothing to divide by".to_owned(),
    }
}

fn as_json(outcome: &PreviewOutcome, amounts: usize, most: &[Due<'_>]) -> Value {
    let of = |tagged: Atoms, unmatched: Atoms, all: Atoms| {
        let bounds = bounds(tagged, unmatched, all);
        json!({
            "lower": bounds.map(|it| it.0.to_string()), "upper": bounds.map(|it| it.1.to_string()),
        })
    };
    let usages = &outcome.preview.usages;
    let money: serde_json::Map<String, Value> = outcome
        .preview
        .money
        .iter()
        .map(|(currency, it)| {
            let value = json!({
                "revenue": it.revenue.to_string(), "shared_out": it.shared_out.to_string(),
                "unshared": it.unshared.to_string(), "unmatched": it.unmatched.to_string(),
                "tagged": it.tagged.to_string(),
                "share": of(it.tagged, it.unmatched, it.revenue),
            });
            (currency.to_string(), value)
        })
        .collect();
    let report = |it: &app::preview::ReportPreview| {
        json!({
            "message_id": it.header.message_id, "sender": it.header.sender_party_id,
            "profile": it.header.profile_name, "files": it.files, "records": it.records,
            "lines": it.lines, "kept_aside": it.faults,
        })
    };
    let due = |it: &Due<'_>| {
        json!({
            "payee": it.payee, "territory": it.territory, "currency": it.currency.as_str(),
            "amount": it.amount.to_string(),
        })
    };
    json!({
        "reports": outcome.reports.iter().map(report).collect::<Vec<_>>(),
        "money": money,
        "usages": {
            "all": usages.all.to_string(), "unmatched": usages.unmatched.to_string(),
            "tagged": usages.tagged.to_string(),
            "share": of(usages.tagged, usages.unmatched, usages.all),
        },
        "rounded": outcome.preview.rounded, "amounts": amounts,
        "largest": most.iter().map(due).collect::<Vec<_>>(), "findings": outcome.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
