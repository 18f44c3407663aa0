//! Sums by place and column, in pieces that are given away when there are too many of them.

use super::number::Number;

/// Columns of a piece.
const WIDTH: usize = 32;
/// Bytes of pieces that are held.
const BYTES_MAX: usize = 192 << 20;

/// A weight and usages, both in atoms.
///
/// The weight is what right shares divide: an amount, or usages that a summary record's revenue is
/// shared by.
pub type Sum = [i128; 2];

/// Takes sums: a place, a first column, and the sums of it and the columns behind it.
///
/// The same place and column may come several times; the parts add up.
pub type Sink<'a> = &'a mut dyn FnMut(u32, usize, &[Sum]);

/// Sums of columns that are neighbours.
type Piece<T> = Box<[[T; 2]; WIDTH]>;

/// Rows of pieces.
#[derive(Debug, Default)]
struct Pieces<T> {
    rows: Vec<Vec<Option<Piece<T>>>>,
    held: usize,
}

impl<T: Copy + Default> Pieces<T> {
    fn sum(&mut self, place: u32, column: usize) -> &mut [T; 2] {
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
            self.held += size_of::<[[T; 2]; WIDTH]>();
            Box::new([[T::default(); 2]; WIDTH])
        });
        &mut piece[column % WIDTH]
    }

    fn drain(&mut self, atoms: fn(T) -> i128, sink: Sink<'_>) {
        for (place, row) in (0_u32..).zip(std::mem::take(&mut self.rows)) {
            for (at, piece) in row.into_iter().enumerate() {
                if let Some(piece) = piece {
                    sink(place, at * WIDTH, &piece.map(|sum| sum.map(atoms)));
                }
            }
        }
        self.held = 0;
    }
}

/// The sums: most fit 64 bits and lie closer together there, which is most of the speed.
#[derive(Debug)]
pub(super) struct Grid {
    /// In 10^-9.
    quick: Pieces<i64>,
    /// In atoms.
    wide: Pieces<i128>,
    bytes_max: usize,
}

impl Default for Grid {
    fn default() -> Self {
        Self { quick: Pieces::default(), wide: Pieces::default(), bytes_max: BYTES_MAX }
    }
}

impl Grid {
    /// Adds to a sum; false, and nothing added, beyond the range.
    pub(super) fn add(
        &mut self,
        place: u32,
        column: usize,
        weight: Number,
        usages: Number,
    ) -> bool {
        if let (Some(weight), Some(usages)) = (weight.nano, usages.nano) {
            let sum = self.quick.sum(place, column);
            let next = [sum[0].checked_add(weight), sum[1].checked_add(usages)];
            if let [Some(weight), Some(usages)] = next {
                *sum = [weight, usages];
                return true;
            }
        }
        let sum = self.wide.sum(place, column);
        let (weight, usages) = (weight.atoms.raw(), usages.atoms.raw());
        match (sum[0].checked_add(weight), sum[1].checked_add(usages)) {
            (Some(weight), Some(usages)) => {
                *sum = [weight, usages];
                true
            }
            _ => false,
        }
    }

    /// Whether it is time to give the sums away.
    #[inline]
    pub(super) const fn is_full(&self) -> bool {
        self.quick.held + self.wide.held >= self.bytes_max
    }

    /// Gives all sums away, in the order of places and columns.
    pub(super) fn drain(&mut self, sink: Sink<'_>) {
        self.quick.drain(|nano| i128::from(nano).wrapping_mul(1_000_000_000), sink);
        self.wide.drain(|atoms| atoms, sink);
    }

    /// Holds less, so that tests see them given away.
    #[cfg(test)]
    pub(super) const fn hold(&mut self, bytes: usize) {
        self.bytes_max = bytes;
    }
}
