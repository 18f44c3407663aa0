//! Publishing an epoch: signed, kept, sent, awaited, and only then in the book.

use std::path::PathBuf;
use std::time::Duration;

use chain::{Payout, Publication, SendError, Sent, Terms, Word, ident::ChainAddress};
use store::{EpochRow, EpochState, Sending};
use tlog::{Checkpoint, Note};

use super::claim::claim_files;
use super::plan::{epochs, funded, look};
use super::status::foreign;
use super::{EpochError, Settings, Sums, Whole, sums, whole};
use crate::log::about;
use crate::payments::{self, act, batch_entry, entries};
use crate::{Home, Progress};

/// What was published.
#[derive(Clone, Debug)]
pub struct Published {
    /// The epoch.
    pub epoch: EpochRow,
    /// What is fixed in the contract.
    pub terms: Terms,
    /// Its transaction.
    pub transaction: String,
    /// The block that it is in.
    pub block: u64,
    /// What it cost, in gas.
    pub gas: u64,
    /// The claim files, one for each account and address.
    pub files: Vec<PathBuf>,
}

/// Publishes the planned epoch, or goes on with one that was signed before: the transaction is kept
/// before it is sent, so that a kill at any point loses nothing and sends nothing twice.
///
/// # Errors
/// [`EpochError`]; called again, it goes on where it was.
pub fn publish(
    home: &mut Home,
    (who, now): (&str, &str),
    patience: Duration,
    progress: &mut dyn Progress,
) -> Result<Published, EpochError> {
    let settings = Settings::of(&home.config)?;
    let open = epochs(home, &settings)?.into_iter();
    let mut open = open.filter(|it| matches!(it.state, EpochState::Planned | EpochState::Sending));
    let row = open.next().ok_or(EpochError::NothingPlanned)?;
    let epoch = whole(home, row)?;
    progress.at("asking the contract", 0, 0);
    let (terms, publication, sent) = match epoch.row.sending.clone() {
        Some(sending) => resume(&settings, &epoch, &sending)?,
        None => begin(home, &settings, &epoch)?,
    };
    progress.at("waiting for the block", 0, 0);
    let receipt = match chain::wait(&settings.node, &sent, settings.confirmations, patience) {
        Ok(receipt) => receipt,
        Err(error @ (SendError::Failed { .. } | SendError::Replaced { .. })) => {
            // It can never be done, so that another one may be signed.
            home.store.stop_sending(&epoch.row.batch)?;
            return Err(error.into());
        }
        Err(error) => return Err(error.into()),
    };
    let contract = Payout::new(&settings.node, settings.contract()?);
    contract.check_event(&receipt, &publication)?;
    let batch = payments::batch(home, &epoch.row.batch)?;
    let entries = entries(&batch)?;
    let act = act(home, &batch.row, "sent", who, now);
    let told = batch_entry(home, &batch)?;
    let told = about("payment-batch", &batch.row.id, &told);
    home.store.publish_epoch(&epoch.row.batch, &entries, &act, &told)?;
    home.sign_log(now)?;
    let files = claim_files(home, epoch.row.epoch, None)?;
    let row = home.store.epoch_of(&epoch.row.batch)?.unwrap_or(epoch.row);
    let (block, gas) = (receipt.block, receipt.gas);
    Ok(Published { epoch: row, terms, transaction: sent.hash.to_string(), block, gas, files })
}

/// Checks everything, has the transaction signed and keeps it, then sends it.
fn begin(
    home: &mut Home,
    settings: &Settings,
    epoch: &Whole,
) -> Result<(Terms, Publication, Sent), EpochError> {
    let batch = payments::proposed(home, &epoch.row.batch)?;
    payments::check_due(home, &batch)?;
    check_rise(home, settings, epoch)?;
    let (terms, state) = look(settings)?;
    let (planned, found) = (epoch.row.epoch, state.epoch);
    if found.checked_add(1) != Some(planned) {
        return Err(EpochError::Sequence { found, planned });
    }
    if let Some(it) = state.waiting.as_ref().filter(|it| state.time_s < it.effective_at_s) {
        return Err(EpochError::Waiting { epoch: it.epoch, until_s: it.effective_at_s });
    }
    if let Some(epoch) = foreign(&epochs(home, settings)?, &state) {
        return Err(EpochError::Foreign { epoch });
    }
    let funding = funded(epoch.row.total, &state);
    if funding.missing > 0 {
        let contract = settings.contract()?;
        let (needed, present, missing) = (funding.needed, funding.present, funding.missing);
        return Err(EpochError::Unfunded { epoch: planned, needed, present, missing, contract });
    }
    let publication = epoch.publication(anchor(home, settings, &batch.row.settlement)?);
    let call = Payout::publish(&publication);
    let sent = settings.sender().sign(Some(settings.contract()?), call)?;
    let sending = Sending {
        seal: publication.seal_index,
        tree_size: publication.tree_size,
        log_root: publication.log_root.to_string(),
        raw: sent.raw.clone(),
        hash: sent.hash.to_string(),
        from: sent.from,
        nonce: sent.nonce,
    };
    home.store.begin_sending(&epoch.row.batch, &sending)?;
    if let Err(error) = sent.send(&settings.node) {
        // A node that refuses has not got it; of one that is silent nobody knows.
        if !matches!(error, SendError::Rpc(chain::RpcError::Reach { .. })) {
            home.store.stop_sending(&epoch.row.batch)?;
        }
        return Err(error.into());
    }
    Ok((terms, publication, sent))
}

/// Sends a transaction that was signed before once more: the same bytes do the same thing once.
fn resume(
    settings: &Settings,
    epoch: &Whole,
    it: &Sending,
) -> Result<(Terms, Publication, Sent), EpochError> {
    let changed = || EpochError::Changed { epoch: epoch.row.epoch };
    let log_root = Word::parse(&it.log_root).map_err(|_| changed())?;
    let publication = epoch.publication((it.seal, it.tree_size, log_root));
    let hash = Word::parse(&it.hash).map_err(|_| changed())?;
    let sent = Sent { raw: it.raw.clone(), hash, from: it.from, nonce: it.nonce };
    let (terms, _) = look(settings)?;
    // If it cannot be sent any more, waiting for it tells why.
    match sent.send(&settings.node) {
        Err(error @ SendError::Rpc(chain::RpcError::Reach { .. })) => Err(error.into()),
        _ => Ok((terms, publication, sent)),
    }
}

/// No sum is less than in the epoch before.
fn check_rise(home: &Home, settings: &Settings, epoch: &Whole) -> Result<(), EpochError> {
    let all = epochs(home, settings)?;
    let is_before =
        |it: &&EpochRow| it.epoch < epoch.row.epoch && it.state == EpochState::Effective;
    let Some(last) = all.iter().rfind(is_before) else { return Ok(()) };
    let old = sums(&home.store.claims(&last.batch)?, last.decimals)?;
    match fallen(&old, &epoch.sums) {
        None => Ok(()),
        Some((wallet, before, now)) => {
            Err(EpochError::Falls { wallet, epoch: last.epoch, before, now })
        }
    }
}

/// The first address whose sum is less than before, or gone; with both sums.
fn fallen(old: &Sums, new: &Sums) -> Option<(ChainAddress, u128, u128)> {
    let falls = |(wallet, before): (&ChainAddress, &u128)| {
        let now = new.get(wallet).copied().unwrap_or_default();
        (now < *before).then_some((*wallet, *before, now))
    };
    old.iter().find_map(falls)
}

/// What a root is bound to: the settlement's seal of the currency, and the signed log that has it.
fn anchor(
    home: &Home,
    settings: &Settings,
    settlement: &str,
) -> Result<(u64, u64, Word), EpochError> {
    let not_there = || EpochError::NotInLog { settlement: settlement.to_owned() };
    let seals = home.store.seals(settlement)?;
    let seal = *seals.get(&settings.currency).ok_or_else(not_there)?;
    let note = home.store.log_state()?.note.ok_or_else(not_there)?;
    let wrong = |detail: String| EpochError::Checkpoint { detail };
    let note = Note::parse(note).map_err(|it| wrong(it.to_string()))?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|it| wrong(it.to_string()))?;
    match seal < checkpoint.size() {
        true => Ok((seal, checkpoint.size(), Word(*checkpoint.root().as_bytes()))),
        false => Err(not_there()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_is_less_or_gone_is_found() {
        let at = |it: u8| ChainAddress::from_bytes([it; 20]).unwrap();
        let old = Sums::from([(at(1), 5), (at(2), 7)]);
        let check = |new: &[(u8, u128)], expected: Option<(u8, u128, u128)>| {
            let new: Sums = new.iter().map(|(it, sum)| (at(*it), *sum)).collect();
            let expected = expected.map(|(it, before, now)| (at(it), before, now));
            assert_eq!(fallen(&old, &new), expected);
        };
        check(&[(1, 5), (2, 7)], None);
        check(&[(1, 6), (2, 7), (3, 1)], None);
        check(&[(1, 5), (2, 6)], Some((2, 7, 6)));
        check(&[(2, 9)], Some((1, 5, 0)));
    }
}
