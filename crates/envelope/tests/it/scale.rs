//! Bundles of many receipts, measured: `LEITMOTIF_BUNDLE=131072`, in the release build.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::time::Instant;

use envelope::{BundleReader, BundleWriter, OpenError, open, unpad};

use crate::{draw, identity};

/// The length of a receipt, in bytes.
const RECEIPT_BYTES: usize = 10_000;

/// The most memory that this process has had, in MiB, where the system says so.
fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// The processor time that this process has used, in hundredths of a second, where the system says so.
fn cpu() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = stat.rsplit_once(')').map_or("", |it| it.1);
    rest.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<u64>().ok()).sum()
}

#[test]
fn a_bundle_of_many_is_made_and_opened() {
    let wanted = std::env::var("LEITMOTIF_BUNDLE").ok().and_then(|it| it.parse().ok());
    let receipts: u64 = wanted.unwrap_or(64);
    let folder = tempfile::tempdir().unwrap();
    let recipients: Vec<_> = (0..97).map(|it| identity(it).recipient()).collect();
    let path = folder.path().join("receipts.bundle");
    let spool = folder.path().join("spool");
    let spool = File::options().read(true).write(true).create_new(true).open(spool).unwrap();
    let (start, cpu_start) = (Instant::now(), cpu());
    let mut writer = BundleWriter::new(spool);
    let mut receipt = vec![b'r'; RECEIPT_BYTES];
    for number in 0..receipts {
        receipt[..8].copy_from_slice(&number.to_be_bytes());
        // One is for identity 100, the others for 97 that are not asked.
        let to = match number == receipts / 2 {
            true => identity(100).recipient(),
            false => recipients[usize::try_from(number % 97).unwrap()],
        };
        writer.add(&to, &receipt, draw(number)).unwrap();
    }
    let written = writer.finish("2021-Q3", BufWriter::new(File::create(&path).unwrap())).unwrap();
    let (made, cpu_made) = (start.elapsed(), cpu());
    let start = Instant::now();
    let mut reader = BundleReader::new(BufReader::new(File::open(&path).unwrap())).unwrap();
    let (mut one, mut own, mut others) = (Vec::new(), Vec::new(), 0);
    let known = [identity(100)];
    while reader.next(&mut one).unwrap() {
        match open(&known, &one) {
            Ok(text) => own.push(unpad(text).unwrap()),
            Err(error) => {
                assert_eq!(error, OpenError::NoMatch);
                others += 1;
            }
        }
    }
    let (opened, cpu_opened) = (start.elapsed(), cpu());
    assert_eq!((own.len(), others), (1, receipts - 1));
    assert_eq!(own[0][..8], (receipts / 2).to_be_bytes());
    let of = receipts * RECEIPT_BYTES as u64;
    eprintln!(
        "{receipts} receipts of {RECEIPT_BYTES} bytes: made in {:.2} s ({:.2} CPU s), opened by one identity in \
         {:.2} s ({:.2} CPU s), {} bytes for {of} ({} %), peak {} MiB",
        made.as_secs_f32(),
        (cpu_made - cpu_start) as f32 / 100.0,
        opened.as_secs_f32(),
        (cpu_opened - cpu_made) as f32 / 100.0,
        written.bytes,
        written.bytes * 100 / of,
        peak_mib()
    );
}
