//! What is paid of a balance: tax that is withheld, value added tax on top, and what goes to the bank.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use catalog::{Party, Relief, RightsType, Territories, Withholding};
use ident::TaxId;
use ledger::{Account, Entry, EntryError, Pipe, Posting};
use money::{Amount, Atoms, Currency, Ratio, Rounding};
use period::Date;

/// A tax that is withheld: `base × rate`, cut down to a multiple of `cut_to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxLine {
    /// By which rule.
    pub rule: TaxId,
    /// Whose tax it is.
    pub country: String,
    /// What is paid, or for a tax on a tax, that tax.
    pub base: Atoms,
    /// The rate.
    pub rate: Ratio,
    /// The relief paper that gives the rate; empty if it is that of anybody.
    pub paper: String,
    /// The tax is a multiple of this.
    pub cut_to: Atoms,
    /// How much is withheld.
    pub amount: Atoms,
}

/// Value added tax on top, by a bill that the operator writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatLine {
    /// Whose tax it is.
    pub country: String,
    /// The payee's number with the tax office.
    pub number: String,
    /// The rate on what is paid.
    pub rate: Ratio,
    /// How much: cut down to the currency's minor unit.
    pub amount: Atoms,
}

/// How a balance is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    /// What of the balance is paid.
    pub gross: Amount,
    /// What is withheld of it.
    pub taxes: Vec<TaxLine>,
    /// What is paid on top.
    pub vat: Option<VatLine>,
    /// What goes to the bank: `gross − taxes + vat`.
    pub net: Atoms,
}

/// Why nothing is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unpayable {
    /// Tax depends on where the payee is resident, and that is not known.
    #[error("the tax to withhold depends on its residence, which the catalogue does not say")]
    Residence,
    /// Nothing is left.
    #[error("the tax to withhold leaves nothing to pay")]
    NothingLeft,
    /// A figure leaves the range of amounts.
    #[error("a figure is too large to be counted")]
    Overflow,
}

/// A part of a payment, as the payee's account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPart {
    /// `vat`, `tax` or `payment`.
    pub kind: &'static str,
    /// The other account.
    pub other: Account,
    /// What the payee's balance gains; negative if it becomes less.
    pub amount: Atoms,
    /// How it came about; empty for the payment itself.
    pub words: String,
}

/// What is paid, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paying {
    /// How much: above zero and in whole minor units.
    pub gross: Amount,
    /// The right that it is due for; none for a fee.
    pub rights_type: Option<RightsType>,
    /// The day of payment.
    pub day: Date,
}

impl Paying {
    /// What is paid of an account's balance.
    #[must_use]
    pub const fn of(account: &Account, gross: Amount, day: Date) -> Self {
        let rights_type = match account {
            Account::Payee(_) => Some(RightsType::Master),
            Account::PayeeIn(Pipe::Work, _) => Some(RightsType::Work),
            Account::PayeeIn(Pipe::Performer, _) => Some(RightsType::Performer),
            _ => None,
        };
        Self { gross, rights_type, day }
    }
}

/// Works out a payment to a party.
///
/// # Errors
/// [`Unpayable`] says why it cannot be paid.
pub fn payout(
    rules: &BTreeMap<TaxId, Withholding>,
    party: &Party,
    paying: Paying,
) -> Result<Payout, Unpayable> {
    let Paying { gross, day, .. } = paying;
    let mut taxes = Vec::new();
    let mut next = rule_for(rules, party, paying)?.map(|rule| (rule, gross.atoms, true));
    while let Some((rule, base, is_first)) = next {
        let Some(line) = tax(
            rule,
            party,
            Paying { gross: Amount { atoms: base, ..gross }, ..paying },
            is_first,
        )?
        else {
            break;
        };
        // A catalogue that was read has no circle of taxes.
        let on_it = rule.then.as_ref().and_then(|it| rules.get(it));
        next = on_it.filter(|it| it.period.contains(day)).map(|rule| (rule, line.amount, false));
        taxes.push(line);
    }
    let bill = party.payment.self_bill.iter().find(|it| it.period.contains(day));
    let vat = bill.map(|it| {
        Ok(VatLine {
            country: it.country.clone(),
            number: it.number.clone(),
            rate: it.rate,
            amount: part(gross.atoms, it.rate, minor_unit(gross.currency)?)?,
        })
    });
    let vat = vat.transpose()?;
    let withheld = Atoms::checked_sum(taxes.iter().map(|it| it.amount));
    let on_top = vat.as_ref().map_or(Atoms::ZERO, |it| it.amount);
    let left = withheld.and_then(|it| gross.atoms.checked_sub(it)).ok_or(Unpayable::Overflow)?;
    if left <= Atoms::ZERO {
        return Err(Unpayable::NothingLeft);
    }
    let net = left.checked_add(on_top).ok_or(Unpayable::Overflow)?;
    Ok(Payout { gross, taxes, vat, net })
}

/// The rule that speaks about a payment: that of the narrowest residence, then of named kinds, then
/// of named rights, then of the later `from`, then of the smaller id. A rule that is another's `then` speaks with it only.
fn rule_for<'r>(
    rules: &'r BTreeMap<TaxId, Withholding>,
    party: &Party,
    Paying { rights_type, day, .. }: Paying,
) -> Result<Option<&'r Withholding>, Unpayable> {
    let is_then = |it: &Withholding| rules.values().any(|rule| rule.then.as_ref() == Some(&it.id));
    let own = || rules.values().filter(|it| !is_then(it));
    let residence = party.payment.residence.as_deref();
    let depends = |it: &Withholding| {
        it.residence != Territories::All && it.is_about(party.kind, rights_type, day)
    };
    if residence.is_none() && own().any(depends) {
        return Err(Unpayable::Residence);
    }
    let breadth = |it: &Withholding| match it.residence {
        Territories::Only(_) => 0,
        Territories::AllExcept(_) => 1,
        Territories::All => 2,
    };
    let matching = own().filter(|it| it.matches(party.kind, residence, rights_type, day));
    // Rules come in the order of their ids, and of equals the first is taken.
    Ok(matching.min_by_key(|it| {
        let named = (it.kinds.is_empty(), it.rights_types.is_empty());
        (breadth(it), named, Reverse(it.period.from))
    }))
}

/// The tax of one rule; none if it is below what is withheld.
fn tax(
    rule: &Withholding,
    party: &Party,
    Paying { gross: base, rights_type, day }: Paying,
    is_first: bool,
) -> Result<Option<TaxLine>, Unpayable> {
    let holds = |it: &&Relief| it.holds(&rule.country, rights_type, day);
    let relief = party.payment.relief.iter().find(holds).and_then(|it| {
        let own = it.rate.filter(|_| is_first);
        Some((own.or(rule.relief_rate)?, it.paper.clone()))
    });
    let (rate, paper) = relief.unwrap_or((rule.rate, String::new()));
    let counts = rule.currency == Some(base.currency);
    let cut_to = match counts && !rule.cut_to.is_zero() {
        true => rule.cut_to,
        false => minor_unit(base.currency)?,
    };
    let amount = part(base.atoms, rate, cut_to)?;
    if amount.is_zero() || (counts && amount < rule.below) {
        return Ok(None);
    }
    Ok(Some(TaxLine {
        rule: rule.id.clone(),
        country: rule.country.clone(),
        base: base.atoms,
        rate,
        paper,
        cut_to,
        amount,
    }))
}

/// `base × rate`, cut down to a multiple.
fn part(base: Atoms, rate: Ratio, cut_to: Atoms) -> Result<Atoms, Unpayable> {
    let exact = base.mul_ratio(rate, Rounding::Down).ok_or(Unpayable::Overflow)?;
    let rest = exact.raw().checked_rem(cut_to.raw()).ok_or(Unpayable::Overflow)?;
    exact.checked_sub(Atoms::from_raw(rest)).ok_or(Unpayable::Overflow)
}

fn minor_unit(currency: Currency) -> Result<Atoms, Unpayable> {
    let parts = 10_i128.checked_pow(currency.minor_digits()).ok_or(Unpayable::Overflow)?;
    Ok(Atoms::from_raw(Atoms::from_units(1).raw() / parts))
}

impl Payout {
    /// What the payment does to the payee's balance, part by part; in all it becomes `gross` less.
    ///
    /// Value added tax is due to the payee once its bill is written, and is paid with the rest: so
    /// the last part is what arrives at its bank.
    #[must_use]
    pub fn parts(&self) -> Vec<PaymentPart> {
        let less = |it: Atoms| it.checked_neg().unwrap_or_default();
        let vat = self.vat.iter().map(|it| PaymentPart {
            kind: "vat",
            other: Account::Vat(it.country.clone()),
            amount: it.amount,
            words: format!("{} of {}, number {}", it.rate.printed(), self.gross.atoms, it.number),
        });
        let tax = self.taxes.iter().map(|it| {
            let paper = match it.paper.as_str() {
                "" => String::new(),
                paper => format!(", by {paper}"),
            };
            let (rate, base, cut_to) = (it.rate.printed(), it.base, it.cut_to);
            PaymentPart {
                kind: "tax",
                other: Account::Tax(it.country.clone()),
                amount: less(it.amount),
                words: format!("{}: {rate} of {base}, cut down to {cut_to}{paper}", it.rule),
            }
        });
        let payment = PaymentPart {
            kind: "payment",
            other: Account::Cash,
            amount: less(self.net),
            words: String::new(),
        };
        vat.chain(tax).chain([payment]).collect()
    }

    /// The entry of a payment that the bank sent back: that of the payment, turned round. The whole
    /// balance is due again; of a payment that did not arrive no tax was to be withheld.
    ///
    /// # Errors
    /// [`EntryError`] if a side leaves the range of amounts.
    pub fn entry_back(&self, id: &str, account: &Account) -> Result<Entry, EntryError> {
        let of = |atoms: Atoms| Amount { atoms, ..self.gross };
        let postings = self.parts().into_iter().flat_map(|it| {
            let from = Posting::debit(account.clone(), of(it.amount));
            [from, Posting::credit(it.other, of(it.amount))]
        });
        Entry::new(id, &format!("payment to {account} that came back"), postings.collect())
    }

    /// The entry of the payment: the payee is debited with what is paid and withheld and credited
    /// with value added tax; the bank, tax offices and the claim for that tax stand against it.
    ///
    /// # Errors
    /// [`EntryError`] if a side leaves the range of amounts.
    pub fn entry(&self, id: &str, account: &Account) -> Result<Entry, EntryError> {
        let of = |atoms: Atoms| Amount { atoms, ..self.gross };
        let postings = self.parts().into_iter().flat_map(|it| {
            let to = Posting::credit(account.clone(), of(it.amount));
            [Posting::debit(it.other, of(it.amount)), to]
        });
        Entry::new(id, &format!("payment to {account}"), postings.collect())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    /// A party and rules, as files have them, and what is paid to it on a day.
    fn check(party: &str, rules: &str, gross: &str, day: &str, expect: Expect) {
        let party = format!("[[party]]\nid = \"kim\"\nnames = {{ en = \"Kim\" }}\n{party}");
        let rules =
            rules.replace("[rule]", "[[withholding]]\nsource = \"made up\"\ncountry = \"KR\"");
        let files = [("parties.toml".to_owned(), party), ("taxes.toml".to_owned(), rules)];
        let (catalog, findings) = catalog::read_files(&files.into());
        assert!(findings.is_empty(), "{findings:?}");
        let (currency, atoms) = gross.split_once(' ').unwrap();
        let gross =
            Amount { atoms: atoms.parse().unwrap(), currency: Currency::parse(currency).unwrap() };
        let (kim, day) =
            (catalog.parties.values().next().unwrap(), period::parse_date(day).unwrap());
        let paying = Paying::of(&Account::Payee(kim.id.clone()), gross, day);
        let told = match payout(&catalog.withholdings, kim, paying) {
            Err(error) => error.to_string(),
            Ok(it) => {
                let entry = it.entry("e", &Account::Payee(kim.id.clone())).unwrap();
                let sum = Atoms::checked_sum(it.parts().iter().map(|it| it.amount));
                assert_eq!(sum.and_then(Atoms::checked_neg), Some(gross.atoms));
                let line = |it: &PaymentPart| {
                    format!("{} {} {} {}\n", it.kind, it.other, it.amount, it.words)
                };
                let told: String = it.parts().iter().map(line).collect();
                format!("{told}{} postings", entry.postings().len())
            }
        };
        expect.assert_eq(&told);
    }

    const KOREAN: &str = r#"
        [rule]
        id = "person"
        residence = ["KR"]
        kinds = ["person"]
        rate = "3%"
        currency = "KRW"
        cut_to = "10"
        below = "1000"
        then = "local"
        [rule]
        id = "local"
        rate = "10%"
        currency = "KRW"
        cut_to = "10"
        [rule]
        id = "abroad"
        residence = ["*", "!KR"]
        rate = "22%"
        relief_rate = "10%"
    "#;

    #[test]
    fn tax_is_cut_down_and_has_a_tax_on_it() {
        let party = "kind = \"person\"\nresidence = \"KR\"";
        check(
            party,
            KOREAN,
            "KRW 1234567",
            "2021-12-01",
            expect![[r#"
            tax tax:KR -37030 person: 3 % of 1234567, cut down to 10
            tax tax:KR -3700 local: 10 % of 37030, cut down to 10
            payment cash -1193837 
            6 postings"#]],
        );
        check(
            party,
            KOREAN,
            "KRW 33000",
            "2021-12-01",
            expect![[r#"
            payment cash -33000 
            2 postings"#]],
        );
        check(
            party,
            KOREAN,
            "USD 1234.56",
            "2021-12-01",
            expect![[r#"
            tax tax:KR -37.03 person: 3 % of 1234.56, cut down to 0.01
            tax tax:KR -3.7 local: 10 % of 37.03, cut down to 0.01
            payment cash -1193.83 
            6 postings"#]],
        );
    }

    #[test]
    fn a_paper_counts_on_the_day_of_payment() {
        let party = "kind = \"person\"\nresidence = \"US\"\nrelief = [{ country = \"KR\", from = \
                     2021-01-01, until = 2021-12-31, paper = \"A-1\" }]";
        check(
            party,
            KOREAN,
            "KRW 1000000",
            "2021-12-31",
            expect![[r#"
            tax tax:KR -100000 abroad: 10 % of 1000000, cut down to 1, by A-1
            payment cash -900000 
            4 postings"#]],
        );
        check(
            party,
            KOREAN,
            "KRW 1000000",
            "2022-01-01",
            expect![[r#"
            tax tax:KR -220000 abroad: 22 % of 1000000, cut down to 1
            payment cash -780000 
            4 postings"#]],
        );
    }

    #[test]
    fn each_kind_of_income_has_its_own_rate() {
        let rules = format!(
            "{KOREAN}[rule]\nid = \"abroad-works\"\nresidence = [\"*\", \"!KR\"]\n\
             rights_types = [\"work\"]\nrate = \"22%\"\nrelief_rate = \"5%\"\n"
        );
        let rules = rules.replace("[rule]", "[[withholding]]\nsource = \"x\"\ncountry = \"KR\"");
        let party = "[[party]]\nid = \"kim\"\nkind = \"person\"\nnames = { en = \"Kim\" }\n\
                     residence = \"US\"\nrelief = [\n    { country = \"KR\", from = 2021-01-01, until = \
                     2021-12-31, rights_types = [\"work\"], paper = \"A-1\" },\n]\n";
        let files =
            [("parties.toml".to_owned(), party.to_owned()), ("taxes.toml".to_owned(), rules)];
        let (catalog, findings) = catalog::read_files(&files.into());
        assert!(findings.is_empty(), "{findings:?}");
        let kim = catalog.parties.values().next().unwrap();
        let gross =
            Amount { atoms: Atoms::from_units(1000), currency: Currency::parse("USD").unwrap() };
        let withheld = |account: Account, day: &str| {
            let day = period::parse_date(day).unwrap();
            let paid = payout(&catalog.withholdings, kim, Paying::of(&account, gross, day));
            paid.unwrap().taxes.iter().map(|it| format!("{} {}", it.rule, it.amount)).collect()
        };
        let of = |account: &str, day: &str| -> Vec<String> {
            withheld(Account::parse(account).unwrap(), day)
        };
        assert_eq!(of("payee:kim@work", "2021-06-01"), ["abroad-works 50"]);
        assert_eq!(of("payee:kim@work", "2022-06-01"), ["abroad-works 220"]);
        assert_eq!(of("payee:kim@performer", "2021-06-01"), ["abroad 220"]);
        assert_eq!(of("fee:kim", "2021-06-01"), ["abroad 220"]);
    }

    #[test]
    fn value_added_tax_comes_on_top() {
        let party = "kind = \"organisation\"\nresidence = \"KR\"\nself_bill = [{ country = \"KR\", \
                     number = \"123-45-67890\", rate = \"10%\" }]";
        check(
            party,
            KOREAN,
            "KRW 1000009",
            "2021-12-31",
            expect![[r#"
            vat vat:KR 100000 10 % of 1000009, number 123-45-67890
            payment cash -1100009 
            4 postings"#]],
        );
    }

    #[test]
    fn what_cannot_be_known_is_not_paid() {
        check(
            "kind = \"person\"",
            KOREAN,
            "KRW 1000",
            "2021-12-31",
            expect![
                "the tax to withhold depends on its residence, which the catalogue does not say"
            ],
        );
        let all = "[rule]\nid = \"all\"\nrate = \"100%\"";
        check(
            "kind = \"person\"",
            all,
            "KRW 1000",
            "2021-12-31",
            expect!["the tax to withhold leaves nothing to pay"],
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_on_the_way(units in 1_i64.., num in 0_u128..=100, cut in 1_i64..1000) {
            let krw = Currency::parse("KRW").unwrap();
            let gross = Atoms::from_units(units);
            let rate = Ratio::parse(&format!("{num}%")).unwrap();
            let cut = Atoms::from_units(cut);
            let tax = part(gross, rate, cut).unwrap();
            let exact = gross.mul_ratio(rate, Rounding::Down).unwrap();
            prop_assert!(tax <= exact && exact < tax.checked_add(cut).unwrap());
            prop_assert_eq!(tax.raw() % cut.raw(), 0);
            prop_assert_eq!(minor_unit(krw).unwrap(), Atoms::from_units(1));
        }
    }
}
