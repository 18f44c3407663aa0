/// The value that so great a share of all lie below, 0 to less than 1; the order of the others is lost. None of none.
pub(crate) fn quantile(values: &mut [f32], share: f32) -> Option<f32> {
    let at = (values.len() as f32 * share) as usize;
    (at < values.len()).then(|| *values.select_nth_unstable_by(at, f32::total_cmp).1)
}
