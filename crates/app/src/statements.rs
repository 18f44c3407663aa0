//! From a settlement to one statement for each account and currency.

use std::collections::BTreeMap;

use catalog::Catalog;
use ledger::{Account, TrialBalance};
use money::{Currency, Ratio};
use period::Period;
use settlement::{Claim, ClaimKind, Plan, Rounded, SettledCell, Settlement};
use statement::{
    AdvanceNote, AmountLine, ContextNote, Places, RecordingNote, SourceNote, StatementBuilder,
    Subject, TermNote,
};
use store::{ReportRow, StatementToPost};
use usage::{Cell, CellKey, Target};

use crate::Home;
use crate::home::party_name;
use crate::settle::suspense_words;

/// A statement in the making for each account and currency, found by account or, quicker, by the
/// place of a claim.
#[derive(Default)]
struct Builders {
    places: BTreeMap<(Account, Currency), usize>,
    claims: BTreeMap<(usize, usize, Currency), usize>,
    list: Vec<StatementBuilder>,
}

impl Builders {
    fn place(
        &mut self,
        account: &Account,
        currency: Currency,
        begin: impl FnOnce() -> StatementBuilder,
    ) -> usize {
        *self.places.entry((account.clone(), currency)).or_insert_with(|| {
            self.list.push(begin());
            self.list.len() - 1
        })
    }
}

/// Builds every statement of a settlement; none if a sum leaves the range of amounts.
///
/// Every atom that was received stands in one of them: payees, fees, what is retained and what
/// waits each have their own.
#[expect(clippy::too_many_arguments, reason = "the one place where all that was decided meets")]
pub(crate) fn statements<'a>(
    id: &str,
    period: Period,
    home: &Home,
    catalogue: &'a Catalog,
    reports: &'a [ReportRow],
    cells: &'a [Cell],
    outcome: &'a Settlement,
    book: &TrialBalance,
) -> Option<Vec<StatementToPost>> {
    let begin = |account: &Account, currency: Currency| {
        StatementBuilder::new(Subject {
            account: account.to_string(),
            name: account_name(account, catalogue, &home.config.operator),
            operator: home.config.operator.clone(),
            period: period.to_string(),
            settlement: id.to_owned(),
            currency,
        })
    };
    let mut builders = Builders::default();
    let mut numbers = Numbers::new(catalogue, reports);
    for it in &outcome.settled {
        let (cell, plan) = (cells.get(it.cell)?, outcome.plans.get(it.plan)?);
        let places = numbers.places(cell, it);
        for (index, claim) in plan.claims.iter().enumerate() {
            let currency = cell.key.currency?;
            let key = (it.plan, index, currency);
            let at = match builders.claims.get(&key) {
                Some(at) => *at,
                None => {
                    let at = builders
                        .place(&claim.account, currency, || begin(&claim.account, currency));
                    builders.claims.insert(key, at);
                    at
                }
            };
            let builder = builders.list.get_mut(at)?;
            add_line(builder, &numbers, places, cell, plan, it, index)?;
        }
    }
    // A statement is issued to everybody with a balance or an advance, also at zero.
    let open = book.iter().map(|(account, currency, _)| (account.clone(), currency));
    let recouping =
        outcome.recoupments.iter().map(|it| (Account::Payee(it.payee.clone()), it.currency));
    for (account, currency) in open.chain(recouping) {
        let holder = |it: &Account| {
            !matches!(it, Account::Advance { .. } | Account::Cash | Account::Received(_))
        };
        if holder(&account) {
            builders.place(&account, currency, || begin(&account, currency));
        }
    }
    let Builders { places, list, .. } = builders;
    let mut list: Vec<Option<StatementBuilder>> = list.into_iter().map(Some).collect();
    let finish = |((account, currency), at): ((Account, Currency), usize)| {
        let builder = list.get_mut(at)?.take()?;
        let opening = book.balance(&account, currency).due()?;
        let statement = builder.finish(opening, advances(&account, currency, outcome)?)?;
        Some(StatementToPost {
            account: statement.account.clone(),
            currency,
            name: statement.name.clone(),
            earned: statement.balance.earned,
            payable: statement.balance.payable,
            canonical: statement.canonical(),
        })
    };
    places.into_iter().map(finish).collect()
}

fn add_line(
    builder: &mut StatementBuilder,
    numbers: &Numbers<'_>,
    places: Places,
    cell: &Cell,
    plan: &Plan,
    settled: &SettledCell,
    index: usize,
) -> Option<()> {
    let claim = plan.claims.get(index)?;
    let rounded = match settled.rounded(plan, index)? {
        Rounded::Exact => statement::Rounded::Exact,
        Rounded::Down => statement::Rounded::Down,
        Rounded::Up => statement::Rounded::Up,
    };
    builder.line(
        Places { term: settled.plan.checked_mul(1 << 16)?.checked_add(index)?, ..places },
        &AmountLine {
            report_lines: [cell.lines, cell.first_line, cell.last_line],
            usages: cell.usages,
            reported: cell.amount,
            received: settled.received,
            amount: *settled.amounts.get(index)?,
            rounded,
        },
        || numbers.source(&cell.key, settled),
        || recording_note(numbers.catalogue, &cell.key.target),
        || term_note(plan, claim),
        || ContextNote {
            commercial_model: cell.key.commercial_model.clone(),
            month: cell.key.month.to_string(),
            territory: cell.key.territory.clone(),
            use_type: cell.key.use_type.clone(),
        },
    );
    Some(())
}

/// Gives equal sources, recordings and contexts equal numbers.
struct Numbers<'a> {
    catalogue: &'a Catalog,
    reports: BTreeMap<&'a str, &'a ReportRow>,
    sources: BTreeMap<(&'a str, &'a str, &'a str, &'a str), usize>,
    recordings: BTreeMap<&'a Target, usize>,
    contexts: BTreeMap<(&'a str, &'a str, &'a str, period::Month), usize>,
}

impl<'a> Numbers<'a> {
    fn new(catalogue: &'a Catalog, reports: &'a [ReportRow]) -> Self {
        Self {
            catalogue,
            reports: reports.iter().map(|it| (it.id.as_str(), it)).collect(),
            sources: BTreeMap::new(),
            recordings: BTreeMap::new(),
            contexts: BTreeMap::new(),
        }
    }

    fn places(&mut self, cell: &'a Cell, settled: &'a SettledCell) -> Places {
        let key = &cell.key;
        let licence = settled.licence.as_ref().map_or("", |it| it.0.as_str());
        let source = (key.report.as_str(), key.service.as_str(), key.basis.as_str(), licence);
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

    fn source(&self, key: &CellKey, settled: &SettledCell) -> SourceNote {
        let report = self.reports.get(key.report.as_str());
        let (licence, licence_rate) = match &settled.licence {
            Some((id, rate)) => (id.to_string(), *rate),
            None => (String::new(), Ratio::ONE),
        };
        SourceNote {
            basis: key.basis.as_str().to_owned(),
            licence,
            licence_rate,
            message_id: report.map_or_else(String::new, |it| it.message_id.clone()),
            report: key.report.clone(),
            sender: key.sender.clone(),
            service: key.service.clone(),
            sha256: report.map_or_else(String::new, |it| it.sha256.clone()),
        }
    }
}

fn number<K: Ord>(numbers: &mut BTreeMap<K, usize>, key: K) -> usize {
    let next = numbers.len();
    *numbers.entry(key).or_insert(next)
}

fn recording_note(catalogue: &Catalog, target: &Target) -> RecordingNote {
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

fn term_note(plan: &Plan, claim: &Claim) -> TermNote {
    let words = match (claim.kind, claim.of == Ratio::ONE) {
        (ClaimKind::Fee, _) => format!("fee of {} off the top", percent(claim.rate)),
        (ClaimKind::RoyaltyRate, true) => {
            format!("royalty of {} on what was received", percent(claim.rate))
        }
        (ClaimKind::RoyaltyRate, false) => format!(
            "royalty of {} on what is left after fees, {} of what was received",
            percent(claim.rate),
            percent(claim.of)
        ),
        (ClaimKind::ProfitShare, _) => format!(
            "share of {} in what is left after fees and royalties, {} of what was received",
            percent(claim.rate),
            percent(claim.of)
        ),
        (ClaimKind::Retained, _) => "what no term gives away".to_owned(),
        (ClaimKind::Suspense, _) => "waits until it is known whom it is due to".to_owned(),
    };
    TermNote {
        agreement: plan.agreement.as_ref().map_or_else(String::new, ToString::to_string),
        fraction: claim.fraction,
        kind: claim.kind.as_str().to_owned(),
        of: claim.of,
        rate: claim.rate,
        term: claim.term.as_ref().map_or_else(String::new, ToString::to_string),
        words,
    }
}

/// Returns a ratio as people read it: a percentage if that is exact, else the fraction.
#[must_use]
pub fn percent(ratio: Ratio) -> String {
    let digits = ratio.to_percent(4);
    let short = digits.trim_end_matches('0').trim_end_matches('.');
    match Ratio::parse(&format!("{short}%")) {
        Ok(back) if back == ratio => format!("{short} %"),
        _ => ratio.to_string(),
    }
}

fn advances(
    account: &Account,
    currency: Currency,
    outcome: &Settlement,
) -> Option<Vec<AdvanceNote>> {
    let Account::Payee(payee) = account else { return Some(Vec::new()) };
    outcome
        .recoupments
        .iter()
        .filter(|it| it.payee == *payee && it.currency == currency)
        .map(|it| {
            Some(AdvanceNote {
                advance: it.advance.to_string(),
                agreement: it.agreement.to_string(),
                closing_unrecouped: it.opening.checked_sub(it.recouped)?,
                opening_unrecouped: it.opening,
                recouped: it.recouped,
            })
        })
        .collect()
}

fn account_name(account: &Account, catalogue: &Catalog, operator: &str) -> String {
    match account {
        Account::Payee(party) | Account::Fee(party) => party_name(catalogue, party),
        Account::Retained => operator.to_owned(),
        Account::Suspense(reason) => suspense_words(*reason).to_owned(),
        Account::Advance { .. } | Account::Cash | Account::Received(_) => account.to_string(),
    }
}
