//! Puts what entries of one kind name before them: members before their party, a tax on a tax before it.

use std::collections::BTreeMap;

use finding::RuleDoc;

use super::admit::{Desk, Draft};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Ahead,
    UnderWay,
    Done,
}

impl Desk {
    /// Orders entries so that each stands behind those of its kind that it names, and empties those
    /// that go in a circle. Of two with one id the first stays the first.
    pub(super) fn linked_first<T>(
        &mut self,
        drafts: Vec<Draft<T>>,
        (circle, key, what): (&RuleDoc, &str, &str),
    ) -> Vec<Draft<T>> {
        let (order, circling) = order(&drafts);
        let mut drafts: Vec<Option<Draft<T>>> = drafts.into_iter().map(Some).collect();
        let mut ordered = Vec::with_capacity(order.len());
        for at in order {
            let Some(mut draft) = drafts.get_mut(at).and_then(Option::take) else { continue };
            if circling.get(at) == Some(&true) {
                let id = draft.id.clone().unwrap_or_default();
                let message = format!("{id} is {what} itself, directly or through others");
                self.report(circle, &draft.position, key, message, &id);
                draft.value = None;
                draft.links.clear();
            }
            ordered.push(draft);
        }
        ordered
    }
}

/// The order in which drafts come behind all that they link to, and for each whether it is part of
/// a circle. Depth first, on a stack of our own: files may nest as deep as they like.
fn order<T>(drafts: &[Draft<T>]) -> (Vec<usize>, Vec<bool>) {
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        if let Some(id) = &draft.id {
            by_id.entry(id).or_insert(at);
        }
    }
    let mut visits = vec![Visit::Ahead; drafts.len()];
    let mut circling = vec![false; drafts.len()];
    let mut order = Vec::with_capacity(drafts.len());
    for start in 0..drafts.len() {
        if visits[start] != Visit::Ahead {
            continue;
        }
        visits[start] = Visit::UnderWay;
        let mut path = vec![(start, drafts[start].links.iter())];
        while let Some((at, links)) = path.last_mut() {
            let Some(link) = links.next() else {
                visits[*at] = Visit::Done;
                order.push(*at);
                path.pop();
                continue;
            };
            let Some(member) = by_id.get(link.id.as_str()).copied() else { continue };
            match visits[member] {
                Visit::Ahead => {
                    visits[member] = Visit::UnderWay;
                    path.push((member, drafts[member].links.iter()));
                }
                Visit::UnderWay => {
                    let circle = path.iter().rev().map(|(at, _)| *at);
                    let upto = circle.clone().take_while(|at| *at != member).count();
                    circle.take(upto + 1).for_each(|at| circling[at] = true);
                }
                Visit::Done => {}
            }
        }
    }
    (order, circling)
}
