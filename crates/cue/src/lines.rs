//! Cues as usage lines, and what is divided by how long they sound.

use std::collections::BTreeMap;

use ident::PartyId;
use money::{AllocateError, Amount, Atoms, allocate};
use period::Date;
use usage::{Basis, Line, RightsType};

use crate::cue_sheet::union_ms;
use crate::table::{Column, Table, number, text};
use crate::{Cue, CueSheet, Lookup, UsageCode};

/// How the confirmed cues of sheets become usage lines. Texts are as on any other line.
#[derive(Clone, Debug)]
pub struct LineRules {
    /// Report id.
    pub report: String,
    /// Who pays: the production.
    pub sender: String,
    /// Service, as agreements name it.
    pub service: String,
    /// Territory code.
    pub territory: String,
    /// Use type, such as `SyncLicence`.
    pub use_type: String,
    /// Commercial model.
    pub commercial_model: String,
    /// The right the money is for.
    pub rights_type: RightsType,
    /// First day of the usage.
    pub from: Date,
    /// First day after it.
    pub until: Date,
    /// What a usage is.
    pub counted: Counted,
    /// What is divided by length; nothing for lines without money.
    pub fee: Option<Amount>,
    /// How much a millisecond of a usage code counts, in hundredths; 100 where nothing is said.
    pub weights: BTreeMap<UsageCode, u32>,
}

/// What a usage is.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Counted {
    /// A cue.
    #[default]
    Cues,
    /// A second: a price of the price list is then one of a second, and terms on the price pay by length.
    Seconds,
}

/// The lines, and what did not become one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CueLines {
    /// A line for each recording in each sheet, by sheet, then by recording.
    pub lines: Vec<Line>,
    /// How long each line's music sounds, in milliseconds, in the same order.
    pub lengths_ms: Vec<u64>,
    /// How many cues nobody has confirmed: they are on no line.
    pub unconfirmed: usize,
}

/// Why there are no lines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinesError {
    /// There is a fee, and nothing to divide it by.
    #[error(
        "no confirmed cue has a length, so the fee cannot be divided; confirm the cues first \
         ({unconfirmed} wait)"
    )]
    NothingConfirmed {
        /// How many cues nobody has confirmed.
        unconfirmed: usize,
    },
    /// The lengths add up to too much.
    #[error("the lengths of the cues add up to more than can be counted")]
    Overflow,
}

/// Makes usage lines of all confirmed cues: how often or how long each recording sounds in each episode,
/// and its part of the fee.
///
/// The fee is divided by milliseconds, each weighed by its usage code, in one exact division: the parts add
/// up to it to the last atom. Where cues of one recording and code overlap, the time counts once.
///
/// # Errors
/// [`LinesError`].
pub fn usage_lines(
    sheets: &[CueSheet],
    lookup: &Lookup<'_>,
    rules: &LineRules,
) -> Result<CueLines, LinesError> {
    let mut made = CueLines::default();
    let mut weights: Vec<u128> = Vec::new();
    for sheet in sheets {
        let (sure, waiting): (Vec<&Cue>, Vec<&Cue>) =
            sheet.cues.iter().partition(|it| it.is_confirmed());
        made.unconfirmed += waiting.len();
        let mut by_recording: BTreeMap<(&str, &str), Vec<&Cue>> = BTreeMap::new();
        for cue in sure {
            let recording = lookup.identity(&cue.recording);
            let title = if recording.is_empty() { cue.title.as_str() } else { "" };
            by_recording.entry((recording, title)).or_default().push(cue);
        }
        for cues in by_recording.into_values() {
            let mut sums = Sums::default();
            for (code, cues) in by_code(&cues) {
                let length = length_ms(&cues);
                let weight = code.and_then(|it| rules.weights.get(&it)).copied().unwrap_or(100);
                sums.add(length, weight).ok_or(LinesError::Overflow)?;
            }
            let number = u64::try_from(made.lines.len()).unwrap_or(u64::MAX).saturating_add(1);
            made.lines.push(line(number, sheet, &cues, sums.length_ms, lookup, rules));
            made.lengths_ms.push(sums.length_ms);
            weights.push(sums.weight);
        }
    }
    if let Some(fee) = rules.fee {
        let parts = allocate(fee.atoms, &weights).map_err(|error| match error {
            AllocateError::NoWeight => {
                LinesError::NothingConfirmed { unconfirmed: made.unconfirmed }
            }
            _ => LinesError::Overflow,
        })?;
        for (line, part) in made.lines.iter_mut().zip(parts) {
            line.amount = part;
            (line.currency, line.basis) = (Some(fee.currency), Basis::Received);
        }
    }
    Ok(made)
}

#[derive(Default)]
struct Sums {
    length_ms: u64,
    weight: u128,
}

impl Sums {
    fn add(&mut self, length_ms: u64, weight: u32) -> Option<()> {
        self.length_ms = self.length_ms.checked_add(length_ms)?;
        let weighed = u128::from(length_ms).checked_mul(u128::from(weight))?;
        self.weight = self.weight.checked_add(weighed)?;
        Some(())
    }
}

fn by_code<'c>(cues: &[&'c Cue]) -> BTreeMap<Option<UsageCode>, Vec<&'c Cue>> {
    let mut by_code: BTreeMap<_, Vec<&Cue>> = BTreeMap::new();
    cues.iter().for_each(|it| by_code.entry(it.code).or_default().push(it));
    by_code
}

/// How long cues sound: what overlaps once, and those without a begin each for itself.
fn length_ms(cues: &[&Cue]) -> u64 {
    let placed = union_ms(cues.iter().filter_map(|it| it.span()));
    let other = cues.iter().filter(|it| it.start_ms.is_none()).map(|it| it.length_ms);
    other.fold(placed, u64::saturating_add)
}

fn line(
    number: u64,
    sheet: &CueSheet,
    cues: &[&Cue],
    length_ms: u64,
    lookup: &Lookup<'_>,
    rules: &LineRules,
) -> Line {
    let cue = cues.first().copied().cloned().unwrap_or_default();
    let credits = lookup.credits(&cue);
    let usages = match rules.counted {
        Counted::Cues => Atoms::from_units(i64::try_from(cues.len()).unwrap_or(i64::MAX)),
        Counted::Seconds => Atoms::from_raw(i128::from(length_ms) * (Atoms::ONE.raw() / 1000)),
    };
    Line {
        report: rules.report.clone(),
        line: number,
        file: 0,
        transaction: sheet.head.name(),
        sender: rules.sender.clone(),
        service: rules.service.clone(),
        territory: rules.territory.clone(),
        use_type: rules.use_type.clone(),
        commercial_model: rules.commercial_model.clone(),
        rights_type: rules.rights_type,
        basis: Basis::NoMoney,
        from: rules.from,
        until: rules.until,
        isrc: credits.isrc,
        icpn: String::new(),
        resource_id: lookup.identity(&cue.recording).to_owned(),
        title: if credits.title.is_empty() { cue.title } else { credits.title },
        artist: credits.artist,
        usages,
        currency: None,
        amount: Atoms::ZERO,
        unit_price: None,
        price_category: String::new(),
        subscribed: None,
        adjustment: String::new(),
        corrects: String::new(),
    }
}

/// Weights of those who have a role in what sounds, by how long it sounds, for the `among` of a term.
///
/// The length of a recording is divided equally among all who have the role in it or in its works. Weights
/// are exact and as small as they can be; parties come in the order of their ids. Only confirmed cues
/// count.
#[must_use]
pub fn weights_by_length(
    sheets: &[CueSheet],
    lookup: &Lookup<'_>,
    roles: &[&str],
) -> Vec<(PartyId, u64)> {
    let mut lengths: BTreeMap<Vec<PartyId>, u64> = BTreeMap::new();
    for sheet in sheets {
        let mut by_team: BTreeMap<Vec<PartyId>, BTreeMap<&str, Vec<&Cue>>> = BTreeMap::new();
        for cue in sheet.cues.iter().filter(|it| it.is_confirmed()) {
            let label = lookup.identity(&cue.recording);
            let team = lookup.team(label, roles);
            if !team.is_empty() {
                by_team.entry(team).or_default().entry(label).or_default().push(cue);
            }
        }
        for (team, recordings) in by_team {
            let length = recordings.values().map(|it| length_ms(it)).sum::<u64>();
            *lengths.entry(team).or_default() += length;
        }
    }
    // All teams' sizes divide this, so each part of a length is whole.
    let whole = lengths.keys().map(|it| it.len() as u64).fold(1, lcm);
    let mut weights: BTreeMap<PartyId, u64> = BTreeMap::new();
    for (team, length) in &lengths {
        let part = length.saturating_mul(whole / (team.len() as u64).max(1));
        for party in team {
            let sum = weights.entry(party.clone()).or_default();
            *sum = sum.saturating_add(part);
        }
    }
    weights.retain(|_, weight| *weight > 0);
    let unit = weights.values().copied().fold(0, gcd).max(1);
    weights.into_iter().map(|(party, weight)| (party, weight / unit)).collect()
}

/// Weights as the catalogue writes them: `among = [{ party = "kim", weight = 3 }]`.
#[must_use]
pub fn among_text(weights: &[(PartyId, u64)]) -> String {
    let one = |(party, weight): &(PartyId, u64)| {
        format!("    {{ party = \"{party}\", weight = {weight} }},\n")
    };
    format!("among = [\n{}]\n", weights.iter().map(one).collect::<String>())
}

/// The columns of the shipped source `licence-fees`, which reads this table as a report.
const FEE_COLUMNS: &[Column] = &[
    text("Date", 12),
    text("Licensee", 20),
    text("Kind", 8),
    text("Territory", 10),
    text("Licence", 22),
    text("Title", 28),
    text("Artist", 22),
    text("ISRC", 14),
    text("Stock Number", 18),
    number("Quantity", 10),
    number("Amount", 24),
    text("Currency", 9),
];

/// Lines as a report that can be taken in: the sheet `licence-fees`, a row a recording and episode. So what
/// was divided goes the way of all money, with a file that an auditor can keep.
#[must_use]
pub fn fee_table(lines: &[Line], kind: &str) -> Table {
    let row = |it: &Line| {
        vec![
            it.from.to_string(),
            it.service.clone(),
            kind.to_owned(),
            it.territory.clone(),
            it.transaction.clone(),
            it.title.clone(),
            it.artist.clone(),
            it.isrc.clone(),
            it.resource_id.clone(),
            it.usages.to_string(),
            it.amount.to_string(),
            it.currency.map(|it| it.to_string()).unwrap_or_default(),
        ]
    };
    let rows = lines.iter().map(row).collect();
    Table { head: Vec::new(), columns: FEE_COLUMNS, rows, marked: false }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn lcm(a: u64, b: u64) -> u64 {
    (a / gcd(a, b).max(1)).saturating_mul(b)
}

#[cfg(test)]
mod tests;
