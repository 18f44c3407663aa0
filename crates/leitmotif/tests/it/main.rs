//! The program from outside: words in, text and exit codes out, whatever the files and whenever it
//! is killed.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop where it stands, and says what it skips"
)]

mod bundle;
mod codes;
mod cosigned;
mod demo;
mod door;
mod forms;
mod help;
mod json;
#[cfg(unix)]
mod kill;
mod music;
mod rates;
mod sound;
mod tamper;
mod together;
mod witness;
mod worst;
