//! Any rate to 16 kHz.

use rubato::audioadapter_buffers::direct::SequentialSliceOfSlices;
use rubato::{
    Async, Fft, FixedAsync, FixedSync, Indexing, SincInterpolationParameters,
    SincInterpolationType, WindowFunction,
};

use crate::RATE_HZ;

/// Frames that are turned at a time, about.
const CHUNK: usize = 2_048;
/// Rates whose smallest common chunk is longer than this are turned point by point.
const CHUNK_MAX: usize = 4_096;

/// Turns mono sound of one rate into 16 kHz; the delay of its filter is taken out again.
pub(crate) struct Resampler {
    rate_hz: u32,
    engine: Option<Box<dyn rubato::Resampler<f32>>>,
    /// Frames that wait for a whole chunk.
    waiting: Vec<f32>,
    room: Vec<f32>,
    /// Samples still to drop from the start.
    delay: usize,
    frames_in: u64,
    samples_out: u64,
}

impl Resampler {
    /// From this rate, which must not be 0.
    pub(crate) fn new(rate_hz: u32) -> Self {
        let engine = (rate_hz != RATE_HZ).then(|| engine(rate_hz));
        let delay = engine.as_ref().map_or(0, |it| it.output_delay());
        let room = vec![0.0; engine.as_ref().map_or(0, |it| it.output_frames_max())];
        Self { rate_hz, engine, waiting: Vec::new(), room, delay, frames_in: 0, samples_out: 0 }
    }

    /// Takes frames in; whole chunks come out.
    pub(crate) fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        self.frames_in += u64::try_from(frames.len()).expect("a length fits");
        if self.engine.is_none() {
            out.extend_from_slice(frames);
            return;
        }
        self.waiting.extend_from_slice(frames);
        let mut used = 0;
        loop {
            let need = self.engine.as_ref().map_or(usize::MAX, |it| it.input_frames_next());
            let Some(chunk) = self.waiting.get(used..).and_then(|it| it.get(..need)) else { break };
            let engine = self.engine.as_mut().expect("there is one, or the sound passed through");
            let samples = turn(engine.as_mut(), chunk, need, &mut self.room);
            used += need;
            self.give(samples, out, u64::MAX);
        }
        self.waiting.drain(..used);
    }

    /// The rest: together as many samples as the frames are long.
    pub(crate) fn finish(mut self, out: &mut Vec<f32>) {
        let Some(mut engine) = self.engine.take() else { return };
        let rate = u64::from(self.rate_hz);
        let whole = (self.frames_in * u64::from(RATE_HZ)).div_ceil(rate);
        let mut rest = std::mem::take(&mut self.waiting);
        while self.samples_out < whole {
            let need = engine.input_frames_next();
            let real = rest.len().min(need);
            rest.resize(need, 0.0);
            let samples = turn(engine.as_mut(), &rest, real, &mut self.room);
            rest.clear();
            self.give(samples, out, whole);
        }
    }

    /// Passes on the first `samples` of the room, less the delay, up to `whole` in all.
    fn give(&mut self, samples: usize, out: &mut Vec<f32>, whole: u64) {
        let late = self.delay.min(samples);
        self.delay -= late;
        let open = usize::try_from(whole - self.samples_out).unwrap_or(usize::MAX);
        let samples = self.room.get(late..samples).unwrap_or_default();
        let samples = samples.get(..open).unwrap_or(samples);
        self.samples_out += u64::try_from(samples.len()).expect("a length fits");
        out.extend_from_slice(samples);
    }
}

/// One chunk into the room; how many samples that made.
fn turn(
    engine: &mut dyn rubato::Resampler<f32>,
    chunk: &[f32],
    real: usize,
    room: &mut [f32],
) -> usize {
    let (channels, length) = ([chunk], room.len());
    let source = SequentialSliceOfSlices::new(&channels, 1, chunk.len());
    let source = source.expect("one channel, all of it");
    let mut channels = [room];
    let sink = SequentialSliceOfSlices::new_mut(&mut channels, 1, length);
    let mut sink = sink.expect("one channel, all of it");
    let indexing =
        Indexing { partial_len: (real < chunk.len()).then_some(real), ..Indexing::new() };
    let (_, samples) = engine
        .process_into_buffer(&source, &mut sink, Some(&indexing))
        .expect("the chunk and the room are as long as was asked for");
    samples
}

/// Common rates by a Fourier transform, the others point by point with a windowed sinc.
fn engine(rate_hz: u32) -> Box<dyn rubato::Resampler<f32>> {
    let divisor = gcd(rate_hz, RATE_HZ);
    let units = |it: u32| usize::try_from(it / divisor).expect("32 bits fit");
    let (from, to) = (units(rate_hz), units(RATE_HZ));
    let rate = usize::try_from(rate_hz).expect("32 bits fit");
    let target = usize::try_from(RATE_HZ).expect("32 bits fit");
    if from.max(to) <= CHUNK_MAX {
        // A power of two of the smallest chunk, so that the transform stays quick.
        let chunk = from * CHUNK.div_ceil(from.max(to)).next_power_of_two();
        let made = Fft::<f32>::new_custom(
            rate,
            target,
            chunk,
            1,
            1,
            WindowFunction::BlackmanHarris2,
            FixedSync::Both,
        );
        return Box::new(made.expect("rates and chunk are not 0"));
    }
    let ratio = f64::from(RATE_HZ) / f64::from(rate_hz);
    // A filter of the same length in time, whatever the rate: 128 samples of the lower one.
    let length = 128 * usize::try_from(rate_hz.div_ceil(RATE_HZ)).expect("32 bits fit");
    let shape = SincInterpolationParameters::new(length, WindowFunction::BlackmanHarris2)
        .oversampling_factor(128)
        .interpolation(SincInterpolationType::Linear);
    let made = Async::<f32>::new_sinc(ratio, 1.0, &shape, CHUNK, 1, FixedAsync::Input);
    Box::new(made.expect("the ratio is above 0, the chunk not 0"))
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
