use crate::whiten::Whitener;
use crate::{Map, Variant};

/// Contrast at which a heard cell counts half of what it can count at most.
const SOFT: f32 = 0.1;

/// Sound that is asked about: its contrast, limited and made white.
///
/// Limiting matters under talk, whose strong lines would otherwise outweigh hundreds of weak ones that agree.
pub struct Query {
    white: Map,
}

impl Query {
    /// A query for a map that an [`crate::Ear`] heard.
    #[must_use]
    pub fn new(heard: &Map) -> Self {
        let mut soft = heard.clone();
        soft.values_mut().iter_mut().for_each(|value| *value /= value.abs() + SOFT);
        Self { white: Whitener::new().apply(&soft) }
    }

    /// Frames of 64 ms.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.white.frames()
    }

    /// What was heard, at the speed and pitch at which it was recorded if it was changed so.
    pub(crate) fn undone(&self, variant: Variant) -> Map {
        variant.undo(&self.white)
    }

    /// A part of it.
    #[must_use]
    pub(crate) fn part(&self, frames: std::ops::Range<usize>) -> Self {
        let mut white = Map::new(self.white.width());
        frames.for_each(|frame| white.push(self.white.row(frame)));
        Self { white }
    }
}
