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
mod errors;
mod packages;
mod place;
mod refs;
mod repeats;
mod scale;
mod score;
mod script;
mod seed;
mod sound;
mod system;
mod table;
mod truth;
mod uploads;
mod voices;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};

use crate::shop::Shop;
use place::{Place, Set};
use repeats::Repeats;
use system::{Asking, OURS};
use truth::{Answer, Cost, Made, Reference, read_lines};

/// The kinds of files, in the order in which they are made and asked about.
const KINDS: [&str; 3] = ["clips", "uploads", "episodes"];

/// What an evaluation is asked for.
#[derive(Clone, Debug)]
struct Wish {
    sets: Vec<Set>,
    what: Vec<String>,
    systems: Option<Vec<String>>,
    prepare: bool,
    quick: bool,
    score_only: bool,
    scale_hours: Option<f64>,
    asking: Asking,
}

impl Wish {
    fn kinds(&self) -> Vec<&'static str> {
        let wants = |kind: &&str| self.what.is_empty() || self.what.iter().any(|it| it == kind);
        KINDS.into_iter().filter(wants).collect()
    }
}

/// Prepares the audio, or runs our program over it and scores every system with results there.
pub(crate) fn audio(shop: &Shop, words: &[&str]) -> Result<ExitCode> {
    let wish = wish(words)?;
    let place = Place::find(shop)?;
    if wish.prepare {
        prepare(&place, &wish)?;
    }
    if let Some(hours) = wish.scale_hours {
        scale::lay_out(shop, &place, hours, &wish.asking)?;
    }
    if wish.prepare || wish.scale_hours.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    let asks = wish.systems.as_ref().is_none_or(|list| list.iter().any(|it| it == OURS));
    for set in &wish.sets {
        if asks && !wish.score_only {
            system::run(shop, &place, *set, &wish.kinds(), &wish.asking)?;
        }
        compare(&place, *set, &wish)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn wish(words: &[&str]) -> Result<Wish> {
    let mut wish = Wish {
        sets: Set::ALL.to_vec(),
        what: Vec::new(),
        systems: None,
        prepare: false,
        quick: false,
        score_only: false,
        scale_hours: None,
        asking: Asking::default(),
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut next = |what: &str| words.next().with_context(|| format!("{word} needs {what}"));
        let list = |it: &str| it.split(',').map(str::to_owned).collect::<Vec<_>>();
        match *word {
            "--prepare" => wish.prepare = true,
            "--quick" => wish.quick = true,
            "--score" => wish.score_only = true,
            "--keep" => wish.asking.keep = true,
            "--set" => {
                let name = next("tune or test")?;
                let set = Set::ALL.into_iter().find(|it| it.name() == *name);
                wish.sets = vec![set.with_context(|| format!("`{name}` is no set: tune, test"))?];
            }
            "--what" => wish.what = list(next("a list: clips,episodes,uploads")?),
            "--systems" => wish.systems = Some(list(next("a list: leitmotif,olaf")?)),
            "--scale" => {
                let hours = next("a number of hours")?.parse().context("--scale needs a number")?;
                wish.scale_hours = Some(hours);
            }
            "--program" => wish.asking.program = Some(next("a path")?.into()),
            "--words" => {
                let words = next("words of the program: \"--reach plain\"")?;
                wish.asking.words = words.split_whitespace().map(str::to_owned).collect();
            }
            other => bail!("`{other}` is no word of the evaluation: see cargo xtask help"),
        }
    }
    if let Some(other) = wish.what.iter().find(|it| !KINDS.contains(&it.as_str())) {
        bail!("`{other}` is no kind of file; there are {}", KINDS.join(", "));
    }
    Ok(wish)
}

fn prepare(place: &Place, wish: &Wish) -> Result<()> {
    packages::fetch(place)?;
    // Both sets always: each is the other's music that is in no catalogue.
    for set in Set::ALL {
        println!("{}:\n{}", set.name(), refs::told(&refs::lay_out(place, set)?));
    }
    let counts = if wish.quick { clips::Counts::QUICK } else { clips::Counts::FULL };
    for set in &wish.sets {
        let (own, strangers) = (refs::lay_out(place, *set)?, refs::lay_out(place, set.other())?);
        for kind in wish.kinds() {
            let count = match kind {
                "clips" => clips::make(place, *set, &own, &strangers, counts)?,
                "uploads" => uploads::make(place, *set, &own, &strangers, wish.quick)?,
                _ => episodes::make(place, *set, &own, &strangers, wish.quick)?,
            };
            println!("{}: {count} {kind}", set.name());
        }
    }
    Ok(())
}

/// Scores what lies in the folder of results, prints tables and writes all figures as JSON.
fn compare(place: &Place, set: Set, wish: &Wish) -> Result<()> {
    let results = place.set(set).join("results");
    let systems = systems(&results, wish)?;
    let refs: Vec<Reference> = read_lines(&place.set(set).join("refs.jsonl"))?;
    let repeats = Repeats::new(&place.set(set), &refs);
    let mut figures = Map::new();
    println!("\n### {}", set.name());
    for kind in wish.kinds() {
        let Ok(made) = read_lines::<Made>(&place.set(set).join(format!("{kind}.jsonl"))) else {
            continue;
        };
        let scores = scores(&results, &systems, kind, &made, &repeats)?;
        if kind == "uploads" {
            print!("{}", table::uploads(&alterations(&made), &scores));
        } else {
            print!("{}", table::classes(kind, &scores));
        }
        print!("{}", table::confidence(kind, &scores));
        let scores = scores.into_iter().map(|(name, it)| Ok((name, serde_json::to_value(it)?)));
        figures.insert(kind.to_owned(), Value::Object(scores.collect::<Result<_>>()?));
    }
    let cost = |name: &String| cost_of(&results.join(name).join("cost.json"));
    let costs: Vec<(String, Cost)> =
        systems.iter().filter_map(|name| Some((name.clone(), cost(name)?))).collect();
    print!("{}", table::costs(&costs));
    for (name, cost) in costs {
        figures.insert(format!("cost of {name}"), serde_json::to_value(cost)?);
    }
    let path = results.join("scores.json");
    fs::write(&path, serde_json::to_string(&figures)?).context("failed to write the figures")?;
    println!("\nall figures: {}", path.display());
    Ok(())
}

/// Systems with a folder of results: ours first, the others by name.
fn systems(results: &Path, wish: &Wish) -> Result<Vec<String>> {
    let mut systems = Vec::new();
    for entry in fs::read_dir(results).with_context(|| format!("no {}", results.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let wanted = wish.systems.as_ref().is_none_or(|list| list.contains(&name));
        if wanted && entry.file_type()?.is_dir() {
            systems.push(name);
        }
    }
    systems.sort_by_key(|name| (name != OURS, name.clone()));
    Ok(systems)
}

/// The scores of those systems that answered about a kind of file; what each got wrong is written
/// beside its answers.
fn scores(
    results: &Path,
    systems: &[String],
    kind: &str,
    made: &[Made],
    repeats: &Repeats,
) -> Result<Vec<table::Named>> {
    let mut scores = Vec::new();
    for name in systems {
        let file = results.join(name).join(format!("{kind}.jsonl"));
        if file.is_file() {
            let answers: Vec<Answer> = read_lines(&file)?;
            fs::write(file.with_extension("errors.tsv"), errors::list(made, &answers))
                .context("failed to write what was missed and false")?;
            let score = score::score(made, &answers, &|claim| repeats.off_ms(claim));
            scores.push((name.clone(), score));
        }
    }
    Ok(scores)
}

/// The alterations in which something is to be found, in the order of their making.
fn alterations(made: &[Made]) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    for made in made.iter().filter(|it| !it.cues.is_empty()) {
        if !order.contains(&made.alteration) {
            order.push(made.alteration.clone());
        }
    }
    order
}

/// What a system used, if it says so.
fn cost_of(path: &Path) -> Option<Cost> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}

/// Says how far the making of files is, on one line that goes over itself.
fn progress(set: Set, what: &str, done: usize, of: usize) {
    eprint!("\r{}: {what} {done} of {of} ", set.name());
    if done == of {
        eprintln!();
    }
    drop(std::io::stderr().flush());
}

#[cfg(test)]
mod tests {
    use super::wish;

    #[test]
    fn words_are_understood_or_named() {
        let asked = wish(&["--set", "test", "--what", "episodes,clips", "--systems", "olaf"]);
        let asked = asked.expect("these are its words");
        assert_eq!(asked.kinds(), ["clips", "episodes"]);
        assert_eq!(asked.sets.len(), 1);
        for wrong in
            [&["--set", "other"][..], &["--what", "tones"], &["--set"], &["--scale", "far"]]
        {
            assert!(wish(wrong).is_err(), "{wrong:?}");
        }
    }
}
