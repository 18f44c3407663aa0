//! What agreements say about sums, period of origin after period of origin.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Agreement, Catalog, Cost, Reserve, RightsType, TermKind};
use ident::AgreementId;
use money::Currency;
use num_bigint::BigInt;
use num_rational::BigRational;
use period::{Date, Period};

use super::divide::payee_of;
use super::number::{largest_remainder, part, rational, whole};
use super::{Move, Sum, SumKey, Sums};

/// All movements but those to members.
pub(super) fn moves(catalog: &Catalog, origins: &[Period], sums: &Sums) -> Vec<Move> {
    let mut groups: BTreeMap<(&str, RightsType, &str), Vec<&Agreement>> = BTreeMap::new();
    for it in catalog.agreements.values() {
        let alone = if it.group.is_empty() { it.id.as_str() } else { "" };
        groups.entry((&it.group, it.rights_type, alone)).or_default().push(it);
    }
    let paid = catalog.agreements.values().flat_map(|it| {
        let costs = it.costs.iter().map(|it| it.amount.currency);
        let guaranteed = it.guarantees.iter().map(|it| it.amount.currency);
        it.advances.iter().map(|it| it.amount.currency).chain(costs).chain(guaranteed)
    });
    let currencies: BTreeSet<Currency> = paid.chain(sums.keys().map(|it| it.currency)).collect();
    let mut moves = Vec::new();
    for agreements in groups.values() {
        for currency in &currencies {
            let ours = |key: &SumKey| {
                key.currency == *currency && agreements.iter().any(|it| it.id == key.agreement)
            };
            Group {
                agreements,
                currency: *currency,
                sums: sums.iter().filter(|(key, _)| ours(key)).collect(),
                debts: Vec::new(),
                held: Vec::new(),
                capped: BTreeMap::new(),
                purse: BTreeMap::new(),
                moves: &mut moves,
            }
            .tell(origins);
        }
    }
    moves
}

/// What was paid or spent, and is worked off by earnings.
struct Debt {
    /// The day, then cost before advance before guarantee, then agreement and id.
    rank: (Date, u8, String, String),
    /// `None` if profit shares and the operator bear it.
    payee: Option<String>,
    account: String,
    left: BigInt,
}

/// What was held back from the holder of a purse.
struct Held<'a> {
    from: PurseKey,
    reserve: &'a Reserve,
    since: Date,
    amount: BigInt,
    released: BigInt,
}

/// Agreement, account and term (empty: retained), in the order that breaks ties.
type PurseKey = (AgreementId, String, String);

/// Agreements that work off each other's debts, in one currency.
struct Group<'a> {
    agreements: &'a [&'a Agreement],
    currency: Currency,
    sums: Vec<(&'a SumKey, &'a Sum)>,
    debts: Vec<Debt>,
    held: Vec<Held<'a>>,
    /// What a term with a cap earned in a year, or in its life (year 0).
    capped: BTreeMap<(&'a AgreementId, &'a str, i16), BigInt>,
    /// What everybody has of the period at hand.
    purse: BTreeMap<PurseKey, BigInt>,
    moves: &'a mut Vec<Move>,
}

impl<'a> Group<'a> {
    fn tell(mut self, origins: &[Period]) {
        let mut begin = Date::MIN;
        for (at, period) in origins.iter().enumerate() {
            self.purse.clear();
            for (key, sum) in self.sums.iter().filter(|(key, _)| key.origin == at) {
                let purse = (key.agreement.clone(), key.account.clone(), key.term.clone());
                *self.purse.entry(purse).or_default() += &sum.amount;
            }
            self.pay(at, begin, period.end());
            self.cap(at, *period);
            self.hold(at, period.end());
            self.release(at, period.end());
            self.bear_costs(at);
            self.work_off(at);
            self.guarantee(at, origins, begin);
            begin = period.end();
        }
    }

    fn go(&mut self, origin: usize, from: &str, to: &str, amount: BigInt) {
        let (from, to) = (from.to_owned(), to.to_owned());
        self.moves.push(Move { origin, currency: self.currency, from, to, amount });
    }

    /// Advances and costs paid since the period before.
    fn pay(&mut self, at: usize, begin: Date, end: Date) {
        let mut paid = Vec::new();
        for agreement in self.agreements {
            let id = agreement.id.to_string();
            for it in &agreement.advances {
                let account = format!("advance:{id}/{}/{}", it.id, it.payee);
                let rank = (it.paid, 2, id.clone(), it.id.to_string());
                let payee = Some(payee_of(agreement, &it.payee));
                paid.push((
                    it.amount,
                    BigRational::from_integer(1.into()),
                    Debt { rank, payee, account, left: BigInt::default() },
                ));
            }
            for it in &agreement.costs {
                let Cost { id: cost, amount, paid: day, payee, part, .. } = it;
                let account = format!("cost:{id}/{cost}");
                let rank = (*day, 1, id.clone(), cost.to_string());
                let payee = payee.as_ref().map(|it| payee_of(agreement, it));
                paid.push((
                    *amount,
                    rational(*part),
                    Debt { rank, payee, account, left: BigInt::default() },
                ));
            }
        }
        for (amount, kept, debt) in paid {
            if amount.currency == self.currency && begin <= debt.rank.0 && debt.rank.0 < end {
                let atoms = BigInt::from(amount.atoms.raw());
                self.go(at, &debt.account, "cash", atoms.clone());
                self.debts.push(Debt { left: part(&atoms, &kept), ..debt });
            }
        }
        self.debts.sort_by(|a, b| a.rank.cmp(&b.rank));
    }

    /// What a term earns beyond its cap is retained.
    fn cap(&mut self, at: usize, period: Period) {
        for agreement in self.agreements {
            for term in &agreement.terms {
                let Some(cap) = term.cap.filter(|it| it.amount.currency == self.currency) else {
                    continue;
                };
                let is_its = |key: &PurseKey| key.0 == agreement.id && key.2 == term.id.as_str();
                let got: Vec<(PurseKey, BigInt)> = self
                    .purse
                    .iter()
                    .filter(|(key, _)| is_its(key))
                    .map(|(key, sum)| (key.clone(), sum.clone()))
                    .collect();
                let year = if cap.yearly { period.start().year() } else { 0 };
                let counter = self.capped.entry((&agreement.id, term.id.as_str(), year));
                let counter = counter.or_default();
                let limit = BigInt::from(cap.amount.atoms.raw());
                let over = |sum: &BigInt| (sum - &limit).max(BigInt::default());
                let before = over(counter);
                *counter += got.iter().map(|it| &it.1).sum::<BigInt>();
                let more = over(counter) - before;
                if more == BigInt::default() {
                    continue;
                }
                let mut weights: Vec<BigRational> =
                    got.iter().map(|it| whole(it.1.clone().max(BigInt::default()))).collect();
                if weights.iter().all(|it| *it == whole(0)) {
                    weights.fill(whole(1));
                }
                let retained = (agreement.id.clone(), "retained".to_owned(), String::new());
                let parts = largest_remainder(&more, weights.iter());
                for ((key, _), part) in got.iter().zip(parts) {
                    *self.purse.entry(key.clone()).or_default() -= &part;
                    *self.purse.entry(retained.clone()).or_default() += &part;
                    self.go(at, &key.1, "retained", part);
                }
            }
        }
    }

    /// A part of what each term earned by sales, without returns.
    fn hold(&mut self, at: usize, end: Date) {
        for agreement in self.agreements {
            for reserve in &agreement.reserves {
                let whose = reserve.payee.as_ref().map(|it| payee_of(agreement, it));
                let mut sold: BTreeMap<PurseKey, BigInt> = BTreeMap::new();
                for (key, sum) in &self.sums {
                    if key.origin == at
                        && key.agreement == agreement.id
                        && whose.as_ref().is_none_or(|it| *it == key.account)
                        && (reserve.use_types.is_empty()
                            || reserve.use_types.contains(&key.use_type))
                    {
                        let from = (agreement.id.clone(), key.account.clone(), key.term.clone());
                        *sold.entry(from).or_default() += &sum.sales;
                    }
                }
                for (from, sales) in sold {
                    let amount = part(&sales.max(BigInt::default()), &rational(reserve.rate));
                    let place = format!("reserve:{}/{}/{}", agreement.id, reserve.id, from.1);
                    *self.purse.entry(from.clone()).or_default() -= &amount;
                    self.go(at, &from.1, &place, amount.clone());
                    let (since, released) = (end, BigInt::default());
                    self.held.push(Held { from, reserve, since, amount, released });
                }
            }
        }
    }

    /// What is due by now, less what was released.
    fn release(&mut self, at: usize, end: Date) {
        let mut released = Vec::new();
        for it in &mut self.held {
            // Counted in months: it is due on the first day of one.
            let month = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
            let due = it.reserve.release.iter();
            let due = due.filter(|(after, _)| month(it.since) + i64::from(*after) <= month(end));
            let due = due.fold(whole(0), |sum, (_, part)| sum + rational(*part));
            let all = part(&it.amount, &due);
            let more = &all - &it.released;
            it.released = all;
            released.push((it.from.clone(), it.reserve, more));
        }
        for (to, reserve, amount) in released {
            let place = format!("reserve:{}/{}/{}", to.0, reserve.id, to.1);
            self.go(at, &place, &to.1, amount.clone());
            *self.purse.entry(to).or_default() += amount;
        }
    }

    /// Costs that nobody bears alone come off what profit shares and the operator have.
    fn bear_costs(&mut self, at: usize) {
        for agreement in self.agreements {
            let is_share = |term: &str| {
                let mut shares = agreement.terms.iter();
                term.is_empty()
                    || shares.any(|it| it.id.as_str() == term && it.kind == TermKind::ProfitShare)
            };
            for debt in 0..self.debts.len() {
                let (owed, is_pool) = (&self.debts[debt], self.debts[debt].payee.is_none());
                if !is_pool || owed.rank.2 != agreement.id.as_str() {
                    continue;
                }
                let purse = self.purse.iter();
                let shares: Vec<(PurseKey, BigInt)> = purse
                    .filter(|(key, _)| key.0 == agreement.id && is_share(&key.2))
                    .map(|(key, sum)| (key.clone(), sum.clone()))
                    .collect();
                let pool = shares.iter().map(|it| &it.1).sum::<BigInt>();
                let borne = owed.left.clone().min(pool);
                if borne <= BigInt::default() {
                    continue;
                }
                let weights: Vec<BigRational> =
                    shares.iter().map(|it| whole(it.1.clone().max(BigInt::default()))).collect();
                let to = owed.account.clone();
                self.debts[debt].left -= &borne;
                let parts = largest_remainder(&borne, weights.iter());
                for ((key, _), part) in shares.iter().zip(parts) {
                    *self.purse.entry(key.clone()).or_default() -= &part;
                    self.go(at, &key.1, &to, part);
                }
            }
        }
    }

    /// What each payee has of the period by terms that work off debts does so.
    fn work_off(&mut self, at: usize) {
        let mut has: BTreeMap<String, BigInt> = BTreeMap::new();
        for ((agreement, account, term), sum) in &self.purse {
            let terms = self.agreements.iter().filter(|it| it.id == *agreement);
            let term = terms.flat_map(|it| &it.terms).find(|it| it.id.as_str() == term);
            if term.is_none_or(|it| it.recoup) {
                *has.entry(account.clone()).or_default() += sum;
            }
        }
        for debt in 0..self.debts.len() {
            let owed = &mut self.debts[debt];
            let Some(payee) = owed.payee.clone() else { continue };
            let Some(left) = has.get_mut(&payee) else { continue };
            let kept = owed.left.clone().min(left.clone()).max(BigInt::default());
            owed.left -= &kept;
            *left -= &kept;
            let to = owed.account.clone();
            self.go(at, &payee, &to, kept);
        }
    }

    /// Guarantees whose last day lies in the period, topped up to what was promised.
    fn guarantee(&mut self, at: usize, origins: &[Period], begin: Date) {
        let end = origins[at].end();
        for agreement in self.agreements {
            for it in &agreement.guarantees {
                let is_due = it.period.before.is_some_and(|day| begin < day && day <= end);
                if !is_due || it.amount.currency != self.currency {
                    continue;
                }
                let payee = payee_of(agreement, &it.payee);
                let begins_within = |at: usize| {
                    let day = origins[at].start();
                    it.period.from.is_none_or(|from| from <= day)
                        && it.period.before.is_none_or(|before| day < before)
                };
                let earned = self.sums.iter().filter(|(key, _)| {
                    key.agreement == agreement.id
                        && key.account == payee
                        && begins_within(key.origin)
                });
                let earned: BigInt = earned.map(|(_, sum)| &sum.amount).sum();
                let missing = BigInt::from(it.amount.atoms.raw()) - earned;
                if missing <= BigInt::default() {
                    continue;
                }
                let mut from = "retained".to_owned();
                if it.recoupable {
                    from = format!("guarantee:{}/{}/{}", agreement.id, it.id, it.payee);
                    let rank = (end, 3, agreement.id.to_string(), it.id.to_string());
                    let (account, left) = (from.clone(), missing.clone());
                    self.debts.push(Debt { rank, payee: Some(payee.clone()), account, left });
                }
                self.go(at, &from, &payee, missing);
            }
        }
        self.debts.sort_by(|a, b| a.rank.cmp(&b.rank));
    }
}
