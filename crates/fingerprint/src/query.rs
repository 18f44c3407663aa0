use crate::whiten::Whitener;
use crate::{Map, Variant};

/// Contrast at which a heard cell counts half of what it can count at most.
const SOFT: f32 = 0.1;

/// Sound that is asked about: its contrast, limited and made white.
///
/// Limiting matters under talk, whose strong lines would otherwise outweigh hundreds of weak ones that agree.
pub struct Query {
    heard: Map,
    white: Map,
}

impl Query {
    /// A query for a map that an [`crate::Ear`] heard.
    #[must_use]
    pub fn new(heard: &Map) -> Self {
        let mut soft = heard.clone();
        soft.values_mut().iter_mut().for_each(|value| *value /= value.abs() + SOFT);
        let white = Whitener::new().apply(&soft);
        Self { heard: heard.clone(), white }
    }

    /// Frames of 64 ms.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.white.frames()
    }

    /// What was heard, at the speed and pitch at which it was recorded if it was changed so.
    ///
    /// It is made white before it is stretched: the other way round was measured to lose a third of the evidence, since
    /// stretching smooths some frames more than others.
    pub(crate) fn undone(&self, variant: Variant) -> Map {
        variant.undo(&self.white)
    }

    /// The same of the contrast as it was heard.
    pub(crate) fn undone_heard(&self, variant: Variant) -> Map {
        variant.undo(&self.heard)
    }

    /// A part of it.
    #[must_use]
    pub(crate) fn part(&self, frames: std::ops::Range<usize>) -> Self {
        Self { heard: self.heard.part(frames.clone()), white: self.white.part(frames) }
    }
}
