//! Texts made as long as few others are, so that the length of what is sealed tells little.

/// The lengths that there are, in bytes: each four times the one before.
pub const SIZES: [usize; 9] =
    [4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20];

/// Why a text cannot be padded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PadError {
    /// It is longer than the greatest size.
    #[error("{bytes} bytes are more than a bundle takes of one receipt, {}", SIZES[SIZES.len() - 1])]
    Long {
        /// Its length.
        bytes: usize,
    },
    /// It is empty or ends with a zero byte, so its end could not be found again.
    #[error("a text that is empty or ends with a zero byte cannot be padded with zero bytes")]
    End,
}

/// The least size that a text of this length fits into.
fn size_for(bytes: usize) -> Option<usize> {
    SIZES.into_iter().find(|size| *size >= bytes)
}

/// Puts zero bytes behind a text, up to the next of the [`SIZES`].
///
/// # Errors
/// [`PadError`].
pub fn pad(text: &[u8]) -> Result<Vec<u8>, PadError> {
    let size = size_for(text.len()).ok_or(PadError::Long { bytes: text.len() })?;
    if text.last().is_none_or(|it| *it == 0) {
        return Err(PadError::End);
    }
    let mut padded = Vec::with_capacity(size);
    padded.extend_from_slice(text);
    padded.resize(size, 0);
    Ok(padded)
}

/// Takes the zero bytes away again; none if the length is not the one that [`pad`] gives such a text.
#[must_use]
pub fn unpad(mut padded: Vec<u8>) -> Option<Vec<u8>> {
    let end = padded.iter().rposition(|it| *it != 0)? + 1;
    if size_for(end) != Some(padded.len()) {
        return None;
    }
    padded.truncate(end);
    Some(padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_the_least_size() {
        for (bytes, size) in [(1, 4096), (4095, 4096), (4096, 4096), (4097, 16384), (10_000, 16384)]
        {
            let text = vec![7; bytes];
            let padded = pad(&text).unwrap();
            assert_eq!(padded.len(), size);
            assert_eq!(unpad(padded), Some(text));
        }
        assert_eq!(pad(&[]), Err(PadError::End));
        assert_eq!(pad(&[1, 0]), Err(PadError::End));
        let bytes = SIZES[8] + 1;
        assert_eq!(pad(&vec![1; bytes]), Err(PadError::Long { bytes }));
    }

    #[test]
    fn other_padding_is_refused() {
        let mut padded = vec![0; 4096];
        assert_eq!(unpad(padded.clone()), None, "nothing but padding");
        padded[0] = 1;
        assert_eq!(unpad(padded.clone()), Some(vec![1]));
        padded.resize(4097, 0);
        assert_eq!(unpad(padded.clone()), None, "no size");
        padded.resize(16384, 0);
        assert_eq!(unpad(padded), None, "not the least size");
    }
}
