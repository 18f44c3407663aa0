//! The streaming validator: one pass, every rule, every finding.

mod facts;
mod grammar;
mod keys;
mod out;
mod plain;
mod state;
mod summary;

use std::collections::BTreeMap;
use std::io::BufRead;

use finding::Finding;

use crate::rule::{RULES, Run};
use crate::table::Kind;
use crate::{Limits, ReadError, Reader, Record};

pub(crate) use facts::{BlockFact, Role, Seen};
pub(crate) use keys::Keys;
pub(crate) use out::Out;
pub(crate) use state::{Block, Pool, State, amount};
pub use summary::{Count, Summary, SummaryUsage};

/// Reads a whole file and reports every finding to `sink`, in the order of the file.
///
/// `name` is the name of the file, with or without folders; some rules compare it with the header.
/// Ids of blocks and sales transactions must be unique. Those that count up take next to no memory
/// however many they are; of others four million are kept, and a note says how many were not.
///
/// # Errors
/// [`ReadError`] when the source fails or a line breaks the limit; never for what the file says.
///
/// ```
/// let file = b"SY01\tS1\n";
/// let mut findings = Vec::new();
/// let summary = dsr::check("DSR_x.tsv", &file[..], &mut |finding| findings.push(finding))?;
/// assert_eq!(summary.lines, 1);
/// assert!(findings.iter().any(|finding| finding.rule == "dsr-head-first"));
/// # Ok::<(), dsr::ReadError>(())
/// ```
pub fn check<R: BufRead>(
    name: &str,
    source: R,
    sink: &mut dyn FnMut(Finding),
) -> Result<Summary, ReadError> {
    let mut checker = Checker::new(name);
    let mut reader = Reader::new(checker.file.as_str(), source, Limits::default());
    let mut record = Record::default();
    while reader.read(&mut record)? {
        checker.take(&record, sink);
    }
    Ok(checker.finish(sink))
}

/// The validator, record by record, for whoever reads the file for another reason too.
///
/// It wants every line of the file, comment lines and empty lines included, in order.
pub struct Checker {
    /// Base name of the file.
    file: String,
    state: State,
    plan: Plan,
    counts: BTreeMap<&'static str, Count>,
}

impl std::fmt::Debug for Checker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checker").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Checker {
    /// A validator of a file with this name, with or without folders.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        Self {
            file: base.to_owned(),
            state: State::new(base),
            plan: Plan::of_all(),
            counts: BTreeMap::new(),
        }
    }

    /// Looks at the next line, and reports every finding to `sink`.
    pub fn take(&mut self, record: &Record, sink: &mut dyn FnMut(Finding)) {
        let mut out = Out::new(&self.file, &mut self.counts, sink);
        self.state.take_line(record);
        for run in &self.plan.line {
            run(&self.state, record, &mut out);
        }
        if record.is_data() {
            self.plan.run(&mut self.state, record, &mut out);
        }
    }

    /// Looks at the file as a whole; there are no more lines.
    #[must_use]
    pub fn finish(mut self, sink: &mut dyn FnMut(Finding)) -> Summary {
        let mut out = Out::new(&self.file, &mut self.counts, sink);
        if let Some(block) = self.state.close_block() {
            self.plan.close(&self.state, &block, &mut out);
        }
        for run in &self.plan.end {
            run(&self.state, &mut out);
        }
        Summary::new(self.state, self.counts)
    }
}

/// The rules, sorted by when they run.
#[derive(Default)]
struct Plan {
    line: Vec<fn(&State, &Record, &mut Out<'_>)>,
    record: Vec<fn(&State, &Seen<'_>, &mut Out<'_>)>,
    cells: Vec<fn(&State, &Seen<'_>, &mut Out<'_>)>,
    cell: Vec<fn(&Seen<'_>, usize, &mut Out<'_>)>,
    block: Vec<fn(&State, &Block, &mut Out<'_>)>,
    end: Vec<fn(&State, &mut Out<'_>)>,
}

impl Plan {
    fn of_all() -> Self {
        let mut plan = Self::default();
        for run in RULES.iter().flat_map(|rule| rule.runs) {
            match *run {
                Run::Line(run) => plan.line.push(run),
                Run::Record(run) => plan.record.push(run),
                Run::Cells(run) => plan.cells.push(run),
                Run::Cell(run) => plan.cell.push(run),
                Run::Block(run) => plan.block.push(run),
                Run::End(run) => plan.end.push(run),
            }
        }
        plan
    }

    fn run(&self, state: &mut State, record: &Record, out: &mut Out<'_>) {
        let (facts, closed) = state.take(record);
        if let Some(block) = closed {
            self.close(state, &block, out);
        }
        let seen = Seen { record, facts };
        for run in &self.record {
            run(state, &seen, out);
        }
        if plain::is_plain(record) {
            return;
        }
        for run in &self.cells {
            run(state, &seen, out);
        }
        let Some(spec) = seen.facts.spec() else { return };
        for (at, cell) in spec.cells.iter().enumerate().take(record.len()) {
            if matches!(cell.kind, Kind::Text | Kind::Code) || record.cell(at).is_empty() {
                continue;
            }
            for run in &self.cell {
                run(&seen, at, out);
            }
        }
    }

    fn close(&self, state: &State, block: &Block, out: &mut Out<'_>) {
        for run in &self.block {
            run(state, block, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Ending;
    use crate::table::tables;

    /// Texts as they stand in cells, right and wrong.
    const TEXTS: &[&str] = &[
        "",
        "A1",
        "12",
        "12.5",
        ".5",
        "5.",
        ".",
        "-3",
        "+3",
        "1e5",
        "1,5",
        "TRUE",
        "true",
        "0",
        "KR",
        "KRW",
        "Worldwide",
        "SubscriptionModel",
        "OnDemandStream",
        "SoundRecording",
        "Single",
        "PT3M20S",
        "PT",
        "2021-06-01",
        "20210601",
        "2021-06-01T10:00:00Z",
        "KRA302600001",
        "kra302600001",
        "KR-A30-26-00001",
        "\"12\"",
        "\"",
        "a|b",
        "12|13",
        "KR|US",
        "a\\|b",
        "T\\t",
        "1234567890123456789",
        "0.1234567890123456789",
        " 12",
        "봄날",
        "T-123.456.789-4",
        "PADPIDA0000000001A",
        "4006381333931",
        "ISNI::0000000121032683",
        "x::y",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn rules_about_cells_find_nothing_in_a_plain_record(
            spec in prop::sample::select(tables().collect::<Vec<_>>()),
            picks in prop::collection::vec(0..TEXTS.len() * 20, 60),
        ) {
            // Most cells get what their type wants, so that many records are plain.
            let fitting = |kind: Kind, pick: usize| {
                let fits = |text: &&&str| plain::fits(kind, text.as_bytes());
                let all: Vec<_> = TEXTS.iter().filter(fits).collect();
                all.get(pick % all.len().max(1)).map_or("", |it| **it)
            };
            let mut cells = vec![spec.name()];
            for (cell, pick) in spec.cells.iter().zip(picks).skip(1) {
                let text = TEXTS.get(pick).copied().unwrap_or_else(|| fitting(cell.kind, pick));
                cells.push(text.to_owned());
            }
            let record = Record::new(1, 0, cells.join("\t").into_bytes(), Ending::Lf);
            if !plain::is_plain(&record) {
                return Ok(());
            }
            let mut found = Vec::new();
            let mut counts = BTreeMap::new();
            let mut sink = |finding: Finding| found.push(finding.to_string());
            let mut out = Out::new("x", &mut counts, &mut sink);
            let plan = Plan::of_all();
            let mut state = State::new("x");
            let (facts, _) = state.take(&record);
            let seen = Seen { record: &record, facts };
            for run in &plan.cells {
                run(&state, &seen, &mut out);
            }
            for at in (0..record.len()).filter(|at| !record.cell(*at).is_empty()) {
                for run in &plan.cell {
                    run(&seen, at, &mut out);
                }
            }
            prop_assert_eq!(found, Vec::<String>::new());
        }
    }
}
