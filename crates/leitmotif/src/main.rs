//! Leitmotif: read the words, do what they say, return the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
