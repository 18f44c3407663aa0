//! Planning an epoch: a batch, and what every account was ever due with it.

use std::collections::BTreeMap;

use chain::{
    ClaimTree, ContractState, Payout, PayoutError, RpcError, SendError, Terms, ident::ChainAddress,
};
use ledger::Account;
use money::Atoms;
use store::{ClaimRow, Destination, EpochRow, EpochState, PaymentRow, Way};

use super::{EpochError, Settings, TOTAL_MAX, sums};
use crate::Home;
use crate::payments::{Batch, Draft, Held, Order, draft};

/// A planned epoch.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The batch and its epoch; none if there is nothing to pay.
    pub epoch: Option<(Batch, EpochRow)>,
    /// What of each address goes up, in the token's units: before, and with this epoch.
    pub rises: Vec<(ChainAddress, u128, u128)>,
    /// What is due on the chain, and not in it.
    pub held: Vec<Held>,
}

/// What a contract was given, beside what an epoch gives out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// What the epoch gives out, in all epochs.
    pub needed: u128,
    /// What the contract was ever given.
    pub present: u128,
    /// What is missing.
    pub missing: u128,
}

/// Plans to pay all that is due to payees who asked for the chain: a batch, and an epoch with it.
///
/// # Errors
/// [`EpochError`], also while another epoch is on its way; nothing is planned then.
pub fn plan(home: &mut Home, order: &Order<'_>, now: &str) -> Result<Plan, EpochError> {
    let settings = Settings::of(&home.config)?;
    let contract = settings.contract()?;
    let before = epochs(home, &settings)?;
    if let Some(open) = before.iter().find_map(open_error) {
        return Err(open);
    }
    let Draft { batch, held } = draft(home, order, Way::Chain, now)?;
    let Some((row, payments, act)) = batch else {
        return Ok(Plan { epoch: None, rises: Vec::new(), held });
    };
    let base = before.iter().rev().find(|it| it.state == EpochState::Effective);
    let base = base.map(|it| home.store.claims(&it.batch)).transpose()?.unwrap_or_default();
    let claims = grown(&base, &payments)?;
    let (old, new) = (sums(&base, settings.decimals)?, sums(&claims, settings.decimals)?);
    let total = new.values().try_fold(0_u128, |sum, it| sum.checked_add(*it));
    let total = total.filter(|it| *it <= TOTAL_MAX).ok_or(EpochError::TooLarge)?;
    let at = |wallet| old.get(wallet).copied().unwrap_or_default();
    let rises = new.iter().map(|(wallet, sum)| (*wallet, at(wallet), *sum));
    let rises: Vec<_> = rises.filter(|(_, before, now)| before != now).collect();
    if rises.is_empty() {
        return Err(EpochError::BelowUnit);
    }
    let tree = ClaimTree::new(settings.chain_id, contract, new)?;
    let newest = before.iter().map(|it| it.epoch).max().unwrap_or_default();
    let newest = newest.max(on_chain(&settings)?);
    let epoch = EpochRow {
        batch: row.id.clone(),
        chain_id: settings.chain_id,
        contract,
        epoch: newest.saturating_add(1),
        decimals: settings.decimals,
        root: tree.root().to_string(),
        total,
        state: EpochState::Planned,
        sending: None,
    };
    home.store.propose_epoch((&row, &payments), &epoch, &claims, &act)?;
    let batch = Batch { row, payments, returns: Vec::new(), acts: vec![act] };
    Ok(Plan { epoch: Some((batch, epoch)), rises, held })
}

/// The newest epoch that the contract knows: somebody else's that was vetoed used up its number. A node
/// that does not answer is no hindrance; publishing asks again.
fn on_chain(settings: &Settings) -> Result<u64, EpochError> {
    match look(settings) {
        Ok((_, state)) => Ok(state.epoch),
        Err(EpochError::Send(SendError::Payout(PayoutError::Rpc(RpcError::Reach { .. })))) => Ok(0),
        Err(error) => Err(error),
    }
}

/// The epochs of the contract that the settings name, the oldest first, without those cancelled.
///
/// # Errors
/// [`EpochError`].
pub fn epochs(home: &Home, settings: &Settings) -> Result<Vec<EpochRow>, EpochError> {
    let contract = settings.contract()?;
    let is_its = |it: &EpochRow| {
        it.chain_id == settings.chain_id
            && it.contract == contract
            && it.state != EpochState::Cancelled
    };
    Ok(home.store.epochs()?.into_iter().filter(is_its).collect())
}

fn open_error(it: &EpochRow) -> Option<EpochError> {
    let instead = match it.state {
        EpochState::Planned => "publish it, or cancel its batch (`leitmotif pay cancel`)",
        EpochState::Sending => "`leitmotif payout publish` goes on with it",
        EpochState::Published => {
            "`leitmotif payout status` notes when it is in effect; if it was vetoed, `leitmotif \
             payout vetoed`"
        }
        EpochState::Effective | EpochState::Vetoed | EpochState::Cancelled => return None,
    };
    let (epoch, batch, state) = (it.epoch, it.batch.clone(), it.state.as_str());
    Some(EpochError::Open { epoch, batch, state, instead })
}

/// What was ever due, with what a batch pays.
fn grown(base: &[ClaimRow], payments: &[PaymentRow]) -> Result<Vec<ClaimRow>, EpochError> {
    let key = |it: &ClaimRow| ((it.account.to_string(), it.wallet), it.cumulative);
    let mut all: BTreeMap<(String, ChainAddress), Atoms> = base.iter().map(key).collect();
    let mut accounts: BTreeMap<String, Account> =
        base.iter().map(|it| (it.account.to_string(), it.account.clone())).collect();
    for it in payments {
        // A batch for the chain has wallets only.
        let Destination::Wallet(wallet) = it.to else { continue };
        accounts.insert(it.account.to_string(), it.account.clone());
        let sum = all.entry((it.account.to_string(), wallet)).or_default();
        *sum = sum.checked_add(it.payout.net).ok_or(EpochError::TooLarge)?;
    }
    let row = |((account, wallet), cumulative)| {
        let account = accounts.get(&account)?.clone();
        Some(ClaimRow { account, wallet, cumulative })
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// Asks the contract whether an epoch is funded.
///
/// # Errors
/// [`EpochError`], also if the contract is not the one that the settings mean.
pub fn funding(home: &Home, epoch: &EpochRow) -> Result<Funding, EpochError> {
    let settings = Settings::of(&home.config)?;
    let (_, state) = look(&settings)?;
    Ok(funded(epoch.total, &state))
}

pub(super) fn funded(needed: u128, state: &ContractState) -> Funding {
    let present = state.funded();
    Funding { needed, present, missing: needed.saturating_sub(present) }
}

/// Checks that the contract is the one that is meant, to the last byte, and says how far it is.
pub(super) fn look(settings: &Settings) -> Result<(Terms, ContractState), EpochError> {
    let contract = Payout::new(&settings.node, settings.contract()?);
    let terms = contract.check(settings.chain_id)?;
    let differs = |what, found: &dyn ToString, expected: &dyn ToString| EpochError::Terms {
        what,
        found: found.to_string(),
        expected: expected.to_string(),
    };
    if terms.token != settings.token {
        return Err(differs("token", &terms.token, &settings.token));
    }
    if terms.publisher != settings.from {
        return Err(differs("publisher", &terms.publisher, &settings.from));
    }
    if let Some(guardian) = settings.guardian.filter(|it| *it != terms.guardian) {
        return Err(differs("guardian", &terms.guardian, &guardian));
    }
    let decimals = settings.node.token_decimals(terms.token)?;
    if decimals != settings.decimals {
        return Err(differs("token's number of decimals", &decimals, &settings.decimals));
    }
    Ok((terms, contract.state()?))
}
