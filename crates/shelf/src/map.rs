//! The one place where a file becomes memory.

use std::fs::File;
use std::io;
use std::ops::Range;

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

/// Gives the pages of a part back to the system; whoever looks at them again gets them from the file.
///
/// A thousand hours that were looked through once would otherwise count as memory in use.
#[cfg(unix)]
#[expect(
    unsafe_code,
    reason = "what such advice does to memory that a program wrote would be unsound: this memory is read alone, and shared with \
              its file, so that the same bytes come back"
)]
pub(crate) fn let_go(map: &Mmap, part: Range<usize>) {
    let advice = memmap2::UncheckedAdvice::DontNeed;
    // SAFETY: see the reason above. A part outside of the map is an error of the call, and advice that is not taken is none.
    drop(unsafe { map.unchecked_advise_range(advice, part.start, part.len()) });
}

/// Other systems drop pages by themselves.
#[cfg(not(unix))]
pub(crate) fn let_go(_: &Mmap, _: Range<usize>) {}
