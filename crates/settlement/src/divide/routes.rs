//! The ways in which amounts become money for us.

use catalog::{Agreement, Licence, OutsidePipe, Subject};
use usage::{Basis, Cell, Context};

use super::{Divider, InContext, last};
use crate::exchange::Becomes;
use crate::index::of;
use crate::outcome::{Outside, PaidBy, Route, Settlement};
use crate::voice::Voice;

impl<'a> Divider<'a> {
    /// Returns the licence that turns an amount into money for us, if one has to; or why it brings
    /// nothing.
    pub(super) fn licence(
        &self,
        context: &Context,
        agreement: Option<&Agreement>,
        subject: &Subject<'_>,
    ) -> Result<Option<&'a Licence>, Outside> {
        match context.basis {
            Basis::NoMoney => Err(Outside::NoMoney),
            Basis::Received => Ok(None),
            Basis::ServiceNet => {
                // A service owes us for what we control, and an agreement says what that is.
                let right = agreement.ok_or(Outside::NotOurs)?.rights_type;
                let licence = self.index.licence(&context.sender, right, &of(context, subject));
                licence.map(Some).ok_or(Outside::NoLicence)
            }
        }
    }

    /// Returns the number of the way in which an amount becomes money for us.
    pub(super) fn route(
        &mut self,
        here: &mut InContext<'a, '_>,
        cell: &Cell<'_>,
        voice: &Voice<'a>,
        outcome: &mut Settlement,
    ) -> Result<u32, Outside> {
        let context = here.context;
        if let (Basis::ServiceNet, Some(pipe)) = (context.basis, voice.pipe)
            && self.index.is_known(cell.target)
        {
            return Err(Outside::PaidBy(self.paid_by(pipe, cell, outcome)));
        }
        let agreement = voice.agreement.and_then(|it| self.index.agreements().get(it)).copied();
        let right = match (context.basis, agreement) {
            (Basis::ServiceNet, Some(it)) => it.rights_type,
            _ => return self.licence(context, agreement, &Subject::default()).map(|_| 0),
        };
        let looks_at_subject = self.index.licence_looks_at_subject(&context.sender, right);
        if let Some(route) = here.routes.get(&right).filter(|_| !looks_at_subject) {
            return *route;
        }
        let subject = match looks_at_subject {
            true => self.index.subject(cell.target),
            false => Subject::default(),
        };
        let licence = self.licence(context, agreement, &subject);
        let route = licence.map(|it| it.map_or(0, |it| self.by_licence(it, outcome)));
        here.routes.insert(right, route);
        route
    }

    /// Returns the number of a pipe that somebody else pays, with what a licence says of its right.
    pub(super) fn paid_by(
        &mut self,
        pipe: &'a OutsidePipe,
        cell: &Cell<'_>,
        outcome: &mut Settlement,
    ) -> u32 {
        let (context, subject) = (cell.context, self.index.subject(cell.target));
        let of = of(context, &subject);
        let licence = self.index.licence(&context.sender, pipe.rights_type, &of);
        *self.by_pipe.entry((&pipe.id, licence.map(|it| &it.id))).or_insert_with(|| {
            let licence = licence.map(|it| (it.id.clone(), it.rate));
            outcome.paid_by.push(PaidBy { pipe: pipe.id.clone(), licence });
            last(outcome.paid_by.len())
        })
    }

    pub(super) fn by_licence(&mut self, licence: &'a Licence, outcome: &mut Settlement) -> u32 {
        *self.by_licence.entry(&licence.id).or_insert_with(|| {
            let licence = Some((licence.id.clone(), licence.rate));
            outcome.routes.push(Route { licence, exchange: None });
            last(outcome.routes.len())
        })
    }

    /// The route by which money goes on into the currency of an agreement; none where no rate is known.
    pub(super) fn exchanged(
        &mut self,
        here: &mut InContext<'a, '_>,
        (number, agreement): (usize, &'a Agreement),
        route: u32,
        outcome: &mut Settlement,
    ) -> Option<u32> {
        if agreement.settled_in.is_none() {
            return Some(route);
        }
        if let Some(known) = here.exchanged.get(&(number, route)) {
            return *known;
        }
        let found = match self.exchanges.of(agreement, here.context) {
            Becomes::Itself => Some(route),
            Becomes::Other(exchange) => Some(self.exchanges.route(route, exchange, outcome)),
            Becomes::Unknown => None,
        };
        here.exchanged.insert((number, route), found);
        found
    }
}
