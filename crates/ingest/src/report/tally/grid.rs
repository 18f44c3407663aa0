//! Sums by place and column, in pieces that are given away when there are too many of them.

/// Columns of a piece.
pub(super) const WIDTH: usize = 32;
/// Pieces that are held: 256 MiB.
const PIECES_MAX: usize = 1 << 18;

/// A weight and usages, both in atoms.
///
/// The weight is what right shares divide: an amount, or usages that a summary record's revenue is
/// shared by.
pub type Sum = [i128; 2];

/// Takes sums: a place, a first column, and the sums of it and the columns behind it.
///
/// The same place and column may come several times; the parts add up.
pub type Sink<'a> = &'a mut dyn FnMut(u32, usize, &[Sum]);

#[derive(Debug)]
pub(super) struct Grid {
    rows: Vec<Vec<Option<Box<[Sum; WIDTH]>>>>,
    held: usize,
    held_max: usize,
}

impl Default for Grid {
    fn default() -> Self {
        Self { rows: Vec::new(), held: 0, held_max: PIECES_MAX }
    }
}

impl Grid {
    /// Adds to a sum; false, and nothing added, beyond the range.
    pub(super) fn add(&mut self, place: u32, column: usize, [weight, usages]: Sum) -> bool {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        if place >= self.rows.len() {
            self.rows.resize_with(place.saturating_add(1), Vec::new);
        }
        let row = &mut self.rows[place];
        let at = column / WIDTH;
        if at >= row.len() {
            row.resize_with(at + 1, || None);
        }
        let piece = row[at].get_or_insert_with(|| {
            self.held += 1;
            Box::new([[0; 2]; WIDTH])
        });
        let sum = &mut piece[column % WIDTH];
        match (sum[0].checked_add(weight), sum[1].checked_add(usages)) {
            (Some(weight), Some(usages)) => {
                *sum = [weight, usages];
                true
            }
            _ => false,
        }
    }

    /// Whether it is time to give the sums away.
    pub(super) const fn is_full(&self) -> bool {
        self.held >= self.held_max
    }

    /// Gives all sums away, in the order of places and columns.
    pub(super) fn drain(&mut self, sink: Sink<'_>) {
        for (place, row) in (0_u32..).zip(std::mem::take(&mut self.rows)) {
            for (at, piece) in row.iter().enumerate() {
                if let Some(piece) = piece {
                    sink(place, at * WIDTH, piece.as_slice());
                }
            }
        }
        self.held = 0;
    }

    /// Holds fewer pieces, so that tests see them given away.
    #[cfg(test)]
    pub(super) const fn hold(&mut self, pieces: usize) {
        self.held_max = pieces;
    }
}
