//! A statement as a table for a spreadsheet: the same lines, with the references written out.

use std::fmt::Write as _;

use crate::statement::{LineNotes, Statement};

/// Returns the statement's lines as CSV (RFC 4180, UTF-8, CR LF).
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe before it.
#[must_use]
pub fn write_csv(statement: &Statement) -> String {
    let mut out = String::from(
        "line,report,message_id,sender,service,recording,isrc,title,artist,territory,use_type,\
         commercial_model,price_category,month,restates,because,because_of,report_lines,first_line,last_line,usages,reported,licence,\
         licence_rate,received,received_currency,exchange_rate,rate_day,rate_over,rate_source,exchanged,unit_price,agreement,term,kind,measure,rate,of,fraction,amount,rounded,currency\r\n",
    );
    for (at, line) in statement.lines.iter().enumerate() {
        let Some(notes) = statement.notes(line) else { continue };
        let LineNotes { source, recording, term, context } = notes;
        let number = at.saturating_add(1).to_string();
        let texts = [
            &number,
            &source.report,
            &source.message_id,
            &source.sender,
            &source.service,
            &recording.id,
            &recording.isrc,
            &recording.title,
            &recording.artist,
            &context.territory,
            &context.use_type,
            &context.commercial_model,
            &context.price_category,
            &context.month,
            &source.restates,
            &source.because,
            &source.because_of,
        ];
        texts.into_iter().for_each(|it| csv_cell(&mut out, it));
        for it in [line.report_lines, line.first_line, line.last_line] {
            let _ = write!(out, "{it},");
        }
        let _ = write!(out, "{},{},", line.usages, line.reported);
        csv_cell(&mut out, &source.licence);
        let _ = write!(out, "{},{},", source.licence_rate, line.received);
        let _ = write!(out, "{},{},", source.currency, source.rate);
        [&source.rate_day, &source.rate_over, &source.rate_source]
            .into_iter()
            .for_each(|it| csv_cell(&mut out, it));
        let exchanged = source.exchanged(line.received);
        let exchanged = exchanged.map_or_else(String::new, |it| it.to_string());
        let _ = write!(out, "{exchanged},{},", context.unit_price);
        [&term.agreement, &term.term, &term.kind].into_iter().for_each(|it| csv_cell(&mut out, it));
        let _ = write!(
            out,
            "{},{},{},{},{},{},{}\r\n",
            term.measure,
            term.rate,
            term.of,
            term.fraction,
            line.amount,
            line.rounded,
            statement.currency
        );
    }
    out
}

/// Adds a cell and the comma behind it; what a spreadsheet would take for a formula gets an apostrophe.
pub fn csv_cell(out: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula || text.contains(['"', ',', '\n', '\r']) {
        let guard = if formula { "'" } else { "" };
        let _ = write!(out, "\"{guard}{}\",", text.replace('"', "\"\""));
    } else {
        let _ = write!(out, "{text},");
    }
}
