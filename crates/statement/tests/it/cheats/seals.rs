//! Seals that do not close, or say something else than they commit to. The operator cheats.

use std::rc::Rc;

use money::Atoms;
use statement::{Branch, Category, Seal};

use super::case::Case;
use super::{Cheat, operator};
use crate::world::{atoms, minus, plus};

/// The largest sum, and the first that is too large.
const MOST: &str = "170141183460469231731.687303715884105727";
const TOO_MUCH: &str = "170141183460469231731.687303715884105728";

pub(super) const CHEATS: &[Cheat] = &[
    operator("sources below what was given", 17, |it| {
        let less = it.some();
        seal(it, move |seal| add(&mut seal.sources, 1, less))
    }),
    operator("sources above what was given", 17, |it| {
        let more = it.some();
        seal(it, move |seal| add(&mut seal.sources, 0, more))
    }),
    operator("a category that does not close", 17, |it| {
        let (which, column, more) = (it.rng.below(9), it.rng.below(8), it.some());
        seal(it, move |seal| {
            let which = which % seal.categories.len();
            add(&mut seal.categories[which].accounts, column, more);
        })
    }),
    operator("closings that do not cancel", 17, |it| {
        let (which, more) = (it.rng.below(9), it.some());
        seal(it, move |seal| {
            let which = which % seal.categories.len();
            let of = &mut seal.categories[which].accounts;
            [4, 6].iter().for_each(|it| add(of, *it, more));
        })
    }),
    operator("openings that do not cancel", 17, |it| {
        let (which, more) = (it.rng.below(9), it.some());
        seal(it, move |seal| {
            let which = which % seal.categories.len();
            let of = &mut seal.categories[which].accounts;
            [0, 5].iter().for_each(|it| add(of, *it, more));
        })
    }),
    operator("a category left out", 17, |it| {
        let which = it.rng.below(9);
        it.choose(|it| !it.balance.closing.is_zero())?;
        let account = it.account.clone();
        seal(it, move |seal| {
            // Not that of the account alone: what is left has to look whole.
            let own = crate::world::trees::category(&account).to_owned();
            let which = which % seal.categories.len();
            let other = seal.categories[which].name == own;
            if !other && sums(&seal.categories[which].accounts).iter().any(|it| !it.is_zero()) {
                seal.categories.remove(which);
            } else {
                seal.categories.retain(|it| it.name != own);
            }
        })
    }),
    operator("a category twice", 17, |it| {
        let which = it.rng.below(9);
        seal(it, move |seal| {
            let which = which % seal.categories.len();
            let again = seal.categories[which].clone();
            seal.categories.insert(which, again);
        })
    }),
    operator("categories in another order", 17, |it| seal(it, |seal| seal.categories.reverse())),
    operator("a category that hides in another", 17, |it| {
        seal(it, |seal| {
            let empty = empty_category("payee:hidden");
            seal.categories.push(empty);
            seal.categories.sort_by(|a, b| a.name.cmp(&b.name));
        })
    }),
    operator("a negative sum", 17, |it| {
        let (which, column) = (it.rng.below(9), it.rng.below(8));
        seal(it, move |seal| {
            let which = which % seal.categories.len();
            seal.categories[which].accounts.sums[column] = "-1".into();
        })
    }),
    operator("a sum of 2^127", 17, |it| {
        let (which, column) = (it.rng.below(9), it.rng.below(8));
        seal(it, move |seal| {
            let which = which % seal.categories.len();
            seal.categories[which].accounts.sums[column] = TOO_MUCH.into();
        })
    }),
    operator("sources of 2^127", 17, |it| {
        let column = it.rng.below(2);
        seal(it, move |seal| seal.sources.sums[column] = TOO_MUCH.into())
    }),
    operator("sums that wrap around", 17, |it| {
        seal(it, |seal| {
            // Together 2^128 and more on one side: by wrapping numbers, they would cancel.
            for name in ["x1", "x2", "x3", "x4"] {
                let mut category = empty_category(name);
                for column in [0, 6] {
                    category.accounts.sums[column] = MOST.into();
                }
                seal.categories.push(category);
            }
            let mut rest = empty_category("x5");
            for column in [0, 6] {
                rest.accounts.sums[column] = "0.000000000000000004".into();
            }
            seal.categories.push(rest);
        })
    }),
    operator("a column too few", 17, |it| {
        seal(it, |seal| seal.categories[0].accounts.sums.truncate(7))
    }),
    operator("a sum written otherwise", 17, |it| {
        let column = it.rng.below(8);
        seal(it, move |seal| {
            let sum = &mut seal.categories[0].accounts.sums[column];
            sum.push_str(if sum.contains('.') { "0" } else { ".0" });
        })
    }),
    operator("a root that is no hash", 17, |it| {
        seal(it, |seal| seal.sources.root = seal.sources.root.to_uppercase() + "A")
    }),
    operator("sums moved from one category to another", 18, |it| {
        let more = it.some();
        let account = it.account.clone();
        seal(it, move |seal| {
            let own = crate::world::trees::category(&account);
            let other = seal.categories.iter().position(|it| it.name != own).unwrap();
            let own = seal.categories.iter().position(|it| it.name == own).unwrap();
            // One moved more away and closed with less, the other the other way round.
            for (at, columns) in [(own, [5, 7]), (other, [4, 6])] {
                columns.iter().for_each(|it| add(&mut seal.categories[at].accounts, *it, more));
            }
        })
    }),
    operator("a wrong count of accounts", 18, |it| {
        let (account, other) = (it.account.clone(), it.rng.below(3));
        seal(it, move |seal| {
            let own = crate::world::trees::category(&account);
            let of = seal.categories.iter_mut().find(|it| it.name == own).unwrap();
            count(&mut of.accounts, other);
        })
    }),
    operator("a wrong count of sources", 19, |it| {
        it.choose(|it| !it.lines.is_empty())?;
        let other = it.rng.below(3);
        seal(it, move |seal| count(&mut seal.sources, other))
    }),
    operator("another root of accounts", 18, |it| {
        let (account, other) = (it.account.clone(), it.rng.bytes());
        seal(it, move |seal| {
            let own = crate::world::trees::category(&account);
            let of = seal.categories.iter_mut().find(|it| it.name == own).unwrap();
            of.accounts.root = statement::hex(&other);
        })
    }),
    operator("another root of sources", 19, |it| {
        let other = it.rng.bytes();
        seal(it, move |seal| seal.sources.root = statement::hex(&other))
    }),
    operator("sources with both sides raised", 19, |it| {
        let more = it.some();
        seal(it, move |seal| [0, 1].iter().for_each(|it| add(&mut seal.sources, *it, more)))
    }),
    operator("a seal of another settlement", 17, |it| seal(it, |seal| seal.settlement.push('x'))),
    operator("a seal of another period", 17, |it| seal(it, |seal| seal.period.push('x'))),
    operator("a seal in another currency", 17, |it| {
        seal(it, |seal| seal.currency = money::Currency::parse("CHF").unwrap())
    }),
    operator("a seal of another kind", 17, |it| seal(it, |seal| seal.kind.push('s'))),
    operator("a seal of another format", 17, |it| seal(it, |seal| seal.format.push('0'))),
    operator("a seal with a field more", 17, |it| {
        text(it, |text| text.replacen('{', "{\"a\":1,", 1))
    }),
    operator("a seal with a field less", 17, |it| {
        text(it, |text| text.replacen("\"inputs\":", "\"input\":", 1))
    }),
    operator("a seal that is not canonical", 17, |it| text(it, |text| text.replacen(',', ", ", 1))),
    operator("a seal with a key twice", 17, |it| {
        text(it, |text| {
            text.replacen("\"kind\":\"seal\",", "\"kind\":\"seal\",\"kind\":\"seal\",", 1)
        })
    }),
];

/// The operator seals something else than the trees have. Later seals are not asked.
fn seal(case: &mut Case, change: impl Fn(&mut Seal) + 'static) -> Option<Vec<u8>> {
    case.on_seal(change);
    case.bytes()
}

fn text(case: &mut Case, change: fn(&str) -> String) -> Option<Vec<u8>> {
    case.draft()
        .on_text
        .push(Rc::new(move |bytes| change(&String::from_utf8(bytes).unwrap()).into_bytes()));
    case.bytes()
}

fn sums(of: &Branch) -> Vec<Atoms> {
    of.sums.iter().map(|it| atoms(it)).collect()
}

fn add(of: &mut Branch, column: usize, more: Atoms) {
    of.sums[column] = plus(atoms(&of.sums[column]), more).to_string();
}

fn count(of: &mut Branch, other: usize) {
    of.count = [of.count + 1, of.count * 2 + 1, of.count - 1][other];
}

fn empty_category(name: &str) -> Category {
    let sums = vec!["0".to_owned(); 8];
    Category {
        accounts: Branch { count: 1, root: statement::hex(&[7; 32]), sums },
        name: name.to_owned(),
    }
}

/// The opposite, for those who look for it.
#[test]
fn the_largest_sum_is_one_below_the_limit() {
    assert_eq!(Atoms::parse(MOST).unwrap().raw(), i128::MAX);
    assert!(Atoms::parse(TOO_MUCH).is_err());
    assert_eq!(minus(atoms(MOST), atoms(MOST)), Atoms::ZERO);
}
