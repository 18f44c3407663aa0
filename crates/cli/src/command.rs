//! The commands, one file each.

mod attest;
mod audio;
mod bundle;
mod bundle_open;
mod catalog;
mod catalog_rates;
mod chart;
mod claim_check;
mod cue;
mod demo;
mod erase;
pub(crate) mod identify;
mod identify_watch;
mod income;
mod log;
mod pay;
mod payout;
mod payout_show;
mod preview;
mod publish;
mod query;
mod reference;
mod replay;
mod report;
mod report_diff;
mod report_generate;
mod report_line;
mod report_sources;
mod report_statement;
mod report_try;
mod settle;
mod share;
mod statement;
mod suspense;
mod verify;
mod what_if;
mod what_if_show;
mod why;
mod witness;

use clap::Subcommand;

use crate::shell::Shell;

/// What can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::Args),
    /// Import, check and look at sales reports (DDEX DSR flat files, and statements of many sources).
    #[command(subcommand)]
    Report(report::Command),
    /// Import chart files: usage without money.
    #[command(subcommand)]
    Chart(chart::Command),
    /// Import and export the catalogue as plain files.
    #[command(subcommand)]
    Catalog(catalog::Command),
    Suspense(suspense::Args),
    Settle(settle::Args),
    Replay(replay::Args),
    /// List and show statements.
    #[command(subcommand)]
    Statement(statement::Command),
    Why(why::Args),
    /// Pay what is due: batches for the bank, tax withheld, each balance once.
    #[command(subcommand)]
    Pay(pay::Command),
    /// Pay on a chain those who asked for it: one root an epoch, from which each payee claims.
    #[command(subcommand)]
    Payout(payout::Command),
    Publish(publish::Args),
    /// Have reports attested by who sent them.
    #[command(subcommand)]
    Attest(attest::Command),
    Bundle(bundle::Args),
    Verify(verify::Args),
    /// Look at the transparency log and check its files.
    #[command(subcommand)]
    Log(log::Command),
    Erase(erase::Args),
    /// Be a witness of other logs: cosign their checkpoints, keep proof of two histories.
    #[command(subcommand)]
    Witness(witness::Command),
    Share(share::Args),
    Income(income::Args),
    Query(query::Args),
    ClaimCheck(claim_check::Args),
    WhatIf(what_if::Args),
    /// Add recordings' sound, so that it is found in episodes and in copies.
    #[command(subcommand)]
    Audio(audio::Command),
    Identify(identify::Args),
    /// Make, decide, exchange and compare cue sheets: which recording sounds when in an episode.
    #[command(subcommand)]
    Cue(cue::Command),
    /// Print this reference as Markdown.
    #[command(hide = true)]
    Reference,
}

impl Command {
    /// Says whether it can answer in every form, not as text and JSON alone.
    pub(crate) const fn knows_every_form(&self) -> bool {
        matches!(self, Self::Query(_))
    }

    pub(crate) fn run(self, shell: &mut Shell) -> anyhow::Result<u8> {
        match self {
            Self::Demo(args) => demo::run(&args, shell),
            Self::Report(command) => report::run(command, shell),
            Self::Chart(command) => chart::run(&command, shell),
            Self::Catalog(command) => catalog::run(command, shell),
            Self::Suspense(args) => suspense::run(&args, shell),
            Self::Settle(args) => settle::run(&args, shell),
            Self::Replay(args) => replay::run(&args, shell),
            Self::Statement(command) => statement::run(&command, shell),
            Self::Why(args) => why::run(&args, shell),
            Self::Pay(command) => pay::run(&command, shell),
            Self::Payout(command) => payout::run(&command, shell),
            Self::Publish(args) => publish::run(&args, shell),
            Self::Bundle(args) => bundle::run(&args, shell),
            Self::Verify(args) => verify::run(&args, shell),
            Self::Attest(command) => attest::run(&command, shell),
            Self::Erase(args) => erase::run(&args, shell),
            Self::Log(command) => log::run(&command, shell),
            Self::Witness(command) => witness::run(command, shell),
            Self::Share(args) => share::run(&args, shell),
            Self::Income(args) => income::run(&args, shell),
            Self::Query(args) => query::run(&args, shell),
            Self::ClaimCheck(args) => claim_check::run(&args, shell),
            Self::WhatIf(args) => what_if::run(&args, shell),
            Self::Audio(command) => audio::run(command, shell),
            Self::Identify(args) => identify::run(&args, shell),
            Self::Cue(command) => cue::run(command, shell),
            Self::Reference => reference::run(shell),
        }
    }
}
