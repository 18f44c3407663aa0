//! The amounts as a table.

use std::io::{self, Write};

use super::Due;

/// Writes `payee,territory,currency,amount`, one row an amount.
///
/// # Errors
/// Whatever the writer says.
pub fn write_csv(out: impl Write, dues: &[Due<'_>]) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(["payee", "territory", "currency", "amount"])?;
    let mut amount = String::new();
    for due in dues {
        use std::fmt::Write as _;
        amount.clear();
        write!(amount, "{}", due.amount).map_err(io::Error::other)?;
        out.write_record([due.payee, due.territory, due.currency.as_str(), &amount])?;
    }
    out.flush()
}
