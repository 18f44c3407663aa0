//! Large bodies, packed: catalogues that were kept, and statements.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::error::StoreError;

/// The most bytes that a body may have when it is unpacked.
const BYTES_MAX: u64 = 16 << 30;
/// What a packed body begins with (RFC 1952, section 2.3.1); none of ours does so unpacked.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Packs a body, quickly rather than small.
pub(crate) fn pack(body: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::fast());
    packed
        .write_all(body)
        .and_then(|()| packed.finish())
        .expect("a vector takes everything that is written to it")
}

/// Unpacks a body; one that was kept as it is comes as it is.
pub(crate) fn unpack(what: &'static str, body: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    if !body.starts_with(&MAGIC) {
        return Ok(body);
    }
    let mut bytes = Vec::new();
    let mut unpacked = GzDecoder::new(body.as_slice()).take(BYTES_MAX);
    unpacked.read_to_end(&mut bytes).map_err(|error| StoreError::corrupt(what, error))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        for body in [&b""[..], b"{}", &[7; 100_000]] {
            assert_eq!(unpack("a body", pack(body)).unwrap(), body);
            assert_eq!(unpack("a body", body.to_vec()).unwrap(), body);
        }
        let mut cut = pack(&[7; 100_000]);
        cut.truncate(40);
        assert!(unpack("a body", cut).is_err());
    }
}
