//! SHA-256 of files, taken while they are written or read.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

/// A writer that knows the length and the digest of what went through it.
#[derive(Debug)]
pub(crate) struct DigestWriter<W> {
    inner: W,
    bytes: u64,
    digest: Sha256,
}

impl<W: Write> DigestWriter<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, bytes: 0, digest: Sha256::new() }
    }

    /// The writer below, the number of bytes, and their SHA-256.
    pub(crate) fn into_parts(self) -> (W, u64, [u8; 32]) {
        (self.inner, self.bytes, self.digest.finalize().into())
    }
}

impl<W: Write> Write for DigestWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.digest.update(&buffer[..written]);
        self.bytes += u64::try_from(written).unwrap_or(u64::MAX);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Length and SHA-256 of a file.
pub(crate) fn digest_file(path: &Path) -> io::Result<(u64, [u8; 32])> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0_u8; 1 << 16];
    let mut sink = DigestWriter::new(io::sink());
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            let (_, bytes, digest) = sink.into_parts();
            return Ok((bytes, digest));
        }
        sink.write_all(&buffer[..read])?;
    }
}
