//! The rules: one file each, with its page of the manual, its check and its fixture.

mod avs_value;
mod block_contiguous;
mod block_grammar;
mod block_unique;
mod bom;
mod cell_count;
mod cell_limit;
mod cell_type;
mod crlf;
mod cue_identity;
mod cue_outside;
mod currency_digits;
pub(crate) mod exchange_conversion;
mod exchange_rate;
mod file_name_parts;
mod foot_blocks_file;
mod foot_blocks_report;
mod foot_last;
mod foot_lines_file;
mod foot_lines_report;
mod foot_summaries;
mod head_cells;
mod head_first;
mod head_period;
mod icpn_check;
mod isni_check;
mod isrc_syntax;
mod iswc_check;
mod mandatory_cell;
mod message_reused;
mod no_final_newline;
mod not_utf8;
mod period_outside;
mod record_profile;
mod reference_dangling;
mod reference_missing;
mod report_parts;
mod spreadsheet_quotes;
mod summary_dangling;
mod summary_duplicate;
mod text_form;
mod transaction_duplicate;
mod transaction_unkept;
mod unknown_profile;
mod unknown_record;
mod usages_sum;

#[cfg(test)]
mod fixture;

use finding::{Position, RuleDoc};

pub use message_reused::message_reused;
pub use report_parts::check_parts;

use crate::Record;
use crate::check::{Block, Out, Seen, State};

/// When a rule looks.
#[derive(Copy, Clone)]
pub(crate) enum Run {
    /// At every line, comment lines and empty lines included.
    Line(fn(&State, &Record, &mut Out<'_>)),
    /// At every record.
    Record(fn(&State, &Seen<'_>, &mut Out<'_>)),
    /// At the cells of every record that is not plain; it looks at nothing but the record.
    Cells(fn(&State, &Seen<'_>, &mut Out<'_>)),
    /// At every cell that is filled and has a type, of a record that is not plain.
    Cell(fn(&Seen<'_>, usize, &mut Out<'_>)),
    /// At the end of every block.
    Block(fn(&State, &Block, &mut Out<'_>)),
    /// At the end of the file.
    End(fn(&State, &mut Out<'_>)),
}

/// A rule of the validator.
pub struct Rule {
    /// Its page of the manual.
    pub doc: RuleDoc,
    /// Empty for a rule that compares files or reports.
    pub(crate) runs: &'static [Run],
}

/// All rules, in the order in which they look.
pub static RULES: &[Rule] = &[
    Rule {
        doc: head_first::DOC,
        runs: &[Run::Record(head_first::check), Run::End(head_first::check_end)],
    },
    Rule {
        doc: foot_last::DOC,
        runs: &[Run::Record(foot_last::check), Run::End(foot_last::check_end)],
    },
    Rule { doc: head_cells::DOC, runs: &[Run::Record(head_cells::check)] },
    Rule { doc: head_period::DOC, runs: &[Run::Record(head_period::check)] },
    Rule { doc: unknown_record::DOC, runs: &[Run::Record(unknown_record::check)] },
    Rule { doc: unknown_profile::DOC, runs: &[Run::Record(unknown_profile::check)] },
    Rule { doc: mandatory_cell::DOC, runs: &[Run::Cells(mandatory_cell::check)] },
    Rule { doc: cell_type::DOC, runs: &[Run::Cell(cell_type::check)] },
    Rule { doc: cell_count::DOC, runs: &[Run::Cells(cell_count::check)] },
    Rule { doc: cell_limit::DOC, runs: &[Run::Record(cell_limit::check)] },
    Rule { doc: block_contiguous::DOC, runs: &[Run::Record(block_contiguous::check)] },
    Rule { doc: block_unique::DOC, runs: &[Run::Record(block_unique::check)] },
    Rule { doc: summary_duplicate::DOC, runs: &[Run::Record(summary_duplicate::check)] },
    Rule { doc: summary_dangling::DOC, runs: &[Run::Record(summary_dangling::check)] },
    Rule { doc: transaction_duplicate::DOC, runs: &[Run::Record(transaction_duplicate::check)] },
    Rule { doc: transaction_unkept::DOC, runs: &[Run::End(transaction_unkept::check)] },
    Rule { doc: reference_dangling::DOC, runs: &[Run::Block(reference_dangling::check)] },
    Rule { doc: reference_missing::DOC, runs: &[Run::Record(reference_missing::check)] },
    Rule { doc: foot_lines_file::DOC, runs: &[Run::End(foot_lines_file::check)] },
    Rule { doc: foot_lines_report::DOC, runs: &[Run::End(foot_lines_report::check)] },
    Rule { doc: foot_summaries::DOC, runs: &[Run::End(foot_summaries::check)] },
    Rule { doc: foot_blocks_file::DOC, runs: &[Run::End(foot_blocks_file::check)] },
    Rule { doc: foot_blocks_report::DOC, runs: &[Run::End(foot_blocks_report::check)] },
    Rule { doc: usages_sum::DOC, runs: &[Run::End(usages_sum::check)] },
    Rule { doc: avs_value::DOC, runs: &[Run::Cell(avs_value::check)] },
    Rule { doc: isrc_syntax::DOC, runs: &[Run::Cell(isrc_syntax::check)] },
    Rule { doc: iswc_check::DOC, runs: &[Run::Cell(iswc_check::check)] },
    Rule { doc: icpn_check::DOC, runs: &[Run::Cell(icpn_check::check)] },
    Rule { doc: isni_check::DOC, runs: &[Run::Cell(isni_check::check)] },
    Rule { doc: spreadsheet_quotes::DOC, runs: &[Run::Cells(spreadsheet_quotes::check)] },
    Rule { doc: crlf::DOC, runs: &[Run::Line(crlf::check)] },
    Rule { doc: bom::DOC, runs: &[Run::Line(bom::check)] },
    Rule { doc: no_final_newline::DOC, runs: &[Run::End(no_final_newline::check)] },
    Rule { doc: not_utf8::DOC, runs: &[Run::Line(not_utf8::check)] },
    Rule { doc: file_name_parts::DOC, runs: &[Run::End(file_name_parts::check)] },
    Rule { doc: report_parts::DOC, runs: &[] },
    Rule { doc: exchange_rate::DOC, runs: &[Run::Record(exchange_rate::check)] },
    Rule { doc: exchange_conversion::DOC, runs: &[Run::Record(exchange_conversion::check)] },
    Rule { doc: currency_digits::DOC, runs: &[Run::Record(currency_digits::check)] },
    Rule { doc: record_profile::DOC, runs: &[Run::Record(record_profile::check)] },
    Rule {
        doc: block_grammar::DOC,
        runs: &[Run::Record(block_grammar::check), Run::Block(block_grammar::check_end)],
    },
    Rule { doc: period_outside::DOC, runs: &[Run::Record(period_outside::check)] },
    Rule { doc: cue_outside::DOC, runs: &[Run::Record(cue_outside::check)] },
    Rule { doc: cue_identity::DOC, runs: &[Run::Record(cue_identity::check)] },
    Rule { doc: text_form::DOC, runs: &[Run::Record(text_form::check)] },
    Rule { doc: message_reused::DOC, runs: &[] },
];

/// The page of the manual of a rule.
#[must_use]
pub fn doc(id: &str) -> Option<&'static RuleDoc> {
    RULES.iter().map(|rule| &rule.doc).find(|doc| doc.id == id)
}

/// The position of a line as such.
fn line(record: &Record) -> Position {
    Position { line: record.line, byte: record.byte, ..Position::default() }
}

/// Whether a record of this type begins a block rather than going on with one.
fn opens_block(record: &Record) -> bool {
    [b"RE", b"AS", b"MW", b"LC"].iter().any(|opener| record.first().starts_with(&opener[..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_id_and_a_page() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.doc.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for rule in RULES {
            assert!(rule.doc.id.starts_with("dsr-"), "{}", rule.doc.id);
            assert!(rule.doc.doc.len() > 80 && rule.doc.doc.ends_with('.'), "{}", rule.doc.id);
            assert!(!rule.doc.title.ends_with('.'), "{}", rule.doc.id);
            assert_eq!(doc(rule.doc.id), Some(&rule.doc));
        }
    }
}
