use crate::{RATE_HZ, dot};

/// Bands of equal width in octaves over the bins of a spectrum.
///
/// Each band is a triangle in frequency that ends at the middles of its neighbours, and is at least one bin wide to either
/// side; low bands that lie closer than bins thus interpolate between bins.
pub struct Bands {
    floor: f32,
    /// First bin and the weights from it on, one entry a band.
    weights: Vec<(usize, Vec<f32>)>,
}

impl Bands {
    /// `count` bands, `per_octave` to an octave, the lowest centred at `low_hz`, for spectra of windows of `window`
    /// samples at [`RATE_HZ`].
    #[must_use]
    pub fn new(window: usize, low_hz: f32, per_octave: usize, count: usize) -> Self {
        let hz_per_bin = RATE_HZ as f32 / window as f32;
        let last = window / 2;
        let centre = |band: f32| low_hz * (band / per_octave as f32).exp2() / hz_per_bin;
        let weights = (0..count)
            .map(|band| {
                let middle = centre(band as f32);
                let below = (middle - centre(band as f32 - 1.0)).max(1.0);
                let above = (centre(band as f32 + 1.0) - middle).max(1.0);
                triangle(middle, below, above, last)
            })
            .collect();
        // A tone of one millionth of full scale in the middle of a window: what counts as silence.
        let floor = (window as f32 * 0.25e-6).powi(2);
        Self { floor, weights }
    }

    /// How many bands there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.weights.len()
    }

    /// Natural logarithms of the mean power in each band; silence is about -120 dB of full scale.
    pub fn log_power(&self, power: &[f32], row: &mut [f32]) {
        for (value, (first, weights)) in row.iter_mut().zip(&self.weights) {
            let power = &power[*first..*first + weights.len()];
            *value = dot::<8>(weights, power) + self.floor;
        }
        for value in row {
            *value = ln(*value);
        }
    }
}

/// The natural logarithm of a positive normal number, to a few parts in ten million: the series of the inverse hyperbolic tangent
/// (Abramowitz and Stegun 4.1.27) between the roots of 1/2 and 2. In a loop it becomes vector code, which the library's does
/// not.
fn ln(x: f32) -> f32 {
    const SQRT_HALF: u32 = 0x3f35_04f3;
    let above = x.to_bits().wrapping_sub(SQRT_HALF);
    let exponent = (above.cast_signed() >> 23) as f32;
    let mantissa = f32::from_bits((above & 0x007f_ffff) + SQRT_HALF);
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = 1.0 + square * (1.0 / 3.0 + square * (0.2 + square * (1.0 / 7.0)));
    exponent * std::f32::consts::LN_2 + 2.0 * t * series
}

fn triangle(middle: f32, below: f32, above: f32, last: usize) -> (usize, Vec<f32>) {
    let height = |bin: usize| {
        let distance = bin as f32 - middle;
        1.0 - if distance < 0.0 { -distance / below } else { distance / above }
    };
    let bins: Vec<usize> = (0..=last).filter(|&bin| height(bin) > 0.0).collect();
    let Some(&first) = bins.first() else {
        return (last, vec![0.0]);
    };
    let sum: f32 = bins.iter().map(|&bin| height(bin)).sum();
    (first, bins.iter().map(|&bin| height(bin) / sum).collect())
}
