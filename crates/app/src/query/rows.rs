//! The rows of each view.

use std::collections::BTreeSet;

use catalog::{Catalog, Texts};
use lake::Filter;
use matching::Matcher;
use usage::{Identity, Target};

use super::QueryError;
use crate::Home;
use crate::home::{hex, manifest};

type Row = Vec<Option<String>>;

/// Returns the rows of a view, in an order that depends on nothing but what is kept.
pub(super) fn of(view: &str, home: &Home) -> Result<Vec<Row>, QueryError> {
    match view {
        "reports" | "usage_files" | "control_totals" | "findings" => reports(view, home),
        "settlements" | "statements" | "postings" => book(view, home),
        "matches" => matches(home),
        _ => Ok(catalogue(view, &home.store.catalogue()?)),
    }
}

fn some(text: impl ToString) -> Option<String> {
    Some(text.to_string())
}

fn reports(view: &str, home: &Home) -> Result<Vec<Row>, QueryError> {
    Ok(match view {
        "reports" => home
            .store
            .reports()?
            .into_iter()
            .map(|it| {
                let state = it.state.as_str();
                let texts = [it.sender, it.sender_name, it.message_id, it.profile, it.service];
                let days = [it.first_day, it.end_day, it.imported_at];
                let head = [some(it.id), some(it.kind), some(state)].into_iter();
                head.chain(texts.into_iter().chain(days).map(Some)).chain([it.settlement]).collect()
            })
            .collect(),
        "findings" => home
            .store
            .finding_rows()?
            .into_iter()
            .map(|it| {
                let head = [it.report, it.rule, it.severity, it.file].map(Some);
                let place = [some(it.line), some(it.byte)];
                let tail = [it.record, it.cell_name, it.message, it.evidence].map(Some);
                head.into_iter().chain(place).chain(tail).collect()
            })
            .collect(),
        "usage_files" => manifest(&home.store)?
            .into_iter()
            .map(|it| {
                vec![
                    some(it.path),
                    some(it.report),
                    some(it.month),
                    some(it.sender),
                    some(it.lines),
                    some(it.bytes),
                    some(hex(&it.sha256)),
                    some(it.usages),
                ]
            })
            .collect(),
        _ => manifest(&home.store)?
            .into_iter()
            .flat_map(|file| {
                let row = |((basis, currency), amount): (&(_, _), _)| {
                    let (basis, currency): (&usage::Basis, &money::Currency) = (basis, currency);
                    let amount: &money::Atoms = amount;
                    vec![
                        some(&file.path),
                        some(&file.report),
                        some(file.month),
                        some(&file.sender),
                        some(basis),
                        some(currency),
                        some(amount),
                    ]
                };
                file.amounts.iter().map(row).collect::<Vec<_>>()
            })
            .collect(),
    })
}

fn book(view: &str, home: &Home) -> Result<Vec<Row>, QueryError> {
    Ok(match view {
        "settlements" => {
            let rows = home.store.settlements()?.into_iter();
            rows.map(|it| vec![some(it.id), some(it.posted_at)]).collect()
        }
        "statements" => home
            .store
            .statements(None)?
            .into_iter()
            .map(|it| {
                let texts = [it.settlement, it.account, it.currency.to_string(), it.name];
                let amounts = [some(it.earned), some(it.payable)];
                texts.map(Some).into_iter().chain(amounts).collect()
            })
            .collect(),
        _ => home
            .store
            .posting_rows()?
            .into_iter()
            .map(|it| {
                let texts = [it.settlement, it.entry, it.memo, it.account, it.side];
                texts.into_iter().chain([it.currency, it.amount]).map(Some).collect()
            })
            .collect(),
    })
}

/// Every distinct identity of the usage lines, and what matching makes of it.
fn matches(home: &Home) -> Result<Vec<Row>, QueryError> {
    let catalogue = home.store.catalogue()?;
    let matcher = Matcher::new(&catalogue);
    let mut rows = BTreeSet::new();
    home.lake.cells(&manifest(&home.store)?, &Filter::all(), &mut |identity| {
        let Identity { isrc, icpn, resource_id, title, artist } = identity;
        let target = matcher.target(&identity);
        let mut row: Row = [isrc, icpn, resource_id, title, artist].map(some).to_vec();
        row.extend(match &target {
            Target::Recording(recording) => [some(recording), None],
            Target::Product(product) => [None, some(product)],
            Target::Unmatched { .. } => [None, None],
        });
        rows.insert(row);
        target
    })?;
    Ok(rows.into_iter().collect())
}

fn title(titles: &Texts) -> Option<String> {
    titles.get("en").or_else(|| titles.values().next()).cloned()
}

fn catalogue(view: &str, catalogue: &Catalog) -> Vec<Row> {
    let recordings = || catalogue.recordings.values();
    match view {
        "recordings" => recordings()
            .map(|it| {
                let length = it.duration_ms.map(|it| it.to_string());
                vec![some(&it.id), title(&it.titles), some(&it.artist), length]
            })
            .collect(),
        "recording_isrcs" => recordings()
            .flat_map(|it| it.isrcs.iter().map(|isrc| vec![some(&it.id), some(isrc.as_str())]))
            .collect(),
        "recording_works" => recordings()
            .flat_map(|it| it.works.iter().map(|work| vec![some(&it.id), some(work)]))
            .collect(),
        "recording_productions" => recordings()
            .flat_map(|it| {
                it.productions.iter().map(|link| {
                    let confidence = some(link.confidence.as_str());
                    vec![some(&it.id), some(&link.production), some(&link.usage), confidence]
                })
            })
            .collect(),
        "repertoire_recordings" => catalogue
            .repertoires
            .values()
            .flat_map(|repertoire| {
                let held = recordings().filter(|it| repertoire.contains(catalogue, &it.id));
                held.map(|it| vec![some(&repertoire.id), some(&it.id)])
            })
            .collect(),
        "works" => catalogue
            .works
            .values()
            .map(|it| {
                let iswc = it.iswc.as_ref().map(|it| it.as_str().to_owned());
                vec![some(&it.id), title(&it.titles), iswc]
            })
            .collect(),
        "releases" => catalogue
            .releases
            .values()
            .map(|it| {
                let icpn = it.icpn.as_ref().map(|it| it.as_str().to_owned());
                let production = it.production.as_ref().map(ToString::to_string);
                vec![some(&it.id), title(&it.titles), icpn, production]
            })
            .collect(),
        "productions" => catalogue
            .productions
            .values()
            .map(|it| {
                let network = it.network.clone();
                vec![some(&it.id), title(&it.titles), some(&it.kind), some(&it.origin), network]
            })
            .collect(),
        _ => catalogue
            .parties
            .values()
            .map(|it| vec![some(&it.id), title(&it.names), some(it.kind.as_str())])
            .collect(),
    }
}
