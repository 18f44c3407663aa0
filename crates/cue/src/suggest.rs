//! Which usage code a cue probably has, and why.
//!
//! Whether somebody on screen is seen to sing or play, sound alone does not tell: visual codes are never
//! suggested.

use crate::lookup::Voice;
use crate::{Cue, Head, Level, Lookup, Rules, UsageCode};

/// Fills in code and reason of a cue, and its title and artist from the catalogue.
pub(crate) fn suggest(cue: &mut Cue, head: &Head, lookup: &Lookup<'_>, rules: &Rules) {
    let recording = lookup.recording(&cue.recording);
    if let Some(recording) = recording {
        lookup.title(recording).clone_into(&mut cue.title);
        recording.artist.clone_into(&mut cue.artist);
    }
    let voice = recording.map_or(Voice::Unknown, |it| lookup.voice(it));
    let (code, why) = match voice {
        Voice::Sung(why) => (UsageCode::BackgroundVocal, why),
        Voice::Played(why) => (UsageCode::BackgroundInstrumental, why),
        Voice::Unknown => (UsageCode::Background, "the catalogue does not say whether it is sung"),
    };
    let part = recording.map_or(Part::None, |it| {
        let here = |use_: &&catalog::ProductionUse| {
            let fits = |linked: Option<u16>, shown| linked.is_none() || linked == shown;
            use_.production.as_str() == head.production
                && fits(use_.season, head.season)
                && fits(use_.episode, head.episode)
        };
        it.productions.iter().filter(here).map(|it| Part::of(&it.usage)).max().unwrap_or(Part::None)
    });
    let place = Place::of(cue, head, rules);
    let (code, why) = match (part, place) {
        (Part::Theme | Part::Opening, Place::Opening) => {
            (UsageCode::MainTitle, "the production's theme, in its first minutes")
        }
        (Part::Theme | Part::Ending, Place::Closing) => {
            (UsageCode::EndTitle, "the production's theme, in its last minutes")
        }
        (_, Place::ToTheEnd) if cue.level == Some(Level::Foreground) || part != Part::None => {
            (UsageCode::EndTitle, "it sounds in front until the programme ends")
        }
        (Part::Theme | Part::Opening | Part::Ending, _) => {
            (UsageCode::Theme, "the production's theme")
        }
        (Part::None, _) => (code, why),
    };
    cue.code = Some(code);
    why.clone_into(&mut cue.reason);
    if cue.level == Some(Level::Foreground) && code.is_background() {
        cue.reason.push_str("; it is in front: look whether somebody is seen to make it");
    }
}

/// What a recording is in a production.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    None,
    Theme,
    Opening,
    Ending,
}

impl Part {
    /// Reads the open word of a link between a recording and a production.
    fn of(usage: &str) -> Self {
        let usage = usage.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|it| usage.contains(it));
        if says(&["ending", "end title", "end-title", "closing", "엔딩"]) {
            Self::Ending
        } else if says(&["opening", "main title", "main-title", "오프닝"]) {
            Self::Opening
        } else if says(&["theme", "title", "주제", "테마"]) {
            Self::Theme
        } else {
            Self::None
        }
    }
}

/// Where in a programme a cue is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Opening,
    Closing,
    ToTheEnd,
    Within,
}

/// How near its end a programme counts as ended, in milliseconds.
const ENDED_MS: u64 = 5_000;

impl Place {
    fn of(cue: &Cue, head: &Head, rules: &Rules) -> Self {
        let Some((start, end)) = cue.span() else { return Self::Within };
        let length = head.length_ms;
        if length > 0 && end.saturating_add(ENDED_MS) >= length && start > length / 2 {
            Self::ToTheEnd
        } else if length > 0 && end.saturating_add(rules.closing_ms) >= length && start > length / 2
        {
            Self::Closing
        } else if start < rules.opening_ms {
            Self::Opening
        } else {
            Self::Within
        }
    }
}
