//! Statements for people: as a page, as a printed document, as a workbook; and the list of them.
//!
//! Pages are plain HTML in one file each: no script, nothing loaded from elsewhere, one inline style sheet,
//! and a policy in the head that lets a browser load nothing more. Every text that comes from
//! outside passes [`text::escape`].

mod basis;
mod breakdown;
pub(crate) mod exchange;
mod index;
mod lines;
mod look;
pub(crate) mod outside;
mod pdf;
mod statement;
mod style;
mod sums;
#[cfg(test)]
mod tests;
mod text;
mod xlsx;

pub(crate) use index::{IndexHead, IndexRow, index_page};
pub(crate) use look::{Look, Productions};
pub(crate) use pdf::statement_pdf;
pub(crate) use statement::statement_page;
pub(crate) use xlsx::statement_workbook;

use style::STYLE;
use text::{css_string, escape};

use crate::words::Language;

/// Puts a page's body into a whole document; `footer` stands at the foot of every printed sheet.
fn document(language: Language, title: &str, footer: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n\
         <html lang=\"{language}\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n\
         <style>\n{STYLE}@page {{ @bottom-left {{ content: {footer} }} }}\n</style>\n\
         </head>\n\
         <body>\n{body}</body>\n\
         </html>\n",
        language = language.code(),
        title = escape(title),
        footer = css_string(footer),
    )
}
