//! The folder of TOML files a catalogue is kept in.

mod admit;
#[cfg(test)]
mod any_deal;
#[cfg(test)]
mod any_payment;
mod fields;
#[cfg(test)]
mod finding_tests;
mod members;
mod page;
#[cfg(test)]
mod payment_tests;
#[cfg(test)]
mod rate_tests;
mod read_deal;
mod read_music;
mod read_payment;
mod read_price;
mod read_rates;
mod read_screen;
mod read_sums;
mod read_term;
#[cfg(test)]
mod round_trip;
mod shape;
#[cfg(test)]
mod share_tests;
mod shares;
mod source;
mod term_order;
#[cfg(test)]
mod term_tests;
mod territory;
#[cfg(test)]
mod tests;
mod whole;
mod write;
mod write_deal;
mod write_payment;
mod write_price;
mod write_rates;

use std::collections::{BTreeMap, BTreeSet};

use finding::{Finding, Position};
use toml::de::DeTable;

use self::admit::{Desk, Draft};
use self::fields::{Fields, Shared};
pub use self::read_rates::exchange_rate;
use self::source::Source;
use crate::rule::{FILE_UNKNOWN, KEY_UNKNOWN, MEMBERS_CIRCLE, SYNTAX, TAX_CIRCLE, VALUE_MALFORMED};
use crate::{
    Agreement, Catalog, EntryKind, Licence, OutsidePipe, Party, Price, Product, Production,
    RateTable, ReceivedAdvance, Recording, Release, Repertoire, Withholding, Work,
};

/// The files of a catalogue, each of which may be absent, and what they hold.
pub const FILES: [(&str, &[EntryKind]); 11] = [
    (
        "agreements.toml",
        &[EntryKind::Agreement, EntryKind::Licence, EntryKind::Pipe, EntryKind::ReceivedAdvance],
    ),
    ("parties.toml", &[EntryKind::Party]),
    ("prices.toml", &[EntryKind::Price]),
    ("productions.toml", &[EntryKind::Production]),
    ("products.toml", &[EntryKind::Product]),
    ("rates.toml", &[EntryKind::RateTable]),
    ("recordings.toml", &[EntryKind::Recording]),
    ("releases.toml", &[EntryKind::Release]),
    ("repertoires.toml", &[EntryKind::Repertoire]),
    ("taxes.toml", &[EntryKind::Withholding]),
    ("works.toml", &[EntryKind::Work]),
];

/// Reads a folder: file name to text. What is wrong is left out and reported, the rest is taken.
///
/// Findings are ordered by file, place and rule.
pub fn read_files(files: &BTreeMap<String, String>) -> (Catalog, Vec<Finding>) {
    read_files_over(&Catalog::default(), files)
}

/// Reads a folder over a catalogue that is there: its entries may name those of `base` and replace
/// them by their id. An entry that is left out replaces nothing.
pub fn read_files_over(
    base: &Catalog,
    files: &BTreeMap<String, String>,
) -> (Catalog, Vec<Finding>) {
    let old_files = write_files(base);
    let mut refused = BTreeSet::new();
    let mut findings = Vec::new();
    loop {
        let mut drafts = Drafts::default();
        let mut found = Vec::new();
        drafts.read_all(files, &mut found);
        let mut old = Drafts::default();
        old.read_all(&old_files, &mut Vec::new());
        let mut desk = Desk::default();
        let catalog = old.replaced_by(drafts, &refused).admit(&mut desk);
        found.append(&mut desk.findings);
        found.retain(|finding| !findings.contains(finding));
        findings.append(&mut found);
        // What was left out must not take the entry of `base` with it: once more without it.
        let before = refused.len();
        refused.extend(desk.into_left_out());
        if refused.len() == before || *base == Catalog::default() {
            findings.sort_by(|a, b| {
                let place = |f: &Finding| (f.position.file.clone(), f.position.byte);
                place(a)
                    .cmp(&place(b))
                    .then_with(|| (a.rule, &a.message).cmp(&(b.rule, &b.message)))
            });
            return (catalog, findings);
        }
    }
}

/// Writes the folder: file name to text. Entries are sorted by id; a file without entries is absent.
pub fn write_files(catalog: &Catalog) -> BTreeMap<String, String> {
    write::write(catalog)
}

/// An agreement in parts, each as a text that says in its first line what it is part of
/// (`agreement ID`, `term AGREEMENT ID` and so on), the rest as the folder's files have it.
#[must_use]
pub fn agreement_parts(agreement: &Agreement) -> Vec<String> {
    write_deal::parts(agreement)
}

/// A table of exchange rates, as the folder's file has it.
#[must_use]
pub fn rate_table_text(table: &RateTable) -> String {
    let mut page = page::Page::default();
    write_rates::rate_table(&mut page, table);
    page.into_text()
}

/// Everything that stood in the files, not yet checked against each other.
#[derive(Default)]
struct Drafts {
    parties: Vec<Draft<Party>>,
    works: Vec<Draft<Work>>,
    productions: Vec<Draft<Production>>,
    recordings: Vec<Draft<Recording>>,
    releases: Vec<Draft<Release>>,
    products: Vec<Draft<Product>>,
    repertoires: Vec<Draft<Repertoire>>,
    agreements: Vec<Draft<Agreement>>,
    licences: Vec<Draft<Licence>>,
    pipes: Vec<Draft<OutsidePipe>>,
    received_advances: Vec<Draft<ReceivedAdvance>>,
    withholdings: Vec<Draft<Withholding>>,
    rate_tables: Vec<Draft<RateTable>>,
    prices: Vec<Draft<Price>>,
}

impl Drafts {
    fn read_all(&mut self, files: &BTreeMap<String, String>, findings: &mut Vec<Finding>) {
        for (name, text) in files {
            let source = Source::new(name, text);
            match FILES.iter().find(|(file, _)| file == name) {
                Some((_, kinds)) => self.read(&source, kinds),
                None => source.report(
                    FILE_UNKNOWN
                        .finding(format!("{name} is not a file of the catalogue"))
                        .at(Position::of_file(name)),
                ),
            }
            findings.extend(source.into_findings());
        }
    }

    /// These drafts first, less those that `new` has under the same id and that are not `refused`.
    fn replaced_by(self, new: Self, refused: &BTreeSet<(EntryKind, String)>) -> Self {
        fn over<T>(
            kind: EntryKind,
            mut old: Vec<Draft<T>>,
            mut new: Vec<Draft<T>>,
            refused: &BTreeSet<(EntryKind, String)>,
        ) -> Vec<Draft<T>> {
            let is_refused = |draft: &Draft<T>| {
                draft.id.as_ref().is_some_and(|id| refused.contains(&(kind, id.clone())))
            };
            let ids: BTreeSet<_> = old.iter().filter_map(|draft| draft.id.clone()).collect();
            new.retain(|draft| {
                !(is_refused(draft) && draft.id.as_ref().is_some_and(|id| ids.contains(id)))
            });
            let replaced: BTreeSet<_> = new.iter().filter_map(|draft| draft.id.clone()).collect();
            old.retain(|draft| draft.id.as_ref().is_none_or(|id| !replaced.contains(id)));
            old.append(&mut new);
            old
        }
        Self {
            parties: over(EntryKind::Party, self.parties, new.parties, refused),
            works: over(EntryKind::Work, self.works, new.works, refused),
            productions: over(EntryKind::Production, self.productions, new.productions, refused),
            recordings: over(EntryKind::Recording, self.recordings, new.recordings, refused),
            releases: over(EntryKind::Release, self.releases, new.releases, refused),
            products: over(EntryKind::Product, self.products, new.products, refused),
            repertoires: over(EntryKind::Repertoire, self.repertoires, new.repertoires, refused),
            agreements: over(EntryKind::Agreement, self.agreements, new.agreements, refused),
            licences: over(EntryKind::Licence, self.licences, new.licences, refused),
            pipes: over(EntryKind::Pipe, self.pipes, new.pipes, refused),
            received_advances: over(
                EntryKind::ReceivedAdvance,
                self.received_advances,
                new.received_advances,
                refused,
            ),
            withholdings: over(
                EntryKind::Withholding,
                self.withholdings,
                new.withholdings,
                refused,
            ),
            rate_tables: over(EntryKind::RateTable, self.rate_tables, new.rate_tables, refused),
            prices: over(EntryKind::Price, self.prices, new.prices, refused),
        }
    }

    fn read(&mut self, source: &Source<'_>, kinds: &[EntryKind]) {
        let document = match DeTable::parse(source.text()) {
            Ok(document) => document.into_inner(),
            Err(error) => {
                let span = error.span().unwrap_or_default();
                let evidence = source.line_at(span.start);
                let position = source.spot(span.start, "", "");
                source.report(SYNTAX.finding(error.message()).at(position).evidence(evidence));
                return;
            }
        };
        for (key, _) in &document {
            let name: &str = key.get_ref();
            if !kinds.iter().any(|kind| kind.as_str() == name) {
                let position = source.spot(key.span().start, "", name);
                let message = format!("{name} does not belong in this file");
                source.report(KEY_UNKNOWN.finding(message).at(position).evidence(name));
            }
        }
        let file = &File { source, document };
        for kind in kinds {
            match kind {
                EntryKind::Party => file.read(*kind, read_music::party, &mut self.parties),
                EntryKind::Work => file.read(*kind, read_music::work, &mut self.works),
                EntryKind::Production => {
                    file.read(*kind, read_screen::production, &mut self.productions);
                }
                EntryKind::Recording => {
                    file.read(*kind, read_music::recording, &mut self.recordings);
                }
                EntryKind::Release => file.read(*kind, read_music::release, &mut self.releases),
                EntryKind::Product => file.read(*kind, read_screen::product, &mut self.products),
                EntryKind::Repertoire => {
                    file.read(*kind, read_screen::repertoire, &mut self.repertoires);
                }
                EntryKind::Agreement => {
                    file.read(*kind, read_deal::agreement, &mut self.agreements);
                }
                EntryKind::Licence => file.read(*kind, read_deal::licence, &mut self.licences),
                EntryKind::Pipe => file.read(*kind, read_deal::pipe, &mut self.pipes),
                EntryKind::ReceivedAdvance => {
                    file.read(*kind, read_deal::received_advance, &mut self.received_advances);
                }
                EntryKind::Withholding => {
                    file.read(*kind, read_payment::withholding, &mut self.withholdings);
                }
                EntryKind::RateTable => {
                    file.read(*kind, read_rates::rate_table, &mut self.rate_tables);
                }
                EntryKind::Price => file.read(*kind, read_price::price, &mut self.prices),
            }
        }
    }

    /// In the order of the links: whatever an entry may name has been decided before it.
    fn admit(self, desk: &mut Desk) -> Catalog {
        let parties = desk.linked_first(self.parties, (&MEMBERS_CIRCLE, "members", "a member of"));
        let parties = desk.admit(EntryKind::Party, parties, |p| p.id.clone(), Desk::party);
        let works = desk.admit(EntryKind::Work, self.works, |w| w.id.clone(), Desk::work);
        let productions =
            desk.admit(EntryKind::Production, self.productions, |p| p.id.clone(), Desk::any);
        let recordings = desk.admit(
            EntryKind::Recording,
            self.recordings,
            |r| r.id.clone(),
            |desk, r, at| {
                desk.episodes(r, &productions, at);
                desk.recording(r, at)
            },
        );
        let releases =
            desk.admit(EntryKind::Release, self.releases, |r| r.id.clone(), Desk::release);
        let products = desk.admit(EntryKind::Product, self.products, |p| p.id.clone(), Desk::any);
        let repertoires =
            desk.admit(EntryKind::Repertoire, self.repertoires, |r| r.id.clone(), Desk::any);
        let rate_tables =
            desk.admit(EntryKind::RateTable, self.rate_tables, |t| t.id.clone(), Desk::any);
        let agreements =
            desk.admit(EntryKind::Agreement, self.agreements, |a| a.id.clone(), Desk::any);
        let places = Desk::places(&self.licences);
        let licences = desk.admit(EntryKind::Licence, self.licences, |l| l.id.clone(), Desk::any);
        desk.licences(&licences, &places);
        let pipes = desk.admit(EntryKind::Pipe, self.pipes, |it| it.id.clone(), Desk::any);
        let received_advances = desk.admit(
            EntryKind::ReceivedAdvance,
            self.received_advances,
            |it| it.id.clone(),
            Desk::any,
        );
        let taxes = desk.linked_first(self.withholdings, (&TAX_CIRCLE, "then", "a tax on"));
        let withholdings = desk.admit(EntryKind::Withholding, taxes, |w| w.id.clone(), Desk::any);
        let prices = desk.admit(EntryKind::Price, self.prices, |p| p.id.clone(), Desk::any);
        Catalog {
            parties,
            works,
            recordings,
            releases,
            productions,
            products,
            repertoires,
            agreements,
            licences,
            pipes,
            received_advances,
            withholdings,
            rate_tables,
            prices,
        }
    }
}

/// A file that is TOML.
struct File<'s, 't> {
    source: &'s Source<'s>,
    document: DeTable<'t>,
}

impl File<'_, '_> {
    /// Reads every `[[kind]]` table.
    fn read<T>(
        &self,
        kind: EntryKind,
        read: impl Fn(Fields<'_, '_>) -> (Option<String>, Option<T>),
        drafts: &mut Vec<Draft<T>>,
    ) {
        let Some(value) = self.document.get(kind.as_str()) else { return };
        let array = value.get_ref().as_array();
        for item in array.into_iter().flat_map(|items| items.iter()) {
            let Some(table) = item.get_ref().as_table() else { continue };
            let shared = Shared::new(self.source, kind.as_str().to_owned());
            let (id, value) = read(Fields::new(table, item.span().start, &shared));
            drafts.push(Draft {
                id,
                value: value.filter(|_| shared.is_clean()),
                position: shared.spot(item.span().start, ""),
                links: shared.take_links(),
            });
        }
        if !array.is_some_and(|items| items.iter().all(|item| item.get_ref().is_table())) {
            let position = self.source.spot(value.span().start, "", kind.as_str());
            let message = format!("write [[{}]] above each entry", kind.as_str());
            self.source.report(VALUE_MALFORMED.finding(message).at(position));
        }
    }
}
