//! Paying: batches that are proposed, and then sent or cancelled, each balance once; and payments that
//! the bank sends back.

mod pain;
mod table;

use std::collections::BTreeMap;

use catalog::{Bank, BankAccount, Catalog, Party};
use ident::{Bic, ChainAddress, Iban};
use ledger::{Account, EntryError};
use money::{Amount, Atoms, Currency};
use period::Date;
use settlement::{Paying, Unpayable, payout};
use sha2::{Digest, Sha256};
use statement::{Entry, committed, payable};
use store::{
    Act, BatchRow, BatchState, Destination, EpochState, PaymentRow, ReturnRow, StoreError, Way,
};

use crate::Home;
use crate::home::{PayingBank, hex, party_name};
use crate::log::about;

/// What is asked to be paid.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The day of payment: tax, papers and bills of that day count.
    pub day: Date,
    /// Whether fees are paid, too: not those that their party kept back itself.
    pub fees: bool,
    /// Who proposes it; the operator, if it is empty.
    pub who: &'a str,
}

/// A proposed batch, and what is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The batch; none if there is nothing to pay.
    pub batch: Option<Batch>,
    /// What is due, and not paid with it.
    pub held: Vec<Held>,
}

/// A batch with its payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The batch.
    pub row: BatchRow,
    /// Its payments, by account and currency.
    pub payments: Vec<PaymentRow>,
    /// Which of them came back.
    pub returns: Vec<ReturnRow>,
    /// Who proposed it, sent or cancelled it, or noted that a payment came back.
    pub acts: Vec<Act>,
}

/// A balance that is due, and not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The account.
    pub account: Account,
    /// The account holder's name.
    pub name: String,
    /// What is due.
    pub due: Amount,
    /// Why it is not paid.
    pub because: Reason,
}

/// Why what is due is not paid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// It is less than what was agreed to be paid out.
    #[error("it is below the minimum of {minimum}, and is carried")]
    Minimum {
        /// What was agreed.
        minimum: Atoms,
    },
    /// Nobody knows where to send it.
    #[error("the catalogue has no bank account of it (`bank` in parties.toml)")]
    NoBank,
    /// The party is paid on the chain.
    #[error("it is paid on the chain, as the party asked (`wallet`): leitmotif payout plan")]
    OnChain,
    /// Its address is one that nobody can pay from.
    #[error("its `wallet` is the payout contract or the token itself; correct parties.toml")]
    NoWallet,
    /// It waits in another batch.
    #[error("it waits in batch {batch}: mark that as sent, or cancel it")]
    Waits {
        /// The batch.
        batch: String,
    },
    /// Tax stands in the way.
    #[error(transparent)]
    Tax(Unpayable),
}

/// A form of a batch that banks read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// ISO 20022 pain.001.001.09.
    Pain,
    /// A table, with what was withheld.
    Csv,
}

/// Why something about payments cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PayError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing was ever settled.
    #[error("nothing is settled yet, so nothing is due; see `leitmotif settle`")]
    NothingSettled,
    /// There is no such batch.
    #[error("there is no batch {id}; `leitmotif pay list` lists them")]
    Unknown {
        /// What was named.
        id: String,
    },
    /// The batch is closed already.
    #[error("batch {id} was {state} by {who} on {at}; nothing was changed")]
    Closed {
        /// The batch.
        id: String,
        /// `sent` or `cancelled`.
        state: &'static str,
        /// Who did that.
        who: String,
        /// When.
        at: String,
    },
    /// The batch goes by the chain.
    #[error("batch {id} is paid on the chain: {instead}")]
    Chain {
        /// The batch.
        id: String,
        /// What to do in place of it.
        instead: &'static str,
    },
    /// No payment of a batch that was not sent can come back.
    #[error("batch {id} is {state}: only a payment of a batch that was sent can come back")]
    NotSent {
        /// The batch.
        id: String,
        /// `proposed` or `cancelled`.
        state: &'static str,
    },
    /// The payment is known to have come back.
    #[error(
        "that payment to {account} came back already, as {who} noted on {at}; nothing was changed"
    )]
    Back {
        /// The account.
        account: String,
        /// Who noted it.
        who: String,
        /// When.
        at: String,
    },
    /// Not exactly one payment is meant.
    #[error(
        "batch {id} has {} to {payee}; `leitmotif pay show {id}` lists the accounts, and --currency \
         picks one of several",
        if *several { "several payments" } else { "no payment" }
    )]
    NotOne {
        /// The batch.
        id: String,
        /// Who was named.
        payee: String,
        /// Whether there are several.
        several: bool,
    },
    /// A balance became less since the batch was proposed.
    #[error(
        "{due} is due to {account} by now, and batch {id} pays {gross}: something was settled since. \
         Cancel the batch and propose another one"
    )]
    LessDue {
        /// The batch.
        id: String,
        /// The account.
        account: String,
        /// What the batch pays.
        gross: Amount,
        /// What is due.
        due: Atoms,
    },
    /// The bank account that is paid from is not configured, or not well.
    #[error(
        "leitmotif.toml names no [[bank]] that {currency} is paid from, with iban, or account and \
         bank_code{reason}"
    )]
    NoPayingBank {
        /// The currency.
        currency: Currency,
        /// What is wrong with the one that is there.
        reason: String,
    },
    /// A payment is not as it was proposed.
    #[error("batch {id} is not as it was proposed; restore the database from a backup")]
    Changed {
        /// The batch.
        id: String,
    },
    /// An entry does not balance.
    #[error("an entry cannot be made")]
    Entry(#[from] EntryError),
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    Overflow,
}

/// Proposes to pay all that is due to banks: one batch, of each account and currency the whole balance that can
/// be paid. What waits in a proposed batch, or was paid, is in no other one.
///
/// # Errors
/// [`PayError`]; nothing is proposed then.
pub fn propose(home: &mut Home, order: &Order<'_>, now: &str) -> Result<Proposal, PayError> {
    let Draft { batch, held } = draft(home, order, Way::Bank, now)?;
    let Some((row, payments, act)) = batch else { return Ok(Proposal { batch: None, held }) };
    home.store.propose_batch(&row, &payments, &act)?;
    let batch = Batch { row, payments, returns: Vec::new(), acts: vec![act] };
    Ok(Proposal { batch: Some(batch), held })
}

/// A batch that is not proposed yet, and what is not in it.
pub(crate) struct Draft {
    /// The batch, its payments, and who proposes it; none if there is nothing to pay.
    pub(crate) batch: Option<(BatchRow, Vec<PaymentRow>, Act)>,
    /// What is due, and not paid with it.
    pub(crate) held: Vec<Held>,
}

/// Works out a batch of all that is due and goes one way.
pub(crate) fn draft(
    home: &Home,
    order: &Order<'_>,
    way: Way,
    now: &str,
) -> Result<Draft, PayError> {
    let settled = home.store.settlements()?;
    let last = settled.last().ok_or(PayError::NothingSettled)?.id.clone();
    let catalogue = home.store.catalogue()?;
    let book = home.store.trial_balance()?;
    let (mut payments, mut held) = (Vec::new(), Vec::new());
    for (account, currency, balance) in book.iter() {
        let is_paid = match account {
            Account::Payee(_) | Account::PayeeIn(..) => true,
            Account::Fee(_) => order.fees,
            _ => false,
        };
        let due = balance.due().ok_or(PayError::Overflow)?;
        if !is_paid || payable(due, currency, Atoms::ZERO).0.is_zero() {
            continue;
        }
        // A batch for the chain is silent about what goes to banks.
        if way == Way::Chain && way_of(home, &catalogue, account, currency) == Way::Bank {
            continue;
        }
        let due = Amount { atoms: due, currency };
        match payment(home, &catalogue, account, due, (order.day, way))? {
            Ok(payment) => payments.push(payment),
            Err(because) => held.push(Held {
                account: account.clone(),
                name: name_of(&catalogue, account),
                due,
                because,
            }),
        }
    }
    if payments.is_empty() {
        return Ok(Draft { batch: None, held });
    }
    let day = order.day.to_string();
    let of_day = home.store.batches()?.iter().filter(|it| it.day == day).count();
    let id = format!("{day}-{}", of_day.saturating_add(1));
    let row = BatchRow {
        sha256: hex(&Sha256::digest(table::csv(&id, &day, &payments))),
        id,
        day,
        settlement: last,
        at: now.to_owned(),
        state: BatchState::Proposed,
        way,
    };
    let act = act(home, &row, "proposed", order.who, now);
    Ok(Draft { batch: Some((row, payments, act)), held })
}

/// By which way an account is paid: on the chain, if its party asked for that and the currency is the
/// one that the settings pay there.
fn way_of(home: &Home, catalogue: &Catalog, account: &Account, currency: Currency) -> Way {
    let on_chain = home.config.payout.as_ref().is_some_and(|it| it.currency == currency.as_str());
    let party = party_of(catalogue, account);
    match on_chain && party.is_some_and(|it| it.payment.wallet.is_some()) {
        true => Way::Chain,
        false => Way::Bank,
    }
}

fn party_of<'c>(catalogue: &'c Catalog, account: &Account) -> Option<&'c Party> {
    let (Account::Payee(id) | Account::PayeeIn(_, id) | Account::Fee(id)) = account else {
        return None;
    };
    catalogue.parties.get(id)
}

/// What is paid to an account, or why nothing is.
fn payment(
    home: &Home,
    catalogue: &Catalog,
    account: &Account,
    due: Amount,
    (day, way): (Date, Way),
) -> Result<Result<PaymentRow, Reason>, PayError> {
    if let Some(batch) = home.store.waiting_in(account, due.currency)? {
        return Ok(Err(Reason::Waits { batch }));
    }
    // A party that is gone from the catalogue has no bank account in it.
    let Some(party) = party_of(catalogue, account) else { return Ok(Err(Reason::NoBank)) };
    if way_of(home, catalogue, account, due.currency) != way {
        return Ok(Err(Reason::OnChain));
    }
    // The minimum is agreed for what is due as a payee, as its statement says.
    let minimum = account.payee().map_or(Atoms::ZERO, |_| party.payment.minimum(due.currency));
    let gross = payable(due.atoms, due.currency, minimum).0;
    if gross.is_zero() {
        return Ok(Err(Reason::Minimum { minimum }));
    }
    let to = match (way, &party.payment) {
        (Way::Bank, it) => it.bank.clone().map(Destination::Bank).ok_or(Reason::NoBank),
        (Way::Chain, it) => {
            let is_ours = |address: &ChainAddress| {
                let address = address.to_string();
                let payout = home.config.payout.as_ref();
                payout.is_some_and(|it| it.contract == address || it.token == address)
            };
            let wallet = it.wallet.filter(|it| !is_ours(it));
            wallet.map(Destination::Wallet).ok_or(Reason::NoWallet)
        }
    };
    let gross = Amount { atoms: gross, ..due };
    let paying = Paying::of(account, gross, day);
    let paid = payout(&catalogue.withholdings, party, paying).map_err(Reason::Tax);
    Ok(to.and_then(|to| {
        let name = name_of(catalogue, account);
        paid.map(|payout| PaymentRow { account: account.clone(), name, to, payout })
    }))
}

/// Returns all batches, the oldest first.
///
/// # Errors
/// [`PayError`].
pub fn batches(home: &Home) -> Result<Vec<Batch>, PayError> {
    let rows = home.store.batches()?;
    rows.into_iter().map(|row| whole(home, row)).collect()
}

/// Returns a batch.
///
/// # Errors
/// [`PayError`].
pub fn batch(home: &Home, id: &str) -> Result<Batch, PayError> {
    let row = home.store.batch(id)?.ok_or_else(|| PayError::Unknown { id: id.to_owned() })?;
    whole(home, row)
}

fn whole(home: &Home, row: BatchRow) -> Result<Batch, PayError> {
    let payments = home.store.payments(&row.id)?;
    if hex(&Sha256::digest(table::csv(&row.id, &row.day, &payments))) != row.sha256 {
        return Err(PayError::Changed { id: row.id });
    }
    let acts = home.store.acts()?.into_iter().filter(|it| it.settlement == row.id).collect();
    let returns = home.store.returns(&row.id)?;
    Ok(Batch { row, payments, returns, acts })
}

/// Writes a batch for the bank: the same batch gives the same bytes.
///
/// # Errors
/// [`PayError`], also if it is cancelled, or if less is due by now than it pays.
pub fn file(home: &Home, id: &str, form: Form) -> Result<Vec<u8>, PayError> {
    let batch = batch(home, id)?;
    if batch.row.state == BatchState::Cancelled {
        return Err(closed(&batch));
    }
    if batch.row.state == BatchState::Proposed {
        check_due(home, &batch)?;
    }
    match form {
        Form::Csv => Ok(table::csv(id, &batch.row.day, &batch.payments).into_bytes()),
        Form::Pain if batch.row.way == Way::Chain => {
            let instead = "no bank has to do with it; see `leitmotif payout publish`";
            Err(PayError::Chain { id: batch.row.id, instead })
        }
        Form::Pain => {
            let bank = |currency| paying_bank(&home.config.bank, currency);
            pain::write(&batch, &home.config.operator, &bank).map(String::into_bytes)
        }
    }
}

/// Notes that the bank has a batch: its entries are posted, and the next statements tell of it.
///
/// # Errors
/// [`PayError`], also if it was sent or cancelled before; nothing is posted then.
pub fn mark_sent(home: &mut Home, id: &str, who: &str, now: &str) -> Result<Batch, PayError> {
    let batch = proposed(home, id)?;
    if batch.row.way == Way::Chain {
        let instead = "`leitmotif payout publish` sends it, and notes that";
        return Err(PayError::Chain { id: batch.row.id, instead });
    }
    let entries = entries(&batch)?;
    let act = act(home, &batch.row, "sent", who, now);
    let entry = batch_entry(home, &batch)?;
    home.store.send_batch(id, &entries, &act, &about("payment-batch", id, &entry))?;
    home.sign_log(now)?;
    self::batch(home, id)
}

/// The entries that say that a batch is paid.
pub(crate) fn entries(batch: &Batch) -> Result<Vec<ledger::Entry>, EntryError> {
    let id = &batch.row.id;
    let entry = |it: &PaymentRow| {
        let (account, currency) = (&it.account, it.payout.gross.currency);
        it.payout.entry(&format!("pay/{id}/{account}/{currency}"), account)
    };
    batch.payments.iter().map(entry).collect()
}

/// What the log says of a batch: how many payments, what they come to, and a commitment to their hash.
pub(crate) fn batch_entry(home: &Home, batch: &Batch) -> Result<Vec<u8>, StoreError> {
    let mut totals: BTreeMap<Currency, Atoms> = BTreeMap::new();
    for it in &batch.payments {
        let total = totals.entry(it.payout.gross.currency).or_default();
        let too_large =
            || StoreError::Log { detail: format!("a sum of batch {} is too large", batch.row.id) };
        *total = total.checked_add(it.payout.net).ok_or_else(too_large)?;
    }
    let secret = home.store.salt_secret()?;
    let (row, total) =
        (&batch.row, |(currency, sum): (Currency, Atoms)| [currency.to_string(), sum.to_string()]);
    Ok(Entry::PaymentBatch {
        commitment: committed(&secret, "payment-batch", row.sha256.as_bytes()),
        day: row.day.clone(),
        payments: batch.payments.len() as u64,
        totals: totals.into_iter().map(total).collect(),
    }
    .bytes())
}

/// Cancels a batch of which nothing was paid: its amounts are free for another one.
///
/// # Errors
/// [`PayError`], also if it was sent or cancelled before.
pub fn cancel(home: &mut Home, id: &str, who: &str, now: &str) -> Result<Batch, PayError> {
    let batch = proposed(home, id)?;
    let epoch = home.store.epoch_of(id)?;
    if epoch.is_some_and(|it| it.state != EpochState::Planned) {
        let instead = "its transaction is signed and may be done; `leitmotif payout publish` tells";
        return Err(PayError::Chain { id: batch.row.id, instead });
    }
    let act = act(home, &batch.row, "cancelled", who, now);
    home.store.cancel_batch(id, &act)?;
    self::batch(home, id)
}

/// A payment that came back: of which batch, to whom, and who says so and why.
#[derive(Clone, Copy, Debug)]
pub struct Back<'a> {
    /// The batch.
    pub batch: &'a str,
    /// Whose payment it was: the party, or the account if the party has several.
    pub payee: &'a str,
    /// The currency; needed if there is a payment in each of several.
    pub currency: Option<Currency>,
    /// The day on which it was back.
    pub day: Date,
    /// Who notes it; the operator, if it is empty.
    pub who: &'a str,
    /// Why it came back, as the bank says.
    pub because: &'a str,
}

/// Notes that the bank sent a payment back: its entry is turned round, the whole balance is due again
/// and can be proposed anew, and the next statement tells of it.
///
/// # Errors
/// [`PayError`], also if the payment was not sent, or came back before; nothing is posted then.
pub fn mark_returned(home: &mut Home, back: &Back<'_>, now: &str) -> Result<Batch, PayError> {
    let batch = batch(home, back.batch)?;
    if batch.row.state != BatchState::Sent {
        let (id, state) = (batch.row.id.clone(), batch.row.state.as_str());
        return Err(PayError::NotSent { id, state });
    }
    if batch.row.way == Way::Chain {
        let instead =
            "what was claimed there cannot come back; for a veto, `leitmotif payout vetoed`";
        return Err(PayError::Chain { id: batch.row.id, instead });
    }
    let it = one_payment(&batch, back)?;
    let (account, currency) = (it.account.clone(), it.payout.gross.currency);
    let before = |it: &&ReturnRow| it.account == account && it.currency == currency;
    if let Some(it) = batch.returns.iter().find(before) {
        return Err(PayError::Back {
            account: it.account.to_string(),
            who: it.who.clone(),
            at: it.at.clone(),
        });
    }
    let act = act(home, &batch.row, "returned", back.who, now);
    let (row, entry) = back_row(&batch, it, &back.day.to_string(), (&act, back.because))?;
    home.store.return_payment(&row, &entry, &act)?;
    self::batch(home, back.batch)
}

/// The row and the entry of a payment that came back.
pub(crate) fn back_row(
    batch: &Batch,
    it: &PaymentRow,
    day: &str,
    (act, because): (&Act, &str),
) -> Result<(ReturnRow, ledger::Entry), EntryError> {
    let (id, account, currency) = (&batch.row.id, &it.account, it.payout.gross.currency);
    let entry = it.payout.entry_back(&format!("pay/{id}/{account}/{currency}/back"), account)?;
    let row = ReturnRow {
        batch: id.clone(),
        account: account.clone(),
        currency,
        day: day.to_owned(),
        at: act.at.clone(),
        who: act.who.clone(),
        because: because.to_owned(),
    };
    Ok((row, entry))
}

/// The payment of a batch that is meant.
fn one_payment<'b>(batch: &'b Batch, back: &Back<'_>) -> Result<&'b PaymentRow, PayError> {
    let is_its = |it: &&PaymentRow| {
        let (Account::Payee(party) | Account::PayeeIn(_, party) | Account::Fee(party)) =
            &it.account
        else {
            return false;
        };
        (party.as_str() == back.payee || it.account.to_string() == back.payee)
            && back.currency.is_none_or(|currency| it.payout.gross.currency == currency)
    };
    let mut found = batch.payments.iter().filter(is_its);
    match (found.next(), found.next()) {
        (Some(it), None) => Ok(it),
        (found, _) => Err(PayError::NotOne {
            id: batch.row.id.clone(),
            payee: back.payee.to_owned(),
            several: found.is_some(),
        }),
    }
}

/// A name that a payment keeps from its proposal to the bank's statement: 32 digits of a SHA-256.
#[must_use]
pub fn end_to_end_id(batch: &str, payment: &PaymentRow) -> String {
    let of = format!("{batch}\n{}\n{}\n", payment.account, payment.payout.gross.currency);
    hex(&Sha256::digest(of)).chars().take(32).collect()
}

/// The number of the bill that is written for a payee, if one is.
#[must_use]
pub fn self_bill_number(batch: &Batch, payment: &PaymentRow) -> Option<String> {
    let bills = batch.payments.iter().filter(|it| it.payout.vat.is_some());
    let at = bills.take_while(|it| *it != payment).count().saturating_add(1);
    payment.payout.vat.is_some().then(|| format!("{}/{at}", batch.row.id))
}

pub(crate) fn proposed(home: &Home, id: &str) -> Result<Batch, PayError> {
    let batch = batch(home, id)?;
    match batch.row.state {
        BatchState::Proposed => Ok(batch),
        BatchState::Sent | BatchState::Cancelled => Err(closed(&batch)),
    }
}

fn closed(batch: &Batch) -> PayError {
    let last = batch.acts.last();
    PayError::Closed {
        id: batch.row.id.clone(),
        state: batch.row.state.as_str(),
        who: last.map_or_else(String::new, |it| it.who.clone()),
        at: last.map_or_else(String::new, |it| it.at.clone()),
    }
}

/// What a proposed batch pays is still due.
pub(crate) fn check_due(home: &Home, batch: &Batch) -> Result<(), PayError> {
    let book = home.store.trial_balance()?;
    for it in &batch.payments {
        let gross = it.payout.gross;
        let due = book.balance(&it.account, gross.currency).due().ok_or(PayError::Overflow)?;
        if due < gross.atoms {
            let (id, account) = (batch.row.id.clone(), it.account.to_string());
            return Err(PayError::LessDue { id, account, gross, due });
        }
    }
    Ok(())
}

pub(crate) fn act(home: &Home, row: &BatchRow, act: &str, who: &str, now: &str) -> Act {
    Act {
        at: now.to_owned(),
        who: if who.is_empty() { home.config.operator.clone() } else { who.to_owned() },
        act: act.to_owned(),
        settlement: row.id.clone(),
        digest: row.sha256.clone(),
    }
}

fn name_of(catalogue: &Catalog, account: &Account) -> String {
    match account {
        Account::Payee(party) | Account::PayeeIn(_, party) | Account::Fee(party) => {
            party_name(catalogue, party)
        }
        _ => account.to_string(),
    }
}

/// The bank account that a currency is paid from.
fn paying_bank(banks: &[PayingBank], currency: Currency) -> Result<Bank, PayError> {
    let wrong = |reason: String| PayError::NoPayingBank { currency, reason };
    let fits = |it: &&PayingBank| it.currency.is_empty() || it.currency == currency.as_str();
    let it = banks.iter().find(fits).ok_or_else(|| wrong(String::new()))?;
    let told = |error: ident::IdentError| wrong(format!(": {error}"));
    let account = match (it.iban.as_str(), it.account.as_str(), it.bank_code.as_str()) {
        ("", "", _) | ("", _, "") => return Err(wrong(String::new())),
        ("", number, bank_code) => {
            BankAccount::Local { number: number.to_owned(), bank_code: bank_code.to_owned() }
        }
        (iban, ..) => BankAccount::Iban(Iban::parse(iban).map_err(told)?),
    };
    let bic = Some(&it.bic).filter(|it| !it.is_empty()).map(|it| Bic::parse(it)).transpose();
    Ok(Bank { account, bic: bic.map_err(told)?, holder: String::new() })
}
