//! `leitmotif income`.

use app::income::{IncomeBy, IncomeOutcome, IncomeRequest, Sum, Whose, income_of_on};
use clap::ValueEnum;
use ident::{PartyId, ProductionId, RepertoireId};
use money::Currency;
use period::Period;
use serde_json::{Value, json};

use crate::cluster::{self, ClusterArgs};
use crate::shell::Shell;
use crate::table::table;

/// Show what a drama, an artist or a repertoire brought in, whole, by source.
///
/// Streams, downloads, licences, discs and merchandise together, in the currencies they came in;
/// currencies are never added up. What is matched to nothing is told beside it. Corrections are in
/// the sums; whether a report is settled plays no part.
/// Examples: leitmotif income --production goblin --period 2021
///           leitmotif income --artist iu --by source
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The recordings and products of this production.
    #[arg(long, conflicts_with_all = ["artist", "repertoire"])]
    production: Option<ProductionId>,
    /// The recordings and products of this party.
    #[arg(long, value_name = "PARTY", conflicts_with = "repertoire")]
    artist: Option<PartyId>,
    /// The recordings of this repertoire, and the products of its productions.
    #[arg(long)]
    repertoire: Option<RepertoireId>,
    /// The months of usage: 2021, 2021-Q3, 2021-06 or 2021-02..2021-10; all if none is given.
    #[arg(long)]
    period: Option<Period>,
    /// What to show it by.
    #[arg(long, value_enum, default_value_t = By::Head)]
    by: By,
    #[command(flatten)]
    cluster: ClusterArgs,
}

/// What income is shown by.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// Streams, downloads, sync, licences, physical, merchandise, performance, other.
    Head,
    /// Who sent the report.
    Source,
    /// The use type, as reported.
    UseType,
    /// The territory.
    Territory,
    /// The service.
    Service,
    /// The month of the usage.
    Month,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let whose = match (&args.production, &args.artist, &args.repertoire) {
        (Some(id), _, _) => Whose::Production(id.clone()),
        (_, Some(id), _) => Whose::Artist(id.clone()),
        (_, _, Some(id)) => Whose::Repertoire(id.clone()),
        (None, None, None) => Whose::All,
    };
    let by = match args.by {
        By::Head => IncomeBy::Head,
        By::Source => IncomeBy::Source,
        By::UseType => IncomeBy::UseType,
        By::Territory => IncomeBy::Territory,
        By::Service => IncomeBy::Service,
        By::Month => IncomeBy::Month,
    };
    let request = IncomeRequest { whose, period: args.period, by };
    let place = args.cluster.with_engine()?;
    let place = place.as_ref().map(|(engine, cluster)| (engine, cluster));
    let outcome = income_of_on(place, &shell.home()?, &request)?;
    cluster::tell(&outcome.again, shell);
    match shell.wants_json() {
        true => shell.json(&to_json(&outcome, by))?,
        false => show(&outcome, by, shell)?,
    }
    Ok(0)
}

fn show(outcome: &IncomeOutcome, by: IncomeBy, shell: &mut Shell) -> anyhow::Result<()> {
    let income = &outcome.income;
    let row = |what: &str, currency: &Currency, it: &Sum| {
        [
            what.to_owned(),
            currency.to_string(),
            it.amount.to_string(),
            it.usages.to_string(),
            it.lines.to_string(),
        ]
    };
    let mut rows: Vec<[String; 5]> = income
        .rows
        .iter()
        .map(|((key, currency), it)| row(&label(outcome, by, key), currency, it))
        .collect();
    rows.extend(income.totals.iter().map(|(currency, it)| row("total", currency, it)));
    shell.line(table(["by", "currency", "amount", "usages", "lines"], &[2, 3, 4], rows))?;
    let beside = [
        ("of that, of recordings that other productions use too", &income.shared),
        ("beside it, matched to nothing; a part of it may belong here", &income.unmatched),
    ];
    for (words, sums) in beside {
        for (currency, it) in sums {
            shell.line(format!("{words}: {currency} {} ({} lines)", it.amount, it.lines))?;
        }
    }
    for (currency, amount) in &outcome.outside {
        shell.line(format!(
            "beside it, revenue of services that brings nothing to us: {currency} {amount}"
        ))?;
    }
    Ok(())
}

/// Shows who a sender is; what a report leaves blank is said to be so.
fn label(outcome: &IncomeOutcome, by: IncomeBy, key: &str) -> String {
    match (by, outcome.senders.get(key)) {
        (IncomeBy::Source, Some(name)) if !name.is_empty() && name != key => {
            format!("{name} ({key})")
        }
        _ if key.is_empty() => "(not said)".to_owned(),
        _ => key.to_owned(),
    }
}

fn to_json(outcome: &IncomeOutcome, by: IncomeBy) -> Value {
    let sum = |currency: &Currency, it: &Sum| {
        json!({
            "currency": currency.to_string(), "amount": it.amount.to_string(),
            "usages": it.usages.to_string(), "lines": it.lines,
        })
    };
    let sums = |sums: &std::collections::BTreeMap<Currency, Sum>| -> Vec<Value> {
        sums.iter().map(|(currency, it)| sum(currency, it)).collect()
    };
    let income = &outcome.income;
    let row = |((key, currency), it): (&(String, Currency), &Sum)| {
        let mut row = sum(currency, it);
        row["by"] = json!(key);
        row["label"] = json!(label(outcome, by, key));
        row
    };
    let outside = |(currency, amount): (&Currency, &money::Atoms)| json!({ "currency": currency.to_string(), "amount": amount.to_string() });
    json!({
        "rows": income.rows.iter().map(row).collect::<Vec<_>>(),
        "totals": sums(&income.totals), "shared": sums(&income.shared),
        "unmatched": sums(&income.unmatched),
        "outside": outcome.outside.iter().map(outside).collect::<Vec<_>>(),
        "period": outcome.period.map(|it| it.to_string()),
        "computed_again": cluster::as_json(&outcome.again),
    })
}
