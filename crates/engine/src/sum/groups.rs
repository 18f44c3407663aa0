//! A total for each group.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray as _, BooleanArray, Decimal256Array, UInt64Array,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{Decimal256Type, UInt64Type, i256};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::{DIGITS, Rule, Total, each, scale};

#[derive(Debug)]
pub(super) struct Groups {
    rule: Rule,
    totals: Vec<Total>,
}

impl Groups {
    pub(super) const fn new(rule: Rule) -> Self {
        Self { rule, totals: Vec::new() }
    }

    fn column(values: impl Iterator<Item = Option<i256>>, scale: i8) -> Result<ArrayRef> {
        let column: Decimal256Array = values.collect();
        Ok(Arc::new(column.with_precision_and_scale(DIGITS, scale)?))
    }

    fn states(&self, totals: &[Total]) -> Result<Vec<ArrayRef>> {
        let sums = Self::column(totals.iter().map(|it| Some(it.sum)), self.rule.from)?;
        let counts: UInt64Array = totals.iter().map(|it| Some(it.count)).collect();
        Ok(vec![sums, Arc::new(counts)])
    }
}

fn admits(filter: Option<&BooleanArray>, row: usize) -> bool {
    filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row))
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        count: usize,
    ) -> Result<()> {
        self.totals.resize(count, Total::default());
        each(&values[0], |row, value| match admits(filter, row) {
            true => self.totals[groups[row]].add(value, 1),
            false => Ok(()),
        })
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let totals = emit.take_needed(&mut self.totals);
        let answers: Vec<Option<i256>> =
            totals.into_iter().map(|it| self.rule.answer(it)).collect::<Result<_>>()?;
        // Every answer fits the type, so the cast changes no number.
        let wide = Self::column(answers.into_iter(), scale(&self.rule.to))?;
        Ok(cast(&wide, &self.rule.to)?)
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        let totals = emit.take_needed(&mut self.totals);
        self.states(&totals)
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], count: usize) -> Result<()> {
        let [sums, counts] = states else { return exec_err!("a partial sum has two columns") };
        let (sums, counts) =
            (sums.as_primitive::<Decimal256Type>(), counts.as_primitive::<UInt64Type>());
        self.totals.resize(count, Total::default());
        for (row, group) in groups.iter().enumerate() {
            self.totals[*group].add(sums.value(row), counts.value(row))?;
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let mut totals = vec![Total::default(); values[0].len()];
        each(&values[0], |row, value| match admits(filter, row) {
            true => totals[row].add(value, 1),
            false => Ok(()),
        })?;
        self.states(&totals)
    }

    fn size(&self) -> usize {
        self.totals.capacity() * size_of::<Total>()
    }
}
