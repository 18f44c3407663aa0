//! Values by the id of a summary record, found fast and told in the order of the ids.

use std::collections::BTreeMap;

/// Places that are tried before the search.
const TRIED: usize = 256;

/// Values by id.
///
/// Every sales transaction names its summary record, and there are few of those: where an id was
/// found once is tried first.
#[derive(Clone, Debug)]
pub struct ById<T> {
    places: BTreeMap<Vec<u8>, usize>,
    values: Vec<(Vec<u8>, T)>,
    tried: Vec<usize>,
}

impl<T> Default for ById<T> {
    fn default() -> Self {
        Self { places: BTreeMap::new(), values: Vec::new(), tried: vec![0; TRIED] }
    }
}

impl<T> ById<T> {
    /// The value of an id.
    #[must_use]
    pub fn look_up(&self, id: &[u8]) -> Option<&T> {
        self.place(id).map(|at| &self.values[at].1)
    }

    /// The value of an id, to be changed.
    pub fn find(&mut self, id: &[u8]) -> Option<&mut T> {
        let at = self.place(id)?;
        self.tried[slot(id)] = at;
        Some(&mut self.values[at].1)
    }

    /// The value of an id; a new one gets what `make` makes.
    pub fn entry(&mut self, id: &[u8], make: impl FnOnce() -> T) -> &mut T {
        let at = self.place(id).unwrap_or_else(|| {
            self.places.insert(id.to_vec(), self.values.len());
            self.values.push((id.to_vec(), make()));
            self.values.len() - 1
        });
        self.tried[slot(id)] = at;
        &mut self.values[at].1
    }

    /// Ids and values, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &T)> {
        self.places.iter().map(|(id, at)| (id.as_slice(), &self.values[*at].1))
    }

    fn place(&self, id: &[u8]) -> Option<usize> {
        let at = self.tried[slot(id)];
        match self.values.get(at) {
            Some((known, _)) if known == id => Some(at),
            _ => self.places.get(id).copied(),
        }
    }
}

/// Ids differ in their last characters.
fn slot(id: &[u8]) -> usize {
    id.iter().rev().take(4).fold(id.len(), |sum, byte| sum * 31 + usize::from(*byte)) % TRIED
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_map(ids in prop::collection::vec("[AB0-9]{0,3}", 0..200)) {
            let (mut fast, mut slow) = (ById::default(), BTreeMap::new());
            for id in &ids {
                *fast.entry(id.as_bytes(), || 0) += 1;
                *slow.entry(id.as_bytes().to_vec()).or_insert(0) += 1;
                prop_assert_eq!(fast.look_up(id.as_bytes()), slow.get(id.as_bytes()));
            }
            prop_assert_eq!(fast.find(b"C"), None);
            let told: Vec<_> = fast.iter().map(|(id, value)| (id.to_vec(), *value)).collect();
            prop_assert_eq!(told, slow.into_iter().collect::<Vec<_>>());
        }
    }
}
