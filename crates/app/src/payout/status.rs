//! What the contract says, held against what was planned and sent here.

use chain::{ContractState, Payout, Terms, Word, ident::ChainAddress};
use store::{EpochRow, EpochState};

use super::plan::{epochs, look};
use super::{EpochError, Settings, whole};
use crate::Home;
use crate::payments::{self, Batch, act, back_row};

/// How things stand.
#[derive(Clone, Debug)]
pub struct Status {
    /// What is fixed in the contract.
    pub terms: Terms,
    /// How far the contract is.
    pub state: ContractState,
    /// The epochs known here, the oldest first.
    pub epochs: Vec<EpochRow>,
    /// What is due to each address by the newest epoch that was not vetoed, and what it got.
    pub payees: Vec<PayeeStanding>,
    /// What must not be.
    pub alarms: Vec<Alarm>,
}

/// How an address stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayeeStanding {
    /// The address.
    pub wallet: ChainAddress,
    /// The accounts that are paid there.
    pub accounts: Vec<String>,
    /// What it was ever due, in the token's units.
    pub cumulative: u128,
    /// What of that it got.
    pub claimed: u128,
}

/// What must not be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Alarm {
    /// A root on the chain is not the one that follows from the book.
    #[error(
        "the root of epoch {epoch} on the chain is {found}, and what was planned here gives \
         {expected}: have the guardian veto it if it still waits"
    )]
    Root {
        /// The epoch.
        epoch: u64,
        /// What the chain has.
        found: Word,
        /// What it should be.
        expected: String,
    },
    /// The total on the chain is another one.
    #[error(
        "epoch {epoch} gives out {found} on the chain, and {expected} by what was planned here"
    )]
    Total {
        /// The epoch.
        epoch: u64,
        /// What the chain has.
        found: u128,
        /// What it should be.
        expected: u128,
    },
    /// Somebody published an epoch that is not known here.
    #[error(
        "epoch {epoch} on the chain was not published from here: somebody else has the publisher's \
         key, or an older database was restored. Have the guardian veto it if it still waits"
    )]
    Unknown {
        /// The epoch.
        epoch: u64,
    },
    /// An epoch is gone from the chain.
    #[error("epoch {epoch} was published from here, and the contract does not know it")]
    Gone {
        /// The epoch.
        epoch: u64,
    },
    /// An epoch was vetoed, and that is not noted.
    #[error(
        "epoch {epoch} was vetoed: its payments are due again once that is noted, by `leitmotif payout \
         vetoed {epoch}`"
    )]
    Vetoed {
        /// The epoch.
        epoch: u64,
    },
    /// The contract holds less than it gives out.
    #[error("the contract was given {present} in all, and gives out {needed}")]
    Unfunded {
        /// What it gives out.
        needed: u128,
        /// What it was given.
        present: u128,
    },
    /// An address got more than it is due.
    #[error("{wallet} got {claimed}, and was ever due {cumulative}")]
    TooMuch {
        /// The address.
        wallet: ChainAddress,
        /// What it got.
        claimed: u128,
        /// What it was due.
        cumulative: u128,
    },
    /// What is kept here was changed.
    #[error("epoch {epoch} is not as it was planned here; restore the database from a backup")]
    Changed {
        /// The epoch.
        epoch: u64,
    },
}

/// Asks the contract how things stand, and notes which epoch is in effect.
///
/// # Errors
/// [`EpochError`]; what must not be is no error, but an [`Alarm`] in the answer.
pub fn status(home: &mut Home) -> Result<Status, EpochError> {
    let settings = Settings::of(&home.config)?;
    let (terms, state) = look(&settings)?;
    let known = epochs(home, &settings)?;
    let mut alarms = Vec::new();
    for (epoch, root, total) in on_chain(&state) {
        match known.iter().find(|it| it.epoch == epoch) {
            Some(it) if is_out(it) => alarms.extend(differences(it, root, total)),
            _ => alarms.push(Alarm::Unknown { epoch }),
        }
    }
    let needed = state.waiting.as_ref().map_or(state.live_total, |it| it.total);
    let needed = needed.max(state.live_total);
    if state.funded() < needed {
        alarms.push(Alarm::Unfunded { needed, present: state.funded() });
    }
    for it in known.iter().filter(|it| it.state == EpochState::Published) {
        match fate(it, &state) {
            Fate::Waits => {}
            // Only what is as it was planned is taken note of.
            Fate::InEffect if state.live_root.to_string() == it.root => {
                home.store.note_effect(&it.batch)?;
            }
            Fate::InEffect => {}
            Fate::Vetoed => alarms.push(Alarm::Vetoed { epoch: it.epoch }),
            Fate::Gone => alarms.push(Alarm::Gone { epoch: it.epoch }),
        }
    }
    let known = epochs(home, &settings)?;
    let newest = known.iter().rev().find(|it| is_out(it) && it.state != EpochState::Vetoed);
    let payees = match newest {
        Some(it) => standing(home, &settings, it, &state, &mut alarms)?,
        None => Vec::new(),
    };
    Ok(Status { terms, state, epochs: known, payees, alarms })
}

/// The roots that the contract knows: epoch, root, total.
fn on_chain(state: &ContractState) -> Vec<(u64, Word, u128)> {
    let live = (state.live_epoch, state.live_root, state.live_total);
    let waiting = state.waiting.iter().map(|it| (it.epoch, it.root, it.total));
    std::iter::once(live).filter(|it| it.0 > 0).chain(waiting).collect()
}

/// An epoch of the contract whose root is not ours, if there is one.
pub(super) fn foreign(known: &[EpochRow], state: &ContractState) -> Option<u64> {
    let is_ours = |epoch: u64, root: &Word| {
        known.iter().any(|it| it.epoch == epoch && is_out(it) && it.root == root.to_string())
    };
    on_chain(state).into_iter().find(|(epoch, root, _)| !is_ours(*epoch, root)).map(|it| it.0)
}

/// Whether an epoch's root may be on the chain.
fn is_out(it: &EpochRow) -> bool {
    !matches!(it.state, EpochState::Planned | EpochState::Cancelled)
}

fn differences(it: &EpochRow, root: Word, total: u128) -> Vec<Alarm> {
    let (epoch, expected) = (it.epoch, it.root.clone());
    let root =
        (root.to_string() != it.root).then_some(Alarm::Root { epoch, found: root, expected });
    let expected = it.total;
    let total = (total != expected).then_some(Alarm::Total { epoch, found: total, expected });
    root.into_iter().chain(total).collect()
}

enum Fate {
    Waits,
    InEffect,
    Vetoed,
    Gone,
}

/// What became of an epoch that was published, as far as the contract still knows.
fn fate(it: &EpochRow, state: &ContractState) -> Fate {
    if state.epoch < it.epoch {
        return Fate::Gone;
    }
    if state.live_epoch == it.epoch {
        return Fate::InEffect;
    }
    match state.waiting.as_ref().is_some_and(|waiting| waiting.epoch == it.epoch) {
        true => Fate::Waits,
        // One epoch is published at a time, so no later one can have followed it.
        false => Fate::Vetoed,
    }
}

fn standing(
    home: &Home,
    settings: &Settings,
    epoch: &EpochRow,
    state: &ContractState,
    alarms: &mut Vec<Alarm>,
) -> Result<Vec<PayeeStanding>, EpochError> {
    let epoch = match whole(home, epoch.clone()) {
        Ok(epoch) => epoch,
        Err(EpochError::Changed { epoch }) => {
            alarms.push(Alarm::Changed { epoch });
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    let contract = Payout::new(&settings.node, settings.contract()?);
    let mut payees = Vec::new();
    for (wallet, cumulative) in &epoch.sums {
        let (wallet, cumulative) = (*wallet, *cumulative);
        let claimed = contract.claimed(wallet, state.block)?;
        if claimed > cumulative {
            alarms.push(Alarm::TooMuch { wallet, claimed, cumulative });
        }
        let accounts = epoch.claims.iter().filter(|it| it.wallet == wallet);
        let accounts = accounts.map(|it| it.account.to_string()).collect();
        payees.push(PayeeStanding { wallet, accounts, cumulative, claimed });
    }
    Ok(payees)
}

/// Notes that the newest epoch was vetoed, if the contract says so: all its payments came back, and
/// are due again.
///
/// # Errors
/// [`EpochError::NotVetoed`] and others; nothing is noted then.
pub fn note_veto(home: &mut Home, epoch: u64, who: &str, now: &str) -> Result<Batch, EpochError> {
    let settings = Settings::of(&home.config)?;
    let known = epochs(home, &settings)?;
    let hint = "; `leitmotif payout status` lists them";
    let row = known.iter().find(|it| it.epoch == epoch);
    let row = row.ok_or(EpochError::Unknown { epoch, hint })?;
    let (_, state) = look(&settings)?;
    if row.state != EpochState::Published || !matches!(fate(row, &state), Fate::Vetoed) {
        return Err(EpochError::NotVetoed { epoch });
    }
    let batch = payments::batch(home, &row.batch)?;
    let act = act(home, &batch.row, "vetoed", who, now);
    let day = now.get(..10).unwrap_or(now);
    let because = format!("the root of epoch {epoch} was vetoed");
    let back = batch.payments.iter().map(|it| back_row(&batch, it, day, (&act, &because)));
    let back = back.collect::<Result<Vec<_>, _>>()?;
    home.store.veto_epoch(&row.batch, &back, &act)?;
    Ok(payments::batch(home, &row.batch)?)
}
