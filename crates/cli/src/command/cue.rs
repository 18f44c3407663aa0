//! `leitmotif cue`.

mod decide;
mod exchange;
mod look;
mod pay;

use clap::Subcommand;

use crate::shell::Shell;

/// What can be done with cue sheets.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Detect(look::DetectArgs),
    /// List the cue sheets of the home.
    ///
    /// Example: leitmotif cue list
    List,
    Show(look::ShowArgs),
    Confirm(decide::ConfirmArgs),
    Change(decide::ChangeArgs),
    Reject(decide::RejectArgs),
    Add(decide::AddArgs),
    Undo(decide::UndoArgs),
    Export(exchange::ExportArgs),
    Import(exchange::ImportArgs),
    Compare(exchange::CompareArgs),
    Post(pay::PostArgs),
    Weights(pay::WeightsArgs),
}

pub(crate) fn run(command: Command, shell: &mut Shell) -> anyhow::Result<u8> {
    match command {
        Command::Detect(args) => look::detect(&args, shell),
        Command::List => look::list(shell),
        Command::Show(args) => look::show(&args, shell),
        Command::Confirm(args) => decide::confirm(&args, shell),
        Command::Change(args) => decide::change(&args, shell),
        Command::Reject(args) => decide::reject(&args, shell),
        Command::Add(args) => decide::add(&args, shell),
        Command::Undo(args) => decide::undo(&args, shell),
        Command::Export(args) => exchange::export(&args, shell),
        Command::Import(args) => exchange::import(&args, shell),
        Command::Compare(args) => exchange::compare(&args, shell),
        Command::Post(args) => pay::post(&args, shell),
        Command::Weights(args) => pay::weights(&args, shell),
    }
}
