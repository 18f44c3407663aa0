//! The settings of `[payout]`, read into what they mean.

use chain::{Rpc, RpcError, Sender, Signer, SignerMethod, ident::ChainAddress};
use ident::IdentError;
use money::Currency;

use crate::{Config, PayoutConfig};

/// The most confirmations that can be asked for.
const CONFIRMATIONS_MAX: u64 = 1000;

/// What `[payout]` in `leitmotif.toml` says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The chain (EIP-155).
    pub chain_id: u64,
    /// The contract; none before it is deployed.
    contract: Option<ChainAddress>,
    /// The token.
    pub token: ChainAddress,
    /// What the token stands for.
    pub currency: Currency,
    /// The token's decimals.
    pub decimals: u32,
    /// The node.
    pub node: Rpc,
    /// The signer.
    pub signer: Signer,
    /// The publishing account.
    pub from: ChainAddress,
    /// The guardian, if it is to be checked.
    pub guardian: Option<ChainAddress>,
    /// The most that is offered for gas, in wei.
    pub fee_wei_max: u128,
    /// How many blocks a transaction waits for.
    pub confirmations: u64,
}

/// Why `[payout]` cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// There is none.
    #[error("leitmotif.toml has no [payout]; docs/guide/payout.md says what stands there")]
    Missing,
    /// No contract is named.
    #[error(
        "leitmotif.toml names no `contract` in [payout]; `leitmotif payout deploy` makes one and says \
         what to write there"
    )]
    NoContract,
    /// An address is none.
    #[error("`{key}` in [payout] of leitmotif.toml")]
    Address {
        /// The key.
        key: &'static str,
        /// What is wrong.
        source: IdentError,
    },
    /// A node's or signer's address cannot be used.
    #[error("`{key}` in [payout] of leitmotif.toml")]
    Rpc {
        /// The key.
        key: &'static str,
        /// What is wrong.
        source: RpcError,
    },
    /// A value has no meaning.
    #[error("`{key}` in [payout] of leitmotif.toml {reason}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
}

impl Settings {
    /// Reads the settings of a home.
    ///
    /// # Errors
    /// [`SettingsError`] names the key.
    pub fn of(config: &Config) -> Result<Self, SettingsError> {
        let it = config.payout.as_ref().ok_or(SettingsError::Missing)?;
        let address = |key, text: &str| {
            ChainAddress::parse(text).map_err(|source| SettingsError::Address { key, source })
        };
        let some = |key, text: &str| match text {
            "" => Ok(None),
            text => address(key, text).map(Some),
        };
        let rpc =
            |key, text: &str| Rpc::new(text).map_err(|source| SettingsError::Rpc { key, source });
        let value = |key, reason| SettingsError::Value { key, reason };
        let currency = Currency::parse(&it.currency);
        if it.decimals > 18 {
            return Err(value("decimals", "is more than 18, which amounts have"));
        }
        if !(1..=CONFIRMATIONS_MAX).contains(&it.confirmations) {
            return Err(value("confirmations", "is not between 1 and 1000"));
        }
        // Kept in the database as a number of 63 bits.
        if it.chain_id == 0 || i64::try_from(it.chain_id).is_err() {
            return Err(value("chain_id", "is no chain's number"));
        }
        Ok(Self {
            chain_id: it.chain_id,
            contract: some("contract", &it.contract)?,
            token: address("token", &it.token)?,
            currency: currency.map_err(|_| value("currency", "is no currency (ISO 4217)"))?,
            decimals: it.decimals,
            node: rpc("rpc", &it.rpc)?,
            signer: Signer::new(rpc("signer", &it.signer)?, method(it)?),
            from: address("from", &it.from)?,
            guardian: some("guardian", &it.guardian)?,
            fee_wei_max: u128::from(it.fee_gwei_max) * 1_000_000_000,
            confirmations: it.confirmations,
        })
    }

    /// The contract.
    ///
    /// # Errors
    /// [`SettingsError::NoContract`] before it is deployed.
    pub fn contract(&self) -> Result<ChainAddress, SettingsError> {
        self.contract.ok_or(SettingsError::NoContract)
    }

    /// What is needed to send a transaction.
    pub(super) const fn sender(&self) -> Sender<'_> {
        Sender {
            node: &self.node,
            signer: &self.signer,
            from: self.from,
            chain_id: self.chain_id,
            fee_wei_max: self.fee_wei_max,
        }
    }
}

fn method(it: &PayoutConfig) -> Result<SignerMethod, SettingsError> {
    match it.signer_method.as_str() {
        "eth_signTransaction" => Ok(SignerMethod::Eth),
        "account_signTransaction" => Ok(SignerMethod::Account),
        _ => Err(SettingsError::Value {
            key: "signer_method",
            reason: "is neither eth_signTransaction nor account_signTransaction",
        }),
    }
}
