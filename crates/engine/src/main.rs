//! The second program: SQL over the lake, here or on a cluster, and the cluster's own processes.
//!
//! `leitmotif query`, and other commands with `--cluster`, start it, ask in JSON on its standard
//! input and read its standard output; what it says beside that goes to standard error.

mod cluster;
mod log;
mod output;
mod query;
mod reduce;
mod session;
mod sum;
mod table;
mod tables;

use std::io::{Write as _, stderr, stdin};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use serde_json::from_reader;

/// SQL over a lake of usage lines, embedded or on a cluster.
///
/// People use `leitmotif query`, and other commands with `--cluster`, which start this program. To
/// run a cluster, start one scheduler and as many executors as there are machines.
#[derive(Debug, Parser)]
#[command(name = "leitmotif-engine", version, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers a query that is asked as JSON on standard input.
    #[command(hide = true)]
    Query,
    /// Reduces usage lines on a cluster, as JSON on standard input says.
    #[command(hide = true)]
    Reduce,
    /// Starts the scheduler of a cluster. It trusts whoever reaches it: keep it on a private network.
    Scheduler(Scheduler),
    /// Starts an executor. It reads whatever its scheduler says: keep it on a private network.
    Executor(Executor),
}

#[derive(Debug, clap::Args)]
struct Scheduler {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:50050")]
    bind: SocketAddr,
    /// The name or address under which executors reach it; that of --bind if none is given.
    #[arg(long)]
    advertise: Option<String>,
    /// What to say on standard error: error, warn, info or debug.
    #[arg(long, default_value = "warn", value_parser = log::level)]
    log: ::log::LevelFilter,
}

#[derive(Debug, clap::Args)]
struct Executor {
    /// The scheduler's host and port.
    #[arg(long, default_value = "127.0.0.1:50050")]
    scheduler: String,
    /// The address to listen on; the port after it is used as well.
    #[arg(long, default_value = "127.0.0.1:50051")]
    bind: SocketAddr,
    /// The name or address under which others reach it; that of --bind if none is given.
    #[arg(long)]
    advertise: Option<String>,
    /// How much it does at once; one a core if 0.
    #[arg(long, default_value_t = 0)]
    cores: usize,
    /// The folder for what is handed on between tasks; one of its own among the temporary files if
    /// none is given.
    #[arg(long)]
    work_dir: Option<PathBuf>,
    /// What to say on standard error: error, warn, info or debug.
    #[arg(long, default_value = "warn", value_parser = log::level)]
    log: ::log::LevelFilter,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(stderr(), "error: {}", reasons(&error)));
            ExitCode::FAILURE
        }
    }
}

/// What an error says, and its causes, as far as they say more: the SQL engine's repeat each other.
fn reasons(error: &anyhow::Error) -> String {
    let mut said = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !said.contains(&cause) {
            said += &format!(": {cause}");
        }
    }
    said
}

fn run(command: Command) -> anyhow::Result<()> {
    // Plans of long conditions are deep: the stack is that of Ballista's own programs.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(32 << 20)
        .build()
        .context("cannot start threads")?;
    runtime.block_on(async {
        match command {
            Command::Query => {
                let request = from_reader(stdin().lock()).context("no query on standard input")?;
                query::run(request).await
            }
            Command::Reduce => {
                let request = from_reader(stdin().lock()).context("no tasks on standard input")?;
                reduce::run(request).await
            }
            Command::Scheduler(it) => {
                log::begin(it.log);
                cluster::scheduler(it.bind, it.advertise).await
            }
            Command::Executor(it) => {
                log::begin(it.log);
                cluster::executor(it.scheduler, it.bind, it.advertise, it.cores, it.work_dir).await
            }
        }
    })
}
