//! Cues of audio-visual reports: which music sounds when in a programme.

use std::collections::BTreeMap;
use std::io::BufRead;

use crate::table::{Field, RecordSpec};
use crate::value::duration_ms;
use crate::{Limits, ReadError, Reader, Record};

/// The programme a cue is in, as its resource record (`AS03`) tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programme {
    /// The service's id.
    pub id: String,
    /// ISAN, if it has one.
    pub isan: String,
    /// Title of the episode or film.
    pub title: String,
    /// Number of the season.
    pub season: String,
    /// Number of the episode.
    pub episode: String,
    /// How long it is.
    pub duration_ms: Option<u64>,
}

/// One cue, `CU01`: a piece of music, or a part of one, in a programme.
///
/// A report tells no use (theme, background, source) of a cue; a cue sheet of another form does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cue {
    /// Line of the file.
    pub line: u64,
    /// Block it is in.
    pub block: String,
    /// The programme; empty when its reference leads nowhere.
    pub programme: Programme,
    /// Where it begins, from the begin of the programme; nothing when that is not told.
    pub start_ms: Option<u64>,
    /// How long it sounds; nothing when that cannot be read.
    pub duration_ms: Option<u64>,
    /// ISRC of the recording.
    pub isrc: String,
    /// ISWC of the work.
    pub iswc: String,
    /// Title of the recording or work.
    pub title: String,
    /// Names of its artists.
    pub artists: Vec<String>,
    /// Names of composers and authors.
    pub composers: Vec<String>,
    /// Names of arrangers.
    pub arrangers: Vec<String>,
    /// Whoever made the cue sheet.
    pub provider: String,
}

/// Reads the cues of a report, in the order of the file; other records only tell where they are.
///
/// # Errors
/// [`ReadError`] when the source fails or a line breaks the limit; never for what the file says.
///
/// ```
/// let file = "AS03\t1\tA1\tD1\t\t\t\tEpisode\tNo. 4\t\t\t1\t4\t\tPT70M\n\
///             CU01\t1\tA1\tPT1M30.5S\tPT45S\tKRA302600001\t\tRain\tKim|Lee\n";
/// let mut cues = Vec::new();
/// dsr::cues("DSR_x.tsv", file.as_bytes(), &mut |cue| cues.push(cue))?;
/// assert_eq!((cues[0].start_ms, cues[0].duration_ms), (Some(90_500), Some(45_000)));
/// assert_eq!((cues[0].artists.len(), cues[0].programme.episode.as_str()), (2, "4"));
/// # Ok::<(), dsr::ReadError>(())
/// ```
pub fn cues<R: BufRead>(name: &str, source: R, sink: &mut dyn FnMut(Cue)) -> Result<(), ReadError> {
    let mut reader = Reader::new(name, source, Limits::default());
    let mut record = Record::default();
    let mut block = String::new();
    let mut programmes: BTreeMap<String, Programme> = BTreeMap::new();
    while reader.read(&mut record)? {
        let Some(spec) = record.lookup().spec().filter(|_| record.is_data()) else { continue };
        if !matches!(&spec.code, b"AS03" | b"CU01") {
            continue;
        }
        let id = record.field(spec, Field::BlockId).text();
        if block != id {
            id.as_ref().clone_into(&mut block);
            programmes.clear();
        }
        let reference = record.field(spec, Field::ResourceReference).text().into_owned();
        if spec.code == *b"AS03" {
            programmes.insert(reference, programme(&record, spec));
        } else {
            let programme = programmes.get(&reference).cloned().unwrap_or_default();
            sink(Cue { block: block.clone(), programme, ..cue(&record, spec) });
        }
    }
    Ok(())
}

fn programme(record: &Record, spec: &RecordSpec) -> Programme {
    let text = |field| record.field(spec, field).text().into_owned();
    Programme {
        id: text(Field::DspResourceId),
        isan: text(Field::Isan),
        title: text(Field::ResourceTitle),
        season: text(Field::SeasonNumber),
        episode: text(Field::EpisodeNumber),
        duration_ms: duration_ms(&text(Field::Duration)),
    }
}

fn cue(record: &Record, spec: &RecordSpec) -> Cue {
    let text = |field| record.field(spec, field).text().into_owned();
    let many =
        |field| record.field(spec, field).values().map(std::borrow::Cow::into_owned).collect();
    Cue {
        line: record.line,
        start_ms: duration_ms(&text(Field::CueStartTime)),
        duration_ms: duration_ms(&text(Field::CueDuration)),
        isrc: text(Field::Isrc),
        iswc: text(Field::Iswc),
        title: text(Field::ResourceTitle),
        artists: many(Field::ResourceDisplayArtistName),
        composers: many(Field::ComposerAuthorName),
        arrangers: many(Field::ArrangerName),
        provider: text(Field::CueSheetDataProviderName),
        ..Cue::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_know_their_programme() {
        let file = "AS03→1→A1→D1→→→→Episode→One→→→→→→PT60M\nCU01→1→A1→→PT1M→→T0345246801\n\
                    AS03→2→A1→D2→→→→Episode→Two→→→→→→PT61M\nCU01→2→A1→long→x\nCU01→2→A2→PT1S→PT1S\n";
        let mut seen = Vec::new();
        cues("r", file.replace('→', "\t").as_bytes(), &mut |cue| {
            seen.push(format!(
                "{} {} {:?} {:?} {:?}",
                cue.line, cue.programme.title, cue.start_ms, cue.duration_ms, cue.iswc
            ));
        })
        .unwrap();
        assert_eq!(
            seen,
            [
                "2 One None Some(60000) \"T0345246801\"",
                "4 Two None None \"\"",
                "5  Some(1000) Some(1000) \"\""
            ]
        );
    }
}
