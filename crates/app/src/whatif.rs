//! What other models of distribution would divide, on a listening log: a simulation.

use std::path::PathBuf;

use finding::Severity;
use insight::whatif::{
    Answer, Limits, ListeningLog, ListeningLogError, Question, WhatIfError, simulate,
};
use period::Period;
use store::{StoreError, Text};

use crate::Progress;

/// What is asked.
#[derive(Clone, Debug)]
pub struct WhatIfRequest {
    /// The listening log, packed with gzip or not.
    pub log: PathBuf,
    /// The days whose plays are paid; all if none is given.
    pub period: Option<Period>,
    /// What is divided, and by which models.
    pub question: Question,
}

/// The answer, and what it rests on.
#[derive(Debug)]
pub struct WhatIfOutcome {
    /// The log, with what is wrong in it.
    pub log: ListeningLog,
    /// The answer.
    pub answer: Answer,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WhatIfFailure {
    /// The file cannot be opened.
    #[error(transparent)]
    File(#[from] StoreError),
    /// The log is refused.
    #[error(transparent)]
    Log(#[from] ListeningLogError),
    /// The question has no answer on this log.
    #[error("{log} gives no answer{left_out}")]
    Question {
        /// The log.
        log: String,
        /// How many of its rows were left out and the first reason, if any were.
        left_out: String,
        /// Why.
        source: WhatIfError,
    },
}

/// Reads a listening log and divides revenue by every model asked for; nothing is kept.
///
/// # Errors
/// [`WhatIfFailure`].
pub fn what_if(
    request: &WhatIfRequest,
    progress: &mut dyn Progress,
) -> Result<WhatIfOutcome, WhatIfFailure> {
    let path = &request.log;
    let name = path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    let source = Text::open(path)?;
    let mut seen = |rows| progress.at("reading the listening log", rows, 0);
    seen(0);
    let log = ListeningLog::read(&name, source, request.period, Limits::default(), &mut seen)?;
    progress.at("dividing", 0, 0);
    match simulate(&log, &request.question) {
        Ok(answer) => Ok(WhatIfOutcome { log, answer }),
        Err(source) => Err(WhatIfFailure::Question { log: name, left_out: left_out(&log), source }),
    }
}

/// How many rows were left out, and why the first one was.
fn left_out(log: &ListeningLog) -> String {
    let first = log.findings.iter().find(|it| it.severity == Severity::Error);
    first.map_or_else(String::new, |it| {
        format!("; {} of {} rows were left out, the first: {it}", log.rows_bad, log.rows)
    })
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use money::{Atoms, Currency};

    use super::*;
    use crate::Silent;

    fn request(log: PathBuf) -> WhatIfRequest {
        let currency = Currency::parse("EUR").unwrap();
        let revenue = Some(Atoms::ONE);
        WhatIfRequest {
            log,
            period: None,
            question: Question { revenue, ..Question::new(currency) },
        }
    }

    #[test]
    fn a_packed_log_is_read_and_a_wrong_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log.csv.gz");
        let mut packed = GzEncoder::new(File::create(&log).unwrap(), Compression::fast());
        packed.write_all(b"listener,artist,plays\na,x,3\nb,y,1\nb,,1\n").unwrap();
        packed.finish().unwrap();
        let outcome = what_if(&request(log), &mut Silent).unwrap();
        assert_eq!((outcome.log.rows, outcome.log.rows_bad, outcome.answer.plays), (3, 1, 4));

        let silent = folder.path().join("silent.csv");
        std::fs::write(&silent, "listener,artist,plays\na,x,0\n").unwrap();
        let error = what_if(&request(silent), &mut Silent).unwrap_err();
        assert_eq!(error.to_string(), "silent.csv gives no answer");
        let bad = folder.path().join("bad.csv");
        std::fs::write(&bad, "listener,artist\na,x,1\nb,\n").unwrap();
        let error = what_if(&request(bad), &mut Silent).unwrap_err();
        expect_test::expect!["bad.csv gives no answer; 2 of 2 rows were left out, the first: error listening-row-malformed bad.csv:2: 3 cells, and the header has 2 (a,x,1)"].assert_eq(&error.to_string());
        assert!(what_if(&request(folder.path().join("none")), &mut Silent).is_err());
    }
}
