//! Usage codes: how a cue sounds in the picture, as the societies name it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How music is used in a programme.
///
/// The two-letter codes are those that cue sheets for ASCAP and BMI use; societies differ in names and
/// number, so each code has its other spellings in [`UsageCode::parse`] and a Korean word.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UsageCode {
    /// Background instrumental: nobody on screen makes it, nobody sings.
    #[serde(rename = "BI")]
    BackgroundInstrumental,
    /// Background vocal.
    #[serde(rename = "BV")]
    BackgroundVocal,
    /// Visual instrumental: somebody on screen is seen to play or hear it.
    #[serde(rename = "VI")]
    VisualInstrumental,
    /// Visual vocal: somebody on screen is seen to sing or hear it.
    #[serde(rename = "VV")]
    VisualVocal,
    /// Featured instrumental: in front, as over a montage.
    #[serde(rename = "FI")]
    FeaturedInstrumental,
    /// Featured vocal.
    #[serde(rename = "FV")]
    FeaturedVocal,
    /// Visual source: from something seen on screen, such as a radio.
    #[serde(rename = "VS")]
    VisualSource,
    /// Background, without saying whether it is sung.
    #[serde(rename = "BG")]
    Background,
    /// Theme: what a programme is known by, wherever it sounds.
    #[serde(rename = "TH")]
    Theme,
    /// Main title: over the opening.
    #[serde(rename = "MT")]
    MainTitle,
    /// End title: over the closing.
    #[serde(rename = "ET")]
    EndTitle,
    /// Logo: what a company or channel is known by.
    #[serde(rename = "LG")]
    Logo,
}

impl UsageCode {
    /// Every code.
    pub const ALL: [Self; 12] = [
        Self::BackgroundInstrumental,
        Self::BackgroundVocal,
        Self::VisualInstrumental,
        Self::VisualVocal,
        Self::FeaturedInstrumental,
        Self::FeaturedVocal,
        Self::VisualSource,
        Self::Background,
        Self::Theme,
        Self::MainTitle,
        Self::EndTitle,
        Self::Logo,
    ];

    /// The code, such as `BI`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BackgroundInstrumental => "BI",
            Self::BackgroundVocal => "BV",
            Self::VisualInstrumental => "VI",
            Self::VisualVocal => "VV",
            Self::FeaturedInstrumental => "FI",
            Self::FeaturedVocal => "FV",
            Self::VisualSource => "VS",
            Self::Background => "BG",
            Self::Theme => "TH",
            Self::MainTitle => "MT",
            Self::EndTitle => "ET",
            Self::Logo => "LG",
        }
    }

    /// What it means, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::BackgroundInstrumental => "background instrumental",
            Self::BackgroundVocal => "background vocal",
            Self::VisualInstrumental => "visual instrumental",
            Self::VisualVocal => "visual vocal",
            Self::FeaturedInstrumental => "featured instrumental",
            Self::FeaturedVocal => "featured vocal",
            Self::VisualSource => "visual source",
            Self::Background => "background",
            Self::Theme => "theme",
            Self::MainTitle => "main title",
            Self::EndTitle => "end title",
            Self::Logo => "logo",
        }
    }

    /// What it means, in Korean words; they are read back by [`UsageCode::parse`].
    #[must_use]
    pub const fn korean(self) -> &'static str {
        match self {
            Self::BackgroundInstrumental => "배경(연주)",
            Self::BackgroundVocal => "배경(가창)",
            Self::VisualInstrumental => "실연(연주)",
            Self::VisualVocal => "실연(가창)",
            Self::FeaturedInstrumental => "삽입(연주)",
            Self::FeaturedVocal => "삽입(가창)",
            Self::VisualSource => "현장음",
            Self::Background => "배경",
            Self::Theme => "주제",
            Self::MainTitle => "오프닝",
            Self::EndTitle => "엔딩",
            Self::Logo => "로고",
        }
    }

    /// Whether it is one of those for music behind the scene.
    #[must_use]
    pub const fn is_background(self) -> bool {
        matches!(self, Self::BackgroundInstrumental | Self::BackgroundVocal | Self::Background)
    }

    /// Reads a code or one of its other spellings, whatever the case and the spaces around it.
    ///
    /// ```
    /// use cue::UsageCode;
    ///
    /// assert_eq!(UsageCode::parse("Background Vocal"), Some(UsageCode::BackgroundVocal));
    /// assert_eq!(UsageCode::parse("OT"), Some(UsageCode::MainTitle));
    /// assert_eq!(UsageCode::parse("배경음악"), Some(UsageCode::Background));
    /// assert_eq!(UsageCode::parse("loud"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let plain = |it: &Self| {
            it.as_str().to_lowercase() == text || it.words() == text || it.korean() == text
        };
        if let Some(code) = Self::ALL.iter().copied().find(plain) {
            return Some(code);
        }
        Some(match text.as_str() {
            "ot" | "op" | "opening theme" | "opening" | "opening title" | "오프닝음악" => {
                Self::MainTitle
            }
            "ct" | "ed" | "closing theme" | "closing" | "closing title" | "end credits"
            | "엔딩음악" => Self::EndTitle,
            "t" | "tm" | "주제음악" | "주제곡" | "테마" => Self::Theme,
            "l" | "lo" | "ee" | "시그널" | "시그널음악" => Self::Logo,
            "b" | "bgm" | "underscore" | "score" | "배경음악" => Self::Background,
            "f" | "feature" | "featured" | "삽입곡" => Self::FeaturedVocal,
            "v" | "source" | "visual" => Self::VisualSource,
            _ => return None,
        })
    }
}

/// The code.
impl fmt::Display for UsageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::UsageCode;

    #[test]
    fn every_spelling_is_read_back() {
        for code in UsageCode::ALL {
            for text in [code.as_str(), code.words(), code.korean()] {
                assert_eq!(UsageCode::parse(text), Some(code), "{text}");
                assert_eq!(UsageCode::parse(&format!(" {} ", text.to_uppercase())), Some(code));
            }
        }
    }
}
