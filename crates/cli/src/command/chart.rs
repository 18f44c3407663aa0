//! `leitmotif chart`.

use std::path::PathBuf;

use app::reports::import_chart;
use clap::Subcommand;

use crate::command::report::{outcome_code, show_imports};
use crate::shell::Shell;

/// What can be done with charts.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import chart files as usage without money.
    ///
    /// The form is told by the first line: `Song,Artist,Date,Streams,Rank,Country` (daily),
    /// `date,song,artist,streams` (daily), `chart_position,chart_date,song,performer,streams,...`
    /// (weekly) or `captured_date,position,change,artist_and_title,...` (daily).
    ///
    /// Example: leitmotif chart import korea.csv.gz --territory KR --name KR-daily-top-200
    Import {
        /// The files, .csv or .csv.gz.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The territory code.
        #[arg(long)]
        territory: String,
        /// The chart's name; it stands as the sender.
        #[arg(long)]
        name: String,
    },
}

pub(crate) fn run(command: &Command, shell: &mut Shell) -> anyhow::Result<u8> {
    let Command::Import { files, territory, name } = command;
    let mut home = shell.home()?;
    let now = shell.now();
    let mut outcomes = Vec::new();
    for file in files {
        outcomes.push(import_chart(&mut home, file, territory, name, &now)?);
    }
    show_imports(&outcomes, shell)?;
    Ok(outcome_code(&outcomes))
}
