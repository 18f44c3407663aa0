//! Candidates out of large catalogues: the most salient places of each recording, looked for at every lag at once.
//!
//! Of each block of 4.1 s of a recording at most 96 **landmarks** are kept, the cells of its map that stand out most. Of what is
//! heard, one bit says of each cell whether it is among the strongest fifth of its frame. At the right lag more landmarks
//! are present than by chance, even under talk, when most of them are hidden. How many, is counted for all lags of a vector at
//! once: counters are written across words, a bit of each count in each word, and a band's bits are laid out so that a
//! landmark's frame only says at which word to begin.
//!
//! ```text
//!   heard, 3 words a band   t0 t3 t6 t9 ..  ·  t1 t4 t7 t10 ..  ·  t2 t5 t8 t11 ..  ·  t3 t6 t9 ..  (again, a bit further)
//!   landmark at frame 2                                            └ added to the counts of lags 0, 3, 6, 9 ..
//!   counters                word of ones · word of twos · word of fours ...
//! ```
//!
//! So the sum of two blocks along a line is the sum of one word's counters and those a block further, and cues are found by
//! sums over 8, 16 and 33 s. Nothing is looked up, so there is no index to build, and adding a recording is appending its
//! landmarks: some 150 kB an hour.
//!
//! What comes out is likely, not sure; the filter of the other modules says whether it is so.

mod count;
mod heard;
mod kept;
mod pick;
mod sweep;
#[cfg(test)]
mod tests;

pub(crate) use pick::BLOCK;
pub use pick::{Landmarks, LandmarksError, LandmarksRef};
pub use sweep::{Candidate, Limits, Sweep};
