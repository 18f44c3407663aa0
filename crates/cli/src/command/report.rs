//! `leitmotif report`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use app::reports::{
    Adjustment, CheckOutcome, Import, ImportOutcome, Intent, adjustments, check, corrected_by,
    parts_words, withdraw,
};
use clap::{Subcommand, ValueEnum};
use dsr::{Summary, check_parts};
use finding::{Finding, RuleDoc, Severity};
use serde_json::{Value, json};

use crate::command::report_generate;
use crate::exit;
use crate::shell::Shell;
use crate::table::table;

/// What can be done with sales reports.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import sales reports: check them, keep them as received, read their usage lines.
    ///
    /// The same report again changes nothing; other content under a known id, and a re-send of what
    /// stands, are kept aside and shown. The files of a split report may come in any order and over
    /// several calls; they wait until all are here.
    /// Statements of shops, distributors and societies are told by their header; see `leitmotif report
    /// sources`. With a control total they are taken only if their lines sum to it.
    /// Examples: leitmotif report import reports/*.tsv.gz
    ///           leitmotif report import corrected.tsv --corrects 3f2a
    ///           leitmotif report import dk.tsv --source distrokid --control-total "1234.56 USD"
    Import {
        /// The files: DSR (.tsv, .tsv.gz), or statements (text, .xlsx, .zip).
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        statement: super::report_statement::Args,
        /// The report is a correction of this one: its id, or the beginning of it. What is settled
        /// stays as it was issued; the difference is settled in the next period.
        #[arg(long, value_name = "REPORT")]
        corrects: Option<String>,
        /// The report is one of its own, though most of its sales transactions stand already.
        #[arg(long, conflicts_with = "corrects")]
        apart: bool,
    },
    /// Show what changed between two versions of a report: lines, usages, amounts, exactly.
    ///
    /// Either may be a report in the home or a file that is not imported.
    /// Example: leitmotif report diff 3f2a corrected.tsv --by recording
    Diff(super::report_diff::Args),
    Try(super::report_try::Args),
    Line(super::report_line::Args),
    Sources(super::report_sources::Args),
    /// Check files and list what is wrong with them; nothing is kept.
    ///
    /// Files of one report are compared with each other, too.
    ///
    /// Exit code 3: at least one finding is an error.
    /// Example: leitmotif report check DSR_*.tsv
    Check {
        /// The files, .tsv or .tsv.gz.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// How many findings of a rule to list for each file; all are counted.
        #[arg(long, default_value_t = 5)]
        most: usize,
    },
    Preview(super::preview::Args),
    /// List the reports that came.
    List,
    /// Show one report: its files, control totals, findings and quarantined lines.
    ///
    /// Example: leitmotif report show 3f2a
    Show {
        /// The report's id, or its beginning.
        id: String,
    },
    /// Explain a rule: what it means, why it matters, what to do.
    ///
    /// Example: leitmotif report explain dsr-summary-dangling
    Explain {
        /// The rule's id.
        rule: String,
    },
    /// List every rule.
    Rules {
        /// As a page for the reference.
        #[arg(long, value_enum, default_value_t = RulesForm::Text)]
        form: RulesForm,
    },
    /// Make up a report to try things on: any profile, any size, with defects on request.
    ///
    /// Beside it lies the truth, FILE.truth.json: counts, exact sums, and the line of each defect.
    ///
    /// Example: leitmotif report generate --profile ugcprofile --lines 5000000 --out ugc.tsv.gz
    Generate(report_generate::Arguments),
    /// Take a report back that is not settled, or that waits for its other files; what came stays in
    /// `received`. A report that another corrects stays until that one is taken back.
    ///
    /// Example: leitmotif report withdraw 3f2a
    Withdraw {
        /// The report's id, or its beginning.
        id: String,
    },
}

/// The forms of the list of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesForm {
    /// A table.
    Text,
    /// A page in Markdown.
    Markdown,
}

pub(crate) fn run(command: Command, shell: &mut Shell) -> anyhow::Result<u8> {
    match command {
        Command::Diff(args) => super::report_diff::run(&args, shell),
        Command::Try(args) => super::report_try::run(&args, shell),
        Command::Line(args) => super::report_line::run(&args, shell),
        Command::Sources(args) => super::report_sources::run(&args, shell),
        Command::Import { files, statement, corrects, apart } => {
            let intent = match (corrects, apart) {
                (Some(id), _) => Intent::Corrects(id),
                (None, true) => Intent::Apart,
                (None, false) => Intent::New,
            };
            super::report_statement::run(&files, &statement, intent, shell)
        }
        Command::Check { files, most } => check_files(&files, most, shell),
        Command::Preview(args) => super::preview::run(&args, shell),
        Command::List => list(shell),
        Command::Show { id } => show(&id, shell),
        Command::Explain { rule } => explain(&rule, shell),
        Command::Rules { form } => rules(form, shell),
        Command::Generate(arguments) => report_generate::run(&arguments, shell),
        Command::Withdraw { id } => {
            let mut home = shell.home()?;
            let report = home.store.report(&id)?.with_context(|| no_report(&id))?;
            if !withdraw(&mut home, &report.id)? {
                bail!(
                    "report {} is settled, is corrected by another, or does not stand; nothing was \
                     changed",
                    report.id
                );
            }
            if shell.wants_json() {
                shell.json(&json!({ "withdrawn": report.id }))?;
            } else {
                shell.line(format!("withdrawn: {}", report.id))?;
            }
            Ok(0)
        }
    }
}

/// Every rule that a finding can name.
fn all_rules() -> Vec<&'static RuleDoc> {
    let mut rules: Vec<&RuleDoc> = dsr::rule::RULES.iter().map(|it| &it.doc).collect();
    rules.extend(ingest::RULES);
    rules.extend(catalog::RULES);
    rules.extend(insight::RULES);
    rules.extend(audio::RULES);
    rules.extend(cue::RULES);
    rules.extend(app::sound::RULES);
    rules.sort_by_key(|it| it.id);
    rules
}

fn explain(id: &str, shell: &mut Shell) -> anyhow::Result<u8> {
    let rules = all_rules();
    let Some(rule) = rules.iter().find(|it| it.id == id) else {
        bail!("no rule is called {id:?}; `leitmotif report rules` lists them");
    };
    if shell.wants_json() {
        shell.json(&json!({
            "rule": rule.id, "severity": rule.severity.to_string(), "title": rule.title,
            "doc": rule.doc,
        }))?;
    } else {
        shell.line(format!("{} ({})\n{}\n\n{}", rule.id, rule.severity, rule.title, rule.doc))?;
    }
    Ok(0)
}

fn rules(form: RulesForm, shell: &mut Shell) -> anyhow::Result<u8> {
    let rules = all_rules();
    match form {
        RulesForm::Markdown => {
            shell.line(
                "# Findings\n\nGenerated from the program's own rules by `cargo xtask reference`.",
            )?;
            for it in &rules {
                shell.line(format!(
                    "\n## {}\n\n*{}*: {}.\n\n{}",
                    it.id, it.severity, it.title, it.doc
                ))?;
            }
        }
        RulesForm::Text if shell.wants_json() => {
            let row = |it: &&RuleDoc| json!({ "rule": it.id, "title": it.title });
            shell.json(&rules.iter().map(row).collect())?;
        }
        RulesForm::Text => {
            let rows = rules
                .iter()
                .map(|it| [it.id.to_owned(), it.severity.to_string(), it.title.to_owned()]);
            shell.line(table(["rule", "severity", "what it says"], &[], rows))?;
        }
    }
    Ok(0)
}

fn check_files(files: &[PathBuf], most: usize, shell: &mut Shell) -> anyhow::Result<u8> {
    let (mut code, mut values) = (0, Vec::new());
    let mut reports: BTreeMap<(String, String), Vec<Summary>> = BTreeMap::new();
    for path in files {
        let outcome = check(path)?;
        if let Some(header) = &outcome.summary.header {
            let id = (header.sender_party_id.clone(), header.message_id.clone());
            reports.entry(id).or_default().push(outcome.summary.clone());
        }
        if outcome.findings.iter().any(|it| it.severity == Severity::Error) {
            code = exit::DATA;
        }
        if shell.wants_json() {
            values.push(check_json(&outcome));
        } else {
            show_check(&outcome, most, shell)?;
        }
    }
    let mut of_reports = Vec::new();
    for files in reports.values() {
        check_parts(files, &mut |finding| of_reports.push(finding));
    }
    if !of_reports.is_empty() {
        code = exit::DATA;
        let file = "all files of a report together".to_owned();
        let outcome = CheckOutcome {
            file,
            findings: of_reports,
            summary: Summary::default(),
            counts: BTreeMap::new(),
        };
        if shell.wants_json() {
            values.push(check_json(&outcome));
        } else {
            for finding in &outcome.findings {
                shell.line(format!("{}: {finding}", outcome.file))?;
            }
        }
    }
    if shell.wants_json() {
        shell.json(&Value::Array(values))?;
    }
    Ok(code)
}

fn show_check(outcome: &CheckOutcome, most: usize, shell: &mut Shell) -> anyhow::Result<()> {
    let it = &outcome.summary;
    shell.line(format!(
        "{}: {} lines, {} summary records, {} blocks, {} sales transactions",
        outcome.file, it.lines, it.summary_records, it.blocks, it.transactions
    ))?;
    for (id, usage) in &it.usages {
        let announced = match (usage.declared, usage.announced) {
            (0, _) => "is not in the file".to_owned(),
            (_, None) => "announces no number of usages".to_owned(),
            (_, Some(it)) => format!("announces {} usages", it.grouped(0)),
        };
        shell.line(format!(
            "  summary record {id} {announced}; its sales transactions sum to {}",
            usage.detailed.grouped(0)
        ))?;
    }
    let mut findings: Vec<&Finding> = outcome.findings.iter().collect();
    findings.sort_by_key(|it| std::cmp::Reverse(it.severity));
    let mut listed: BTreeMap<&str, usize> = BTreeMap::new();
    for it in findings {
        let count = listed.entry(it.rule).or_default();
        *count += 1;
        if *count <= most {
            // The file was named above.
            let (file, text) = (&outcome.file, it.to_string());
            let text = match it.position.line {
                0 => text.replacen(file, "whole file", 1),
                _ => text.replacen(&format!("{file}:"), "line ", 1),
            };
            shell.line(format!("  {text}"))?;
        }
    }
    for (rule, count) in listed.into_iter().filter(|(_, count)| *count > most) {
        shell.line(format!("  ... {rule}: {} more (--most N lists more)", count - most))?;
    }
    if outcome.findings.is_empty() {
        shell.line("  nothing to report")?;
    }
    Ok(())
}

fn check_json(outcome: &CheckOutcome) -> Value {
    let finding = |it: &Finding| {
        json!({
            "rule": it.rule, "severity": it.severity.to_string(), "line": it.position.line,
            "byte": it.position.byte, "record": it.position.record, "cell": it.position.cell,
            "cell_name": it.position.cell_name, "message": it.message, "evidence": it.evidence,
        })
    };
    json!({
        "file": outcome.file, "lines": outcome.summary.lines,
        "transactions": outcome.summary.transactions,
        "findings": outcome.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

/// Shows what imports did.
pub(crate) fn show_imports(outcomes: &[ImportOutcome], shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        let row = |it: &ImportOutcome| {
            let amounts: Vec<Value> = it
                .amounts
                .iter()
                .map(|((basis, currency), amount)| {
                    json!({ "basis": basis, "currency": currency, "amount": amount.to_string() })
                })
                .collect();
            json!({
                "report": it.report.id, "state": it.report.state.as_str(),
                "import": import_words(it.import), "reason": it.reason, "against": it.against,
                "corrects": it.report.corrects, "sender": it.report.sender,
                "message_id": it.report.message_id, "lines": it.lines, "amounts": amounts,
                "findings": it.counts, "quarantined": it.quarantined,
            })
        };
        shell.json(&outcomes.iter().map(row).collect())?;
        return Ok(());
    }
    let rows = outcomes.iter().map(|it| {
        let amounts: Vec<String> = it
            .amounts
            .iter()
            .map(|((basis, currency), amount)| format!("{currency} {amount} {basis}"))
            .collect();
        let findings: u64 = it.counts.values().sum();
        [
            it.report.id.clone(),
            import_words(it.import).to_owned(),
            it.report.message_id.clone(),
            it.lines.to_string(),
            amounts.join(", "),
            findings.to_string(),
            it.quarantined.to_string(),
        ]
    });
    let head = ["report", "", "message id", "lines", "amounts", "findings", "quarantined"];
    shell.line(table(head, &[3, 5, 6], rows))?;
    for it in outcomes {
        let Some(reason) = &it.reason else { continue };
        shell.line(format!("{}: {reason}{}", it.report.id, advice(it)))?;
    }
    Ok(())
}

/// Says what became of a report that is told with a reason, and what can be done.
fn advice(it: &ImportOutcome) -> String {
    match (it.import, &it.against) {
        (Import::Conflict, Some(old)) => format!(
            "; it is kept aside and does not count\n  see what differs: leitmotif report diff {old} \
             {new}\n  if it is a correction: import it again with --corrects {old}\n  if it is a \
             report of its own: import it again with --apart (under a message id of its own)\n  if \
             {old} was wrong altogether: withdraw that one and import this one again",
            new = it.report.id
        ),
        (Import::Conflict, None) => "; it is kept aside and does not count".to_owned(),
        (Import::Refused, _) => "; its files are kept, nothing of it counts".to_owned(),
        (Import::Waiting, _) => "; nothing of it counts until all of them are here".to_owned(),
        (Import::New | Import::AlreadyHere, _) => String::new(),
    }
}

/// Returns the exit code of imports: data errors show in it.
pub(crate) fn outcome_code(outcomes: &[ImportOutcome]) -> u8 {
    let bad = |it: &ImportOutcome| {
        matches!(it.import, Import::Conflict | Import::Refused) || it.quarantined > 0
    };
    if outcomes.iter().any(bad) { exit::DATA } else { 0 }
}

const fn import_words(import: Import) -> &'static str {
    match import {
        Import::New => "new",
        Import::AlreadyHere => "already here",
        Import::Waiting => "waiting",
        Import::Conflict => "conflict",
        Import::Refused => "refused",
    }
}

fn list(shell: &mut Shell) -> anyhow::Result<u8> {
    let home = shell.home()?;
    let reports = home.store.reports()?;
    if shell.wants_json() {
        let row = |it: &store::ReportRow| {
            json!({
                "report": it.id, "kind": it.kind, "state": it.state.as_str(), "sender": it.sender,
                "message_id": it.message_id, "profile": it.profile, "first_day": it.first_day,
                "end_day": it.end_day, "settlement": it.settlement, "sha256": it.sha256,
                "parts": it.parts, "corrects": it.corrects,
            })
        };
        shell.json(&reports.iter().map(row).collect())?;
        return Ok(0);
    }
    let mut rows = Vec::new();
    for it in &reports {
        let files = home.store.report_files(&it.id)?;
        let corrects = it.corrects.as_ref().map(|id| format!("corrects {id}"));
        let by = corrected_by(&reports, &it.id).map(|it| format!("corrected by {}", it.id));
        let notes: Vec<String> =
            [parts_words(it, &files), corrects, by].into_iter().flatten().collect();
        rows.push([
            it.id.clone(),
            it.kind.clone(),
            it.state.as_str().to_owned(),
            it.first_day.clone(),
            it.message_id.clone(),
            it.sender_name.clone(),
            it.settlement.clone().unwrap_or_else(|| "-".to_owned()),
            notes.join(", "),
        ]);
    }
    let head = ["report", "kind", "state", "from", "message id", "sender", "settled in", ""];
    shell.line(table(head, &[], rows))?;
    Ok(0)
}

fn show(id: &str, shell: &mut Shell) -> anyhow::Result<u8> {
    let home = shell.home()?;
    let report = home.store.report(id)?.with_context(|| no_report(id))?;
    let files = home.store.report_files(&report.id)?;
    let findings = home.store.findings(&report.id)?;
    let counts = home.store.finding_counts(&report.id)?;
    let quarantine = home.store.quarantine(&report.id)?;
    let reports = home.store.reports()?;
    let by = corrected_by(&reports, &report.id).map(|it| it.id.clone());
    let adjusted = adjustments(&home, &report.id)?;
    let usage: Vec<_> =
        home.store.usage_files()?.into_iter().filter(|it| it.report == report.id).collect();
    if shell.wants_json() {
        let file = |it: &store::ReportFile| json!({ "name": it.name, "sha256": it.sha256 });
        shell.json(&json!({
            "report": report.id, "state": report.state.as_str(), "sha256": report.sha256,
            "parts": report.parts, "corrects": report.corrects, "corrected_by": by,
            "adjustments": adjusted.iter().map(adjustment_json).collect::<Vec<_>>(),
            "files": files.iter().map(file).collect::<Vec<_>>(), "findings": findings,
            "counts": counts, "quarantine": quarantine.iter().map(quarantined_json).collect::<Vec<_>>(),
        }))?;
        return Ok(0);
    }
    shell.line(format!(
        "report {} ({}), {} of {} ({}), {}, usage {} to before {}",
        report.id,
        report.state.as_str(),
        report.message_id,
        report.sender_name,
        report.sender,
        report.profile,
        report.first_day,
        report.end_day
    ))?;
    for it in [
        parts_words(&report, &files),
        report.corrects.as_ref().map(|id| format!("corrects {id}: its lines are the difference")),
        by.map(|id| format!("corrected by {id}")),
    ]
    .into_iter()
    .flatten()
    {
        shell.line(format!("  {it}"))?;
    }
    for it in &files {
        shell
            .line(format!("  file {} ({} bytes, SHA-256 {})", it.name, it.size_bytes, it.sha256))?;
    }
    for it in usage.iter().map(usage_words).chain(adjusted.iter().map(adjustment_words)) {
        shell.line(format!("  {it}"))?;
    }
    for (rule, count) in &counts {
        shell.line(format!("  {count:>6} × {rule}"))?;
    }
    for it in findings.iter().take(50) {
        shell.line(format!("  {it}"))?;
    }
    for it in quarantine.iter().take(50) {
        shell.line(format!(
            "  quarantined {}:{} {}: {}",
            it.file,
            it.line,
            it.rule,
            String::from_utf8_lossy(&it.raw)
        ))?;
    }
    Ok(0)
}

/// Says what a file of usage lines holds.
fn usage_words(it: &store::UsageFile) -> String {
    let amounts: Vec<String> = it
        .amounts
        .iter()
        .map(|((basis, currency), amount)| format!("{currency} {amount} {basis}"))
        .collect();
    let (month, lines, usages) = (&it.month, it.lines, it.usages.grouped(0));
    format!("{month}: {lines} lines, {usages} usages, {}", amounts.join(", "))
}

/// Says what adjusts an earlier month, and in which report.
fn adjustment_words(it: &Adjustment) -> String {
    let money = it.currency.map_or_else(String::new, |currency| format!("{currency} "));
    let of = if it.corrects.is_empty() { "-" } else { &it.corrects };
    format!(
        "adjustment {}, {}: {} lines, {} usages, {money}{} {}, of report {of}",
        it.adjustment,
        it.month,
        it.lines,
        it.usages.grouped(0),
        it.amount,
        it.basis
    )
}

fn quarantined_json(it: &store::QuarantinedLine) -> Value {
    json!({
        "file": it.file, "line": it.line, "rule": it.rule,
        "raw": String::from_utf8_lossy(&it.raw),
    })
}

fn adjustment_json(it: &Adjustment) -> Value {
    json!({
        "adjustment": it.adjustment, "month": it.month.to_string(), "corrects": it.corrects,
        "basis": it.basis.as_str(), "currency": it.currency.map(|it| it.to_string()),
        "lines": it.lines, "usages": it.usages.to_string(), "amount": it.amount.to_string(),
    })
}

pub(crate) fn no_report(id: &str) -> String {
    format!("no single report has an id that begins with {id:?}; see `leitmotif report list`")
}
