/// One answer: this recording sounds here.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Number of its print.
    pub slot: u32,
    /// Start in what is heard.
    pub start_ms: u64,
    /// End in what is heard.
    pub end_ms: u64,
    /// Where in the recording the start lies.
    pub in_ms: i64,
    /// Speed over that of the recording.
    pub tempo: f64,
    /// Hundredths of a semitone by which it is heard higher.
    pub pitch_cents: i32,
    /// How far the evidence stands above chance, in standard deviations.
    pub z: f32,
    /// How loud the music is beside everything else, in decibels; an estimate.
    pub level_db: f32,
    /// Probability that the answer is right.
    pub confidence: f32,
    /// Other recordings that explain the same sound almost as well, with the probability that it is them.
    pub alternatives: Vec<(u32, f32)>,
}

/// The probability that evidence is no accident, after so many places were asked: `trials` as a natural logarithm.
///
/// The greatest of `n` standard normal deviates lies near the root of `2 ln n`; how far above it an answer must stand was
/// measured on talk with and without music.
#[must_use]
pub fn confidence(z: f32, trials: f64) -> f32 {
    let chance = (2.0 * trials).sqrt()
        - ((4.0 * std::f64::consts::PI * trials).ln()) / (2.0 * (2.0 * trials).sqrt());
    (1.0 / (1.0 + (-(f64::from(z) - chance - ABOVE) * STEEP).exp())) as f32
}

/// Where above chance an answer is as likely right as wrong, and how fast that turns.
const ABOVE: f64 = 2.0;
const STEEP: f64 = 3.0;
