//! The streaming validator: one pass, every rule, every finding.

mod facts;
mod keys;
mod out;
mod state;
mod summary;

use std::io::BufRead;

use finding::Finding;

use crate::rule::{RULES, Run};
use crate::table::Kind;
use crate::{Limits, ReadError, Reader, Record};

pub(crate) use facts::{BlockFact, Role, Seen};
pub(crate) use keys::Keys;
pub(crate) use out::Out;
pub(crate) use state::{Block, Pool, State, Target, amount};
pub use summary::{Count, Summary, SummaryUsage};

/// Reads a whole file and reports every finding to `sink`, in the order of the file.
///
/// `name` is the name of the file, with or without folders; some rules compare it with the header.
/// Memory grows with the number of blocks and sales transactions, because their ids must be
/// unique: about 30 bytes each.
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
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let mut reader = Reader::new(base, source, Limits::default());
    let mut out = Out::new(base, sink);
    let mut state = State::new(base);
    let plan = Plan::of_all();
    let mut record = Record::default();
    while reader.read(&mut record)? {
        state.take_line(&record);
        for run in &plan.line {
            run(&state, &record, &mut out);
        }
        if record.is_data() {
            plan.run(&mut state, &record, &mut out);
        }
    }
    if let Some(block) = state.close_block() {
        plan.close(&state, &block, &mut out);
    }
    for run in &plan.end {
        run(&state, &mut out);
    }
    Ok(Summary::new(state, out.into_counts()))
}

/// The rules, sorted by when they run.
#[derive(Default)]
struct Plan {
    line: Vec<fn(&State, &Record, &mut Out<'_>)>,
    record: Vec<fn(&State, &Seen<'_>, &mut Out<'_>)>,
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
        let Some(spec) = seen.facts.spec() else {
            return;
        };
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
