//! Where a settlement and the auditor differ.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;
use num_rational::BigRational;
use settlement::{Input, Outside, Rounded, Settlement};
use usage::CellKey;

use crate::auditor::{Audit, Share, Verdict, audit, rational};

/// Audits a settlement and returns one line for each difference; none if both agree to the atom.
#[must_use]
pub fn differences(input: &Input<'_>, outcome: &Settlement) -> Vec<String> {
    let audit = audit(input.catalog, input.cells, input.period.end(), input.unrecouped);
    let mut lines = Vec::new();
    compare("cell", &verdicts(&audit), &decided(input, outcome), &mut lines);
    let totals = audit.totals.iter();
    let totals = totals.map(|((it, category), sum)| (format!("{it} {category}"), sum.clone()));
    compare("total", &sums(totals), &totals_of(outcome), &mut lines);
    let due = audit.due.iter();
    let due = due.map(|((account, it), sum)| (format!("{it} {account}"), sum.clone()));
    compare("account", &sums(due), &dues_of(outcome), &mut lines);
    compare("recouped", &recouped(&audit), &recouped_of(outcome), &mut lines);
    lines
}

type Texts = BTreeMap<String, String>;

fn verdicts(audit: &Audit) -> BTreeMap<&CellKey, String> {
    let text = |verdict: &Verdict| match verdict {
        Verdict::Outside(reason) => (*reason).to_owned(),
        Verdict::Divided(whole, shares) => {
            let share = |it: &Share| {
                let rounded = match it.exact.trunc().to_integer() {
                    _ if it.exact.is_integer() => "exact",
                    towards_zero if towards_zero == it.atoms => "down",
                    _ => "up",
                };
                format!("; {} {} {} {} {rounded}", it.account, it.term, it.exact, it.atoms)
            };
            format!("{whole}{}", shares.iter().map(share).collect::<String>())
        }
    };
    audit.cells.iter().map(|(key, verdict)| (key, text(verdict))).collect()
}

fn decided<'a>(input: &Input<'a>, outcome: &Settlement) -> BTreeMap<&'a CellKey, String> {
    let mut texts = BTreeMap::new();
    for it in &outcome.outside {
        let reason = match it.reason {
            Outside::NoMoney => "no-money",
            Outside::NotOurs => "not-ours",
            Outside::NoLicence => "no-licence",
        };
        texts.insert(&input.cells[it.cell].key, reason.to_owned());
    }
    for it in &outcome.settled {
        let plan = &outcome.plans[it.plan];
        let mut text = it.received.raw().to_string();
        for (at, claim) in plan.claims.iter().enumerate() {
            let fraction = rational(claim.fraction);
            let exact = fraction * BigRational::from_integer(it.received.raw().into());
            let term = claim.term.as_ref().map_or("", |it| it.as_str());
            let rounded = match it.rounded(plan, at) {
                Some(Rounded::Exact) => "exact",
                Some(Rounded::Down) => "down",
                Some(Rounded::Up) => "up",
                None => "nothing",
            };
            let atoms = it.amounts.get(at).map_or(0, |it| it.raw());
            text += &format!("; {} {term} {exact} {atoms} {rounded}", claim.account);
        }
        texts.insert(&input.cells[it.cell].key, text);
    }
    texts
}

/// Sums that are not zero, as texts.
fn sums(all: impl IntoIterator<Item = (String, BigInt)>) -> Texts {
    let mut sums: BTreeMap<String, BigInt> = BTreeMap::new();
    for (name, part) in all {
        *sums.entry(name).or_default() += part;
    }
    let nothing = BigInt::default();
    let kept = sums.into_iter().filter(|(_, sum)| *sum != nothing);
    kept.map(|(name, sum)| (name, sum.to_string())).collect()
}

fn totals_of(outcome: &Settlement) -> Texts {
    sums(outcome.totals.iter().flat_map(|(currency, it)| {
        [
            ("received", it.received),
            ("payees", it.payees),
            ("fees", it.fees),
            ("retained", it.retained),
            ("suspense", it.suspense),
        ]
        .map(|(category, sum)| (format!("{currency} {category}"), sum.raw().into()))
    }))
}

fn dues_of(outcome: &Settlement) -> Texts {
    sums(outcome.entries.iter().flat_map(|entry| entry.postings()).map(|it| {
        let atoms = BigInt::from(it.amount().atoms.raw());
        let name = format!("{} {}", it.amount().currency, it.account());
        (name, if it.side().as_str() == "credit" { atoms } else { -atoms })
    }))
}

fn recouped(audit: &Audit) -> Texts {
    let name = |(agreement, advance): &(_, _)| format!("{agreement}/{advance}");
    sums(audit.recouped.iter().map(|(key, taken)| (name(key), taken.clone())))
}

fn recouped_of(outcome: &Settlement) -> Texts {
    sums(
        outcome
            .recoupments
            .iter()
            .map(|it| (format!("{}/{}", it.agreement, it.advance), it.recouped.raw().into())),
    )
}

fn compare<K: Ord + std::fmt::Debug>(
    what: &str,
    audited: &BTreeMap<K, String>,
    settled: &BTreeMap<K, String>,
    lines: &mut Vec<String>,
) {
    let keys: BTreeSet<&K> = audited.keys().chain(settled.keys()).collect();
    for key in keys {
        let [a, b] = [audited, settled].map(|it| it.get(key).map_or("nothing", String::as_str));
        if a != b {
            lines.push(format!("{what} {key:?}: audited {a}, settled {b}"));
        }
    }
}
