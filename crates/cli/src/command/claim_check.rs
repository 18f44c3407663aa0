//! `leitmotif claim-check`.

use std::path::PathBuf;

use anyhow::Context as _;
use app::claim::{anchors, check_claim};
use insight::Quantity;
use insight::claim::{Claim, Side};
use money::Ratio;
use period::Period;
use serde_json::json;

use crate::exit;
use crate::shell::Shell;

/// Holds a claimed share of a market against bounds from published figures, and shows the
/// arithmetic.
///
/// Without --anchors, the figures for the United States in 2024 that ship with the program are
/// used.
/// Example: leitmotif claim-check --share 20% --of "14.88bn USD" --repertoire kdrama-ost \
///            --territory US --period 2024
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The claimed share, e.g. 20% or 1/5.
    #[arg(long)]
    share: Ratio,
    /// The whole, e.g. "14.88bn USD" or "1.4tn streams".
    #[arg(long)]
    of: String,
    /// The whole in words.
    #[arg(long, default_value = "streaming revenue")]
    what: String,
    /// The repertoire, by the word that the anchors use.
    #[arg(long, default_value = "kdrama-ost")]
    repertoire: String,
    /// The territory code.
    #[arg(long, default_value = "US")]
    territory: String,
    /// The period.
    #[arg(long, default_value = "2024")]
    period: Period,
    /// A file of anchors; see docs/guide/shares.md for its form.
    #[arg(long)]
    anchors: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let claim = Claim {
        repertoire: args.repertoire.clone(),
        share: args.share,
        of: quantity(&args.of).with_context(|| {
            format!("--of is a number and a unit, as \"14.88bn USD\", not {:?}", args.of)
        })?,
        what: args.what.clone(),
        territory: args.territory.clone(),
        period: args.period,
    };
    let text = args
        .anchors
        .as_ref()
        .map(|path| {
            std::fs::read_to_string(path)
                .with_context(|| format!("{} cannot be read", path.display()))
                .map(|text| (path.display().to_string(), text))
        })
        .transpose()?;
    let given = text.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    let (anchors, findings) = anchors(given);
    for it in &findings {
        shell.talk(it.to_string());
    }
    let checked = check_claim(&claim, &anchors)?;
    if shell.wants_json() {
        let bound = |it: &insight::claim::Bound| {
            json!({
                "anchor": it.anchor, "metric": it.metric,
                "side": if it.side == Side::Upper { "upper" } else { "lower" },
                "share": it.ratio.to_string(), "percent": it.ratio.to_percent(4),
                "sources": it.sources,
            })
        };
        let steps: Vec<_> = checked
            .steps
            .iter()
            .map(|it| json!({ "text": it.text, "result": it.result.to_string() }))
            .collect();
        let value = json!({
            "claimed": checked.claimed.to_string(), "verdict": checked.verdict.to_string(),
            "steps": steps, "bounds": checked.bounds.iter().map(bound).collect::<Vec<_>>(),
        });
        shell.json(&value)?;
    } else {
        shell.line(checked.to_string().trim_end())?;
    }
    Ok(if findings.is_empty() { 0 } else { exit::DATA })
}

/// Reads a number with an optional scale word and a unit.
fn quantity(text: &str) -> Option<Quantity> {
    let text = text.trim();
    let end = text.find(|it: char| !(it.is_ascii_digit() || it == '.'))?;
    let (number, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let scales: [(&str, u128); 6] = [
        ("bn ", 1_000_000_000),
        ("tn ", 1_000_000_000_000),
        ("m ", 1_000_000),
        ("billion ", 1_000_000_000),
        ("trillion ", 1_000_000_000_000),
        ("million ", 1_000_000),
    ];
    let (scale, unit) = scales
        .iter()
        .find_map(|(word, scale)| Some((*scale, rest.strip_prefix(word)?)))
        .unwrap_or((1, rest));
    let value = Ratio::parse(number).ok()?.checked_mul(Ratio::new(scale, 1)?)?;
    let unit = unit.trim();
    (!unit.is_empty()).then(|| Quantity { value, unit: unit.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_is_a_number_a_scale_and_a_unit() {
        let check = |text: &str, value: &str, unit: &str| {
            let got = quantity(text).unwrap();
            assert_eq!((got.value, got.unit.as_str()), (Ratio::parse(value).unwrap(), unit));
        };
        check("14.88bn USD", "14880000000", "USD");
        check("1.4 tn streams", "1400000000000", "streams");
        check("12 USD", "12", "USD");
        assert!(quantity("USD").is_none() && quantity("12").is_none());
    }
}
