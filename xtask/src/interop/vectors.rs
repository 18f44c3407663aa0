//! The test vectors of github.com/transparency-dev/merkle: 518 proofs, good and bad.
//!
//! No package of the registries that are used here carries them, so a checkout has to.

use anyhow::{Context as _, Result};

use crate::shop::Shop;
use crate::test::Outcome;

/// Names the `testdata` folder of a checkout; the tests of `tlog` read it too.
const FOLDER: &str = "LEITMOTIF_MERKLE_VECTORS";

/// Runs the vectors through the tests of `tlog`.
pub(crate) fn run(shop: &Shop) -> Result<Outcome> {
    if std::env::var_os(FOLDER).is_none() {
        let why = format!("{FOLDER} does not name the testdata of transparency-dev/merkle");
        return Ok(Outcome::Skipped(why));
    }
    let words = ["test", "--locked", "--package", "tlog", "--test", "it", "--quiet", "vectors"];
    let status = shop.cargo(&words).status().context("failed to start cargo")?;
    Ok(match status.success() {
        true => Outcome::Passed,
        false => Outcome::Failed("A vector is judged otherwise: see above.".to_owned()),
    })
}
