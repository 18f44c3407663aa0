//! Usage lines → cells.

use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use money::{Atoms, Currency};
use period::Month;
use usage::{
    Basis, CELL_COLUMNS, CellKey, CellRow, Cells, Columns, Identity, RightsType, Target, Tokens,
    column,
};

use crate::intern::Interner;
use crate::layout::below;
use crate::read::{Filter, scan, selected};
use crate::sum::Sum;
use crate::{FileEntry, Lake, LakeError};

impl Lake {
    /// Sums usage lines to cells, in key order.
    ///
    /// `resolve` is asked once for every distinct identity. The result is the same for any order
    /// of files and of lines, and the sums are exact.
    ///
    /// Memory grows with the number of distinct identities and of cells, not with the number of
    /// lines; nothing is spilled to disk.
    ///
    /// # Errors
    /// [`LakeError`] when a file cannot be read, does not hold what its entry says, or a sum does
    /// not fit ([`LakeError::CellOverflow`]).
    pub fn cells(
        &self,
        files: &[FileEntry],
        filter: &Filter,
        resolve: &mut dyn FnMut(Identity<'_>) -> Target,
    ) -> Result<Cells, LakeError> {
        let mut reduction = Reduction::default();
        for entry in selected(files, filter) {
            reduction.add_file(self.root(), entry, filter, resolve)?;
        }
        reduction.into_cells()
    }
}

/// A cell key without its target, texts as numbers of the interner.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Context {
    report: u32,
    sender: u32,
    service: u32,
    territory: u32,
    use_type: u32,
    commercial_model: u32,
    rights_type: RightsType,
    basis: Basis,
    month: Month,
    subscribed: Option<Month>,
    currency: Option<Currency>,
    unit_price: Option<Atoms>,
    price_category: u32,
}

#[derive(Clone, Copy)]
struct Total {
    usages: Sum,
    amount: Sum,
    lines: u64,
    first_line: u64,
    last_line: u64,
}

impl Total {
    const EMPTY: Self =
        Self { usages: Sum::ZERO, amount: Sum::ZERO, lines: 0, first_line: u64::MAX, last_line: 0 };
}

/// What a row counts for: one line, or the lines that were summed to it elsewhere.
#[derive(Clone, Copy)]
pub(crate) struct Weight {
    pub(crate) lines: u64,
    pub(crate) first_line: u64,
    pub(crate) last_line: u64,
}

#[derive(Default)]
pub(crate) struct Reduction {
    texts: Interner<String>,
    contexts: Interner<Context>,
    identities: HashMap<Box<[u8]>, u32, RandomState>,
    targets: Interner<Target>,
    totals: HashMap<(u32, u32), Total, RandomState>,
    /// The bytes of the identity at hand, kept for its allocation.
    identity_bytes: Vec<u8>,
}

/// The numbers of the distinct texts of a dictionary column.
struct Numbered<'a> {
    tokens: Tokens<'a>,
    numbers: Vec<u32>,
}

impl<'a> Numbered<'a> {
    fn new(tokens: Tokens<'a>, texts: &mut Interner<String>) -> Self {
        let numbers = tokens.distinct().map(|text| texts.number(text)).collect();
        Self { tokens, numbers }
    }

    fn number_if_there(&self, row: usize) -> Option<u32> {
        self.tokens.slot(row).map(|slot| self.numbers[slot])
    }

    fn number(&self, row: usize) -> u32 {
        let slot = self.tokens.slot(row).expect("nulls were ruled out with the columns");
        self.numbers[slot]
    }
}

impl Reduction {
    /// Adds the lines of a file.
    pub(crate) fn add_file(
        &mut self,
        root: &Path,
        entry: &FileEntry,
        filter: &Filter,
        resolve: &mut dyn FnMut(Identity<'_>) -> Target,
    ) -> Result<(), LakeError> {
        let path = below(root, &entry.path)?;
        scan(entry, &path, Some(&CELL_COLUMNS), &mut |batch| {
            let columns = Columns::try_new(batch).map_err(LakeError::batch(&path))?;
            let one = |row| {
                let line = columns.line(row);
                Some(Weight { lines: 1, first_line: line, last_line: line })
            };
            self.add(&columns, filter, resolve, one);
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Adds rows, each as `weigh` says; a row without a weight is passed over.
    pub(crate) fn add(
        &mut self,
        columns: &Columns<'_>,
        filter: &Filter,
        resolve: &mut dyn FnMut(Identity<'_>) -> Target,
        weigh: impl Fn(usize) -> Option<Weight>,
    ) {
        if columns.is_empty() {
            return;
        }
        let report = Numbered::new(columns.report, &mut self.texts);
        let sender = Numbered::new(columns.sender, &mut self.texts);
        let service = Numbered::new(columns.service, &mut self.texts);
        let territory = Numbered::new(columns.territory, &mut self.texts);
        let use_type = Numbered::new(columns.use_type, &mut self.texts);
        let commercial_model = Numbered::new(columns.commercial_model, &mut self.texts);
        let price_category =
            columns.price_category_tokens().map(|it| Numbered::new(it, &mut self.texts));
        let no_category = self.texts.number("");
        let mut day = Day::of(columns, 0, filter);
        let mut last: Option<(Context, u32)> = None;
        for row in 0..columns.len() {
            if columns.from_days(row) != day.days {
                day = Day::of(columns, row, filter);
            }
            if !day.admitted {
                continue;
            }
            let Some(weight) = weigh(row) else { continue };
            let basis = columns.basis(row);
            let context = Context {
                report: report.number(row),
                sender: sender.number(row),
                service: service.number(row),
                territory: territory.number(row),
                use_type: use_type.number(row),
                commercial_model: commercial_model.number(row),
                rights_type: columns.rights_type(row),
                basis,
                month: day.month,
                subscribed: columns.subscribed(row),
                currency: columns.currency(row).filter(|_| basis != Basis::NoMoney),
                unit_price: columns.unit_price(row).filter(|_| basis != Basis::NoMoney),
                price_category: price_category
                    .as_ref()
                    .and_then(|it| it.number_if_there(row))
                    .unwrap_or(no_category),
            };
            let context = match last {
                Some((same, number)) if same == context => number,
                _ => {
                    let number = self.contexts.number(&context);
                    last = Some((context, number));
                    number
                }
            };
            let target = self.target(columns.identity(row), resolve);
            let total = self.totals.entry((context, target)).or_insert(Total::EMPTY);
            total.usages.add(columns.usages(row));
            total.amount.add(columns.amount(row));
            total.lines += weight.lines;
            total.first_line = total.first_line.min(weight.first_line);
            total.last_line = total.last_line.max(weight.last_line);
        }
    }

    fn target(
        &mut self,
        identity: Identity<'_>,
        resolve: &mut dyn FnMut(Identity<'_>) -> Target,
    ) -> u32 {
        let bytes = &mut self.identity_bytes;
        bytes.clear();
        let Identity { isrc, icpn, title, artist, resource_id } = identity;
        for text in [isrc, icpn, title, artist, resource_id] {
            bytes.extend_from_slice(&text.len().to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        if let Some(&target) = self.identities.get(bytes.as_slice()) {
            return target;
        }
        let target = self.targets.number(&resolve(identity));
        self.identities.insert(bytes.as_slice().into(), target);
        target
    }

    pub(crate) fn into_cells(self) -> Result<Cells, LakeError> {
        drop(self.identities);
        let texts = self.texts.into_values();
        let text = |number: u32| texts[index(number)].clone();
        let contexts: Vec<usage::Context> = self
            .contexts
            .into_values()
            .into_iter()
            .map(|context| usage::Context {
                report: text(context.report),
                sender: text(context.sender),
                service: text(context.service),
                territory: text(context.territory),
                use_type: text(context.use_type),
                commercial_model: text(context.commercial_model),
                rights_type: context.rights_type,
                basis: context.basis,
                month: context.month,
                subscribed: context.subscribed,
                currency: context.currency,
                unit_price: context.unit_price,
                price_category: text(context.price_category),
            })
            .collect();
        let (contexts, context_ranks) = in_order(contexts);
        let (targets, target_ranks) = in_order(self.targets.into_values());
        let mut rows = Vec::with_capacity(self.totals.len());
        for ((context, target), total) in self.totals {
            let (context, target) = (context_ranks[index(context)], target_ranks[index(target)]);
            let Total { usages, amount, lines, first_line, last_line } = total;
            let too_large = |column| {
                let context = contexts[index(context)].clone();
                let key = CellKey { context, target: targets[index(target)].clone() };
                LakeError::CellOverflow { column, key: Box::new(key) }
            };
            let usages = usages.total().ok_or_else(|| too_large(column::USAGES))?;
            let amount = amount.total().ok_or_else(|| too_large(column::AMOUNT))?;
            rows.push(CellRow { usages, amount, lines, first_line, last_line, context, target });
        }
        rows.sort_unstable_by_key(|it| (it.context, it.target));
        Ok(Cells::new(contexts, targets, rows).expect("they were put in order, each once"))
    }
}

/// Month of the day a run of rows has in common, and whether the filter lets it pass.
struct Day {
    days: i32,
    month: Month,
    admitted: bool,
}

impl Day {
    fn of(columns: &Columns<'_>, row: usize, filter: &Filter) -> Self {
        let from = columns.from(row);
        Self {
            days: columns.from_days(row),
            month: Month::of(from),
            admitted: filter.admits_day(from),
        }
    }
}

/// Puts distinct values in order; beside them, for each number that one had, its place there.
fn in_order<T: Ord>(values: Vec<T>) -> (Vec<T>, Vec<u32>) {
    let mut numbered: Vec<(T, u32)> = values.into_iter().zip(0..).collect();
    numbered.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut ranks = vec![0; numbered.len()];
    for ((_, number), rank) in numbered.iter().zip(0..) {
        ranks[index(*number)] = rank;
    }
    (numbered.into_iter().map(|it| it.0).collect(), ranks)
}

fn index(number: u32) -> usize {
    usize::try_from(number).expect("a place in memory fits an address")
}
