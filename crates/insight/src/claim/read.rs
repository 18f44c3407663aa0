//! Reads a file of anchors.

use std::collections::BTreeSet;

use finding::{Finding, Position, RuleDoc};
use money::Ratio;
use period::Period;
use serde::Deserialize;
use toml::Spanned;

use super::{Anchor, Anchors, Figure, Scope};
use crate::Quantity;
use crate::rule::{ANCHOR, ANCHORS};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireFile {
    repertoire: String,
    #[serde(default)]
    anchor: Vec<Spanned<WireAnchor>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireAnchor {
    id: String,
    metric: String,
    scope: String,
    assumption: Option<String>,
    numerator: WireFigure,
    denominator: WireFigure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireFigure {
    value: WireValue,
    unit: String,
    territory: String,
    period: String,
    source: String,
}

/// A whole number, or a decimal in quotes.
#[derive(Deserialize)]
#[serde(untagged)]
enum WireValue {
    Whole(u64),
    Text(String),
}

/// Reads anchors; what cannot be read is left out and reported.
///
/// The file names the `repertoire` and lists `[[anchor]]` tables of `id`, `metric`, `scope`
/// (`whole`, `whole-if` with an `assumption`, `part`, `beside`, `average`) and the figures
/// `numerator` and `denominator`, each of `value`, `unit`, `territory`, `period` and `source`.
pub fn read_anchors(file: &str, text: &str) -> (Anchors, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut report = |rule: &RuleDoc, byte: usize, message: &str, id: &str| {
        let before = text.get(..byte).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count().saturating_add(1);
        let position = Position {
            line: u64::try_from(line).unwrap_or(u64::MAX),
            byte: u64::try_from(byte).unwrap_or(u64::MAX),
            record: "anchor".to_owned(),
            ..Position::of_file(file)
        };
        findings.push(rule.finding(message).at(position).evidence(id));
    };
    let wire: WireFile = match toml::from_str(text) {
        Ok(wire) => wire,
        Err(error) => {
            report(&ANCHORS, error.span().unwrap_or_default().start, error.message(), "");
            return (Anchors::new(), findings);
        }
    };
    let mut anchors = Anchors::new();
    let mut ids = BTreeSet::new();
    for entry in wire.anchor {
        let byte = entry.span().start;
        let entry = entry.into_inner();
        let id = entry.id.clone();
        match anchor(entry, &wire.repertoire) {
            Ok(_) if !ids.insert(id.clone()) => report(&ANCHOR, byte, "id is used twice", &id),
            Ok(anchor) => anchors.push(anchor),
            Err(message) => report(&ANCHOR, byte, &message, &id),
        }
    }
    (anchors, findings)
}

fn anchor(wire: WireAnchor, repertoire: &str) -> Result<Anchor, String> {
    let scope = match (wire.scope.as_str(), wire.assumption) {
        ("whole", None) => Scope::Whole,
        ("whole-if", Some(assumption)) => Scope::WholeIf { assumption },
        ("part", None) => Scope::Part,
        ("beside", None) => Scope::Beside,
        ("average", None) => Scope::Average,
        ("whole-if", None) => return Err("whole-if needs an assumption".to_owned()),
        ("whole" | "part" | "beside" | "average", Some(_)) => {
            return Err("an assumption belongs to whole-if only".to_owned());
        }
        (other, _) => {
            return Err(format!("scope {other} is none of whole, whole-if, part, beside, average"));
        }
    };
    let numerator = figure(wire.numerator)?;
    let denominator = figure(wire.denominator)?;
    if denominator.quantity.value.is_zero() {
        return Err("the denominator is zero".to_owned());
    }
    let repertoire = repertoire.to_owned();
    Ok(Anchor { id: wire.id, repertoire, metric: wire.metric, scope, numerator, denominator })
}

fn figure(wire: WireFigure) -> Result<Figure, String> {
    let value = match wire.value {
        WireValue::Whole(value) => Ratio::new(u128::from(value), 1).unwrap_or_default(),
        WireValue::Text(text) => Ratio::parse(&text).map_err(|error| format!("value: {error}"))?,
    };
    let period = Period::parse(&wire.period).map_err(|error| format!("period: {error}"))?;
    if wire.source.trim().is_empty() {
        return Err("a figure has no source".to_owned());
    }
    let quantity = Quantity { value, unit: wire.unit };
    Ok(Figure { quantity, territory: wire.territory, period, source: wire.source })
}
