//! What is paid by a cue sheet: a fee divided by length, and the weights of a team.

use std::collections::BTreeMap;

use cue::{Counted, CueLines, CueSheet, LineRules, Lookup, UsageCode};
use money::Amount;
use period::Period;
use usage::RightsType;

use super::{CueError, LANGUAGES, sheet};
use crate::Home;

/// A fee that is divided by how long each recording sounds.
#[derive(Clone, Debug)]
pub struct FeeRequest {
    /// The sheets, one or more.
    pub sheets: Vec<String>,
    /// What is divided.
    pub fee: Amount,
    /// Who pays it.
    pub licensee: String,
    /// What was licensed, as the source `licence-fees` spells it: `sync`.
    pub kind: String,
    /// The territory code; may be empty.
    pub territory: String,
    /// When it is for.
    pub period: Period,
    /// How much a millisecond of a usage code counts, in hundredths; 100 where nothing is said.
    pub weights: BTreeMap<UsageCode, u32>,
}

/// A fee, divided.
#[derive(Clone, Debug)]
pub struct Fee {
    /// The lines, a recording and sheet each.
    pub lines: CueLines,
    /// The same as a report of the source `licence-fees`.
    pub table: String,
}

/// Divides a fee by the confirmed cues of sheets, to the last atom.
///
/// # Errors
/// [`CueError`] if there is no such sheet, or nothing is confirmed.
pub fn fee(home: &Home, request: &FeeRequest) -> Result<Fee, CueError> {
    let catalogue = home.store.catalogue()?;
    let lookup = Lookup::new(&catalogue, &LANGUAGES);
    let rules = LineRules {
        report: String::new(),
        sender: request.licensee.clone(),
        service: request.licensee.clone(),
        territory: request.territory.clone(),
        use_type: String::new(),
        commercial_model: String::new(),
        rights_type: RightsType::Master,
        from: request.period.start(),
        until: request.period.end(),
        counted: Counted::Cues,
        fee: Some(request.fee),
        weights: request.weights.clone(),
    };
    let sheets = sheets(home, &request.sheets)?;
    let lines = cue::usage_lines(&sheets, &lookup, &rules)?;
    let table = cue::fee_table(&lines.lines, &request.kind).to_csv();
    Ok(Fee { lines, table })
}

/// The weights of those who have one of some roles in what sounds, by how long it sounds, as an agreement
/// writes them.
///
/// # Errors
/// [`CueError`] if there is no such sheet.
pub fn weights(home: &Home, ids: &[String], roles: &[String]) -> Result<String, CueError> {
    let catalogue = home.store.catalogue()?;
    let lookup = Lookup::new(&catalogue, &LANGUAGES);
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    let weights = cue::weights_by_length(&sheets(home, ids)?, &lookup, &roles);
    Ok(cue::among_text(&weights))
}

fn sheets(home: &Home, ids: &[String]) -> Result<Vec<CueSheet>, CueError> {
    ids.iter().map(|id| Ok(sheet(home, id)?.review.now())).collect()
}
