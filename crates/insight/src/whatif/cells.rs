//! Plays of a recording by a listener, added up as they come.

/// Plays of a title, or of a recipient, by a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) listener: u32,
    /// The title; in a view, the recipient.
    pub(super) title: u32,
    pub(super) plays: u64,
    /// Those of them that the listener asked for.
    pub(super) searched: u64,
}

impl Cell {
    const fn key(self) -> (u32, u32) {
        (self.listener, self.title)
    }
}

/// Rows as they come and cells as they were added up; at most twice as many as there are cells.
#[derive(Debug, Default)]
pub(super) struct Cells {
    all: Vec<Cell>,
    /// How many of them are added up.
    merged: usize,
}

impl Cells {
    const SMALL: usize = 1 << 16;

    /// Adds plays; `None` if a sum leaves 64 bits.
    pub(super) fn add(&mut self, cell: Cell) -> Option<()> {
        self.all.push(cell);
        match self.all.len() >= Self::SMALL.max(self.merged.saturating_mul(2)) {
            true => self.merge(),
            false => Some(()),
        }
    }

    /// How many different pairs are known of; those of the latest rows count as different.
    pub(super) fn len(&self) -> usize {
        self.merged
    }

    fn merge(&mut self) -> Option<()> {
        merge(&mut self.all)?;
        self.merged = self.all.len();
        Some(())
    }

    /// The cells in order of listener and title.
    pub(super) fn finish(mut self, listeners: &[u32], titles: &[u32]) -> Option<Vec<Cell>> {
        for it in &mut self.all {
            it.listener = listeners[it.listener as usize];
            it.title = titles[it.title as usize];
        }
        merge(&mut self.all)?;
        self.all.shrink_to_fit();
        Some(self.all)
    }
}

/// Puts cells in order and adds up those of one listener and title; `None` beyond 64 bits.
fn merge(cells: &mut Vec<Cell>) -> Option<()> {
    cells.sort_unstable_by_key(|it| it.key());
    let mut fits = true;
    cells.dedup_by(|next, kept| {
        if next.key() != kept.key() {
            return false;
        }
        match (kept.plays.checked_add(next.plays), kept.searched.checked_add(next.searched)) {
            (Some(plays), Some(searched)) => (kept.plays, kept.searched) = (plays, searched),
            _ => fits = false,
        }
        true
    });
    fits.then_some(())
}
