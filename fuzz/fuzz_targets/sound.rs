//! Any bytes as a sound file: nothing panics, it ends, samples are finite and no more than allowed.

#![no_main]

use audio::{Limits, Sound};
use libfuzzer_sys::fuzz_target;

// A decoder that gives up is caught and is no failure; one that gets out still ends the run.
fuzz_target!(init: std::panic::set_hook(Box::new(|it| eprintln!("{it}"))), |bytes: &[u8]| {
    let limits = Limits { seconds_max: 10, ..Limits::default() };
    let Ok(mut sound) = Sound::of_bytes(bytes, limits) else { return };
    let (mut block, mut samples) = (Vec::new(), 0);
    while let Ok(true) = sound.read(&mut block) {
        assert!(block.iter().all(|it| it.is_finite()));
        samples += block.len();
        block.clear();
    }
    assert!(samples <= 160_000);
});
