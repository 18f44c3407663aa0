//! Sound files of any common kind to mono samples at 16 kHz, with tags and findings.
//!
//! # Purpose
//!
//! Whatever looks for recordings in sound wants one form of it: mono, 16,000 samples a second. Here
//! files become that, a block at a time. Container and codec are told by what is in the file, never
//! by its name.
//!
//! # Words
//!
//! - **container**: how a file holds its streams: WAVE, AIFF, CAF, Ogg, Matroska and `WebM`, MP4, or
//!   a bare stream of MP3, AAC (ADTS) or FLAC.
//! - **codec**: how the sound of a stream is written.
//! - **stream**: one sound of a file; a film may have several. The one that is marked as default is
//!   read, as far as its reader tells, else the first; or the one that is asked for.
//! - **frame**: one sample of each channel.
//! - **mid**: the mean of all channels.
//! - **delay**, **padding**: frames that an encoder put before and after the sound; they are
//!   dropped where the file tells how many.
//!
//! # Drawing
//!
//! ```text
//!  file ─▶ container ─▶ packets ─▶ codec ─▶ frames ─▶ mid ─▶ less delay and padding ─▶ 16 kHz ─▶ block
//!             │            └─ broken, missing: findings, and silence of their length
//!             └─▶ Facts: container, codec, rate, channels, duration, tags
//! ```
//!
//! # Example
//!
//! ```
//! use audio::{Limits, Sound};
//!
//! // A tenth of a second of silence, 8,000 Hz, 8 bits, as WAVE.
//! let mut wave = b"RIFF\x44\x03\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x20\x03\0\0".to_vec();
//! wave.resize(44 + 800, 0x80);
//!
//! let mut sound = Sound::of_bytes(wave, Limits::default())?;
//! assert_eq!((sound.facts().container.as_str(), sound.facts().rate_hz), ("wave", 8_000));
//! let mut samples = Vec::new();
//! while sound.read(&mut samples)? {}
//! assert_eq!(samples.len(), 1_600);
//! assert!(sound.findings().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! - A sample stands where it sounds, as a player shows it: what cannot be read becomes silence of the same length, as
//!   far as the file tells it.
//! - Whatever the bytes, reading ends, no panic gets out, and memory is bounded: nothing is
//!   reserved because a header says a number. (A panic of the decoders is caught, so the program
//!   must be built with `panic = "unwind"`; the hook may still write its line to standard error.)
//! - Samples are finite.
//!
//! # What it does not do
//!
//! It writes no sound, plays none, seeks nowhere, reads nothing but files, and keeps one stream
//! and one channel. Of HE-AAC it reads the core (the lower half of the spectrum). AAC of more than two
//! channels, AC-3, DTS, WMA and MPEG transport streams it does not read: decision 12 says why.

mod aac;
mod container;
mod decoder;
mod edit;
mod error;
mod facts;
mod guard;
mod line;
mod mid;
mod ogg;
mod opus;
mod resample;
mod rule;
mod sound;
mod tags;

pub use crate::error::{OpenError, ReadError};
pub use crate::facts::{Facts, Limits, Stream, Tags};
pub use crate::rule::RULES;
pub use crate::sound::{Sound, open};

/// Samples a second of everything that is read.
pub const RATE_HZ: u32 = 16_000;
