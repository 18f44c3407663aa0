//! A second, slow model of settlement, in rational numbers of any size.
//!
//! It says what every account has to hold, given all that is known: as if everything had been known
//! in time and settled right at once. It is written from the order that the documentation gives,
//! reads the types of the catalogue and nothing else, and does no arithmetic of the crates it checks.
//! It does not know what was settled before, so it is the same for the first settlement of a story
//! and for the last one.

mod ahead;
mod divide;
mod exchange;
mod fold;
mod ladder;
mod members;
mod number;
mod speak;

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Agreement, Base, Catalog, RightsType, Term, TermKind};
use ident::AgreementId;
use money::Currency;
use num_bigint::BigInt;
use num_rational::BigRational;
use period::{Month, Period};
use settlement::Rulings;
use usage::{CellKey, Target};

use crate::Cell;

use divide::Of;
use ladder::Counted;
pub(crate) use number::rational;

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

/// A cell, or what ladders cut out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The agreement that speaks about it, if it does not wait.
    pub agreement: Option<AgreementId>,
    /// Usages, in atoms.
    pub usages: BigInt,
    /// What it brings, in atoms of the report's currency.
    pub received: BigInt,
    /// The currency that it is divided in, if that is another one.
    pub exchanged_to: Option<Currency>,
    /// What is divided, in atoms of that currency.
    pub divided: BigInt,
    /// The published price of all units, in atoms of that currency; zero if no term asks for it.
    pub published: BigInt,
    /// Who gets it, in the order that breaks ties.
    pub shares: Vec<Share>,
}

/// What becomes of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Why it brings no money to us for some right: `no-money`, `not-ours`, `no-licence`, `paid-by PIPE`.
    pub outside: BTreeSet<String>,
    /// Its pieces by right, from the lowest steps of ladders to the highest.
    pub pieces: Vec<Piece>,
}

/// What the model says of everything that is known; all numbers are atoms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// What becomes of each cell.
    pub cells: BTreeMap<CellKey, Verdict>,
    /// Sums by currency and category: `received`, `exchanged`, `payees`, `fees`, `retained`, `suspense`.
    pub totals: BTreeMap<(Currency, &'static str), BigInt>,
    /// Credits less debits of each account, all entries together.
    pub due: BTreeMap<(String, Currency), BigInt>,
}

/// What an account earned by a term, for usage of one period of origin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SumKey {
    agreement: AgreementId,
    currency: Currency,
    /// The period of origin, by its number.
    origin: usize,
    /// Empty for what is retained.
    term: String,
    account: String,
    use_type: String,
}

/// All of it, and the part from cells that did not come back.
#[derive(Clone, Debug, Default)]
struct Sum {
    amount: BigInt,
    sales: BigInt,
}

type Sums = BTreeMap<SumKey, Sum>;

/// Money that goes from one account to another for usage of one period of origin.
struct Move {
    origin: usize,
    currency: Currency,
    from: String,
    to: String,
    amount: BigInt,
}

/// Computes what every account has to hold after these cells, by this catalogue and what was decided
/// beside it; `origins` are the periods that were settled, in the order of their ends.
#[must_use]
pub fn audit(catalog: &Catalog, rulings: &Rulings, origins: &[Period], cells: &[Cell]) -> Audit {
    let mut audit = Audit::default();
    let mut sums = Sums::new();
    let mut brought = ahead::Brought::new();
    let counted = ladder::count(catalog, origins, cells);
    for cell in cells {
        let verdict = verdict(catalog, rulings, origins, &counted, cell);
        if let Some(currency) = cell.key.context.currency {
            for piece in &verdict.pieces {
                let sender = &cell.key.context.sender;
                audit.add(sender, currency, piece);
                let origin = origin(origins, cell.key.context.month);
                *brought.entry((sender.clone(), currency, origin)).or_default() += &piece.received;
                let currency = piece.exchanged_to.unwrap_or(currency);
                for share in &piece.shares {
                    let waits = share.account.starts_with("suspense:");
                    let agreement = piece.agreement.clone().filter(|_| !waits);
                    let Some(agreement) = agreement else { continue };
                    let sum = sums.entry(SumKey {
                        agreement,
                        currency,
                        origin,
                        term: share.term.clone(),
                        account: share.account.clone(),
                        use_type: cell.key.context.use_type.clone(),
                    });
                    let sum = sum.or_default();
                    sum.amount += &share.atoms;
                    let nothing = BigInt::default();
                    let gives_away = piece.received == nothing && piece.published > nothing;
                    if piece.received > nothing || gives_away {
                        sum.sales += &share.atoms;
                    }
                }
            }
        }
        audit.cells.insert(cell.key.clone(), verdict);
    }
    // What was given and taken back leaves no trace.
    sums.retain(|_, it| it.amount != BigInt::default() || it.sales != BigInt::default());
    let mut moves = fold::moves(catalog, origins, &sums);
    members::add(catalog, origins, &sums, &mut moves);
    ahead::add(catalog, origins, &brought, &mut moves);
    for it in moves {
        *audit.due.entry((it.from, it.currency)).or_default() -= &it.amount;
        *audit.due.entry((it.to, it.currency)).or_default() += &it.amount;
    }
    audit
}

impl Audit {
    fn add(&mut self, sender: &str, currency: Currency, piece: &Piece) {
        *self.totals.entry((currency, "received")).or_default() += &piece.received;
        *self.due.entry((format!("received:{sender}"), currency)).or_default() -= &piece.received;
        let mut currency = currency;
        if let Some(other) = piece.exchanged_to {
            let place = |currency| ("exchange".to_owned(), currency);
            *self.totals.entry((currency, "exchanged")).or_default() -= &piece.received;
            *self.due.entry(place(currency)).or_default() += &piece.received;
            *self.totals.entry((other, "exchanged")).or_default() += &piece.divided;
            *self.due.entry(place(other)).or_default() -= &piece.divided;
            currency = other;
        }
        for it in &piece.shares {
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
}

/// Usage of a month would have been settled with the first period that ends after its first day.
fn origin(origins: &[Period], month: Month) -> usize {
    let known = origins.iter().position(|it| month.first_day() < it.end());
    known.unwrap_or(origins.len().saturating_sub(1))
}

/// What becomes of a cell, right by right.
fn verdict(
    catalog: &Catalog,
    rulings: &Rulings,
    origins: &[Period],
    counted: &Counted,
    cell: &Cell,
) -> Verdict {
    let (key, amount) = (&cell.key, BigInt::from(cell.amount.raw()));
    let rights = speak::rights(catalog, key);
    let mut verdict = Verdict::default();
    let mut claimed = number::whole(0);
    for right in &rights {
        let received = speak::received(catalog, key, *right, &amount);
        let licence = right.and_then(|it| speak::licence(catalog, key, it));
        let is_owed = received.as_ref().map_or_else(|why| why.starts_with("paid-by"), |_| true);
        claimed +=
            licence.filter(|_| is_owed).map_or_else(|| number::whole(0), |it| rational(it.rate));
        verdict.outside.extend(received.err());
    }
    let is_over = rights.len() > 1 && claimed > number::whole(1);
    for right in rights {
        verdict.pieces.extend(pieces(catalog, rulings, origins, counted, (cell, right), is_over));
    }
    // What is no right's is so once; where it is some right's, the others do not matter.
    if !verdict.pieces.is_empty() || verdict.outside.len() > 1 {
        verdict.outside.remove("not-ours");
    }
    verdict
}

/// How what a cell brings for a right is divided.
fn pieces(
    catalog: &Catalog,
    rulings: &Rulings,
    origins: &[Period],
    counted: &Counted,
    (cell, right): (&Cell, Option<RightsType>),
    is_over: bool,
) -> Vec<Piece> {
    let key = &cell.key;
    if speak::received(catalog, key, right, &BigInt::default()).is_err() {
        return Vec::new();
    }
    let mut waits = match is_over {
        true => Some("over-claimed"),
        false => waiting(catalog, rulings, cell, right),
    };
    let mut agreement = speak::speaking(catalog, key, right).filter(|_| waits.is_none());
    let exchange = agreement.map(|it| exchange::exchange(catalog, origins, it, key));
    let exchange = exchange.unwrap_or(Ok(None)).unwrap_or_else(|()| {
        (waits, agreement) = (Some("no-rate"), None);
        None
    });
    let counting = agreement.map_or(Vec::new(), |it| ladder::counting(catalog, it, cell));
    let is_priced = counting.iter().any(|it| matches!(it.base, Base::Price | Base::PriceNet));
    let price = speak::price(catalog, key).filter(|_| is_priced);
    let id = agreement.map(|it| it.id.clone());
    let exchanged_to = exchange.as_ref().map(|it| it.currency);
    let exchanged =
        |amount: BigInt| exchange.as_ref().map_or_else(|| amount.clone(), |it| it.of(&amount));
    // Without a price all of it waits, in one piece.
    let (waits, dividing) = match is_priced && price.is_none() {
        true => (Some("no-price"), None),
        false => (waits, agreement),
    };
    let cuts = ladder::cut(catalog, counted, cell, dividing);
    let piece = |cut: ladder::Cut<'_>| {
        let received = speak::received(catalog, key, right, &cut.reported).unwrap_or_default();
        let divided = exchanged(received.clone());
        let units = number::whole(cut.usages.clone()) / number::whole(UNIT);
        let published = price.as_ref().map(|it| number::half_even(&(units * it)));
        let published = exchanged(published.unwrap_or_default());
        let shares = match (waits, dividing) {
            (None, Some(it)) => by_terms(catalog, it, (key, &cut.terms), &divided, &published),
            (reason, _) => {
                share(&divide::waits(reason.unwrap_or("no-agreement")), &divided, &published)
            }
        };
        let (agreement, usages) = (id.clone(), cut.usages);
        Piece { agreement, usages, received, exchanged_to, divided, published, shares }
    };
    cuts.into_iter().map(piece).collect()
}

/// Who gets how much by these terms; profit is shared only where royalties on the price leave some.
fn by_terms(
    catalog: &Catalog,
    agreement: &Agreement,
    (key, terms): (&CellKey, &[(&Term, BigRational)]),
    divided: &BigInt,
    published: &BigInt,
) -> Vec<Share> {
    let (profit, all) = divide::fractions(catalog, agreement, key, terms);
    let shares = share(&all, divided, published);
    if !leaves_nothing(&profit, &all, &shares, divided) {
        return shares;
    }
    let no_share = |it: &&(&Term, BigRational)| it.0.kind != TermKind::ProfitShare;
    let terms: Vec<_> = terms.iter().filter(no_share).cloned().collect();
    let (_, all) = divide::fractions(catalog, agreement, key, &terms);
    share(&all, divided, published)
}

/// Atoms in a unit.
const UNIT: i64 = 1_000_000_000_000_000_000;

/// Whether royalties on the price take more than is left to be shared.
fn leaves_nothing(
    profit: &BigRational,
    all: &[divide::Fraction],
    shares: &[Share],
    received: &BigInt,
) -> bool {
    let nothing = BigInt::default();
    let left = (number::whole(received.clone()) * profit).trunc().to_integer();
    let of_price = all.iter().zip(shares).filter(|it| it.0.of == Of::Price);
    let paid: BigInt = of_price.map(|it| &it.1.atoms).sum();
    let more = || {
        let side = |it: &BigInt| *it < nothing;
        left == nothing || (side(&paid) == side(&left) && paid.magnitude() > left.magnitude())
    };
    paid != nothing && more()
}

/// Who gets how much: of what was received, of the price, and what is borne of that.
fn share(all: &[divide::Fraction], received: &BigInt, published: &BigInt) -> Vec<Share> {
    let exact = |it: &divide::Fraction| match it.of {
        Of::Received => &it.part * number::whole(received.clone()),
        Of::Price => &it.part * number::whole(published.clone()),
        Of::Borne => -(&it.part * number::whole(published.clone())),
    };
    let of = |of: Of| all.iter().filter(move |it| it.of == of);
    let of_received = number::largest_remainder(received, of(Of::Received).map(|it| &it.part));
    // What of the price is nobody's takes part in the rounding.
    let paid = of(Of::Price).fold(number::whole(0), |sum, it| sum + &it.part);
    let rest = number::whole(1) - paid;
    let mut of_price =
        number::largest_remainder(published, of(Of::Price).map(|it| &it.part).chain([&rest]));
    of_price.pop();
    let sum: BigInt = of_price.iter().sum();
    let borne = number::rounded_to(&-sum, of(Of::Borne).map(exact).collect());
    let (mut of_received, mut of_price) = (of_received.into_iter(), of_price.into_iter());
    let mut borne = borne.into_iter();
    let atoms = |it: &divide::Fraction| match it.of {
        Of::Received => of_received.next(),
        Of::Price => of_price.next(),
        Of::Borne => borne.next(),
    };
    let atoms: Vec<BigInt> = all.iter().map(atoms).map(Option::unwrap_or_default).collect();
    let share = |(it, atoms): (&divide::Fraction, BigInt)| Share {
        account: it.account.clone(),
        term: it.term.clone(),
        exact: exact(it),
        atoms,
    };
    all.iter().zip(atoms).map(share).collect()
}

/// Why the money of a cell waits, before any term is looked at.
fn waiting(
    catalog: &Catalog,
    rulings: &Rulings,
    cell: &Cell,
    right: Option<RightsType>,
) -> Option<&'static str> {
    let key = &cell.key;
    let is_its = |it: &&(String, Target)| (&it.0, &it.1) == (&key.context.report, &key.target);
    if rulings.disputed.iter().any(|it| is_its(&it)) {
        return Some("disputed");
    }
    if speak::pipe(catalog, key, right).is_some() {
        return Some("paid-elsewhere");
    }
    if let Target::Unmatched { .. } = key.target {
        let has_lapsed = rulings.lapsed_before.is_some_and(|month| key.context.month < month);
        return Some(if has_lapsed { "lapsed" } else { "unmatched" });
    }
    speak::speaking(catalog, key, right).is_none().then_some("no-agreement")
}
