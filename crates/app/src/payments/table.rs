//! A batch as a table: for people, for banks that read no XML, and what its hash is made of.

use catalog::{Bank, BankAccount};
use money::Atoms;
use statement::csv_cell;
use store::{Destination, PaymentRow};

use super::end_to_end_id;

/// The payments as CSV (RFC 4180, UTF-8, CR LF), one row each; amounts are exact.
pub(super) fn csv(batch: &str, day: &str, payments: &[PaymentRow]) -> String {
    // A batch goes one way; that of the chain has a column for it, and banks' tables stay as they are.
    let on_chain = payments.iter().any(|it| matches!(it.to, Destination::Wallet(_)));
    let to = match on_chain {
        true => "wallet",
        false => "holder,iban,account_number,bank_code,bic",
    };
    let mut out = format!(
        "batch,day,end_to_end_id,account,name,{to},currency,gross,taxes,tax,vat_country,vat_number,\
         vat_rate,vat,net\r\n",
    );
    for it in payments {
        let taxes = it.payout.taxes.iter().map(|it| {
            let paper = if it.paper.is_empty() { "" } else { " by " };
            let (rule, country, amount) = (&it.rule, &it.country, it.amount);
            let of = format!("{} of {} cut to {}{paper}{}", it.rate, it.base, it.cut_to, it.paper);
            format!("{rule} {country} {amount} = {of}")
        });
        let taxes: Vec<String> = taxes.collect();
        // The parts were added up before; they are at most what is paid.
        let tax = Atoms::checked_sum(it.payout.taxes.iter().map(|it| it.amount));
        let vat = it.payout.vat.as_ref();
        let cells = [
            batch.to_owned(),
            day.to_owned(),
            end_to_end_id(batch, it),
            it.account.to_string(),
            it.name.clone(),
        ];
        let rest = [
            it.payout.gross.currency.to_string(),
            it.payout.gross.atoms.to_string(),
            taxes.join("; "),
            tax.unwrap_or_default().to_string(),
            vat.map_or_else(String::new, |it| it.country.clone()),
            vat.map_or_else(String::new, |it| it.number.clone()),
            vat.map_or_else(String::new, |it| it.rate.to_string()),
            vat.map_or(Atoms::ZERO, |it| it.amount).to_string(),
        ];
        let to = destination(&it.to);
        cells.iter().chain(&to).chain(&rest).for_each(|it| csv_cell(&mut out, it));
        out.push_str(&format!("{}\r\n", it.payout.net));
    }
    out
}

/// The cells that say where a payment goes.
fn destination(to: &Destination) -> Vec<String> {
    let Bank { account, bic, holder } = match to {
        Destination::Wallet(wallet) => return vec![wallet.to_string()],
        Destination::Bank(bank) => bank,
    };
    let (iban, number, bank_code) = match account {
        BankAccount::Iban(iban) => (iban.to_string(), String::new(), String::new()),
        BankAccount::Local { number, bank_code } => {
            (String::new(), number.clone(), bank_code.clone())
        }
    };
    let bic = bic.as_ref().map_or_else(String::new, ToString::to_string);
    vec![holder.clone(), iban, number, bank_code, bic]
}
