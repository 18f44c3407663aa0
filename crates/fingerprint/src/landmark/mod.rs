//! Candidates out of large catalogues: the most salient places of each recording, looked for at every lag at once.
//!
//! Of each block of 4.1 s of a recording at most 96 **landmarks** are kept, the cells of its map that stand out most. Of what is
//! heard, one bit says of each cell whether it is among the strongest fifth of its frame. At the right lag more landmarks
//! are present than by chance, even under talk, when most of them are hidden. How many, is counted for 512 neighbouring lags at a time: a
//! band's bits, shifted by the landmark's frame, are added to counters that are written across words, a bit of each count
//! in each word.
//!
//! ```text
//!   heard: a band's bits   ..1 1 1 . . . 1 1 . . 1 1 1 1 . .     landmark (frame 3, that band)
//!   shifted by 3           1 . . . 1 1 . . 1 1 1 1 . .       ─▶ + 1 at each lag with a bit
//!   counters               word of ones · word of twos · word of fours ...
//! ```
//!
//! A block has as many frames as a word bits. So the sum of two blocks along a line is the sum of one word's counters and
//! the next word's, and cues are found by sums over 8, 16 and 33 s. Nothing is looked up, so there is no index to build,
//! and adding a recording is appending its landmarks: some 150 kB an hour.
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
