//! Where the audio of the evaluation lies: outside the repository, in one layout for every system.
//!
//! ```text
//! packages/{deb,tree}          what apt fetched, and opened
//! SET/refs/LABEL.EXT           the recordings of the catalogue
//! SET/refs.jsonl               their facts
//! SET/WHAT/NAME.EXT            made-up files, and beside the folder
//! SET/WHAT.jsonl               what is in them, a line a file
//! SET/results/SYSTEM/WHAT.jsonl, cost.json
//! ```

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::shop::Shop;

/// The folder of all audio.
#[derive(Clone, Debug)]
pub(super) struct Place(PathBuf);

/// Which half of the data: never tune on what is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Tune,
    Test,
}

impl Set {
    pub(super) const ALL: [Self; 2] = [Self::Tune, Self::Test];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tune => "tune",
            Self::Test => "test",
        }
    }

    /// The other one, whose music is in no catalogue of this one.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Tune => Self::Test,
            Self::Test => Self::Tune,
        }
    }
}

impl Place {
    /// The folder that `LEITMOTIF_EVAL` names, or `eval` in cargo's target folder.
    pub(super) fn find(shop: &Shop) -> Result<Self> {
        let folder = match std::env::var_os("LEITMOTIF_EVAL") {
            Some(folder) => PathBuf::from(folder),
            None => shop.target()?.join("eval"),
        };
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("failed to make {}", folder.display()))?;
        Ok(Self(folder))
    }

    pub(super) fn root(&self) -> &Path {
        &self.0
    }

    pub(super) fn packages(&self) -> PathBuf {
        self.0.join("packages")
    }

    pub(super) fn set(&self, set: Set) -> PathBuf {
        self.0.join(set.name())
    }
}
