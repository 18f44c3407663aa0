//! `cargo xtask eval audio`: how well recordings are found under speech, in whole episodes and in
//! altered copies, beside other programs on the same files.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "samples, milliseconds and decibels of made-up audio, far within every range"
)]

mod clips;
mod packages;
mod place;
mod refs;
mod seed;
mod sound;
mod truth;
mod voices;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::shop::Shop;
use place::{Place, Set};

/// What an evaluation is asked for.
#[derive(Clone, Debug)]
struct Wish {
    sets: Vec<Set>,
    what: Vec<String>,
    prepare: bool,
    quick: bool,
}

/// Prepares the audio, or runs and scores.
pub(crate) fn audio(shop: &Shop, words: &[&str]) -> Result<ExitCode> {
    let wish = wish(words)?;
    let place = Place::find(shop)?;
    if wish.prepare {
        prepare(&place, &wish)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn wish(words: &[&str]) -> Result<Wish> {
    let mut wish = Wish { sets: Set::ALL.to_vec(), what: Vec::new(), prepare: false, quick: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--prepare" => wish.prepare = true,
            "--quick" => wish.quick = true,
            "--set" => {
                let name = words.next().context("--set needs tune or test")?;
                let set = Set::ALL.into_iter().find(|it| it.name() == *name);
                wish.sets = vec![set.with_context(|| format!("`{name}` is no set: tune, test"))?];
            }
            "--what" => {
                let list = words.next().context("--what needs a list: clips,episodes,uploads")?;
                wish.what = list.split(',').map(str::to_owned).collect();
            }
            other => bail!("`{other}` is no word of the evaluation: see cargo xtask help"),
        }
    }
    Ok(wish)
}

fn prepare(place: &Place, wish: &Wish) -> Result<()> {
    packages::fetch(place)?;
    let counts = if wish.quick { clips::Counts::QUICK } else { clips::Counts::FULL };
    let wants = |what: &str| wish.what.is_empty() || wish.what.iter().any(|it| it == what);
    let mut all = Vec::new();
    for set in &wish.sets {
        let references = refs::lay_out(place, *set)?;
        println!("{}:\n{}", set.name(), refs::told(&references));
        all.push((*set, references));
    }
    for (set, references) in &all {
        if wants("clips") {
            let count = clips::make(place, *set, references, counts)?;
            println!("{}: {count} clips", set.name());
        }
    }
    Ok(())
}

/// Says how far the making of files is, on one line that goes over itself.
fn progress(set: Set, what: &str, done: usize, of: usize) {
    eprint!("\r{}: {what} {done} of {of} ", set.name());
    if done == of {
        eprintln!();
    }
    drop(std::io::stderr().flush());
}
