//! Cells: usage lines summed over everything settlement does not look at.

use ident::{ProductId, RecordingId};
use money::{Atoms, Currency};
use period::Month;

use crate::{Basis, RightsType};

/// What a cell was used: a recording or product we know, or the texts of what we do not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Target {
    /// A recording of the catalogue.
    Recording(RecordingId),
    /// A product of the catalogue: what is sold and is no recording.
    Product(ProductId),
    /// Neither of them in the catalogue; the texts are as received.
    Unmatched {
        /// ISRC.
        isrc: String,
        /// ICPN of the release.
        icpn: String,
        /// Title.
        title: String,
        /// Display artist.
        artist: String,
    },
}

/// Who reported the usage of a cell, where, when and how it took place, and what its amount is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Context {
    /// Report id.
    pub report: String,
    /// Sender.
    pub sender: String,
    /// Service description.
    pub service: String,
    /// Territory code.
    pub territory: String,
    /// Use type, an AVS token.
    pub use_type: String,
    /// Commercial model, an AVS token.
    pub commercial_model: String,
    /// The right the money belongs to.
    pub rights_type: RightsType,
    /// What the amount is.
    pub basis: Basis,
    /// Month of the first day of usage.
    pub month: Month,
    /// Month in which the listeners subscribed, if the report says it.
    pub subscribed: Option<Month>,
    /// Currency of the amount; `None` when `basis` is [`Basis::NoMoney`].
    pub currency: Option<Currency>,
    /// Published price of one unit, in that currency; `None` when the report states none. So no cell
    /// mixes two prices.
    pub unit_price: Option<Atoms>,
    /// Price category.
    pub price_category: String,
}

/// What the usage lines of one cell have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CellKey {
    /// Where, when and how.
    pub context: Context,
    /// What was used.
    pub target: Target,
}

/// One of [`Cells`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell<'a> {
    /// Where, when and how.
    pub context: &'a Context,
    /// What was used.
    pub target: &'a Target,
    /// Sum of the usages.
    pub usages: Atoms,
    /// Sum of the amounts, in the context's currency.
    pub amount: Atoms,
    /// Number of lines.
    pub lines: u64,
    /// Smallest line number among them.
    pub first_line: u64,
    /// Largest line number among them.
    pub last_line: u64,
}

impl Cell<'_> {
    /// The key, on its own.
    #[must_use]
    pub fn key(&self) -> CellKey {
        CellKey { context: self.context.clone(), target: self.target.clone() }
    }
}

/// A cell in a table: what it has in common with others stands once, and is referred to by its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CellRow {
    /// Sum of the usages.
    pub usages: Atoms,
    /// Sum of the amounts.
    pub amount: Atoms,
    /// Number of lines.
    pub lines: u64,
    /// Smallest line number among them.
    pub first_line: u64,
    /// Largest line number among them.
    pub last_line: u64,
    /// Place of the context.
    pub context: u32,
    /// Place of the target.
    pub target: u32,
}

/// A table of cells in the order of their keys, each key once.
///
/// Contexts and targets stand in order too, each once, so places compare as what stands there.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Cells {
    contexts: Vec<Context>,
    targets: Vec<Target>,
    rows: Vec<CellRow>,
}

impl Cells {
    /// Makes a table; `None` if something does not stand in order, twice, or at a place that is not there.
    #[must_use]
    pub fn new(contexts: Vec<Context>, targets: Vec<Target>, rows: Vec<CellRow>) -> Option<Self> {
        let key = |it: &CellRow| (it.context, it.target);
        let is_there =
            |place: u32, length: usize| usize::try_from(place).is_ok_and(|it| it < length);
        let holds = contexts.is_sorted_by(|a, b| a < b)
            && targets.is_sorted_by(|a, b| a < b)
            && rows.is_sorted_by(|a, b| key(a) < key(b))
            && rows.iter().all(|it| is_there(it.context, contexts.len()))
            && rows.iter().all(|it| is_there(it.target, targets.len()));
        holds.then_some(Self { contexts, targets, rows })
    }

    /// The distinct contexts, in order.
    #[must_use]
    pub fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    /// The distinct targets, in order.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The cells as they stand in the table.
    #[must_use]
    pub fn rows(&self) -> &[CellRow] {
        &self.rows
    }

    /// How many cells there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The cell at a place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Cell<'_>> {
        self.rows.get(place).map(|it| self.cell(it))
    }

    /// The cells, in the order of their keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Cell<'_>> + Clone {
        self.rows.iter().map(|it| self.cell(it))
    }

    /// Whether there is a cell with the key of this one, of whatever sums.
    #[must_use]
    pub fn has(&self, cell: &Cell<'_>) -> bool {
        let number = |place: usize| u32::try_from(place).ok();
        let context = self.contexts.binary_search(cell.context).ok().and_then(number);
        let target = self.targets.binary_search(cell.target).ok().and_then(number);
        let (Some(context), Some(target)) = (context, target) else { return false };
        let of = |it: &CellRow| (it.context, it.target);
        self.rows.binary_search_by_key(&(context, target), of).is_ok()
    }

    /// Leaves out the cells of contexts that `keep` refuses.
    pub fn retain_contexts(&mut self, keep: impl Fn(&Context) -> bool) {
        let kept: Vec<bool> = self.contexts.iter().map(keep).collect();
        self.rows.retain(|it| kept[place(it.context)]);
    }

    fn cell(&self, row: &CellRow) -> Cell<'_> {
        let CellRow { usages, amount, lines, first_line, last_line, context, target } = *row;
        let (context, target) = (&self.contexts[place(context)], &self.targets[place(target)]);
        Cell { context, target, usages, amount, lines, first_line, last_line }
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).expect("a place in memory fits an address")
}
