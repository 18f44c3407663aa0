//! A log with as many futures as are wanted; all share their first five leaves.

use tlog::{
    AddCheckpoint, Checkpoint, Hash, MemoryTiles, Note, SigningKey, leaf_hash, prove_consistency,
    root,
};

pub(crate) struct Log {
    pub(crate) key: SigningKey,
    tiles: MemoryTiles,
}

impl Log {
    pub(crate) fn new(origin: &str, future: u64) -> Self {
        let leaf =
            |it: u64| leaf_hash(format!("{it} {}", if it < 5 { 0 } else { future }).as_bytes());
        let mut tiles = MemoryTiles::new();
        tiles.append(&(0..40).map(leaf).collect::<Vec<Hash>>()).unwrap();
        // A key for each origin, whatever the future.
        let seed = origin.bytes().fold(7, |seed: u8, it| seed.wrapping_mul(31).wrapping_add(it));
        Self { key: SigningKey::from_seed(origin, [seed; 32].into()).unwrap(), tiles }
    }

    pub(crate) fn note(&self, size: u64) -> Note {
        let root = root(size, &self.tiles).unwrap();
        Checkpoint::new(self.key.name(), size, root).unwrap().sign(&[&self.key]).unwrap()
    }

    pub(crate) fn prove(&self, old: u64, new: u64) -> Vec<Hash> {
        if old == 0 { Vec::new() } else { prove_consistency(old, new, &self.tiles).unwrap() }
    }

    pub(crate) fn request(&self, old: u64, new: u64) -> Vec<u8> {
        let request = AddCheckpoint::new(old, self.prove(old, new), self.note(new)).unwrap();
        request.to_string().into_bytes()
    }
}
