//! The verifier of receipts, for a page in a browser.
//!
//! # Purpose
//! Gives a page what `leitmotif verify` does, by the same code: a receipt, perhaps the log's key
//! or a policy, a statement file and the receipt before go in, one JSON object comes out.
//!
//! # Words
//! A **slot** is a place for bytes that the page brings: the receipt, what is trusted, the
//! statement. An
//! **answer** is what the verifier says: code, verdict and reasons, in English and Korean.
//!
//! # Drawing
//! ```text
//! page ── room(slot, length) ─▶ address ── bytes ─▶ slot
//!      ── verify() ─▶ length of the answer, answer() ─▶ address ── JSON ─▶ page
//! ```
//!
//! # Example
//! ```
//! use page::answer::{Question, check};
//! let answer = check(Question { receipt: b"{}", ..Question::default() });
//! assert_eq!((answer.code, answer.holds), (10, false));
//! ```
//!
//! # Invariants
//! - The verdict is that of `statement::verify`; nothing is decided here.
//! - No memory is shared but by address and length, and no address is read here: the page writes into
//!   bytes that this library made, so no `unsafe` block is needed.
//! - It has no imports: it cannot reach a file, a clock or a network, whatever it is fed.
//!
//! # What it does not do
//! It draws nothing; `page.html` and the scripts beside it do.

pub mod answer;
mod korean;
mod trust;

use std::cell::RefCell;

use answer::{Question, check};

/// The most bytes that one slot takes; a receipt of a hundred thousand lines has a tenth of it.
pub const SLOT_BYTES_MAX: usize = 128 << 20;

/// The receipt's slot.
pub const RECEIPT: usize = 0;
/// The slot of what the reader trusts: the log's key or a policy; empty if neither is known.
pub const TRUST: usize = 1;
/// The slot of a statement file to compare; no room is asked for if there is none.
pub const STATEMENT: usize = 2;
/// The slot of the receipt before; no room is asked for if there is none.
pub const PREVIOUS: usize = 3;

thread_local! {
    static SLOTS: RefCell<[Option<Vec<u8>>; 4]> = const { RefCell::new([const { None }; 4]) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for so many bytes in a slot and returns its address; null if there is no such slot or
/// the bytes are too many.
#[expect(unsafe_code, reason = "the page calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn room(slot: usize, length: usize) -> *mut u8 {
    if length > SLOT_BYTES_MAX {
        return std::ptr::null_mut();
    }
    SLOTS.with_borrow_mut(|slots| match slots.get_mut(slot) {
        Some(place) => place.insert(vec![0; length]).as_mut_ptr(),
        None => std::ptr::null_mut(),
    })
}

/// Checks what lies in the slots, empties them, and returns the length of the answer in bytes.
#[expect(unsafe_code, reason = "the page calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn verify() -> usize {
    let [receipt, trust, statement, previous] = SLOTS.take();
    let answer = check(Question {
        receipt: &receipt.unwrap_or_default(),
        trust: &trust.unwrap_or_default(),
        statement: statement.as_deref(),
        previous: previous.as_deref(),
    });
    let json = serde_json::to_vec(&answer).expect("texts, numbers and lists always have a form");
    let length = json.len();
    ANSWER.set(json);
    length
}

/// Returns the address of the last answer.
#[expect(unsafe_code, reason = "the page calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    ANSWER.with_borrow(Vec::as_ptr)
}
