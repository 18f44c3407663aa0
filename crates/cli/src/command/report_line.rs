//! `leitmotif report line`.

use anyhow::Context as _;
use app::sources::raw_line;
use serde_json::json;

use super::report::no_report;
use crate::shell::Shell;

/// Show a line of a report as it came: the file with its hash, the line, its place and its bytes.
///
/// Lines are counted as in findings and usage lines; of a workbook, rows. What names persons is not
/// kept, and not shown.
/// Example: leitmotif report line 3f2a 1204
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The report's id, or its beginning.
    report: String,
    /// The line, from 1.
    line: u64,
    /// Which file of the report, from 1.
    #[arg(long, value_name = "N", default_value_t = 1)]
    file: usize,
    /// Print the bytes and nothing else.
    #[arg(long)]
    raw: bool,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let home = shell.home()?;
    let report = home.store.report(&args.report)?.with_context(|| no_report(&args.report))?;
    let found = raw_line(&home, &report, args.file, args.line)?;
    if args.raw {
        shell.bytes(&found.bytes)?;
        return Ok(0);
    }
    if shell.wants_json() {
        let hex: String = found.bytes.iter().map(|it| format!("{it:02x}")).collect();
        let origin = found.origin.as_ref();
        shell.json(&json!({
            "report": report.id, "file": found.file, "sha256": found.sha256,
            "taken_from": origin.map(|it| json!({ "name": it.0, "sha256": it.1 })),
            "line": found.line, "byte": found.byte, "text": found.text, "bytes_hex": hex,
        }))?;
        return Ok(0);
    }
    shell.line(format!("file {}, SHA-256 {}", found.file, found.sha256))?;
    if let Some((name, sha256)) = &found.origin {
        shell.line(format!("taken from {name}, SHA-256 {sha256}"))?;
    }
    let place = found.byte.map_or_else(|| "row".to_owned(), |it| format!("byte {it}, line"));
    shell.line(format!("{place} {}, {} bytes:", found.line, found.bytes.len()))?;
    shell.line(&found.text)?;
    Ok(0)
}
