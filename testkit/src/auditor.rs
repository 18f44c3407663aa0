//! A second, slow model of settlement, in rational numbers of any size.
//!
//! It is written from the order that the documentation of `catalog` gives, reads the types of the
//! catalogue and nothing else, and does no arithmetic of the crates it checks.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use catalog::{
    Agreement, Catalog, Condition, Licence, RoyaltyBase, Scope, Term, TermKind, Territories,
    Validity,
};
use ident::{AgreementId, ProductId, RecordingId, TermId};
use money::{Atoms, Currency, Ratio};
use num_bigint::BigInt;
use num_rational::BigRational;
use period::Date;
use usage::{Basis, Cell, CellKey, Target};

/// The part of a cell that one claim gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Account, in its text form: `payee:singer`.
    pub account: String,
    /// The term that promises it; empty for what is retained or waits.
    pub term: String,
    /// The exact share, in atoms.
    pub exact: BigRational,
    /// The whole atoms it gets.
    pub atoms: BigInt,
}

/// What becomes of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It brings no money to us, for one of the reasons `no-money`, `not-ours`, `no-licence`.
    Outside(&'static str),
    /// What it brings, in atoms, and who gets it, in the order that breaks ties.
    Divided(BigInt, Vec<Share>),
}

/// What the model says of a settlement; all numbers are atoms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// What becomes of each cell.
    pub cells: BTreeMap<CellKey, Verdict>,
    /// Sums by currency and category: `received`, `payees`, `fees`, `retained`, `suspense`.
    pub totals: BTreeMap<(Currency, &'static str), BigInt>,
    /// What is recouped of each advance that is in the book; zero if nothing is.
    pub recouped: BTreeMap<(AgreementId, TermId), BigInt>,
    /// Credits less debits of each account, all entries together.
    pub due: BTreeMap<(String, Currency), BigInt>,
}

/// Computes what a settlement has to decide; `end` is the first day after its period.
#[must_use]
pub fn audit(
    catalog: &Catalog,
    cells: &[Cell],
    end: Date,
    unrecouped: &BTreeMap<(AgreementId, TermId), Atoms>,
) -> Audit {
    let mut audit = Audit::default();
    let mut earned: BTreeMap<(String, String, Currency), BigInt> = BTreeMap::new();
    for cell in cells {
        let verdict = match received(catalog, cell) {
            Err(reason) => Verdict::Outside(reason),
            Ok(whole) => {
                let (agreement, fractions) = fractions(catalog, &cell.key);
                let shares = divide(&whole, fractions);
                if let Some(currency) = cell.key.currency {
                    audit.add(&cell.key.sender, currency, &whole, &shares);
                    for it in shares.iter().filter(|it| it.account.starts_with("payee:")) {
                        let key = (agreement.clone(), it.account.clone(), currency);
                        *earned.entry(key).or_default() += &it.atoms;
                    }
                }
                Verdict::Divided(whole, shares)
            }
        };
        audit.cells.insert(cell.key.clone(), verdict);
    }
    audit.recoup(catalog, end, unrecouped, earned);
    audit
}

impl Audit {
    fn add(&mut self, sender: &str, currency: Currency, whole: &BigInt, shares: &[Share]) {
        *self.totals.entry((currency, "received")).or_default() += whole;
        *self.due.entry((format!("received:{sender}"), currency)).or_default() -= whole;
        for it in shares {
            let category = match it.account.split(':').next() {
                Some("fee") => "fees",
                Some("payee") => "payees",
                Some("retained") => "retained",
                _ => "suspense",
            };
            *self.totals.entry((currency, category)).or_default() += &it.atoms;
            *self.due.entry((it.account.clone(), currency)).or_default() += &it.atoms;
        }
    }

    /// The older advance is recouped first, from what its payee earned under its agreement.
    fn recoup(
        &mut self,
        catalog: &Catalog,
        end: Date,
        unrecouped: &BTreeMap<(AgreementId, TermId), Atoms>,
        mut earned: BTreeMap<(String, String, Currency), BigInt>,
    ) {
        let nothing = BigInt::default();
        let advances = catalog.agreements.values().flat_map(|agreement| {
            let mut advances: Vec<_> = agreement.advances.iter().collect();
            advances.sort_by_key(|it| (it.paid, it.id.clone()));
            advances.into_iter().map(move |it| (&agreement.id, it))
        });
        for (agreement, advance) in advances.filter(|(_, it)| it.paid < end) {
            let key = (agreement.clone(), advance.id.clone());
            let currency = advance.amount.currency;
            let opening = unrecouped.get(&key).unwrap_or(&advance.amount.atoms).raw().into();
            let payee = format!("payee:{}", advance.payee);
            let left = earned.entry((agreement.to_string(), payee.clone(), currency)).or_default();
            let taken = std::cmp::min(&opening, left).max(&nothing).clone();
            *left -= &taken;
            let account = format!("advance:{agreement}/{}/{}", advance.id, advance.payee);
            if !unrecouped.contains_key(&key) {
                *self.due.entry((account.clone(), currency)).or_default() -= &opening;
                *self.due.entry(("cash".to_owned(), currency)).or_default() += &opening;
            }
            *self.due.entry((payee, currency)).or_default() -= &taken;
            *self.due.entry((account, currency)).or_default() += &taken;
            self.recouped.insert(key, taken);
        }
    }
}

/// What a cell brings to us, in atoms, or why it brings nothing.
fn received(catalog: &Catalog, cell: &Cell) -> Result<BigInt, &'static str> {
    let key = &cell.key;
    let amount = BigInt::from(cell.amount.raw());
    match key.basis {
        Basis::NoMoney => Err("no-money"),
        Basis::Received => Ok(amount),
        Basis::ServiceNet => {
            if fractions(catalog, key).0.is_empty() {
                return Err("not-ours");
            }
            let day = key.month.first_day();
            let covers = |it: &&Licence| {
                it.payer == key.sender
                    && it.rights_type.as_str() == right(catalog, key)
                    && holds(&it.condition, key, day)
            };
            let licence = catalog.licences.values().filter(covers);
            let first = licence.min_by_key(|it| (Reverse(it.condition.period.from), it.id.clone()));
            let rate = rational(first.ok_or("no-licence")?.rate);
            Ok(half_even(&(rate * BigRational::from_integer(amount))))
        }
    }
}

/// The pipe that money goes through: a product has one of its own where the report names none.
fn right<'a>(catalog: &'a Catalog, key: &CellKey) -> &'a str {
    match (&key.target, key.rights_type) {
        (Target::Product(id), usage::RightsType::Unspecified) => {
            catalog.products.get(id).map_or("", |it| it.rights_type.as_str())
        }
        (_, stated) => stated.as_str(),
    }
}

/// Rounds to a whole number, a half to the even one.
fn half_even(exact: &BigRational) -> BigInt {
    let two = BigInt::from(2);
    let floor = exact.floor().to_integer();
    let up = &floor + BigInt::from(1);
    let twice = (exact - BigRational::from_integer(floor.clone())) * BigRational::from_integer(two);
    match twice.cmp(&BigRational::from_integer(1.into())) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => up,
        std::cmp::Ordering::Equal if floor.bit(0) => up,
        std::cmp::Ordering::Equal => floor,
    }
}

/// Account, term and fraction of the whole.
type Fraction = (String, String, BigRational);

/// Who gets which fraction of a cell, and the agreement that says so.
fn fractions(catalog: &Catalog, key: &CellKey) -> (String, Vec<Fraction>) {
    let one = || BigRational::from_integer(1.into());
    let waits = |reason: &str| vec![(format!("suspense:{reason}"), String::new(), one())];
    let speaking = match &key.target {
        Target::Unmatched { .. } => return (String::new(), waits("unmatched")),
        Target::Recording(recording) => speaking(catalog, key, recording),
        Target::Product(product) => speaking_of_product(catalog, key, product),
    };
    let Some(agreement) = speaking else {
        return (String::new(), waits("no-agreement"));
    };
    let (nothing, mut left) = (BigRational::from_integer(0.into()), one());
    let mut all = Vec::new();
    for step in 1..=3 {
        let before = left.clone();
        for it in counting(agreement, key) {
            let (account, base) = match (step, it.kind) {
                (1, TermKind::Fee) => ("fee", one()),
                (2, TermKind::RoyaltyRate { base: RoyaltyBase::Gross }) => ("payee", one()),
                (2, TermKind::RoyaltyRate { base: RoyaltyBase::NetOfFees })
                | (3, TermKind::ProfitShare) => ("payee", before.clone()),
                _ => continue,
            };
            let fraction = rational(it.rate) * base;
            left -= &fraction;
            all.push((format!("{account}:{}", it.payee), it.id.to_string(), fraction));
        }
        if left < nothing {
            return (agreement.id.to_string(), waits("over-claimed"));
        }
    }
    all.push(("retained".to_owned(), String::new(), left));
    all.retain(|(_, _, fraction)| *fraction != nothing);
    (agreement.id.to_string(), all)
}

/// The one agreement that speaks: narrowest scope, then later beginning, then smaller id.
fn speaking<'a>(
    catalog: &'a Catalog,
    key: &CellKey,
    recording: &RecordingId,
) -> Option<&'a Agreement> {
    let day = key.month.first_day();
    let ranked = catalog.agreements.values().filter_map(|it| {
        let speaks =
            it.rights_type.as_str() == key.rights_type.as_str() && is_within(&it.period, day);
        let width = width(catalog, &it.scope, recording).filter(|_| speaks)?;
        Some(((width, Reverse(it.period.from), it.id.as_str()), it))
    });
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, it)| it)
}

/// The same for a product, where only terms that name the use type speak.
fn speaking_of_product<'a>(
    catalog: &'a Catalog,
    key: &CellKey,
    id: &ProductId,
) -> Option<&'a Agreement> {
    let product = catalog.products.get(id)?;
    let right = right(catalog, key);
    let ranked = catalog.agreements.values().filter_map(|it| {
        let width = match &it.scope {
            Scope::Products(ids) if ids.contains(id) => 0,
            Scope::Productions(ids)
                if ids.iter().any(|it| Some(it) == product.production.as_ref()) =>
            {
                2
            }
            _ => return None,
        };
        let names = it.terms.iter().any(|term| term.condition.use_types.contains(&key.use_type));
        let speaks = it.rights_type.as_str() == right && names;
        let speaks = speaks && is_within(&it.period, key.month.first_day());
        speaks.then_some(((width, Reverse(it.period.from), it.id.as_str()), it))
    });
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, it)| it)
}

/// How wide a scope is, if the recording is in it.
fn width(catalog: &Catalog, scope: &Scope, id: &RecordingId) -> Option<u8> {
    let recording = catalog.recordings.get(id);
    let (is_in, width) = match scope {
        Scope::Recordings(ids) => (ids.contains(id), 0),
        Scope::Releases(ids) => {
            let mut releases = catalog.releases.values().filter(|it| ids.contains(&it.id));
            (releases.any(|it| it.recordings.contains(id)), 1)
        }
        Scope::Products(_) => (false, 0),
        Scope::Productions(ids) => {
            let mut links = recording.iter().flat_map(|it| &it.productions);
            (links.any(|link| ids.contains(&link.production)), 2)
        }
        Scope::Works(ids) => {
            (recording.iter().flat_map(|it| &it.works).any(|work| ids.contains(work)), 3)
        }
        Scope::All => (recording.is_some(), 4),
    };
    is_in.then_some(width)
}

/// For each kind and payee the first term in file order that holds.
fn counting<'a>(agreement: &'a Agreement, key: &CellKey) -> Vec<&'a Term> {
    let mut counting: Vec<&Term> = Vec::new();
    for term in &agreement.terms {
        let kind = std::mem::discriminant(&term.kind);
        let is_taken = counting
            .iter()
            .any(|it| it.payee == term.payee && std::mem::discriminant(&it.kind) == kind);
        // A term without use types is about music.
        let is_music = !matches!(key.target, Target::Product(_));
        let speaks = is_music || !term.condition.use_types.is_empty();
        if !is_taken && speaks && holds(&term.condition, key, key.month.first_day()) {
            counting.push(term);
        }
    }
    counting
}

fn holds(condition: &Condition, key: &CellKey, day: Date) -> bool {
    let is_there = match &condition.territories {
        Territories::All => true,
        Territories::Only(these) => these.iter().any(|it| *it == key.territory),
        Territories::AllExcept(these) => these.iter().all(|it| *it != key.territory),
    };
    let is_one = |words: &BTreeSet<String>, word: &String| {
        words.is_empty() || words.iter().any(|it| it == word)
    };
    is_there
        && is_one(&condition.use_types, &key.use_type)
        && is_one(&condition.commercial_models, &key.commercial_model)
        && is_within(&condition.period, day)
}

fn is_within(validity: &Validity, day: Date) -> bool {
    validity.from.is_none_or(|from| day >= from)
        && validity.before.is_none_or(|before| day < before)
}

/// The same fraction, in numbers of any size.
pub(crate) fn rational(ratio: Ratio) -> BigRational {
    BigRational::new(ratio.num().into(), ratio.den().into())
}

/// Whole atoms for each fraction: towards zero first, then one more for the largest remainders.
fn divide(whole: &BigInt, fractions: Vec<Fraction>) -> Vec<Share> {
    let exact = |fraction: &BigRational| fraction * BigRational::from_integer(whole.clone());
    let share = |(account, term, fraction): Fraction| {
        let exact = exact(&fraction);
        Share { account, term, atoms: exact.trunc().to_integer(), exact }
    };
    let mut shares: Vec<Share> = fractions.into_iter().map(share).collect();
    let mut left = whole - shares.iter().map(|it| &it.atoms).sum::<BigInt>();
    let nothing = BigInt::default();
    let step = BigInt::from(if left < nothing { -1 } else { 1 });
    while left != nothing {
        // The earliest of those that are furthest from their exact share, on the whole's side.
        let lack = |it: &Share| (&it.exact - BigRational::from_integer(it.atoms.clone())) * &step;
        let mut most = 0;
        for at in 1..shares.len() {
            if lack(&shares[at]) > lack(&shares[most]) {
                most = at;
            }
        }
        shares[most].atoms += &step;
        left -= &step;
    }
    shares
}
