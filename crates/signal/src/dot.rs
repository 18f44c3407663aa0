/// The sum of products of two rows of one length, added up in `LANES` sums that a processor keeps side by side.
///
/// It is compiled into its caller, with the vectors that are allowed there.
#[inline(always)]
#[must_use]
pub fn dot<const LANES: usize>(one: &[f32], other: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    let (ones, others) = (one.as_chunks::<LANES>(), other.as_chunks::<LANES>());
    let rest: f32 = ones.1.iter().zip(others.1).map(|(a, b)| a * b).sum();
    for (a, b) in ones.0.iter().zip(others.0) {
        for (lane, (x, y)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f32>() + rest
}
