//! What no receipt can catch, whoever looks at it: each is shown to pass.
//!
//! Against these stand other things than a receipt: the report itself, attested by who sent it; the
//! agreement that one signed; an older receipt; somebody who reads the whole log; the bank; several
//! payees of one cell who compare. What the specification says under "What to say" is what is shown here.

use std::rc::Rc;

use money::{Atoms, Rounding};
use statement::{
    Entry, MovementNote, Rounded, Statement, TermNote, Verdict, attestation_text, verify,
};
use tlog::{Note, SigningKey};

use crate::cheats::case::Case;
use crate::rng::Rng;
use crate::world::{Before, Logged, TRUST, World, agreement_entry, close, minus, ratio};

/// The verdict on the receipt that such an operator hands out: it holds.
fn passes(mut seed: u64, cheat: impl Fn(&mut Case) -> Option<()>) -> Verdict {
    let mut rng = Rng::new(seed);
    for _ in 0..2000 {
        seed = rng.next();
        let mut case = Case::new(seed);
        if cheat(&mut case).is_none() {
            continue;
        }
        let verdict = verify(&case.receipt().canonical(), &TRUST);
        let verdict = verdict.unwrap_or_else(|why| panic!("it is caught, seed {seed}: {why:?}"));
        assert_eq!(verdict.exit_code(), 0);
        return verdict;
    }
    panic!("no world has a place for it");
}

fn has_lines(it: &Statement) -> bool {
    it.account.starts_with("payee:") && !it.lines.is_empty()
}

/// An account of nobody's, with one line of the payee's for so much.
fn phantom(case: &mut Case, line: usize, amount: Atoms) {
    let mut phantom = case.own().clone();
    phantom.account = "payee:phantom".into();
    phantom.lines = vec![phantom.lines[line]];
    phantom.lines[0].amount = amount;
    phantom.movements.clear();
    phantom.open.clear();
    phantom.balance.opening = Atoms::ZERO;
    close(&mut phantom);
    case.draft().statements.push(phantom);
}

#[test]
fn a_line_that_is_left_out_altogether_and_given_to_a_phantom() {
    passes(1, |case| {
        case.choose_last(has_lines)?;
        phantom(case, 0, case.own().lines[0].amount);
        let own = case.own_mut();
        own.lines.remove(0);
        close(own);
        case.draft().balance_books();
        Some(())
    });
}

#[test]
fn income_that_no_report_tells() {
    let verdict = passes(2, |case| {
        // A whole cell is in nobody's statement, as if it had never been reported.
        case.choose_last(has_lines)?;
        let cell = crate::world::trees::cells(case.own())[0];
        for it in &mut case.draft().statements {
            let own = crate::world::trees::cells(it);
            let mut own = own.into_iter();
            it.lines.retain(|_| own.next() != Some(cell));
            close(it);
        }
        case.draft().balance_books();
        Some(())
    });
    let words = verdict.not_proven().join("\n");
    assert!(
        words.contains("that the income is all") || words.contains("told all usage and income")
    );
}

#[test]
fn an_account_that_is_told_to_be_new() {
    let verdict = passes(3, |case| {
        case.choose_last(|it| {
            it.account.starts_with("payee:") && it.balance.opening > Atoms::ZERO
        })?;
        let due = case.own().balance.opening;
        case.own_mut().balance.opening = Atoms::ZERO;
        close(case.own_mut());
        // Its balance goes on as somebody else's of the same kind, under a name nobody has.
        case.draft().bare.insert("payee:phantom".into(), [due; 2]);
        // It was another name that stood in the seal before.
        let account = case.account.clone();
        let new = format!("{account}-new");
        case.own_mut().account.clone_from(&new);
        case.account = new;
        case.draft().balance_books();
        Some(())
    });
    assert!(!verdict.continued);
    assert!(verdict.not_proven().iter().any(|it| it.contains("was in no seal before")));
}

#[test]
fn a_balance_that_is_forgotten_with_its_account_of_before() {
    let mut rng = Rng::new(4);
    for _ in 0..2000 {
        let mut case = Case::new(rng.next());
        let due =
            |it: &Statement| it.account.starts_with("payee:") && it.balance.opening > Atoms::ZERO;
        if case.choose_last(due).is_none() {
            continue;
        }
        let opening = case.own().balance.opening;
        case.own_mut().balance.opening = Atoms::ZERO;
        close(case.own_mut());
        case.draft().bare.insert("payee:phantom".into(), [opening; 2]);
        case.draft().balance_books();
        let mut receipt = case.receipt();
        // With the account before it is refused; without, nobody can see that there was one.
        assert_eq!(crate::world::code(&receipt.canonical()), 23);
        receipt.previous.clear();
        let verdict = verify(&receipt.canonical(), &TRUST).unwrap();
        assert!(verdict.not_proven().iter().any(|it| it.contains("was in no seal before")));
        return;
    }
    panic!("nobody is due anything");
}

#[test]
fn a_seal_that_says_that_it_is_the_first() {
    passes(5, |case| {
        case.choose_last(has_lines)?;
        case.world.draft_before(case.at)?;
        let draft = case.draft();
        draft.previous = Before::Nothing;
        for it in &mut draft.statements {
            it.balance.opening = Atoms::ZERO;
            close(it);
        }
        draft.bare.values_mut().for_each(|it| *it = [Atoms::ZERO, minus(it[1], it[0])]);
        draft.bare.clear();
        draft.balance_books();
        Some(())
    });
}

#[test]
fn a_movement_that_is_invented() {
    passes(6, |case| {
        case.choose_last(has_lines)?;
        let amount = case.some().checked_neg()?;
        let own = case.own_mut();
        own.movements.push(MovementNote {
            agreement: String::new(),
            amount,
            kind: "payment".into(),
            origin: "2021-01-31".into(),
            other: "cash".into(),
            reference: "never".into(),
        });
        close(own);
        case.draft().balance_books();
        Some(())
    });
}

#[test]
fn a_rate_below_the_agreement_is_told_and_passes() {
    let verdict = passes(7, |case| less_of_it(case, |term| term.rate = half(term.rate)));
    assert!(!verdict.less.is_empty());
}

#[test]
fn a_base_below_the_agreement_passes() {
    passes(8, |case| less_of_it(case, |term| term.of = half(term.of)));
}

fn half(it: money::Ratio) -> money::Ratio {
    it.checked_mul(ratio(1, 2)).unwrap()
}

/// A term gives half of what it gave, and a phantom has the other half.
fn less_of_it(case: &mut Case, change: fn(&mut TermNote)) -> Option<()> {
    case.choose_last(|it| {
        has_lines(it) && it.lines.len() == 1 && it.terms[0].kind == "profit-share"
    })?;
    let own = case.own_mut();
    let term = &mut own.terms[0];
    change(term);
    term.fraction = half(term.fraction);
    let source = &own.sources[0];
    let whole = source.exchanged(own.lines[0].received)?;
    let line = &mut own.lines[0];
    let old = line.amount;
    line.amount = whole.mul_ratio(own.terms[0].fraction, Rounding::Down)?;
    let up = whole.mul_ratio(own.terms[0].fraction, Rounding::Ceil)?;
    let down = whole.mul_ratio(own.terms[0].fraction, Rounding::Floor)?;
    line.rounded = if up == down { Rounded::Exact } else { Rounded::Down };
    let rest = minus(old, line.amount);
    close(own);
    phantom(case, 0, rest);
    case.draft().balance_books();
    Some(())
}

#[test]
fn an_odd_atom_that_goes_to_another() {
    passes(9, |case| {
        case.choose_last(|it| {
            has_lines(it)
                && it.lines.iter().any(|it| it.rounded == Rounded::Up && !it.amount.is_negative())
        })?;
        let up = |it: &statement::Line| it.rounded == Rounded::Up && !it.amount.is_negative();
        let at = case.own().lines.iter().position(up)?;
        phantom(case, at, Atoms::from_raw(1));
        let own = case.own_mut();
        own.lines[at].amount = minus(own.lines[at].amount, Atoms::from_raw(1));
        own.lines[at].rounded = Rounded::Down;
        close(own);
        case.draft().balance_books();
        Some(())
    });
}

#[test]
fn an_exchange_rate_that_its_source_never_stated() {
    passes(10, |case| {
        // The operator states another rate from the start, and everybody's lines follow from it.
        case.choose_last(|it| {
            has_lines(it)
                && it.lines.iter().all(|line| {
                    let of = |at: u64| usize::try_from(at).unwrap();
                    let (source, term) = (&it.sources[of(line.source)], &it.terms[of(line.term)]);
                    !source.rate_day.is_empty()
                        && source.restated.is_empty()
                        && term.measure.as_str() == "received"
                })
        })?;
        let report = case.own().sources[0].report.clone();
        case.each_source(|it| {
            if it.report == report && it.restated.is_empty() {
                it.rate = half(it.rate);
            }
        });
        recompute(case)
    });
}

#[test]
fn a_cell_that_does_not_sum_its_report_lines() {
    passes(11, |case| {
        case.choose_last(has_lines)?;
        let cell = crate::world::trees::cells(case.own())[0];
        for it in &mut case.draft().statements {
            let own = crate::world::trees::cells(it);
            for (line, _) in it.lines.iter_mut().zip(own).filter(|(_, it)| *it == cell) {
                line.reported = line.reported.mul_ratio(ratio(1, 2), Rounding::Down).unwrap();
            }
        }
        recompute(case)
    });
}

/// Makes all lines follow from what is reported again; the last account of each cell gets the rest.
fn recompute(case: &mut Case) -> Option<()> {
    use std::collections::BTreeMap;
    let own = case.account.clone();
    let draft = case.draft();
    let mut left: BTreeMap<_, Atoms> = BTreeMap::new();
    for it in &mut draft.statements {
        for at in 0..it.lines.len() {
            let line = it.lines[at];
            let of = |at: u64| usize::try_from(at).unwrap();
            let (source, term) = (&it.sources[of(line.source)], &it.terms[of(line.term)]);
            let received = line.reported.mul_ratio(source.licence_rate, Rounding::HalfEven)?;
            let whole = source.exchanged(received)?;
            let measured = term.measure.as_str() == "received";
            let exact = |rounding| whole.mul_ratio(term.fraction, rounding);
            let (amount, low, high) =
                (exact(Rounding::Down)?, exact(Rounding::Floor)?, exact(Rounding::Ceil)?);
            let line = &mut it.lines[at];
            line.received = received;
            if measured && it.account != "retained" {
                line.amount = amount;
                line.rounded = if low == high { Rounded::Exact } else { Rounded::Down };
            }
        }
        for (line, cell) in it.lines.iter().zip(crate::world::trees::cells(it)) {
            let source = &it.sources[usize::try_from(line.source).unwrap()];
            if source.restated.is_empty() {
                let whole = source.exchanged(line.received)?;
                let rest = left.entry(cell).or_insert(whole);
                *rest = minus(*rest, line.amount);
            }
        }
    }
    // What rounding leaves, a phantom has: a line of the cell in a statement that nobody sees.
    let mut more = Vec::new();
    for it in &draft.statements {
        for (line, cell) in it.lines.iter().zip(crate::world::trees::cells(it)) {
            if let Some(rest) = left.remove(&cell).filter(|it| !it.is_zero()) {
                let mut rests = it.clone();
                rests.account = format!("payee:phantom-{}", more.len());
                rests.lines = vec![statement::Line { amount: rest, ..*line }];
                rests.movements.clear();
                rests.open.clear();
                rests.balance.opening = Atoms::ZERO;
                close(&mut rests);
                more.push(rests);
            }
        }
    }
    draft.statements.iter_mut().for_each(close);
    draft.statements.extend(more);
    draft.balance_books();
    draft.statement(&own).map(drop)
}

#[test]
fn an_attestation_that_is_not_shown_or_is_of_the_operators_own_making() {
    let unshown = passes(12, |case| {
        case.choose(|it| !it.sources.is_empty())?;
        for it in case.own().sources.clone() {
            case.unlog(&format!("attestation {}", it.report));
        }
        Some(())
    });
    assert_eq!(unshown.attested_of().0, 0);
    let made = passes(13, |case| {
        case.choose_last(|it| !it.sources.is_empty())?;
        let report = case.own().sources[0].report.clone();
        case.unlog(&format!("attestation {report}"));
        let name = format!("report {report}");
        let all = case.world.drafts.iter().flat_map(|it| &it.before);
        let bytes = all.into_iter().find(|it| it.name == name)?.bytes.clone();
        let Some(Entry::Report { control, lines, report, sha256 }) = Entry::parse(&bytes) else {
            return None;
        };
        let key = SigningKey::from_seed("own.example", [99; 32].into()).unwrap();
        let text = attestation_text(&report, &sha256, lines, &control);
        let note = Note::sign(&text, &[&key]).unwrap().to_string();
        let bytes = Entry::Attestation { key: key.verifier_key().to_string(), note }.bytes();
        let name = format!("attestation {report}");
        case.draft().before.push(Logged { name, bytes });
        Some(())
    });
    // It is said whose key it is.
    assert!(made.proven().iter().any(|it| it.contains("own.example+")));
}

#[test]
fn an_agreement_that_nobody_signed() {
    passes(14, |case| {
        case.choose(has_lines)?;
        let names: Vec<String> = case.world.agreements.keys().cloned().collect();
        for name in names {
            for text in case.world.agreements.get_mut(&name)? {
                text.push_str("and the payee bears all costs\n");
            }
            let bytes = agreement_entry(&case.world, &name);
            case.relog(&format!("agreement {name}"), &bytes);
        }
        Some(())
    });
}

#[test]
fn a_restatement_of_what_no_seal_settled() {
    // Of restated cells lines that stay are left out, so nothing says whether all of one is given away. A
    // reader of the log sees that no seal ever named the report.
    passes(15, |case| {
        case.choose_last(|it| has_lines(it) && it.sources.iter().all(|it| it.restated.is_empty()))?;
        case.each_source(|it| {
            if it.restated.is_empty() {
                (it.restated, it.restates) = ("now".into(), "2020-12".into());
            }
        });
        case.draft().settles.clear();
        let own = case.account.clone();
        case.draft().statements.retain(|it| {
            it.account == own || !it.account.starts_with("payee:") || it.lines.is_empty()
        });
        let draft = case.draft();
        draft.statements.iter().find(|it| it.account == own).map(drop)?;
        continue_all(&mut case.world, case.at);
        Some(())
    });
}

/// Accounts that lost their statement go on without one.
fn continue_all(world: &mut World, at: usize) {
    let before = world.draft_before(at).map(|it| world.drafts[it].statements.clone());
    let draft = &mut world.drafts[at];
    for it in before.into_iter().flatten() {
        if draft.statement(&it.account).is_none() {
            draft.bare.insert(it.account, [it.balance.closing; 2]);
        }
    }
    draft.balance_books();
}

#[test]
fn a_part_of_a_royalty_on_the_price_that_no_agreement_lets_one_bear() {
    passes(16, |case| {
        case.choose_last(|it| {
            has_lines(it)
                && it.lines.iter().any(|line| {
                    !it.contexts[usize::try_from(line.context).unwrap()].unit_price.is_empty()
                        && it.terms[usize::try_from(line.term).unwrap()].measure.as_str()
                            == "received"
                        && it.sources[usize::try_from(line.source).unwrap()].restated.is_empty()
                })
        })?;
        let own = case.own_mut();
        let line = *own.lines.iter().find(|line| {
            !own.contexts[usize::try_from(line.context).unwrap()].unit_price.is_empty()
                && own.terms[usize::try_from(line.term).unwrap()].measure.as_str() == "received"
                && own.sources[usize::try_from(line.source).unwrap()].restated.is_empty()
        })?;
        let term = own.terms[usize::try_from(line.term).unwrap()].clone();
        // No more than the rate that the agreement states; but of all of the price.
        let rate = term.rate;
        own.terms.push(TermNote {
            kind: TermNote::PRICE_BORNE.into(),
            measure: statement::Measure::Price,
            of: money::Ratio::ONE,
            fraction: rate,
            ..term
        });
        let price =
            crate::world::atoms(&own.contexts[usize::try_from(line.context).unwrap()].unit_price);
        let sold = line.usages.checked_mul(price, Rounding::HalfEven)?;
        let source = &own.sources[usize::try_from(line.source).unwrap()];
        let whole = source.exchanged(sold)?;
        let exact = |rounding| whole.mul_ratio(rate, rounding);
        let whole = exact(Rounding::Down)?;
        let is_exact = exact(Rounding::Floor)? == exact(Rounding::Ceil)?;
        let rounded = if is_exact { Rounded::Exact } else { Rounded::Down };
        let (amount, term) = (whole.checked_neg()?, own.terms.len() as u64 - 1);
        own.lines.push(statement::Line { amount, term, rounded, ..line });
        let at = own.lines.len() - 1;
        close(own);
        phantom(case, at, whole);
        case.draft().balance_books();
        Some(())
    });
}

#[test]
fn a_fork_that_the_witnesses_helped_with() {
    // Both histories are signed by as many witnesses as the policy asks for.
    let history = |word: &'static str| {
        passes(17, move |case| {
            let bytes = format!("{{\"history\":\"{word}\"}}").into_bytes();
            case.world.drafts[0].before.push(Logged { name: word.into(), bytes });
            Some(())
        })
    };
    let (one, other) = (history("one"), history("other"));
    assert_eq!((one.statement, one.size), (other.statement, other.size));
}

#[test]
fn a_seal_that_leaves_one_out_between() {
    // Who reads the log sees two seals that name the same one before.
    passes(18, |case| {
        case.choose_last(has_lines)?;
        let before = case.world.draft_before(case.at)?;
        let first = case.world.draft_before(before)?;
        let old = case.world.drafts[first].clone();
        let draft = case.draft();
        draft.previous = Before::Draft(first);
        let opening =
            |account: &str| old.statement(account).map_or(Atoms::ZERO, |it| it.balance.closing);
        for it in &mut draft.statements {
            it.balance.opening = opening(&it.account);
            close(it);
        }
        let bare = old.bare.iter().map(|(account, it)| (account.clone(), [it[1]; 2]));
        draft.bare = bare.collect();
        draft.balance_books();
        Some(())
    });
}

#[test]
fn one_more_atom_of_income_for_a_phantom() {
    // Nobody is hurt by a phantom who is paid out of nobody's money; the seal's totals are too high.
    passes(19, |case| {
        case.choose_last(has_lines)?;
        let amount = case.some();
        let salt = case.rng.bytes();
        case.draft().on_leaves.push(Rc::new(move |leaves| {
            use crate::world::trees::{CellLeaf, account_leaf};
            let cell = CellLeaf::new(([0xff; 8], [0xff; 8], salt), amount, salt);
            let earned = amount.raw().unsigned_abs();
            let sums = [0, 0, earned, 0, 0, 0, earned, 0];
            let leaf = account_leaf("payee:phantom", &salt, cell.node, sums, &salt);
            leaves.accounts.entry("payee".into()).or_default().push(leaf);
            leaves.cells.push(cell);
        }));
        let of = case.draft().bare.get_mut("received")?;
        of[1] = minus(of[1], amount);
        Some(())
    });
}
