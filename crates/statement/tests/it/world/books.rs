//! Settlements in a row: reports come, cells are divided, accounts move, some is restated later.

use std::collections::{BTreeMap, BTreeSet};

use money::{Atoms, Currency, Ratio, Rounding};
use statement::{
    AmountLine, ContextNote, Entry, MovementNote, OpenNote, OutsideNote, Places, RecordingNote,
    SourceNote, StatementBuilder, Subject, TermNote, attestation_text, hex,
};
use tlog::{Note, SigningKey};

use super::book::{agreement_entry, closing};
use super::{
    Before, Deal, Divided, Draft, Logged, PastCell, World, atoms, divide, minus, plus, ratio,
};
use crate::rng::Rng;

pub(super) fn world(rng: &mut Rng, times: usize) -> World {
    let mut world = World {
        secret: rng.bytes(),
        drafts: Vec::new(),
        agreements: BTreeMap::new(),
        deals: Vec::new(),
    };
    for number in 0..rng.within(1, 3) {
        let payees = payees(rng);
        world.deals.push(vec![Deal::random(rng, &format!("deal-{number}"), 1, &payees)]);
    }
    let currencies: &[&str] = if rng.one_in(2) { &["KRW"] } else { &["KRW", "USD"] };
    let mut past: BTreeMap<Currency, Vec<(String, PastCell, usize)>> = BTreeMap::new();
    for settlement in 1..=rng.within(2, 3) {
        if settlement > 1 && rng.one_in(2) {
            let deal = rng.below(world.deals.len());
            let payees = payees(rng);
            let id = world.deals[deal][0].id.clone();
            let next = Deal::random(rng, &id, world.deals[deal].len() + 1, &payees);
            world.deals[deal].push(next);
        }
        for currency in currencies {
            let currency = Currency::parse(currency).unwrap();
            let past = past.entry(currency).or_default();
            Making::new(&mut world, settlement, currency).run(rng, past, times);
        }
    }
    world
}

fn payees(rng: &mut Rng) -> Vec<String> {
    let first = rng.below(4);
    (first..first + rng.within(1, 4)).map(|it| format!("payee:party-{}", it % 5)).collect()
}

/// A draft in the making.
struct Making<'a> {
    world: &'a mut World,
    number: usize,
    draft: Draft,
    builders: BTreeMap<String, StatementBuilder>,
    sources: Vec<SourceNote>,
    recordings: Vec<RecordingNote>,
    contexts: Vec<ContextNote>,
    terms: Vec<TermNote>,
    /// What the operator got out of exchanging money.
    exchanged: bool,
}

impl<'a> Making<'a> {
    fn new(world: &'a mut World, number: usize, currency: Currency) -> Self {
        let draft = Draft {
            settlement: format!("2021-0{number}"),
            period: format!("2021-0{number}"),
            currency,
            before: Vec::new(),
            after: Vec::new(),
            statements: Vec::new(),
            bare: BTreeMap::new(),
            settles: Vec::new(),
            rates: Vec::new(),
            cites: BTreeSet::new(),
            previous: Before::Last,
            on_leaves: Vec::new(),
            on_seal: Vec::new(),
            on_text: Vec::new(),
        };
        Self {
            world,
            number,
            draft,
            builders: BTreeMap::new(),
            sources: Vec::new(),
            recordings: Vec::new(),
            contexts: Vec::new(),
            terms: Vec::new(),
            exchanged: false,
        }
    }

    fn run(mut self, rng: &mut Rng, past: &mut Vec<(String, PastCell, usize)>, times: usize) {
        let before = self.world.drafts.iter().rposition(|it| it.currency == self.draft.currency);
        let mut settled = Vec::new();
        for number in 0..rng.within(1, 3) {
            let source = self.report(rng, number);
            let mut line = 1;
            for _ in 0..rng.within(1, 4 * times) {
                let cell = self.cell(rng, &source, &mut line);
                let version = cell.deal.map_or(0, |it| self.world.deals[it].len() - 1);
                // Now and then two cells are alike.
                for _ in 0..=usize::from(rng.one_in(12)) {
                    let lines = self.divide(&cell, version);
                    self.add(&cell, lines);
                }
                settled.push((self.draft.settlement.clone(), cell, version));
            }
        }
        if before.is_some() {
            self.restate(rng, past);
        }
        *past = settled;
        let mut accounts: BTreeSet<String> = self.builders.keys().cloned().collect();
        accounts.extend(
            before.into_iter().flat_map(|it| {
                self.world.drafts[it].statements.iter().map(|it| it.account.clone())
            }),
        );
        if let Some(before) = before {
            for (account, [_, closing]) in self.world.drafts[before].bare.clone() {
                self.draft.bare.insert(account, [closing; 2]);
            }
        }
        let mut movements = self.movements(rng, &accounts, before);
        accounts.extend(movements.keys().cloned());
        for account in accounts {
            let (moved, open) = movements.remove(&account).unwrap_or_default();
            let mut builder = self.builder(&account);
            if rng.one_in(4) {
                builder.set_minimum(atoms("10"));
            }
            if account.starts_with("payee:") && rng.one_in(3) {
                builder.set_outside(vec![outside()]);
            }
            let opening = closing(self.world, before, &account);
            self.draft.statements.push(builder.finish(opening, moved, open).unwrap());
        }
        if self.exchanged {
            self.move_bare("exchange", atoms("0.000000000000000003"));
        }
        self.draft.balance_books();
        self.world.drafts.push(self.draft);
    }

    /// A report comes; what its lines say of it.
    fn report(&mut self, rng: &mut Rng, number: usize) -> SourceNote {
        let currency = self.draft.currency;
        let report = format!("r{}-{number}-{}", self.number, currency.as_str().to_lowercase());
        let sha256 = hex(&rng.bytes());
        let control = hex(&rng.bytes());
        let entry = Entry::Report {
            control: control.clone(),
            lines: 90,
            report: report.clone(),
            sha256: sha256.clone(),
        };
        self.log(format!("report {report}"), entry.bytes());
        self.draft.settles.push(format!("report {report}"));
        if rng.one_in(3) {
            let key = SigningKey::from_seed("service.example", [31; 32].into()).unwrap();
            let text = attestation_text(&report, &sha256, 90, &control);
            let note = Note::sign(&text, &[&key]).unwrap().to_string();
            let entry = Entry::Attestation { key: key.verifier_key().to_string(), note };
            self.log(format!("attestation {report}"), entry.bytes());
        }
        let exchanged = rng.one_in(3);
        let licensed = rng.one_in(3);
        let mut source = SourceNote {
            basis: if licensed { "service-net" } else { "received" }.into(),
            because: String::new(),
            because_of: String::new(),
            currency,
            licence: if licensed { "licence-1" } else { "" }.into(),
            licence_rate: if licensed { ratio(13, 25) } else { Ratio::ONE },
            message_id: format!("message-{number}"),
            rate: Ratio::ONE,
            rate_day: String::new(),
            rate_over: String::new(),
            rate_source: String::new(),
            report,
            restated: String::new(),
            restates: String::new(),
            sender: "PADPIDA2013021901W".into(),
            service: (*rng.pick(&["Melody", "Sound \"가\"", "Stream"])).into(),
            sha256,
        };
        if exchanged {
            source.currency = Currency::parse("EUR").unwrap();
            source.rate = *rng.pick(&[ratio(134_521, 100), ratio(3, 7), ratio(1, 1)]);
            source.rate_day = format!("2021-0{}-30", self.number);
            source.rate_source = "A bank (ecb)".into();
            self.rates();
            self.exchanged = true;
        }
        source
    }

    /// The table of exchange rates, in the log once.
    fn rates(&mut self) {
        let entry = Entry::Rates { sha256: hex(&[4; 32]), table: "ecb".into() };
        self.log("rates ecb".into(), entry.bytes());
        if self.draft.rates.is_empty() {
            self.draft.rates.push("rates ecb".into());
        }
    }

    fn log(&mut self, name: String, bytes: Vec<u8>) {
        let drafts = self.world.drafts.iter().chain([&self.draft]);
        if drafts.flat_map(|it| &it.before).all(|it| it.name != name) {
            self.draft.before.push(Logged { name, bytes });
        }
    }

    fn cell(&mut self, rng: &mut Rng, source: &SourceNote, line: &mut u64) -> PastCell {
        let number = rng.below(6);
        let deal = (number < 5).then(|| number % self.world.deals.len());
        let months = rng.within(1, 3);
        let context = ContextNote {
            commercial_model: "SubscriptionModel".into(),
            month: format!("2021-0{months}"),
            price_category: String::new(),
            territory: (*rng.pick(&["KR", "JP"])).into(),
            unit_price: if deal.is_some() { "2.5" } else { "" }.into(),
            use_type: "OnDemandStream".into(),
        };
        let recording = RecordingNote {
            artist: format!("Singer {number}"),
            id: if deal.is_some() { format!("recording-{number}") } else { String::new() },
            isrc: String::new(),
            title: format!("비와 당신 {number}"),
        };
        let digits = i128::from(rng.next() >> 1);
        let reported = match rng.below(10) {
            0 => -digits * 1000,
            1 => 0,
            2 => digits,
            _ => digits * 1_000_003,
        };
        let reported = Atoms::from_raw(reported);
        let count = rng.within(1, 5) as u64;
        let first = *line;
        *line += count;
        let facts = AmountLine {
            report_lines: [count, first, first + count - 1],
            usages: Atoms::from_units(i64::try_from(rng.below(2000)).unwrap() - 20),
            reported,
            received: reported.mul_ratio(source.licence_rate, Rounding::HalfEven).unwrap(),
            amount: Atoms::ZERO,
            rounded: statement::Rounded::Exact,
        };
        PastCell { source: source.clone(), recording, context, facts, deal }
    }

    fn divide(&mut self, cell: &PastCell, version: usize) -> Divided {
        let deal = cell.deal.map(|it| self.world.deals[it][version].clone());
        if let Some(deal) = &deal {
            let name = deal.name();
            self.world.agreements.entry(name.clone()).or_insert_with(|| deal.parts());
            let bytes = agreement_entry(self.world, &name);
            self.log(format!("agreement {name}"), bytes);
            self.draft.cites.insert(name);
        }
        divide(cell, deal.as_ref())
    }

    /// Adds the lines of a cell to the statements of their accounts.
    fn add(&mut self, cell: &PastCell, lines: Divided) {
        for it in lines {
            let places = Places {
                source: number(&mut self.sources, &cell.source),
                recording: number(&mut self.recordings, &cell.recording),
                term: number(&mut self.terms, &it.term),
                context: number(&mut self.contexts, &cell.context),
            };
            let figures = AmountLine { amount: it.amount, rounded: it.rounded, ..cell.facts };
            let mut builder = self.builder(&it.account);
            builder.line(
                places,
                &figures,
                || cell.source.clone(),
                || cell.recording.clone(),
                || it.term.clone(),
                || cell.context.clone(),
            );
            self.builders.insert(it.account, builder);
        }
    }

    fn builder(&mut self, account: &str) -> StatementBuilder {
        self.builders.remove(account).unwrap_or_else(|| {
            StatementBuilder::new(Subject {
                account: account.to_owned(),
                name: format!("Holder of {account}"),
                operator: "Blue Moon Label".into(),
                period: self.draft.period.clone(),
                settlement: self.draft.settlement.clone(),
                currency: self.draft.currency,
            })
        })
    }

    /// Says anew what was settled by an agreement that has changed; lines that stay are left out.
    fn restate(&mut self, rng: &mut Rng, past: &[(String, PastCell, usize)]) {
        let changed = |(_, cell, version): &&(String, PastCell, usize)| {
            cell.deal.is_some_and(|it| self.world.deals[it].len() - 1 > *version)
        };
        let wanted: Vec<_> = past.iter().filter(changed).take(rng.within(1, 3)).cloned().collect();
        for (settlement, cell, version) in wanted {
            let Some(deal) = cell.deal else { continue };
            if cell.source.rate_table().is_some() {
                self.rates();
            }
            let now = self.world.deals[deal].len() - 1;
            let (old, new) = (self.divide(&cell, version), self.divide(&cell, now));
            let stays = |it: &super::DraftLine, among: &Divided| {
                among.iter().any(|other| {
                    (&other.account, &other.term, other.amount)
                        == (&it.account, &it.term, it.amount)
                })
            };
            let (mut gone, mut come) = (old.clone(), new.clone());
            gone.retain(|it| !stays(it, &new));
            come.retain(|it| !stays(it, &old));
            let source = |word: &str| SourceNote {
                because: "agreement".into(),
                because_of: self.world.deals[deal][0].id.clone(),
                restated: word.into(),
                restates: settlement.clone(),
                ..cell.source.clone()
            };
            let negated = |it: Atoms| it.checked_neg().unwrap();
            let facts = AmountLine {
                usages: negated(cell.facts.usages),
                reported: negated(cell.facts.reported),
                received: negated(cell.facts.received),
                ..cell.facts
            };
            gone.iter_mut().for_each(|it| it.amount = negated(it.amount));
            let before = PastCell { source: source("before"), facts, ..cell.clone() };
            let now = PastCell { source: source("now"), ..cell };
            self.add(&before, gone);
            self.add(&now, come);
        }
    }

    /// What moves beside the lines: payments and tax, advances, members.
    fn movements(
        &mut self,
        rng: &mut Rng,
        accounts: &BTreeSet<String>,
        before: Option<usize>,
    ) -> BTreeMap<String, (Vec<MovementNote>, Vec<OpenNote>)> {
        let mut all: BTreeMap<String, (Vec<MovementNote>, Vec<OpenNote>)> = BTreeMap::new();
        let day = format!("2021-0{}-15", self.number);
        let note = |amount: Atoms, kind: &str, other: &str, reference: &str| MovementNote {
            agreement: if kind == "recoup" { "deal-0".into() } else { String::new() },
            amount,
            kind: kind.into(),
            origin: day.clone(),
            other: other.into(),
            reference: reference.into(),
        };
        for account in accounts.iter().filter(|it| it.starts_with("payee:")) {
            let statement = before.and_then(|it| self.world.drafts[it].statement(account));
            let payable = statement.map_or(Atoms::ZERO, |it| it.balance.payable);
            let party = account.trim_start_matches("payee:");
            let of = all.entry(account.clone()).or_default();
            if !payable.is_zero() && rng.one_in(2) {
                let tax = payable.mul_ratio(ratio(3, 100), Rounding::Down).unwrap();
                let paid = minus(payable, tax);
                for (amount, kind, other) in [(paid, "payment", "cash"), (tax, "tax", "tax:kr")] {
                    of.0.push(note(amount.checked_neg().unwrap(), kind, other, "batch-1"));
                    self.move_bare(other, amount);
                }
            }
            if rng.one_in(3) {
                let other = format!("advance:deal-0/a1/{party}");
                let due = self.draft.bare.get(&other).map_or(Atoms::ZERO, |it| it[1]);
                let open = match due.is_negative() {
                    true => due.checked_neg().unwrap(),
                    false => {
                        self.move_bare("cash", atoms("1000"));
                        self.move_bare(&other, atoms("-1000"));
                        atoms("1000")
                    }
                };
                let kept = open.mul_ratio(ratio(1, 3), Rounding::Down).unwrap();
                let left = minus(open, kept);
                of.0.push(note(kept.checked_neg().unwrap(), "recoup", &other, "a1"));
                of.1.push(OpenNote { account: other.clone(), closing: left, opening: open });
                self.move_bare(&other, kept);
            }
        }
        if rng.one_in(3) {
            let (band, member) = ("payee:party-0", "payee:party-9");
            let amount = atoms("7.000000000000000001");
            let of = all.entry(band.into()).or_default();
            of.0.push(note(amount.checked_neg().unwrap(), "members", member, "party-0"));
            all.entry(member.into()).or_default().0.push(note(amount, "members", band, "party-0"));
        }
        all
    }

    fn move_bare(&mut self, account: &str, amount: Atoms) {
        let of = self.draft.bare.entry(account.to_owned()).or_insert([Atoms::ZERO; 2]);
        of[1] = plus(of[1], amount);
    }
}

fn outside() -> OutsideNote {
    OutsideNote {
        about: "KR · OnDemandStream".into(),
        from: "2019-01-01".into(),
        licensed: atoms("105"),
        paid_by: "A society".into(),
        pipe: "society".into(),
        revenue: atoms("1000"),
        right: "work".into(),
        title: "Works, streamed".into(),
        until: String::new(),
        usages: atoms("150"),
    }
}

/// The number of a note; equal notes have equal numbers.
fn number<T: PartialEq + Clone>(of: &mut Vec<T>, note: &T) -> usize {
    of.iter().position(|it| it == note).unwrap_or_else(|| {
        of.push(note.clone());
        of.len() - 1
    })
}
