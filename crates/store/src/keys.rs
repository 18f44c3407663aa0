//! The operator's secrets: the log's signing seed and the secret that salts are derived from.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use tlog::SigningKey;
use zeroize::Zeroizing;

use crate::Store;
use crate::error::StoreError;

/// The operator's secrets, in memory.
pub struct Keys {
    /// Signs checkpoints.
    pub log: SigningKey,
    /// Salts are derived from it; whoever has it can open every commitment.
    pub salt_secret: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

impl Store {
    /// Reads the operator's secrets, making them at the first call; `origin` names the log then.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be read, made or understood.
    pub fn keys(&self, origin: &str) -> Result<Keys, StoreError> {
        let folder = self.home().join("keys");
        std::fs::create_dir_all(&folder).map_err(StoreError::file(&folder))?;
        let seed = secret(&folder.join("log.seed"))?;
        let salt_secret = secret(&folder.join("salt.secret"))?;
        let name = name(&folder.join("log.name"), origin)?;
        let log = SigningKey::from_seed(&name, seed)
            .map_err(|error| StoreError::corrupt("the log's key", error))?;
        Ok(Keys { log, salt_secret })
    }
}

fn secret(path: &Path) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    if !path.exists() {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| StoreError::Random)?;
        write_new(path, bytes.as_slice())?;
    }
    let bytes = Zeroizing::new(std::fs::read(path).map_err(StoreError::file(path))?);
    let array: [u8; 32] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| StoreError::corrupt("a key file", path.display()))?;
    Ok(Zeroizing::new(array))
}

fn name(path: &Path, origin: &str) -> Result<String, StoreError> {
    if !path.exists() {
        write_new(path, origin.as_bytes())?;
    }
    std::fs::read_to_string(path).map_err(StoreError::file(path))
}

/// Writes a file that only its owner can read; it appears whole or not at all.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let staged = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&staged).map_err(StoreError::file(&staged))?;
    file.write_all(bytes).map_err(StoreError::file(&staged))?;
    file.sync_all().map_err(StoreError::file(&staged))?;
    std::fs::rename(&staged, path).map_err(StoreError::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_made_once_and_only_their_owner_can_read_them() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(home.path()).unwrap();
        let first = store.keys("a.example/royalties").unwrap();
        assert!(!format!("{first:?}").contains("salt"), "a key shows nothing of itself");
        let again = store.keys("b.example/royalties").unwrap();
        assert_eq!(first.log.verifier_key(), again.log.verifier_key());
        assert_eq!(first.salt_secret, again.salt_secret);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(home.path().join("keys/log.seed")).unwrap().permissions();
            assert_eq!(mode.mode() & 0o077, 0);
        }
    }
}
