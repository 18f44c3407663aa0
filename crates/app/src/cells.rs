//! Usage lines summed to cells, each tied to what was used.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
use lake::engine::{Cluster, ClusterCells, Engine};
use lake::{FileEntry, Filter, LakeError};
use matching::Matcher;
use money::{Atoms, Currency};
use store::ReportRow;
use usage::Cells;

use crate::Home;
use crate::settle::SettleError;

pub(crate) fn files_of(manifest: &[FileEntry], reports: &[ReportRow]) -> Vec<FileEntry> {
    let ids: BTreeSet<&str> = reports.iter().map(|it| it.id.as_str()).collect();
    manifest.iter().filter(|it| ids.contains(it.report.as_str())).cloned().collect()
}

/// Sums usage lines whose files are as they were written; the sums are those of the manifest.
pub(crate) fn checked_cells(
    cluster: Option<(&Engine, &Cluster)>,
    home: &Home,
    catalogue: &Catalog,
    files: &[FileEntry],
) -> Result<ClusterCells, SettleError> {
    let mismatches = match cluster {
        None => home.lake.verify(files)?,
        // Each partition's answer is held against counts and sums anyway.
        Some(_) => home.lake.verify_bytes(files)?,
    };
    if let Some(mismatch) = mismatches.first() {
        return Err(SettleError::LakeChanged { mismatch: mismatch.to_string() });
    }
    let summed = cells_on(cluster, home, catalogue, files)?;
    check_control_totals(files, &summed.cells)?;
    Ok(summed)
}

/// Sums usage lines to cells, each line tied to its recording or product.
pub(crate) fn cells(
    home: &Home,
    catalogue: &Catalog,
    files: &[FileEntry],
) -> Result<Cells, LakeError> {
    cells_on(None, home, catalogue, files).map(|it| it.cells)
}

/// As [`cells`], on a cluster if one is given.
pub(crate) fn cells_on(
    cluster: Option<(&Engine, &Cluster)>,
    home: &Home,
    catalogue: &Catalog,
    files: &[FileEntry],
) -> Result<ClusterCells, LakeError> {
    let matcher = Matcher::new(catalogue);
    let mut resolve = |identity: usage::Identity<'_>| matcher.target(&identity);
    match cluster {
        Some((engine, cluster)) => home.lake.cells_on(engine, cluster, files, &mut resolve),
        None => {
            let cells = home.lake.cells(files, &Filter::all(), &mut resolve)?;
            Ok(ClusterCells { cells, again: Vec::new() })
        }
    }
}

/// The cells have to add up to what the manifest recorded at import, to the atom.
fn check_control_totals(files: &[FileEntry], cells: &Cells) -> Result<(), SettleError> {
    let mut sums: BTreeMap<Currency, (Atoms, Atoms)> = BTreeMap::new();
    for cell in cells.iter() {
        if let Some(currency) = cell.context.currency {
            let sum = &mut sums.entry(currency).or_default().0;
            *sum = sum.checked_add(cell.amount).ok_or(SettleError::Overflow)?;
        }
    }
    for ((_, currency), amount) in files.iter().flat_map(|it| &it.amounts) {
        let sum = &mut sums.entry(*currency).or_default().1;
        *sum = sum.checked_add(*amount).ok_or(SettleError::Overflow)?;
    }
    match sums.into_iter().find(|(_, (cells, control))| cells != control) {
        Some((currency, (cells, control))) => {
            Err(SettleError::ControlTotal { currency, cells, control })
        }
        None => Ok(()),
    }
}
