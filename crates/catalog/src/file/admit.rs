//! Checks entries against each other and lets the sound ones in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use finding::{Finding, Position, RuleDoc};
use ident::{AgreementId, Isrc, ProductionId};

use super::fields::Link;
use super::shares;
use crate::rule::{
    EPISODE_UNLISTED, ID_DUPLICATE, ISRC_DUPLICATE, LICENCES_OVER_WHOLE, LINK_DANGLING,
    NUMBER_DUPLICATE,
};
use crate::{EntryKind, Licence, Party, Production, Recording, Release, Work};

/// An entry as it stood in a file.
pub(super) struct Draft<T> {
    /// Its id, if that could be read.
    pub(super) id: Option<String>,
    /// The entry, if nothing in it was wrong.
    pub(super) value: Option<T>,
    /// Where it starts.
    pub(super) position: Position,
    /// The entries it names.
    pub(super) links: Vec<Link>,
}

/// What has been let in and kept out so far.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) findings: Vec<Finding>,
    known: BTreeSet<(EntryKind, String)>,
    left_out: BTreeSet<(EntryKind, String)>,
    isrcs: BTreeMap<Isrc, String>,
    /// Other standard numbers, by their name and value, and who has them.
    numbers: BTreeMap<(&'static str, String), String>,
}

impl Desk {
    /// What was kept out, by kind and id.
    pub(super) fn into_left_out(self) -> BTreeSet<(EntryKind, String)> {
        self.left_out
    }

    /// Lets in the entries of one kind that are sound, whose links hold and which pass `check`.
    pub(super) fn admit<K: Ord + Display, T>(
        &mut self,
        kind: EntryKind,
        drafts: Vec<Draft<T>>,
        id_of: impl Fn(&T) -> K,
        mut check: impl FnMut(&mut Self, &T, &Position) -> bool,
    ) -> BTreeMap<K, T> {
        let mut admitted = BTreeMap::new();
        for draft in drafts {
            let unique = self.is_unique(kind, &draft);
            let sound = self.links_hold(&draft.links);
            let fit =
                draft.value.filter(|value| unique && sound && check(self, value, &draft.position));
            match fit {
                Some(value) => {
                    let id = id_of(&value);
                    self.known.insert((kind, id.to_string()));
                    admitted.insert(id, value);
                }
                None if unique => self.left_out.extend(draft.id.map(|id| (kind, id))),
                None => {}
            }
        }
        admitted
    }

    /// Where entries start, by their ids.
    pub(super) fn places<T>(drafts: &[Draft<T>]) -> BTreeMap<String, Position> {
        let place = |it: &Draft<T>| Some((it.id.clone()?, it.position.clone()));
        drafts.iter().filter_map(place).collect()
    }

    /// Reports payers whose licences for several rights come to more than all that they earn.
    pub(super) fn licences(
        &mut self,
        licences: &BTreeMap<AgreementId, Licence>,
        places: &BTreeMap<String, Position>,
    ) {
        let mut by_payer: BTreeMap<&str, Vec<&Licence>> = BTreeMap::new();
        for it in licences.values() {
            by_payer.entry(&it.payer).or_default().push(it);
        }
        for (payer, licences) in by_payer {
            let Err(problem) = shares::check_licences(&licences) else { continue };
            let last = licences.last().and_then(|it| places.get(it.id.as_str()));
            let message = format!("licences of {payer}: {problem}");
            let position = last.cloned().unwrap_or_default();
            self.report(&LICENCES_OVER_WHOLE, &position, "rate", message, payer);
        }
    }

    pub(super) fn report(
        &mut self,
        rule: &RuleDoc,
        position: &Position,
        key: &str,
        message: String,
        text: &str,
    ) {
        let position = if key.is_empty() {
            position.clone()
        } else {
            Position { cell_name: key.to_owned(), ..position.clone() }
        };
        self.findings.push(rule.finding(message).at(position).evidence(text));
    }

    fn is_unique<T>(&mut self, kind: EntryKind, draft: &Draft<T>) -> bool {
        let Some(id) = &draft.id else { return true };
        let key = (kind, id.clone());
        let twice = self.known.contains(&key) || self.left_out.contains(&key);
        if twice {
            let message = format!("there is already a {} {id}", kind.as_str());
            self.report(&ID_DUPLICATE, &draft.position, "id", message, id);
        }
        !twice
    }

    fn links_hold(&mut self, links: &[Link]) -> bool {
        let mut hold = true;
        for Link { to, id, position } in links {
            let key = (*to, id.clone());
            if self.known.contains(&key) {
                continue;
            }
            hold = false;
            let why = if self.left_out.contains(&key) { "was left out" } else { "is not there" };
            let message = format!("{} {id} {why}", to.as_str());
            self.report(&LINK_DANGLING, position, "", message, id);
        }
        hold
    }

    pub(super) const fn any<T>(&mut self, _: &T, _: &Position) -> bool {
        true
    }

    pub(super) fn party(&mut self, party: &Party, at: &Position) -> bool {
        let id = party.id.as_str();
        self.number("ipi", party.ipi.as_ref(), id, at);
        self.number("isni", party.isni.as_ref(), id, at);
        self.number("dpid", party.dpid.as_ref(), id, at);
        true
    }

    pub(super) fn work(&mut self, work: &Work, at: &Position) -> bool {
        self.number("iswc", work.iswc.as_ref(), work.id.as_str(), at);
        true
    }

    pub(super) fn release(&mut self, release: &Release, at: &Position) -> bool {
        self.number("icpn", release.icpn.as_ref(), release.id.as_str(), at);
        true
    }

    pub(super) fn recording(&mut self, recording: &Recording, at: &Position) -> bool {
        let owner = recording.isrcs.iter().find_map(|i| self.isrcs.get(i).map(|o| (i, o.clone())));
        if let Some((isrc, owner)) = owner {
            let message = format!("recording {owner} already has {isrc}");
            self.report(&ISRC_DUPLICATE, at, "isrc", message, &isrc.to_string());
            return false;
        }
        let id = recording.id.to_string();
        self.isrcs.extend(recording.isrcs.iter().map(|isrc| (*isrc, id.clone())));
        true
    }

    pub(super) fn episodes(
        &mut self,
        recording: &Recording,
        productions: &BTreeMap<ProductionId, Production>,
        at: &Position,
    ) {
        for link in &recording.productions {
            let listed = productions
                .get(&link.production)
                .is_none_or(|production| production.lists(link.season, link.episode));
            if !listed {
                let number = |n: Option<u16>| n.map_or_else(|| "any".to_owned(), |n| n.to_string());
                let message = format!(
                    "production {} does not list season {}, episode {}",
                    link.production,
                    number(link.season),
                    number(link.episode)
                );
                let text = link.production.to_string();
                self.report(&EPISODE_UNLISTED, at, "productions", message, &text);
            }
        }
    }

    fn number<T: Display>(
        &mut self,
        name: &'static str,
        number: Option<&T>,
        id: &str,
        at: &Position,
    ) {
        let Some(number) = number.map(ToString::to_string) else { return };
        match self.numbers.get(&(name, number.clone())) {
            Some(owner) => {
                let message = format!("{owner} already has {name} {number}");
                self.report(&NUMBER_DUPLICATE, at, name, message, &number);
            }
            None => {
                self.numbers.insert((name, number), id.to_owned());
            }
        }
    }
}
