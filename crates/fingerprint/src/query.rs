use crate::presence::{mute, weigh};
use crate::whiten::Whitener;
use crate::{Impression, Map, Variant};

/// Contrast at which a heard cell counts half of what it can count at most.
const SOFT: f32 = 0.1;

/// Sound that is asked about: its contrast, limited, made white, and weighed by how much of quieter music would show.
///
/// Limiting matters under talk, whose strong lines would otherwise outweigh hundreds of weak ones that agree.
pub struct Query {
    heard: Map,
    white: Map,
    /// Mean square of the weights of each frame.
    presence: Vec<f32>,
}

impl Query {
    /// A query for what an [`crate::Ear`] heard.
    #[must_use]
    pub fn new(heard: &Impression) -> Self {
        let mut soft = heard.map.clone();
        soft.values_mut().iter_mut().for_each(|value| *value /= value.abs() + SOFT);
        let mut white = Whitener::new().apply(&soft);
        mute(&mut white);
        let presence = weigh(&heard.levels, &mut white);
        Self { heard: heard.map.clone(), white, presence }
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

    /// The mean squares of weights in each frame of [`Self::undone`].
    pub(crate) fn presence(&self, variant: Variant) -> Vec<f32> {
        let last = self.presence.len().saturating_sub(1);
        (0..variant.frames(self.frames()))
            .map(|frame| self.presence[((frame as f64 / variant.tempo) as usize).min(last)])
            .collect()
    }

    /// A part of it.
    #[must_use]
    pub(crate) fn part(&self, frames: std::ops::Range<usize>) -> Self {
        let end = frames.end.min(self.presence.len());
        let presence = self.presence[frames.start.min(end)..end].to_vec();
        Self { heard: self.heard.part(frames.clone()), white: self.white.part(frames), presence }
    }
}
