//! Where the defects of an order go: spread over the report, no two in one block.

use std::ops::Range;

use super::{Defect, Inject};
use crate::{ForgeError, Order, SplitMix64};

/// A block has four sales transactions at most: two clean blocks lie before each defect.
const APART: u64 = 20;

/// The defects of an order with their places.
#[derive(Default)]
pub(crate) struct Plan {
    /// Of the whole report.
    pub(crate) whole: Vec<&'static Defect>,
    /// Of the summary records, the first one's first.
    pub(crate) summaries: Vec<&'static Defect>,
    /// Of blocks: with the sales transaction they are near to, from 0.
    blocks: Vec<(u64, &'static Defect)>,
}

impl Plan {
    pub(crate) fn new(order: &Order) -> Result<Self, ForgeError> {
        let mut plan = Self::default();
        let mut in_blocks = Vec::new();
        for (defect, count) in order.defects.iter().filter(|(_, count)| *count > 0) {
            if defect.once && *count > 1 {
                return Err(ForgeError::Bounds {
                    what: defect.rule,
                    value: *count,
                    min: 0,
                    max: 1,
                });
            }
            let copies =
                std::iter::repeat_n(*defect, usize::try_from(*count).unwrap_or(usize::MAX));
            match defect.inject {
                Inject::Summary(_) | Inject::Twice(_) => plan.summaries.extend(copies),
                Inject::Block(_) if *count > order.lines => {
                    return Err(crowded(*count, "in lines", *count * APART));
                }
                Inject::Block(_) => in_blocks.extend(copies),
                _ => plan.whole.push(defect),
            }
        }
        SplitMix64::new(order.seed ^ 0x6465_6665_6374).shuffle(&mut in_blocks);
        let count = in_blocks.len() as u64;
        let apart = order.lines.checked_div(count).unwrap_or(u64::MAX);
        if apart < APART {
            return Err(crowded(count, "in lines", count * APART));
        }
        let place = |(at, defect)| (at * apart + apart / 2, defect);
        plan.blocks = (0..).zip(in_blocks).map(place).collect();
        Ok(plan)
    }

    /// Whether that sales transaction counts for no summary record.
    pub(crate) fn is_stray(&self, number: u64) -> bool {
        self.block(number..number + 1).is_some_and(|(_, it)| it.rule == "dsr-summary-dangling")
    }

    /// The defect for the block of these sales transactions.
    pub(crate) fn block(&self, sales: Range<u64>) -> Option<(u64, &'static Defect)> {
        let at = self.blocks.partition_point(|(place, _)| *place < sales.start);
        self.blocks.get(at).copied().filter(|(place, _)| sales.contains(place))
    }

    /// The defect of that kind.
    pub(crate) fn special(&self, inject: &Inject) -> Option<&'static Defect> {
        self.whole.iter().copied().find(|it| it.inject == *inject)
    }
}

const fn crowded(count: u64, what: &'static str, lines: u64) -> ForgeError {
    ForgeError::Crowded { count, what, lines }
}
