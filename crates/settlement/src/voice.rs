//! Which rights the amount of a cell is for, and who speaks about it for each of them.

use std::collections::BTreeMap;

use catalog::{OutsidePipe, RightsType};
use usage::{Basis, Context, Target};

use crate::index::{AgreementIndex, Candidates, of};

/// Who speaks about a cell for one right.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Voice<'a> {
    /// The pipe through which somebody else pays it.
    pub(crate) pipe: Option<&'a OutsidePipe>,
    /// The number of the agreement that speaks; none where somebody else pays.
    pub(crate) agreement: Option<usize>,
}

/// One voice, or one for each right.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Voices<'a> {
    One(Voice<'a>),
    Each([Voice<'a>; RightsType::ALL.len()]),
}

impl<'a> Voices<'a> {
    pub(crate) const fn as_slice(&self) -> &[Voice<'a>] {
        match self {
            Self::One(voice) => std::slice::from_ref(voice),
            Self::Each(voices) => voices,
        }
    }
}

/// Finds the voices of the cells of one context.
pub(crate) struct Speakers<'a, 'c> {
    context: &'c Context,
    rights_type: Option<RightsType>,
    /// What others pay here, by right, as far as it does not depend on what was used.
    pipes: BTreeMap<RightsType, Option<&'a OutsidePipe>>,
    index: &'a AgreementIndex<'a>,
}

impl<'a, 'c> Speakers<'a, 'c> {
    pub(crate) const fn new(index: &'a AgreementIndex<'a>, context: &'c Context) -> Self {
        let rights_type = rights_type(context.rights_type);
        Self { context, rights_type, pipes: BTreeMap::new(), index }
    }

    /// Revenue of a service for all rights at once is each right's in part. Money that was received is for
    /// the right that the report names; if it names none, for nobody's, but that of a product.
    pub(crate) fn voices(&mut self, target: &Target, candidates: Candidates<'a, 'a>) -> Voices<'a> {
        let right = match candidates {
            Candidates::Product(product) => Some(self.rights_type.unwrap_or(product.rights_type)),
            Candidates::Recording(_) | Candidates::Nobody => self.rights_type,
        };
        let is_each = self.context.basis == Basis::ServiceNet
            && right.is_none()
            && matches!(candidates, Candidates::Recording(_));
        match is_each {
            false => Voices::One(self.voice(right, target, candidates)),
            true => Voices::Each(
                RightsType::ALL.map(|right| self.voice(Some(right), target, candidates)),
            ),
        }
    }

    fn voice(
        &mut self,
        right: Option<RightsType>,
        target: &Target,
        candidates: Candidates<'a, 'a>,
    ) -> Voice<'a> {
        let pipe = right.and_then(|it| self.pipe(it, target));
        let (day, use_type) = (self.context.month.first_day(), &self.context.use_type);
        let agreement = match pipe {
            Some(_) => None,
            None => self.index.find(candidates, right, day, use_type),
        };
        Voice { pipe, agreement }
    }

    fn pipe(&mut self, right: RightsType, target: &Target) -> Option<&'a OutsidePipe> {
        let by_subject = self.index.pipes_look_at_subject(right)?;
        let find = |target: &Target| {
            self.index.pipe(right, &of(self.context, &self.index.subject(target)))
        };
        match by_subject {
            true => find(target),
            false => *self.pipes.entry(right).or_insert_with(|| find(target)),
        }
    }
}

const fn rights_type(of: usage::RightsType) -> Option<RightsType> {
    match of {
        usage::RightsType::Master => Some(RightsType::Master),
        usage::RightsType::Work => Some(RightsType::Work),
        usage::RightsType::Performer => Some(RightsType::Performer),
        usage::RightsType::Unspecified => None,
    }
}
