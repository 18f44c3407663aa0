//! Files as they came: kept byte for byte, named by their hash.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::Store;
use crate::error::StoreError;

/// A received file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// The number of bytes.
    pub size_bytes: u64,
}

impl Store {
    /// Keeps a byte-exact copy of a file, unless it is kept already.
    ///
    /// # Errors
    /// [`StoreError::File`] if the file cannot be read or the copy not be written.
    pub fn keep(&self, path: &Path) -> Result<Kept, StoreError> {
        let folder = self.home().join("received");
        std::fs::create_dir_all(&folder).map_err(StoreError::file(&folder))?;
        let staged = folder.join("incoming");
        let mut from = File::open(path).map_err(StoreError::file(path))?;
        let mut to = File::create(&staged).map_err(StoreError::file(&staged))?;
        let mut hash = Sha256::new();
        let mut size_bytes = 0_u64;
        let mut buffer = vec![0_u8; 1 << 18];
        loop {
            let read = from.read(&mut buffer).map_err(StoreError::file(path))?;
            let Some(bytes) = buffer.get(..read).filter(|it| !it.is_empty()) else { break };
            hash.update(bytes);
            to.write_all(bytes).map_err(StoreError::file(&staged))?;
            size_bytes = size_bytes.saturating_add(bytes.len() as u64);
        }
        to.sync_all().map_err(StoreError::file(&staged))?;
        let sha256 = hex(&hash.finalize());
        let kept = self.received_path(&sha256);
        std::fs::rename(&staged, &kept).map_err(StoreError::file(&kept))?;
        Ok(Kept { sha256, size_bytes })
    }

    /// Returns where a kept file lies.
    #[must_use]
    pub fn received_path(&self, sha256: &str) -> std::path::PathBuf {
        self.home().join("received").join(sha256)
    }
}

/// Bytes as digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
