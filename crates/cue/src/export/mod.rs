//! Cue sheets in the forms that others read, each in a file.

mod dsr_report;
mod edl;
mod komca;
mod own;
mod pro;
mod vtt;

pub use dsr_report::{write_dsr, write_dsr_block};
pub use edl::{EdlError, EdlOptions, write_edl};
pub use komca::komca_table;
pub use own::own_table;
pub use pro::pro_table;
pub use vtt::write_vtt;

/// A decimal with so many digits behind the point, from a whole number of its last digit's units.
pub(crate) fn decimal(number: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let sign = if number < 0 { "-" } else { "" };
    let size = number.unsigned_abs();
    let width = usize::try_from(places).unwrap_or(0);
    format!("{sign}{}.{:0width$}", size / unit, size % unit)
}
