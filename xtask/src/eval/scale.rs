//! A catalogue of a thousand hours out of twenty: which file, played how fast, is which recording.
//!
//! Music that is played at half speed, or at twice, is other music to whoever searches tempo and pitch
//! within a quarter: it fills a catalogue and is no answer. Nothing of it lies on disk; the list says
//! what to decode and how to resample it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::packages::{files, install, open};
use super::place::{Place, Set};
use super::seed::Seed;
use super::sound::{RATE_HZ, decode};
use super::truth::{Reference, read_lines};
use crate::interop::tools::output;

/// Ranges of factors: further from one than any search goes.
const FACTORS: [(f64, f64); 2] = [(0.50, 0.74), (1.35, 2.00)];
/// The most variants of one file.
const VARIANTS_MAX: usize = 400;
/// The instruments that scores are played with.
const INSTRUMENTS: &str = "usr/share/sounds/sf2/FluidR3_GM.sf2";

/// A file and how long it plays.
#[derive(Clone, Debug)]
struct Source {
    path: PathBuf,
    label: String,
    seconds: f64,
}

/// Writes `scale.tsv`: path, factor and label a line, until so many hours are reached.
pub(super) fn plan(place: &Place, hours: f64) -> Result<()> {
    let mut sources = rendered(place)?;
    for set in Set::ALL {
        let refs: Vec<Reference> = read_lines(&place.set(set).join("refs.jsonl"))
            .context("the recordings are not laid out: cargo xtask eval audio --prepare")?;
        sources.extend(refs.into_iter().map(|it| Source {
            path: place.set(set).join(it.file),
            label: it.recording,
            seconds: it.seconds,
        }));
    }
    let (list, reached) = variants(&sources, hours);
    let file = place.root().join("scale.tsv");
    fs::write(&file, &list).with_context(|| format!("failed to write {}", file.display()))?;
    let count = list.lines().count();
    println!("{count} recordings of {reached:.1} h: {}", file.display());
    ensure!(reached >= hours, "the music at hand makes no more hours than that");
    Ok(())
}

/// The list, and how many hours it makes. Every file comes once before any comes again.
fn variants(sources: &[Source], hours: f64) -> (String, f64) {
    let mut seed = Seed::of("scale");
    let mut list = String::new();
    let mut reached = 0.0;
    let mut order: Vec<&Source> = sources.iter().collect();
    for turn in 0..VARIANTS_MAX {
        seed.shuffle(&mut order);
        for source in &order {
            if reached >= hours {
                return (list, reached);
            }
            let factor = factor(turn);
            let (path, label) = (source.path.display(), &source.label);
            let _ = writeln!(list, "{path}\t{factor:.4}\t{label}-x{factor:.4}");
            reached += source.seconds / factor / 3600.0;
        }
    }
    (list, reached)
}

/// The factor of a turn: slow and fast by turns, and over each range as evenly as can be, whatever
/// the number of turns (van der Corput's sequence).
fn factor(turn: usize) -> f64 {
    let (low, high) = FACTORS[turn % 2];
    let mut place = 0.0;
    let mut unit = 0.5;
    let mut rest = turn / 2 + 1;
    while rest > 0 {
        place += unit * (rest % 2) as f64;
        (rest, unit) = (rest / 2, unit / 2.0);
    }
    low * (high / low).powf(place)
}

/// Scores played by a synthesiser, once.
fn rendered(place: &Place) -> Result<Vec<Source>> {
    install(&["fluidsynth"], &["fluidsynth"])?;
    let instruments = open(place, "fluid-soundfont-gm")?.join(INSTRUMENTS);
    let folder = place.root().join("scale");
    fs::create_dir_all(&folder).context("failed to make the folder of played scores")?;
    let mut sources = Vec::new();
    for package in ["openttd-openmsx", "planetblupi-music-midi"] {
        for score in files(&open(place, package)?, &["mid"])? {
            let stem = score.file_stem().map(|it| it.to_string_lossy().into_owned());
            let label = format!("{package}-{}", stem.unwrap_or_default());
            let path = folder.join(format!("{label}.ogg"));
            if !path.is_file() {
                play(&instruments, &score, &path)?;
            }
            let seconds = decode(&path, RATE_HZ, 1, None)?.len() as f64 / f64::from(RATE_HZ);
            sources.push(Source { path, label, seconds });
        }
    }
    Ok(sources)
}

fn play(instruments: &Path, score: &Path, path: &Path) -> Result<()> {
    println!("playing {}", score.display());
    let wav = path.with_extension("wav");
    let mut program = Command::new("fluidsynth");
    program.args(["-n", "-i", "-q", "-r", "44100", "-g", "0.6", "-F"]).arg(&wav);
    output(program.arg(instruments).arg(score))?;
    let part = path.with_extension("part.ogg");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-threads", "1", "-i"]).arg(&wav);
    output(ffmpeg.args(["-c:a", "libvorbis", "-q:a", "4"]).arg(&part))?;
    fs::remove_file(&wav).context("failed to remove a file between")?;
    fs::rename(&part, path).context("failed to name a played score")
}

#[cfg(test)]
mod tests {
    use super::{FACTORS, Source, factor, variants};

    #[test]
    fn factors_keep_out_of_what_is_searched() {
        let factors: Vec<f64> = (0..400).map(factor).collect();
        let outside = |it: &f64| FACTORS.iter().any(|(low, high)| (*low..=*high).contains(it));
        assert!(factors.iter().all(outside));
        let mut sorted = factors;
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|two| two[0] < two[1]), "a factor comes twice");
    }

    #[test]
    fn the_list_reaches_its_hours_and_no_label_comes_twice() {
        let source = |at: usize| Source {
            path: format!("refs/{at}.ogg").into(),
            label: format!("r{at}"),
            seconds: 180.0,
        };
        let sources: Vec<Source> = (0..20).map(source).collect();
        let (list, reached) = variants(&sources, 100.0);
        assert!((100.0..100.2).contains(&reached), "{reached}");
        let mut labels: Vec<&str> = list.lines().filter_map(|it| it.split('\t').nth(2)).collect();
        let count = labels.len();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), count);
        assert_eq!(variants(&sources, 100.0).0, list);
    }
}
