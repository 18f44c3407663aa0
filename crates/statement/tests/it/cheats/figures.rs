//! What a statement says is changed: by somebody, or by the operator before it is sealed.

use money::{Atoms, Ratio};
use statement::{Measure, Statement, TermNote};

use super::case::Case;
use super::{Cheat, operator, somebody};
use crate::world::{close, minus, plus, ratio};

pub(super) const CHEATS: &[Cheat] = &[
    somebody("an amount changed", 11, |it| changed(it, amount)),
    somebody("the closing changed alone", 11, |it| {
        changed(it, |case, own| {
            own.balance.closing = plus(own.balance.closing, case.some());
            Some(())
        })
    }),
    somebody("what is payable changed alone", 11, |it| {
        changed(it, |case, own| {
            own.balance.payable = plus(own.balance.payable, case.some());
            Some(())
        })
    }),
    somebody("a line left out, sums made new", 18, |it| changed(it, left_out)),
    somebody("a line twice, sums made new", 18, |it| changed(it, line_twice)),
    somebody("lines in another order", 18, |it| changed(it, line_order)),
    somebody("how often it was used changed", 18, |it| changed(it, usages)),
    somebody("the report's lines changed", 18, |it| changed(it, report_lines)),
    somebody("the opening raised, sums made new", 18, |it| {
        changed(it, |case, own| {
            own.balance.opening = plus(own.balance.opening, case.some());
            close(own);
            Some(())
        })
    }),
    somebody("a payment left out, sums made new", 18, |it| changed(it, movement)),
    somebody("the holder's name changed", 18, |it| {
        changed(it, |_, own| {
            own.name.push('x');
            Some(())
        })
    }),
    somebody("the operator's name changed", 18, |it| {
        changed(it, |_, own| {
            own.operator.push('x');
            Some(())
        })
    }),
    somebody("another account of the kind", 18, |it| {
        changed(it, |_, own| {
            own.account.push('x');
            Some(())
        })
    }),
    somebody("an account of another kind", 18, |it| {
        changed(it, |_, own| {
            own.account = if own.account == "retained" { "payee:x" } else { "retained" }.into();
            Some(())
        })
    }),
    somebody("a title changed", 18, |it| {
        changed(it, |case, own| {
            let at = case.rng.below(own.recordings.len().max(1));
            own.recordings.get_mut(at)?.title.push('x');
            Some(())
        })
    }),
    somebody("the settlement's name changed", 17, |it| {
        changed(it, |_, own| {
            own.settlement.push('x');
            Some(())
        })
    }),
    somebody("the period changed", 17, |it| {
        changed(it, |_, own| {
            own.period.push('x');
            Some(())
        })
    }),
    somebody("the columns renamed", 11, |it| {
        changed(it, |_, own| {
            own.columns.swap(2, 3);
            Some(())
        })
    }),
    somebody("a line that points nowhere", 11, |it| {
        changed(it, |case, own| {
            let at = case.rng.below(own.lines.len().max(1));
            own.lines.get_mut(at)?.term = *case.rng.pick(&[own.terms.len() as u64, u64::MAX]);
            Some(())
        })
    }),
    operator("a line lowered, all else made new", 11, |it| sealed(it, lowered)),
    operator("a hidden fee in the fraction", 11, |it| sealed(it, hidden_fee)),
    operator("a licence on what was received", 11, |it| sealed(it, licence)),
    operator("received below the licence", 11, |it| sealed(it, received)),
    operator("an exchange rate without its source", 11, |it| sealed(it, untold)),
    operator("an exchange rate of zero", 11, |it| sealed(it, zero_rate)),
    operator("an exchange rate on the own currency", 11, |it| sealed(it, own_rate)),
    operator("another exchange rate than the lines", 11, |it| sealed(it, other_rate)),
    operator("a part of the price without a price", 11, |it| sealed(it, no_price)),
    operator("the royalty on the price borne", 11, |it| sealed(it, borne)),
    operator("a term on more than all", 11, |it| sealed(it, more_than_all)),
    operator("more kept back than stands open", 11, |it| sealed(it, over_recouped)),
    operator("a reserve or advance that does not close", 11, |it| sealed(it, open)),
    operator("a movement that is not counted", 17, |it| sealed(it, uncounted)),
    operator("less payable than there is", 11, |it| sealed(it, payable)),
    operator("a rounding that is none", 11, |it| sealed(it, rounding)),
];

type Change = fn(&mut Case, &mut Statement) -> Option<()>;

/// Somebody changes the statement in a receipt.
fn changed(case: &mut Case, change: Change) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    change(case, &mut receipt.statement)?;
    Some(receipt.canonical())
}

/// The operator changes a statement and seals it so.
fn sealed(case: &mut Case, change: Change) -> Option<Vec<u8>> {
    case.choose_last(|it| !it.lines.is_empty())?;
    let mut own = case.own().clone();
    change(case, &mut own)?;
    *case.own_mut() = own;
    case.draft().balance_books();
    case.bytes()
}

fn any_line<'a>(
    case: &mut Case,
    own: &'a mut Statement,
    wanted: impl Fn(&Statement, &statement::Line) -> bool,
) -> Option<&'a mut statement::Line> {
    let found: Vec<usize> =
        (0..own.lines.len()).filter(|at| wanted(own, &own.lines[*at])).collect();
    if found.is_empty() {
        return None;
    }
    own.lines.get_mut(*case.rng.pick(&found))
}

fn amount(case: &mut Case, own: &mut Statement) -> Option<()> {
    let more = case.some();
    // An atom more can be another rounding, so two at least.
    let more = plus(more, Atoms::from_raw(1));
    let line = any_line(case, own, |_, _| true)?;
    line.amount =
        if case.rng.one_in(2) { plus(line.amount, more) } else { minus(line.amount, more) };
    Some(())
}

fn left_out(case: &mut Case, own: &mut Statement) -> Option<()> {
    let at = case.rng.below(own.lines.len().max(1));
    own.lines.get(at)?;
    own.lines.remove(at);
    close(own);
    Some(())
}

fn line_twice(case: &mut Case, own: &mut Statement) -> Option<()> {
    let at = case.rng.below(own.lines.len().max(1));
    let line = *own.lines.get(at)?;
    own.lines.push(line);
    close(own);
    Some(())
}

fn line_order(case: &mut Case, own: &mut Statement) -> Option<()> {
    let (at, end) = (case.rng.below(own.lines.len().max(1)), own.lines.len().checked_sub(1)?);
    let differ = own.lines[at] != own.lines[end];
    own.lines.swap(at, end);
    differ.then_some(())
}

fn usages(case: &mut Case, own: &mut Statement) -> Option<()> {
    let more = case.some();
    let line = any_line(case, own, |own, it| {
        own.terms[usize::try_from(it.term).unwrap()].measure == Measure::Received
    })?;
    line.usages = plus(line.usages, more);
    Some(())
}

fn report_lines(case: &mut Case, own: &mut Statement) -> Option<()> {
    let line = any_line(case, own, |_, _| true)?;
    line.last_line += 1;
    Some(())
}

fn movement(case: &mut Case, own: &mut Statement) -> Option<()> {
    let found = own.movements.iter().position(|it| it.kind != "recoup")?;
    own.movements.remove(found);
    close(own);
    case.rng.next();
    Some(())
}

fn lowered(case: &mut Case, own: &mut Statement) -> Option<()> {
    let less = plus(case.some(), Atoms::from_raw(1));
    let line = any_line(case, own, |_, _| true)?;
    line.amount = minus(line.amount, less);
    close(own);
    Some(())
}

fn hidden_fee(case: &mut Case, own: &mut Statement) -> Option<()> {
    let kept = ratio(case.rng.below(99) as u128 + 1, 100);
    let at = case.rng.below(own.terms.len());
    let term = &mut own.terms[at];
    term.fraction = term.fraction.checked_mul(kept)?;
    for it in own.lines.iter_mut().filter(|it| it.term == at as u64) {
        it.amount = it.amount.mul_ratio(kept, money::Rounding::Down)?;
    }
    close(own);
    Some(())
}

fn licence(case: &mut Case, own: &mut Statement) -> Option<()> {
    let source = own.sources.iter_mut().find(|it| it.basis == "received")?;
    source.licence_rate = ratio(case.rng.below(9) as u128 + 1, 10);
    Some(())
}

fn received(case: &mut Case, own: &mut Statement) -> Option<()> {
    let less = case.some();
    let line = any_line(case, own, |_, _| true)?;
    line.received = minus(line.received, less);
    Some(())
}

fn untold(case: &mut Case, own: &mut Statement) -> Option<()> {
    let source = own.sources.iter_mut().find(|it| !it.rate_day.is_empty())?;
    match case.rng.below(2) {
        0 => source.rate_day.clear(),
        _ => source.rate_source.clear(),
    }
    Some(())
}

fn zero_rate(_: &mut Case, own: &mut Statement) -> Option<()> {
    own.sources.iter_mut().find(|it| !it.rate_day.is_empty())?.rate = Ratio::ZERO;
    Some(())
}

fn own_rate(_: &mut Case, own: &mut Statement) -> Option<()> {
    let source = own.sources.iter_mut().find(|it| it.rate_day.is_empty())?;
    source.rate = ratio(99, 100);
    Some(())
}

fn other_rate(_: &mut Case, own: &mut Statement) -> Option<()> {
    let exchanged = |it: &statement::Line| {
        let source = &own.sources[usize::try_from(it.source).unwrap()];
        !source.rate_day.is_empty() && it.amount.raw().unsigned_abs() > 10
    };
    let at = usize::try_from(own.lines.iter().find(|it| exchanged(it))?.source).unwrap();
    own.sources[at].rate = own.sources[at].rate.checked_mul(ratio(1, 2))?;
    Some(())
}

fn no_price(case: &mut Case, own: &mut Statement) -> Option<()> {
    let line = any_line(case, own, |own, it| {
        own.terms[usize::try_from(it.term).unwrap()].measure == Measure::Price
    })?;
    let at = usize::try_from(line.context).unwrap();
    own.contexts[at].unit_price = (*case.rng.pick(&["", "free", "1e3"])).into();
    Some(())
}

fn borne(case: &mut Case, own: &mut Statement) -> Option<()> {
    let line = *any_line(case, own, |own, it| {
        let term = &own.terms[usize::try_from(it.term).unwrap()];
        term.measure == Measure::Price && term.kind == "royalty-rate" && !it.amount.is_zero()
    })?;
    own.terms[usize::try_from(line.term).unwrap()].kind = TermNote::PRICE_BORNE.into();
    Some(())
}

/// The same fraction, as half a fraction of twice of what there is.
fn more_than_all(case: &mut Case, own: &mut Statement) -> Option<()> {
    let at = case.rng.below(own.terms.len());
    let term = &mut own.terms[at];
    term.of = ratio(2, 1);
    term.rate = term.fraction.checked_mul(ratio(1, 2))?;
    Some(())
}

fn over_recouped(_: &mut Case, own: &mut Statement) -> Option<()> {
    let open = own.open.first_mut()?;
    let at = own.movements.iter().position(|it| it.other == open.account)?;
    let more = plus(open.closing, Atoms::from_raw(1));
    open.closing = Atoms::from_raw(-1);
    own.movements[at].amount = minus(own.movements[at].amount, more);
    close(own);
    Some(())
}

fn open(case: &mut Case, own: &mut Statement) -> Option<()> {
    let more = case.some();
    let open = own.open.first_mut()?;
    open.closing = plus(open.closing, more);
    Some(())
}

fn uncounted(case: &mut Case, own: &mut Statement) -> Option<()> {
    let at = case.rng.below(own.movements.len().max(1));
    let amount = own.movements.get(at).filter(|it| !it.amount.is_zero())?.amount;
    own.balance.moved = minus(own.balance.moved, amount);
    own.balance.closing = minus(own.balance.closing, amount);
    Some(())
}

fn payable(_: &mut Case, own: &mut Statement) -> Option<()> {
    let balance = &mut own.balance;
    if balance.payable.is_zero() {
        return None;
    }
    balance.carried = balance.closing;
    balance.payable = Atoms::ZERO;
    Some(())
}

fn rounding(case: &mut Case, own: &mut Statement) -> Option<()> {
    use statement::Rounded::{Down, Exact, Up};
    let line = any_line(case, own, |_, _| true)?;
    line.rounded = match line.rounded {
        Exact => *case.rng.pick(&[Down, Up]),
        Down => *case.rng.pick(&[Exact, Up]),
        Up => *case.rng.pick(&[Exact, Down]),
    };
    Some(())
}
