//! What is paid to payees past the operator.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, Condition, OutsidePipe, Recording, RightsType, Territories, Validity};
use ident::{PartyId, PipeId};
use ledger::Account;
use money::{Atoms, Currency, Rounding};
use settlement::{Input, Outside as Reason, Settlement};
use statement::OutsideNote;
use usage::Target;

use crate::home::party_name;

/// The pipes of others that concern payees, and what is known of their uses in the period.
pub(super) struct Outside<'a> {
    catalogue: &'a Catalog,
    /// Whom a pipe concerns, by pipe.
    concerned: BTreeMap<&'a PipeId, BTreeSet<&'a PartyId>>,
    sums: BTreeMap<(&'a PipeId, &'a PartyId, Currency), Figures>,
}

/// Usages, revenue of services, and what licences make of it.
#[derive(Clone, Copy, Default)]
struct Figures([Atoms; 3]);

impl Figures {
    fn add(&mut self, more: [Atoms; 3]) -> Option<()> {
        for (sum, more) in self.0.iter_mut().zip(more) {
            *sum = sum.checked_add(more)?;
        }
        Some(())
    }
}

impl<'a> Outside<'a> {
    /// Looks at the pipes that are open in the period; none if a sum leaves the range of amounts.
    pub(super) fn new(input: &'a Input<'a>, outcome: &Settlement) -> Option<Self> {
        let catalogue = input.catalog;
        let (concerned, sums) = (BTreeMap::new(), BTreeMap::new());
        let mut it = Self { catalogue, concerned, sums };
        let Some(period) = input.origins.last() else { return Some(it) };
        for pipe in catalogue.pipes.values() {
            let Validity { from, before } = pipe.condition.period;
            let begins = from.is_none_or(|from| from < period.end());
            if begins && before.is_none_or(|before| period.start() < before) {
                it.concerned.insert(&pipe.id, whom_it_concerns(catalogue, pipe));
            }
        }
        it.count(input, outcome)?;
        Some(it)
    }

    fn count(&mut self, input: &Input<'_>, outcome: &Settlement) -> Option<()> {
        let mut known: BTreeMap<(RightsType, &Target), BTreeSet<&'a PartyId>> = BTreeMap::new();
        for it in &outcome.outside {
            let Reason::PaidBy(place) = it.reason else { continue };
            let paid_by = outcome.paid_by.get(usize::try_from(place).ok()?)?;
            let pipe = self.catalogue.pipes.get(&paid_by.pipe)?;
            let cell = input.cells.get(usize::try_from(it.cell).ok()?)?;
            let Some(currency) = cell.context.currency else { continue };
            let licensed = match &paid_by.licence {
                None => Atoms::ZERO,
                Some((_, rate)) => cell.amount.mul_ratio(*rate, Rounding::HalfEven)?,
            };
            let whose = known
                .entry((pipe.rights_type, cell.target))
                .or_insert_with(|| parties(self.catalogue, pipe.rights_type, cell.target));
            for party in whose.iter().copied() {
                self.concerned.entry(&pipe.id).or_default().insert(party);
                let figures = self.sums.entry((&pipe.id, party, currency)).or_default();
                figures.add([cell.usages, cell.amount, licensed])?;
            }
        }
        Some(())
    }

    /// What a payee's statement in one currency says is outside; nothing for other accounts.
    pub(super) fn notes(&self, account: &Account, currency: Currency) -> Vec<OutsideNote> {
        let Some(party) = account.payee() else { return Vec::new() };
        let pipes = self.concerned.iter().filter(|(_, whom)| whom.contains(party));
        let pipes = pipes.filter_map(|(id, _)| self.catalogue.pipes.get(*id));
        let note = |pipe: &OutsidePipe| {
            let sums = self.sums.get(&(&pipe.id, party, currency)).copied().unwrap_or_default();
            let Figures([usages, revenue, licensed]) = sums;
            let day = |it: Option<period::Date>| it.map_or_else(String::new, |it| it.to_string());
            OutsideNote {
                about: about(&pipe.condition),
                from: day(pipe.condition.period.from),
                licensed,
                paid_by: party_name(self.catalogue, &pipe.paid_by),
                pipe: pipe.id.to_string(),
                revenue,
                right: pipe.rights_type.as_str().to_owned(),
                title: pipe.title.clone(),
                until: day(pipe.condition.period.last_day()),
                usages,
            }
        };
        pipes.map(note).collect()
    }
}

/// Everybody who has a part in something that a pipe may be about.
fn whom_it_concerns<'a>(catalogue: &'a Catalog, pipe: &OutsidePipe) -> BTreeSet<&'a PartyId> {
    let Condition { releases, productions, .. } = &pipe.condition;
    let on_release = |it: &Recording| {
        let named = releases.iter().filter_map(|id| catalogue.releases.get(id));
        releases.is_empty() || named.into_iter().any(|of| of.recordings.contains(&it.id))
    };
    let in_production = |it: &Recording| {
        productions.is_empty()
            || it.productions.iter().any(|of| productions.contains(&of.production))
    };
    let meant = catalogue.recordings.values().filter(|it| on_release(it) && in_production(it));
    let mut parties = BTreeSet::new();
    meant.for_each(|it| parties.extend(contributors(catalogue, pipe.rights_type, it)));
    let agreements = catalogue.agreements.values().filter(|it| it.rights_type == pipe.rights_type);
    parties.extend(agreements.flat_map(|it| &it.terms).flat_map(|it| it.payees.named()));
    parties
}

/// Who has a part in what was used, as far as a right is about it: those who made the works or the
/// recording, and those whom an agreement on that right names.
fn parties<'a>(
    catalogue: &'a Catalog,
    right: RightsType,
    target: &Target,
) -> BTreeSet<&'a PartyId> {
    let mut parties = BTreeSet::new();
    let of_right = catalogue.agreements.values().filter(|it| it.rights_type == right);
    let mut named = |speaks: &dyn Fn(&catalog::Agreement) -> bool| {
        let terms = of_right.clone().filter(|it| speaks(it)).flat_map(|it| &it.terms);
        parties.extend(terms.flat_map(|it| it.payees.named()));
    };
    match target {
        Target::Recording(id) => {
            named(&|it| it.scope.contains(catalogue, id));
            let recording = catalogue.recordings.get(id);
            parties.extend(recording.into_iter().flat_map(|it| contributors(catalogue, right, it)));
        }
        Target::Product(id) => {
            if let Some(product) = catalogue.products.get(id) {
                named(&|it| it.scope.covers(product));
                parties.extend(&product.parties);
            }
        }
        Target::Unmatched { .. } => {}
    }
    parties
}

fn contributors<'a>(
    catalogue: &'a Catalog,
    right: RightsType,
    recording: &'a Recording,
) -> Vec<&'a PartyId> {
    let works = recording.works.iter().filter_map(|id| catalogue.works.get(id));
    match right {
        RightsType::Work => works.flat_map(|it| &it.contributors).map(|it| &it.party).collect(),
        RightsType::Master | RightsType::Performer => {
            recording.contributors.iter().map(|it| &it.party).collect()
        }
    }
}

/// Which uses a condition is about, in codes that need no language; empty for every use.
fn about(condition: &Condition) -> String {
    let mut parts: Vec<String> = Vec::new();
    let codes = |sign: &str| {
        condition.territories.named().map(|it| format!("{sign}{it}")).collect::<Vec<_>>().join(" ")
    };
    match &condition.territories {
        Territories::All => {}
        Territories::Only(_) => parts.push(codes("")),
        Territories::AllExcept(_) => parts.push(format!("* {}", codes("!"))),
    }
    let words = [&condition.services, &condition.use_types, &condition.commercial_models];
    parts.extend(words.into_iter().flatten().cloned());
    parts.extend(condition.releases.iter().map(ToString::to_string));
    parts.extend(condition.productions.iter().map(ToString::to_string));
    let Validity { from, .. } = condition.subscribed;
    if condition.subscribed != Validity::ALWAYS {
        let day = |it: Option<period::Date>| it.map_or_else(String::new, |it| it.to_string());
        parts.push(format!("subscribed {}/{}", day(from), day(condition.subscribed.last_day())));
    }
    parts.join(" · ")
}
