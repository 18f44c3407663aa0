//! `leitmotif demo`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use app::claim::{anchors, check_claim};
use app::demo::{CHART_NAME, write_input};
use app::publish::{PublishOutcome, verify_log_folder, verify_receipt};
use app::reports::{ImportOutcome, import, import_chart};
use app::settle::{SettleOutcome, settle_period};
use app::share::{ShareRequest, Sources, share_of_market};
use app::{Home, catalogue};
use insight::Measure;
use insight::Quantity;
use insight::claim::Claim;
use money::Ratio;
use period::Period;
use serde_json::json;
use statement::Trust;

use crate::command::publish::publish;
use crate::command::settle::totals_table;
use crate::command::share;
use crate::command::suspense::money_of;
use crate::shell::Shell;
use crate::table::table;
use crate::words::Language;

const MARKER: &str = ".leitmotif-demo";
const PERIODS: [&str; 4] = ["2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4"];

/// Does the whole way on real chart data: import, match, settle, publish, verify, share.
///
/// The counts are real (the South Korean chart of 2021), the services, amounts and agreements are
/// examples. Everything lies in a fresh folder; an earlier demonstration there is replaced.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder; it must be new, empty, or an earlier demonstration's.
    #[arg(long, default_value = "leitmotif-demo")]
    folder: PathBuf,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let folder = fresh(&args.folder)?;
    let now = shell.now();
    let mut progress = shell.progress();
    app::Progress::at(&mut progress, "writing the input", 0, 0);
    let input = write_input(&folder.join("input"))?;
    std::fs::write(
        folder.join("leitmotif.toml"),
        "operator = \"Example OST Label (demonstration)\"\norigin = \"demo.invalid/royalties\"\n",
    )?;
    let mut home = Shell::home_at(&folder)?;
    let learned = catalogue::import(&mut home, &input.catalogue, false, &now)?;
    if catalogue::has_error(&learned.findings) {
        bail!("the shipped catalogue has errors: {}", learned.findings[0]);
    }
    let chart = import_chart(&mut home, &input.chart, "KR", CHART_NAME, &now)?;
    let imports = import(&mut home, &input.reports, &now, &mut progress)?;
    let mut settled = Vec::new();
    for period in PERIODS {
        let period = Period::parse(period).context("a period of the demonstration")?;
        settled.push(settle_period(&mut home, period, false, &now, &mut progress)?);
    }
    let published = publish(&mut home, None, Language::default(), &now, &mut progress)?;
    let verified = verify_all(&home, &published)?;
    drop(progress);
    if shell.wants_json() {
        let total = |it: &SettleOutcome| {
            let row = |(currency, it): (&money::Currency, &settlement::Totals)| json!({ "currency": currency.to_string(), "received": it.received.to_string() });
            json!({ "settlement": it.id, "totals": it.totals.iter().map(row).collect::<Vec<_>>() })
        };
        shell.json(&json!({
            "folder": folder, "reports": imports.len(), "receipts_verified": verified.receipts,
            "log_entries": verified.entries,
            "settlements": settled.iter().map(total).collect::<Vec<_>>(),
        }))?;
        return Ok(0);
    }

    show_imports(shell, &learned.catalogue, &chart, &imports)?;
    show_settlement(shell, &home, &settled)?;
    show_proof(shell, &published, &verified, &folder)?;
    show_share(shell, &home)?;
    show_claim(shell)?;
    show_next(shell, &folder)?;
    Ok(0)
}

/// Returns the folder, empty; only an earlier demonstration is ever removed.
fn fresh(folder: &Path) -> anyhow::Result<PathBuf> {
    if folder.join(MARKER).exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("{} cannot be replaced", folder.display()))?;
    } else if std::fs::read_dir(folder).is_ok_and(|mut it| it.next().is_some()) {
        bail!(
            "{} is not empty and no demonstration's; name another with --folder",
            folder.display()
        );
    }
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    std::fs::write(folder.join(MARKER), "Made by `leitmotif demo`; the next one replaces it.\n")?;
    Ok(folder.to_owned())
}

/// What was checked again from the files alone.
struct Verified {
    receipts: usize,
    entries: u64,
    files: usize,
    seals: usize,
}

fn verify_all(home: &Home, published: &[PublishOutcome]) -> anyhow::Result<Verified> {
    let key = home.store.keys(&home.config.origin)?.log.verifier_key();
    let trust = Trust::Key(key.clone());
    let mut receipts = 0;
    for path in published.iter().flat_map(|it| &it.receipts) {
        verify_receipt(&std::fs::read(path)?, &trust)
            .with_context(|| format!("{} is refused", path.display()))?;
        receipts += 1;
    }
    for settled in home.store.settlements()? {
        let rows = home.store.statements(Some(&settled.id))?;
        for ((currency, category), received) in &settled.totals {
            let exchanged = settled.totals.get(&(*currency, "exchanged".to_owned()));
            let whole = received.checked_add(exchanged.copied().unwrap_or_default());
            let earned = rows.iter().filter(|it| it.currency == *currency).map(|it| it.earned);
            if category == "received" && money::Atoms::checked_sum(earned) != whole {
                bail!("the statements of {} do not sum to what was received", settled.id);
            }
        }
    }
    let (log, seals) = verify_log_folder(&home.store.log_folder(), &key, None)?;
    Ok(Verified { receipts, entries: log.size, files: log.files, seals })
}

fn show_imports(
    shell: &mut Shell,
    catalogue: &catalog::Catalog,
    chart: &ImportOutcome,
    imports: &[ImportOutcome],
) -> anyhow::Result<()> {
    let lines: u64 = imports.iter().map(|it| it.lines).sum();
    let quarantined: usize = imports.iter().map(|it| it.quarantined).sum();
    shell
        .line("Real counts: South Korea's daily top 200 of 2021. Services, amounts, parties and")?;
    shell.line("agreements are examples.\n")?;
    shell.line(format!(
        "catalogue  {} recordings of {} dramas, {} parties, {} agreements, {} licence",
        catalogue.recordings.len() - 1,
        catalogue.productions.len(),
        catalogue.parties.len(),
        catalogue.agreements.len(),
        catalogue.licences.len()
    ))?;
    shell.line(format!("chart      {} lines of usage without money", chart.lines))?;
    shell.line(format!(
        "reports    {} sales reports (DDEX DSR), {lines} usage lines, {quarantined} quarantined\n",
        imports.len()
    ))?;
    Ok(())
}

fn show_settlement(
    shell: &mut Shell,
    home: &Home,
    settled: &[SettleOutcome],
) -> anyhow::Result<()> {
    shell.line("Settled, to the atom (10^-18): received = payees + fees + retained + suspense")?;
    shell.line(totals_table(settled))?;
    let last = settled.last().context("a settlement")?;
    let mut payees: Vec<_> =
        last.statements.iter().filter(|it| it.account.starts_with("payee:")).collect();
    payees.sort_by(|a, b| (a.currency, b.payable).cmp(&(b.currency, a.payable)));
    let shown = payees
        .iter()
        .filter(|it| !it.payable.is_zero())
        .take(8)
        .map(|it| [it.name.clone(), money_of(it.currency, it.payable)]);
    shell.line("")?;
    shell.line(table(["payable at the end", ""], &[1], shown))?;
    let waiting = app::suspense::waiting(home, true)?;
    for it in &waiting {
        let amount = it.currency.map(|currency| money_of(currency, it.received));
        shell.line(format!(
            "waiting in suspense ({}): {:?} by {:?}, {}",
            it.reason,
            it.title,
            it.artist,
            amount.unwrap_or_default()
        ))?;
    }
    shell.line("")?;
    Ok(())
}

fn show_proof(
    shell: &mut Shell,
    published: &[PublishOutcome],
    verified: &Verified,
    folder: &Path,
) -> anyhow::Result<()> {
    let statements: usize = published.iter().map(|it| it.receipts.len()).sum();
    shell.line(format!(
        "{statements} statements published; they sum to what was received, in every currency; {} \
         receipts\nverified offline",
        verified.receipts
    ))?;
    shell.line(format!(
        "log: {} entries, checkpoint signed, all {} static files hold ({});\n     \
         its {} seals close, and each goes on from the last\n",
        verified.entries,
        verified.files,
        folder.join("log").display(),
        verified.seals
    ))?;
    Ok(())
}

fn show_share(shell: &mut Shell, home: &Home) -> anyhow::Result<()> {
    let outcome = share_of_market(
        home,
        &ShareRequest {
            repertoire: ident::RepertoireId::parse("kdrama-ost")?,
            measure: Measure::Streams,
            territory: Some("KR".to_owned()),
            period: Period::parse("2021")?,
            sources: Sources::Charts,
            rights_type: None,
            sender: None,
            market: None,
        },
    )?;
    shell.line("What share of the chart's streams were K-drama soundtracks?")?;
    shell.line(share::text(&outcome, 5))?;
    shell.line("")?;
    Ok(())
}

fn show_claim(shell: &mut Shell) -> anyhow::Result<()> {
    let (anchors, _) = anchors(None);
    let claim = Claim {
        repertoire: "kdrama-ost".to_owned(),
        share: Ratio::parse("20%")?,
        of: Quantity { value: Ratio::parse("14880000000")?, unit: "USD".to_owned() },
        what: "streaming revenue".to_owned(),
        territory: "US".to_owned(),
        period: Period::parse("2024")?,
    };
    let checked = check_claim(&claim, &anchors)?;
    shell.line("And \"K-drama OSTs made over 20 % of US streaming revenue in 2024\"?")?;
    for it in checked.steps.iter().take(3) {
        shell.line(format!("  {} = {}", it.text, it.result))?;
    }
    let verdict = checked.verdict.to_string();
    shell.line(format!("  the claim {}\n", verdict.replace("; the bound", ";\n  the bound")))?;
    Ok(())
}

fn show_next(shell: &mut Shell, folder: &Path) -> anyhow::Result<()> {
    let at = folder.display();
    shell.line(format!("Statements: {at}/statements/2021-Q3/index.html"))?;
    shell.line("Try next:")?;
    shell.line(format!(
        "  leitmotif verify {at}/statements/2021-Q3/payee-example-hospital-playlist-studio.KRW.receipt"
    ))?;
    shell.line(format!("  leitmotif --home {at} statement list 2021-Q3"))?;
    shell.line(format!("  leitmotif report check {at}/input/reports/*.tsv"))?;
    shell.line("  leitmotif claim-check --share 20% --of \"14.88bn USD\"")?;
    Ok(())
}
