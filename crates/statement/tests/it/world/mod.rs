//! A world to check and to cheat in: an operator with a secret, a log and three witnesses, and a few
//! settlements in a row, all from one seed.
//!
//! Nothing here uses the sealer: [`trees`] builds seals from the specification alone, so that a
//! dishonest operator can be played, and so that the sealer has somebody to agree with.

mod book;
mod books;
mod deal;
pub(crate) mod trees;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::LazyLock;

use money::{Atoms, Currency, Ratio};
use sha2::{Digest as _, Sha256};
use statement::{BalanceNote, Seal, Statement, Trust};
use tlog::{CosignerKey, Policy, SigningKey};

pub(crate) use book::{Book, agreement_entry};
pub(crate) use deal::{Deal, Divided, DraftLine, PastCell, divide};
use trees::Leaves;

use crate::rng::Rng;

/// The log's name.
pub(crate) const ORIGIN: &str = "log.example/royalties";

/// When the first witness signs.
pub(crate) const TIME: u64 = 1_764_150_000;

pub(crate) fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, [9; 32].into()).unwrap()
}

pub(crate) fn witness(number: u8) -> CosignerKey {
    let name = format!("witness-{number}.example");
    CosignerKey::from_seed(&name, [20 + number; 32].into()).unwrap()
}

/// The log, and two of its three witnesses are enough.
pub(crate) static POLICY: LazyLock<String> = LazyLock::new(|| {
    let mut text = format!("log {}\n", log_key().verifier_key());
    for it in 1..=3 {
        text.push_str(&format!("witness w{it} {}\n", witness(it).witness_key()));
    }
    text.push_str("group enough 2 w1 w2 w3\nquorum enough\n");
    text
});

pub(crate) static TRUST: LazyLock<Trust> =
    LazyLock::new(|| Trust::Policy(Policy::parse(POLICY.as_str()).unwrap()));

/// The exit code of a receipt by the policy.
pub(crate) fn code(receipt: &[u8]) -> u8 {
    match statement::verify(receipt, &TRUST) {
        Ok(verdict) => verdict.exit_code(),
        Err(refusal) => refusal.exit_code(),
    }
}

pub(crate) fn atoms(text: &str) -> Atoms {
    Atoms::parse(text).unwrap()
}

pub(crate) fn ratio(num: u128, den: u128) -> Ratio {
    Ratio::new(num, den).unwrap()
}

pub(crate) fn plus(a: Atoms, b: Atoms) -> Atoms {
    a.checked_add(b).unwrap()
}

pub(crate) fn minus(a: Atoms, b: Atoms) -> Atoms {
    a.checked_sub(b).unwrap()
}

pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|it| hasher.update(it));
    hasher.finalize().into()
}

/// Something that is put into the log, and how it is asked for.
#[derive(Clone)]
pub(crate) struct Logged {
    /// `report R`, `attestation R`, `rates T` or `agreement A#VERSION`.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Which seal a seal names as the one before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// The last one in the currency.
    Last,
    Nothing,
    /// That of an earlier draft.
    Draft(usize),
    /// The seal itself.
    Itself,
    /// An entry of the log.
    Entry(u64),
}

type OnLeaves = Rc<dyn Fn(&mut Leaves)>;
type OnSeal = Rc<dyn Fn(&mut Seal)>;
type OnText = Rc<dyn Fn(Vec<u8>) -> Vec<u8>>;

/// A settlement in one currency before it is sealed.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) settlement: String,
    pub(crate) period: String,
    pub(crate) currency: Currency,
    /// What comes into the log before the seal, and after it.
    pub(crate) before: Vec<Logged>,
    pub(crate) after: Vec<Logged>,
    pub(crate) statements: Vec<Statement>,
    /// Accounts without a statement: opening and closing.
    pub(crate) bare: BTreeMap<String, [Atoms; 2]>,
    /// What the seal names, by names of entries.
    pub(crate) settles: Vec<String>,
    pub(crate) rates: Vec<String>,
    /// The versions of agreements that are opened.
    pub(crate) cites: BTreeSet<String>,
    pub(crate) previous: Before,
    /// What a dishonest operator does to leaves, seal and bytes.
    pub(crate) on_leaves: Vec<OnLeaves>,
    pub(crate) on_seal: Vec<OnSeal>,
    pub(crate) on_text: Vec<OnText>,
}

/// Everything.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) secret: [u8; 32],
    pub(crate) drafts: Vec<Draft>,
    /// The parts of each version of each agreement.
    pub(crate) agreements: BTreeMap<String, Vec<String>>,
    /// Every version of every agreement.
    pub(crate) deals: Vec<Vec<Deal>>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        books::world(&mut Rng::new(seed), 1)
    }

    /// A world whose reports have so many times as many lines.
    pub(crate) fn large(seed: u64, times: usize) -> Self {
        books::world(&mut Rng::new(seed), times)
    }

    pub(crate) fn publish(&self) -> Book {
        Book::of(self)
    }

    /// The drafts that no other one names as the one before.
    pub(crate) fn last_drafts(&self) -> Vec<usize> {
        let later = |at: usize| {
            self.drafts.iter().skip(at + 1).any(|it| it.currency == self.drafts[at].currency)
        };
        (0..self.drafts.len()).filter(|at| !later(*at)).collect()
    }

    /// The draft before in the same currency.
    pub(crate) fn draft_before(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|it| self.drafts[*it].currency == self.drafts[at].currency)
    }
}

impl Draft {
    pub(crate) fn statement(&self, account: &str) -> Option<&Statement> {
        self.statements.iter().find(|it| it.account == account)
    }

    pub(crate) fn statement_mut(&mut self, account: &str) -> &mut Statement {
        self.statements.iter_mut().find(|it| it.account == account).unwrap()
    }

    /// Makes the books cancel each other out again, by what the operator received.
    pub(crate) fn balance_books(&mut self) {
        let mut opening = Atoms::ZERO;
        let mut closing = Atoms::ZERO;
        for it in &self.statements {
            opening = plus(opening, it.balance.opening);
            closing = plus(closing, it.balance.closing);
        }
        for [before, now] in self.bare.values() {
            opening = plus(opening, *before);
            closing = plus(closing, *now);
        }
        let of = self.bare.entry("received".to_owned()).or_insert([Atoms::ZERO; 2]);
        of[0] = minus(of[0], opening);
        of[1] = minus(of[1], closing);
    }
}

/// Closes a statement's balance again, after lines, movements or the opening were changed.
pub(crate) fn close(statement: &mut Statement) {
    let earned = Atoms::checked_sum(statement.lines.iter().map(|it| it.amount)).unwrap();
    let moved = Atoms::checked_sum(statement.movements.iter().map(|it| it.amount)).unwrap();
    let BalanceNote { opening, minimum, .. } = statement.balance;
    statement.balance =
        BalanceNote::closed(opening, earned, moved, minimum, statement.currency).unwrap();
}
