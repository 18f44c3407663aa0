//! Numbers for values, so that rows are compared by numbers.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

/// Distinct values, numbered from 0 in the order in which they were first seen.
pub(crate) struct Interner<T> {
    numbers: HashMap<T, u32, RandomState>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { numbers: HashMap::default() }
    }
}

impl<T: Eq + Hash> Interner<T> {
    /// The number of `value`; a new value gets the next one.
    pub(crate) fn number<Q>(&mut self, value: &Q) -> u32
    where
        T: Borrow<Q>,
        Q: ToOwned<Owned = T> + Eq + Hash + ?Sized,
    {
        if let Some(&number) = self.numbers.get(value) {
            return number;
        }
        let number = u32::try_from(self.numbers.len())
            .expect("memory ends before four thousand million distinct values");
        self.numbers.insert(value.to_owned(), number);
        number
    }

    /// The values; the number is the index.
    pub(crate) fn into_values(self) -> Vec<T> {
        let mut values: Vec<(u32, T)> =
            self.numbers.into_iter().map(|(value, number)| (number, value)).collect();
        values.sort_unstable_by_key(|&(number, _)| number);
        values.into_iter().map(|(_, value)| value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_places_among_the_values() {
        let mut texts: Interner<String> = Interner::default();
        let numbers: Vec<u32> =
            ["b", "a", "b", "", "a"].into_iter().map(|text| texts.number(text)).collect();
        assert_eq!(numbers, [0, 1, 0, 2, 1]);
        assert_eq!(texts.into_values(), ["b", "a", ""]);
    }
}
