//! A catalogue of a thousand hours out of twenty: every recording as it is, and played slower and faster.
//!
//! Music that is played at half speed, or at twice, is other music to whoever searches tempo and pitch
//! within a quarter: it fills a catalogue and is no answer. Each is written as a file, added by the program
//! as any file is, and removed again, so that a thousand hours never lie on the disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::packages::{files, install, open};
use super::place::{Place, Set};
use super::seed::Seed;
use super::sound::{RATE_HZ, decode};
use super::system::Asking;
use super::truth::{Reference, read_lines};
use crate::interop::tools::output;
use crate::shop::Shop;

/// Ranges of factors: further from one than any search goes.
const FACTORS: [(f64, f64); 2] = [(0.50, 0.74), (1.35, 2.00)];
/// The most variants of one file.
const VARIANTS_MAX: usize = 400;
/// The instruments that scores are played with.
const INSTRUMENTS: &str = "usr/share/sounds/sf2/FluidR3_GM.sf2";

/// The rate that variants are decoded at and written at, in Hz.
const DECODED_HZ: u32 = 32_000;
const WRITTEN_HZ: u32 = 16_000;

/// A file and how long it plays.
#[derive(Clone, Debug)]
struct Source {
    path: PathBuf,
    label: String,
    seconds: f64,
}

/// A catalogue of so many hours, in `scale/home`; what is in it already is not added again.
pub(super) fn lay_out(shop: &Shop, place: &Place, hours: f64, asking: &Asking) -> Result<()> {
    let program = asking.program(shop)?;
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
    let (factors, reached) = factors(&sources, hours);
    ensure!(reached >= hours, "the music at hand makes no more hours than {reached:.0}");
    let (home, folder) = (place.root().join("scale/home"), place.root().join("scale/part"));
    let known = labels(&program, &home)?;
    for (at, (source, factors)) in sources.iter().zip(&factors).enumerate() {
        let name = |factor: &f64| match *factor {
            1.0 => source.label.clone(),
            factor => format!("{}-x{factor:.4}", source.label),
        };
        let new: Vec<&f64> = factors.iter().filter(|it| !known.contains(&name(it))).collect();
        eprint!("\radding {} of {} recordings, each at its speeds ", at + 1, sources.len());
        if new.is_empty() {
            continue;
        }
        fs::create_dir_all(&folder).context("failed to make the folder of variants")?;
        let sums = sums(&decode(&source.path, DECODED_HZ, 1, None)?);
        for factor in new {
            let path = folder.join(format!("{}.wav", name(factor)));
            fs::write(&path, wav(&played(&sums, *factor))).context("failed to write a variant")?;
        }
        let mut add = Command::new(&program);
        output(add.arg("--home").arg(&home).args(["audio", "add"]).arg(&folder))?;
        fs::remove_dir_all(&folder).context("failed to remove variants")?;
    }
    let count = factors.iter().map(Vec::len).sum::<usize>();
    println!("\n{count} recordings of {reached:.1} h: {}", home.display());
    Ok(())
}

/// The recordings of a home.
fn labels(program: &Path, home: &Path) -> Result<BTreeSet<String>> {
    if !home.exists() {
        return Ok(BTreeSet::new());
    }
    let mut list = Command::new(program);
    let told = output(list.arg("--home").arg(home).args(["audio", "list", "--json"]))?;
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&told).context("the program's list is JSON")?;
    Ok(rows.iter().filter_map(|it| it["recording"].as_str().map(str::to_owned)).collect())
}

/// The speeds of each file, and how many hours they make. Every file comes once, as it is, before any
/// comes again.
fn factors(sources: &[Source], hours: f64) -> (Vec<Vec<f64>>, f64) {
    let mut seed = Seed::of("scale");
    let mut factors = vec![Vec::new(); sources.len()];
    let mut reached = 0.0;
    let mut order: Vec<usize> = (0..sources.len()).collect();
    for turn in 0..VARIANTS_MAX {
        seed.shuffle(&mut order);
        for source in &order {
            if reached >= hours {
                return (factors, reached);
            }
            let factor = turn.checked_sub(1).map_or(1.0, factor);
            factors[*source].push(factor);
            reached += sources[*source].seconds / factor / 3600.0;
        }
    }
    (factors, reached)
}

/// The sum of all samples before each.
fn sums(samples: &[f32]) -> Vec<f64> {
    let mut sum = 0.0;
    let add = |sample: &f32| {
        sum += f64::from(*sample);
        sum
    };
    std::iter::once(0.0).chain(samples.iter().map(add)).collect()
}

/// Samples at [`DECODED_HZ`], by their sums, played at another speed, at [`WRITTEN_HZ`]: each is the mean of those it covers.
fn played(sums: &[f64], factor: f64) -> Vec<f32> {
    let step = factor * f64::from(DECODED_HZ) / f64::from(WRITTEN_HZ);
    let mut before = 0.0;
    let count = ((sums.len() - 1) as f64 / step) as usize;
    let mean = |n: usize| {
        let at = n as f64 * step;
        let whole = (at as usize).min(sums.len() - 2);
        let here = sums[whole] + (at - whole as f64) * (sums[whole + 1] - sums[whole]);
        let mean = (here - before) / step;
        before = here;
        mean as f32
    };
    (1..=count).map(mean).collect()
}

/// A WAV file of one channel and 16 bits at [`WRITTEN_HZ`].
fn wav(samples: &[f32]) -> Vec<u8> {
    let bytes = samples.len() as u32 * 2;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(WRITTEN_HZ.to_le_bytes());
    file.extend((WRITTEN_HZ * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(bytes.to_le_bytes());
    file.reserve(samples.len() * 2);
    for sample in samples {
        // `as` keeps to what 16 bits hold.
        file.extend_from_slice(&((sample * 32_767.0) as i16).to_le_bytes());
    }
    file
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
    use std::f32::consts::TAU;

    use super::{DECODED_HZ, FACTORS, Source, factor, factors, played, sums, wav};

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
    fn the_hours_are_reached_and_no_speed_comes_twice() {
        let source = |at: usize| Source {
            path: format!("refs/{at}.ogg").into(),
            label: format!("r{at}"),
            seconds: 180.0,
        };
        let sources: Vec<Source> = (0..20).map(source).collect();
        let (found, reached) = factors(&sources, 100.0);
        assert!((100.0..100.2).contains(&reached), "{reached}");
        for mut speeds in found.clone() {
            let count = speeds.len();
            assert_eq!(speeds[0].to_bits(), 1.0_f64.to_bits());
            speeds.sort_by(f64::total_cmp);
            speeds.dedup();
            assert_eq!(speeds.len(), count);
        }
        assert_eq!(factors(&sources, 100.0).0, found);
    }

    #[test]
    fn a_tone_that_is_played_faster_is_shorter_and_higher() {
        let tone: Vec<f32> =
            (0..DECODED_HZ).map(|n| (n as f32 * 440.0 * TAU / DECODED_HZ as f32).sin()).collect();
        let crossings =
            |of: &[f32]| of.windows(2).filter(|two| two[0] <= 0.0 && two[1] > 0.0).count();
        let fast = played(&sums(&tone), 2.0);
        assert_eq!(fast.len(), 8_000);
        assert!((438..=441).contains(&crossings(&fast)), "{}", crossings(&fast));
        assert_eq!(wav(&fast).len(), 44 + 16_000);
    }
}
