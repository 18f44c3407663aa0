//! `cargo xtask bench`: end-to-end figures of the release binary.
//!
//! A bench prints the machine, the command that reproduces it and its figures, beside a peer's on
//! the same files in the same run. No figure stands here that was not measured by the run that
//! prints it.

mod measure;
mod settlement;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::shop::{Profile, Shop};

/// Builds the release binaries and runs the named bench, or all of them.
pub(crate) fn measure(shop: &Shop, what: &str) -> Result<ExitCode> {
    match what {
        "settlement" | "all" => {}
        _ => bail!("`{what}` is no bench; there are `settlement` and `all`"),
    }
    let binary = shop.leitmotif(Profile::Release)?;
    measure::machine();
    settlement::run(&binary)?;
    Ok(ExitCode::SUCCESS)
}
