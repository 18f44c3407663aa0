//! Transactions (EIP-1559, EIP-2718): made here, signed elsewhere, looked at again, sent, awaited.

use std::time::{Duration, Instant};

use ident::ChainAddress;
use serde_json::{Value, json};

use crate::payout::{PayoutError, check_chain, events_of, told};
use crate::rlp;
use crate::rpc::{Rpc, RpcError, number_of};
use crate::word::{Word, bytes_of, hex, keccak256};

/// How long between two looks at a transaction.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A transaction of the second kind (EIP-1559).
const KIND: u8 = 2;

/// A program that has the key, and signs.
#[derive(Clone, Debug)]
pub struct Signer {
    rpc: Rpc,
    method: SignerMethod,
}

/// How a signer is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignerMethod {
    /// `eth_signTransaction`: web3signer, a node with a keystore.
    #[default]
    Eth,
    /// `account_signTransaction`: clef, and by it hardware keys.
    Account,
}

impl Signer {
    /// Takes a signer.
    #[must_use]
    pub const fn new(rpc: Rpc, method: SignerMethod) -> Self {
        Self { rpc, method }
    }
}

/// What is needed to send.
#[derive(Clone, Debug)]
pub struct Sender<'a> {
    /// The node.
    pub node: &'a Rpc,
    /// Who signs.
    pub signer: &'a Signer,
    /// For which account.
    pub from: ChainAddress,
    /// On which chain.
    pub chain_id: u64,
    /// The most that is offered for a unit of gas, in wei.
    pub fee_wei_max: u128,
}

/// A signed transaction, and what is needed to find it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The bytes; sending them twice does it once.
    pub raw: Vec<u8>,
    /// Its hash.
    pub hash: Word,
    /// Whose it is.
    pub from: ChainAddress,
    /// Its number among those of that account.
    pub nonce: u64,
}

/// A transaction that is in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The block.
    pub block: u64,
    /// What it cost, in gas.
    pub gas: u64,
    /// The contract that it made, if it made one.
    pub contract: Option<ChainAddress>,
    /// Its events.
    pub events: Vec<Event>,
}

/// What a contract said in a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which contract.
    pub by: ChainAddress,
    /// What it is about.
    pub topics: Vec<Word>,
    /// The rest of it.
    pub data: Vec<u8>,
}

/// Why a transaction was not sent, or is not in a block.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// A node or signer gave no answer.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// The contract would refuse, or the chain is another one; nothing was sent.
    #[error(transparent)]
    Payout(#[from] PayoutError),
    /// Gas is dear.
    #[error(
        "gas costs up to {asked} wei now, and at most {most} may be offered (fee_gwei_max); nothing \
         was sent"
    )]
    Fee {
        /// What would have to be offered.
        asked: u128,
        /// What may be.
        most: u128,
    },
    /// The signer signed something else.
    #[error("the signer changed {what} of the transaction; nothing was sent")]
    Changed {
        /// Which part.
        what: &'static str,
    },
    /// It is in a block, and failed.
    #[error("transaction {hash} is in block {block}, and failed there: nothing was done by it")]
    Failed {
        /// The transaction.
        hash: Word,
        /// The block.
        block: u64,
    },
    /// Another one took its place.
    #[error(
        "transaction {hash} can never be done: account {from} sent another one with its number {nonce}"
    )]
    Replaced {
        /// The transaction.
        hash: Word,
        /// The account.
        from: ChainAddress,
        /// Its number.
        nonce: u64,
    },
    /// It takes too long.
    #[error(
        "transaction {hash} is sent and not yet in a block with {confirmations} confirmations; the \
         same command again goes on waiting, and sends nothing twice"
    )]
    Late {
        /// The transaction.
        hash: Word,
        /// How many blocks are asked for.
        confirmations: u64,
    },
}

struct Unsigned {
    chain_id: u64,
    nonce: u64,
    tip: u128,
    fee: u128,
    gas: u64,
    to: Option<ChainAddress>,
    data: Vec<u8>,
}

impl Sender<'_> {
    /// Makes a transaction and has it signed; it is not sent yet.
    ///
    /// # Errors
    /// [`SendError`]: the contract would refuse, gas is dear, or the signer refuses.
    pub fn sign(&self, to: Option<ChainAddress>, data: Vec<u8>) -> Result<Sent, SendError> {
        check_chain(self.node, self.chain_id)?;
        let from = self.from.to_string();
        let mut asked = json!({ "from": from, "data": hex(&data) });
        if let Some(to) = to {
            asked["to"] = json!(to.to_string());
        }
        let gas = self.node.number("eth_estimateGas", json!([asked])).map_err(told)?;
        // A quarter more: between now and then a root may take effect.
        let gas = u64::try_from(gas + gas / 4).unwrap_or(u64::MAX);
        let (fee, tip) = self.fees()?;
        if fee > self.fee_wei_max {
            return Err(SendError::Fee { asked: fee, most: self.fee_wei_max });
        }
        let nonce = self.node.number("eth_getTransactionCount", json!([from, "pending"]))?;
        let nonce = u64::try_from(nonce).unwrap_or(u64::MAX);
        let it = Unsigned { chain_id: self.chain_id, nonce, tip, fee, gas, to, data };
        let raw = self.signer.sign(self.from, &it)?;
        it.check(&raw)?;
        Ok(Sent { hash: keccak256(&raw), raw, from: self.from, nonce })
    }

    /// What to offer for gas: twice the newest block's price, and a tip.
    fn fees(&self) -> Result<(u128, u128), SendError> {
        let method = "eth_getBlockByNumber";
        let block = self.node.ask(method, json!(["latest", false]))?;
        let base = block.get("baseFeePerGas").and_then(number_of);
        let wanted = "a block with a price of gas (EIP-1559)";
        let base = base.ok_or(RpcError::Answer { at: self.node.at(), method, wanted })?;
        let tip = self.node.number("eth_maxPriorityFeePerGas", json!([]))?;
        Ok((base.saturating_mul(2).saturating_add(tip), tip))
    }
}

impl Sent {
    /// Hands the transaction to a node; one that it has already is fine.
    ///
    /// # Errors
    /// [`SendError`].
    pub fn send(&self, node: &Rpc) -> Result<(), SendError> {
        match node.hash("eth_sendRawTransaction", json!([hex(&self.raw)])) {
            Ok(_) => Ok(()),
            Err(error) => {
                let found = node.ask("eth_getTransactionByHash", json!([self.hash.to_string()]))?;
                if found.is_null() { Err(told(error).into()) } else { Ok(()) }
            }
        }
    }
}

/// Waits until a transaction is in a block that `confirmations` blocks stand on, its own among them.
///
/// A block that is dropped from the chain does not count: it is looked up again by its number.
///
/// # Errors
/// [`SendError`]: it failed, another one took its place, or it takes longer than `patience`.
pub fn wait(
    node: &Rpc,
    sent: &Sent,
    confirmations: u64,
    patience: Duration,
) -> Result<Receipt, SendError> {
    let begin = Instant::now();
    loop {
        // Asked first: if its number is taken and it has no receipt after that, it is lost.
        let count = json!([sent.from.to_string(), "latest"]);
        let taken = node.number("eth_getTransactionCount", count)? > u128::from(sent.nonce);
        let method = "eth_getTransactionReceipt";
        let receipt = node.ask(method, json!([sent.hash.to_string()]))?;
        if receipt.is_null() {
            let found = node.ask("eth_getTransactionByHash", json!([sent.hash.to_string()]))?;
            if taken && found.is_null() {
                let Sent { hash, from, nonce, .. } = *sent;
                return Err(SendError::Replaced { hash, from, nonce });
            }
        } else if let Some(receipt) = settled(node, sent, &receipt, confirmations)? {
            return Ok(receipt);
        }
        if begin.elapsed() >= patience {
            return Err(SendError::Late { hash: sent.hash, confirmations });
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// The receipt, once enough blocks stand on it.
fn settled(
    node: &Rpc,
    sent: &Sent,
    receipt: &Value,
    confirmations: u64,
) -> Result<Option<Receipt>, SendError> {
    let wanted = "the receipt of a transaction";
    let odd = || RpcError::Answer { at: node.at(), method: "eth_getTransactionReceipt", wanted };
    let number = |key: &str| {
        let number = receipt.get(key).and_then(number_of);
        number.and_then(|it| u64::try_from(it).ok()).ok_or_else(odd)
    };
    let block = number("blockNumber")?;
    let newest = node.number("eth_blockNumber", json!([]))?;
    if newest.saturating_add(1) < u128::from(block.saturating_add(confirmations)) {
        return Ok(None);
    }
    let same = node.ask("eth_getBlockByNumber", json!([format!("{block:#x}"), false]))?;
    if same.get("hash").is_none_or(|it| Some(it) != receipt.get("blockHash")) {
        return Ok(None);
    }
    if number("status")? != 1 {
        return Err(SendError::Failed { hash: sent.hash, block });
    }
    let contract = receipt.get("contractAddress").and_then(Value::as_str);
    Ok(Some(Receipt {
        block,
        gas: number("gasUsed")?,
        contract: contract.and_then(|it| ChainAddress::parse_bare(it).ok()),
        events: events_of(receipt).ok_or_else(odd)?,
    }))
}

impl Signer {
    fn sign(&self, from: ChainAddress, it: &Unsigned) -> Result<Vec<u8>, SendError> {
        let mut asked = json!({
            "from": from.to_string(),
            "chainId": format!("{:#x}", it.chain_id),
            "nonce": format!("{:#x}", it.nonce),
            "maxPriorityFeePerGas": format!("{:#x}", it.tip),
            "maxFeePerGas": format!("{:#x}", it.fee),
            "gas": format!("{:#x}", it.gas),
            "value": "0x0",
            "data": hex(&it.data),
        });
        if let Some(to) = it.to {
            asked["to"] = json!(to.to_string());
        }
        let method = match self.method {
            SignerMethod::Eth => "eth_signTransaction",
            SignerMethod::Account => "account_signTransaction",
        };
        let answer = self.rpc.ask(method, json!([asked]))?;
        let raw = answer.as_str().or_else(|| answer.get("raw")?.as_str()).and_then(bytes_of);
        let wanted = "a signed transaction";
        Ok(raw.ok_or(RpcError::Answer { at: self.rpc.at(), method, wanted })?)
    }
}

impl Unsigned {
    /// The parts in their order (EIP-1559), without the signature.
    fn parts(&self) -> [(&'static str, Vec<u8>); 9] {
        let to = self.to.as_ref().map_or(&[][..], |it| &it.as_bytes()[..]);
        [
            ("the chain", rlp::number(self.chain_id.into())),
            ("the number", rlp::number(self.nonce.into())),
            ("the tip", rlp::number(self.tip)),
            ("the price of gas", rlp::number(self.fee)),
            ("the gas", rlp::number(self.gas.into())),
            ("the receiver", rlp::item(to)),
            ("the value", rlp::number(0)),
            ("the data", rlp::item(&self.data)),
            ("the access list", rlp::list(&[])),
        ]
    }

    /// What came back is what was asked, with a signature.
    fn check(&self, raw: &[u8]) -> Result<(), SendError> {
        let changed = |what| SendError::Changed { what };
        let items = raw.split_first().filter(|(kind, _)| **kind == KIND);
        let items =
            items.and_then(|(_, list)| rlp::items(list)).ok_or_else(|| changed("the kind"))?;
        let (parts, signature) = items.split_at_checked(9).ok_or_else(|| changed("the form"))?;
        for ((what, expected), found) in self.parts().iter().zip(parts) {
            if expected != found {
                return Err(changed(what));
            }
        }
        let short = |it: &&&[u8]| rlp::content(it).is_some_and(|it| it.len() <= 32);
        match signature.len() == 3 && signature.iter().filter(short).count() == 3 {
            true => Ok(()),
            false => Err(changed("the form")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsigned() -> Unsigned {
        let to = ChainAddress::from_bytes([7; 20]);
        let data = vec![1, 2, 3, 4];
        Unsigned { chain_id: 31337, nonce: 3, tip: 1, fee: 9_000_000_000, gas: 60_000, to, data }
    }

    /// As a signer would return it, with made-up figures for the signature.
    fn signed(it: &Unsigned) -> Vec<u8> {
        let mut parts: Vec<Vec<u8>> = it.parts().into_iter().map(|(_, part)| part).collect();
        parts.extend([rlp::number(1), rlp::item(&[5; 32]), rlp::item(&[6; 32])]);
        [vec![KIND], rlp::list(&parts)].concat()
    }

    fn told(raw: &[u8]) -> String {
        unsigned().check(raw).map_or_else(|it| it.to_string(), |()| "as asked".to_owned())
    }

    #[test]
    fn a_signer_that_changes_anything_is_found_out() {
        assert_eq!(told(&signed(&unsigned())), "as asked");
        let other = ChainAddress::from_bytes([8; 20]);
        let changed = [
            (Unsigned { chain_id: 1, ..unsigned() }, "the chain"),
            (Unsigned { nonce: 4, ..unsigned() }, "the number"),
            (Unsigned { tip: 2, ..unsigned() }, "the tip"),
            (Unsigned { fee: 1, ..unsigned() }, "the price of gas"),
            (Unsigned { gas: 1, ..unsigned() }, "the gas"),
            (Unsigned { to: other, ..unsigned() }, "the receiver"),
            (Unsigned { to: None, ..unsigned() }, "the receiver"),
            (Unsigned { data: vec![1, 2, 3, 5], ..unsigned() }, "the data"),
        ];
        for (it, what) in changed {
            let expected =
                format!("the signer changed {what} of the transaction; nothing was sent");
            assert_eq!(told(&signed(&it)), expected);
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        let raw = signed(&unsigned());
        let mut older = raw.clone();
        older[0] = 1;
        for bytes in
            [&[][..], &raw[1..], &raw[..raw.len() - 1], &older, &[raw.clone(), vec![0]].concat()]
        {
            assert!(told(bytes).starts_with("the signer changed"), "{bytes:?}");
        }
        let mut parts: Vec<Vec<u8>> = unsigned().parts().into_iter().map(|(_, it)| it).collect();
        parts.extend([rlp::number(1), rlp::item(&[5; 33]), rlp::item(&[6; 32])]);
        let long = [vec![KIND], rlp::list(&parts)].concat();
        assert_eq!(told(&long), "the signer changed the form of the transaction; nothing was sent");
    }
}
