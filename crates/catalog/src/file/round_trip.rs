//! Any sound catalogue survives being written and read.

use std::collections::BTreeSet;

use finding::Severity;
use ident::{
    AdvanceId, AgreementId, PartyId, PipeId, PriceId, ProductId, ProductionId, RecordingId,
    ReleaseId, WorkId,
};
use money::{Amount, Atoms, Currency, Ratio};
use period::Date;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::any_deal::{PAYEES, agreement, amount, condition, rate, rate_table};
use super::any_payment::{payment, withholdings};
use super::{read_files, write_files};
use crate::{
    Catalog, ChangeKind, Condition, Contributor, Episode, Licence, LinkConfidence, Member,
    OutsidePipe, Party, PartyKind, Payment, Price, Priced, Product, Production, ProductionUse,
    ReceivedAdvance, Recording, Release, RightsType, Role, Season, Territories, Texts, Validity,
    Work, diff,
};

pub(super) fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z가-힣'\"\\\\\t\n\u{1}\u{7f}(),=#]{0,12}[a-z]", "\\PC{0,5}x"]
}

fn texts() -> impl Strategy<Value = Texts> {
    btree_map("[a-z]{2,3}(-[A-Z][a-z]{3})?", text(), 1..3)
}

pub(super) fn day() -> impl Strategy<Value = Date> {
    (1990_i16..2040, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Date::constant(y, m, d))
}

pub(super) fn validity(from: bool) -> impl Strategy<Value = Validity> {
    (day(), option::of(0_i64..900), any::<bool>()).prop_map(move |(start, length, open)| {
        let end = |days: i64| start.checked_add(jiff_days(days + 1)).unwrap();
        let from = (from || !open).then_some(start);
        Validity { from, before: length.map(end) }
    })
}

fn jiff_days(days: i64) -> std::time::Duration {
    std::time::Duration::from_secs(u64::try_from(days).unwrap() * 86_400)
}

fn party(id: &str, names: Texts, members: Vec<Member>, payment: Payment) -> Party {
    Party {
        id: PartyId::parse(id).unwrap(),
        kind: PartyKind::Group,
        language: names.keys().next().cloned(),
        society: names.values().next().cloned(),
        names,
        ipi: None,
        isni: None,
        dpid: None,
        receipt_key: Some(
            "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj".parse().unwrap(),
        ),
        members,
        payment,
    }
}

/// Members of the first party of all, which stands before them.
fn members() -> impl Strategy<Value = Vec<Member>> {
    vec((1_usize..PAYEES.len(), 1_u64.., validity(false)), 0..4).prop_map(|drawn| {
        let member = |(at, weight, period): (usize, u64, Validity)| Member {
            party: PartyId::parse(PAYEES[at]).unwrap(),
            weight,
            period,
        };
        drawn.into_iter().map(member).collect()
    })
}

/// A catalogue of one entry of most kinds, with everything that varies drawn at random.
fn catalog() -> impl Strategy<Value = Catalog> {
    let deal = (agreement(), members(), payment(), (withholdings(), rate_table()));
    let song = (texts(), vec(text(), 0..3), text(), option::of(any::<u16>()), text());
    let outside = (condition(true), amount(), day());
    let licence = (condition(true), rate(), outside);
    (deal.boxed(), vec(song, 1..4), texts(), validity(false), licence.boxed()).prop_map(
        |((agreement, members, payment, (taxes, rates)), songs, titles, aired, licence)| {
            let (condition, rate, outside) = licence;
            let mut catalog = Catalog { withholdings: taxes, ..Catalog::default() };
            catalog.rate_tables.insert(rates.id.clone(), rates);
            for (at, id) in PAYEES.into_iter().enumerate() {
                let members = if at == 0 { members.clone() } else { Vec::new() };
                let party = party(id, titles.clone(), members, payment.clone());
                catalog.parties.insert(party.id.clone(), party);
            }
            let payee = PartyId::parse("payee").unwrap();
            let work = WorkId::parse("w").unwrap();
            let role = Role::parse("CA").unwrap();
            let contributors = vec![Contributor { party: payee.clone(), role, share: Some(rate) }];
            catalog.works.insert(
                work.clone(),
                Work { id: work.clone(), titles: titles.clone(), iswc: None, contributors },
            );
            let production = ProductionId::parse("p").unwrap();
            let episodes = vec![Episode { number: 3, title: None, aired: aired.from }];
            catalog.productions.insert(
                production.clone(),
                Production {
                    id: production.clone(),
                    kind: "drama".to_owned(),
                    origin: "KR".to_owned(),
                    titles: titles.clone(),
                    network: None,
                    seasons: vec![Season { number: 1, aired, episodes }],
                },
            );
            songs_into(&mut catalog, songs, &work, &production);
            products_into(&mut catalog, &titles, &payee, &production);
            let release = ReleaseId::parse("l").unwrap();
            catalog.releases.insert(
                release.clone(),
                Release {
                    id: release,
                    icpn: None,
                    titles,
                    recordings: catalog.recordings.keys().cloned().collect(),
                    production: Some(production),
                },
            );
            catalog.agreements.insert(agreement.id.clone(), agreement);
            let id = AgreementId::parse("licence").unwrap();
            prices_into(&mut catalog, rate);
            catalog.licences.insert(
                id.clone(),
                Licence {
                    id,
                    title: "Licence".to_owned(),
                    payer: "A chart".to_owned(),
                    rights_type: RightsType::Work,
                    rate,
                    condition,
                    note: String::new(),
                },
            );
            outside_into(&mut catalog, outside);
            catalog
        },
    )
}

/// What others pay, and what was paid ahead.
fn outside_into(catalog: &mut Catalog, (condition, amount, day): (Condition, Amount, Date)) {
    let id = PipeId::parse("pipe").unwrap();
    let pipe = OutsidePipe {
        id: id.clone(),
        title: "A society".to_owned(),
        rights_type: RightsType::Performer,
        paid_by: PartyId::parse("second").unwrap(),
        condition,
        note: "by statute".to_owned(),
    };
    catalog.pipes.insert(id, pipe);
    let id = AdvanceId::parse("ahead").unwrap();
    let advance = ReceivedAdvance {
        id: id.clone(),
        title: "The distributor's advance".to_owned(),
        sender: "A distributor".to_owned(),
        amount,
        received: day,
        note: String::new(),
    };
    catalog.received_advances.insert(id, advance);
}

type Song = (Texts, Vec<String>, String, Option<u16>, String);

fn songs_into(catalog: &mut Catalog, songs: Vec<Song>, work: &WorkId, production: &ProductionId) {
    for (at, (titles, aliases, artist, duration, evidence)) in songs.into_iter().enumerate() {
        let id = RecordingId::parse(&format!("r{at}")).unwrap();
        let aliases: Vec<String> =
            aliases.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        catalog.recordings.insert(
            id.clone(),
            Recording {
                id,
                isrcs: vec![ident::Isrc::parse(&format!("KRA38190{at:04}")).unwrap()],
                titles,
                artist_aliases: aliases.clone(),
                aliases,
                artist,
                contributors: Vec::new(),
                works: vec![work.clone()],
                productions: vec![ProductionUse {
                    production: production.clone(),
                    season: duration.map(|_| 1),
                    episode: duration.map(|_| 3),
                    usage: "OST".to_owned(),
                    confidence: LinkConfidence::Medium,
                    evidence,
                }],
                duration_ms: duration.map(u64::from),
            },
        );
    }
}

fn products_into(
    catalog: &mut Catalog,
    titles: &Texts,
    party: &PartyId,
    production: &ProductionId,
) {
    let shirt = Product {
        id: ProductId::parse("shirt").unwrap(),
        kind: "merchandise".to_owned(),
        titles: titles.clone(),
        skus: vec!["TS-1".to_owned(), "한\"".to_owned()],
        icpn: None,
        production: Some(production.clone()),
        parties: Vec::new(),
        rights_type: RightsType::Master,
    };
    let score = Product {
        id: ProductId::parse("score").unwrap(),
        kind: "licence".to_owned(),
        skus: Vec::new(),
        production: None,
        parties: vec![party.clone()],
        rights_type: RightsType::Work,
        ..shirt.clone()
    };
    catalog.products.extend([shirt, score].map(|it| (it.id.clone(), it)));
}

fn prices_into(catalog: &mut Catalog, rate: Ratio) {
    let ids = catalog.releases.keys().cloned().collect();
    let price = Price {
        id: PriceId::parse("price").unwrap(),
        of: Priced::Releases(ids),
        amount: Amount {
            // Anything above zero will do.
            atoms: Atoms::from_raw(i128::try_from(rate.num()).unwrap() + 1),
            currency: Currency::parse("KRW").unwrap(),
        },
        territories: Territories::AllExcept(BTreeSet::from(["JP".to_owned()])),
        price_categories: BTreeSet::from(["mid-price".to_owned()]),
        period: Validity::ALWAYS,
        note: "a remark".to_owned(),
    };
    let of = Priced::Products(catalog.products.keys().cloned().collect());
    let other = Price { id: PriceId::parse("other").unwrap(), of, ..price.clone() };
    catalog.prices.extend([price, other].map(|it| (it.id.clone(), it)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn written_and_read_is_the_same(catalog in catalog()) {
        let written = write_files(&catalog);
        let (read, findings) = read_files(&written);
        let errors = findings.iter().filter(|it| it.severity == Severity::Error);
        let errors: Vec<String> = errors.map(ToString::to_string).collect();
        prop_assert!(errors.is_empty(), "{:#?}\n{:#?}", errors, written);
        prop_assert_eq!(&read, &catalog);
        prop_assert_eq!(write_files(&read), written);
    }

    #[test]
    fn any_text_is_read_or_reported(text in "[a-z=\\[\\]\"\n. 가#{}0-9-]{0,80}") {
        let name = "agreements.toml".to_owned();
        let (_, findings) = read_files(&[(name, text)].into());
        for finding in findings {
            prop_assert!(finding.position.line > 0);
        }
    }

    #[test]
    fn merging_adds_what_the_changes_say(one in catalog(), two in catalog()) {
        let (both, changes) = one.clone().merge(two.clone());
        prop_assert_eq!(&changes, &diff(&one, &both));
        prop_assert!(changes.iter().all(|change| change.kind != ChangeKind::Removed));
        prop_assert!(diff(&two, &both).iter().all(|c| c.kind == ChangeKind::Added));
        let (again, none) = both.clone().merge(two);
        prop_assert_eq!(again, both);
        prop_assert!(none.is_empty());
    }
}
