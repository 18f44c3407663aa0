//! Names to numbers, each name kept once.

use std::collections::HashMap;

/// Names and their numbers, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Ids {
    numbers: HashMap<Box<str>, u32>,
    /// Bytes of all names.
    pub(super) bytes: usize,
}

impl Ids {
    /// The number of a name.
    pub(super) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.into(), number);
        self.bytes = self.bytes.saturating_add(name.len());
        number
    }

    /// How many names there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The names in order, and where the name of each number stands among them.
    pub(super) fn sorted(self) -> (Vec<String>, Vec<u32>) {
        let mut all: Vec<(String, u32)> =
            self.numbers.into_iter().map(|(name, number)| (name.into(), number)).collect();
        all.sort_unstable();
        let mut places = vec![0; all.len()];
        for (place, (_, number)) in all.iter().enumerate() {
            places[*number as usize] = u32::try_from(place).unwrap_or(u32::MAX);
        }
        (all.into_iter().map(|it| it.0).collect(), places)
    }
}
