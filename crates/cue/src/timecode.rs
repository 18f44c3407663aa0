//! Frame rates and timecode (SMPTE ST 12-1): milliseconds to frames and back, with drop-frame counting.

use std::fmt;

/// How many frames a second, and how they are counted.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FrameRate {
    /// 24000/1001 frames a second, counted as 24.
    F23_976,
    /// 24.
    F24,
    /// 25.
    F25,
    /// 30000/1001, counted as 30: the timecode falls behind the clock by 3.6 seconds an hour.
    #[default]
    F29_97,
    /// 30000/1001 with drop-frame counting: numbers 0 and 1 are left out in each minute but every tenth
    /// one, so that the timecode keeps with the clock. What Korean broadcasters use.
    F29_97Drop,
    /// 30.
    F30,
}

/// How many frames a timecode of 24 hours has at the most.
const HOURS_MAX: u64 = 24;

impl FrameRate {
    /// Every rate.
    pub const ALL: [Self; 6] =
        [Self::F23_976, Self::F24, Self::F25, Self::F29_97, Self::F29_97Drop, Self::F30];

    /// The word for it: `23.976`, `24`, `25`, `29.97`, `29.97df` or `30`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::F23_976 => "23.976",
            Self::F24 => "24",
            Self::F25 => "25",
            Self::F29_97 => "29.97",
            Self::F29_97Drop => "29.97df",
            Self::F30 => "30",
        }
    }

    /// Reads the word for a rate.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether numbers of frames are left out.
    #[must_use]
    pub const fn is_drop(self) -> bool {
        matches!(self, Self::F29_97Drop)
    }

    /// Numbers of frames in a second of timecode.
    pub(crate) const fn nominal(self) -> u64 {
        match self {
            Self::F23_976 | Self::F24 => 24,
            Self::F25 => 25,
            Self::F29_97 | Self::F29_97Drop | Self::F30 => 30,
        }
    }

    /// Frames a second as a fraction.
    pub(crate) const fn ratio(self) -> (u128, u128) {
        match self {
            Self::F23_976 => (24_000, 1001),
            Self::F24 => (24, 1),
            Self::F25 => (25, 1),
            Self::F29_97 | Self::F29_97Drop => (30_000, 1001),
            Self::F30 => (30, 1),
        }
    }

    /// The frame that a time is nearest to.
    #[must_use]
    pub fn frame(self, ms: u64) -> u64 {
        let (num, den) = self.ratio();
        nearest(u128::from(ms) * num, den * 1000)
    }

    /// The time of a frame, to the nearest millisecond.
    #[must_use]
    pub fn ms(self, frame: u64) -> u64 {
        let (num, den) = self.ratio();
        nearest(u128::from(frame) * den * 1000, num)
    }

    /// The timecode of a frame, `HH:MM:SS:FF`, with a semicolon before the frames where some are left
    /// out; nothing beyond 24 hours.
    ///
    /// ```
    /// use cue::FrameRate;
    ///
    /// assert_eq!(FrameRate::F25.timecode(1501).as_deref(), Some("00:01:00:01"));
    /// assert_eq!(FrameRate::F29_97Drop.timecode(1799).as_deref(), Some("00:00:59;29"));
    /// assert_eq!(FrameRate::F29_97Drop.timecode(1800).as_deref(), Some("00:01:00;02"));
    /// ```
    #[must_use]
    pub fn timecode(self, frame: u64) -> Option<String> {
        let number = if self.is_drop() { counted(frame) } else { frame };
        let (seconds, frames) = (number / self.nominal(), number % self.nominal());
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        let mark = if self.is_drop() { ';' } else { ':' };
        (hours < HOURS_MAX)
            .then(|| format!("{hours:02}:{minutes:02}:{:02}{mark}{frames:02}", seconds % 60))
    }

    /// The frame of a timecode, whatever stands between its numbers; nothing if it is none, or names a
    /// frame that drop-frame counting leaves out.
    #[must_use]
    pub fn parse_timecode(self, text: &str) -> Option<u64> {
        let parts: Vec<&str> = text.trim().split([':', ';', '.']).collect();
        let [hours, minutes, seconds, frames] = parts.as_slice() else { return None };
        let digits =
            |it: &&str| (1..=2).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit());
        if !parts.iter().all(digits) {
            return None;
        }
        let [hours, minutes, seconds, frames] = [
            hours.parse().ok()?,
            minutes.parse().ok()?,
            seconds.parse().ok()?,
            frames.parse().ok()?,
        ];
        let (hours, minutes, seconds, frames): (u64, u64, u64, u64) =
            (hours, minutes, seconds, frames);
        if hours >= HOURS_MAX || minutes > 59 || seconds > 59 || frames >= self.nominal() {
            return None;
        }
        let number = ((hours * 60 + minutes) * 60 + seconds) * self.nominal() + frames;
        if !self.is_drop() {
            return Some(number);
        }
        let minute = hours * 60 + minutes;
        if !minute.is_multiple_of(10) && seconds == 0 && frames < 2 {
            return None;
        }
        Some(number - 2 * (minute - minute / 10))
    }
}

/// The word for it.
impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The number that drop-frame counting gives a frame: two numbers are left out at each full minute,
/// but not at every tenth. Ten minutes have 17,982 frames, the first minute 1800, the others 1798.
const fn counted(frame: u64) -> u64 {
    let (tens, rest) = (frame / 17_982, frame % 17_982);
    let minutes = if rest < 1800 { 0 } else { 1 + (rest - 1800) / 1798 };
    frame + 18 * tens + 2 * minutes
}

fn nearest(num: u128, den: u128) -> u64 {
    u64::try_from((2 * num + den) / (2 * den)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::FrameRate;

    fn rate() -> impl Strategy<Value = FrameRate> {
        prop::sample::select(FrameRate::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn frames_are_read_back(rate in rate(), frame in 0_u64..2_073_600) {
            if let Some(text) = rate.timecode(frame) {
                prop_assert_eq!(rate.parse_timecode(&text), Some(frame));
            }
            prop_assert_eq!(rate.frame(rate.ms(frame)), frame);
        }

        #[test]
        fn a_time_is_within_half_a_frame(rate in rate(), ms in 0_u64..86_000_000) {
            let (num, den) = rate.ratio();
            let half = u64::try_from(den * 500 / num).unwrap() + 1;
            prop_assert!(rate.ms(rate.frame(ms)).abs_diff(ms) <= half);
        }
    }

    #[test]
    fn every_left_out_number_is_refused_and_an_hour_keeps_with_the_clock() {
        let drop = FrameRate::F29_97Drop;
        let texts: Vec<_> = (0..107_892).filter_map(|it| drop.timecode(it)).collect();
        let left_out = |it: &&String| it.ends_with(":00;00") || it.ends_with(":00;01");
        assert_eq!(texts.iter().filter(left_out).count(), 12);
        assert_eq!(drop.timecode(107_892).unwrap(), "01:00:00;00");
        assert_eq!(drop.timecode(drop.frame(3_600_000)).unwrap(), "01:00:00;00");
        assert_eq!(FrameRate::F29_97.timecode(drop.frame(3_600_000)).unwrap(), "00:59:56:12");
        for text in ["00:01:00;00", "00:59:00;01", "24:00:00:00", "00:60:00:00", "0:0:0", "a:0:0:0"]
        {
            assert_eq!(drop.parse_timecode(text), None, "{text}");
        }
    }
}
