//! an amount in two currencies is converted with the rate.

use finding::{RuleDoc, Severity};
use money::{Atoms, Ratio, Rounding};

use crate::check::{Out, Role, Seen, State, amount};
use crate::table::Field as F;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-exchange-conversion",
    severity: Severity::Error,
    title: "an amount in two currencies is converted with the rate",
    doc: "Where a record states an amount in the currency of transaction and in that of reporting \
          or accounting, the second is the first times the exchange rate of the summary record, \
          as exactly as the digits of the three numbers allow. If it is not, one of them is \
          wrong, or another rate was used than the one that is told. The amount in the currency \
          of accounting is the one that is paid; ask the sender before it is booked.",
};

/// Amounts that are stated twice.
const PAIRS: [(F, F); 7] = [
    (F::GrossRevenueInCurrencyOfTransaction, F::GrossRevenueInCurrencyOfAccounting),
    (F::NetRevenueInCurrencyOfTransaction, F::NetRevenueInCurrencyOfAccounting),
    (F::AllocatedRevenueInCurrencyOfTransaction, F::AllocatedRevenueInCurrencyOfAccounting),
    (F::AllocatedNetRevenueInCurrencyOfTransaction, F::AllocatedNetRevenueInCurrencyOfAccounting),
    (F::SubscriptionFeeInCurrencyOfTransaction, F::SubscriptionFeeInCurrencyOfAccounting),
    (F::FinalTotalAmountInCurrencyOfTransaction, F::FinalTotalAmountInCurrencyOfAccounting),
    (F::DeductionsInCurrencyOfTransaction, F::DeductionsInCurrencyOfAccounting),
];

/// A number and half a unit of its last digit.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    value: Atoms,
    half_unit: Atoms,
}

impl Stated {
    /// Reads a number with its precision.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let value = crate::value::decimal(text).ok()?;
        let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = u32::try_from(digits).ok().filter(|digits| *digits <= 18)?;
        Some(Self { value, half_unit: Atoms::from_raw(10_i128.pow(18 - digits) / 2) })
    }
}

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    let rate = match seen.facts.role {
        Role::Summary => Stated::read(&seen.field(F::ExchangeRate).text()),
        Role::Block if seen.record.is(b"SR08") => {
            state.rate(seen.field(F::SummaryRecordId)).copied()
        }
        _ => None,
    };
    let Some(rate) = rate.filter(|rate| rate.value > Atoms::ZERO) else { return };
    for (from, into) in PAIRS {
        let (from, cell) = (seen.field(from), seen.field(into));
        if from.is_empty() || cell.is_empty() {
            continue;
        }
        let (Some(stated), Some(converted)) =
            (Stated::read(&from.text()), Stated::read(&cell.text()))
        else {
            continue;
        };
        let Some((exact, doubt)) = convert(stated, rate) else { continue };
        let allowed = doubt.checked_add(converted.half_unit).and_then(|it| it.checked_add(ATOM));
        let off = converted.value.checked_sub(exact).map(Atoms::raw).map(i128::unsigned_abs);
        if allowed.zip(off).is_some_and(|(allowed, off)| off > allowed.raw().unsigned_abs()) {
            let message = format!("{} times the rate {} is {exact}", stated.value, rate.value);
            out.report(DOC.finding(message).at(seen.at_field(into)).evidence_bytes(cell.raw()));
        }
    }
}

const ATOM: Atoms = Atoms::from_raw(2);

/// The product, and how far it may be off for the digits of both.
fn convert(from: Stated, rate: Stated) -> Option<(Atoms, Atoms)> {
    let times = |value: Atoms, factor: Atoms| {
        let ratio = Ratio::new(factor.raw().unsigned_abs(), Atoms::ONE.raw().unsigned_abs())?;
        value.mul_ratio(ratio, Rounding::Floor)
    };
    let exact = times(from.value, rate.value)?;
    let doubt =
        times(rate.half_unit, from.value)?.checked_add(times(from.half_unit, rate.value)?)?;
    Some((exact, doubt))
}

/// The exchange rate that a summary record tells.
pub(crate) fn rate(cell: crate::Cell<'_>) -> Option<Stated> {
    amount(cell).and_then(|_| Stated::read(&cell.text()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let sy = |rate: &str, from: &str, into: &str| {
            format!("SY10→S2{}→KRW→USD→{rate}→→→{from}→{into}", "→".repeat(18))
        };
        let sr = |from: &str, into: &str| {
            format!("SR08→T{from}{}→S2{}→{from}→{into}", "→".repeat(22), "→".repeat(20))
        };
        let lines = [
            sy("0.00074", "100000", "74.00"),
            sy("0.00074", "100000", "74.50"),
            sy("0.00074", "100000", "75.51"),
            sy("0", "100000", "75.51"),
            sr("1.5", "0.00111"),
            sr("2.5", "0.01185"),
        ];
        check(
            &super::DOC,
            &report(&lines.join("\n")),
            &expect![[r#"
                error dsr-exchange-conversion r.tsv:5 SY10 cell 27 GrossRevenueInCurrencyOfAccounting: 100000 times the rate 0.00074 is 74 (75.51)
                error dsr-exchange-conversion r.tsv:11 SR08 cell 47 AllocatedNetRevenueInCurrencyOfAccounting: 2.5 times the rate 0.00074 is 0.00185 (0.01185)
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
