//! `leitmotif catalog rates`.

use std::path::PathBuf;

use app::rates::{RatesOrder, RatesOutcome, Replaced, rates};
use finding::Severity;
use ident::RateTableId;
use money::Currency;
use serde_json::json;

use crate::exit;
use crate::page::exchange::rate_text;
use crate::shell::Shell;

/// Make a table of exchange rates of what central banks publish.
///
/// The form is told by the first line: `Date,USD,JPY,...`, a column each currency, as the European
/// Central Bank has it, or `date,from,to,rate`. The table is printed as TOML, or added to a file of the
/// catalogue, which is written anew. A cell that cannot be read is a finding, and the rest goes on; a
/// rate that stands there otherwise is replaced, and told. Import the catalogue afterwards.
///
/// Example: leitmotif catalog rates eurofxref-hist.csv --table ecb --title "Euro reference rates"
///          --source "European Central Bank" --into my-catalogue/rates.toml
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file, .csv.
    file: PathBuf,
    /// The table's id: small letters, digits and hyphens.
    #[arg(long)]
    table: RateTableId,
    /// What the table is called; of a table that is there it may be left out.
    #[arg(long)]
    title: Option<String>,
    /// Who states the rates, and where; statements repeat it. Of a table that is there it may be left out.
    #[arg(long)]
    source: Option<String>,
    /// The currency that a wide table is about one of.
    #[arg(long, default_value = "EUR")]
    base: Currency,
    /// The catalogue's rates.toml that they are added to.
    #[arg(long)]
    into: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let outcome = rates(&RatesOrder {
        path: &args.file,
        base: args.base,
        table: &args.table,
        title: args.title.as_deref(),
        source: args.source.as_deref(),
        into: args.into.as_deref(),
    })?;
    if shell.wants_json() {
        shell.json(&as_json(&outcome))?;
    } else if args.into.is_some() {
        for it in &outcome.findings {
            shell.line(it.to_string())?;
        }
        for it in &outcome.replaced {
            let ((from, to), was, is) = (it.pair, rate_text(it.was), rate_text(it.is));
            shell.line(format!("{from} to {to} on {}: {was} becomes {is}", it.day))?;
        }
        shell.line(format!("{:>6} rates added", outcome.added))?;
        shell.line(format!("{:>6} rates replaced", outcome.replaced.len()))?;
    } else {
        // What is printed is the file; findings are talk.
        for it in &outcome.findings {
            shell.talk(it.to_string());
        }
        shell.line(outcome.text.trim_end())?;
    }
    let is_wrong = outcome.findings.iter().any(|it| it.severity == Severity::Error);
    Ok(if is_wrong { exit::DATA } else { 0 })
}

fn as_json(outcome: &RatesOutcome) -> serde_json::Value {
    let replaced = |it: &Replaced| {
        json!({
            "from": it.pair.0.to_string(), "to": it.pair.1.to_string(), "day": it.day.to_string(),
            "was": it.was.to_string(), "is": it.is.to_string(),
        })
    };
    json!({
        "added": outcome.added,
        "replaced": outcome.replaced.iter().map(replaced).collect::<Vec<_>>(),
        "findings": outcome.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "toml": outcome.text,
    })
}
