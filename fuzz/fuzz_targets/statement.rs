//! Any bytes as a statement of every source: each row has exactly one end.

#![no_main]

use std::io::{BufRead, Cursor};
use std::sync::LazyLock;

use ingest::{SHIPPED, Source, SourceSpec, Told, ingest_statement, open_statement};
use libfuzzer_sys::fuzz_target;

static SPECS: LazyLock<Vec<SourceSpec>> = LazyLock::new(|| {
    let specs = SHIPPED.iter().map(|(file, text)| SourceSpec::parse(file, text));
    specs.collect::<Result<_, _>>().expect("what is shipped is a spec")
});

fuzz_target!(|input: (u8, &[u8])| {
    let (which, bytes) = input;
    let spec = &SPECS[usize::from(which) % SPECS.len()];
    let open = || Ok(Box::new(Cursor::new(bytes.to_vec())) as Box<dyn BufRead>);
    let source = Source { report: "r", file: 0, name: "s" };
    let told = Told { spec, period: None };
    let mut lines = 0_u64;
    let statement = open_statement(spec, "s", &open, &mut |_, rows| {
        ingest_statement(&source, told, rows, &mut |_| lines += 1, &mut |_| {})
    });
    if let Ok(it) = statement {
        let skipped: u64 = it.skipped.values().sum();
        assert_eq!(it.ingested.lines, lines);
        assert_eq!(it.rows, lines + skipped + it.ingested.quarantined.len() as u64);
    }
});
