//! Time and memory per line, from a million lines to fifty million.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Wish;
use super::data::Programs;
use super::measure::{Cost, cost};
use crate::shop::Shop;

const SIZES: [u64; 5] = [1_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000];

pub(super) fn run(shop: &Shop, binary: &Path, wish: &Wish) -> Result<()> {
    let programs = Programs::build(shop, binary)?;
    let sizes = match (wish.lines.as_slice(), wish.quick) {
        ([], true) => &SIZES[..1],
        ([], false) => &SIZES[..],
        (named, _) => named,
    };
    let mut rows = Vec::new();
    for lines in sizes {
        let data = programs.data(*lines, false)?;
        let out = data.folder.join("amounts.csv");
        println!("{lines} lines: scan, preview, import ...");
        let scan = cost(programs.command("bench-scan").args(data.words(&out)))?;
        let preview = cost(&mut data.preview(binary, false, &out))?;
        let import = cost(&mut data.import(binary)?)?;
        rows.push((*lines, data.bytes, [scan, preview, import]));
        fs::remove_dir_all(data.folder.join("home"))?;
        // Packed ones took minutes to make; the others are quickly written again.
        if *lines > 20_000_000 {
            fs::remove_dir_all(&data.folder)?;
        }
    }
    println!("\n### From {} to {} lines, one round\n", sizes[0], sizes[sizes.len() - 1]);
    println!(
        "| lines | MB | scan CPU s | preview CPU s | ns a line | peak MiB | import CPU s | ns a line \
         | peak MiB |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (lines, bytes, [scan, preview, import]) in rows {
        let millions = lines / 1_000_000;
        let line = |it: Cost| it.cpu_s * 1_000.0 / (lines as f64 / 1_000_000.0);
        println!(
            "| {millions}M | {} | {:.2} | {:.2} | {:.0} | {} | {:.2} | {:.0} | {} |",
            bytes / 1_000_000,
            scan.cpu_s,
            preview.cpu_s,
            line(preview),
            preview.peak_mib,
            import.cpu_s,
            line(import),
            import.peak_mib
        );
    }
    println!();
    Ok(())
}
