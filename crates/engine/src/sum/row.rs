//! One total: a query without groups, and windows.

use datafusion::arrow::array::{ArrayRef, AsArray as _};
use datafusion::arrow::datatypes::{DataType, Decimal256Type, UInt64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::Accumulator;

use super::{DIGITS, Rule, Total, each};

#[derive(Debug)]
pub(super) struct Row {
    rule: Rule,
    total: Total,
}

impl Row {
    pub(super) fn new(rule: Rule) -> Self {
        Self { rule, total: Total::default() }
    }
}

impl Accumulator for Row {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        each(&values[0], |_, value| self.total.add(value, 1))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let answer = self.rule.answer(self.total)?;
        let narrow = answer.and_then(|it| it.to_i128());
        Ok(match self.rule.to {
            DataType::Decimal128(digits, scale) => ScalarValue::Decimal128(narrow, digits, scale),
            DataType::Decimal256(digits, scale) => ScalarValue::Decimal256(answer, digits, scale),
            // What fits the type was checked with the answer.
            DataType::Int64 => ScalarValue::Int64(narrow.and_then(|it| it.try_into().ok())),
            DataType::UInt64 => ScalarValue::UInt64(narrow.and_then(|it| it.try_into().ok())),
            ref other => {
                let wide = ScalarValue::Decimal256(answer, DIGITS, super::scale(other));
                wide.cast_to(other)?
            }
        })
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![
            ScalarValue::Decimal256(Some(self.total.sum), DIGITS, self.rule.from),
            ScalarValue::UInt64(Some(self.total.count)),
        ])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [sums, counts] = states else { return exec_err!("a partial sum has two columns") };
        let (sums, counts) =
            (sums.as_primitive::<Decimal256Type>(), counts.as_primitive::<UInt64Type>());
        for row in 0..sums.len() {
            self.total.add(sums.value(row), counts.value(row))?;
        }
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        each(&values[0], |_, value| self.total.subtract(value))
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }
}
