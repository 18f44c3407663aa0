//! Appends made-up entries to a log in a folder, and says how many a second are signed and on disk.
//!
//! `append_log FOLDER ENTRIES`: for batches of 1, 16 and 256 entries, each batch staged in one transaction
//! and signed in another, both synced to disk; with and without the static files, which are synced, too.
#![expect(clippy::print_stdout, reason = "an example talks to whoever ran it")]

use std::path::Path;
use std::time::Instant;

use store::{NewEntry, Store};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, entries] = words.as_slice() else {
        return Err("append_log FOLDER ENTRIES".into());
    };
    let entries: usize = entries.parse()?;
    for batch in [1, 16, 256] {
        for published in [false, true] {
            let home = Path::new(folder).join(format!("{batch}-{published}"));
            let seconds = append(&home, entries, batch, published)?;
            let rate = entries as f64 / seconds;
            let files = if published { "files" } else { "database" };
            println!("batch_{batch}_{files}_per_s {rate:.0}");
        }
    }
    Ok(())
}

fn append(
    home: &Path,
    entries: usize,
    batch: usize,
    published: bool,
) -> Result<f64, Box<dyn std::error::Error>> {
    let mut store = Store::open(home)?;
    let keys = store.keys("log.example/royalties")?;
    let bytes: Vec<Vec<u8>> = (0..entries)
        .map(|it| {
            format!("{{\"format\":\"leitmotif-entry/v1\",\"kind\":\"made-up\",\"n\":{it}}}").into()
        })
        .collect();
    let clock = Instant::now();
    for some in bytes.chunks(batch) {
        let new = |bytes| NewEntry { kind: "made-up", subject: "", bytes };
        let entries: Vec<NewEntry<'_>> = some.iter().map(|it| new(it.as_slice())).collect();
        store.stage_all(&entries)?;
        store.sign_log(&keys.log, "2026-11-26T00:00:00Z")?;
        if published {
            store.publish_log()?;
        }
    }
    Ok(clock.elapsed().as_secs_f64())
}
