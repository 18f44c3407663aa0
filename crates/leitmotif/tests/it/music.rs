//! Small music, made from seeds: notes with partials, as WAVE files.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "seconds and samples of small music"
)]

use std::f32::consts::TAU;
use std::path::Path;

/// Samples a second.
pub(crate) const RATE: usize = 16_000;

/// Numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn draw(&mut self, below: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Music of so many seconds.
pub(crate) fn tune(seed: u64, seconds: usize) -> Vec<f32> {
    let mut numbers = Numbers(seed.wrapping_mul(7_919) + 1);
    let mut out = vec![0.0; seconds * RATE];
    let mut at = 0;
    while at + RATE / 4 < out.len() {
        let length = (RATE / 8) * (1 + usize::try_from(numbers.draw(3)).unwrap());
        for _ in 0..1 + numbers.draw(3) {
            note(&mut out[at..], numbers.draw(44), length + RATE / 4);
        }
        at += length;
    }
    out
}

fn note(out: &mut [f32], pitch: u64, length: usize) {
    let hz = 110.0 * (pitch as f32 / 12.0).exp2();
    for (n, to) in out.iter_mut().take(length).enumerate() {
        let time = n as f32 / RATE as f32;
        for partial in 1..=3_u8 {
            let partial = f32::from(partial);
            *to += 0.1 * (-4.0 * time).exp() * (TAU * hz * partial * time).sin() / partial;
        }
    }
}

/// Noise, as quiet as rain.
pub(crate) fn noise(seed: u64, seconds: usize) -> Vec<f32> {
    let mut numbers = Numbers(seed);
    (0..seconds * RATE).map(|_| (numbers.draw(2_000) as f32 / 1_000.0 - 1.0) * 0.02).collect()
}

/// Lays sound over other sound from a second on.
pub(crate) fn lay(over: &mut [f32], second: usize, sound: &[f32], gain: f32) {
    for (to, from) in over[second * RATE..].iter_mut().zip(sound) {
        *to += from * gain;
    }
}

/// The same, so much faster and higher.
pub(crate) fn faster(sound: &[f32], tempo: f64) -> Vec<f32> {
    let count = (sound.len() as f64 / tempo) as usize;
    let at = |n: usize| {
        let place = n as f64 * tempo;
        let (whole, part) = (place as usize, place.fract() as f32);
        let next = sound.get(whole + 1).copied().unwrap_or_default();
        sound[whole] * (1.0 - part) + next * part
    };
    (0..count).map(at).collect()
}

/// A part of it, by seconds.
pub(crate) fn part(sound: &[f32], from: usize, to: usize) -> &[f32] {
    &sound[from * RATE..to * RATE]
}

/// Writes a WAVE file of 16 bits, mono; `remark` only changes its bytes.
pub(crate) fn write(path: &Path, sound: &[f32], remark: &str) {
    let data: Vec<u8> = sound
        .iter()
        .flat_map(|it| ((it.clamp(-1.0, 1.0) * 32_767.0) as i16).to_le_bytes())
        .collect();
    let mut extra: Vec<u8> = Vec::new();
    if !remark.is_empty() {
        let text = format!("{remark:\0<16}");
        extra.extend(b"LIST\x1c\0\0\0INFOICMT\x10\0\0\0");
        extra.extend(&text.as_bytes()[..16]);
    }
    let length = |it: usize| u32::try_from(it).unwrap().to_le_bytes();
    let mut out = b"RIFF".to_vec();
    out.extend(length(36 + extra.len() + data.len()));
    out.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    out.extend(length(RATE));
    out.extend(length(RATE * 2));
    out.extend(b"\x02\0\x10\0");
    out.extend(extra);
    out.extend(b"data");
    out.extend(length(data.len()));
    out.extend(data);
    std::fs::write(path, out).unwrap();
}
