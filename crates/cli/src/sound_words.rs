//! Times, speeds and pitches in words.

use app::sound::Match;

/// A length or time, `1:02:03` or `2:03`.
pub(crate) fn clock(ms: u64) -> String {
    let seconds = ms.saturating_add(500) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A time to the tenth of a second, `2:03.4`.
pub(crate) fn fine_clock(ms: i64) -> String {
    let tenths = ms.unsigned_abs().saturating_add(50) / 100;
    let (minutes, seconds, tenths) = (tenths / 600, tenths / 10 % 60, tenths % 10);
    let sign = if ms < 0 { "-" } else { "" };
    format!("{sign}{minutes}:{seconds:02}.{tenths}")
}

/// Where in the recording the match ends.
pub(crate) fn recorded_end(it: &Match) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "a length of sound in milliseconds")]
    let length = it.end_ms.saturating_sub(it.start_ms) as f64 * it.tempo;
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    let length = length.round() as i64;
    it.in_ms.saturating_add(length)
}

/// How fast and how high something is played, beside how it was recorded.
pub(crate) fn changes(tempo: f64, pitch_cents: i32) -> Vec<String> {
    let mut words = Vec::new();
    let per_cent = (tempo - 1.0) * 100.0;
    let faster = if per_cent > 0.0 { "faster" } else { "slower" };
    // A resampled copy is higher as much as it is faster.
    let following = 1200.0 * tempo.log2();
    let follows = per_cent.abs() >= 0.25 && (f64::from(pitch_cents) - following).abs() < 40.0;
    if per_cent.abs() >= 0.05 {
        let pitch = match (follows, per_cent > 0.0) {
            (true, true) => " and higher by as much, as if resampled",
            (true, false) => " and lower by as much, as if resampled",
            (false, _) => "",
        };
        words.push(format!("played {:.1} % {faster}{pitch}", per_cent.abs()));
    }
    if !follows && pitch_cents.abs() >= 10 {
        let higher = if pitch_cents > 0 { "higher" } else { "lower" };
        let semitones = f64::from(pitch_cents.abs()) / 100.0;
        words.push(format!("{semitones:.1} semitones {higher}"));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_for_people() {
        assert_eq!(clock(3_723_400), "1:02:03");
        assert_eq!(clock(59_500), "1:00");
        assert_eq!(fine_clock(125_049), "2:05.0");
        assert_eq!(fine_clock(-1_500), "-0:01.5");
    }

    #[test]
    fn changes_are_for_people() {
        let none: [String; 0] = [];
        assert_eq!(changes(1.0, 0), none);
        assert_eq!(changes(1.0427, 72), ["played 4.3 % faster and higher by as much, as if resampled"]);
        assert_eq!(changes(0.9, 0), ["played 10.0 % slower"]);
        assert_eq!(changes(1.0, -200), ["2.0 semitones lower"]);
        assert_eq!(changes(1.1, -100), ["played 10.0 % faster", "1.0 semitones lower"]);
    }
}
