//! Channels to one: the mean of all.

use symphonia::core::audio::{Audio as _, GenericAudioBufferRef};

/// No sample is louder; full scale is 1. It keeps sums finite, whatever a file of floats holds.
const LOUDEST: f32 = 16.0;

/// The mean of the channels, appended to `out`. `room` is room to work in.
pub(crate) fn mix(
    buffer: &GenericAudioBufferRef<'_>,
    room: &mut Vec<Vec<f32>>,
    out: &mut Vec<f32>,
) {
    // What is of floats already, as of MP3, AAC and Vorbis, needs no copy.
    if let GenericAudioBufferRef::F32(it) = buffer {
        let planes: Vec<&[f32]> = (0..it.num_planes()).map_while(|index| it.plane(index)).collect();
        return mix_planes(&planes, out);
    }
    buffer.copy_to_vecs_planar(room);
    let planes: Vec<&[f32]> = room.iter().take(buffer.num_planes()).map(Vec::as_slice).collect();
    mix_planes(&planes, out);
}

fn mix_planes(planes: &[&[f32]], out: &mut Vec<f32>) {
    match planes {
        [] => {}
        [only] => out.extend(only.iter().copied().map(tame)),
        [left, right] => {
            out.extend(left.iter().zip(*right).map(|(l, r)| tame((l + r) * 0.5)));
        }
        [first, rest @ ..] => {
            let part = 1.0 / (1.0 + rest.iter().map(|_| 1.0).sum::<f32>());
            out.extend((0..first.len()).map(|index| {
                let sum: f32 = planes.iter().filter_map(|plane| plane.get(index)).sum();
                tame(sum * part)
            }));
        }
    }
}

/// The mean of interleaved channels, appended to `out`.
pub(crate) fn mix_interleaved(samples: &[f32], channels: usize, out: &mut Vec<f32>) {
    if channels == 1 {
        out.extend(samples.iter().copied().map(tame));
        return;
    }
    for frame in samples.chunks_exact(channels.max(1)) {
        let (sum, count) =
            frame.iter().fold((0.0, 0.0), |(sum, count), it| (sum + it, count + 1.0));
        out.push(tame(sum / count));
    }
}

/// A finite sample.
fn tame(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-LOUDEST, LOUDEST) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{mix_interleaved, tame};

    #[test]
    fn the_mean_of_channels() {
        let mut out = Vec::new();
        mix_interleaved(&[1.0, 0.0, -0.5, 0.5, 0.25, 0.75], 2, &mut out);
        mix_interleaved(&[3.0, 0.0, 0.0], 3, &mut out);
        assert_eq!(out, [0.5, 0.0, 0.5, 1.0]);
    }

    #[test]
    fn no_sample_is_infinite() {
        assert_eq!([f32::NAN, f32::INFINITY, -1e30].map(tame), [0.0, 0.0, -16.0]);
    }
}
