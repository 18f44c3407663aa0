//! What the lines of a statement refer to.

use std::collections::BTreeMap;

use catalog::{Agreement, Catalog, RateTable};
use ident::{AgreementId, RateTableId};
use ledger::{Account, SuspenseReason};
use money::{Atoms, Currency, Ratio};
use settlement::{Exchange, Input, Measure, Plan, Position, Route, SettledCell, Settlement};
use statement::{Places, RecordingNote, SourceNote};
use store::ReportRow;
use usage::{Cell, CellKey, Cells, Context, Target};

use crate::home::party_name;

/// Gives equal sources, recordings and contexts equal numbers.
pub(super) struct Numbers<'a> {
    pub(super) input: &'a Input<'a>,
    reports: BTreeMap<&'a str, &'a ReportRow>,
    sources: BTreeMap<SourceKey, usize>,
    /// The numbers of targets and contexts, by position and by their place in its cells.
    targets: [Vec<usize>; 3],
    contexts: [Vec<usize>; 3],
    /// The numbers of contexts with the price that is told beside them.
    priced: BTreeMap<(usize, Option<Atoms>), usize>,
    /// The numbers of what contexts and routes say about a source.
    origins: [Vec<usize>; 3],
    /// How restated cells were exchanged before, and how they are now.
    exchanges: BTreeMap<(&'a Context, &'a Target), [Option<&'a Exchange>; 2]>,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(
        input: &'a Input<'a>,
        outcome: &'a Settlement,
        reports: &'a [ReportRow],
    ) -> Self {
        let mut targets: BTreeMap<&Target, usize> = BTreeMap::new();
        let mut contexts: BTreeMap<([&str; 4], period::Month), usize> = BTreeMap::new();
        let mut origins: BTreeMap<(&str, &str, &str, Option<Currency>), usize> = BTreeMap::new();
        let tables = POSITIONS.map(|it| input.cells(it));
        let targets = tables.map(|it| {
            it.into_iter().flat_map(Cells::targets).map(|it| number(&mut targets, it)).collect()
        });
        let context = |it: &'a Context| {
            let Context { territory, use_type, commercial_model, price_category, .. } = it;
            ([territory.as_str(), use_type, commercial_model, price_category], it.month)
        };
        let of = |it: Option<&'a Cells>| it.map_or(&[][..], Cells::contexts).iter();
        let origin = |it: &'a Context| {
            (it.report.as_str(), it.service.as_str(), it.basis.as_str(), it.currency)
        };
        let origins = tables.map(|it| of(it).map(|it| number(&mut origins, origin(it))).collect());
        let contexts =
            tables.map(|it| of(it).map(|it| number(&mut contexts, context(it))).collect());
        let reports = reports.iter().map(|it| (it.id.as_str(), it)).collect();
        let (sources, priced) = (BTreeMap::new(), BTreeMap::new());
        let exchanges = exchanges(input, outcome);
        Self { input, reports, sources, targets, contexts, priced, origins, exchanges }
    }

    /// `price` is what one unit costs, as far as it is known.
    pub(super) fn places(
        &mut self,
        cell: &Cell<'_>,
        settled: &SettledCell,
        price: Option<Atoms>,
    ) -> Option<Places> {
        let cells = self.input.cells(settled.position)?;
        let row = cells.rows().get(usize::try_from(settled.cell).ok()?)?;
        let [context, target] =
            [row.context, row.target].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        let table = POSITIONS.iter().position(|it| *it == settled.position)?;
        let is_open = settled.position == Position::Open;
        let source = SourceKey {
            position: settled.position,
            origin: *self.origins.get(table)?.get(context)?,
            route: settled.route,
            cause: (!is_open).then(|| (settled.plan, cell.key())),
        };
        Some(Places {
            source: number(&mut self.sources, source),
            recording: *self.targets.get(table)?.get(target)?,
            context: number(&mut self.priced, (*self.contexts.get(table)?.get(context)?, price)),
            term: 0,
        })
    }

    pub(super) fn source(
        &self,
        cell: &Cell<'_>,
        settled: &SettledCell,
        route: &Route,
        plan: &Plan,
        currency: Currency,
    ) -> SourceNote {
        let key = cell.context;
        let exchange = route.exchange.as_ref();
        let table = exchange.and_then(|it| self.table(settled.position, &it.table));
        let report = self.reports.get(key.report.as_str());
        let restates = report.and_then(|it| it.settlement.clone());
        let restates = restates.filter(|_| settled.position != Position::Open);
        let (licence, licence_rate) = match &route.licence {
            Some((id, rate)) => (id.to_string(), *rate),
            None => (String::new(), Ratio::ONE),
        };
        let (because, because_of) = match restates {
            None => ("", String::new()),
            Some(_) => self.because(cell, route, plan),
        };
        SourceNote {
            basis: key.basis.as_str().to_owned(),
            because: because.to_owned(),
            because_of,
            currency,
            licence,
            licence_rate,
            message_id: report.map_or_else(String::new, |it| it.message_id.clone()),
            rate: exchange.map_or(Ratio::ONE, |it| it.quote.rate),
            rate_day: exchange.map_or_else(String::new, |it| it.quote.time.to_string()),
            rate_over: exchange
                .and_then(|it| it.quote.over)
                .map_or_else(String::new, |it| it.to_string()),
            rate_source: table.map_or_else(String::new, |it| format!("{} ({})", it.source, it.id)),
            report: key.report.clone(),
            restated: match settled.position {
                Position::Open => "",
                Position::Before => "before",
                Position::Now => "now",
            }
            .to_owned(),
            restates: restates.unwrap_or_default(),
            sender: key.sender.clone(),
            service: key.service.clone(),
            sha256: report.map_or_else(String::new, |it| it.sha256.clone()),
        }
    }
}

/// How restated cells were exchanged before, and how they are now; of the first piece of each, since all
/// are exchanged alike.
fn exchanges<'a>(
    input: &'a Input<'a>,
    outcome: &'a Settlement,
) -> BTreeMap<(&'a Context, &'a Target), [Option<&'a Exchange>; 2]> {
    let mut found: BTreeMap<_, [Option<&Exchange>; 2]> = BTreeMap::new();
    for it in outcome.settled.iter().filter(|it| it.position != Position::Open) {
        let exchange = outcome.route(it).and_then(|it| it.exchange.as_ref());
        if let (Some(exchange), Some(cell)) = (exchange, input.cell(it.position, it.cell)) {
            let [before, now] = found.entry((cell.context, cell.target)).or_default();
            let place = if it.position == Position::Before { before } else { now };
            *place = Some(exchange);
        }
    }
    found
}

impl Numbers<'_> {
    /// A table of rates, as the catalogue of a position has it.
    fn table(&self, position: Position, id: &RateTableId) -> Option<&RateTable> {
        let before = self.input.past.restated.as_ref().map(|it| &it.catalog);
        let of = before.filter(|_| position == Position::Before).unwrap_or(self.input.catalog);
        of.rate_tables.get(id)
    }

    /// How the exchange of a restated cell changed, if it did.
    fn exchanged_otherwise(&self, cell: &Cell<'_>) -> Option<(&'static str, String)> {
        let [before, now] = self.exchanges.get(&(cell.context, cell.target))?;
        match (before, now) {
            (before, now) if before == now => None,
            (None, Some(now)) => Some(("rate-known", now.quote.time.to_string())),
            (_, Some(it)) | (Some(it), None) => Some(("rate", it.table.to_string())),
            (None, None) => None,
        }
    }

    /// Why a line is restated: a token, and what it is about.
    fn because(&self, cell: &Cell<'_>, route: &Route, plan: &Plan) -> (&'static str, String) {
        let Some(restated) = &self.input.past.restated else { return ("", String::new()) };
        if ![&restated.before, &restated.now].into_iter().all(|it| it.has(cell)) {
            return ("matching", String::new());
        }
        let (before, now) = (&restated.catalog, self.input.catalog);
        let id = |it: &AgreementId| before.agreements.get(it) != now.agreements.get(it);
        if let Some(agreement) = plan.agreement.as_ref().filter(|it| id(it)) {
            return ("agreement", agreement.to_string());
        }
        if let Some((licence, _)) = &route.licence
            && before.licences.get(licence) != now.licences.get(licence)
        {
            return ("licence", licence.to_string());
        }
        let of_price = plan.claims.iter().any(|it| {
            it.measure == Measure::Price || it.account == Account::Suspense(SuspenseReason::NoPrice)
        });
        if of_price && before.prices != now.prices {
            return ("price", String::new());
        }
        if let Some(why) = self.exchanged_otherwise(cell) {
            return why;
        }
        let of_plan = plan.agreement.as_ref().and_then(|it| now.agreements.get(it));
        match of_plan.is_some_and(Agreement::has_ladder) {
            true => ("sales", cell.context.month.to_string()),
            false if before.pipes != now.pipes => ("pipe", String::new()),
            false => ("catalogue", String::new()),
        }
    }
}

/// Where cells may stand.
const POSITIONS: [Position; 3] = [Position::Open, Position::Before, Position::Now];

/// What equal sources have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct SourceKey {
    position: Position,
    origin: usize,
    route: u32,
    /// Of restated lines the plan and the cell: they may have different reasons.
    cause: Option<(u32, CellKey)>,
}

fn number<K: Ord>(numbers: &mut BTreeMap<K, usize>, key: K) -> usize {
    let next = numbers.len();
    *numbers.entry(key).or_insert(next)
}

pub(super) fn recording_note(catalogue: &Catalog, target: &Target) -> RecordingNote {
    match target {
        Target::Unmatched { isrc, title, artist, .. } => RecordingNote {
            artist: artist.clone(),
            id: String::new(),
            isrc: isrc.clone(),
            title: title.clone(),
        },
        Target::Product(id) => {
            let known = catalogue.products.get(id);
            let title = known.and_then(|it| it.titles.get("en").or(it.titles.values().next()));
            let party = known.and_then(|it| it.parties.first());
            RecordingNote {
                artist: party.map_or_else(String::new, |it| party_name(catalogue, it)),
                id: id.to_string(),
                isrc: String::new(),
                title: title.cloned().unwrap_or_default(),
            }
        }
        Target::Recording(id) => {
            let known = catalogue.recordings.get(id);
            let title = known.and_then(|it| it.titles.get("en").or(it.titles.values().next()));
            let isrc = known.and_then(|it| it.isrcs.first());
            RecordingNote {
                artist: known.map_or_else(String::new, |it| it.artist.clone()),
                id: id.to_string(),
                isrc: isrc.map_or_else(String::new, ToString::to_string),
                title: title.cloned().unwrap_or_default(),
            }
        }
    }
}
