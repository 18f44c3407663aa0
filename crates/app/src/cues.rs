//! Cue sheets: heard, delivered, decided about, compared, and handed on.

use std::path::{Path, PathBuf};

use catalog::Catalog;
use cue::{
    Act, CueSheet, DecideError, Decision, FrameRate, Head, Heard, Imported, Lookup, Review, Rules,
};
use ident::ProductionId;
use store::{CueAct, StoreError};

use crate::sound::{Answer, Listener, Match, Options, SoundError};
use crate::{Home, Progress};

mod fee;
mod handed;

pub use fee::{Fee, FeeRequest, fee, weights};
pub use handed::{Form, HandOn, hand_on};

/// Titles are told in the first of these languages that they have.
pub(crate) const LANGUAGES: [&str; 2] = ["en", "ko"];
/// Bytes of a delivered sheet that are read at most.
const SHEET_BYTES_MAX: u64 = 64 << 20;
/// Characters of a sheet's id at most.
const ID_CHARS_MAX: usize = 200;

/// Why nothing can be done with a cue sheet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CueError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The programme cannot be heard.
    #[error(transparent)]
    Sound(#[from] SoundError),
    /// The programme cannot be heard; its answer says why.
    #[error("{path} cannot be heard: {reason}")]
    Unheard {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A decision cannot be.
    #[error(transparent)]
    Decide(#[from] DecideError),
    /// There is no such sheet.
    #[error("there is no cue sheet {id}; `leitmotif cue list` shows all")]
    Unknown {
        /// What was named.
        id: String,
    },
    /// A sheet would be written over.
    #[error("there is a cue sheet {id} already; name another with --sheet")]
    Taken {
        /// What was named.
        id: String,
    },
    /// An id is empty, too long, or holds what cannot be shown.
    #[error("a sheet's id has 1 to {ID_CHARS_MAX} characters that can be printed, not {id:?}")]
    Id {
        /// What was named.
        id: String,
    },
    /// The catalogue has no such production, or the production no such episode.
    #[error("the catalogue has no {what}; `leitmotif catalog export` shows all productions")]
    NoEpisode {
        /// What was named.
        what: String,
    },
    /// A file refused.
    #[error("{path} cannot be read")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A delivered sheet is too large.
    #[error("{path} has more than {} MB; a cue sheet has less", SHEET_BYTES_MAX >> 20)]
    TooLarge {
        /// The path.
        path: PathBuf,
    },
    /// A fee cannot be divided.
    #[error(transparent)]
    Lines(#[from] cue::LinesError),
    /// A digital sales report would have no sender.
    #[error("a digital sales report names its sender; say --sender with your party id (DPID)")]
    NoSender,
    /// A sheet cannot be written in a form.
    #[error("the sheet cannot be written so: {reason}")]
    Form {
        /// Why not.
        reason: String,
    },
    /// What is kept of a sheet cannot be read back.
    #[error("what was decided about {id} cannot be read back: {reason}")]
    Corrupt {
        /// The sheet.
        id: String,
        /// Why not.
        reason: String,
    },
}

/// A sheet as it stands, with all that was done to it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its id.
    pub id: String,
    /// The sheet and what was decided.
    pub review: Review,
    /// Who did what, when and why, the oldest first.
    pub acts: Vec<CueAct>,
}

/// Which programme a sheet is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programme {
    /// The production's id in the catalogue.
    pub production: String,
    /// The season, if it has any.
    pub season: Option<u16>,
    /// The episode.
    pub episode: Option<u16>,
}

/// What is to be heard.
#[derive(Clone, Debug)]
pub struct DetectRequest {
    /// The programme's file.
    pub path: PathBuf,
    /// The sheet's id; from the programme or the file's name if not said.
    pub sheet: Option<String>,
    /// Which programme it is, if somebody says.
    pub programme: Option<Programme>,
    /// How is searched.
    pub options: Options,
    /// What is less sure is doubtful, 0 to 1.
    pub confidence_min: f32,
}

/// Returns the ids of all sheets.
///
/// # Errors
/// [`CueError`] if the home cannot be read.
pub fn sheets(home: &Home) -> Result<Vec<String>, CueError> {
    Ok(home.store.cue_sheets()?)
}

/// Returns a sheet with its history.
///
/// # Errors
/// [`CueError::Unknown`] if there is none.
pub fn sheet(home: &Home, id: &str) -> Result<Kept, CueError> {
    kept(home, id)?.ok_or_else(|| CueError::Unknown { id: id.to_owned() })
}

fn kept(home: &Home, id: &str) -> Result<Option<Kept>, CueError> {
    let acts = home.store.cue_acts(id)?;
    let Some((first, later)) = acts.split_first() else { return Ok(None) };
    let corrupt = |reason: String| CueError::Corrupt { id: id.to_owned(), reason };
    let before: CueSheet =
        serde_json::from_str(&first.body).map_err(|error| corrupt(error.to_string()))?;
    let mut review = Review::new(before);
    for act in later {
        let decision: Decision =
            serde_json::from_str(&act.body).map_err(|error| corrupt(error.to_string()))?;
        review.decide(decision).map_err(|error| corrupt(error.to_string()))?;
    }
    Ok(Some(Kept { id: id.to_owned(), review, acts }))
}

/// Listens to a programme and makes its cue sheet, or brings the one that is there up to date: what
/// somebody decided stays.
///
/// # Errors
/// [`CueError`]; the sheet stays as it was then.
pub fn detect(
    home: &mut Home,
    request: &DetectRequest,
    who: &str,
    now: &str,
    progress: &mut dyn Progress,
) -> Result<(Kept, Answer), CueError> {
    let catalogue = home.store.catalogue()?;
    let id = match (&request.sheet, &request.programme) {
        (Some(id), _) => id.clone(),
        (None, Some(programme)) => programme.id(),
        (None, None) => stem(&request.path),
    };
    check_id(&id)?;
    let mut head = match &request.programme {
        Some(programme) => programme.head(&catalogue)?,
        None => kept(home, &id)?.map(|it| it.review.now().head).unwrap_or_default(),
    };
    let listener = Listener::open(home)?;
    let mut answers = Vec::new();
    listener.hear(std::slice::from_ref(&request.path), &request.options, progress, |it| {
        answers.push(it);
        Ok::<(), SoundError>(())
    })?;
    let Some(answer) = answers.pop() else {
        let reason = "it is no file".to_owned();
        return Err(CueError::Unheard { path: request.path.clone(), reason });
    };
    if let Some(reason) = answer.failure {
        return Err(CueError::Unheard { path: answer.path, reason });
    }
    head.length_ms = answer.duration_ms;
    if head.title.is_empty() && head.production.is_empty() {
        head.title = stem(&request.path);
    }
    let heard: Vec<Heard> = answer.matches.iter().map(heard).collect();
    let lookup = Lookup::new(&catalogue, &LANGUAGES);
    let rules = Rules { confidence_min: request.confidence_min, ..Rules::default() };
    let mut found = cue::detect(head, &heard, &lookup, &rules);
    name(&mut found, &answer.matches);
    let act = CueAct {
        at: now.to_owned(),
        who: who.to_owned(),
        act: "detected".to_owned(),
        file: request.path.display().to_string(),
        sha256: answer.sha256.clone(),
        ..CueAct::default()
    };
    match kept(home, &id)? {
        None => begin(home, &id, &found, act)?,
        Some(old) => decide_as(home, old, Act::Detected(Box::new(found)), act)?,
    }
    Ok((sheet(home, &id)?, answer))
}

/// Gives cues whose recording the catalogue does not have the title that its file's tags have.
fn name(sheet: &mut CueSheet, matches: &[Match]) {
    for it in sheet.cues.iter_mut().chain(&mut sheet.doubtful).filter(|it| it.title.is_empty()) {
        if let Some(own) = matches.iter().find(|own| own.recording == it.recording) {
            (it.title, it.artist) = (own.title.clone(), own.artist.clone());
        }
    }
}

fn heard(it: &Match) -> Heard {
    Heard {
        recording: it.recording.clone(),
        start_ms: it.start_ms,
        end_ms: it.end_ms,
        in_ms: it.in_ms,
        tempo: it.tempo,
        pitch_cents: it.pitch_cents,
        level_db: it.level_db,
        z: it.z,
        confidence: it.confidence,
        alternatives: it.alternatives.clone(),
    }
}

/// Decides something about a sheet.
///
/// # Errors
/// [`CueError`]; nothing is decided then.
pub fn decide(
    home: &mut Home,
    id: &str,
    act: Act,
    who: &str,
    because: &str,
    now: &str,
) -> Result<Kept, CueError> {
    let old = sheet(home, id)?;
    let row = CueAct {
        at: now.to_owned(),
        who: who.to_owned(),
        act: word(&act).to_owned(),
        because: because.to_owned(),
        ..CueAct::default()
    };
    decide_as(home, old, act, row)?;
    sheet(home, id)
}

/// The word for an act in a sheet's history.
const fn word(act: &Act) -> &'static str {
    match act {
        Act::Confirm(_) => "confirmed",
        Act::Code(..) | Act::Move(..) | Act::Recording(..) => "changed",
        Act::Reject(_) => "rejected",
        Act::Add(_) => "added",
        Act::Detected(_) => "detected",
        Act::Undo => "undone",
    }
}

fn begin(home: &mut Home, id: &str, sheet: &CueSheet, act: CueAct) -> Result<(), CueError> {
    let body = body(id, sheet)?;
    home.store.add_cue_act(id, 0, &CueAct { body, ..act })?;
    Ok(())
}

fn decide_as(home: &mut Home, old: Kept, act: Act, row: CueAct) -> Result<(), CueError> {
    let Kept { id, mut review, acts } = old;
    let (by, at, why) = (row.who.clone(), row.at.clone(), row.because.clone());
    let decision = Decision { by, at, why, act };
    review.decide(decision.clone())?;
    let last = acts.last().map_or(0, |it| it.number);
    let body = body(&id, &decision)?;
    home.store.add_cue_act(&id, last, &CueAct { body, ..row })?;
    Ok(())
}

fn body(id: &str, it: &impl serde::Serialize) -> Result<String, CueError> {
    let corrupt = |error: serde_json::Error| CueError::Corrupt {
        id: id.to_owned(),
        reason: error.to_string(),
    };
    serde_json::to_string(it).map_err(corrupt)
}

/// Takes a delivered sheet in under an id of its own.
///
/// # Errors
/// [`CueError`]; nothing is taken in then.
pub fn import(
    home: &mut Home,
    path: &Path,
    id: Option<&str>,
    rate: FrameRate,
    who: &str,
    now: &str,
) -> Result<(Kept, Vec<finding::Finding>), CueError> {
    let id = id.map_or_else(|| stem(path), str::to_owned);
    check_id(&id)?;
    if kept(home, &id)?.is_some() {
        return Err(CueError::Taken { id });
    }
    let Imported { sheet: delivered, findings } = read(path, rate)?;
    let act = CueAct {
        at: now.to_owned(),
        who: who.to_owned(),
        act: "imported".to_owned(),
        file: path.display().to_string(),
        sha256: crate::sound::sha256_of(path)?,
        ..CueAct::default()
    };
    begin(home, &id, &delivered, act)?;
    Ok((sheet(home, &id)?, findings))
}

/// Reads a delivered sheet, and keeps nothing of it.
///
/// # Errors
/// [`CueError`] if the file cannot be read; what is wrong in it is told as findings.
pub fn read(path: &Path, rate: FrameRate) -> Result<Imported, CueError> {
    let refused = |source| CueError::File { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(refused)?.len() > SHEET_BYTES_MAX {
        return Err(CueError::TooLarge { path: path.to_owned() });
    }
    let refused = |source| CueError::File { path: path.to_owned(), source };
    let bytes = std::fs::read(path).map_err(refused)?;
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(cue::import(&name, &bytes, rate))
}

/// The sheet that a text names: one of the home, or a file.
///
/// # Errors
/// [`CueError::Unknown`] if it is neither.
pub fn sheet_or_file(home: &Home, text: &str, rate: FrameRate) -> Result<Imported, CueError> {
    match kept(home, text)? {
        Some(it) => Ok(Imported { sheet: it.review.now(), findings: Vec::new() }),
        None if Path::new(text).is_file() => read(Path::new(text), rate),
        None => Err(CueError::Unknown { id: text.to_owned() }),
    }
}

/// Compares what was found with what was delivered.
///
/// # Errors
/// [`CueError`] if the catalogue cannot be read.
pub fn compare(
    home: &Home,
    found: &CueSheet,
    delivered: &CueSheet,
) -> Result<cue::Comparison, CueError> {
    let catalogue = home.store.catalogue()?;
    let lookup = Lookup::new(&catalogue, &LANGUAGES);
    Ok(cue::compare(found, delivered, &lookup, cue::Tolerance::default()))
}

impl Programme {
    /// `goblin/1/4`: production, season and episode.
    #[must_use]
    pub fn id(&self) -> String {
        let numbers = [self.season, self.episode].into_iter().flatten().map(|it| it.to_string());
        std::iter::once(self.production.clone()).chain(numbers).collect::<Vec<_>>().join("/")
    }

    /// What the catalogue says of it.
    fn head(&self, catalogue: &Catalog) -> Result<Head, CueError> {
        let missing = || CueError::NoEpisode { what: format!("episode {}", self.id()) };
        let id = ProductionId::parse(&self.production).map_err(|_| missing())?;
        let production = catalogue.productions.get(&id).ok_or_else(missing)?;
        let is_own = |number: u16| self.season.is_none_or(|it| it == number);
        let mut seasons = production.seasons.iter().filter(|it| is_own(it.number));
        let episode = self.episode.and_then(|number| {
            seasons.find_map(|it| it.episodes.iter().find(|it| it.number == number))
        });
        if !production.lists(self.season, self.episode) && !production.seasons.is_empty() {
            return Err(missing());
        }
        let titles = &production.titles;
        let title =
            LANGUAGES.iter().find_map(|it| titles.get(*it)).or_else(|| titles.values().next());
        Ok(Head {
            production: self.production.clone(),
            title: title.cloned().unwrap_or_default(),
            season: self.season,
            episode: self.episode,
            episode_title: episode.and_then(|it| it.title.clone()).unwrap_or_default(),
            aired: episode.and_then(|it| it.aired),
            ..Head::default()
        })
    }
}

fn check_id(id: &str) -> Result<(), CueError> {
    let bad = |it: char| {
        it.is_control() || matches!(it, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
    };
    match id.is_empty() || id.chars().count() > ID_CHARS_MAX || id.contains(bad) {
        true => Err(CueError::Id { id: id.to_owned() }),
        false => Ok(()),
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default()
}
