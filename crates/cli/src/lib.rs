//! The command line: one file a command.
//!
//! # Purpose
//! Turns words into use cases and outcomes into text, JSON, pages and exit codes.
//!
//! # Words
//! A **command** is what a person types. **stdout** carries the answer, **stderr** the talk:
//! progress, hints and errors.
//!
//! # Drawing
//! ```text
//! argv ─ Cli (clap) ─ command::*::run ─ app::* ─ Shell (text | JSON) ─ stdout
//! ```
//!
//! # Example
//! ```
//! use std::process::ExitCode;
//! let doors = cli::Doors { serve_witness: |_, _, _, _| Ok(()) };
//! let code = cli::run(["leitmotif", "report", "explain", "no-such-rule"], doors);
//! assert_ne!(code, ExitCode::SUCCESS);
//! ```
//!
//! # Invariants
//! - Exit code 0 is success, 1 a failure, 2 words that make no command, 3 data with errors, 10 to
//!   24 the kinds of proof that do not hold, 30 a payout contract that says what it must not.
//! - A closed pipe is no failure.
//!
//! # What it does not do
//! It owns no business rule: it asks `app` and shows what it says.

mod cluster;
mod command;
mod doors;
mod evidence;
mod exit;
mod page;
mod progress;
mod shell;
mod sound_words;
mod table;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use crate::shell::Shell;

pub use crate::doors::{Doors, ServeWitness};

/// Exact royalties from sales reports to statements that payees can prove.
///
/// Everything lies in one folder, the home (--home, by default `leitmotif-data` here).
/// Try `leitmotif demo` first: it does the whole way on real chart data in a folder of its own.
#[derive(Debug, Parser)]
#[command(name = "leitmotif", version, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    /// The folder that holds everything.
    #[arg(long, global = true, default_value = "leitmotif-data")]
    home: PathBuf,
    /// How answers are printed; csv, parquet and arrow are for `query`.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The same as --format json.
    #[arg(long, global = true, conflicts_with = "format")]
    json: bool,
    #[command(subcommand)]
    command: command::Command,
}

/// How answers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[value(alias = "table")]
    Text,
    /// For programs: one JSON value.
    Json,
    /// Comma-separated values.
    Csv,
    /// Parquet.
    Parquet,
    /// Arrow IPC file.
    Arrow,
}

/// Does what the words say and returns the exit code; other doors are opened if they ask for it.
pub fn run<I, T>(words: I, doors: Doors) -> ExitCode
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    let format = if cli.json { Format::Json } else { cli.format };
    if !matches!(format, Format::Text | Format::Json) && !cli.command.knows_every_form() {
        return exit::words("only `leitmotif query` answers as csv, parquet or arrow");
    }
    let mut shell = Shell::new(cli.home, format, doors);
    let done = cli.command.run(&mut shell).and_then(|code| shell.finish().map(|()| code));
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => exit::report(&error),
    }
}
