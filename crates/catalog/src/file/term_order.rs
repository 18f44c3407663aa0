//! Checks the terms of one agreement against each other.

use finding::Position;
use ident::TermId;

use super::fields::Fields;
use crate::rule::{BASE_FORWARD, PRICE_MIXED, ROLE_OTHER_PIPE, TERM_NEVER_COUNTS};
use crate::{Base, Condition, Payees, RightsType, Term, TermKind};

/// Reports terms that build on one that is not known before them, that never count, or that promise
/// in one pipe what belongs into another.
pub(super) fn check(
    f: &Fields<'_, '_>,
    terms: &[(Term, Position)],
    rights_type: Option<RightsType>,
) {
    for (at, (term, place)) in terms.iter().enumerate() {
        let earlier = terms.get(..at).unwrap_or_default();
        let spot = |key: &str| Position { cell_name: key.to_owned(), ..place.clone() };
        if let Base::Term(id) = &term.base
            && let Err(why) = known_before(earlier, id, Some(term))
        {
            f.report(&BASE_FORWARD, spot("base"), format!("{}: base {why}", term.id), id.as_str());
        }
        if let Some(id) = &term.out_of
            && let Err(why) = known_before(earlier, id, None)
        {
            let message = format!("{}: out_of {why}", term.id);
            f.report(&BASE_FORWARD, spot("out_of"), message, id.as_str());
        }
        if let Err((key, why)) = check_price(earlier, term) {
            f.report(&PRICE_MIXED, spot(key), format!("{}: {why}", term.id), term.id.as_str());
        }
        if let Payees::Role(role) = &term.payees
            && rights_type == Some(RightsType::Master)
            && role.is_of_works()
        {
            let message = format!("{} promises money of recordings to the role {role}", term.id);
            f.report(&ROLE_OTHER_PIPE, spot("role"), message, role.as_str());
        }
        let hides = |(it, _): &&(Term, Position)| {
            it.is_instead_of(term) && it.condition == Condition::default()
        };
        if let Some((it, _)) = earlier.iter().find(hides) {
            let message = format!("{} never counts, because {} always does", term.id, it.id);
            f.report(&TERM_NEVER_COUNTS, spot(""), message, term.id.as_str());
        }
    }
}

/// Whether a term on the price builds on such terms only, and takes its money out of such only.
fn check_price<'t>(
    earlier: &'t [(Term, Position)],
    term: &'t Term,
) -> Result<(), (&'static str, String)> {
    let known = |id: &TermId| earlier.iter().map(|it| &it.0).find(|it| it.id == *id);
    let is_on_price = |it: &'t Term| it.is_on_price(known);
    if let Base::Term(id) = &term.base
        && known(id).is_some_and(|it| it.kind == TermKind::Deduction && is_on_price(it))
    {
        return Err(("base", format!("{id} is a deduction from the price, which is no money")));
    }
    let Some(source) = term.out_of.as_ref().and_then(known) else { return Ok(()) };
    match (is_on_price(term), is_on_price(source)) {
        (true, false) => Err((
            "out_of",
            format!("is a part of the price, and {} a part of what came in", source.id),
        )),
        (false, true) => Err((
            "out_of",
            format!("is a part of what came in, and {} a part of the price", source.id),
        )),
        _ if source.kind == TermKind::Deduction && is_on_price(source) => Err((
            "out_of",
            format!("{} is a deduction from the price, which is no money", source.id),
        )),
        _ => Ok(()),
    }
}

/// Whether a term is among the earlier ones and, if `building` is computed with the others of its kind,
/// is computed before it.
fn known_before(
    earlier: &[(Term, Position)],
    id: &TermId,
    building: Option<&Term>,
) -> Result<(), String> {
    let Some((term, _)) = earlier.iter().find(|(term, _)| term.id == *id) else {
        return Err(format!("names {id}, which is no earlier term of this agreement"));
    };
    let in_turn = building.filter(|it| it.out_of.is_none());
    if in_turn.is_some_and(|it| term.out_of.is_some() || term.kind > it.kind) {
        return Err(format!("names {id}, which is computed later"));
    }
    Ok(())
}
