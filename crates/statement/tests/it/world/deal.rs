//! Agreements, and how a cell of usage is divided by one: exactly, with the largest remainder.

use money::{Atoms, Ratio, Rounding, allocate};
use statement::{AmountLine, ContextNote, Measure, RecordingNote, Rounded, SourceNote, TermNote};

use super::{Rng, ratio};

/// A version of an agreement.
#[derive(Clone, Debug)]
pub(crate) struct Deal {
    pub(crate) id: String,
    pub(crate) version: usize,
    pub(crate) terms: Vec<DealTerm>,
}

/// Who gets what by a term, and what the agreement states.
#[derive(Clone, Debug)]
pub(crate) struct DealTerm {
    pub(crate) account: String,
    pub(crate) note: TermNote,
    pub(crate) stated: Vec<Ratio>,
}

/// A cell of usage that was settled, so that it can be restated.
#[derive(Clone, Debug)]
pub(crate) struct PastCell {
    pub(crate) source: SourceNote,
    pub(crate) recording: RecordingNote,
    pub(crate) context: ContextNote,
    pub(crate) facts: AmountLine,
    pub(crate) deal: Option<usize>,
}

/// A line, before it is in a statement.
#[derive(Clone, Debug)]
pub(crate) struct DraftLine {
    pub(crate) account: String,
    pub(crate) term: TermNote,
    pub(crate) amount: Atoms,
    pub(crate) rounded: Rounded,
}

/// The lines of a cell.
pub(crate) type Divided = Vec<DraftLine>;

impl Deal {
    pub(crate) fn name(&self) -> String {
        format!("{}#{}", self.id, self.version)
    }

    /// The parts that the log commits to.
    pub(crate) fn parts(&self) -> Vec<String> {
        let id = &self.id;
        let mut parts = vec![format!("agreement {id}\nversion {}\nworldwide\n", self.version)];
        for it in self.terms.iter().filter(|it| !it.note.term.is_empty()) {
            let rates: Vec<String> = it.stated.iter().map(ToString::to_string).collect();
            let (term, rates) = (&it.note.term, rates.join(" "));
            parts.push(format!("term {id} {term}\nrates {rates}\n{}\n", it.note.kind));
        }
        parts.push(format!("advance {id} a1\n1000\n"));
        parts
    }

    /// Some payees share what a fee leaves; now and then one has a royalty on the price too.
    pub(crate) fn random(rng: &mut Rng, id: &str, version: usize, payees: &[String]) -> Self {
        let note = |term: &str, kind: &str, measure, rate: Ratio, of: Ratio| TermNote {
            agreement: id.to_owned(),
            fraction: rate.checked_mul(of).unwrap(),
            kind: kind.to_owned(),
            measure,
            of,
            rate,
            term: term.to_owned(),
            words: format!("{kind} of {rate}"),
        };
        let mut terms = Vec::new();
        let fee = *rng.pick(&[ratio(0, 1), ratio(1, 10), ratio(3, 20)]);
        if !fee.is_zero() {
            let note = note("fee", "fee", Measure::Received, fee, Ratio::ONE);
            terms.push(DealTerm { account: "fee:label".into(), note, stated: vec![fee] });
        }
        let left = fee.complement().unwrap();
        let parts = *rng.pick(&[3_u128, 4, 7, 12]);
        let mut free = parts;
        for (number, account) in payees.iter().enumerate() {
            if free == 0 {
                break;
            }
            let part = 1 + u128::try_from(rng.below(usize::try_from(free).unwrap())).unwrap();
            free -= part;
            let rate = ratio(part, parts);
            let note = note(&format!("t{number}"), "profit-share", Measure::Received, rate, left);
            // A ladder, or a term out of which another one takes a part.
            let stated = match rng.below(4) {
                0 => vec![ratio(1, 100), rate],
                1 => vec![rate, ratio(part, parts + 1)],
                2 => vec![ratio(99, 100).max(rate)],
                _ => vec![rate],
            };
            terms.push(DealTerm { account: account.clone(), note, stated });
        }
        if free > 0 {
            let rate = ratio(free, parts).checked_mul(left).unwrap();
            let note = note("", "retained", Measure::Received, rate, Ratio::ONE);
            terms.push(DealTerm { account: "retained".into(), note, stated: Vec::new() });
        }
        if rng.one_in(3) {
            let rate = ratio(1, 30);
            let royalty = note("price", "royalty-rate", Measure::Price, rate, Ratio::ONE);
            let account = payees[0].clone();
            terms.push(DealTerm { account, note: royalty, stated: vec![rate] });
            let borne = note("", TermNote::PRICE_BORNE, Measure::Price, Ratio::ONE, rate);
            terms.push(DealTerm { account: "retained".into(), note: borne, stated: Vec::new() });
        }
        Self { id: id.to_owned(), version, terms }
    }
}

/// Divides a cell; what no agreement speaks about waits.
pub(crate) fn divide(cell: &PastCell, deal: Option<&Deal>) -> Divided {
    let whole = cell.source.exchanged(cell.facts.received).unwrap();
    let Some(deal) = deal else {
        let term = TermNote {
            agreement: String::new(),
            fraction: Ratio::ONE,
            kind: "suspense".into(),
            measure: Measure::Received,
            of: Ratio::ONE,
            rate: Ratio::ONE,
            term: String::new(),
            words: "waits until it is known whom it is due to".into(),
        };
        let account = "suspense:unmatched".to_owned();
        return vec![DraftLine { account, term, amount: whole, rounded: Rounded::Exact }];
    };
    let received: Vec<&DealTerm> =
        deal.terms.iter().filter(|it| it.note.measure == Measure::Received).collect();
    let common = received.iter().fold(1, |all, it| lcm(all, it.note.fraction.den()));
    let weight = |it: Ratio| it.num() * (common / it.den());
    let weights: Vec<u128> = received.iter().map(|it| weight(it.note.fraction)).collect();
    let amounts = allocate(whole, &weights).unwrap();
    let mut lines = Vec::new();
    for (it, amount) in received.into_iter().zip(amounts) {
        lines.push(line(it, whole, amount));
    }
    let priced: Vec<&DealTerm> =
        deal.terms.iter().filter(|it| it.note.measure == Measure::Price).collect();
    if let [royalty, borne] = *priced {
        let price = Atoms::parse(&cell.context.unit_price).unwrap();
        let sold = cell.facts.usages.checked_mul(price, Rounding::HalfEven).unwrap();
        let whole = cell.source.exchanged(sold).unwrap();
        let amount = whole.mul_ratio(royalty.note.fraction, Rounding::HalfEven).unwrap();
        lines.push(line(royalty, whole, amount));
        let negated = |it: Atoms| it.checked_neg().unwrap();
        lines.push(line(borne, negated(whole), negated(amount)));
    }
    lines
}

fn line(term: &DealTerm, whole: Atoms, amount: Atoms) -> DraftLine {
    let exact = |rounding| whole.mul_ratio(term.note.fraction, rounding).unwrap();
    let (low, high) = (exact(Rounding::Floor), exact(Rounding::Ceil));
    let rounded = match (low == high, amount == exact(Rounding::Down)) {
        (true, _) => Rounded::Exact,
        (false, true) => Rounded::Down,
        (false, false) => Rounded::Up,
    };
    DraftLine { account: term.account.clone(), term: term.note.clone(), amount, rounded }
}

fn lcm(a: u128, b: u128) -> u128 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}
