//! `cargo xtask eval audio`: how well recordings are found under speech, in whole episodes and in
//! altered copies, beside other programs on the same files.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "samples, milliseconds and decibels of made-up audio, far within every range"
)]

mod alteration;
mod clips;
mod episodes;
mod packages;
mod place;
mod refs;
mod score;
mod script;
mod seed;
mod sound;
mod truth;
mod uploads;
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
    // Both sets always: each is the other's music that is in no catalogue.
    for set in Set::ALL {
        println!("{}:\n{}", set.name(), refs::told(&refs::lay_out(place, set)?));
    }
    for set in &wish.sets {
        let (own, strangers) = (refs::lay_out(place, *set)?, refs::lay_out(place, set.other())?);
        if wants("clips") {
            let count = clips::make(place, *set, &own, counts)?;
            println!("{}: {count} clips", set.name());
        }
        if wants("uploads") {
            let count = uploads::make(place, *set, &own, &strangers, wish.quick)?;
            println!("{}: {count} uploads", set.name());
        }
        if wants("episodes") {
            let count = episodes::make(place, *set, &own, &strangers, wish.quick)?;
            println!("{}: {count} episodes", set.name());
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
