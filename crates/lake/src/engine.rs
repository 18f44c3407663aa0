//! The engine: a second program that speaks SQL and knows clusters.
//!
//! The lake finds it, asks it in JSON and reads its answer. It never believes it: what a cluster
//! summed is held against the manifest before it becomes a cell.

mod fold;
mod tasks;
mod words;

use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::Serialize;

pub use fold::{Again, ClusterCells};
pub use words::{
    Cluster, Form, Kind, LakeFile, Piece, QueryRequest, ReduceRequest, Table, Task, TaskDone,
};

/// Names the program, if it does not lie beside ours.
const VARIABLE: &str = "LEITMOTIF_ENGINE";
const PROGRAM: &str = "leitmotif-engine";

/// Where the engine is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Engine {
    program: PathBuf,
}

/// Why the engine gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// It is not there.
    #[error(
        "the SQL engine is a program of its own, and it is not at {}; build it with `cargo build \
         --release -p engine`, and put `{PROGRAM}` beside `leitmotif` or name its place in \
         {VARIABLE}", program.display()
    )]
    Absent {
        /// Where it was looked for.
        program: PathBuf,
    },
    /// It could not be started or spoken to.
    #[error("cannot speak with {}", program.display())]
    Io {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The answer could not be passed on.
    #[error("the answer cannot be written")]
    Out(#[source] io::Error),
    /// It refused, and said why.
    #[error("{message}")]
    Refused {
        /// What it said.
        message: String,
    },
}

impl Engine {
    /// The engine beside the running program, or where `LEITMOTIF_ENGINE` says.
    ///
    /// # Errors
    /// [`EngineError::Absent`] when there is none.
    pub fn find() -> Result<Self, EngineError> {
        if let Some(program) = std::env::var_os(VARIABLE).filter(|it: &OsString| !it.is_empty()) {
            return Self::at(program);
        }
        let beside = std::env::current_exe()
            .map(|own| own.with_file_name(PROGRAM).with_extension(std::env::consts::EXE_EXTENSION));
        Self::at(beside.unwrap_or_else(|_| PathBuf::from(PROGRAM)))
    }

    /// The engine at a place.
    ///
    /// # Errors
    /// [`EngineError::Absent`] when there is none.
    pub fn at(program: impl Into<PathBuf>) -> Result<Self, EngineError> {
        let program = program.into();
        match program.is_file() {
            true => Ok(Self { program }),
            false => Err(EngineError::Absent { program }),
        }
    }

    /// Asks a query; the answer goes to `out`, or to the file the request names. Returns what the
    /// engine said beside it.
    ///
    /// # Errors
    /// [`EngineError`] when it refuses or does not come to an end.
    pub fn query(
        &self,
        request: &QueryRequest,
        out: &mut dyn Write,
    ) -> Result<Vec<String>, EngineError> {
        let mut talk = self.start("query", request)?;
        let mut answer = talk.child.stdout.take().expect("it is piped");
        let mut buffer = vec![0_u8; 1 << 16];
        loop {
            match answer.read(&mut buffer).map_err(self.io())? {
                0 => break,
                read => {
                    if let Err(error) = out.write_all(&buffer[..read]) {
                        talk.stop();
                        return Err(EngineError::Out(error));
                    }
                }
            }
        }
        self.end(talk)
    }

    /// Has the tasks of a reduction done. `done` hears of each; what it did not hear of when this
    /// returns was not done.
    ///
    /// # Errors
    /// [`EngineError`] when the engine refuses, or is not through at `deadline`: it is stopped then.
    pub(crate) fn reduce(
        &self,
        request: &ReduceRequest,
        deadline: Duration,
        done: &mut dyn FnMut(TaskDone),
    ) -> Result<(), EngineError> {
        let mut talk = self.start("reduce", request)?;
        let answer = BufReader::new(talk.child.stdout.take().expect("it is piped"));
        let (sender, lines) = mpsc::channel();
        let reader = std::thread::spawn(move || {
            for line in answer.lines() {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let end = Instant::now() + deadline;
        let failed = loop {
            match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(Ok(line)) => match serde_json::from_str(&line) {
                    Ok(task) => done(task),
                    Err(error) => break Some(format!("it said {line:?}: {error}")),
                },
                Ok(Err(error)) => break Some(error.to_string()),
                Err(mpsc::RecvTimeoutError::Disconnected) => break None,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    break Some(format!("no answer within {} s", deadline.as_secs()));
                }
            }
        };
        if let Some(message) = failed {
            talk.stop();
            return Err(EngineError::Refused { message });
        }
        drop(reader.join());
        self.end(talk).map(|_| ())
    }

    fn start(&self, command: &str, request: &impl Serialize) -> Result<Talk, EngineError> {
        let mut child = Command::new(&self.program)
            .arg(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(self.io())?;
        let mut errors = child.stderr.take().expect("it is piped");
        let said = std::thread::spawn(move || {
            let mut text = Vec::new();
            drop(errors.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut talk = Talk { child, said };
        let input = talk.child.stdin.take().expect("it is piped");
        // It may have refused before it read everything; then it says why.
        if let Err(error) = serde_json::to_writer(io::BufWriter::new(input), request)
            && error.io_error_kind() != Some(io::ErrorKind::BrokenPipe)
        {
            talk.stop();
            return Err(self.io()(error.into()));
        }
        Ok(talk)
    }

    fn end(&self, mut talk: Talk) -> Result<Vec<String>, EngineError> {
        let status = talk.child.wait().map_err(self.io())?;
        let said = talk.said.join().unwrap_or_default();
        if status.success() {
            return Ok(said.lines().map(str::to_owned).collect());
        }
        let said = said.trim();
        let message = match said.strip_prefix("error: ").unwrap_or(said) {
            "" => format!("{PROGRAM} ended without a word ({status})"),
            said => said.to_owned(),
        };
        Err(EngineError::Refused { message })
    }

    fn io(&self) -> impl FnOnce(io::Error) -> EngineError {
        let program = self.program.clone();
        move |source| EngineError::Io { program, source }
    }
}

/// A running engine.
struct Talk {
    child: Child,
    /// Reads what it says beside its answer.
    said: JoinHandle<String>,
}

impl Talk {
    fn stop(mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The folder that a reduction's answers are written into; a sweep removes what is left of it.
fn answers(staging: &Path) -> PathBuf {
    staging.join(format!("engine-{}", std::process::id()))
}
