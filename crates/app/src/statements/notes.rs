//! What the lines of a statement refer to.

use std::collections::BTreeMap;

use catalog::{Agreement, Catalog};
use ident::AgreementId;
use money::Ratio;
use settlement::{Input, Plan, Position, SettledCell};
use statement::{Places, RecordingNote, SourceNote};
use store::ReportRow;
use usage::{Cell, CellKey, Target};

use crate::home::party_name;

/// Gives equal sources, recordings and contexts equal numbers.
pub(super) struct Numbers<'a> {
    pub(super) input: &'a Input<'a>,
    reports: BTreeMap<&'a str, &'a ReportRow>,
    restated: BTreeMap<&'a CellKey, [bool; 2]>,
    sources: BTreeMap<SourceKey<'a>, usize>,
    recordings: BTreeMap<&'a Target, usize>,
    contexts: BTreeMap<(&'a str, &'a str, &'a str, period::Month), usize>,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(input: &'a Input<'a>, reports: &'a [ReportRow]) -> Self {
        let mut restated: BTreeMap<&CellKey, [bool; 2]> = BTreeMap::new();
        if let Some(it) = &input.past.restated {
            it.before.iter().for_each(|it| restated.entry(&it.key).or_default()[0] = true);
            it.now.iter().for_each(|it| restated.entry(&it.key).or_default()[1] = true);
        }
        Self {
            input,
            reports: reports.iter().map(|it| (it.id.as_str(), it)).collect(),
            restated,
            sources: BTreeMap::new(),
            recordings: BTreeMap::new(),
            contexts: BTreeMap::new(),
        }
    }

    pub(super) fn places(&mut self, cell: &'a Cell, settled: &'a SettledCell) -> Places {
        let key = &cell.key;
        let licence = settled.licence.as_ref().map_or("", |it| it.0.as_str());
        let source = SourceKey {
            position: settled.position,
            texts: [&key.report, &key.service, key.basis.as_str(), licence],
            cause: (settled.position != Position::Open).then_some((settled.plan, key)),
        };
        let context = (
            key.territory.as_str(),
            key.use_type.as_str(),
            key.commercial_model.as_str(),
            key.month,
        );
        Places {
            source: number(&mut self.sources, source),
            recording: number(&mut self.recordings, &key.target),
            context: number(&mut self.contexts, context),
            term: 0,
        }
    }

    pub(super) fn source(&self, cell: &Cell, settled: &SettledCell, plan: &Plan) -> SourceNote {
        let key = &cell.key;
        let report = self.reports.get(key.report.as_str());
        let restates = report.and_then(|it| it.settlement.clone());
        let restates = restates.filter(|_| settled.position != Position::Open);
        let (licence, licence_rate) = match &settled.licence {
            Some((id, rate)) => (id.to_string(), *rate),
            None => (String::new(), Ratio::ONE),
        };
        SourceNote {
            basis: key.basis.as_str().to_owned(),
            because: match restates {
                None => String::new(),
                Some(_) => self.because(key, settled, plan),
            },
            licence,
            licence_rate,
            message_id: report.map_or_else(String::new, |it| it.message_id.clone()),
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

impl Numbers<'_> {
    /// Why a line is restated.
    fn because(&self, key: &CellKey, settled: &SettledCell, plan: &Plan) -> String {
        if self.restated.get(key) != Some(&[true, true]) {
            return "the usage is matched otherwise".to_owned();
        }
        let Some(restated) = &self.input.past.restated else { return String::new() };
        let (before, now) = (&restated.catalog, self.input.catalog);
        let id = |it: &AgreementId| before.agreements.get(it) != now.agreements.get(it);
        if let Some(agreement) = plan.agreement.as_ref().filter(|it| id(it)) {
            return format!("agreement {agreement} changed");
        }
        if let Some((licence, _)) = &settled.licence
            && before.licences.get(licence) != now.licences.get(licence)
        {
            return format!("licence {licence} changed");
        }
        let of_plan = plan.agreement.as_ref().and_then(|it| now.agreements.get(it));
        match of_plan.is_some_and(Agreement::has_ladder) {
            true => format!("more was sold in {}, or before, than was known", key.month),
            false => "the catalogue changed".to_owned(),
        }
    }
}

/// What equal sources have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SourceKey<'a> {
    position: Position,
    texts: [&'a str; 4],
    /// Of restated lines the plan and the cell: they may have different reasons.
    cause: Option<(usize, &'a CellKey)>,
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
