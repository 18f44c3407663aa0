//! Sums by place and column, in pieces that are given away when there are too many of them.

use super::number::Number;

/// Columns of a piece.
const WIDTH: usize = 32;
/// Bytes of pieces that are held.
const BYTES_MAX: usize = 192 << 20;

/// A weight and usages.
///
/// The weight is what right shares divide: an amount, or usages that a summary record's revenue is
/// shared by.
pub type Sum<T> = [T; 2];

/// Sums of a place: of a first column, which is a multiple of 32, and of the columns behind it.
///
/// The same place and column may come several times; the parts add up.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Sums<'a> {
    /// In 10^-9: most of them.
    Nano(&'a [Sum<i64>]),
    /// In atoms.
    Atoms(&'a [Sum<i128>]),
}

/// Takes sums: a place, a first column, and the sums.
pub type Sink<'a> = &'a mut dyn FnMut(u32, usize, Sums<'_>);

/// Sums of columns that are neighbours.
type Piece<T> = [Sum<T>; WIDTH];
/// Pieces that are made at once.
const SLAB: usize = 128;

/// Rows of pieces.
#[derive(Debug, Default)]
struct Pieces<T> {
    /// Number of the piece, from 1, by place and group of columns; a row has room for `groups`.
    numbers: Vec<u32>,
    groups: usize,
    slabs: Vec<Vec<Piece<T>>>,
    held: usize,
}

impl<T: Copy + Default> Pieces<T> {
    fn sum(&mut self, place: u32, column: usize) -> &mut Sum<T> {
        let (place, group) = (usize::try_from(place).unwrap_or(usize::MAX), column / WIDTH);
        if group >= self.groups {
            self.widen(group + 1);
        }
        let at = place.saturating_mul(self.groups).saturating_add(group);
        if at >= self.numbers.len() {
            let rows = (place + 1).max(self.numbers.len() / self.groups * 2);
            self.numbers.resize(rows.saturating_mul(self.groups), 0);
        }
        let mut number = usize::try_from(self.numbers[at]).unwrap_or(usize::MAX);
        if number == 0 {
            number = self.begin();
            self.numbers[at] = u32::try_from(number).unwrap_or(u32::MAX);
        }
        let piece = &mut self.slabs[(number - 1) / SLAB][(number - 1) % SLAB];
        &mut piece[column % WIDTH]
    }

    /// Makes an empty piece and returns its number.
    fn begin(&mut self) -> usize {
        if self.held.is_multiple_of(SLAB) {
            self.slabs.push(Vec::with_capacity(SLAB));
        }
        let slab = self.held / SLAB;
        self.slabs[slab].push([[T::default(); 2]; WIDTH]);
        self.held += 1;
        self.held
    }

    /// Makes room for more groups of columns.
    fn widen(&mut self, groups: usize) {
        // By half more than needed, so that this is rare.
        let wide = groups + groups / 2;
        let rows = self.numbers.chunks(self.groups.max(1));
        let mut numbers = vec![0; rows.len() * wide];
        for (row, old) in numbers.chunks_mut(wide).zip(rows) {
            row[..old.len()].copy_from_slice(old);
        }
        (self.numbers, self.groups) = (numbers, wide);
    }

    const fn bytes(&self) -> usize {
        self.held * size_of::<Piece<T>>() + self.numbers.len() * size_of::<u32>()
    }

    /// Gives all pieces away, in the order of places and columns.
    fn drain(&mut self, mut give: impl FnMut(u32, usize, &[Sum<T>])) {
        let Self { numbers, groups, slabs, .. } = std::mem::take(self);
        for (place, row) in (0_u32..).zip(numbers.chunks(groups.max(1))) {
            for (group, number) in row.iter().enumerate().filter(|it| *it.1 > 0) {
                let at = usize::try_from(number - 1).unwrap_or(usize::MAX);
                give(place, group * WIDTH, &slabs[at / SLAB][at % SLAB]);
            }
        }
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
        self.quick.bytes() + self.wide.bytes() >= self.bytes_max
    }

    /// Gives all sums away, in the order of places and columns.
    pub(super) fn drain(&mut self, sink: Sink<'_>) {
        self.quick.drain(|place, first, sums| sink(place, first, Sums::Nano(sums)));
        self.wide.drain(|place, first, sums| sink(place, first, Sums::Atoms(sums)));
    }

    /// Holds less, so that tests see them given away.
    #[cfg(test)]
    pub(super) const fn hold(&mut self, bytes: usize) {
        self.bytes_max = bytes;
    }
}
