//! A batch as a table: for people, for banks that read no XML, and what its hash is made of.

use catalog::BankAccount;
use money::Atoms;
use statement::csv_cell;
use store::PaymentRow;

use super::end_to_end_id;

/// The payments as CSV (RFC 4180, UTF-8, CR LF), one row each; amounts are exact.
pub(super) fn csv(batch: &str, day: &str, payments: &[PaymentRow]) -> String {
    let mut out = String::from(
        "batch,day,end_to_end_id,account,name,holder,iban,account_number,bank_code,bic,currency,\
         gross,taxes,tax,vat_country,vat_number,vat_rate,vat,net\r\n",
    );
    for it in payments {
        let (iban, number, bank_code) = match &it.bank.account {
            BankAccount::Iban(iban) => (iban.to_string(), String::new(), String::new()),
            BankAccount::Local { number, bank_code } => {
                (String::new(), number.clone(), bank_code.clone())
            }
        };
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
            it.bank.holder.clone(),
            iban,
            number,
            bank_code,
            it.bank.bic.as_ref().map_or_else(String::new, ToString::to_string),
            it.payout.gross.currency.to_string(),
            it.payout.gross.atoms.to_string(),
            taxes.join("; "),
            tax.unwrap_or_default().to_string(),
            vat.map_or_else(String::new, |it| it.country.clone()),
            vat.map_or_else(String::new, |it| it.number.clone()),
            vat.map_or_else(String::new, |it| it.rate.to_string()),
            vat.map_or(Atoms::ZERO, |it| it.amount).to_string(),
        ];
        cells.iter().for_each(|it| csv_cell(&mut out, it));
        out.push_str(&format!("{}\r\n", it.payout.net));
    }
    out
}
