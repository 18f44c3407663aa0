//! What `leitmotif what-if` shows: every form says that it is a simulation.

use std::cmp::Reverse;

use app::whatif::WhatIfOutcome;
use insight::whatif::{self, Answer, LABEL, Outcome, signed_percent};
use money::{Atoms, Rounding};
use serde_json::{Value, json};

use super::what_if::{Args, Model};
use crate::table::table;

/// What pro rata gives, and a model beside it.
struct Sides<'a> {
    pro_rata: &'a [Atoms],
    amounts: &'a [Atoms],
}

impl<'a> Sides<'a> {
    fn of(answer: &'a Answer, outcome: &'a Outcome) -> Option<Self> {
        let pro_rata = answer.outcomes.first()?.amounts.as_deref()?;
        Some(Self { pro_rata, amounts: outcome.amounts.as_deref()? })
    }

    fn change(&self, at: usize) -> Atoms {
        self.amounts[at].checked_sub(self.pro_rata[at]).unwrap_or_default()
    }

    /// Ranks, from 0, and places of the largest changes.
    fn largest(&self, ranks: &[usize], most: usize) -> Vec<(usize, usize)> {
        let mut order: Vec<(usize, usize)> = ranks.iter().copied().enumerate().collect();
        order.sort_by_key(|it| (Reverse(self.change(it.1).raw().unsigned_abs()), it.0));
        order.truncate(most);
        order
    }
}

/// The answer for people.
pub(super) fn text(outcome: &WhatIfOutcome, args: &Args) -> String {
    let WhatIfOutcome { log, answer } = outcome;
    let shown = |it| rounded(answer, it);
    let mut lines = vec![LABEL.to_owned(), String::new()];
    lines.push(format!(
        "{} {} among {}, {} plays by {} listeners",
        answer.currency,
        answer.revenue,
        counted(answer.recipients.len() as u64, "recipient"),
        answer.plays,
        answer.listeners,
    ));
    lines.extend(remarks(outcome, args));
    lines.push(String::new());
    let head = ["model", "winners", "losers", "unchanged", "changes hands", "of all", "Gini"];
    let rows = answer.outcomes.iter().map(|it| {
        let of_all = signed_percent(it.moved, answer.revenue, 2);
        let gini = it.gini.map_or("-".to_owned(), |it| format!("{} %", it.to_percent(2)));
        [
            it.model.as_str().to_owned(),
            it.winners.to_string(),
            it.losers.to_string(),
            it.unchanged.to_string(),
            shown(it.moved),
            format!("{} %", of_all.trim_start_matches('+')),
            gini,
        ]
    });
    lines.push(table(head, &[1, 2, 3, 4, 5, 6], rows));
    for it in answer.outcomes.iter().skip(1) {
        match Sides::of(answer, it) {
            Some(sides) => lines.extend(tables(answer, it, &sides, args.most)),
            None => {
                let name = it.model.as_str();
                lines.push(format!("\n{name}: nobody counts, so nothing is divided"));
            }
        }
    }
    if log.rows_bad > 0 {
        lines.push(format!("\n{} left out; see the findings", counted(log.rows_bad, "row")));
    }
    lines.push(format!("\n{LABEL}"));
    lines.join("\n")
}

/// A model beside pro rata, by rank and by recipient.
fn tables(answer: &Answer, outcome: &Outcome, sides: &Sides<'_>, most: usize) -> [String; 2] {
    let shown = |it| rounded(answer, it);
    let name = outcome.model.as_str();
    let head = ["ranks by plays", "recipients", "pro rata", name, "change", "%"];
    let rows = outcome.groups.iter().map(|it| {
        let change = it.amount.checked_sub(it.pro_rata).unwrap_or_default();
        let percent = signed_percent(change, it.pro_rata, 2);
        let group = it.group.as_str().to_owned();
        let number = it.recipients.to_string();
        [group, number, shown(it.pro_rata), shown(it.amount), shown(change), percent]
    });
    let groups = table(head, &[1, 2, 3, 4, 5], rows);
    let head = ["rank", "the largest changes", "plays", "pro rata", name, "change", "%"];
    let rows = sides.largest(&answer.ranks, most).into_iter().map(|(rank, at)| {
        let (it, change) = (&answer.recipients[at], sides.change(at));
        [
            (rank + 1).to_string(),
            [it.artist.as_str(), &it.recording].join(" ").trim().to_owned(),
            it.plays.to_string(),
            shown(sides.pro_rata[at]),
            shown(sides.amounts[at]),
            shown(change),
            signed_percent(change, sides.pro_rata[at], 2),
        ]
    });
    let largest = table(head, &[0, 2, 3, 4, 5, 6], rows);
    [format!("\n{groups}"), format!("\n{largest}")]
}

/// What the figures rest on.
fn remarks(outcome: &WhatIfOutcome, args: &Args) -> Vec<String> {
    let WhatIfOutcome { log, answer } = outcome;
    let mut lines = Vec::new();
    if let Some((first, last)) = log.days {
        lines.push(format!("  plays of {first} to {last}; {} rows beside them", log.rows_outside));
    }
    if args.model.contains(&Model::ArtistCentric) {
        lines.push(format!(
            "  professional: {} plays by {} listeners in the log; a listener counts {} plays at most",
            args.professional_plays, args.professional_listeners, args.listener_plays
        ));
    }
    if args.model.contains(&Model::Threshold) {
        let what = match log.has_recordings {
            true => "recordings",
            false => "artists (the log has no recordings)",
        };
        lines.push(format!("  threshold: {what} of {} plays in the log and more", args.threshold));
    }
    lines.push(format!(
        "  winners and losers: by {} and more",
        Atoms::from_raw(10_i128.pow(money::SCALE - answer.currency.minor_digits())),
    ));
    if answer.without_fee > 0 {
        let who = counted(answer.without_fee, "listener");
        lines.push(format!("  {who} without a fee, counted as paying nothing"));
    }
    lines
}

/// An amount as people read it; JSON and CSV have all decimals.
fn rounded(answer: &Answer, amount: Atoms) -> String {
    let digits = answer.currency.minor_digits();
    amount.quantise(digits, Rounding::HalfEven).0.grouped(digits).to_string()
}

fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The answer for programs.
pub(super) fn as_json(outcome: &WhatIfOutcome, args: &Args) -> Value {
    let WhatIfOutcome { log, answer } = outcome;
    let model = |it: &Outcome| {
        let group = |it: &whatif::GroupChange| {
            let change = it.amount.checked_sub(it.pro_rata).unwrap_or_default();
            json!({
                "group": it.group.as_str(), "recipients": it.recipients,
                "pro_rata": it.pro_rata.to_string(), "amount": it.amount.to_string(),
                "change": change.to_string(),
                "change_percent": signed_percent(change, it.pro_rata, 4),
            })
        };
        let sides = Sides::of(answer, it).filter(|_| it.model != whatif::Model::ProRata);
        let largest = sides.iter().flat_map(|sides| {
            sides.largest(&answer.ranks, args.most).into_iter().map(|(rank, at)| {
                let (it, change) = (&answer.recipients[at], sides.change(at));
                json!({
                    "rank": rank + 1, "artist": it.artist, "recording": it.recording,
                    "plays": it.plays, "listeners": it.listeners,
                    "pro_rata": sides.pro_rata[at].to_string(),
                    "amount": sides.amounts[at].to_string(), "change": change.to_string(),
                    "change_percent": signed_percent(change, sides.pro_rata[at], 4),
                })
            })
        });
        json!({
            "model": it.model.as_str(), "simulation": true, "divided": it.amounts.is_some(),
            "winners": it.winners, "losers": it.losers, "unchanged": it.unchanged,
            "moved": it.moved.to_string(), "gini": it.gini.map(|it| it.to_string()),
            "groups": it.groups.iter().map(group).collect::<Vec<_>>(),
            "largest": largest.collect::<Vec<_>>(),
        })
    };
    json!({
        "simulation": true, "label": LABEL, "currency": answer.currency.as_str(),
        "revenue": answer.revenue.to_string(), "recipients": answer.recipients.len(),
        "plays": answer.plays.to_string(), "listeners": answer.listeners,
        "listeners_without_fee": answer.without_fee,
        "log": {
            "rows": log.rows, "rows_left_out": log.rows_bad, "rows_outside": log.rows_outside,
            "first_day": log.days.map(|it| it.0.to_string()),
            "last_day": log.days.map(|it| it.1.to_string()),
            "listeners": log.listeners(), "pairs": log.pairs(),
        },
        "threshold": { "plays": args.threshold },
        "artist_centric": {
            "professional_plays": args.professional_plays,
            "professional_listeners": args.professional_listeners,
            "professional_weight": args.professional_weight.to_string(),
            "searched_weight": args.searched_weight.to_string(),
            "listener_plays": args.listener_plays,
        },
        "models": answer.outcomes.iter().map(model).collect::<Vec<_>>(),
        "findings": log.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "findings_count": log.findings_count,
    })
}
