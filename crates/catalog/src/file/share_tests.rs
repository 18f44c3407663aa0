//! Terms that promise more than there is.

use expect_test::{Expect, expect};
use ident::{PartyId, ProductionId, ReleaseId, TermId};
use money::Ratio;
use period::{Date, Month};
use proptest::prelude::*;
use proptest::sample::select;

use super::term_tests::{FEE, check_terms, read, term};
use super::{shares, whole};
use crate::{
    Agreement, Condition, Contributor, Payees, Role, Subject, Term, TermKind, Territories, Use,
    Validity,
};

#[test]
fn more_than_there_is() {
    let over = |terms: &[&str], expect: Expect| {
        let body: String = terms.iter().map(|keys| term(keys)).collect();
        expect.assert_eq(&read(&body).1);
    };
    let royalty =
        r#"id = "r"; kind = "royalty-rate"; payee = "iu"; rate = "50%"; base = "net-of-fees""#;
    // Each rest is a part of what the one before left: never too much.
    over(
        &[
            r#"id = "a"; kind = "deduction"; rate = "90%""#,
            r#"id = "b"; kind = "deduction"; payee = "studio"; rate = "90%"; base = "rest""#,
            r#"id = "c"; kind = "fee"; payee = "studio"; rate = "90%"; base = "rest""#,
            r#"id = "d"; kind = "royalty-rate"; payee = "iu"; rate = "90%"; base = "rest""#,
        ],
        expect![[r#""#]],
    );
    over(&[r#"id = "a"; kind = "deduction"; rate = "60%""#, FEE, royalty], expect![[r#""#]]);
    over(
        &[
            r#"id = "a"; kind = "deduction"; rate = "60%""#,
            r#"id = "b"; kind = "fee"; payee = "studio"; rate = "50%""#,
        ],
        expect![[r#"
            error catalog-shares-over-whole agreements.toml:7 agreement x term: deductions and fees come to 110.00 %
        "#]],
    );
    over(
        &[
            r#"id = "a"; kind = "deduction"; rate = "60%""#,
            FEE,
            royalty,
            r#"id = "s"; kind = "royalty-rate"; payee = "studio"; rate = "50%"; base = "term:fee""#,
            r#"id = "t"; kind = "royalty-rate"; payee = "studio"; slot = "2"; rate = "1%""#,
        ],
        expect![[r#"
            error catalog-shares-over-whole agreements.toml:7 agreement x term: deductions, fees and royalties come to 101.00 %
        "#]],
    );
}

#[test]
fn too_fine_is_not_too_much() {
    // Three primes next to 2^64: the product of two of them fits 128 bits, that of all does not.
    let terms = [
        r#"id = "a"; kind = "fee"; payee = "studio"; rate = "1/18446744073709551557""#,
        r#"id = "b"; kind = "royalty-rate"; payee = "iu"; rate = "1/18446744073709551533"; base = "net-of-fees""#,
        r#"id = "c"; kind = "profit-share"; payee = "studio"; rate = "1/18446744073709551521""#,
    ];
    check_terms(
        &terms,
        expect![[r#"
        taken
    "#]],
    );
    let more =
        r#"id = "d"; kind = "fee"; payee = "iu"; rate = "1/18446744073709551533"; base = "rest""#;
    let last = r#"id = "e"; kind = "fee"; payee = "iu"; slot = "2"; rate = "1/18446744073709551521"; base = "rest""#;
    check_terms(
        &[terms[0], more, last],
        expect![[r#"
        error catalog-shares-over-whole agreements.toml:7 agreement x term: e cannot be computed exactly
        left out
    "#]],
    );
}

#[test]
fn more_than_there_is_on_the_highest_step() {
    let rates = |reduce: &str| {
        let royalty = format!(
            r#"id = "r"; kind = "royalty-rate"; payee = "iu"; rate = "1%"; reduce = "{reduce}""#
        );
        let ladder = "[agreement.term.ladder]\nmeter = \"units\"\n\
                      steps = [{ above = \"5\", rate = \"90%\" }, { above = \"9\", rate = \"2%\" }]\n";
        read(&format!("{}{}{ladder}", term(FEE), term(&royalty))).1
    };
    expect![[r#"
        error catalog-shares-over-whole agreements.toml:7 agreement x term: fees and royalties come to 110.00 %
    "#]].assert_eq(&rates("100%"));
    expect![""].assert_eq(&rates("8/9"));
}

#[test]
fn more_than_another_term_has() {
    let singer = r#"id = "singer"; kind = "royalty-rate"; payee = "iu"; rate = "15%""#;
    let producer = |rate: &str| {
        format!(
            r#"id = "producer"; kind = "royalty-rate"; payee = "studio"; rate = "{rate}"; out_of = "singer""#
        )
    };
    let manager = r#"id = "manager"; kind = "royalty-rate"; payee = "studio"; slot = "2"; rate = "100%"; base = "term:singer"; out_of = "singer""#;
    check_terms(
        &[singer, &producer("15%"), manager],
        expect![[r#"
        taken
    "#]],
    );
    check_terms(
        &[singer, manager, &producer("3%")],
        expect![[r#"
        error catalog-shares-over-whole agreements.toml:7 agreement x term: producer takes 3.00 % out of singer, which has 0.00 %
        left out
    "#]],
    );
}

#[test]
fn more_than_there_is_for_some_use() {
    let shares = |one: &str, other: &str| {
        let share = |id: &str, payee: &str, asked: &str| {
            term(&format!(
                r#"id = "{id}"; kind = "profit-share"; payee = "{payee}"; rate = "60%"; {asked}"#
            ))
        };
        read(&format!("{}{}", share("a", "iu", one), share("b", "studio", other))).1
    };
    expect![""].assert_eq(&shares(r#"services = ["Melon"]"#, r#"services = ["Bugs"]"#));
    expect![[r#"
        error catalog-shares-over-whole agreements.toml:7 agreement x term: profit shares come to 120.00 % on Melon
    "#]]
        .assert_eq(&shares(r#"services = ["Melon"]"#, r#"services = ["Melon", "Bugs"]"#));
    // Something may be on two releases, and two payees may both have their role in it.
    expect![[r#"
        error catalog-shares-over-whole agreements.toml:7 agreement x term: profit shares come to 120.00 % with iu as Producer with studio as Arranger
    "#]].assert_eq(&shares(r#"roles = ["Producer"]"#, r#"roles = ["Arranger"]"#));
}

const PARTIES: [&str; 3] = ["iu", "studio", "team"];

/// One of the words, or none, which means any.
fn maybe(words: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    let some = select(words).prop_map(|it| Some(it.to_owned()));
    prop_oneof![2 => Just(None), 1 => some]
}

fn asked() -> impl Strategy<Value = Condition> {
    let words = (maybe(&["Melon"]), maybe(&["Download"]), maybe(&["Pay"]));
    let days = prop_oneof![Just(None), (1_i8..3).prop_map(|m| Some(Date::constant(2021, m, 1)))];
    let links = (maybe(&["one", "two"]), maybe(&["hotel"]), maybe(&["Producer"]));
    let since = prop_oneof![4 => Just(Validity::ALWAYS), 1 => select(vec![
        Validity { from: Some(Date::constant(2019, 1, 1)), before: None },
        Validity { from: None, before: Some(Date::constant(2019, 1, 1)) },
    ])];
    let days = (days, any::<bool>(), since);
    (maybe(&["KR", "JP"]), any::<bool>(), words, links, days).prop_map(
        |(territory, only, (service, use_type, model), links, (day, from, subscribed))| {
            let (release, production, role) = links;
            let make = if only { Territories::Only } else { Territories::AllExcept };
            Condition {
                territories: territory.map_or(Territories::All, |it| make([it].into())),
                services: service.into_iter().collect(),
                use_types: use_type.into_iter().collect(),
                commercial_models: model.into_iter().collect(),
                releases: release.iter().map(|it| ReleaseId::parse(it).unwrap()).collect(),
                productions: production.iter().map(|it| ProductionId::parse(it).unwrap()).collect(),
                roles: role.iter().map(|it| Role::parse(it).unwrap()).collect(),
                subscribed,
                period: Validity { from: day.filter(|_| from), before: day.filter(|_| !from) },
                ..Condition::default()
            }
        },
    )
}

fn terms() -> impl Strategy<Value = Vec<Term>> {
    let kind = select(&TermKind::ALL[1..]);
    let draw = (kind, select(&PARTIES[..]), 1_u128..5, asked());
    proptest::collection::vec(draw, 1..6).prop_map(|drawn| {
        let (catalog, _) = read(&term(FEE));
        let plain = catalog.agreements.into_values().next().unwrap().terms.remove(0);
        let make =
            |(at, (kind, party, fifths, condition)): (usize, (TermKind, &str, u128, _))| Term {
                id: TermId::parse(&format!("t{at}")).unwrap(),
                kind,
                payees: Payees::One(PartyId::parse(party).unwrap()),
                rate: Ratio::new(fifths, 5).unwrap(),
                base: kind.base(),
                condition,
                ..plain.clone()
            };
        drawn.into_iter().enumerate().map(make).collect()
    })
}

/// What may be used: on any of the releases, of the production or not, by anybody as a producer.
fn with_subjects(mut see: impl FnMut(&Subject<'_>)) {
    let releases = ["one", "two"].map(|it| ReleaseId::parse(it).unwrap());
    let production = ProductionId::parse("hotel").unwrap();
    let producers = PARTIES.map(|it| Contributor {
        party: PartyId::parse(it).unwrap(),
        role: Role::parse("Producer").unwrap(),
        share: None,
    });
    for bits in 0_u32..64 {
        let has = |at: usize| bits >> at & 1 == 1;
        see(&Subject {
            releases: (0..2).filter(|at| has(*at)).map(|at| &releases[at]).collect(),
            productions: has(2).then_some(&production).into_iter().collect(),
            contributors: (0..3).filter(|at| has(at + 3)).map(|at| &producers[at]).collect(),
            works: None,
        });
    }
}

/// Whether the terms that count for some use promise too much, tried one use after the other.
fn is_over(agreement: &Agreement) -> bool {
    let mut over = false;
    with_subjects(|subject| {
        for bits in 0_u32..72 * 3 {
            let word = |at: u32, word| if bits >> at & 1 == 1 { word } else { "" };
            let date = [Date::MIN, Date::constant(2021, 1, 1), Date::constant(2021, 2, 1)];
            let of = Use {
                territory: ["KR", "JP", "US"][(bits / 8 % 3) as usize],
                service: word(0, "Melon"),
                use_type: word(1, "Download"),
                commercial_model: word(2, "Pay"),
                price_category: "",
                date: date[(bits / 24 % 3) as usize],
                subscribed: [None, Month::new(2018, 12), Month::new(2019, 1)][(bits / 72) as usize],
                subject,
            };
            over = over || whole::divide(&agreement.terms_for(&of)).is_err();
        }
    });
    over
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_refused_is_over_for_some_use(terms in terms()) {
        let (catalog, _) = read(&term(FEE));
        let plain = catalog.agreements.into_values().next().unwrap();
        let agreement = Agreement { terms, ..plain };
        prop_assert_eq!(shares::check(&agreement.terms).is_err(), is_over(&agreement));
    }
}
