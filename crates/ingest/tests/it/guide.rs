//! The worked example of the guide is true.

use std::io::{BufRead, Cursor};

use ingest::{Source, SourceSpec, Told, ingest_statement, open_statement};

const GUIDE: &str = include_str!("../../../../docs/guide/statements.md");

/// The block of this language in the guide.
fn block(language: &str) -> &'static str {
    let (_, rest) = GUIDE.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn the_worked_example() {
    let spec = SourceSpec::parse("guide", block("toml")).unwrap();
    let open = || Ok(Box::new(Cursor::new(block("csv"))) as Box<dyn BufRead>);
    let source = Source { report: "r", file: 0, name: "g" };
    let (mut uses, mut faults) = (Vec::new(), Vec::new());
    let told = Told { spec: &spec, period: None };
    let it = open_statement(&spec, "g", &open, &mut |_, rows| {
        let mut line = |it: usage::Line| uses.push(it.use_type);
        ingest_statement(&source, told, rows, &mut line, &mut |it| faults.push(it.to_string()))
    })
    .unwrap();
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(uses, ["OnDemandStream", "PermanentDownload", "PhysicalSale"]);
    let skipped: Vec<String> = it.skipped.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    let mut told = format!(
        "{} rows: {} lines; skipped: {}; {} quarantined; {} totals agree\n",
        it.rows,
        it.ingested.lines,
        skipped.join(", "),
        it.ingested.quarantined.len(),
        it.totals_agreed
    );
    for ((currency, _), amount) in &it.ingested.amounts {
        told += &format!("{currency} {amount}\n");
    }
    assert_eq!(told, block("text"));
}
