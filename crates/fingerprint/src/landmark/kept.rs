use std::collections::BTreeMap;

use super::pick::BLOCK;
use super::sweep::Candidate;

/// Lags that are one line: notes last for some frames, so that those beside the right one do well, too.
const NEAR: i64 = 3;

/// The best candidates for each block of what is heard.
pub(crate) struct Kept {
    per_block: usize,
    blocks: BTreeMap<usize, Best>,
}

#[derive(Default)]
struct Best {
    candidates: Vec<Candidate>,
    /// What the weakest of a full block has.
    least: f32,
}

impl Kept {
    pub(crate) fn new(per_block: usize) -> Self {
        Self { per_block: per_block.max(1), blocks: BTreeMap::new() }
    }

    pub(crate) fn push(&mut self, candidate: Candidate) {
        let best = self.blocks.entry((candidate.end - 1) / BLOCK).or_default();
        if candidate.z > best.least {
            best.candidates.push(candidate);
            if best.candidates.len() >= 4 * self.per_block {
                best.prune(self.per_block);
            }
        }
    }

    /// The best candidate of each line, the likeliest first.
    pub(crate) fn finish(self) -> Vec<Candidate> {
        let mut all = Vec::new();
        for mut best in self.blocks.into_values() {
            best.prune(self.per_block);
            all.append(&mut best.candidates);
        }
        let mut best = distinct(all);
        best.sort_by(likeliest);
        best
    }
}

impl Best {
    fn prune(&mut self, keep: usize) {
        self.candidates = distinct(std::mem::take(&mut self.candidates));
        self.candidates.sort_by(likeliest);
        if self.candidates.len() >= keep {
            self.candidates.truncate(keep);
            self.least = self.candidates.last().map_or(0.0, |last| last.z);
        }
    }
}

fn likeliest(one: &Candidate, other: &Candidate) -> std::cmp::Ordering {
    let place = |it: &Candidate| (it.view, it.slot, it.lag, it.start);
    other.z.total_cmp(&one.z).then_with(|| place(one).cmp(&place(other)))
}

/// Of those whose lags lie next to each other and whose frames touch, the best.
fn distinct(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|one, other| {
        (one.view, one.slot).cmp(&(other.view, other.slot)).then_with(|| likeliest(one, other))
    });
    let mut out: Vec<Candidate> = Vec::new();
    // Where those of the same recording begin.
    let mut first = 0;
    for candidate in candidates {
        let same = |it: &Candidate| (it.view, it.slot) == (candidate.view, candidate.slot);
        if !out.last().is_some_and(same) {
            first = out.len();
        }
        let touches = |it: &Candidate| {
            (it.lag - candidate.lag).abs() <= NEAR
                && candidate.start <= it.end
                && it.start <= candidate.end
        };
        if !out[first..].iter().any(touches) {
            out.push(candidate);
        }
    }
    out
}
