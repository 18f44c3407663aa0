//! `leitmotif report try`.

use std::path::PathBuf;

use app::sources::{Sources, Trial, TrialPiece, try_file};
use finding::Severity;
use serde_json::{Value, json};
use usage::Line;

use super::report_statement::period;
use crate::exit;
use crate::shell::Shell;
use crate::table::table;

/// Read a statement on trial: what source it is taken for, its first lines, its totals, what becomes
/// of each row, and what is wrong; nothing is kept.
///
/// Exit code 3: a row is quarantined, or a finding is an error.
/// Example: leitmotif report try settlement.xlsx --source my-distributor.toml
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file: text, .xlsx or .zip.
    file: PathBuf,
    /// The source: a name, NAME/EDITION, or the file of a spec (FILE.toml). Told by the header if
    /// left out.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// The days of the usage, where the file does not say them: 2024-Q2, 2024-06.
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// How many lines, and findings of a rule, to show.
    #[arg(long, default_value_t = 10)]
    most: usize,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let sources = Sources::of(shell.folder())?;
    let period = period(args.period.as_deref())?;
    let scratch = std::env::temp_dir().join(format!("leitmotif-try-{}", std::process::id()));
    let trial =
        try_file(&sources, args.source.as_deref(), &args.file, period, args.most, &scratch)?;
    if shell.wants_json() {
        shell.json(&trial.pieces.iter().map(piece_json).collect())?;
    } else {
        for piece in &trial.pieces {
            show(piece, shell)?;
        }
    }
    Ok(code(&trial))
}

fn code(trial: &Trial) -> u8 {
    let bad = |it: &TrialPiece| {
        !it.statement.ingested.quarantined.is_empty()
            || it.findings.iter().any(|it| it.severity == Severity::Error)
    };
    if trial.pieces.iter().any(bad) { exit::DATA } else { 0 }
}

fn show(piece: &TrialPiece, shell: &mut Shell) -> anyhow::Result<()> {
    let (head, statement) = (&piece.spec.source, &piece.statement);
    shell.line(format!(
        "{}: {} ({}, spec version {}, columns {}), {}",
        piece.name,
        head.title,
        piece.spec.id(),
        head.version,
        head.evidence.as_str(),
        piece.way
    ))?;
    let skipped: Vec<String> =
        statement.skipped.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    shell.line(format!(
        "  {} rows: {} lines; skipped: {}; {} quarantined; {} totals agree",
        statement.rows,
        statement.ingested.lines,
        if skipped.is_empty() { "none".to_owned() } else { skipped.join(", ") },
        statement.ingested.quarantined.len(),
        statement.totals_agreed
    ))?;
    for ((currency, _), amount) in &statement.ingested.amounts {
        shell.line(format!("  {currency} {amount}"))?;
    }
    if let Some(it) = statement.ingested.period {
        shell.line(format!("  {} usages, {it}", statement.ingested.usages))?;
    }
    let rows = piece.lines.iter().map(|it| {
        [
            it.line.to_string(),
            it.from.to_string(),
            it.service.clone(),
            it.territory.clone(),
            it.use_type.clone(),
            it.isrc.clone(),
            it.title.clone(),
            it.artist.clone(),
            it.usages.to_string(),
            it.currency.map_or_else(String::new, |it| it.to_string()),
            it.amount.to_string(),
            it.adjustment.clone(),
        ]
    });
    let names = [
        "line", "from", "service", "in", "use type", "isrc", "title", "artist", "usages", "",
        "amount", "adjusted",
    ];
    shell.line(table(names, &[0, 8, 10], rows))?;
    for it in &piece.findings {
        shell.line(format!("  {it}"))?;
    }
    let shown = |rule: &str| piece.findings.iter().filter(|it| it.rule == rule).count() as u64;
    for (rule, count) in &piece.counts {
        let more = count.saturating_sub(shown(rule));
        if more > 0 {
            shell.line(format!("  ... {rule}: {more} more (--most N lists more)"))?;
        }
    }
    Ok(())
}

fn piece_json(piece: &TrialPiece) -> Value {
    let statement = &piece.statement;
    let amounts: Vec<Value> = statement
        .ingested
        .amounts
        .iter()
        .map(|((currency, basis), amount)| {
            json!({
                "currency": currency.as_str(), "basis": basis.as_str(), "amount": amount.to_string(),
            })
        })
        .collect();
    let quarantined: Vec<Value> = statement
        .ingested
        .quarantined
        .iter()
        .map(|it| {
            json!({
                "line": it.line, "rule": it.reason, "raw": String::from_utf8_lossy(&it.raw),
                "amount": it.amount.map(|it| it.atoms.to_string()),
            })
        })
        .collect();
    let findings: Vec<String> = piece.findings.iter().map(ToString::to_string).collect();
    json!({
        "file": piece.name, "source": piece.spec.id(), "title": piece.spec.source.title,
        "version": piece.spec.source.version, "evidence": piece.spec.source.evidence.as_str(),
        "read_as": piece.way, "rows": statement.rows, "lines": statement.ingested.lines,
        "skipped": statement.skipped, "quarantined": quarantined,
        "totals_agreed": statement.totals_agreed, "usages": statement.ingested.usages.to_string(),
        "amounts": amounts, "first_lines": piece.lines.iter().map(line_json).collect::<Vec<_>>(),
        "findings": findings, "counts": piece.counts,
    })
}

fn line_json(it: &Line) -> Value {
    json!({
        "line": it.line, "from": it.from.to_string(), "until": it.until.to_string(),
        "service": it.service, "territory": it.territory, "use_type": it.use_type,
        "commercial_model": it.commercial_model, "rights_type": it.rights_type.as_str(),
        "isrc": it.isrc, "icpn": it.icpn, "resource_id": it.resource_id, "title": it.title,
        "artist": it.artist, "usages": it.usages.to_string(),
        "currency": it.currency.map(|it| it.to_string()), "amount": it.amount.to_string(),
        "adjustment": it.adjustment,
    })
}
