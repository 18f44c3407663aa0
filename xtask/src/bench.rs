//! `cargo xtask bench`: end-to-end figures of the release binary.
//!
//! A bench prints the machine, the command that reproduces it and its figures, beside the peers'
//! figures on the same work in the same run. A bench that does not exist yet says so and fails: no
//! figure stands here that was not measured by the run that prints it.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::shop::{Profile, Shop};

/// Builds the release binary and runs the named bench, or all of them.
pub(crate) fn measure(shop: &Shop, what: &str) -> Result<ExitCode> {
    let benches: &[fn(&Path) -> Result<()>] = match what {
        "reports" => &[reports],
        "settlement" => &[settlement],
        "all" => &[reports, settlement],
        _ => bail!("`{what}` is no bench; there are `reports`, `settlement` and `all`"),
    };
    let binary = shop.leitmotif(Profile::Release)?;
    for bench in benches {
        bench(&binary)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Reading sales reports: bytes and usage lines a second, a core.
fn reports(_binary: &Path) -> Result<()> {
    bail!("the bench of the sales reports is not written yet")
}

/// Settling a period: usage cells a second, and the peak of memory.
fn settlement(_binary: &Path) -> Result<()> {
    bail!("the bench of the settlement is not written yet")
}
