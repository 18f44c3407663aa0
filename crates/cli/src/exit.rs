//! How errors end: printed with their causes, and a code that says what kind they are.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use statement::Refusal;

use crate::shell::harmless;

/// Data was read, and it has errors.
pub(crate) const DATA: u8 = 3;
/// A static file of the log does not hold.
pub(crate) const LOG: u8 = 14;
/// The statement file is not the one in the receipt.
pub(crate) const OTHER_STATEMENT: u8 = 15;
/// The payout contract says what it must not.
pub(crate) const CHAIN: u8 = 30;

/// Says that words make no command.
pub(crate) fn words(text: &str) -> ExitCode {
    drop(writeln!(std::io::stderr(), "error: {text}"));
    ExitCode::from(2)
}

/// An error with its causes, a line each.
pub(crate) fn said(error: &anyhow::Error) -> String {
    let mut text = String::from("error: ");
    let mut last = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if cause != last {
            if !last.is_empty() {
                text.push_str("\n  because: ");
            }
            let _ = write!(text, "{cause}");
        }
        last = cause;
    }
    text
}

/// Prints an error with its causes and returns its exit code; a closed pipe is no error.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let closed = |it: &std::io::Error| it.kind() == std::io::ErrorKind::BrokenPipe;
    if error.downcast_ref::<std::io::Error>().is_some_and(closed) {
        return ExitCode::SUCCESS;
    }
    drop(writeln!(std::io::stderr(), "{}", harmless(&said(error))));
    let code = error.downcast_ref::<Refusal>().map_or(1, Refusal::exit_code);
    ExitCode::from(code)
}
