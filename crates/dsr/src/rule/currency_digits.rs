//! a total that is to be paid has the digits of its currency.

use finding::{RuleDoc, Severity};
use money::{Currency, Rounding};

use crate::check::{Out, Role, Seen, State, amount};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-currency-digits",
    severity: Severity::Warning,
    title: "a total that is to be paid has the digits of its currency",
    doc: "The final total of a summary record is what will be paid, and nobody can pay half a won \
          or a tenth of a cent: more digits than the currency's minor unit are a total before \
          rounding. The payment will differ, and how it was rounded is not said; it is money \
          that no line explains. Amounts of single lines may have any digits.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if seen.facts.role != Role::Summary {
        return;
    }
    for (total, currency) in [
        (Field::FinalTotalAmountInCurrencyOfTransaction, Field::CurrencyOfTransaction),
        (Field::FinalTotalAmountInCurrencyOfAccounting, Field::CurrencyOfAccounting),
    ] {
        let Some(stated) = amount(seen.field(total)) else { continue };
        let Ok(currency) = Currency::parse(seen.field(currency).text().trim()) else { continue };
        let digits = currency.minor_digits();
        let rest = stated.checked_quantise(digits, Rounding::Floor).map(|(_, rest)| rest);
        if rest.is_some_and(|rest| !rest.is_zero()) {
            let finding = DOC.finding(format!("{currency} has {digits} decimals"));
            out.report(finding.at(seen.at_field(total)).evidence(stated.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let cells = "→".repeat(17);
        let sy = format!("SY10→S2{cells}→→KRW→USD{}", "→".repeat(21));
        check(
            &super::DOC,
            &report(&format!("{sy}→→1000.5→0.745\n{sy}→→1000.00→0.74")),
            &expect![[r#"
                warning dsr-currency-digits r.tsv:3 SY10 cell 45 FinalTotalAmountInCurrencyOfTransaction: KRW has 0 decimals (1000.5)
                warning dsr-currency-digits r.tsv:3 SY10 cell 46 FinalTotalAmountInCurrencyOfAccounting: USD has 2 decimals (0.745)
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
