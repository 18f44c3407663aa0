//! What can be made wrong on request.

mod block;
mod plan;
mod whole;

use crate::row::Row;
use crate::{ForgeError, Order};

pub(crate) use plan::Plan;

/// Something wrong that can be put into a report: one rule finds it, in one line.
#[derive(Debug, PartialEq, Eq)]
pub struct Defect {
    /// The rule that finds it.
    pub rule: &'static str,
    /// What is done.
    pub what: &'static str,
    /// Whether a report can have it once only.
    pub once: bool,
    pub(crate) inject: Inject,
}

/// Where a defect goes; the functions say in which row it is, or nothing when there is no place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Inject {
    /// Into the header.
    Head(fn(&mut Row) -> Option<()>),
    /// Into the footer of the last file.
    Foot(fn(&mut Row) -> Option<()>),
    /// Into a summary record.
    Summary(fn(&mut Row) -> Option<()>),
    /// A second summary record behind the first.
    Twice(fn(&Row) -> Row),
    /// Into a block.
    Block(fn(&mut Block) -> Option<usize>),
    /// A second header behind the first.
    Again,
    /// A record behind the footer.
    Behind,
    /// Before the first byte.
    Bom,
    /// At the last byte.
    NoNewline,
    /// Into the name of the file.
    Name,
}

impl PartialEq for Inject {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Eq for Inject {}

/// The rows of a block, used over and over.
#[derive(Default)]
pub(crate) struct Block {
    pub(crate) rows: Vec<Row>,
    /// How many of them are in use.
    pub(crate) len: usize,
    /// Which of its sales transactions a defect is meant for.
    pub(crate) sale: usize,
    /// Id of the block before the block before: that one is closed.
    pub(crate) earlier: String,
    /// How many blocks it counts for.
    pub(crate) blocks: i64,
}

impl Block {
    /// One more row, to be filled.
    pub(crate) fn next(&mut self) -> &mut Row {
        if self.len == self.rows.len() {
            self.rows.push(Row::default());
        }
        self.len += 1;
        &mut self.rows[self.len - 1]
    }

    pub(crate) fn used(&mut self) -> &mut [Row] {
        &mut self.rows[..self.len]
    }

    /// Puts a row in at a place, by default at the end.
    fn insert(&mut self, at: Option<usize>, row: Row) -> usize {
        let at = at.unwrap_or(self.len);
        self.rows.insert(at, row);
        self.len += 1;
        at
    }
}

impl Defect {
    /// The defect that a rule finds.
    #[must_use]
    pub fn find(rule: &str) -> Option<&'static Self> {
        DEFECTS.iter().find(|it| it.rule == rule)
    }
}

impl Order {
    pub(crate) fn cannot(&self, defect: &Defect) -> ForgeError {
        ForgeError::Defect {
            rule: defect.rule,
            profile: self.profile.name(),
            version: self.version.clone(),
        }
    }
}

const fn once(rule: &'static str, what: &'static str, inject: Inject) -> Defect {
    Defect { rule, what, once: true, inject }
}

const fn often(rule: &'static str, what: &'static str, inject: Inject) -> Defect {
    Defect { rule, what, once: false, inject }
}

/// Every defect, one a rule.
#[rustfmt::skip]
pub static DEFECTS: &[Defect] = &[
    once("dsr-head-first", "a second header", Inject::Again),
    once("dsr-foot-last", "a record behind the footer", Inject::Behind),
    once("dsr-bom", "a byte order mark", Inject::Bom),
    once("dsr-no-final-newline", "no line end at the end of the file", Inject::NoNewline),
    once("dsr-file-name-parts", "another period in the name of the file", Inject::Name),
    once("dsr-head-cells", "no message id", Inject::Head(whole::head_cells)),
    once("dsr-head-period", "made before its period", Inject::Head(whole::head_period)),
    once("dsr-unknown-profile", "a profile that is none", Inject::Head(whole::unknown_profile)),
    once("dsr-report-parts", "a file that is missing", Inject::Head(whole::report_parts)),
    once("dsr-foot-lines-file", "one line too many counted", Inject::Foot(whole::foot_lines_file)),
    once("dsr-foot-lines-report", "one line too many counted", Inject::Foot(whole::foot_lines_report)),
    once("dsr-foot-summaries", "one summary record too many counted", Inject::Foot(whole::foot_summaries)),
    once("dsr-foot-blocks-file", "one block too many counted", Inject::Foot(whole::foot_blocks_file)),
    once("dsr-foot-blocks-report", "one block too many counted", Inject::Foot(whole::foot_blocks_report)),
    often("dsr-usages-sum", "one usage more announced", Inject::Summary(whole::usages_sum)),
    often("dsr-summary-duplicate", "a second summary record of an id", Inject::Twice(whole::summary_duplicate)),
    often("dsr-exchange-rate", "an exchange rate of zero", Inject::Summary(whole::exchange_rate)),
    often("dsr-exchange-conversion", "an amount that is not converted with the rate", Inject::Summary(whole::exchange_conversion)),
    often("dsr-currency-digits", "a total before rounding", Inject::Summary(whole::currency_digits)),
    once("dsr-crlf", "a line that ends in CR LF", Inject::Block(block::crlf)),
    often("dsr-not-utf8", "a byte in a title that is no UTF-8", Inject::Block(block::not_utf8)),
    often("dsr-unknown-record", "a record that no table knows", Inject::Block(block::unknown_record)),
    often("dsr-mandatory-cell", "a cell emptied that must be filled", Inject::Block(block::mandatory_cell)),
    often("dsr-cell-type", "words where a number or a day must be", Inject::Block(block::cell_type)),
    often("dsr-cell-count", "one cell too many", Inject::Block(block::cell_count)),
    often("dsr-cell-limit", "a record of 600 cells", Inject::Block(block::cell_limit)),
    often("dsr-block-unique", "a block with the id of an earlier one", Inject::Block(block::block_unique)),
    often("dsr-block-contiguous", "a record of an earlier block", Inject::Block(block::block_contiguous)),
    often("dsr-summary-dangling", "a summary record id that no record has", Inject::Block(block::summary_dangling)),
    often("dsr-transaction-duplicate", "the id of the first sales transaction", Inject::Block(block::transaction_duplicate)),
    often("dsr-reference-dangling", "a resource that is not in the block", Inject::Block(block::reference_dangling)),
    often("dsr-reference-missing", "neither release nor resource named", Inject::Block(block::reference_missing)),
    often("dsr-record-profile", "a record of another profile", Inject::Block(block::record_profile)),
    often("dsr-block-grammar", "a resource behind the sales transactions", Inject::Block(block::block_grammar)),
    often("dsr-period-outside", "a day long before the period", Inject::Block(block::period_outside)),
    often("dsr-cue-outside", "a cue behind the end of the episode", Inject::Block(block::cue_outside)),
    often("dsr-cue-identity", "a cue without any name", Inject::Block(block::cue_identity)),
    often("dsr-text-form", "a title in NFD", Inject::Block(block::text_form)),
    often("dsr-avs-value", "a type that is in no list", Inject::Block(block::avs_value)),
    often("dsr-isrc-syntax", "an ISRC that is cut", Inject::Block(block::isrc_syntax)),
    often("dsr-iswc-check", "an ISWC with a wrong check digit", Inject::Block(block::iswc_check)),
    often("dsr-icpn-check", "an ICPN with a wrong check digit", Inject::Block(block::icpn_check)),
    often("dsr-isni-check", "an ISNI with a wrong check digit", Inject::Block(block::isni_check)),
    often("dsr-spreadsheet-quotes", "quotes around a title", Inject::Block(block::spreadsheet_quotes)),
];
