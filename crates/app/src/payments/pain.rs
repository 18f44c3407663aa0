//! A batch as a customer credit transfer initiation, ISO 20022 `pain.001.001.09`.
//!
//! The order of the elements is that of the message definition. What is not known is left out, but
//! for a bank without code, which the definition wants named.

use std::collections::BTreeMap;

use catalog::{Bank, BankAccount};
use money::{Atoms, Currency};
use store::{Destination, PaymentRow};

use super::{Batch, PayError, end_to_end_id};

/// The longest name, in characters (`Max140Text`).
const NAME_CHARS_MAX: usize = 140;

/// Elements, nested.
#[derive(Default)]
struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    fn indent(&mut self) {
        let depth = self.open.len();
        self.text.push_str(&"  ".repeat(depth));
    }

    /// An element that holds others.
    fn nest(&mut self, name: &'static str, inside: impl FnOnce(&mut Self)) {
        self.indent();
        self.text.push_str(&format!("<{name}>\n"));
        self.open.push(name);
        inside(self);
        self.open.pop();
        self.indent();
        self.text.push_str(&format!("</{name}>\n"));
    }

    /// An element with text, and attributes as they are to be written.
    fn leaf(&mut self, name: &str, attributes: &str, text: &str) {
        self.indent();
        self.text.push_str(&format!("<{name}{attributes}>{}</{name}>\n", escape(text)));
    }
}

/// Writes a batch; `bank` says which account a currency is paid from.
pub(super) fn write(
    batch: &Batch,
    operator: &str,
    bank: &dyn Fn(Currency) -> Result<Bank, PayError>,
) -> Result<String, PayError> {
    let mut by_currency: BTreeMap<Currency, Vec<&PaymentRow>> = BTreeMap::new();
    for it in &batch.payments {
        by_currency.entry(it.payout.gross.currency).or_default().push(it);
    }
    let mut groups = Vec::new();
    for (currency, payments) in by_currency {
        groups.push((currency, sum(payments.iter().copied())?, bank(currency)?, payments));
    }
    let all = sum(batch.payments.iter())?;
    let mut xml = Xml::default();
    xml.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.text.push_str("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">\n");
    xml.open.push("Document");
    xml.nest("CstmrCdtTrfInitn", |xml| {
        xml.nest("GrpHdr", |xml| {
            xml.leaf("MsgId", "", &batch.row.id);
            xml.leaf("CreDtTm", "", &batch.row.at);
            xml.leaf("NbOfTxs", "", &batch.payments.len().to_string());
            xml.leaf("CtrlSum", "", &all.to_string());
            xml.nest("InitgPty", |xml| name(xml, operator));
        });
        for (currency, sum, bank, payments) in &groups {
            xml.nest("PmtInf", |xml| {
                xml.leaf("PmtInfId", "", &format!("{}-{currency}", batch.row.id));
                xml.leaf("PmtMtd", "", "TRF");
                xml.leaf("NbOfTxs", "", &payments.len().to_string());
                xml.leaf("CtrlSum", "", &sum.to_string());
                xml.nest("ReqdExctnDt", |xml| xml.leaf("Dt", "", &batch.row.day));
                xml.nest("Dbtr", |xml| name(xml, operator));
                account(xml, "DbtrAcct", bank);
                agent(xml, "DbtrAgt", bank);
                payments.iter().for_each(|it| transfer(xml, &batch.row.id, it));
            });
        }
    });
    xml.text.push_str("</Document>\n");
    Ok(xml.text)
}

fn transfer(xml: &mut Xml, batch: &str, it: &PaymentRow) {
    // A batch for the chain never comes here.
    let Destination::Bank(bank) = &it.to else { return };
    let currency = it.payout.gross.currency;
    xml.nest("CdtTrfTxInf", |xml| {
        let id = end_to_end_id(batch, it);
        xml.nest("PmtId", |xml| xml.leaf("EndToEndId", "", &id));
        xml.nest("Amt", |xml| {
            let amount = it.payout.net.fixed(currency.minor_digits()).to_string();
            xml.leaf("InstdAmt", &format!(" Ccy=\"{currency}\""), &amount);
        });
        agent(xml, "CdtrAgt", bank);
        let holder = if bank.holder.is_empty() { &it.name } else { &bank.holder };
        xml.nest("Cdtr", |xml| name(xml, holder));
        account(xml, "CdtrAcct", bank);
        let words = format!("{batch} {}", it.account);
        xml.nest("RmtInf", |xml| xml.leaf("Ustrd", "", &short(&words)));
    });
}

fn name(xml: &mut Xml, text: &str) {
    xml.leaf("Nm", "", &short(text));
}

fn account(xml: &mut Xml, element: &'static str, bank: &Bank) {
    xml.nest(element, |xml| {
        xml.nest("Id", |xml| match &bank.account {
            BankAccount::Iban(iban) => xml.leaf("IBAN", "", iban.as_str()),
            BankAccount::Local { number, .. } => {
                xml.nest("Othr", |xml| xml.leaf("Id", "", number));
            }
        });
    });
}

fn agent(xml: &mut Xml, element: &'static str, bank: &Bank) {
    xml.nest(element, |xml| {
        xml.nest("FinInstnId", |xml| {
            if let Some(bic) = &bank.bic {
                xml.leaf("BICFI", "", bic.as_str());
            }
            match &bank.account {
                BankAccount::Local { bank_code, .. } => {
                    xml.nest("ClrSysMmbId", |xml| xml.leaf("MmbId", "", bank_code));
                }
                BankAccount::Iban(_) if bank.bic.is_none() => {
                    xml.nest("Othr", |xml| xml.leaf("Id", "", "NOTPROVIDED"));
                }
                BankAccount::Iban(_) => {}
            }
        });
    });
}

/// What arrives at banks; over currencies, as the definition has it for a whole message.
fn sum<'a>(payments: impl Iterator<Item = &'a PaymentRow>) -> Result<Atoms, PayError> {
    Atoms::checked_sum(payments.map(|it| it.payout.net)).ok_or(PayError::Overflow)
}

fn short(text: &str) -> String {
    text.chars().take(NAME_CHARS_MAX).collect()
}

/// Text as XML 1.0 has it; characters that it has no place for become a question mark.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{9}' | '\u{a}' | '\u{d}' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('?'),
            it => out.push(it),
        }
    }
    out
}
