//! A sheet in the forms that others read.

use cue::{CueSheet, EdlOptions, FrameRate, Lookup};
use dsr::Header;
use ident::Dpid;

use super::{CueError, LANGUAGES, sheet};
use crate::Home;

/// A form that a sheet is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Our own table, with everything.
    Csv,
    /// What societies of performing rights ask for, as a table.
    Pro,
    /// The same as a workbook.
    ProWorkbook,
    /// The Korean columns, as a table.
    Komca,
    /// The same as a workbook.
    KomcaWorkbook,
    /// Cue records of a digital sales report (DDEX, audio-visual profile).
    Cu01,
    /// Subtitles for the editor.
    Vtt,
    /// An edit decision list.
    Edl,
    /// A picture of the timeline.
    Svg,
}

/// How a sheet is handed on.
#[derive(Clone, Debug)]
pub struct HandOn<'a> {
    /// The form.
    pub form: Form,
    /// Frames a second, of an edit decision list.
    pub rate: FrameRate,
    /// Where the record begins, in milliseconds of timecode; of an edit decision list.
    pub record_start_ms: u64,
    /// Cues that nobody confirmed are left out.
    pub confirmed_only: bool,
    /// Who sends it, of a digital sales report.
    pub sender: Option<Dpid>,
    /// When it is written, RFC 3339.
    pub now: &'a str,
}

/// Writes a sheet of the home in a form.
///
/// # Errors
/// [`CueError`] if there is no such sheet, or it does not fit the form.
pub fn hand_on(home: &Home, id: &str, how: &HandOn<'_>) -> Result<Vec<u8>, CueError> {
    let mut now = sheet(home, id)?.review.now();
    if how.confirmed_only {
        now.cues.retain(cue::Cue::is_confirmed);
    }
    let catalogue = home.store.catalogue()?;
    let lookup = Lookup::new(&catalogue, &LANGUAGES);
    let failed =
        |error: &dyn std::error::Error| CueError::Form { reason: crate::home::with_causes(error) };
    let name = now.head.name();
    Ok(match how.form {
        Form::Csv => cue::own_table(&now).to_csv().into_bytes(),
        Form::Pro => cue::pro_table(&now, &lookup).to_csv().into_bytes(),
        Form::Komca => cue::komca_table(&now, &lookup).to_csv().into_bytes(),
        Form::ProWorkbook => {
            cue::pro_table(&now, &lookup).to_workbook(&name).map_err(|it| failed(&it))?
        }
        Form::KomcaWorkbook => {
            cue::komca_table(&now, &lookup).to_workbook(&name).map_err(|it| failed(&it))?
        }
        Form::Svg => cue::timeline_svg(&now).into_bytes(),
        Form::Vtt => cue::write_vtt(&now).into_bytes(),
        Form::Edl => {
            let first_frame = how.rate.frame(how.record_start_ms);
            let options = EdlOptions { rate: how.rate, first_frame };
            cue::write_edl(&now, options).map_err(|it| failed(&it))?.into_bytes()
        }
        Form::Cu01 => {
            let sender = how.sender.as_ref().ok_or(CueError::NoSender)?;
            let header = header(home, sender, id, &now, how.now);
            cue::write_dsr(&[now], &header, &lookup).map_err(|it| failed(&it))?
        }
    })
}

/// The header of a report that has cue records and nothing else.
fn header(home: &Home, sender: &Dpid, id: &str, sheet: &CueSheet, now: &str) -> Header {
    // The day it was first shown, or the day it is written, where nobody says.
    let day = sheet.head.aired.map(|it| it.to_string());
    let day = day.unwrap_or_else(|| now.get(..10).unwrap_or(now).to_owned());
    Header {
        message_version: "dsrf/1.1/1.4.1/1.3".to_owned(),
        profile_name: "AudioVisualProfile".to_owned(),
        profile_version: "1.3".to_owned(),
        message_id: format!("cue-sheet-{id}"),
        created: now.to_owned(),
        file_number: "1".to_owned(),
        number_of_files: "1".to_owned(),
        usage_start: day.clone(),
        usage_end: day,
        sender_party_id: sender.to_string(),
        sender_name: home.config.operator.clone(),
        service_description: sheet.head.name(),
        ..Header::default()
    }
}
