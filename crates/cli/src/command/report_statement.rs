//! `leitmotif report import`: each file by what it is.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use app::reports::{
    ImportOutcome, Intent, Reconciled, StatementOrder, import_as, import_statements,
};
use app::sources::{Look, Sources, look};
use money::{Amount, Atoms, Currency};
use period::Period;
use serde_json::{Value, json};

use super::report::{outcome_code, show_imports};
use crate::exit;
use crate::shell::Shell;

/// What is said of statements.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The source of the files: a name, NAME/EDITION, or the file of a spec (FILE.toml). Told by the
    /// header if left out.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// What all these statements together bring, as the bank says: "1234.56 USD". If the lines do
    /// not sum to it, nothing is taken.
    #[arg(long, value_name = "AMOUNT CURRENCY")]
    control_total: Option<String>,
    /// The days of the usage, where the files do not say them: 2024-Q2, 2024-06.
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
}

impl Args {
    /// For statements of one source that bring so much.
    pub(crate) fn of(source: &str, control_total: &str) -> Self {
        let control_total = Some(control_total.to_owned());
        Self { source: Some(source.to_owned()), control_total, period: None }
    }
}

/// Imports files: DSR and statements, each in its way.
pub(crate) fn run(
    files: &[PathBuf],
    args: &Args,
    intent: Intent,
    shell: &mut Shell,
) -> anyhow::Result<u8> {
    let sources = Sources::of(shell.folder())?;
    let control_total =
        args.control_total.as_deref().map(|it| amount(it, "control total")).transpose()?;
    let period = period(args.period.as_deref())?;
    let asked = args.source.is_some() || control_total.is_some() || period.is_some();
    let (mut reports, mut statements) = (Vec::new(), Vec::new());
    for path in files {
        match look(&sources, path) {
            Ok(Look::Dsr) if asked => {
                bail!(
                    "{} is a DSR flat file; --source, --control-total and --period are for statements",
                    path.display()
                );
            }
            _ if asked => statements.push(path.clone()),
            Ok(Look::Statement) => statements.push(path.clone()),
            // A file that is not there is told by the import.
            Ok(Look::Dsr) | Err(_) => reports.push(path.clone()),
            Ok(Look::Unknown) => {
                shell.talk(format!(
                    "{}: neither a DSR flat file nor of a known source; see `leitmotif report try`",
                    path.display()
                ));
                reports.push(path.clone());
            }
        }
    }
    let mut home = shell.home()?;
    let now = shell.now();
    let mut outcomes = Vec::new();
    let mut reconciled = None;
    {
        let mut progress = shell.progress();
        if !statements.is_empty() {
            let order = StatementOrder {
                paths: &statements,
                source: args.source.as_deref(),
                control_total,
                period,
                intent: intent.clone(),
            };
            let done = import_statements(&mut home, &sources, &order, &now, &mut progress)?;
            outcomes.extend(done.outcomes);
            reconciled = done.reconciled;
        }
        if !reports.is_empty() {
            outcomes.extend(import_as(&mut home, &reports, &intent, &now, &mut progress)?);
        }
    }
    match reconciled {
        Some(it) if !it.agrees => refuse(&it, shell),
        done => show(&outcomes, done.as_ref(), shell),
    }
}

fn show(
    outcomes: &[ImportOutcome],
    reconciled: Option<&Reconciled>,
    shell: &mut Shell,
) -> anyhow::Result<u8> {
    show_imports(outcomes, shell)?;
    if let (Some(it), false) = (reconciled, shell.wants_json()) {
        shell.line(format!(
            "control total {} {} agrees with the sum of the lines, {}",
            it.stated.currency, it.stated.atoms, it.sum
        ))?;
    }
    Ok(outcome_code(outcomes))
}

/// Says why nothing was taken.
fn refuse(it: &Reconciled, shell: &mut Shell) -> anyhow::Result<u8> {
    let difference = it.stated.atoms.checked_sub(it.sum).unwrap_or_default();
    let currency = it.stated.currency;
    if shell.wants_json() {
        shell.json(&Value::Array(vec![json!({
            "import": "not reconciled", "currency": currency.as_str(),
            "control_total": it.stated.atoms.to_string(), "sum": it.sum.to_string(),
            "difference": difference.to_string(), "quarantined_rows": it.quarantined_rows,
            "quarantined": it.quarantined.to_string(),
        })]))?;
        return Ok(exit::DATA);
    }
    shell.line(format!(
        "not taken: the control total is {currency} {}, the lines sum to {}: {difference} {currency} \
         off; {} rows are in quarantine, with {} {currency} that could be read",
        it.stated.atoms, it.sum, it.quarantined_rows, it.quarantined
    ))?;
    shell.line("nothing was posted; `leitmotif report try FILE` shows every row's fate")?;
    Ok(exit::DATA)
}

/// Reads `1234.56 USD`.
pub(crate) fn amount(text: &str, what: &str) -> anyhow::Result<Amount> {
    let form = || format!("{text:?} is no {what}; write it as \"1234.56 USD\"");
    let (atoms, currency) = text.trim().split_once(' ').with_context(form)?;
    let atoms = Atoms::parse(atoms).with_context(form)?;
    let currency = Currency::parse(currency.trim()).with_context(form)?;
    Ok(Amount { atoms, currency })
}

/// Reads a period, if there is one.
pub(crate) fn period(text: Option<&str>) -> anyhow::Result<Option<Period>> {
    let read = |it: &str| Period::parse(it).with_context(|| format!("{it:?} is no period"));
    text.map(read).transpose()
}
