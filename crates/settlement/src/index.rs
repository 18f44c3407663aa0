//! Which agreements and licences speak about a cell, and what was used in it, looked up instead of
//! searched.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{
    Agreement, Catalog, Licence, OutsidePipe, Payees, Product, RateTable, RightsType, Scope,
    Subject, Use, Validity,
};
use ident::{AgreementId, ProductId, RateTableId, RecordingId, ReleaseId};
use money::Atoms;
use period::Date;
use usage::{Cell, Context, Target};

use crate::price::PriceIndex;

/// The agreements of a catalogue by recording, those that count first before the others; each has
/// a number, its place in the catalogue.
pub(crate) struct AgreementIndex<'a> {
    catalog: &'a Catalog,
    agreements: Vec<&'a Agreement>,
    /// Right and days of each agreement, by its number: all that is asked of most of them.
    validity: Vec<(RightsType, Validity)>,
    numbers: BTreeMap<&'a AgreementId, usize>,
    /// Recordings in order, a place for each agreement that names one; beside them, at the same places,
    /// the numbers of these agreements, those that count first before the others.
    named: Vec<&'a RecordingId>,
    naming: Vec<usize>,
    all: Vec<usize>,
    releases: BTreeMap<&'a RecordingId, Vec<&'a ReleaseId>>,
    /// By payer and right, those that count first before the others.
    licences: BTreeMap<(&'a str, RightsType), Vec<&'a Licence>>,
    /// What others pay, by right, in the same order.
    pipes: BTreeMap<RightsType, Vec<&'a OutsidePipe>>,
    prices: PriceIndex<'a>,
}

/// Which agreements may speak about a target, whatever the right and the day.
#[derive(Clone, Copy)]
pub(crate) enum Candidates<'i, 'a> {
    /// About a recording: those that name it, then those about everything.
    Recording([&'i [usize]; 2]),
    /// A product.
    Product(&'a Product),
    /// None.
    Nobody,
}

impl<'a> AgreementIndex<'a> {
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        let mut releases: BTreeMap<&RecordingId, Vec<&ReleaseId>> = BTreeMap::new();
        for release in catalog.releases.values() {
            for recording in &release.recordings {
                releases.entry(recording).or_default().push(&release.id);
            }
        }
        let mut index = Self {
            catalog,
            agreements: catalog.agreements.values().collect(),
            validity: catalog.agreements.values().map(|it| (it.rights_type, it.period)).collect(),
            numbers: catalog.agreements.keys().zip(0..).collect(),
            named: Vec::new(),
            naming: Vec::new(),
            all: Vec::new(),
            releases,
            licences: licences(catalog),
            pipes: pipes(catalog),
            prices: PriceIndex::new(catalog),
        };
        let by_production = links(catalog, |it| {
            it.productions.iter().map(|link| link.production.as_str()).collect()
        });
        let by_work = links(catalog, |it| it.works.iter().map(|work| work.as_str()).collect());
        let empty = Vec::new();
        let mut named: Vec<(&RecordingId, usize)> = Vec::new();
        for (number, agreement) in catalog.agreements.values().enumerate() {
            let mut add = |id: &'a RecordingId| named.push((id, number));
            match &agreement.scope {
                Scope::All => index.all.push(number),
                Scope::Recordings(ids) => ids.iter().for_each(add),
                // Looked up by product, in the catalogue.
                Scope::Products(_) => {}
                Scope::Releases(ids) => ids
                    .iter()
                    .filter_map(|id| catalog.releases.get(id))
                    .flat_map(|release| &release.recordings)
                    .for_each(add),
                Scope::Productions(ids) => ids
                    .iter()
                    .flat_map(|id| by_production.get(id.as_str()).unwrap_or(&empty))
                    .for_each(|it| add(it)),
                Scope::Works(ids) => ids
                    .iter()
                    .flat_map(|id| by_work.get(id.as_str()).unwrap_or(&empty))
                    .for_each(|it| add(it)),
            }
        }
        let order = |a: usize, b: usize| {
            let [one, two] = [a, b].map(|it| index.agreements.get(it));
            one.zip(two).map_or_else(|| a.cmp(&b), |(one, two)| one.precedence(two))
        };
        named.sort_unstable_by(|a, b| a.0.cmp(b.0).then_with(|| order(a.1, b.1)));
        named.dedup();
        index.all.sort_by(|a, b| order(*a, *b));
        (index.named, index.naming) = named.into_iter().unzip();
        index
    }

    /// Returns a table of exchange rates.
    pub(crate) fn rates(&self, table: &RateTableId) -> Option<&'a RateTable> {
        self.catalog.rate_tables.get(table)
    }

    /// The agreements, by their numbers.
    pub(crate) fn agreements(&self) -> &[&'a Agreement] {
        &self.agreements
    }

    /// Returns the agreements that may speak about each of some targets; these are in order, and so
    /// are recordings, so each list is gone through once.
    pub(crate) fn candidates(&self, targets: &[Target]) -> Vec<Candidates<'_, 'a>> {
        let mut recordings = self.catalog.recordings.keys().peekable();
        let (mut named, mut naming) = (self.named.as_slice(), self.naming.as_slice());
        let mut skip = |is_past: &dyn Fn(&RecordingId) -> bool| {
            let count = named.iter().take_while(|it| is_past(it)).count();
            let (skipped, rest) = naming.split_at_checked(count)?;
            (named, naming) = (named.get(count..)?, rest);
            Some(skipped)
        };
        let mut candidates = |target: &Target| match target {
            Target::Recording(id) => {
                skip(&|it| it < id);
                let named = skip(&|it| it == id).unwrap_or_default();
                while recordings.next_if(|it| *it < id).is_some() {}
                // "Everything" is every recording of the catalogue; others wait.
                let is_known = recordings.peek() == Some(&id);
                Candidates::Recording([named, if is_known { &self.all } else { &[] }])
            }
            Target::Product(id) => match self.catalog.products.get(id) {
                Some(product) => Candidates::Product(product),
                None => Candidates::Nobody,
            },
            Target::Unmatched { .. } => Candidates::Nobody,
        };
        targets.iter().map(&mut candidates).collect()
    }

    /// Returns the number of the agreement that counts, by the order that `catalog` documents.
    pub(crate) fn find(
        &self,
        candidates: Candidates<'_, 'a>,
        rights_type: Option<RightsType>,
        date: Date,
        use_type: &str,
    ) -> Option<usize> {
        match candidates {
            Candidates::Recording(lists) => {
                let rights_type = rights_type?;
                let speaks = |it: &&usize| {
                    let known = self.validity.get(**it);
                    known.is_some_and(|it| it.0 == rights_type && it.1.contains(date))
                };
                lists.into_iter().flatten().find(speaks).copied()
            }
            Candidates::Product(product) => {
                let rights_type = rights_type.unwrap_or(product.rights_type);
                let found =
                    self.catalog.agreement_for_product(rights_type, product, use_type, date)?;
                self.numbers.get(&found.id).copied()
            }
            Candidates::Nobody => None,
        }
    }

    /// Returns the licence by which a service's revenue for a right is ours in part: of those that
    /// match, one that asks when the listener subscribed, then the later `from`, then the smaller id.
    /// Nobody is paid by a licence, so no role can be asked of it.
    pub(crate) fn licence(
        &self,
        payer: &str,
        rights_type: RightsType,
        of: &Use<'_>,
    ) -> Option<&'a Licence> {
        let list = self.licences.get(&(payer, rights_type))?;
        list.iter().find(|it| it.condition.matches(of, &Payees::Operator)).copied()
    }

    /// Whether a licence for this right depends on what was used.
    pub(crate) fn licence_looks_at_subject(&self, payer: &str, rights_type: RightsType) -> bool {
        let list = self.licences.get(&(payer, rights_type));
        list.is_some_and(|it| it.iter().any(|it| it.condition.looks_at_subject()))
    }

    /// Returns the pipe through which somebody else pays a right: of those that match, one that asks when
    /// the listener subscribed, then the later `from`, then the smaller id.
    pub(crate) fn pipe(&self, rights_type: RightsType, of: &Use<'_>) -> Option<&'a OutsidePipe> {
        let list = self.pipes.get(&rights_type)?;
        list.iter().find(|it| it.condition.matches(of, &Payees::Operator)).copied()
    }

    /// Whether somebody else pays this right for some uses, and if so, whether that depends on what was
    /// used.
    pub(crate) fn pipes_look_at_subject(&self, rights_type: RightsType) -> Option<bool> {
        let list = self.pipes.get(&rights_type)?;
        Some(list.iter().any(|it| it.condition.looks_at_subject()))
    }

    /// Whether a target is one of the catalogue.
    pub(crate) fn is_known(&self, target: &Target) -> bool {
        match target {
            Target::Recording(id) => self.catalog.recordings.contains_key(id),
            Target::Product(id) => self.catalog.products.contains_key(id),
            Target::Unmatched { .. } => false,
        }
    }

    /// Returns the published price of one unit: that of the report or, if it states none, of the list.
    pub(crate) fn price(&self, cell: &Cell<'_>, subject: &Subject<'_>) -> Option<Atoms> {
        let of_list = || self.prices.find(cell.target, cell.context, &subject.releases);
        cell.context.unit_price.or_else(of_list)
    }

    /// Returns what conditions look at in what was used.
    pub(crate) fn subject(&self, target: &Target) -> Subject<'a> {
        match target {
            Target::Recording(id) => self.recording(id),
            Target::Product(id) => self.product(id),
            Target::Unmatched { .. } => Subject::default(),
        }
    }

    fn product(&self, id: &ProductId) -> Subject<'a> {
        let product = self.catalog.products.get(id);
        let productions = product.and_then(|it| it.production.as_ref()).into_iter().collect();
        Subject { productions, ..Subject::default() }
    }

    fn recording(&self, id: &RecordingId) -> Subject<'a> {
        let Some(recording) = self.catalog.recordings.get(id) else { return Subject::default() };
        let releases = self.releases.get(id).cloned().unwrap_or_default();
        let works = recording.works.iter().filter_map(|id| self.catalog.works.get(id));
        let of_works = works.flat_map(|it| &it.contributors);
        Subject {
            works: releases.iter().filter_map(|it| self.works_on(it)).min(),
            releases,
            productions: recording.productions.iter().map(|it| &it.production).collect(),
            contributors: recording.contributors.iter().chain(of_works).collect(),
        }
    }

    fn works_on(&self, release: &ReleaseId) -> Option<u64> {
        let recordings = &self.catalog.releases.get(release)?.recordings;
        let works: BTreeSet<_> = recordings
            .iter()
            .filter_map(|it| self.catalog.recordings.get(it))
            .flat_map(|it| &it.works)
            .collect();
        u64::try_from(works.len()).ok().filter(|it| *it > 0)
    }
}

fn licences(catalog: &Catalog) -> BTreeMap<(&str, RightsType), Vec<&Licence>> {
    let mut licences: BTreeMap<(&str, RightsType), Vec<&Licence>> = BTreeMap::new();
    for it in catalog.licences.values() {
        licences.entry((&it.payer, it.rights_type)).or_default().push(it);
    }
    licences.values_mut().for_each(|list| list.sort_by(|a, b| a.precedence(b)));
    licences
}

fn pipes(catalog: &Catalog) -> BTreeMap<RightsType, Vec<&OutsidePipe>> {
    let mut pipes: BTreeMap<RightsType, Vec<&OutsidePipe>> = BTreeMap::new();
    for it in catalog.pipes.values() {
        pipes.entry(it.rights_type).or_default().push(it);
    }
    pipes.values_mut().for_each(|list| list.sort_by(|a, b| a.precedence(b)));
    pipes
}

/// Returns what conditions look at in a context, beside the subject.
pub(crate) fn of<'b>(context: &'b Context, subject: &'b Subject<'b>) -> Use<'b> {
    Use {
        territory: &context.territory,
        service: &context.service,
        use_type: &context.use_type,
        commercial_model: &context.commercial_model,
        price_category: &context.price_category,
        date: context.month.first_day(),
        subscribed: context.subscribed,
        subject,
    }
}

fn links<'a>(
    catalog: &'a Catalog,
    ids: impl Fn(&'a catalog::Recording) -> Vec<&'a str>,
) -> BTreeMap<&'a str, Vec<&'a RecordingId>> {
    let mut by: BTreeMap<&str, Vec<&RecordingId>> = BTreeMap::new();
    for recording in catalog.recordings.values() {
        for id in ids(recording) {
            by.entry(id).or_default().push(&recording.id);
        }
    }
    by
}
