//! Claim files, claims by them, and the contract's first day.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chain::{
    ClaimFile, Payout, Receipt, Rpc, Sender, Signer, SignerMethod, Terms, creation_code,
    ident::ChainAddress,
};
use store::{EpochRow, EpochState};

use super::plan::epochs;
use super::{EpochError, Settings, Whole, whole};
use crate::Home;

/// Files of this many bytes at most are looked at.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// What a claim sends, or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The file.
    pub file: ClaimFile,
    /// What the account got before.
    pub before: u128,
    /// What it gets, or got, by this claim.
    pub amount: u128,
    /// The transaction, its block and its gas; none if it was only looked at.
    pub transaction: Option<(String, u64, u64)>,
}

/// A contract that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Where it is.
    pub contract: ChainAddress,
    /// What is fixed in it.
    pub terms: Terms,
    /// The transaction.
    pub transaction: String,
    /// What it cost, in gas.
    pub gas: u64,
}

/// Writes the claim files of an epoch, one for each account and address; those that were ever due
/// anything are among them, since an older file is of no use once a new root is in effect.
///
/// They go into `payout/epoch-N` of the home, or into another folder.
///
/// # Errors
/// [`EpochError`]; also if the epoch is not published.
pub fn claim_files(home: &Home, epoch: u64, to: Option<&Path>) -> Result<Vec<PathBuf>, EpochError> {
    let settings = Settings::of(&home.config)?;
    let known = epochs(home, &settings)?;
    let hint = "; `leitmotif payout status` lists them";
    let row = known.into_iter().find(|it| it.epoch == epoch);
    let row = row.ok_or(EpochError::Unknown { epoch, hint })?;
    let written = |it: &EpochRow| matches!(it.state, EpochState::Published | EpochState::Effective);
    if !written(&row) {
        let hint = " that was published and not vetoed";
        return Err(EpochError::Unknown { epoch, hint });
    }
    let own = home.store.home().join("payout").join(format!("epoch-{epoch}"));
    let folder = to.map_or(own, Path::to_owned);
    let file = |path: &Path| {
        let path = path.to_owned();
        move |source| EpochError::File { path, source }
    };
    fs::create_dir_all(&folder).map_err(file(&folder))?;
    let epoch = whole(home, row)?;
    let mut paths = Vec::new();
    for it in &epoch.claims {
        let Some(claim) = claim_of(&epoch, &settings, it.wallet) else { continue };
        let stem = statement::file_stem(&it.account.to_string(), settings.currency);
        let short: String = it.wallet.to_string().chars().take(10).collect();
        let path = folder.join(format!("{stem}-{short}.claim.json"));
        fs::write(&path, claim.write()).map_err(file(&path))?;
        paths.push(path);
    }
    Ok(paths)
}

/// The newest epoch of which claim files can be written.
///
/// # Errors
/// [`EpochError`] if there is none.
pub fn epoch_to_write(home: &Home) -> Result<u64, EpochError> {
    let settings = Settings::of(&home.config)?;
    let known = epochs(home, &settings)?;
    let mut out = known
        .iter()
        .rev()
        .filter(|it| matches!(it.state, EpochState::Published | EpochState::Effective));
    out.next().map(|it| it.epoch).ok_or(EpochError::NothingPlanned)
}

fn claim_of(epoch: &Whole, settings: &Settings, wallet: ChainAddress) -> Option<ClaimFile> {
    // Below the token's unit there is no leaf yet.
    let cumulative = *epoch.sums.get(&wallet)?;
    let sending = epoch.row.sending.as_ref()?;
    let accounts = epoch.claims.iter().filter(|it| it.wallet == wallet);
    Some(ClaimFile {
        chain_id: epoch.row.chain_id,
        contract: epoch.row.contract,
        token: settings.token,
        decimals: epoch.row.decimals,
        epoch: epoch.row.epoch,
        account: wallet,
        cumulative,
        root: epoch.tree.root(),
        proof: epoch.tree.proof(wallet)?,
        seal_index: sending.seal,
        tree_size: sending.tree_size,
        log_root: chain::Word::parse(&sending.log_root).ok()?,
        due_to: accounts.map(|it| it.account.to_string()).collect(),
    })
}

/// Reads a claim file; its proof leads to its root.
///
/// # Errors
/// [`EpochError`].
pub fn read_claim(path: &Path) -> Result<ClaimFile, EpochError> {
    let file = |source| EpochError::File { path: path.to_owned(), source };
    let size = fs::metadata(path).map_err(file)?.len();
    let bytes = match size > FILE_BYTES_MAX {
        // It is too long to be one; the reader of the form says so.
        true => vec![0; usize::try_from(FILE_BYTES_MAX).unwrap_or_default()],
        false => fs::read(path).map_err(file)?,
    };
    let path = path.to_owned();
    ClaimFile::read(&bytes).map_err(|source| EpochError::ClaimFile { path, source })
}

/// Asks a node what a claim would send now.
///
/// # Errors
/// [`EpochError`], also if the contract is not ours or has another root in effect.
pub fn check_claim(file: &ClaimFile, node: &Rpc) -> Result<Claimed, EpochError> {
    let contract = Payout::new(node, file.contract);
    let terms = contract.check(file.chain_id)?;
    if terms.token != file.token {
        let (found, expected) = (terms.token.to_string(), file.token.to_string());
        return Err(EpochError::Terms { what: "token", found, expected });
    }
    let state = contract.state()?;
    if state.live_root != file.root {
        let what = match state.live_epoch {
            0 => "none in effect".to_owned(),
            epoch => format!("epoch {epoch} in effect"),
        };
        return Err(EpochError::NotInEffect { epoch: file.epoch, what });
    }
    let before = contract.claimed(file.account, state.block)?;
    let amount = file.cumulative.saturating_sub(before);
    Ok(Claimed { file: file.clone(), before, amount, transaction: None })
}

/// Sends an account what it is due, by its claim file; whoever sends it pays for the gas.
///
/// # Errors
/// [`EpochError`].
pub fn claim_for(
    file: &ClaimFile,
    (node, signer): (&Rpc, Rpc),
    from: ChainAddress,
    fee_wei_max: u128,
    patience: Duration,
) -> Result<Claimed, EpochError> {
    let checked = check_claim(file, node)?;
    let signer = Signer::new(signer, SignerMethod::Eth);
    let sender = Sender { node, signer: &signer, from, chain_id: file.chain_id, fee_wei_max };
    let call = Payout::claim(file.account, file.cumulative, &file.proof);
    let (hash, receipt) = send(&sender, Some(file.contract), call, (1, patience))?;
    Ok(Claimed { transaction: Some((hash, receipt.block, receipt.gas)), ..checked })
}

/// Makes a contract for the settings, by the publishing account.
///
/// # Errors
/// [`EpochError`].
pub fn deploy(
    home: &Home,
    guardian: ChainAddress,
    delay_s: u64,
    patience: Duration,
) -> Result<Deployment, EpochError> {
    let settings = Settings::of(&home.config)?;
    let terms = Terms { token: settings.token, publisher: settings.from, guardian, delay_s };
    let decimals = settings.node.token_decimals(terms.token)?;
    if decimals != settings.decimals {
        let (found, expected) = (decimals.to_string(), settings.decimals.to_string());
        return Err(EpochError::Terms { what: "token's number of decimals", found, expected });
    }
    let waiting = (settings.confirmations, patience);
    let (transaction, receipt) = send(&settings.sender(), None, creation_code(&terms), waiting)?;
    let contract = receipt.contract.ok_or(chain::PayoutError::Event)?;
    // What is there now is looked at as anybody would.
    let found = Payout::new(&settings.node, contract).check(settings.chain_id)?;
    if found != terms {
        return Err(chain::PayoutError::Event.into());
    }
    Ok(Deployment { contract, terms, transaction, gas: receipt.gas })
}

fn send(
    sender: &Sender<'_>,
    to: Option<ChainAddress>,
    call: Vec<u8>,
    (confirmations, patience): (u64, Duration),
) -> Result<(String, Receipt), EpochError> {
    let sent = sender.sign(to, call)?;
    sent.send(sender.node)?;
    let receipt = chain::wait(sender.node, &sent, confirmations, patience)?;
    Ok((sent.hash.to_string(), receipt))
}
