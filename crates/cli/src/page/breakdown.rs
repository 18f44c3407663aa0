//! Where the money came from, as bars.

use ::statement::Statement;

use super::Look;
use super::sums::{Picture, Pictures, Row};
use super::text::{DASH, bar, escape, name, rounded, share};
use crate::words::fill;

/// How many rows a table shows before the rest becomes one.
const TOP: usize = 12;

/// The columns of a table: name, bar, sum, share.
const COLUMNS: &str = "<colgroup><col><col class=\"graph\"><col class=\"sum\">\
                       <col class=\"share\"></colgroup>\n";

/// Renders the sums; nothing if there is no line.
pub(super) fn section(it: &Statement, look: &Look<'_>) -> String {
    if it.lines.is_empty() {
        return String::new();
    }
    let words = look.words();
    let Pictures { productions, recordings, months, territories, services } =
        Pictures::of(it, look);
    let table = |picture: Picture| table(it, look, &picture.cut(TOP));
    let productions = match productions {
        Some(picture) => table(picture),
        None => format!("<p class=\"note\">{}</p>\n", escape(words.productions_unknown)),
    };
    format!(
        "<section>\n<div class=\"keep\">\n<h2>{}</h2>\n<p class=\"note\">{}</p>\n\
         {}</div>\n{productions}{}<div class=\"split\">\n{}{}</div>\n</section>\n",
        escape(words.came_from),
        escape(&fill(words.came_from_note, &[&decimals(it).to_string()])),
        table(services),
        table(recordings),
        table(months),
        table(territories),
    )
}

/// Fractions of the smallest unit matter in royalties: a won shows two decimals, too.
pub(super) fn decimals(it: &Statement) -> u32 {
    it.currency.minor_digits().max(2)
}

fn label(row: &Row) -> String {
    let mut soft = row.soft.join(", ");
    if row.is_rest() {
        return format!("<span class=\"soft\">{}</span>", escape(&soft));
    }
    if !soft.is_empty() {
        soft = format!("<span class=\"soft\">, {}</span>", name(&soft));
    }
    format!("{}{soft}", name(&row.label))
}

/// One table of sums with bars, as long as each is of the largest.
fn table(it: &Statement, look: &Look<'_>, picture: &Picture) -> String {
    let words = look.words();
    let whole = Some(it.balance.earned);
    let longest = picture.longest();
    let shown = |sum: Option<_>| sum.map_or(DASH.to_owned(), |sum| rounded(sum, decimals(it)));
    let body: String = picture
        .rows
        .iter()
        .map(|row| {
            format!(
                "<tr><th scope=\"row\">{}</th><td class=\"graph\">{}</td>\
                 <td class=\"n\">{}</td><td class=\"n soft\">{}</td></tr>\n",
                label(row),
                bar(row.sum, longest),
                shown(row.sum),
                escape(&share(row.sum, whole)),
            )
        })
        .collect();
    format!(
        "<div>\n<table class=\"bars\">\n{COLUMNS}\
         <thead><tr><th scope=\"col\" colspan=\"2\" class=\"what\">{caption}</th>\
         <th scope=\"col\" class=\"n\">{currency}</th>\
         <th scope=\"col\" class=\"n\">{share}</th></tr></thead>\n\
         <tbody>\n{body}</tbody>\n\
         <tfoot><tr><th scope=\"row\" colspan=\"2\">{earned}</th><td class=\"n\">{sum}</td><td></td>\
         </tr></tfoot>\n</table>\n</div>\n",
        caption = escape(picture.caption),
        currency = it.currency,
        share = escape(words.share),
        earned = escape(words.earned),
        sum = shown(picture.sum()),
    )
}
