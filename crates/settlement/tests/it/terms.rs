//! What stories found in the settlement of terms, each in its smallest form.

use std::collections::BTreeSet;

use catalog::{
    Cap, Catalog, Contributor, Cost, Member, Payees, Reserve, Role, Scope, Term, Validity,
};
use ident::{PartyId, RecordingId, TermId};
use money::{Amount, Atoms, Currency, Ratio};
use period::Month;
use settlement::Rulings;
use testkit::{Books, Cell, Chapter};

use crate::golden::{catalog, cell, deal};

const ARTIST: [(&str, &str, &str, &str); 1] = [("royalty-rate", "artist", "50%", "")];

fn id(text: &str) -> TermId {
    TermId::parse(text).unwrap()
}

fn party(text: &str) -> PartyId {
    PartyId::parse(text).unwrap()
}

fn won(text: &str) -> Amount {
    Amount { atoms: Atoms::parse(text).unwrap(), currency: Currency::parse("KRW").unwrap() }
}

/// A catalogue of one agreement, changed.
fn agreed(terms: &[(&str, &str, &str, &str)], change: impl Fn(&mut catalog::Agreement)) -> Catalog {
    let mut catalog = catalog(&deal(terms, ""));
    catalog.agreements.values_mut().for_each(change);
    catalog
}

/// Settles month after month, each by its catalogue; what the auditor says is right.
fn settle(months: &[(&str, &Catalog, &[Cell])]) -> Books {
    let (mut books, mut known) = (Books::default(), Vec::new());
    for (month, catalog, open) in months {
        let chapter = Chapter {
            period: Month::parse(month).unwrap().period(),
            catalog: (*catalog).clone(),
            rulings: Rulings::default(),
            known: known.clone(),
            open: open.to_vec(),
        };
        let (_, differences) = books.settle(&chapter).unwrap();
        assert_eq!(differences, Vec::<String>::new());
        known.extend_from_slice(open);
    }
    books
}

/// What an account holds, in won.
fn due(books: &Books, account: &str) -> String {
    let atoms =
        books.due.get(&format!("KRW {account}")).map_or(0, |it| i128::try_from(it).unwrap());
    Atoms::from_raw(atoms).to_string()
}

fn cost(amount: &str, payee: Option<&str>) -> Cost {
    Cost {
        id: id("c1"),
        amount: won(amount),
        paid: Month::parse("2021-06").unwrap().first_day(),
        payee: payee.map(party),
        part: Ratio::ONE,
        note: String::new(),
    }
}

fn reserve(use_types: &[&str]) -> Reserve {
    Reserve {
        id: id("r1"),
        rate: Ratio::parse("20%").unwrap(),
        payee: Some(party("artist")),
        use_types: use_types.iter().map(|it| (*it).to_owned()).collect(),
        release: vec![(1, Ratio::ONE)],
        note: String::new(),
    }
}

/// Held back in June, released in July, when nothing else is earned: it works off the cost.
#[test]
fn what_is_released_works_off_costs_in_a_month_without_sales() {
    let catalog = agreed(&ARTIST, |it| {
        it.costs = vec![cost("100", Some("artist"))];
        it.reserves = vec![reserve(&[])];
    });
    let june = [cell("100", "KRW", "2021-06")];
    let books = settle(&[("2021-06", &catalog, &june), ("2021-07", &catalog, &[])]);
    assert_eq!(due(&books, "payee:artist"), "0");
    assert_eq!(due(&books, "cost:deal/c1"), "-50");
}

/// What is cut off a term that works off nothing is not taken from what another one works off with.
#[test]
fn a_cap_lowers_only_what_its_own_term_earned() {
    let two = [("royalty-rate", "artist", "50%", ""), ("profit-share", "artist", "50%", "")];
    let catalog = agreed(&two, |it| {
        it.costs = vec![cost("1000", Some("artist"))];
        it.terms[0].recoup = false;
        it.terms[0].cap = Some(Cap { amount: won("10"), yearly: false });
    });
    let books = settle(&[("2021-06", &catalog, &[cell("100", "KRW", "2021-06")])]);
    assert_eq!(due(&books, "cost:deal/c1"), "-975");
    assert_eq!(due(&books, "payee:artist"), "10");
}

/// A share that is cut off at 10 bears a cost of the pool with 10, not with what it would have been.
#[test]
fn nobody_bears_costs_with_what_a_cap_took() {
    let catalog = agreed(&[("profit-share", "artist", "50%", "")], |it| {
        it.costs = vec![cost("50", None)];
        it.terms[0].cap = Some(Cap { amount: won("10"), yearly: false });
    });
    let books = settle(&[("2021-06", &catalog, &[cell("100", "KRW", "2021-06")])]);
    assert_eq!(due(&books, "payee:artist"), "5");
    assert_eq!(due(&books, "cost:deal/c1"), "0");
}

/// Two recordings with the same people in other roles are not divided alike.
#[test]
fn a_role_pays_those_who_have_it() {
    let terms = [("royalty-rate", "a", "10%", ""), ("royalty-rate", "b", "30%", "")];
    let mut catalog = agreed(&terms, |it| {
        let roles = ["MainArtist", "Producer"];
        for (term, role) in it.terms.iter_mut().zip(roles) {
            *term = Term { payees: Payees::Role(Role::parse(role).unwrap()), ..term.clone() };
        }
    });
    let other = RecordingId::parse("other").unwrap();
    let mut song = catalog.recordings.values().next().cloned().unwrap();
    song.id = other.clone();
    catalog.recordings.insert(other.clone(), song);
    let takes_part = |(name, role): (&str, &str)| Contributor {
        party: party(name),
        role: Role::parse(role).unwrap(),
        share: None,
    };
    for (recording, second) in catalog.recordings.values_mut().zip(["MainArtist", "Producer"]) {
        let cast = [("a", "MainArtist"), ("b", second), ("c", "Producer")];
        recording.contributors = cast.map(takes_part).to_vec();
    }
    let mut cells = [cell("100", "KRW", "2021-06"), cell("100", "KRW", "2021-06")];
    cells[1].key.target = usage::Target::Recording(other);
    let books = settle(&[("2021-06", &catalog, &cells)]);
    assert_eq!(due(&books, "payee:a"), "15");
    assert_eq!(due(&books, "payee:b"), "20");
    assert_eq!(due(&books, "payee:c"), "45");
}

/// A reserve on one use type that is agreed on in July holds for what was sold in June.
#[test]
fn a_reserve_that_is_agreed_on_later_knows_what_was_sold() {
    let before = agreed(&ARTIST, |_| {});
    let after = agreed(&ARTIST, |it| {
        it.reserves =
            vec![Reserve { release: vec![(6, Ratio::ONE)], ..reserve(&["OnDemandStream"]) }];
    });
    let june = [cell("100", "KRW", "2021-06")];
    let books = settle(&[("2021-06", &before, &june), ("2021-07", &after, &[])]);
    assert_eq!(due(&books, "reserve:deal/r1/payee:artist"), "10");
}

/// A cell that another agreement speaks about now works off the costs of that one, though its parts
/// are the same.
#[test]
fn a_cell_that_changes_its_agreement_is_restated() {
    let before = agreed(&ARTIST, |it| it.costs = vec![cost("50", Some("artist"))]);
    let mut after = before.clone();
    let mut narrow = after.agreements.values().next().cloned().unwrap();
    narrow.id = ident::AgreementId::parse("narrow").unwrap();
    narrow.scope = Scope::Recordings(BTreeSet::from([RecordingId::parse("song").unwrap()]));
    narrow.costs.clear();
    after.agreements.insert(narrow.id.clone(), narrow);
    let june = [cell("100", "KRW", "2021-06")];
    let books = settle(&[("2021-06", &before, &june), ("2021-07", &after, &[])]);
    assert_eq!(due(&books, "cost:deal/c1"), "-50");
    assert_eq!(due(&books, "payee:artist"), "50");
}

/// What somebody earned and gave back altogether is no reason to give it a part of what a cap takes
/// back.
#[test]
fn what_was_given_and_taken_back_leaves_no_trace() {
    let both = Payees::Among(vec![(party("artist"), 1), (party("other"), 1)]);
    let shared = |payees: Payees| {
        let terms = [("royalty-rate", "artist", "100%", ""), ("fee", "other", "0", "")];
        agreed(&terms, |it| {
            it.terms[0].payees = payees.clone();
            it.terms[0].cap = Some(Cap { amount: won("10"), yearly: false });
        })
    };
    let (before, after) = (shared(both), shared(Payees::One(party("artist"))));
    let [june, july] = [cell("100", "KRW", "2021-06"), cell("-95", "KRW", "2021-07")];
    let known = settle(&[
        ("2021-06", &before, std::slice::from_ref(&june)),
        ("2021-07", &before, std::slice::from_ref(&july)),
        ("2021-08", &after, &[]),
    ]);
    assert_eq!(due(&known, "payee:other"), "0");
    assert_eq!(due(&known, "payee:artist"), "5");
}

/// A member of a band that is itself a group is divided once, with all that reaches it.
#[test]
fn members_of_members_are_divided_last() {
    let terms = [("profit-share", "top", "50%", ""), ("profit-share", "a-duo", "50%", "")];
    let mut catalog = agreed(&terms, |_| {});
    let member = |name: &str| Member { party: party(name), weight: 1, period: Validity::ALWAYS };
    let of = [("top", vec!["band"]), ("band", vec!["a-duo"]), ("a-duo", vec!["x", "y"])];
    let plain = catalog.parties.values().next().cloned().unwrap();
    for name in ["band", "x", "y"] {
        let made = catalog::Party { id: party(name), ..plain.clone() };
        catalog.parties.insert(party(name), made);
    }
    for (name, members) in of {
        let party = catalog.parties.get_mut(&party(name)).unwrap();
        party.members = members.into_iter().map(member).collect();
    }
    let two_atoms = cell("0.000000000000000002", "KRW", "2021-06");
    let books = settle(&[("2021-06", &catalog, &[two_atoms])]);
    assert_eq!(due(&books, "payee:x"), "0.000000000000000001");
    assert_eq!(due(&books, "payee:y"), "0.000000000000000001");
}
