//! What is paid: batches of payments, proposed, and then sent or cancelled, once; and what banks send
//! back.

use catalog::{Bank, BankAccount};
use ident::{Bic, ChainAddress, Iban, TaxId};
use ledger::{Account, Entry};
use money::{Amount, Atoms, Currency, Ratio};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use settlement::{Payout, TaxLine, VatLine};

use crate::Store;
use crate::act::Act;
use crate::error::StoreError;
use crate::log::NewEntry;

/// How far a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// Its amounts wait for it, and it may be cancelled.
    Proposed,
    /// The bank has it; its entries are in the book.
    Sent,
    /// Nothing of it was paid; its amounts are free for another batch.
    Cancelled,
}

impl BatchState {
    /// The token used in the database and by the doors.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
        }
    }
}

/// By which way a batch is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To banks.
    Bank,
    /// By the payout contract.
    Chain,
}

impl Way {
    /// The token used in the database and by the doors.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Chain => "chain",
        }
    }
}

/// Where a payment goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To a bank account.
    Bank(Bank),
    /// To an address on the chain.
    Wallet(ChainAddress),
}

/// A batch of payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRow {
    /// Its id.
    pub id: String,
    /// The day of payment, ISO 8601.
    pub day: String,
    /// The last settlement that it was proposed after.
    pub settlement: String,
    /// When it was proposed, RFC 3339.
    pub at: String,
    /// How far it is.
    pub state: BatchState,
    /// SHA-256 over its payments, in hex.
    pub sha256: String,
    /// By which way it is paid.
    pub way: Way,
}

/// A payment of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// Whose balance it pays.
    pub account: Account,
    /// The account holder's name.
    pub name: String,
    /// Where it goes, as the catalogue said when it was proposed.
    pub to: Destination,
    /// What is paid and withheld.
    pub payout: Payout,
}

/// A payment that was sent or came back, with its batch and the day of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentPayment {
    /// The batch.
    pub batch: String,
    /// The day of payment, or the day on which it was back.
    pub day: String,
    /// The payment.
    pub payment: PaymentRow,
    /// Why it came back; none if it was sent.
    pub returned: Option<String>,
}

/// A payment that the bank sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnRow {
    /// The batch.
    pub batch: String,
    /// Whose payment it was.
    pub account: Account,
    /// The currency.
    pub currency: Currency,
    /// The day on which it was back, ISO 8601.
    pub day: String,
    /// When it was noted, RFC 3339.
    pub at: String,
    /// Who noted it.
    pub who: String,
    /// Why it came back.
    pub because: String,
}

impl Store {
    /// Writes a proposed batch with its payments; `act` says who proposes it.
    ///
    /// # Errors
    /// [`StoreError`], also if one of its balances is paid, or waits to be paid, already; nothing is
    /// written then.
    pub fn propose_batch(
        &mut self,
        batch: &BatchRow,
        payments: &[PaymentRow],
        act: &Act,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| propose(tx, batch, payments, act))
    }

    /// Marks a proposed batch as sent, posts its entries, notes the act and stages what the log has to say
    /// of it, all at once.
    ///
    /// # Errors
    /// [`StoreError`], also if it is not proposed any more; nothing is written then.
    pub fn send_batch(
        &mut self,
        id: &str,
        entries: &[Entry],
        act: &Act,
        told: &NewEntry<'_>,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| send(tx, id, entries, (act, told)))
    }

    /// Marks a proposed batch as cancelled and notes the act.
    ///
    /// # Errors
    /// [`StoreError`], also if it is not proposed any more; nothing is written then.
    pub fn cancel_batch(&mut self, id: &str, act: &Act) -> Result<(), StoreError> {
        self.transaction(|tx| {
            close(tx, id, BatchState::Cancelled)?;
            crate::payout::cancel(tx, id)?;
            crate::act::add(tx, act)
        })
    }

    /// Notes that a payment came back, posts its entry and notes the act, all at once.
    ///
    /// # Errors
    /// [`StoreError`], also if it was not sent or came back before; nothing is written then.
    pub fn return_payment(
        &mut self,
        it: &ReturnRow,
        entry: &Entry,
        act: &Act,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| {
            take_back(tx, it, entry)?;
            crate::act::add(tx, act)
        })
    }

    /// Returns the payments of a batch that came back, by account and currency.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn returns(&self, batch: &str) -> Result<Vec<ReturnRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT batch, account, currency, day, at, who, because FROM payment_return
             WHERE batch = ?1 ORDER BY account, currency",
        )?;
        let rows = statement.query_and_then([batch], return_row)?;
        rows.collect()
    }

    /// Returns all batches, in the order in which they were proposed.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn batches(&self) -> Result<Vec<BatchRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, day, settlement, at, state, sha256, way FROM payment_batch ORDER BY at, id",
        )?;
        let rows = statement.query_and_then([], batch_row)?;
        rows.collect()
    }

    /// Returns a batch by its id.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn batch(&self, id: &str) -> Result<Option<BatchRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, day, settlement, at, state, sha256, way FROM payment_batch WHERE id = ?1",
        )?;
        let mut rows = statement.query_and_then([id], batch_row)?;
        rows.next().transpose()
    }

    /// Returns the payments of a batch in their order.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn payments(&self, batch: &str) -> Result<Vec<PaymentRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT account, name, currency, iban, number_at_bank, bank_code, bic, holder, gross,
                    vat_country, vat_number, vat_rate, vat, net, wallet
             FROM payment WHERE batch = ?1 ORDER BY number",
        )?;
        let rows = statement.query_and_then([batch], |row| {
            let taxes = self.taxes(batch, &row.get::<_, String>(0)?, &row.get::<_, String>(2)?)?;
            payment_row(row, taxes)
        })?;
        rows.collect()
    }

    fn taxes(
        &self,
        batch: &str,
        account: &str,
        currency: &str,
    ) -> Result<Vec<TaxLine>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT rule, country, base, rate, paper, cut_to, amount FROM payment_tax
             WHERE batch = ?1 AND account = ?2 AND currency = ?3 ORDER BY number",
        )?;
        let rows = statement.query_and_then([batch, account, currency], |row| {
            let text = |at: usize| row.get::<_, String>(at);
            Ok(TaxLine {
                rule: read(TaxId::parse, &text(0)?)?,
                country: text(1)?,
                base: read(Atoms::parse, &text(2)?)?,
                rate: read(Ratio::parse, &text(3)?)?,
                paper: text(4)?,
                cut_to: read(Atoms::parse, &text(5)?)?,
                amount: read(Atoms::parse, &text(6)?)?,
            })
        })?;
        rows.collect()
    }

    /// Returns the batch in which a balance waits to be paid, if it does.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn waiting_in(
        &self,
        account: &Account,
        currency: Currency,
    ) -> Result<Option<String>, StoreError> {
        let batch = self
            .connection
            .query_row(
                "SELECT batch FROM payment
                 WHERE account = ?1 AND currency = ?2 AND state = 'proposed'",
                [account.to_string().as_str(), currency.as_str()],
                |row| row.get(0),
            )
            .optional()?;
        Ok(batch)
    }

    /// Returns the payments that were sent, then those that came back, that the statements of a
    /// settlement tell of; those that no statement tells of yet, if none is named.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn payments_told(&self, by: Option<&str>) -> Result<Vec<SentPayment>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, day FROM payment_batch WHERE state = 'sent' AND told IS ?1
             ORDER BY at, id",
        )?;
        let batches = statement.query_map([by], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut sent = Vec::new();
        for it in batches {
            let (batch, day): (String, String) = it?;
            sent.extend(self.payments(&batch)?.into_iter().map(|payment| SentPayment {
                batch: batch.clone(),
                day: day.clone(),
                payment,
                returned: None,
            }));
        }
        sent.extend(self.returns_told(by)?);
        Ok(sent)
    }

    fn returns_told(&self, by: Option<&str>) -> Result<Vec<SentPayment>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT batch, account, currency, day, at, who, because FROM payment_return
             WHERE told IS ?1 ORDER BY at, batch, account, currency",
        )?;
        let rows = statement.query_and_then([by], return_row)?;
        let mut back = Vec::new();
        for it in rows {
            let ReturnRow { batch, account, currency, day, because, .. } = it?;
            let of =
                |it: &PaymentRow| it.account == account && it.payout.gross.currency == currency;
            let payment = self.payments(&batch)?.into_iter().find(of);
            let payment =
                payment.ok_or_else(|| StoreError::corrupt("a payment that came back", &batch))?;
            back.push(SentPayment { batch, day, payment, returned: Some(because) });
        }
        Ok(back)
    }
}

/// Writes a proposed batch.
pub(crate) fn propose(
    tx: &Transaction<'_>,
    batch: &BatchRow,
    payments: &[PaymentRow],
    act: &Act,
) -> Result<(), StoreError> {
    let BatchRow { id, day, settlement, at, sha256, way, .. } = batch;
    tx.execute(
        "INSERT INTO payment_batch (id, day, settlement, at, state, sha256, way)
         VALUES (?1, ?2, ?3, ?4, 'proposed', ?5, ?6)",
        [id, day, settlement, at, sha256, way.as_str()],
    )?;
    for (number, it) in payments.iter().enumerate() {
        insert(tx, batch, crate::report::int(number), it)?;
    }
    crate::act::add(tx, act)
}

/// Marks a proposed batch as sent, posts its entries and stages what the log has to say of it.
pub(crate) fn send(
    tx: &Transaction<'_>,
    id: &str,
    entries: &[Entry],
    (act, told): (&Act, &NewEntry<'_>),
) -> Result<(), StoreError> {
    close(tx, id, BatchState::Sent)?;
    for it in entries {
        crate::book::add_entry(tx, (None, Some(id)), it)?;
    }
    crate::log::stage(tx, told)?;
    crate::act::add(tx, act)
}

/// Notes that a payment came back, and posts its entry.
pub(crate) fn take_back(
    tx: &Transaction<'_>,
    it: &ReturnRow,
    entry: &Entry,
) -> Result<(), StoreError> {
    let (account, currency) = (it.account.to_string(), it.currency.to_string());
    let marked = tx.execute(
        "UPDATE payment SET state = 'returned'
         WHERE batch = ?1 AND account = ?2 AND currency = ?3 AND state = 'sent'",
        [&it.batch, &account, &currency],
    )?;
    if marked != 1 {
        return Err(StoreError::corrupt("a payment that was sent", &account));
    }
    tx.execute(
        "INSERT INTO payment_return (batch, account, currency, day, at, who, because)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [&it.batch, &account, &currency, &it.day, &it.at, &it.who, &it.because],
    )?;
    crate::book::add_entry(tx, (None, Some(&it.batch)), entry)
}

/// Notes that the statements of a settlement tell of all payments that were sent before it.
pub(crate) fn tell(tx: &Transaction<'_>, settlement: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE payment_batch SET told = ?1 WHERE state = 'sent' AND told IS NULL",
        [settlement],
    )?;
    tx.execute("UPDATE payment_return SET told = ?1 WHERE told IS NULL", [settlement])?;
    Ok(())
}

fn return_row(row: &Row<'_>) -> Result<ReturnRow, StoreError> {
    Ok(ReturnRow {
        batch: row.get(0)?,
        account: read(Account::parse, &row.get::<_, String>(1)?)?,
        currency: read(Currency::parse, &row.get::<_, String>(2)?)?,
        day: row.get(3)?,
        at: row.get(4)?,
        who: row.get(5)?,
        because: row.get(6)?,
    })
}

fn close(tx: &Transaction<'_>, id: &str, state: BatchState) -> Result<(), StoreError> {
    let closed = tx.execute(
        "UPDATE payment_batch SET state = ?2 WHERE id = ?1 AND state = 'proposed'",
        [id, state.as_str()],
    )?;
    if closed != 1 {
        return Err(StoreError::corrupt("a batch that is proposed", id));
    }
    tx.execute("UPDATE payment SET state = ?2 WHERE batch = ?1", [id, state.as_str()])?;
    Ok(())
}

fn insert(
    tx: &Transaction<'_>,
    batch: &BatchRow,
    number: i64,
    it: &PaymentRow,
) -> Result<(), StoreError> {
    let (account, currency) = (it.account.to_string(), it.payout.gross.currency.to_string());
    let (mut iban, mut at_bank, mut bank_code, mut bic, mut holder) = ("", "", "", "", "");
    let mut wallet = String::new();
    match &it.to {
        Destination::Wallet(address) => wallet = address.to_string(),
        Destination::Bank(bank) => {
            match &bank.account {
                BankAccount::Iban(it) => iban = it.as_str(),
                BankAccount::Local { number, bank_code: code } => {
                    (at_bank, bank_code) = (number, code);
                }
            }
            (bic, holder) = (bank.bic.as_ref().map_or("", Bic::as_str), &bank.holder);
        }
    }
    let vat = it.payout.vat.as_ref();
    let of_vat = |of: fn(&VatLine) -> String| vat.map_or_else(String::new, of);
    tx.execute(
        "INSERT INTO payment VALUES (?1, ?2, ?3, ?4, ?5, 'proposed', ?6, ?7, ?8, ?9, ?10, ?11, ?12,
                                     ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            batch.id,
            number,
            account,
            currency,
            batch.settlement,
            it.name,
            iban,
            at_bank,
            bank_code,
            bic,
            holder,
            it.payout.gross.atoms.to_string(),
            of_vat(|it| it.country.clone()),
            of_vat(|it| it.number.clone()),
            of_vat(|it| it.rate.to_string()),
            of_vat(|it| it.amount.to_string()),
            it.payout.net.to_string(),
            wallet,
        ],
    )?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO payment_tax VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for (number, tax) in it.payout.taxes.iter().enumerate() {
        insert.execute(params![
            batch.id,
            account,
            currency,
            crate::report::int(number),
            tax.rule.as_str(),
            tax.country,
            tax.base.to_string(),
            tax.rate.to_string(),
            tax.paper,
            tax.cut_to.to_string(),
            tax.amount.to_string(),
        ])?;
    }
    Ok(())
}

fn batch_row(row: &Row<'_>) -> Result<BatchRow, StoreError> {
    let state: String = row.get(4)?;
    let states = [BatchState::Proposed, BatchState::Sent, BatchState::Cancelled];
    let known = states.into_iter().find(|it| it.as_str() == state);
    let way: String = row.get(6)?;
    let way = [Way::Bank, Way::Chain].into_iter().find(|it| it.as_str() == way);
    Ok(BatchRow {
        way: way.ok_or_else(|| StoreError::corrupt("the way of a batch", &state))?,
        id: row.get(0)?,
        day: row.get(1)?,
        settlement: row.get(2)?,
        at: row.get(3)?,
        state: known.ok_or_else(|| StoreError::corrupt("the state of a batch", state))?,
        sha256: row.get(5)?,
    })
}

fn payment_row(row: &Row<'_>, taxes: Vec<TaxLine>) -> Result<PaymentRow, StoreError> {
    let text = |at: usize| row.get::<_, String>(at);
    let (iban, bic, country) = (text(3)?, text(6)?, text(9)?);
    let account = match iban.is_empty() {
        true => BankAccount::Local { number: text(4)?, bank_code: text(5)? },
        false => BankAccount::Iban(read(Iban::parse, &iban)?),
    };
    let bic = Some(bic).filter(|it| !it.is_empty()).map(|it| read(Bic::parse, &it));
    let vat = match country.is_empty() {
        true => None,
        false => Some(VatLine {
            country,
            number: text(10)?,
            rate: read(Ratio::parse, &text(11)?)?,
            amount: read(Atoms::parse, &text(12)?)?,
        }),
    };
    let gross = Amount {
        atoms: read(Atoms::parse, &text(8)?)?,
        currency: read(Currency::parse, &text(2)?)?,
    };
    Ok(PaymentRow {
        account: read(Account::parse, &text(0)?)?,
        name: text(1)?,
        to: match text(14)?.as_str() {
            "" => Destination::Bank(Bank { account, bic: bic.transpose()?, holder: text(7)? }),
            wallet => Destination::Wallet(read(ChainAddress::parse, wallet)?),
        },
        payout: Payout { gross, taxes, vat, net: read(Atoms::parse, &text(13)?)? },
    })
}

fn read<T, E: std::fmt::Display>(
    parse: impl Fn(&str) -> Result<T, E>,
    text: &str,
) -> Result<T, StoreError> {
    parse(text).map_err(|error| StoreError::corrupt("a payment", error))
}
