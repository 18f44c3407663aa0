//! The folder of a witness: its key, made once, and the locks.

use std::fs::{File, TryLockError};
use std::path::Path;

use tlog::{CosignerKey, WitnessKey};
use zeroize::Zeroizing;

use crate::disk::{Disk, Folder, make_folder, read, read_text, replace};
use crate::error::WitnessError;

const SEED: &str = "witness.seed";
const NAME: &str = "witness.name";

/// Makes a witness in a folder, with a key from `seed`: 32 random bytes that nothing else uses.
///
/// # Errors
/// [`WitnessError::Exists`] if there is one, [`WitnessError::Key`] for a name that no key can have.
pub fn init(
    folder: &Path,
    name: &str,
    seed: &Zeroizing<[u8; 32]>,
) -> Result<WitnessKey, WitnessError> {
    let key = CosignerKey::from_seed(name, seed.clone())?.witness_key();
    let disk = Folder(folder.to_owned());
    disk.make_folder("").map_err(WitnessError::file(folder))?;
    let _lock = lock(folder, "lock")?;
    if [SEED, NAME].into_iter().any(|it| disk.path(it).exists()) {
        return Err(WitnessError::Exists { folder: folder.to_owned() });
    }
    make_folder(&disk, "state")?;
    // The secret first: a witness without its name says so and signs nothing.
    replace(&disk, SEED, seed.as_slice())?;
    replace(&disk, NAME, format!("{name}\n").as_bytes())?;
    Ok(key)
}

/// The public key of the witness in a folder.
///
/// # Errors
/// [`WitnessError`] if the folder holds none.
pub fn witness_key(folder: &Path) -> Result<WitnessKey, WitnessError> {
    public_key(&Folder(folder.to_owned()))
}

pub(crate) fn public_key(disk: &dyn Disk) -> Result<WitnessKey, WitnessError> {
    Ok(key(disk)?.witness_key())
}

pub(crate) fn key(disk: &dyn Disk) -> Result<CosignerKey, WitnessError> {
    let missing = || WitnessError::NoWitness { folder: disk.path("") };
    let seed = Zeroizing::new(read(disk, SEED)?.ok_or_else(missing)?);
    let name = read_text(disk, NAME)?.ok_or_else(missing)?;
    let seed = <[u8; 32]>::try_from(seed.as_slice()).map_err(|_| {
        WitnessError::corrupt(disk.path(SEED).display().to_string(), "not 32 bytes")
    })?;
    Ok(CosignerKey::from_seed(name.trim_end_matches('\n'), Zeroizing::new(seed))?)
}

/// Takes a lock of the folder until the file is dropped, however the process ends.
pub(crate) fn lock(folder: &Path, name: &str) -> Result<File, WitnessError> {
    let path = folder.join(name);
    let file = File::create(&path).map_err(WitnessError::file(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(WitnessError::Busy { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(WitnessError::File { path, source }),
    }
}
