//! The price list, looked up.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use catalog::{Catalog, Price, Priced, Territories};
use ident::{ProductId, RecordingId, ReleaseId};
use money::Atoms;
use period::Date;
use usage::{Context, Target};

/// The entries of the price list by what they name.
pub(crate) struct PriceIndex<'a> {
    recordings: BTreeMap<&'a RecordingId, Vec<&'a Price>>,
    products: BTreeMap<&'a ProductId, Vec<&'a Price>>,
    releases: BTreeMap<&'a ReleaseId, Vec<&'a Price>>,
}

impl<'a> PriceIndex<'a> {
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        let mut index = Self {
            recordings: BTreeMap::new(),
            products: BTreeMap::new(),
            releases: BTreeMap::new(),
        };
        for price in catalog.prices.values() {
            match &price.of {
                Priced::Recordings(ids) => add(&mut index.recordings, ids, price),
                Priced::Products(ids) => add(&mut index.products, ids, price),
                Priced::Releases(ids) => add(&mut index.releases, ids, price),
            }
        }
        index
    }

    /// The price of what was used, in a context without one: of the entries that hold the first by
    /// what they name (the thing itself before a release that it is on), then by named territories, by
    /// named categories, by the later `from`. Where entries of one rank differ, nobody knows which of
    /// them it was, and there is none.
    pub(crate) fn find(
        &self,
        target: &Target,
        context: &Context,
        releases: &[&ReleaseId],
    ) -> Option<Atoms> {
        let (own, of_releases): (&[&Price], Vec<&Price>) = match target {
            Target::Recording(id) => {
                let on = releases.iter().filter_map(|it| self.releases.get(*it));
                (list(self.recordings.get(id)), on.flatten().copied().collect())
            }
            Target::Product(id) => (list(self.products.get(id)), Vec::new()),
            Target::Unmatched { .. } => return None,
        };
        let day = context.month.first_day();
        let holds = |it: &&&Price| {
            Some(it.amount.currency) == context.currency
                && it.holds(&context.territory, &context.price_category, day)
        };
        let own = own.iter().filter(holds).map(|it| (rank(it, 0), it.amount.atoms));
        let released = of_releases.iter().filter(holds).map(|it| (rank(it, 1), it.amount.atoms));
        let found: Vec<(Rank, Atoms)> = own.chain(released).collect();
        let first = found.iter().map(|it| it.0).min()?;
        let mut prices = found.iter().filter(|it| it.0 == first).map(|it| it.1);
        let price = prices.next()?;
        prices.all(|it| it == price).then_some(price)
    }
}

/// The lesser one counts.
type Rank = (u8, u8, bool, Reverse<Option<Date>>);

fn rank(price: &Price, what: u8) -> Rank {
    let territories = match price.territories {
        Territories::Only(_) => 0,
        Territories::AllExcept(_) => 1,
        Territories::All => 2,
    };
    (what, territories, price.price_categories.is_empty(), Reverse(price.period.from))
}

fn add<'a, K: Ord>(
    to: &mut BTreeMap<&'a K, Vec<&'a Price>>,
    ids: impl IntoIterator<Item = &'a K>,
    price: &'a Price,
) {
    for id in ids {
        to.entry(id).or_default().push(price);
    }
}

fn list<'p, 'a>(found: Option<&'p Vec<&'a Price>>) -> &'p [&'a Price] {
    found.map_or(&[], Vec::as_slice)
}
