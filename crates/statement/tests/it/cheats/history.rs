//! What was due before: seals and accounts that do not continue.

use std::rc::Rc;

use money::Atoms;
use statement::{PreviousNote, Statement};

use super::case::Case;
use super::{Cheat, operator, somebody};
use crate::world::{Before, Draft, Logged, close, minus, plus};

pub(super) const CHEATS: &[Cheat] = &[
    operator("the opening below the last closing", 23, |it| shifted(it, false, Less)),
    operator("the opening above the last closing", 23, |it| shifted(it, false, More)),
    operator("more owed than at the last closing", 23, |it| shifted(it, true, Less)),
    operator("all that was due forgotten", 23, |it| shifted(it, false, Zero)),
    operator("openings changed, with books that cancel", 17, |it| {
        continued(it)?;
        let less = it.some();
        let own = it.own_mut();
        own.balance.opening = minus(own.balance.opening, less);
        close(own);
        it.draft().balance_books();
        it.bytes()
    }),
    operator("a debt netted away", 17, netted),
    operator("what was due is dropped with its account", 17, |it| {
        continued(it)?;
        let account = it.account.clone();
        let others = |it: &&Statement| it.account != account && !it.balance.opening.is_zero();
        let draft = it.draft();
        let gone = draft.statements.iter().find(others)?.account.clone();
        draft.statements.retain(|it| it.account != gone || !it.lines.is_empty());
        if draft.statements.iter().any(|it| it.account == gone) {
            return None;
        }
        draft.balance_books();
        it.bytes()
    }),
    somebody("the account before left out", 23, |it| {
        continued(it)?;
        let mut receipt = it.receipt();
        receipt.previous.clear();
        Some(receipt.canonical())
    }),
    somebody("the account before twice", 23, |it| {
        previous(it, |_, all| {
            all.push(all[0].clone());
            Some(())
        })
    }),
    somebody("the account before: a sum changed", 23, |it| {
        previous(it, |case, all| {
            let sum = &mut all[0].sums[case.rng.below(8)];
            *sum = plus(Atoms::parse(sum).unwrap(), case.some()).to_string();
            Some(())
        })
    }),
    somebody("the account before: a sum written otherwise", 23, |it| {
        previous(it, |case, all| {
            let sum = &mut all[0].sums[case.rng.below(8)];
            sum.push_str(if sum.contains('.') { "0" } else { ".0" });
            Some(())
        })
    }),
    somebody("the account before: a sum missing", 23, |it| {
        previous(it, |_, all| {
            all[0].sums.pop();
            Some(())
        })
    }),
    somebody("the account before: another key", 23, |it| {
        previous(it, |case, all| {
            all[0].key = statement::hex(&case.rng.bytes());
            Some(())
        })
    }),
    somebody("the account before: another statement", 23, |it| {
        previous(it, |case, all| {
            all[0].statement = statement::hex(&case.rng.bytes());
            Some(())
        })
    }),
    somebody("the account before: other lines", 23, |it| {
        previous(it, |case, all| {
            all[0].lines.root = statement::hex(&case.rng.bytes());
            Some(())
        })
    }),
    somebody("the account before: other sums of lines", 23, |it| {
        previous(it, |case, all| {
            let sum = &mut all[0].lines.sums[case.rng.below(2)];
            *sum = plus(Atoms::parse(sum).unwrap(), case.some()).to_string();
            Some(())
        })
    }),
    somebody("the account before: another number of lines", 23, |it| {
        previous(it, |_, all| {
            all[0].lines.count += 1;
            Some(())
        })
    }),
    somebody("the account before: another place", 23, |it| {
        previous(it, |case, all| {
            all[0].path.at += 1 + case.rng.below(3) as u64;
            Some(())
        })
    }),
    somebody("the account before: in another seal", 23, |it| {
        previous(it, |case, all| {
            all[0].entry = *case.rng.pick(&[0, 2, 99, u64::MAX]);
            Some(())
        })
    }),
    operator("the account before: another one's", 23, |it| {
        continued(it)?;
        let before = it.world.draft_before(it.at)?;
        let book = it.world.publish();
        let own = it.account.clone();
        let others: Vec<String> = it.world.drafts[before]
            .statements
            .iter()
            .map(|it| it.account.clone())
            .filter(|it| *it != own)
            .collect();
        let other = others.first()?;
        let note = book.previous(&it.world, before, other)?;
        let mut receipt = it.receipt();
        receipt.previous = vec![PreviousNote { entry: 1, ..note }];
        Some(receipt.canonical())
    }),
    somebody("the seal before left out", 23, |it| {
        continued(it)?;
        let mut receipt = it.receipt();
        receipt.entries[1] = receipt.entries[0].clone();
        Some(receipt.canonical())
    }),
    operator("a seal that continues itself", 23, |it| {
        continued(it)?;
        stand_still(it.draft());
        it.draft().previous = Before::Itself;
        let mut receipt = it.receipt();
        receipt.previous.iter_mut().for_each(|it| it.entry = 0);
        Some(receipt.canonical())
    }),
    operator("a seal that continues a later one", 23, later),
    operator("a seal that continues two", 23, |it| {
        continued(it)?;
        it.on_seal(|seal| {
            let again = seal.previous[0];
            seal.previous.push(again);
        });
        it.bytes()
    }),
    operator("a seal that continues one of another currency", 23, |it| {
        continued(it)?;
        let own = it.world.drafts[it.at].currency;
        let other = (0..it.at).find(|at| it.world.drafts[*at].currency != own)?;
        it.draft().previous = Before::Draft(other);
        it.bytes()
    }),
    operator("a seal that continues what is no seal", 23, |it| {
        continued(it)?;
        it.draft().previous = Before::Entry(0);
        it.bytes()
    }),
    operator("a seal that continues none, with openings", 17, |it| {
        continued(it)?;
        it.draft().previous = Before::Nothing;
        it.bytes()
    }),
    operator("the seal before does not close", 17, |it| {
        continued(it)?;
        let before = it.world.draft_before(it.at)?;
        let (which, column, more) = (it.rng.below(9), 2 + it.rng.below(4), it.some());
        it.world.drafts[before].on_seal.push(Rc::new(move |seal| {
            let which = which % seal.categories.len();
            let sum = &mut seal.categories[which].accounts.sums[column];
            *sum = plus(Atoms::parse(sum).unwrap(), more).to_string();
        }));
        it.bytes()
    }),
];

/// Takes the last statement of an account that stood in the seal before with something.
fn continued(case: &mut Case) -> Option<()> {
    case.choose_last(|it| !it.balance.opening.is_zero())
}

fn previous(
    case: &mut Case,
    change: fn(&mut Case, &mut Vec<PreviousNote>) -> Option<()>,
) -> Option<Vec<u8>> {
    continued(case)?;
    let mut receipt = case.receipt();
    change(case, &mut receipt.previous)?;
    Some(receipt.canonical())
}

#[derive(Clone, Copy)]
enum Shift {
    Less,
    More,
    Zero,
}
use Shift::{Less, More, Zero};

/// The opening is another than the last closing; what is missing there opens another account of the kind,
/// so that every category continues.
fn shifted(case: &mut Case, owed: bool, shift: Shift) -> Option<Vec<u8>> {
    let payee = |it: &Statement| it.account.starts_with("payee:");
    let side = |it: &Statement| it.balance.opening.is_negative() == owed;
    case.choose_last(|it| payee(it) && side(it) && !it.balance.opening.is_zero())?;
    let opening = case.own().balance.opening;
    let part = Atoms::from_raw(1 + (opening.raw().abs() - 1) / (2 + case.rng.below(5) as i128));
    let now = match (shift, owed) {
        (Less, _) => minus(opening, part),
        (More, _) => plus(opening, part),
        (Zero, _) => Atoms::ZERO,
    };
    let rest = minus(opening, now);
    // On the other side of a category it would not continue.
    if rest.is_negative() && !owed {
        // Somebody else's opening has to give what this one has more.
        let own = case.account.clone();
        let draft = case.draft();
        let gives = |it: &&mut Statement| {
            payee(it) && it.account != own && it.balance.opening >= minus(Atoms::ZERO, rest)
        };
        let other = draft.statements.iter_mut().find(gives)?;
        other.balance.opening = plus(other.balance.opening, rest);
        close(other);
    } else if owed {
        let own = case.account.clone();
        let draft = case.draft();
        let gives = |it: &&mut Statement| {
            payee(it)
                && it.account != own
                && it.balance.opening.is_negative()
                && plus(it.balance.opening, rest) <= Atoms::ZERO
        };
        let other = draft.statements.iter_mut().find(gives)?;
        other.balance.opening = plus(other.balance.opening, rest);
        close(other);
    } else {
        case.draft().bare.insert("payee:phantom".into(), [rest; 2]);
    }
    let own = case.own_mut();
    own.balance.opening = now;
    close(own);
    case.draft().balance_books();
    case.bytes()
}

/// What one is due and another owes are set off against each other.
fn netted(case: &mut Case) -> Option<Vec<u8>> {
    case.choose_last(|it| it.balance.opening.is_negative())?;
    let owed = minus(Atoms::ZERO, case.own().balance.opening);
    let draft = case.draft();
    let other = draft.statements.iter_mut().find(|it| it.balance.opening > Atoms::ZERO)?;
    let part = owed.min(other.balance.opening);
    other.balance.opening = minus(other.balance.opening, part);
    close(other);
    let own = case.own_mut();
    own.balance.opening = plus(own.balance.opening, part);
    close(own);
    case.bytes()
}

/// Nothing happens to anybody, so that openings are closings; then they may be what the operator likes.
fn stand_still(draft: &mut Draft) {
    for it in &mut draft.statements {
        it.lines.clear();
        it.movements.clear();
        it.open.clear();
        it.balance.opening =
            it.balance.opening.mul_ratio(crate::world::ratio(1, 2), money::Rounding::Down).unwrap();
        close(it);
    }
    draft.bare.values_mut().for_each(|it| it[0] = it[1]);
    draft.balance_books();
}

/// The seal before is logged again, behind the one that continues it.
fn later(case: &mut Case) -> Option<Vec<u8>> {
    continued(case)?;
    let before = case.world.draft_before(case.at)?;
    let book = case.world.publish();
    let entry = usize::try_from(book.seals[before]).unwrap();
    let (name, bytes) = ("seal again".to_owned(), book.entries[entry].clone());
    let own = book.seals[case.at];
    case.draft().after.push(Logged { name, bytes });
    case.draft().previous = Before::Entry(own + 1);
    case.bytes()
}
