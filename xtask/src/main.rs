//! The chores of the project: the whole test run, the tidy checks, the benches, the generated pages.
//!
//! ```text
//! cargo xtask test ──┬─ fmt ─ clippy ─ tests ─ doctests ─ tidy ─ deny ─ advisories ─ reference ─ interop
//!                    └─ prints a heading and a wall time a step, stops at the first failure
//! ```
//!
//! One file a chore. This crate uses no other crate of the workspace, so the chores still run while
//! the crates do not compile.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to whoever ran it")]

mod bench;
mod deny;
mod eval;
mod faults;
mod interop;
mod page;
mod reference;
mod shop;
mod test;
mod tidy;

use std::process::ExitCode;

use shop::Shop;

const HELP: &str = "\
Chores of this project. Usage: cargo xtask <chore>

  test [step...]                  every step, or those named: format, clippy, tests, doctests, tidy,
                                  deny, advisories, reference, interop, faults; stops at the first
                                  failure
  faults                          the program is stopped at each of its writes, and started again
  tidy                            the house rules only: floors, rooms, sizes, words, places, papers
  interop [vectors|sumdb|witness|python|chain|age|page]...
                                  what others wrote reads what we write, and the other way round;
                                  fetches what it needs with apt, pip or npm, or says what is missing
  bench [chain|settlement|statement|page|seal|reports|scaling|memory|all] [--lines N]... [--quick]
                                  builds the release binary and measures it (all, if nothing is
                                  named); `reports` installs the peers it races against
  eval audio [--prepare] [--quick] [--set tune|test] [--what clips,uploads,episodes]
             [--systems leitmotif,...] [--score] [--keep] [--program PATH]
             [--words WORDS] [--scale HOURS]
                                  how well recordings are found in sound: under speech, in whole
                                  episodes, in altered copies. --prepare fetches free music and
                                  speech and makes the files, in $LEITMOTIF_EVAL or <target>/eval;
                                  then the release binary is asked, and scored beside every system
                                  with results there; --program takes another binary,
                                  --score only scores, --keep keeps the
                                  catalogue made last, --words go to the program; --scale makes
                                  a catalogue of so many hours, scale/home
  page                            builds the verifier as one HTML file, <target>/page/verify.html
  reference [--check]             writes docs/reference from the binary; with --check, only compares
  help                            this page

CARGO_TARGET_DIR is respected by every chore.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> anyhow::Result<ExitCode> {
    match *words {
        [] | ["help" | "-h" | "--help"] => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        ["test", ref steps @ ..] => test::run(&Shop::open()?, steps),
        ["faults"] => faults::chore(&Shop::open()?),
        ["interop", ref parts @ ..] => interop::run(&Shop::open()?, parts),
        ["tidy"] => tidy::report(&Shop::open()?),
        ["bench", ref words @ ..] => bench::measure(&Shop::open()?, words),
        ["eval", "audio", ref words @ ..] => eval::audio(&Shop::open()?, words),
        ["page"] => page::write(&Shop::open()?),
        ["reference"] => reference::write(&Shop::open()?),
        ["reference", "--check"] => reference::compare(&Shop::open()?),
        _ => {
            eprintln!("xtask: `{}` is no chore\n\n{HELP}", words.join(" "));
            Ok(ExitCode::from(2))
        }
    }
}
