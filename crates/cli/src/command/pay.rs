//! `leitmotif pay`.

use std::path::PathBuf;

use app::payments::{
    Back, Batch, Form, Held, Order, Proposal, batch, batches, cancel, end_to_end_id, file,
    mark_returned, mark_sent, propose, self_bill_number,
};
use catalog::BankAccount;
use money::{Atoms, Currency};
use period::Date;
use serde_json::{Value, json};
use store::{Destination, Way};

use crate::command::suspense::money_of;
use crate::shell::Shell;
use crate::table::table;

/// What can be done about payments.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Propose to pay all that is due: a batch of one payment for each payee and currency.
    ///
    /// Payees who asked to be paid on a chain are not in it: see `leitmotif payout`.
    ///
    /// Nothing is posted. What waits in a proposed batch, or was paid, is in no other one. What is due
    /// and not in the batch is listed with the reason.
    ///
    /// Examples: leitmotif pay propose --by "Kim Sora"
    ///           leitmotif pay propose --day 2021-12-31
    Propose {
        /// The day of payment: tax, papers and bills of that day count. Today, if left out.
        #[arg(long)]
        day: Option<Date>,
        /// Pay fees, too: only if their parties did not keep them back themselves.
        #[arg(long)]
        fees: bool,
        #[command(flatten)]
        by: By,
    },
    /// List all batches.
    List,
    /// Show a batch: who is paid what, what is withheld and why, who did what with it.
    ///
    /// Example: leitmotif pay show 2021-12-31-1
    Show {
        /// The batch.
        batch: String,
    },
    /// Write a batch for the bank; the same batch gives the same bytes.
    ///
    /// Examples: leitmotif pay file 2021-12-31-1 --form pain.001 --to payments.xml
    ///           leitmotif pay file 2021-12-31-1 --form csv --to payments.csv
    File {
        /// The batch.
        batch: String,
        /// `pain.001` (ISO 20022, pain.001.001.09) or `csv`.
        #[arg(long)]
        form: FormWord,
        /// The file; one of that name is replaced.
        #[arg(long)]
        to: PathBuf,
    },
    /// Note that the bank has a batch: its entries are posted, and the next statements tell of it.
    ///
    /// Example: leitmotif pay sent 2021-12-31-1 --by "Lee Jun"
    Sent {
        /// The batch.
        batch: String,
        #[command(flatten)]
        by: By,
    },
    /// Note that the bank sent a payment back: all of it is due again, and can be proposed anew.
    ///
    /// The entry of the payment is turned round, with the tax that was withheld. The next statement shows
    /// the payment and that it came back.
    ///
    /// Examples: leitmotif pay returned 2021-12-31-1 kim-sora --by "Lee Jun" --because "account closed"
    ///           leitmotif pay returned 2021-12-31-1 payee:kim-sora@work --currency EUR --by "Lee Jun" --because "unknown IBAN"
    Returned {
        /// The batch.
        batch: String,
        /// Whose payment: the party, or its account as `pay show` names it.
        payee: String,
        /// The currency, if there is a payment in each of several.
        #[arg(long)]
        currency: Option<Currency>,
        /// The day on which it was back. Today, if left out.
        #[arg(long)]
        day: Option<Date>,
        /// Why it came back, as the bank says.
        #[arg(long)]
        because: String,
        #[command(flatten)]
        by: By,
    },
    /// Cancel a batch of which nothing was paid: its amounts are free for another one.
    ///
    /// Example: leitmotif pay cancel 2021-12-31-1 --by "Lee Jun"
    Cancel {
        /// The batch.
        batch: String,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct By {
    /// Who does it, as the log of acts shall say; by default the operator.
    #[arg(long, default_value = "")]
    pub(super) by: String,
}

/// The word for a form.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum FormWord {
    /// ISO 20022, pain.001.001.09.
    #[value(name = "pain.001")]
    Pain,
    /// A table, with what was withheld.
    Csv,
}

pub(crate) fn run(command: &Command, shell: &mut Shell) -> anyhow::Result<u8> {
    let mut home = shell.home()?;
    let now = shell.now();
    let today = || period::parse_date(now.get(..10).unwrap_or_default());
    match command {
        Command::Propose { day, fees, by } => {
            let day = day.map_or_else(today, Ok)?;
            let order = Order { day, fees: *fees, who: &by.by };
            show_proposal(&propose(&mut home, &order, &now)?, shell)?;
        }
        Command::List => list(&batches(&home)?, shell)?,
        Command::Show { batch: id } => show(&batch(&home, id)?, shell)?,
        Command::File { batch, form, to } => {
            let form = match form {
                FormWord::Pain => Form::Pain,
                FormWord::Csv => Form::Csv,
            };
            let bytes = file(&home, batch, form)?;
            std::fs::write(to, &bytes)?;
            if shell.wants_json() {
                shell.json(&json!({ "batch": batch, "file": to, "bytes": bytes.len() }))?;
            } else {
                shell.line(format!("{}: {} bytes", to.display(), bytes.len()))?;
                shell.talk(format!("once the bank has it: leitmotif pay sent {batch} --by NAME"));
            }
        }
        Command::Sent { batch, by } => show(&mark_sent(&mut home, batch, &by.by, &now)?, shell)?,
        Command::Returned { batch, payee, currency, day, because, by } => {
            let day = day.map_or_else(today, Ok)?;
            let (currency, who) = (*currency, by.by.as_str());
            let back = Back { batch, payee, currency, day, who, because };
            show(&mark_returned(&mut home, &back, &now)?, shell)?;
            shell.talk("what came back is due again: leitmotif pay propose");
        }
        Command::Cancel { batch, by } => show(&cancel(&mut home, batch, &by.by, &now)?, shell)?,
    }
    Ok(0)
}

fn show_proposal(it: &Proposal, shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        let held = |it: &Held| {
            json!({
                "account": it.account.to_string(), "name": it.name,
                "currency": it.due.currency.to_string(), "due": it.due.atoms.to_string(),
                "because": it.because.to_string(),
            })
        };
        let held: Value = it.held.iter().map(held).collect();
        return Ok(shell.json(&json!({ "batch": it.batch.as_ref().map(as_json), "held": held }))?);
    }
    match &it.batch {
        Some(batch) => show(batch, shell)?,
        None => shell.line("there is nothing to pay")?,
    }
    if !it.held.is_empty() {
        shell.line("\nDue, and not paid:")?;
        let rows = it.held.iter().map(|it| {
            let due = money_of(it.due.currency, it.due.atoms);
            [it.account.to_string(), it.name.clone(), due, it.because.to_string()]
        });
        shell.line(table(["account", "name", "due", "because"], &[2], rows))?;
    }
    if let Some(batch) = &it.batch {
        let id = &batch.row.id;
        shell.talk(format!("next: leitmotif pay file {id} --form pain.001 --to FILE"));
    }
    Ok(())
}

fn list(all: &[Batch], shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        return Ok(shell.json(&all.iter().map(as_json).collect())?);
    }
    let rows = all.iter().map(|it| {
        let last = it.acts.last();
        [
            it.row.id.clone(),
            it.row.state.as_str().to_owned(),
            it.payments.len().to_string(),
            totals(it).join(", "),
            last.map_or_else(String::new, |it| it.who.clone()),
            last.map_or_else(String::new, |it| it.at.clone()),
        ]
    });
    let head = ["batch", "state", "payments", "to the bank", "by", "at"];
    shell.line(table(head, &[2, 3], rows))?;
    Ok(())
}

/// What arrives at banks, by currency.
fn totals(batch: &Batch) -> Vec<String> {
    let mut sums: std::collections::BTreeMap<Currency, Atoms> = std::collections::BTreeMap::new();
    for it in &batch.payments {
        let sum = sums.entry(it.payout.gross.currency).or_default();
        *sum = sum.checked_add(it.payout.net).unwrap_or(*sum);
    }
    sums.into_iter().map(|(currency, sum)| money_of(currency, sum)).collect()
}

pub(super) fn show(batch: &Batch, shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        return Ok(shell.json(&as_json(batch))?);
    }
    let row = &batch.row;
    let (id, state, day) = (&row.id, row.state.as_str(), &row.day);
    shell.line(format!("batch {id}, {state}, to be paid on {day}, after {}", row.settlement))?;
    let mut rows = Vec::new();
    for it in &batch.payments {
        let currency = it.payout.gross.currency;
        let gross = money_of(currency, it.payout.gross.atoms);
        let to = bank_words(it);
        rows.push([it.account.to_string(), it.name.clone(), "due".to_owned(), gross, to]);
        for part in it.payout.parts() {
            let bill = self_bill_number(batch, it).filter(|_| part.kind == "vat");
            let words = match bill {
                Some(number) => format!("self-bill {number}: {}", part.words),
                None => part.words.clone(),
            };
            // The payment is what arrives; in the balance it stands with the other sign.
            let (kind, amount) = match part.kind {
                "payment" if row.way == Way::Chain => ("on the chain", it.payout.net),
                "payment" => ("to the bank", it.payout.net),
                kind => (kind, part.amount),
            };
            let amount = money_of(currency, amount);
            rows.push([String::new(), String::new(), kind.to_owned(), amount, words]);
        }
    }
    shell.line(table(["account", "name", "what", "amount", ""], &[3], rows))?;
    for it in &batch.returns {
        let (account, currency) = (&it.account, it.currency);
        let told =
            format!("{account}, {currency}: came back on {}, because {}", it.day, it.because);
        shell.line(told)?;
    }
    for it in &batch.acts {
        shell.line(format!("{} by {} on {}", it.act, it.who, it.at))?;
    }
    Ok(())
}

fn bank_words(it: &store::PaymentRow) -> String {
    match &it.to {
        Destination::Wallet(address) => address.to_string(),
        Destination::Bank(bank) => match &bank.account {
            BankAccount::Iban(iban) => iban.printed(),
            BankAccount::Local { number, bank_code } => format!("{number}, bank {bank_code}"),
        },
    }
}

pub(super) fn as_json(batch: &Batch) -> Value {
    let payment = |it: &store::PaymentRow| {
        let (bank, wallet) = match &it.to {
            Destination::Bank(bank) => (Some(bank), None),
            Destination::Wallet(address) => (None, Some(address.to_string())),
        };
        let (iban, account, bank_code) = match bank.map(|it| &it.account) {
            Some(BankAccount::Iban(iban)) => (Some(iban.to_string()), None, None),
            Some(BankAccount::Local { number, bank_code }) => (None, Some(number), Some(bank_code)),
            None => (None, None, None),
        };
        let bic = bank.and_then(|it| it.bic.as_ref()).map(ToString::to_string);
        let holder = bank.map(|it| &it.holder);
        let taxes: Vec<Value> = it.payout.taxes.iter().map(tax_json).collect();
        let vat = it.payout.vat.as_ref().map(|vat| {
            json!({
                "country": vat.country, "number": vat.number, "rate": vat.rate.to_string(),
                "amount": vat.amount.to_string(), "self_bill": self_bill_number(batch, it),
            })
        });
        json!({
            "account": it.account.to_string(), "name": it.name,
            "end_to_end_id": end_to_end_id(&batch.row.id, it),
            "iban": iban, "account_number": account, "bank_code": bank_code,
            "bic": bic, "holder": holder, "wallet": wallet,
            "currency": it.payout.gross.currency.to_string(),
            "gross": it.payout.gross.atoms.to_string(), "taxes": taxes, "vat": vat,
            "net": it.payout.net.to_string(),
        })
    };
    let payments: Value = batch.payments.iter().map(payment).collect();
    let acts: Value = batch
        .acts
        .iter()
        .map(|it| json!({ "at": it.at, "who": it.who, "act": it.act, "digest": it.digest }))
        .collect();
    let back = |it: &store::ReturnRow| {
        json!({
            "account": it.account.to_string(), "currency": it.currency.to_string(), "day": it.day,
            "at": it.at, "who": it.who, "because": it.because,
        })
    };
    let returns: Value = batch.returns.iter().map(back).collect();
    let row = &batch.row;
    json!({
        "id": row.id, "day": row.day, "state": row.state.as_str(), "settlement": row.settlement,
        "proposed_at": row.at, "sha256": row.sha256, "payments": payments, "returns": returns,
        "acts": acts, "way": row.way.as_str(),
    })
}

fn tax_json(it: &settlement::TaxLine) -> Value {
    json!({
        "rule": it.rule.to_string(), "country": it.country, "base": it.base.to_string(),
        "rate": it.rate.to_string(), "paper": it.paper, "cut_to": it.cut_to.to_string(),
        "amount": it.amount.to_string(),
    })
}
