//! Counts of many lags at once, written across words: a bit of each count in each word.

use pulp::Simd;

use super::heard::{Heard, LANES};

/// A count for each of `64 LANES` lags, kept between blocks: `N` bits a count, the lowest first.
pub(crate) type Kept<const N: usize> = [[u64; LANES]; N];

/// The same of those lags that one vector holds.
pub(crate) type Count<S, const N: usize> = [<S as Simd>::u64s; N];

/// Landmarks that are added in one step; blocks are filled up to a multiple of it.
pub(crate) const STEP: usize = 8;

/// How many landmarks of a block are present if it begins at the frames of a vector's words, from `word` on; `places` says
/// of each where it is looked for if the block begins at word 0, see [`Heard::place`].
///
/// A carry-save adder over eight landmarks at a time (Harley and Seal's way to count bits, the other way round: of many
/// lags at once).
#[inline(always)]
pub(crate) fn count<S: Simd>(simd: S, heard: &Heard, places: &[u16], word: usize) -> Count<S, 7> {
    let (bits, word) = (heard.bits(), word as u16);
    let row = |place: u16| {
        let from = usize::from(place.wrapping_add(word));
        S::as_simd_u64s(&bits[from..from + LANES]).0[0]
    };
    let mut sums = [simd.splat_u64s(0); 7];
    for eight in places.as_chunks::<STEP>().0 {
        let [one, two, three, four, five, six, seven, eight] = *eight;
        let (ones, two_a) = add(simd, sums[0], row(one), row(two));
        let (ones, two_b) = add(simd, ones, row(three), row(four));
        let (twos, four_a) = add(simd, sums[1], two_a, two_b);
        let (ones, two_a) = add(simd, ones, row(five), row(six));
        let (ones, two_b) = add(simd, ones, row(seven), row(eight));
        let (twos, four_b) = add(simd, twos, two_a, two_b);
        let (fours, mut carry) = add(simd, sums[2], four_a, four_b);
        (sums[0], sums[1], sums[2]) = (ones, twos, fours);
        for sum in &mut sums[3..] {
            let before = *sum;
            *sum = simd.xor_u64s(before, carry);
            carry = simd.and_u64s(before, carry);
        }
    }
    sums
}

/// The sum of two counts, `M = N + 1` bits wide; the first is kept in the place of the second.
#[inline(always)]
pub(crate) fn sum<S: Simd, const N: usize, const M: usize>(
    simd: S,
    one: &Count<S, N>,
    kept: &mut Kept<N>,
    part: usize,
) -> Count<S, M> {
    let mut out = [simd.splat_u64s(0); M];
    let mut carry = simd.splat_u64s(0);
    for bit in 0..N {
        let other = &mut S::as_mut_simd_u64s(&mut kept[bit]).0[part];
        (out[bit], carry) = add(simd, one[bit], *other, carry);
        *other = one[bit];
    }
    out[N] = carry;
    out
}

/// Keeps a count for the next sum.
#[inline(always)]
pub(crate) fn keep<S: Simd, const N: usize>(count: Count<S, N>, kept: &mut Kept<N>, part: usize) {
    for (kept, plane) in kept.iter_mut().zip(count) {
        S::as_mut_simd_u64s(kept).0[part] = plane;
    }
}

/// Goes on to the next bit of each word.
#[inline(always)]
pub(crate) fn turn<const N: usize>(kept: &mut Kept<N>) {
    kept.as_flattened_mut().iter_mut().for_each(|word| *word = word.rotate_left(1));
}

/// At which lags a count reaches `least`.
#[inline(always)]
pub(crate) fn reaches<S: Simd, const N: usize>(
    simd: S,
    count: &Count<S, N>,
    least: u32,
) -> S::u64s {
    if least >> N != 0 {
        return simd.splat_u64s(0);
    }
    let mut mask = simd.splat_u64s(u64::MAX);
    for (bit, here) in count.iter().enumerate() {
        let needed = least >> bit & 1 == 1;
        mask = if needed { simd.and_u64s(mask, *here) } else { simd.or_u64s(mask, *here) };
    }
    mask
}

/// The words of a vector, and zeros.
#[inline(always)]
pub(crate) fn words<S: Simd>(vector: S::u64s) -> [u64; LANES] {
    let mut words = [0; LANES];
    S::as_mut_simd_u64s(&mut words).0[0] = vector;
    words
}

/// The count at one bit of a word.
pub(crate) fn value<S: Simd, const N: usize>(count: &Count<S, N>, word: usize, bit: usize) -> u32 {
    let plane = |(number, plane)| ((words::<S>(plane)[word] >> bit & 1) as u32) << number;
    count.iter().copied().enumerate().map(plane).sum()
}

/// Sum and carry of three bits, in all bits of a vector.
#[inline(always)]
fn add<S: Simd>(simd: S, one: S::u64s, two: S::u64s, three: S::u64s) -> (S::u64s, S::u64s) {
    let either = simd.xor_u64s(one, two);
    let carry = simd.or_u64s(simd.and_u64s(one, two), simd.and_u64s(three, either));
    (simd.xor_u64s(either, three), carry)
}
