use super::heard::{Heard, LANES};
use super::pick::{band, frame};

/// One bit for each of `64 LANES` neighbouring lags.
pub(crate) type Lane = [u64; LANES];

/// A count for each lag, written across words: `N` bits a count, the lowest first.
pub(crate) type Count<const N: usize> = [Lane; N];

/// Landmarks that are added in one step; blocks are filled up to a multiple of it.
pub(crate) const STEP: usize = 8;

/// How many landmarks of a block are present, for each lag of a lane: the landmark at frame `f` of the block is looked
/// for at `f` frames after the lag.
///
/// A carry-save adder over eight landmarks at a time (Harley and Seal's way to count bits, the other way round: of many
/// lags at once).
#[inline(always)]
pub(crate) fn count(heard: &Heard, marks: &[u16], word: usize) -> Count<7> {
    let mut sums = [[0; LANES]; 7];
    for eight in marks.chunks_exact(STEP) {
        let (mut rows, mut shifts) = ([heard.row(0, word); STEP], [0; STEP]);
        for (n, mark) in eight.iter().enumerate() {
            (rows[n], shifts[n]) = (heard.row(band(*mark), word), frame(*mark));
        }
        // A loop of this form becomes vector code.
        for lane in 0..LANES {
            let at =
                |n: usize| rows[n][lane] >> shifts[n] | rows[n][lane + 1] << 1 << (63 - shifts[n]);
            let (ones, two_a) = add(sums[0][lane], at(0), at(1));
            let (ones, two_b) = add(ones, at(2), at(3));
            let (twos, four_a) = add(sums[1][lane], two_a, two_b);
            let (ones, two_a) = add(ones, at(4), at(5));
            let (ones, two_b) = add(ones, at(6), at(7));
            let (twos, four_b) = add(twos, two_a, two_b);
            let (fours, mut carry) = add(sums[2][lane], four_a, four_b);
            (sums[0][lane], sums[1][lane], sums[2][lane]) = (ones, twos, fours);
            for plane in &mut sums[3..] {
                let sum = plane[lane];
                plane[lane] = sum ^ carry;
                carry &= sum;
            }
        }
    }
    sums
}

/// The sum of two counts, `M = N + 1` bits wide.
#[inline(always)]
pub(crate) fn sum<const N: usize, const M: usize>(one: &Count<N>, other: &Count<N>) -> Count<M> {
    let mut out = [[0; LANES]; M];
    for lane in 0..LANES {
        let mut carry = 0;
        for bit in 0..N {
            (out[bit][lane], carry) = add(one[bit][lane], other[bit][lane], carry);
        }
        out[N][lane] = carry;
    }
    out
}

/// At which lags a count reaches `least`.
#[inline(always)]
pub(crate) fn reaches<const N: usize>(count: &Count<N>, least: u32) -> Lane {
    if least >> N != 0 {
        return [0; LANES];
    }
    let mut mask = [u64::MAX; LANES];
    for (bit, plane) in count.iter().enumerate() {
        let needed = least >> bit & 1 == 1;
        for (mask, here) in mask.iter_mut().zip(plane) {
            *mask = if needed { *mask & here } else { *mask | here };
        }
    }
    mask
}

/// The count at one lag of a lane.
pub(crate) fn value<const N: usize>(count: &Count<N>, lag: usize) -> u32 {
    count
        .iter()
        .enumerate()
        .map(|(bit, lane)| ((lane[lag / 64] >> (lag % 64) & 1) as u32) << bit)
        .sum()
}

/// Sum and carry of three bits, at 64 lags.
#[inline(always)]
fn add(one: u64, two: u64, three: u64) -> (u64, u64) {
    (one ^ two ^ three, one & two | three & (one | two))
}
