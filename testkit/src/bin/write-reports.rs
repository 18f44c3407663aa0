//! Writes made-up sales reports and the catalogue that fits them into a folder.
//!
//! `write-reports FOLDER LINES REPORTS SEED [shuffled]`: each report has LINES / REPORTS sales
//! transactions; `shuffled` puts the transactions of each report in another order.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use testkit::SplitMix64;
use testkit::report::{Form, Order, catalogue_files, file_name, write_report};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, lines, reports, seed, rest @ ..] = words.as_slice() else {
        return Err("write-reports FOLDER LINES REPORTS SEED [shuffled]".into());
    };
    let folder = Path::new(folder);
    let (lines, reports, seed): (u64, u64, u64) = (lines.parse()?, reports.parse()?, seed.parse()?);
    let shuffled = rest.first().is_some_and(|word| word == "shuffled");
    let order = |number: u64| Order::new(seed + number, lines / reports);
    for number in 0..reports {
        let order = order(number);
        let path = folder.join("reports").join(number.to_string()).join(file_name(&order));
        fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        let mut bytes = Vec::new();
        write_report(&mut bytes, Form::Financial, &order)?;
        if shuffled {
            bytes = shuffle(&bytes, seed);
        }
        let mut file = BufWriter::new(fs::File::create(&path)?);
        file.write_all(&bytes)?;
        file.flush()?;
    }
    let catalogue = folder.join("catalogue");
    fs::create_dir_all(&catalogue)?;
    for (name, text) in catalogue_files(&order(0)) {
        fs::write(catalogue.join(name), text)?;
    }
    Ok(())
}

/// Puts the sales transactions in another order; everything else stays where it is.
fn shuffle(bytes: &[u8], seed: u64) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let sales: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with(b"SR08")).collect();
    let mut places = sales.clone();
    SplitMix64::new(seed).shuffle(&mut places);
    let mut out = lines.clone();
    for (from, to) in sales.into_iter().zip(places) {
        out[to] = lines[from];
    }
    out.concat()
}
