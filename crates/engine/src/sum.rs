//! `sum` and `avg` that are exact or fail.
//!
//! The engine's own sums of decimals and integers go around silently when they leave their type.
//! These add in 256 bits and refuse a total that does not fit. They take the place of the built-in
//! functions under the same names, in every process that takes part in a query.

mod groups;
mod row;

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray as _};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DataType, Decimal128Type, Decimal256Type, Field, FieldRef, i256,
};
use datafusion::common::{Result, exec_err, not_impl_err};
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, Signature,
};

use groups::Groups;
use row::Row;

/// Digits of a running total; an addend has at most 76, so this is the widest decimal there is.
const DIGITS: u8 = 76;

/// The functions that take the place of the built-in ones.
pub(crate) fn functions() -> Vec<Arc<AggregateUDF>> {
    let exact = |kind, inner| Arc::new(AggregateUDF::new_from_impl(Exact { kind, inner }));
    vec![exact(Kind::Sum, sum_udaf()), exact(Kind::Avg, avg_udaf())]
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Kind {
    Sum,
    Avg,
}

/// A built-in function, exact where it deals with exact numbers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Exact {
    kind: Kind,
    inner: Arc<AggregateUDF>,
}

impl Exact {
    /// Whether numbers of this type are added here; floats, durations and the like are not.
    fn takes(&self, data_type: &DataType) -> bool {
        match data_type {
            DataType::Int64 | DataType::UInt64 => self.kind == Kind::Sum,
            other => other.is_decimal(),
        }
    }

    fn rule(&self, args: &AccumulatorArgs<'_>) -> Option<Rule> {
        let from = args.expr_fields.first()?.data_type();
        self.takes(from).then(|| Rule {
            kind: self.kind,
            from: scale(from),
            to: args.return_type().clone(),
        })
    }
}

impl AggregateUDFImpl for Exact {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match (self.kind, types.first()) {
            // Narrow decimals would leave no room for a sum.
            (
                Kind::Sum,
                Some(DataType::Decimal32(digits, scale) | DataType::Decimal64(digits, scale)),
            ) => Ok(DataType::Decimal128((digits + 10).min(38), *scale)),
            _ => self.inner.return_type(types),
        }
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        match self.rule(&args) {
            None => self.inner.accumulator(args),
            Some(_) if args.is_distinct => not_impl_err!(
                "{}(DISTINCT …) of exact numbers beside another aggregate: take the distinct rows \
                 in a subquery",
                self.name()
            ),
            Some(rule) => Ok(Box::new(Row::new(rule))),
        }
    }

    fn create_sliding_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn Accumulator>> {
        match self.rule(&args) {
            None => self.inner.create_sliding_accumulator(args),
            Some(_) => self.accumulator(args),
        }
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        match args.input_fields.first().map(|it| it.data_type()) {
            Some(from) if self.takes(from) && !args.is_distinct => {
                let total = DataType::Decimal256(DIGITS, scale(from));
                let field = |name, data_type| {
                    Arc::new(Field::new(format_state_name(args.name, name), data_type, true))
                };
                Ok(vec![field("total", total), field("count", DataType::UInt64)])
            }
            _ => self.inner.state_fields(args),
        }
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs<'_>) -> bool {
        match self.rule(&args) {
            None => self.inner.groups_accumulator_supported(args),
            Some(_) => !args.is_distinct,
        }
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        match self.rule(&args) {
            None => self.inner.create_groups_accumulator(args),
            Some(rule) => Ok(Box::new(Groups::new(rule))),
        }
    }
}

/// Decimals of a type; integers have none.
fn scale(data_type: &DataType) -> i8 {
    match data_type {
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => *scale,
        _ => 0,
    }
}

/// How a total becomes an answer.
#[derive(Clone, Debug)]
struct Rule {
    kind: Kind,
    /// Decimals of the addends.
    from: i8,
    /// The answer's type.
    to: DataType,
}

/// What was added so far, in units of the addends' last decimal.
#[derive(Clone, Copy, Default, Debug)]
struct Total {
    sum: i256,
    count: u64,
}

impl Total {
    fn add(&mut self, sum: i256, count: u64) -> Result<()> {
        match (self.sum.checked_add(sum), self.count.checked_add(count)) {
            (Some(sum), Some(count)) => *self = Self { sum, count },
            _ => return exec_err!("a sum leaves 76 digits; it is refused, not wrapped"),
        }
        Ok(())
    }

    fn subtract(&mut self, sum: i256) -> Result<()> {
        match (self.sum.checked_sub(sum), self.count.checked_sub(1)) {
            (Some(sum), Some(count)) => *self = Self { sum, count },
            _ => return exec_err!("a sum leaves 76 digits; it is refused, not wrapped"),
        }
        Ok(())
    }
}

impl Rule {
    /// The answer in units of the answer's last decimal, null if nothing was added.
    fn answer(&self, total: Total) -> Result<Option<i256>> {
        if total.count == 0 {
            return Ok(None);
        }
        let answer = match self.kind {
            Kind::Sum => Some(total.sum),
            // More decimals, and the rest cut off: what the built-in function does.
            Kind::Avg => u32::try_from(scale(&self.to) - self.from)
                .ok()
                .and_then(|more| i256::from(10).checked_pow(more))
                .and_then(|more| total.sum.checked_mul(more))
                .and_then(|sum| sum.checked_div(i256::from_i128(total.count.into()))),
        };
        match answer.filter(|it| self.fits(*it)) {
            Some(answer) => Ok(Some(answer)),
            None => exec_err!(
                "a sum does not fit {}; it is refused, not wrapped: add fewer digits, such as \
                 CAST(… AS DECIMAL(38, 8)), or add first and multiply afterwards",
                self.to
            ),
        }
    }

    fn fits(&self, answer: i256) -> bool {
        let digits = |digits: u8| {
            let edge = i256::from(10).checked_pow(digits.into());
            edge.is_none_or(|edge| answer < edge && answer > -edge)
        };
        match self.to {
            DataType::Int64 => answer.to_i128().is_some_and(|it| i64::try_from(it).is_ok()),
            DataType::UInt64 => answer.to_i128().is_some_and(|it| u64::try_from(it).is_ok()),
            DataType::Decimal32(precision, _)
            | DataType::Decimal64(precision, _)
            | DataType::Decimal128(precision, _)
            | DataType::Decimal256(precision, _) => digits(precision),
            _ => false,
        }
    }
}

/// Visits the numbers of a column that are not null, widened.
fn each(column: &ArrayRef, mut visit: impl FnMut(usize, i256) -> Result<()>) -> Result<()> {
    if let Some(column) = column.as_primitive_opt::<Decimal128Type>() {
        for (row, value) in column.iter().enumerate() {
            if let Some(value) = value {
                visit(row, i256::from_i128(value))?;
            }
        }
        return Ok(());
    }
    let wide = cast(column, &DataType::Decimal256(DIGITS, scale(column.data_type())))?;
    for (row, value) in wide.as_primitive::<Decimal256Type>().iter().enumerate() {
        if let Some(value) = value {
            visit(row, value)?;
        }
    }
    Ok(())
}
