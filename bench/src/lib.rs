//! What the programs of the bench share: a file in memory and numbers from a seed.

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::Mmap;

/// Maps a file into memory.
///
/// # Errors
/// Whatever the system says.
pub fn map(path: impl AsRef<Path>) -> io::Result<Mmap> {
    let file = File::open(path)?;
    #[expect(unsafe_code, reason = "the bench wrote the file, and nobody cuts it meanwhile")]
    // SAFETY: the file is the bench's own and is not written while it is mapped.
    unsafe {
        Mmap::map(&file)
    }
}

/// Vigna's `splitmix64`: the same seed gives the same numbers on every machine.
pub struct Random(pub u64);

impl Random {
    /// The next number, any of 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.draw()) * u128::from(end)) >> 64) as u64
    }
}

/// Whether the catalogue has the recording of a number; the most popular one it has.
#[must_use]
pub const fn is_known(number: u64) -> bool {
    number % 200 != 137
}

/// The ISRC of the recording of a number, of the user-assigned country code.
#[must_use]
pub fn isrc(number: u64) -> String {
    format!("ZZLMB{}{:05}", 21 + number / 100_000, number % 100_000)
}
