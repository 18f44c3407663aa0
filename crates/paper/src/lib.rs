//! Pages of text, rules and bars as PDF; rows as a workbook; points as a picture.
//!
//! # Purpose
//!
//! Whoever is paid wants a page to keep and a table to work with. Here are the two pens: one draws
//! on sheets, the other writes rows of cells. Both give the same bytes for the same strokes.
//!
//! # Words
//!
//! - **sheet**: one side of paper, A4, upright or across.
//! - **point**: 1/72 of an inch. Places are points from the left and from the top edge; a text stands on
//!   its base line.
//! - **pen**: the weight, size and colour in which a text is written.
//! - **mark**: a place that a reader's list of contents leads to.
//!
//! # Drawing
//!
//! ```text
//!  text, rule, bar ─▶ Pdf ── sheet by sheet, deflated ──▶ bytes
//!                      └── letters used ── subset of the font, with the way back to text
//!  cells ─▶ Workbook ── worksheet by worksheet, deflated ──▶ bytes
//!  points, palette ─▶ png ── row by row, deflated ──▶ bytes
//! ```
//!
//! # Example
//!
//! ```
//! use paper::{Colour, Head, Pdf, Pen, Sheet, Weight};
//!
//! let pen = Pen { weight: Weight::Bold, size: 12.0, colour: Colour(0, 0, 0) };
//! let head = Head { title: "비", author: "Sample", language: "ko", id: [7; 32], total: pen };
//! let mut pdf = Pdf::new(&head);
//! pdf.sheet(Sheet::Upright);
//! pdf.text(40.0, 60.0, pen, "비와 당신");
//! assert!(paper::width("비", pen) > 0.0);
//! assert!(pdf.finish().starts_with(b"%PDF-1.7"));
//! ```
//!
//! # Invariants
//!
//! - The same strokes give the same bytes: no clock, no chance, no unordered map.
//! - No text can fail: what the font lacks becomes a box and is told by [`Pdf::boxed`], and what a
//!   workbook cannot hold becomes a replacement character or ends in `…`.
//! - No text becomes an operator, a mark-up or a formula.
//!
//! # What it does not do
//!
//! It knows no statement, no money and no language. It does not shape: letters stand one by one, in
//! their composed form (NFC), without kerning. Hangul, kana, Latin, Greek and Cyrillic need no more;
//! Han characters and scripts that join their letters are boxes.

mod font;
mod pdf;
mod png;
mod text;
mod workbook;

pub use font::Weight;
pub use pdf::{Colour, Head, Pdf, Pen, Sheet};
pub use png::png;
pub use text::{fit, width, wrap};
pub use workbook::{Cell, ROWS_MAX, Workbook, WorkbookError, Worksheet};
