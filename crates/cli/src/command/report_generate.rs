//! `leitmotif report generate`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use app::generate::{Generate, Generated, generate};
use clap::Args;
use dsr::Profile;
use forge::{DEFECTS, Defect, Order};
use period::Month;

use crate::shell::Shell;

/// What shall be made.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A file that ends in .tsv or .tsv.gz, or a folder for files with the standard's names.
    #[arg(long)]
    out: PathBuf,
    /// The profile, as the header names it.
    #[arg(long, default_value = "BasicAudioProfile")]
    profile: String,
    /// Version of the profile; the newest one unless given.
    #[arg(long)]
    version: Option<String>,
    /// How many sales transactions.
    #[arg(long, default_value_t = 1_000)]
    lines: u64,
    /// Where all numbers come from: the same seed, the same report.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The month of usage.
    #[arg(long, default_value = "2021-06")]
    month: Month,
    /// How many territories, or which ones: KR,JP,US.
    #[arg(long, default_value = "40")]
    territories: String,
    /// How many commercial models a territory has, 1 to 4; the fourth one is downloads.
    #[arg(long, default_value_t = 3)]
    models: u64,
    /// From how many recordings the most popular ones are drawn.
    #[arg(long, default_value_t = 20_000)]
    recordings: u64,
    /// Over how many files the report is split; needs a folder.
    #[arg(long, default_value_t = 1)]
    files: u32,
    /// Id of the message; another report with the same id is a restatement.
    #[arg(long, default_value = "")]
    message_id: String,
    /// A defect and how often, RULE=COUNT; may be given several times.
    #[arg(long = "defect", value_name = "RULE=COUNT")]
    defects: Vec<String>,
    /// Compress the files in a folder.
    #[arg(long)]
    gzip: bool,
}

pub(crate) fn run(arguments: &Arguments, shell: &mut Shell) -> anyhow::Result<u8> {
    let request =
        Generate { order: order(arguments)?, out: arguments.out.clone(), gzip: arguments.gzip };
    let made = generate(&request)?;
    if shell.wants_json() {
        shell.json(&made.truth.to_json())?;
    } else {
        show(&made, shell)?;
    }
    Ok(0)
}

fn order(arguments: &Arguments) -> anyhow::Result<Order> {
    let profile = Profile::parse(&arguments.profile).with_context(|| {
        let names: Vec<_> = forge::profiles().into_iter().map(Profile::name).collect();
        format!("no profile is called {:?}; there are {}", arguments.profile, names.join(", "))
    })?;
    let mut order = Order::new(profile, arguments.seed, arguments.lines);
    if let Some(version) = &arguments.version {
        order.version.clone_from(version);
    }
    order.month = arguments.month;
    order.territories = match arguments.territories.parse::<usize>() {
        Ok(count) => forge::territories().take(count).map(str::to_owned).collect(),
        Err(_) => arguments.territories.split(',').map(str::to_owned).collect(),
    };
    (order.models, order.recordings) = (arguments.models, arguments.recordings);
    order.files = arguments.files;
    order.message_id.clone_from(&arguments.message_id);
    order.defects = arguments.defects.iter().map(|text| defect(text)).collect::<Result<_, _>>()?;
    Ok(order)
}

fn defect(text: &str) -> anyhow::Result<(&'static Defect, u64)> {
    let (rule, count) = text.split_once('=').unwrap_or((text, "1"));
    let Some(defect) = Defect::find(rule) else {
        let rules: Vec<_> = DEFECTS.iter().map(|it| it.rule).collect();
        bail!("no defect is called {rule:?}; there are {}", rules.join(", "));
    };
    let count = count.parse().with_context(|| format!("{text:?}: {count:?} is no number"))?;
    Ok((defect, count))
}

fn show(made: &Generated, shell: &mut Shell) -> anyhow::Result<()> {
    let truth = &made.truth;
    for path in &made.files {
        shell.line(path.display().to_string())?;
    }
    shell.line(format!(
        "  {} lines, {} summary records, {} blocks, {} sales transactions, {} usages",
        truth.lines(),
        truth.summaries.len(),
        truth.blocks(),
        truth.sales(),
        truth.usages(),
    ))?;
    for (currency, net) in truth.net() {
        shell.line(format!("  net revenue {currency} {net}"))?;
    }
    for it in &truth.defects {
        shell.line(format!("  {}: {} in {} line {}", it.rule, it.what, it.file, it.line))?;
    }
    shell.line(format!("  the truth: {}", made.truth_file.display()))?;
    Ok(())
}
