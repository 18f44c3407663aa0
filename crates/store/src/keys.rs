//! The operator's secrets: the log's signing seed and the secret that salts are derived from.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tlog::{SigningKey, VerifierKey};
use zeroize::Zeroizing;

use crate::Store;
use crate::error::StoreError;

/// The seed of the key that follows, until the log has been signed with it.
const NEXT_SEED: &str = "log.seed.next";

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
        self.finish_key_change(&folder)?;
        if self.log_state()?.size > 0 {
            let files = ["log.seed", "log.name", "salt.secret"].map(|it| folder.join(it));
            if let Some(path) = files.into_iter().find(|it| !it.exists()) {
                return Err(StoreError::KeyMissing { path });
            }
        }
        let seed = secret(&folder.join("log.seed"))?;
        let salt_secret = self.salt_secret()?;
        let path = folder.join("log.name");
        if !path.exists() {
            // A name that makes no key must not be written down.
            signing_key(origin, seed.clone())?;
            write_new(&path, origin.as_bytes())?;
        }
        let name = std::fs::read_to_string(&path).map_err(StoreError::file(&path))?;
        Ok(Keys { log: signing_key(&name, seed)?, salt_secret })
    }

    /// Makes the key that follows, under the same name; it signs nothing by itself yet.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be made.
    pub fn next_key(&self, keys: &Keys) -> Result<SigningKey, StoreError> {
        let path = self.home().join("keys").join(NEXT_SEED);
        signing_key(keys.log.name(), secret(&path)?)
    }

    /// Signs with the next key from now on. The old seed is kept beside it: nothing is signed with it.
    ///
    /// # Errors
    /// [`StoreError`] if a file cannot be moved; the next start goes on.
    pub fn take_next_key(&self) -> Result<(), StoreError> {
        self.finish_key_change(&self.home().join("keys"))
    }

    /// A change of keys is decided by the log: once its checkpoint bears the next key's signature, that
    /// key is the one, wherever the change was cut off. Before, it is as if it had not begun.
    fn finish_key_change(&self, folder: &Path) -> Result<(), StoreError> {
        let (current, next) = (folder.join("log.seed"), folder.join(NEXT_SEED));
        if !next.exists() {
            return Ok(());
        }
        let path = folder.join("log.name");
        let name = std::fs::read_to_string(&path).map_err(StoreError::file(&path))?;
        let key = signing_key(&name, read_secret(&next)?)?.verifier_key();
        let note = self.log_state()?.note.unwrap_or_default();
        let signed = tlog::Checkpoint::open(&note, &name, &[key]).is_ok();
        if signed {
            if current.exists() {
                let old = signing_key(&name, read_secret(&current)?)?.id();
                let kept = folder.join(format!("log.seed.{old}"));
                std::fs::rename(&current, &kept).map_err(StoreError::file(&kept))?;
            }
            std::fs::rename(&next, &current).map_err(StoreError::file(&current))?;
        }
        Ok(())
    }

    /// Reads the secret that keys and salts are derived from, making it at the first call.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read or made, or is gone although the log stands on it.
    pub fn salt_secret(&self) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let folder = self.home().join("keys");
        let path = folder.join("salt.secret");
        if !path.exists() {
            let state = self.log_state()?;
            if state.size > 0 || state.staged > 0 {
                return Err(StoreError::KeyMissing { path });
            }
            std::fs::create_dir_all(&folder).map_err(StoreError::file(&folder))?;
        }
        secret(&path)
    }

    /// Reads the log's key of a home without opening or making it.
    ///
    /// # Errors
    /// [`StoreError`] if there is none or it cannot be understood.
    pub fn log_key(home: &Path) -> Result<VerifierKey, StoreError> {
        let folder = home.join("keys");
        let (seed, name) = (folder.join("log.seed"), folder.join("log.name"));
        let name = std::fs::read_to_string(&name).map_err(StoreError::file(&name))?;
        Ok(signing_key(&name, read_secret(&seed)?)?.verifier_key())
    }
}

fn signing_key(name: &str, seed: Zeroizing<[u8; 32]>) -> Result<SigningKey, StoreError> {
    SigningKey::from_seed(name, seed).map_err(|error| StoreError::corrupt("the log's key", error))
}

/// Random bytes for a secret.
///
/// # Errors
/// [`StoreError::Random`] if the system gives none.
pub fn random_seed() -> Result<[u8; 32], StoreError> {
    Ok(*random_bytes()?)
}

/// Random bytes that are wiped when they are dropped.
///
/// # Errors
/// [`StoreError::Random`] if the system gives none.
pub fn random_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, StoreError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut bytes[..]).map_err(|_| StoreError::Random)?;
    Ok(bytes)
}

fn secret(path: &Path) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    if !path.exists() {
        write_new(path, Zeroizing::new(random_seed()?).as_slice())?;
    }
    read_secret(path)
}

fn read_secret(path: &Path) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    let bytes = Zeroizing::new(std::fs::read(path).map_err(StoreError::file(path))?);
    let array: [u8; 32] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| StoreError::corrupt("a key file", path.display()))?;
    Ok(Zeroizing::new(array))
}

/// Writes a file that only its owner can read; it appears whole or not at all.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let staged = PathBuf::from(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&staged).map_err(StoreError::file(&staged))?;
    file.write_all(bytes).map_err(StoreError::file(&staged))?;
    file.sync_all().map_err(StoreError::file(&staged))?;
    std::fs::rename(&staged, path).map_err(StoreError::file(path))?;
    let folder = path.parent().unwrap_or(path);
    std::fs::File::open(folder).and_then(|it| it.sync_all()).map_err(StoreError::file(folder))
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
