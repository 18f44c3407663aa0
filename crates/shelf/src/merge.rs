//! Small segments become larger ones.

use std::collections::BTreeSet;

use crate::manifest::Listed;
use crate::segment::Body;
use crate::{Shelf, ShelfError};

/// How many segments of about one size become one.
const TOGETHER: usize = 8;

/// Bytes of the smallest size; each next one is [`TOGETHER`] times as large.
const LEAST_BYTES: u64 = 1 << 20;

/// Most bytes that are written anew after a change.
const MERGED_BYTES_MAX: u64 = 1 << 28;

impl Shelf {
    /// Writes small segments, or one of which more than half is gone, anew as one; at most [`MERGED_BYTES_MAX`].
    ///
    /// The shelf is the same before and after, and whole in between.
    pub(crate) fn merge(&mut self) -> Result<(), ShelfError> {
        let Some(chosen) = self.chosen() else {
            return Ok(());
        };
        let bodies: Vec<Body<'_>> = self
            .segments
            .iter()
            .filter(|it| chosen.contains(&it.listed.number))
            .flat_map(|it| it.live().map(move |(entry, _)| (it, entry)))
            .map(|(it, entry)| it.table.body(&it.bytes, entry).map_err(|source| it.damaged(source)))
            .collect::<Result<_, _>>()?;
        let mut manifest = self.manifest();
        let number = manifest.next();
        self.write_segment(number, &bodies)?;
        manifest.segments.retain(|it| !chosen.contains(&it.number));
        manifest.segments.push(Listed { number, gone: BTreeSet::new() });
        self.save(manifest)
    }

    /// Numbers of the segments to merge.
    fn chosen(&self) -> Option<BTreeSet<u64>> {
        let sizes: Vec<(u64, u64, u64)> = self
            .segments
            .iter()
            .map(|it| {
                let live = it.live().map(|(entry, _)| it.table.bytes(entry)).sum();
                (it.listed.number, live, it.bytes.len() as u64)
            })
            .collect();
        let wasteful =
            sizes.iter().find(|(_, live, whole)| 2 * live < *whole && *live <= MERGED_BYTES_MAX);
        if let Some((number, ..)) = wasteful {
            return Some([*number].into());
        }
        let class =
            |live: u64| (live / LEAST_BYTES).checked_ilog(TOGETHER as u64).map_or(0, |it| it + 1);
        (0..=class(MERGED_BYTES_MAX)).find_map(|size| {
            let alike = sizes.iter().filter(|(_, live, _)| class(*live) == size);
            let alike: Vec<_> = alike.take(TOGETHER).collect();
            let bytes: u64 = alike.iter().map(|(_, live, _)| live).sum();
            let many = alike.len() == TOGETHER && bytes <= MERGED_BYTES_MAX;
            many.then(|| alike.iter().map(|(number, ..)| *number).collect())
        })
    }
}
