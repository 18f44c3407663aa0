//! Sums that do not depend on the order of what is added.

use money::Atoms;

/// A sum of atoms wider than its result: partial sums cannot overflow, only the total can.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Sum {
    low: i128,
    /// How often `low` went around, upwards minus downwards.
    turns: i64,
}

impl Sum {
    pub(crate) const ZERO: Self = Self { low: 0, turns: 0 };

    pub(crate) fn add(&mut self, atoms: Atoms) {
        let (low, turned) = self.low.overflowing_add(atoms.raw());
        self.low = low;
        if turned {
            self.turns += if atoms.is_negative() { -1 } else { 1 };
        }
    }

    /// The total, if it fits.
    pub(crate) fn total(self) -> Option<Atoms> {
        (self.turns == 0).then_some(Atoms::from_raw(self.low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_sums_may_leave_the_range() {
        let max = Atoms::from_raw(i128::MAX);
        let min = Atoms::from_raw(i128::MIN);
        let mut sum = Sum::default();
        for atoms in [max, max, min, min, Atoms::from_raw(2), Atoms::from_raw(5)] {
            sum.add(atoms);
        }
        assert_eq!(sum.total(), Some(Atoms::from_raw(5)));
    }

    #[test]
    fn a_total_out_of_range_is_refused() {
        for edge in [i128::MAX, i128::MIN] {
            let mut sum = Sum::default();
            sum.add(Atoms::from_raw(edge));
            sum.add(Atoms::from_raw(edge.signum()));
            assert_eq!(sum.total(), None);
        }
    }
}
