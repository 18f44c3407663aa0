//! Sheets written and read again, and sheets of others.

mod foreign;
mod made;
mod round_trip;
