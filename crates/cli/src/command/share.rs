//! `leitmotif share`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use app::share::{ShareOutcome, ShareRequest, Sources, share_of_market_on};
use clap::ValueEnum;
use ident::RepertoireId;
use insight::{MarketTotal, Measure, Share};
use money::Currency;
use period::Period;
use serde_json::{Value, json};
use usage::RightsType;

use crate::cluster::{self, ClusterArgs};
use crate::shell::Shell;
use crate::table::{bar, table};

/// Says what share of a market a repertoire had: numerator, denominator, coverage and bounds.
///
/// The lower bound is what is known to be of the repertoire, the upper one adds what no recording
/// of the catalogue matches.
/// Examples: leitmotif share --repertoire kdrama-ost --territory KR --period 2021-02..2021-10
///           leitmotif share --repertoire kdrama-ost --territory KR --period 2021 --from reports \
///             --measure KRW
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The repertoire of the catalogue.
    #[arg(long)]
    repertoire: RepertoireId,
    /// The territory code; all together if none is given.
    #[arg(long)]
    territory: Option<String>,
    /// The period: 2021, 2021-Q3, 2021-06 or 2021-02..2021-10.
    #[arg(long)]
    period: Period,
    /// Which reports to ask.
    #[arg(long, value_enum, default_value_t = From::Charts)]
    from: From,
    /// `streams`, or a currency for the services' net revenue.
    #[arg(long, default_value = "streams")]
    measure: String,
    /// Only usage of this right; reports on two rights may count the same streams.
    #[arg(long, value_name = "master|work|performer")]
    rights_type: Option<RightsType>,
    /// Only reports of this sender.
    #[arg(long)]
    sender: Option<String>,
    /// A file of published totals (territory,period,metric,value,unit,basis,source,version).
    #[arg(long, requires = "metric")]
    market: Option<PathBuf>,
    /// The line of that file to hold the denominator against.
    #[arg(long, requires = "market")]
    metric: Option<String>,
    /// How many productions and artists to list.
    #[arg(long, default_value_t = 10)]
    most: usize,
    #[command(flatten)]
    cluster: ClusterArgs,
}

/// Which reports to ask.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum From {
    /// Charts: usage without money, cut off below their last rank.
    Charts,
    /// Sales reports with a service's whole usage.
    Reports,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let measure = match args.measure.as_str() {
        "streams" => Measure::Streams,
        code => Measure::Revenue(
            Currency::parse(code)
                .with_context(|| format!("--measure is `streams` or a currency, not {code:?}"))?,
        ),
    };
    let request = ShareRequest {
        repertoire: args.repertoire.clone(),
        measure,
        territory: args.territory.clone(),
        period: args.period,
        sources: match args.from {
            From::Charts => Sources::Charts,
            From::Reports => Sources::Reports,
        },
        rights_type: args.rights_type,
        sender: args.sender.clone(),
        market: market(args, shell)?,
    };
    let place = args.cluster.with_engine()?;
    let place = place.as_ref().map(|(engine, cluster)| (engine, cluster));
    let outcome = share_of_market_on(place, &shell.home()?, &request)?;
    cluster::tell(&outcome.again, shell);
    if shell.wants_json() {
        shell.json(&as_json(&outcome))?;
    } else {
        shell.line(text(&outcome, args.most))?;
    }
    Ok(0)
}

fn market(args: &Args, shell: &mut Shell) -> anyhow::Result<Option<MarketTotal>> {
    let (Some(path), Some(metric)) = (&args.market, &args.metric) else { return Ok(None) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let name = path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    let place = insight::market::Place {
        territory: args.territory.clone().unwrap_or_default(),
        period: args.period,
        version: name.clone(),
    };
    let (totals, findings) = insight::market::read_totals(&name, &text, Some(&place));
    for it in &findings {
        shell.talk(it.to_string());
    }
    let metrics: Vec<String> = totals.iter().map(|it| it.metric.clone()).collect();
    match totals.into_iter().find(|it| it.metric == *metric) {
        Some(total) => Ok(Some(total)),
        None => bail!("{name} has no metric {metric:?}; it has: {}", metrics.join(", ")),
    }
}

/// Lays an answer out for people.
pub(crate) fn text(outcome: &ShareOutcome, most: usize) -> String {
    let share = &outcome.share;
    let unit = share.measure.unit();
    let mut out = format!("{}: {}\n", outcome.title, bounds(share));
    let fact = |name: &str, value: String| format!("  {name:<12} {value}\n");
    let grouped = |atoms: money::Atoms| format!("{} {unit}", atoms.grouped(0));
    out += &fact("numerator", format!("{} ({})", grouped(share.numerator), share.rules.numerator));
    out += &fact(
        "denominator",
        format!("{} ({})", grouped(share.denominator), share.rules.denominator),
    );
    out += &fact("unmatched", grouped(share.unmatched));
    out += &fact("scope", share.rules.scope.clone());
    out += &fact("basis", share.rules.basis.clone());
    out += &fact("coverage", coverage(share));
    out += &fact("sources", sources(share));
    let whole = outcome.months.iter().filter_map(|(_, it)| it.upper).max();
    let months = outcome.months.iter().map(|(month, it)| {
        let (lower, upper) = it.percents(2).unwrap_or_default();
        let picture = match (it.lower, whole) {
            (Some(lower), Some(whole)) => bar(
                lower.num().saturating_mul(whole.den()),
                whole.num().saturating_mul(lower.den()),
                30,
            ),
            _ => String::new(),
        };
        [
            month.to_string(),
            it.numerator.grouped(0).to_string(),
            it.denominator.grouped(0).to_string(),
            format!("{lower} %"),
            format!("{upper} %"),
            picture,
        ]
    });
    let head = ["month", "numerator", "denominator", "lower", "upper", ""];
    out += &table(head, &[1, 2, 3, 4], months);
    out.push('\n');
    let part = |name: &str, it: &insight::Part| {
        let percent = it.share.map_or_else(String::new, |it| format!("{} %", it.to_percent(2)));
        [name.to_owned(), it.numerator.grouped(0).to_string(), percent]
    };
    let rows = outcome.productions.iter().take(most).map(|(title, it)| part(title, it));
    out += &table(["production", &unit, "share"], &[1, 2], rows);
    out.push('\n');
    let rows = outcome.artists.iter().take(most).map(|it| part(&it.key, it));
    out += &table(["artist", &unit, "share"], &[1, 2], rows);
    out
}

fn bounds(share: &Share) -> String {
    match share.percents(2) {
        Some((lower, upper)) if lower == upper => format!("{lower} %"),
        Some((lower, upper)) => format!("{lower} % to {upper} %"),
        None => "no share: there is nothing to divide by".to_owned(),
    }
}

fn coverage(share: &Share) -> String {
    match &share.coverage {
        Some(it) => format!(
            "{} % of {} ({}, {}, {})",
            it.ratio.to_percent(2),
            it.metric,
            it.basis,
            it.source,
            it.version
        ),
        None => "not known: no published total of this market was given (--market)".to_owned(),
    }
}

fn sources(share: &Share) -> String {
    let mut names: Vec<String> = Vec::new();
    for it in &share.sources {
        let name = match it.service.is_empty() || it.service == it.sender {
            true => it.sender.clone(),
            false => format!("{} {}", it.sender, it.service),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    format!("{}; {} lines of {} reports", names.join(", "), share.lines, share.sources.len())
}

fn as_json(outcome: &ShareOutcome) -> Value {
    let one = |share: &Share| {
        json!({
            "unit": share.measure.unit(), "numerator": share.numerator.to_string(),
            "denominator": share.denominator.to_string(), "unmatched": share.unmatched.to_string(),
            "lower": share.lower.map(|it| it.to_string()),
            "upper": share.upper.map(|it| it.to_string()),
            "lower_percent": share.lower.map(|it| it.to_percent(4)),
            "upper_percent": share.upper.map(|it| it.to_percent(4)),
            "lines": share.lines,
        })
    };
    let part = |name: &str, it: &insight::Part| {
        json!({
            "name": name, "numerator": it.numerator.to_string(),
            "share": it.share.map(|it| it.to_string()),
        })
    };
    let share = &outcome.share;
    let rules = json!({
        "numerator": share.rules.numerator, "denominator": share.rules.denominator,
        "scope": share.rules.scope, "basis": share.rules.basis,
    });
    let months: Vec<Value> = outcome
        .months
        .iter()
        .map(|(month, it)| json!({ "month": month.to_string(), "share": one(it) }))
        .collect();
    let coverage = share.coverage.as_ref().map(
        |it| json!({ "ratio": it.ratio.to_string(), "metric": it.metric, "source": it.source }),
    );
    let sources: Vec<Value> = share
        .sources
        .iter()
        .map(|it| json!({ "report": it.report, "sender": it.sender, "lines": it.lines }))
        .collect();
    json!({
        "repertoire": outcome.title, "share": one(share), "rules": rules, "coverage": coverage,
        "months": months, "sources": sources,
        "productions": outcome.productions.iter().map(|(it, p)| part(it, p)).collect::<Vec<_>>(),
        "artists": outcome.artists.iter().map(|it| part(&it.key, it)).collect::<Vec<_>>(),
        "computed_again": cluster::as_json(&outcome.again),
    })
}
