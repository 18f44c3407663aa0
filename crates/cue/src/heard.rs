//! What a search of an episode's sound found, before it becomes cues.

/// One match of a recording in a programme, in plain numbers: how it was found does not matter here.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The recording: its ISRC, its id, or the name that its print was made under.
    pub recording: String,
    /// Where it begins in the programme, in milliseconds.
    pub start_ms: u64,
    /// Where it ends in the programme, in milliseconds.
    pub end_ms: u64,
    /// Where in the recording it begins, in milliseconds.
    pub in_ms: i64,
    /// As played by as recorded: 1.0427 is faster.
    pub tempo: f64,
    /// How much higher it is played, in hundredths of a semitone.
    pub pitch_cents: i32,
    /// How loud it is beside everything else, if that was measured.
    pub level_db: Option<f32>,
    /// How far it stands out of the noise of the search.
    pub z: f32,
    /// How sure it is, 0 to 1.
    pub confidence: f32,
    /// Other recordings that the sound cannot tell from it, each with how sure that is.
    pub alternatives: Vec<(String, f32)>,
}

impl Default for Heard {
    fn default() -> Self {
        Self {
            recording: String::new(),
            start_ms: 0,
            end_ms: 0,
            in_ms: 0,
            tempo: 1.0,
            pitch_cents: 0,
            level_db: None,
            z: 0.0,
            confidence: 1.0,
            alternatives: Vec::new(),
        }
    }
}
