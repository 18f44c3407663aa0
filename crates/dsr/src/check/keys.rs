//! Which ids were seen before: 16 bytes an id, however long it is.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hasher};

/// Ids by a 128-bit hash, with the line each stood in first.
///
/// Only ever asked one id at a time, so the order of the map reaches no output.
#[derive(Default, Debug)]
pub(crate) struct Keys(HashMap<Key, u64, BuildHasherDefault<Through>>);

#[derive(PartialEq, Eq, Debug)]
struct Key([u64; 2]);

impl std::hash::Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0[0]);
    }
}

/// The key is a hash already.
#[derive(Default)]
struct Through(u64);

impl Hasher for Through {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

impl Keys {
    /// Enters an id; the line it was entered with before, if it was.
    pub(crate) fn enter(&mut self, id: &[u8], line: u64) -> Option<u64> {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            hasher.write_u8(salt);
            hasher.write(id);
            hasher.finish()
        };
        match self.0.entry(Key([half(0), half(1)])) {
            std::collections::hash_map::Entry::Occupied(entry) => Some(*entry.get()),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(line);
                None
            }
        }
    }
}
