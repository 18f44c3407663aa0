//! Numbers that look random and are the same on every machine: each made-up file has its own seed.

/// A stream of numbers that its name decides.
#[derive(Clone, Debug)]
pub(super) struct Seed(u64);

impl Seed {
    /// The stream of a name: set, kind of file and number.
    pub(super) fn of(name: &str) -> Self {
        // FNV-1a with 64 bits: offset basis and prime of draft-eastlake-fnv, section 5.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash)
    }

    /// The next 64 bits: `SplitMix64` (Steele, Lea, Flood; OOPSLA 2014).
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to below `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        let unit = (self.bits() >> 11) as f64 / (1_u64 << 53) as f64;
        low + unit * (high - low)
    }

    /// A whole number below `count`; 0 if there is none.
    pub(super) fn below(&mut self, count: usize) -> usize {
        if count == 0 { 0 } else { (self.bits() % count as u64) as usize }
    }

    /// Whether something happens that happens with this chance.
    pub(super) fn chance(&mut self, chance: f64) -> bool {
        self.between(0.0, 1.0) < chance
    }

    /// One of these.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Brings a list into an order of its own.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Seed;

    #[test]
    fn a_name_has_one_stream() {
        let mut one = Seed::of("tune/clips/h01");
        let mut same = Seed::of("tune/clips/h01");
        let mut other = Seed::of("test/clips/h01");
        assert_eq!(one.bits(), same.bits());
        assert_ne!(one.bits(), other.bits());
    }

    #[test]
    fn numbers_stay_in_their_range_and_fill_it() {
        let mut seed = Seed::of("range");
        let drawn: Vec<f64> = (0..1000).map(|_| seed.between(-2.0, 3.0)).collect();
        assert!(drawn.iter().all(|it| (-2.0..3.0).contains(it)));
        let mean = drawn.iter().sum::<f64>() / 1000.0;
        assert!((mean - 0.5).abs() < 0.2, "{mean}");
    }

    #[test]
    fn shuffling_loses_nothing() {
        let mut list: Vec<usize> = (0..100).collect();
        Seed::of("order").shuffle(&mut list);
        assert_ne!(list, (0..100).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..100).collect::<Vec<_>>());
    }
}
