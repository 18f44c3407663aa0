//! Packs or unpacks a gzip file and does nothing else: the floor under every reader of `.tsv.gz`.
//!
//! `bench-unpack FILE.gz` unpacks and throws away; `bench-unpack --pack FILE` writes `FILE.gz`.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.as_slice() {
        [pack, file] if pack == "--pack" => {
            let to = BufWriter::new(File::create(format!("{file}.gz"))?);
            let mut to = GzEncoder::new(to, Compression::new(6));
            io::copy(&mut BufReader::with_capacity(1 << 18, File::open(file)?), &mut to)?;
            to.finish()?.flush()
        }
        [file] => {
            let file = BufReader::with_capacity(1 << 18, File::open(file)?);
            let mut from = MultiGzDecoder::new(file);
            let (mut buffer, mut total) = (vec![0; 1 << 18], 0_u64);
            loop {
                match from.read(&mut buffer)? {
                    0 => break,
                    count => total += count as u64,
                }
            }
            println!("{total} bytes");
            Ok(())
        }
        _ => Err(io::Error::other("bench-unpack [--pack] FILE")),
    }
}
