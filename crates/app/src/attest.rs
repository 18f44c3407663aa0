//! Attestations: who sent a report says, with a signature, that it is what was sent.

use statement::{Entry, attestation_text};
use store::StoreError;
use tlog::{Note, VerifierKey};

use crate::Home;
use crate::log::{about, control_totals};

/// Why a report is not attested.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AttestError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No report has this id.
    #[error("no report that counts is called {report:?}; `leitmotif report list` shows them")]
    Unknown {
        /// The id that was asked for.
        report: String,
    },
    /// The note cannot be read, or the key did not sign it.
    #[error("the note is not one that {key} signed")]
    Note {
        /// The key.
        key: String,
        /// Why.
        source: tlog::note::NoteError,
    },
    /// The note says something else.
    #[error(
        "the note is signed, but its text is not that of report {report}; `leitmotif attest text` prints it"
    )]
    OtherText {
        /// The report.
        report: String,
    },
}

/// What there is to sign of a report, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToAttest {
    /// The report.
    pub report: String,
    /// The note's text.
    pub text: String,
    /// The control totals that the text commits to.
    pub control_totals: String,
}

/// Random bytes for the key of who sent a report.
///
/// # Errors
/// [`StoreError`] if the system gives none.
pub fn new_seed() -> Result<[u8; 32], StoreError> {
    store::random_seed()
}

/// What who sent a report has to sign: its entry in the log, as text.
///
/// # Errors
/// [`AttestError::Unknown`] if the log knows no such report.
pub fn text_to_attest(home: &Home, report: &str) -> Result<ToAttest, AttestError> {
    let unknown = || AttestError::Unknown { report: report.to_owned() };
    let row = home.store.report(report)?.ok_or_else(unknown)?;
    let (_, bytes) = home.store.entry_about("report", &row.id)?.ok_or_else(unknown)?;
    let Some(Entry::Report { control, lines, report, sha256 }) = Entry::parse(&bytes) else {
        return Err(unknown());
    };
    let files = home.store.usage_files()?;
    let own: Vec<_> = files.into_iter().filter(|it| it.report == report).collect();
    let text = attestation_text(&report, &sha256, lines, &control);
    let control_totals = control_totals(&report, &sha256, &own)?;
    Ok(ToAttest { report, text, control_totals })
}

/// Puts a signed note about a report into the log; returns the number of its entry.
///
/// # Errors
/// [`AttestError`] if the key did not sign it, or it is about something else.
pub fn attest(
    home: &mut Home,
    report: &str,
    note: &[u8],
    key: &VerifierKey,
    now: &str,
) -> Result<u64, AttestError> {
    let asked = text_to_attest(home, report)?;
    let refused = |source| AttestError::Note { key: key.to_string(), source };
    let note = Note::parse(note).map_err(refused)?;
    note.verify(std::slice::from_ref(key)).map_err(refused)?;
    if note.text() != asked.text {
        return Err(AttestError::OtherText { report: asked.report });
    }
    let entry = Entry::Attestation { key: key.to_string(), note: note.to_string() }.bytes();
    let number = home.store.stage(&about("attestation", &asked.report, &entry))?;
    home.sign_log(now)?;
    Ok(number)
}
