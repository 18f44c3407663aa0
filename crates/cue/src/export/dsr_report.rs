//! Cue records of the audio-visual profile of DDEX's digital sales reports: `CU01` behind the `AS03` of
//! their programme.

use dsr::{Escape, Field, Header, Value, WriteError, Writer};

use crate::table::plain;
use crate::{Credits, Cue, CueSheet, Lookup};

/// Writes the cues of programmes as a file of the audio-visual profile: a block for each sheet.
///
/// # Errors
/// [`WriteError`] where the header is incomplete or of no profile.
pub fn write_dsr(
    sheets: &[CueSheet],
    header: &Header,
    lookup: &Lookup<'_>,
) -> Result<Vec<u8>, WriteError> {
    let mut writer = Writer::with(Vec::new(), header, dsr::Ending::Lf, Escape::Force)?;
    for (at, sheet) in (1..).zip(sheets) {
        let at: u32 = at;
        write_dsr_block(&mut writer, &at.to_string(), sheet, lookup)?;
    }
    Ok(writer.finish()?.0)
}

/// Writes one programme and its cues into a block of a report that is being written. A cue names its
/// recording by ISRC; only where it has none, the works by ISWC: a recording names its works already.
///
/// # Errors
/// [`WriteError`], as [`Writer::record`].
pub fn write_dsr_block<W: std::io::Write>(
    writer: &mut Writer<W>,
    block: &str,
    sheet: &CueSheet,
    lookup: &Lookup<'_>,
) -> Result<(), WriteError> {
    let head = &sheet.head;
    let count = |it: Option<u16>| it.map(|it| it.to_string()).unwrap_or_default();
    let (season, episode) = (count(head.season), count(head.episode));
    let reference = format!("A{block}");
    let id = if head.production.is_empty() { reference.clone() } else { plain(&head.production) };
    let title =
        if head.episode_title.is_empty() { head.name() } else { head.episode_title.clone() };
    let (title, series, provider) = (plain(&title), plain(&head.title), plain(&head.provider));
    let length = duration(head.length_ms);
    let aired = head.aired.map(|it| it.to_string()).unwrap_or_default();
    writer.record(
        "AS03.02",
        &[
            (Field::BlockId, Value::One(block)),
            (Field::ResourceReference, Value::One(&reference)),
            (Field::DspResourceId, Value::One(&id)),
            (Field::VideoType, Value::One("Episode")),
            (Field::ResourceTitle, Value::One(&title)),
            (Field::OriginalResourceTitle, Value::One(&series)),
            (Field::SeasonNumber, Value::One(&season)),
            (Field::EpisodeNumber, Value::One(&episode)),
            (Field::Duration, Value::One(&length)),
            (Field::OriginalBroadcastDateTime, Value::One(&aired)),
            (Field::CueSheetDataProviderName, Value::One(&provider)),
        ],
    )?;
    sheet.cues.iter().try_for_each(|it| {
        write_cue(writer, (block, &reference), it, &lookup.credits(it), &provider)
    })
}

fn write_cue<W: std::io::Write>(
    writer: &mut Writer<W>,
    (block, reference): (&str, &str),
    cue: &Cue,
    credits: &Credits,
    provider: &str,
) -> Result<(), WriteError> {
    let composers = names(credits, &["A", "C", "CA", "AD", "SA", "TR"]);
    let arrangers = names(credits, &["AR", "SR"]);
    let composers: Vec<&str> = composers.iter().map(String::as_str).collect();
    let arrangers: Vec<&str> = arrangers.iter().map(String::as_str).collect();
    let own = |own: &str, known: &str| plain(if own.is_empty() { known } else { own });
    let (title, artist) = (own(cue.name(), &credits.title), own(&cue.artist, &credits.artist));
    let start = cue.start_ms.map(duration).unwrap_or_default();
    let length = duration(cue.length_ms);
    let iswc = match credits.isrc.is_empty() {
        true => credits.iswcs.first().map_or("", String::as_str),
        false => "",
    };
    writer.record(
        "CU01.01",
        &[
            (Field::BlockId, Value::One(block)),
            (Field::ResourceReference, Value::One(reference)),
            (Field::CueStartTime, Value::One(&start)),
            (Field::CueDuration, Value::One(&length)),
            (Field::Isrc, Value::One(&credits.isrc)),
            (Field::Iswc, Value::One(iswc)),
            (Field::ResourceTitle, Value::One(&title)),
            (Field::ResourceDisplayArtistName, Value::One(&artist)),
            (Field::ComposerAuthorName, Value::Many(&composers)),
            (Field::ArrangerName, Value::Many(&arrangers)),
            (Field::CueSheetDataProviderName, Value::One(provider)),
        ],
    )?;
    Ok(())
}

/// The names of those with one of these roles, each once.
fn names(credits: &Credits, roles: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for it in credits.writers.iter().filter(|it| roles.contains(&it.role.as_str())) {
        let name = plain(&it.name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A duration as ISO 8601 has it, `PT1H2M3.045S`.
fn duration(ms: u64) -> String {
    let (seconds, rest) = (ms / 1000, ms % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = String::from("PT");
    for (number, unit) in [(hours, 'H'), (minutes, 'M')] {
        if number > 0 {
            text.push_str(&format!("{number}{unit}"));
        }
    }
    match rest {
        0 => text.push_str(&format!("{seconds}S")),
        _ => text.push_str(format!("{seconds}.{rest:03}").trim_end_matches('0')),
    }
    if rest > 0 {
        text.push('S');
    }
    text
}
