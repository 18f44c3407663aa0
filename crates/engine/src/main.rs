//! The second binary.
fn main() {}
