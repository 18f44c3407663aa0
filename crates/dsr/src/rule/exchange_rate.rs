//! an exchange rate is positive, and 1 between a currency and itself.

use finding::{RuleDoc, Severity};
use money::Atoms;

use crate::check::{Out, Role, Seen, State, amount};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-exchange-rate",
    severity: Severity::Warning,
    title: "an exchange rate is positive, and 1 between a currency and itself",
    doc: "Amounts of a summary record were converted with its rate. A rate of zero or below is \
          an error, and one that is not 1 between equal currencies shows that a currency or the \
          rate is wrong. Ask the sender which; the money is taken in the currency of reporting \
          or of accounting, never converted again.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if seen.facts.role != Role::Summary {
        return;
    }
    let Some(rate) = amount(seen.field(Field::ExchangeRate)) else { return };
    let from = seen.field(Field::CurrencyOfTransaction);
    let into = if seen.has(Field::CurrencyOfAccounting) {
        seen.field(Field::CurrencyOfAccounting)
    } else {
        seen.field(Field::CurrencyOfReporting)
    };
    let (message, severity) = if rate <= Atoms::ZERO {
        ("an exchange rate that is not positive", Severity::Error)
    } else if !from.is_empty() && from == into && rate != Atoms::ONE {
        ("not 1, but both currencies are the same", Severity::Warning)
    } else {
        return;
    };
    let mut finding = DOC.finding(message).at(seen.at_field(Field::ExchangeRate));
    finding.severity = severity;
    out.report(finding.evidence(rate.to_string()));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let sy = "SY01.02→S2→→→SubscriptionModel→→KR→Service→0→→KRW→1000→→";
        check(
            &super::DOC,
            &report(&format!("{sy}KRW→1.10\n{sy}USD→0\n{sy}USD→1350.5\n{sy}KRW→1.00")),
            &expect![[r#"
                warning dsr-exchange-rate r.tsv:3 SY01.02 cell 15 ExchangeRate: not 1, but both currencies are the same (1.1)
                error dsr-exchange-rate r.tsv:4 SY01.02 cell 15 ExchangeRate: an exchange rate that is not positive (0)
            "#]],
        );
    }
}
