//! What moved beside what was earned, and what stands open.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
use ledger::{Account, TrialBalance};
use money::{Atoms, Currency};
use settlement::{MovementKey, Settlement, Step, payee_account};
use statement::{MovementNote, OpenNote};
use store::SentPayment;

/// What was paid since the last statements, as each payee sees it.
pub(super) fn paid_notes(paid: &[SentPayment]) -> BTreeMap<(Account, Currency), Vec<MovementNote>> {
    let mut notes: BTreeMap<(Account, Currency), Vec<MovementNote>> = BTreeMap::new();
    for SentPayment { batch, day, payment, returned } in paid {
        let key = (payment.account.clone(), payment.payout.gross.currency);
        let is_back = returned.is_some();
        let parts = payment.payout.parts().into_iter().map(|it| MovementNote {
            agreement: String::new(),
            // What came back is the payment with its sign turned, and so is the tax withheld of it.
            amount: match is_back {
                true => it.amount.checked_neg().unwrap_or_default(),
                false => it.amount,
            },
            kind: match (is_back, it.kind) {
                (true, "payment") => "returned".to_owned(),
                (_, kind) => kind.to_owned(),
            },
            origin: day.clone(),
            other: it.other.to_string(),
            reference: match (it.words.as_str(), returned) {
                ("", None) => batch.clone(),
                ("", Some(because)) => format!("{batch}: {because}"),
                (words, _) => format!("{batch}: {words}"),
            },
        });
        notes.entry(key).or_default().extend(parts);
    }
    notes
}

/// A movement as one of its accounts sees it: what it gets, and from whom.
type Moved<'a> = (&'a MovementKey, Atoms, &'a Account);

/// The movements of a settlement by account, and what they leave open.
pub(super) struct Movements<'a> {
    catalogue: &'a Catalog,
    book: &'a TrialBalance,
    /// What each account debits and credits, beside what it earned.
    by_account: BTreeMap<(&'a Account, Currency), Vec<Moved<'a>>>,
    /// Places in the book that are open for somebody.
    open: BTreeMap<(Account, Currency), BTreeSet<Account>>,
}

impl<'a> Movements<'a> {
    pub(super) fn new(
        catalogue: &'a Catalog,
        outcome: &'a Settlement,
        book: &'a TrialBalance,
    ) -> Self {
        let (by_account, open) = (BTreeMap::new(), BTreeMap::new());
        let mut it = Self { catalogue, book, by_account, open };
        for (key, amount) in &outcome.movements {
            let back = amount.checked_neg().unwrap_or_default();
            for (account, amount, other) in
                [(&key.from, back, &key.to), (&key.to, *amount, &key.from)]
            {
                let of = it.by_account.entry((account, key.currency)).or_default();
                of.push((key, amount, other));
                it.note_open(account, key.currency);
            }
        }
        for (account, currency, balance) in book.iter() {
            if balance.due().is_none_or(|it| !it.is_zero()) {
                it.note_open(account, currency);
            }
        }
        it
    }

    fn note_open(&mut self, account: &Account, currency: Currency) {
        if let Some(whose) = open_for(self.catalogue, account) {
            self.open.entry((whose, currency)).or_default().insert(account.clone());
        }
    }

    fn moved(&self, account: &Account, currency: Currency, paid: bool) -> Option<Atoms> {
        let of = self.by_account.get(&(account, currency)).map_or(&[][..], Vec::as_slice);
        let is_paid = |step| matches!(step, Step::Paid | Step::ReceivedAhead);
        let of = of.iter().filter(|it| is_paid(it.0.step) == paid);
        Atoms::checked_sum(of.map(|it| it.1))
    }

    /// The movements of an account.
    pub(super) fn of(&self, account: &Account, currency: Currency) -> Option<Vec<MovementNote>> {
        let found = self.by_account.get(&(account, currency));
        let note = |(key, amount, other): &Moved<'_>| MovementNote {
            agreement: key.agreement.as_ref().map_or_else(String::new, ToString::to_string),
            amount: *amount,
            kind: key.step.as_str().to_owned(),
            origin: key.origin.to_string(),
            other: other.to_string(),
            reference: key.reference.clone(),
        };
        Some(found.map_or_else(Vec::new, |it| it.iter().map(note).collect()))
    }

    /// What is open for an account, in the order of the places; what is owed to us stands as a debit.
    pub(super) fn open(&self, account: &Account, currency: Currency) -> Option<Vec<OpenNote>> {
        let Some(places) = self.open.get(&(account.clone(), currency)) else {
            return Some(Vec::new());
        };
        let note = |place: &Account| {
            let due = self.book.balance(place, currency).due()?;
            let moved = |paid| self.moved(place, currency, paid);
            let opening = due.checked_add(moved(true)?)?;
            let closing = opening.checked_add(moved(false)?)?;
            let [opening, closing] = match place {
                Account::Reserve { .. } | Account::AdvanceFrom(_) => [Some(opening), Some(closing)],
                _ => [opening.checked_neg(), closing.checked_neg()],
            };
            Some(OpenNote { account: place.to_string(), closing: closing?, opening: opening? })
        };
        places.iter().map(note).collect()
    }
}

/// For whom a place in the book is open, and stands in a statement.
pub(super) fn open_for(catalogue: &Catalog, account: &Account) -> Option<Account> {
    match account {
        Account::Advance { agreement, payee, .. } | Account::Guarantee { agreement, payee, .. } => {
            Some(payee_account(catalogue.agreements.get(agreement)?, payee))
        }
        Account::AdvanceFrom(_) => Some(Account::Retained),
        Account::Reserve { holder, .. } => Some(Account::clone(holder)),
        _ => None,
    }
}
