//! The one place where a file becomes memory.

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// Maps a file to be read.
///
/// Pages come from the disk when they are looked at, and the system may drop them again.
#[expect(
    unsafe_code,
    reason = "a map changes under its reader if the file does: segments are never written again after they got their \
              name, only deleted, and a deleted file stays until nobody maps it"
)]
pub(crate) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: see the reason above. Whatever the bytes are, they are only read as bytes, and all that is told by them is
    // checked before it is used.
    unsafe { Mmap::map(file) }
}
