//! Income: what recordings and products brought us, by what is asked for.
//!
//! A production's or an artist's income is that of all its recordings and products. Amounts of one
//! currency meet, others never do; and what is not matched to anything is told beside it, since a
//! part of it may belong there.

use std::collections::BTreeMap;

use catalog::{Catalog, Product, Recording, artist_key};
use ident::{PartyId, ProductionId, RepertoireId};
use money::{Atoms, Currency};
use usage::{Cell, Income as Head, Target};

/// Whose income is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everything that came in.
    #[default]
    All,
    /// Of the recordings linked to a production, and of its products.
    Production(ProductionId),
    /// Of the recordings that a party contributed to or is the artist of, and of its products.
    Artist(PartyId),
    /// Of the recordings of a repertoire, and of the products of the productions it admits.
    Repertoire(RepertoireId),
}

/// What income is shown by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IncomeBy {
    /// Streams, downloads, sync and so on.
    #[default]
    Head,
    /// Who sent the report.
    Source,
    /// The use type, as reported.
    UseType,
    /// The territory.
    Territory,
    /// The service.
    Service,
    /// The month of the usage.
    Month,
}

/// A sum of income.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// What came in.
    pub amount: Atoms,
    /// The usages: plays, copies, pieces.
    pub usages: Atoms,
    /// The report lines.
    pub lines: u64,
}

impl Sum {
    fn add(&mut self, cell: &Cell<'_>, amount: Atoms) -> Result<(), Overflow> {
        self.amount = self.amount.checked_add(amount).ok_or(Overflow)?;
        self.usages = self.usages.checked_add(cell.usages).ok_or(Overflow)?;
        self.lines = self.lines.saturating_add(cell.lines);
        Ok(())
    }
}

/// Income, with what is not known beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Income {
    /// The sums by what was asked for and currency.
    pub rows: BTreeMap<(String, Currency), Sum>,
    /// All of it, by currency.
    pub totals: BTreeMap<Currency, Sum>,
    /// What is matched to nothing, by currency: a part of it may belong here.
    pub unmatched: BTreeMap<Currency, Sum>,
    /// What of the totals is of recordings that other productions use as well, and is counted for
    /// each of them in full.
    pub shared: BTreeMap<Currency, Sum>,
}

/// A sum leaves the range of amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sum is too large to be counted")]
pub struct Overflow;

/// Adds up what cells brought us; `earned` gives each cell with that amount, in its currency.
///
/// # Errors
/// [`Overflow`].
pub fn income<'a>(
    catalog: &Catalog,
    whose: &Whose,
    by: IncomeBy,
    earned: impl IntoIterator<Item = (Cell<'a>, Atoms)>,
) -> Result<Income, Overflow> {
    let mut income = Income::default();
    for (cell, amount) in earned {
        let Some(currency) = cell.context.currency else { continue };
        if matches!(cell.target, Target::Unmatched { .. }) {
            income.unmatched.entry(currency).or_default().add(&cell, amount)?;
            if *whose != Whose::All {
                continue;
            }
        }
        if !whose.has(catalog, cell.target) {
            continue;
        }
        income.rows.entry((by.of(&cell), currency)).or_default().add(&cell, amount)?;
        income.totals.entry(currency).or_default().add(&cell, amount)?;
        if matches!(whose, Whose::Production(_)) && is_shared(catalog, cell.target) {
            income.shared.entry(currency).or_default().add(&cell, amount)?;
        }
    }
    Ok(income)
}

impl Whose {
    /// Whether what was used is asked for; what is matched to nothing never is, but for all.
    pub fn has(&self, catalog: &Catalog, target: &Target) -> bool {
        if *self == Self::All {
            return true;
        }
        match target {
            Target::Unmatched { .. } => false,
            Target::Recording(id) => {
                catalog.recordings.get(id).is_some_and(|it| self.has_recording(catalog, it))
            }
            Target::Product(id) => {
                catalog.products.get(id).is_some_and(|it| self.has_product(catalog, it))
            }
        }
    }

    fn has_recording(&self, catalog: &Catalog, recording: &Recording) -> bool {
        match self {
            Self::All => true,
            Self::Production(id) => recording.productions.iter().any(|it| it.production == *id),
            Self::Repertoire(id) => {
                catalog.repertoires.get(id).is_some_and(|it| it.contains(catalog, &recording.id))
            }
            Self::Artist(id) => {
                let names = catalog.parties.get(id).into_iter().flat_map(|it| it.names.values());
                let mut names = names.map(|it| artist_key(it));
                recording.contributors.iter().any(|it| it.party == *id)
                    || names
                        .any(|name| recording.artist_spellings().any(|it| artist_key(it) == name))
            }
        }
    }

    fn has_product(&self, catalog: &Catalog, product: &Product) -> bool {
        match self {
            Self::All => true,
            Self::Production(id) => product.production.as_ref() == Some(id),
            Self::Artist(id) => product.parties.contains(id),
            Self::Repertoire(id) => {
                let production =
                    product.production.as_ref().and_then(|it| catalog.productions.get(it));
                let repertoire = catalog.repertoires.get(id);
                repertoire.zip(production).is_some_and(|(it, production)| it.admits(production))
            }
        }
    }
}

impl IncomeBy {
    fn of(self, cell: &Cell<'_>) -> String {
        let context = cell.context;
        match self {
            Self::Head => Head::of(&context.use_type).to_string(),
            Self::Source => context.sender.clone(),
            Self::UseType => context.use_type.clone(),
            Self::Territory => context.territory.clone(),
            Self::Service => context.service.clone(),
            Self::Month => context.month.to_string(),
        }
    }
}

/// Whether several productions use a recording.
fn is_shared(catalog: &Catalog, target: &Target) -> bool {
    let Target::Recording(id) = target else { return false };
    let Some(recording) = catalog.recordings.get(id) else { return false };
    let mut links = recording.productions.iter().map(|it| &it.production);
    let first = links.next();
    links.any(|it| Some(it) != first)
}
