//! What is used how often: drawn from the seed, the same again for the same order.

use crate::{Order, SplitMix64};

/// Recordings that are not in the catalogue.
const STRANGERS: u64 = 5_000;

/// A recording, and whether the report names its ISRC.
#[derive(Clone, Copy)]
pub(crate) struct Pick {
    pub(crate) number: u64,
    pub(crate) has_isrc: bool,
}

/// One sales transaction.
#[derive(Clone, Copy)]
pub(crate) struct Sale {
    pub(crate) pool: usize,
    pub(crate) usages: u64,
    pub(crate) day: u64,
}

/// Blocks of one recording and up to four sales transactions, each of another pool.
pub(crate) struct Draws {
    random: SplitMix64,
    /// Sums of the weights 1, 1/2, 1/3 ..., in 10^-12.
    popularity: Vec<u64>,
    recordings: u64,
    territories: u64,
    models: u64,
    left: u64,
}

impl Draws {
    pub(crate) fn new(order: &Order) -> Self {
        let mut sum = 0;
        let mut weigh = |rank: u64| {
            sum += 1_000_000_000_000 / rank;
            sum
        };
        Self {
            random: SplitMix64::new(order.seed),
            popularity: (1..=order.recordings).map(&mut weigh).collect(),
            recordings: order.recordings,
            territories: order.territories.len() as u64,
            models: order.models,
            left: order.lines,
        }
    }

    /// Draws the next block into `sales`; none when all lines are drawn.
    pub(crate) fn block(&mut self, sales: &mut Vec<Sale>) -> Option<Pick> {
        sales.clear();
        let pools = self.territories * self.models;
        let count = (1 + self.random.below(4)).min(self.left).min(pools);
        if count == 0 {
            return None;
        }
        self.left -= count;
        let number = self.recording();
        let pools = usize::try_from(pools).expect("a few pools");
        while (sales.len() as u64) < count {
            let mut pool = self.pool();
            while sales.iter().any(|it| it.pool == pool) {
                pool = (pool + 1) % pools;
            }
            let most = 1 + 400_000 / (number + 20);
            let usages = 1 + self.random.below(most);
            let day = 1 + self.random.below(28);
            sales.push(Sale { pool, usages, day });
        }
        Some(Pick { number, has_isrc: !self.random.chance(10) })
    }

    fn recording(&mut self) -> u64 {
        if self.random.chance(20) || self.popularity.is_empty() {
            return self.recordings + self.random.below(STRANGERS);
        }
        let end = self.popularity.last().copied().unwrap_or(0);
        let at = self.random.below(end);
        self.popularity.partition_point(|sum| *sum <= at) as u64
    }

    /// The smaller of two draws: the first territories are the most popular.
    fn pool(&mut self) -> usize {
        let territory =
            self.random.below(self.territories).min(self.random.below(self.territories));
        let pool = territory * self.models + self.random.below(self.models);
        usize::try_from(pool).expect("a pool is a place in a short list")
    }
}
