//! Reads sound files to their end and says how long that took: `decode FILE...`.
//!
//! `cargo run --release -p audio --example decode -- FILE...` prints a line a file: seconds of sound,
//! CPU seconds, and how many times faster than real time that is.

use std::fs;
use std::io::Write as _;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for name in std::env::args().skip(1) {
        let begun = cpu_seconds();
        let mut sound = audio::open(Path::new(&name))?;
        let (mut block, mut samples) = (Vec::new(), 0);
        while sound.read(&mut block)? {
            samples += block.len();
            block.clear();
        }
        let (took, facts) = (cpu_seconds() - begun, sound.facts());
        let long = f64::from(u32::try_from(samples)?) / f64::from(audio::RATE_HZ);
        writeln!(
            out,
            "{name}\t{}\t{}\t{} Hz\tx{}\t{long:.1} s\t{took:.2} CPU s\t{:.0}x",
            facts.container,
            facts.codec,
            facts.rate_hz,
            facts.channels,
            long / took.max(0.01),
        )?;
        for finding in sound.findings() {
            writeln!(out, "\t{finding}")?;
        }
    }
    Ok(())
}

/// CPU seconds of this program so far; the clock's, where the system does not say.
fn cpu_seconds() -> f64 {
    // Fields 14 and 15 of `stat`, in ticks of 10 ms; the second field may hold spaces.
    let ticks = fs::read_to_string("/proc/self/stat").ok().and_then(|text| {
        let fields: Vec<&str> = text.rsplit(')').next()?.split_ascii_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<u32>().ok();
        Some(f64::from(ticks(11)? + ticks(12)?))
    });
    ticks.map_or_else(
        || {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            since.map_or(0.0, |it| it.as_secs_f64())
        },
        |it| it / 100.0,
    )
}
