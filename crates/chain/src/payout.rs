//! What the contract is asked and told.

use ident::ChainAddress;
use serde_json::{Value, json};

use crate::abi::{Call, address_of, selector, words};
use crate::artifact::{Terms, runtime_code};
use crate::rpc::{Rpc, RpcError};
use crate::send::{Event, Receipt};
use crate::word::{Word, hex, keccak256};

/// The contract on a chain, as a node tells of it.
#[derive(Clone, Debug)]
pub struct Payout<'a> {
    node: &'a Rpc,
    contract: ChainAddress,
}

/// How far the contract is, as of one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractState {
    /// The block.
    pub block: u64,
    /// The time of that block, in seconds since 1970.
    pub time_s: u64,
    /// The newest epoch that was published, vetoed or not; 0 if none was.
    pub epoch: u64,
    /// The epoch whose root is in effect, 0 if none is. A root that has waited its time counts.
    pub live_epoch: u64,
    /// That root; zero if none is in effect.
    pub live_root: Word,
    /// What it gives out, in all epochs.
    pub live_total: u128,
    /// What was paid, in all epochs.
    pub paid: u128,
    /// The root that waits.
    pub waiting: Option<Waiting>,
    /// What the contract holds.
    pub balance: u128,
}

/// A root that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its epoch.
    pub epoch: u64,
    /// The root.
    pub root: Word,
    /// What it gives out, in all epochs.
    pub total: u128,
    /// When it takes effect, in seconds since 1970. It may have passed, if the money is not there.
    pub effective_at_s: u64,
}

impl ContractState {
    /// What was ever sent to the contract: what it holds, and what it paid.
    #[must_use]
    pub const fn funded(&self) -> u128 {
        self.balance.saturating_add(self.paid)
    }
}

/// What is published, and what the contract's event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The newest epoch plus one.
    pub epoch: u64,
    /// The root of the claim tree.
    pub root: Word,
    /// What it gives out, in all epochs.
    pub total: u128,
    /// The log's entry that it follows from.
    pub seal_index: u64,
    /// The size of a log that has it.
    pub tree_size: u64,
    /// The root of that log.
    pub log_root: Word,
}

/// Why the contract cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PayoutError {
    /// The node gave no answer.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// The node is on another chain.
    #[error("{at} is on chain {found}, and the settings say {expected}; nothing was sent")]
    Chain {
        /// The node.
        at: String,
        /// Its chain.
        found: u128,
        /// The chain of the settings.
        expected: u64,
    },
    /// There is no code.
    #[error("there is no contract at {contract} on this chain")]
    Nothing {
        /// The address.
        contract: ChainAddress,
    },
    /// There is other code.
    #[error(
        "the code at {contract} is not that of our contract (found {found}, expected {expected}); \
         it must not be paid into"
    )]
    Code {
        /// The address.
        contract: ChainAddress,
        /// Keccak-256 of what is there.
        found: Word,
        /// Keccak-256 of our contract with the terms it states.
        expected: Word,
    },
    /// The answer has another shape.
    #[error("the contract answered {call} in another form than ours does")]
    Shape {
        /// What was called.
        call: &'static str,
    },
    /// The contract refuses.
    #[error("the contract refuses: {words}")]
    Refused {
        /// Why, in words.
        words: String,
    },
    /// The transaction did something else.
    #[error("the transaction is there, but its event is not what was published")]
    Event,
}

impl<'a> Payout<'a> {
    /// Speaks about a contract by a node.
    #[must_use]
    pub const fn new(node: &'a Rpc, contract: ChainAddress) -> Self {
        Self { node, contract }
    }

    /// Checks that the node is on the chain that is meant and that the code at the address is our
    /// contract's, and returns what is fixed in it.
    ///
    /// # Errors
    /// [`PayoutError`].
    pub fn check(&self, chain_id: u64) -> Result<Terms, PayoutError> {
        check_chain(self.node, chain_id)?;
        let contract = self.contract;
        let code = self.node.bytes("eth_getCode", json!([contract.to_string(), "latest"]))?;
        if code.is_empty() {
            return Err(PayoutError::Nothing { contract });
        }
        let word = |call: &'static str| match self.call(call, Call::of(call), "latest")?.as_slice()
        {
            [word] => Ok(*word),
            _ => Err(PayoutError::Shape { call }),
        };
        let address = |call| address_of(&word(call)?).ok_or(PayoutError::Shape { call });
        let delay = || word("delay()")?.number().ok_or(PayoutError::Shape { call: "delay()" });
        let terms = || -> Result<Terms, PayoutError> {
            Ok(Terms {
                token: address("token()")?,
                publisher: address("publisher()")?,
                guardian: address("guardian()")?,
                delay_s: u64::try_from(delay()?).unwrap_or(u64::MAX),
            })
        };
        let other = |expected| PayoutError::Code { contract, found: keccak256(&code), expected };
        // Code that does not even answer is other code; only a node that is gone is told as that.
        let terms = match terms() {
            Ok(terms) => terms,
            Err(PayoutError::Rpc(error)) => return Err(error.into()),
            Err(_) => return Err(other(Word::default())),
        };
        let expected = runtime_code(&terms);
        match code == expected {
            true => Ok(terms),
            false => Err(other(keccak256(&expected))),
        }
    }

    fn call(&self, name: &'static str, call: Call, block: &str) -> Result<Vec<Word>, PayoutError> {
        call_at(self.node, self.contract, name, call, block)
    }

    /// Returns how far the contract is: everything as of one block, so that it fits together.
    ///
    /// # Errors
    /// [`PayoutError`].
    pub fn state(&self) -> Result<ContractState, PayoutError> {
        const CALL: &str = "state()";
        let shape = || PayoutError::Shape { call: CALL };
        let (number, time_s) = newest_block(self.node)?;
        let block = format!("{number:#x}");
        let words = self.call(CALL, Call::of(CALL), &block)?;
        let [epoch, live_epoch, live_root, live_total, paid, root, total, at, balance] = words[..]
        else {
            return Err(shape());
        };
        let long = |word: Word| word.number().ok_or_else(shape);
        let short = |word: Word| u64::try_from(long(word)?).map_err(|_| shape());
        let mut state = ContractState {
            block: number,
            time_s,
            epoch: short(epoch)?,
            live_epoch: short(live_epoch)?,
            live_root,
            live_total: long(live_total)?,
            paid: long(paid)?,
            waiting: None,
            balance: long(balance)?,
        };
        let effective_at_s = short(at)?;
        if effective_at_s != 0 {
            let total = long(total)?;
            if time_s >= effective_at_s && state.funded() >= total {
                // The next claim makes it so.
                (state.live_epoch, state.live_root, state.live_total) = (state.epoch, root, total);
            } else {
                state.waiting = Some(Waiting { epoch: state.epoch, root, total, effective_at_s });
            }
        }
        Ok(state)
    }

    /// Returns what an account got, in all epochs, as of a block.
    ///
    /// # Errors
    /// [`PayoutError`].
    pub fn claimed(&self, account: ChainAddress, block: u64) -> Result<u128, PayoutError> {
        const CALL: &str = "claimed(address)";
        let words = self.call(CALL, Call::of(CALL).address(account), &format!("{block:#x}"))?;
        let number = words.first().filter(|_| words.len() == 1).and_then(Word::number);
        number.ok_or(PayoutError::Shape { call: CALL })
    }

    /// The call that publishes a root.
    #[must_use]
    pub fn publish(it: &Publication) -> Vec<u8> {
        Call::of("publish(uint64,bytes32,uint96,uint64,uint64,bytes32)")
            .number(it.epoch)
            .word(it.root)
            .number(it.total)
            .number(it.seal_index)
            .number(it.tree_size)
            .word(it.log_root)
            .bytes()
    }

    /// The call that vetoes the root that waits.
    #[must_use]
    pub fn veto(epoch: u64) -> Vec<u8> {
        Call::of("veto(uint64)").number(epoch).bytes()
    }

    /// The call that sends an account what it is due.
    #[must_use]
    pub fn claim(account: ChainAddress, cumulative: u128, proof: &[Word]) -> Vec<u8> {
        let call = Call::of("claim(address,uint256,bytes32[])").address(account);
        call.number(cumulative).list(3, proof).bytes()
    }

    /// Asks what a call would do, without doing it.
    ///
    /// # Errors
    /// [`PayoutError::Refused`] says why the contract would refuse.
    pub fn try_call(&self, from: ChainAddress, data: &[u8]) -> Result<(), PayoutError> {
        let call = json!({
            "from": from.to_string(), "to": self.contract.to_string(), "data": hex(data),
        });
        match self.node.bytes("eth_call", json!([call, "latest"])) {
            Ok(_) => Ok(()),
            Err(error) => Err(told(error)),
        }
    }

    /// Checks that a receipt has the event of a publication.
    ///
    /// # Errors
    /// [`PayoutError::Event`] if it has another one, or none.
    pub fn check_event(&self, receipt: &Receipt, it: &Publication) -> Result<(), PayoutError> {
        let name = keccak256(b"Published(uint64,bytes32,uint256,uint64,uint64,bytes32,uint256)");
        let topics = [name, Word::of(it.epoch.into()), it.root];
        let of = |number: u64| Word::of(number.into());
        let data = [Word::of(it.total), of(it.seal_index), of(it.tree_size), it.log_root];
        let is_its = |it: &Event| {
            it.by == self.contract
                && it.topics == topics
                && words(&it.data).is_some_and(|it| it.len() == 5 && it.starts_with(&data))
        };
        match receipt.events.iter().any(is_its) {
            true => Ok(()),
            false => Err(PayoutError::Event),
        }
    }
}

/// Checks that a node is on the chain that is meant.
pub(crate) fn check_chain(node: &Rpc, expected: u64) -> Result<(), PayoutError> {
    let found = node.number("eth_chainId", json!([]))?;
    match found == u128::from(expected) {
        true => Ok(()),
        false => Err(PayoutError::Chain { at: node.at(), found, expected }),
    }
}

/// Calls a function of a contract, as of a block, and returns the words of its answer.
fn call_at(
    node: &Rpc,
    to: ChainAddress,
    name: &'static str,
    call: Call,
    block: &str,
) -> Result<Vec<Word>, PayoutError> {
    let asked = json!([{ "to": to.to_string(), "data": hex(&call.bytes()) }, block]);
    let bytes = node.bytes("eth_call", asked).map_err(told)?;
    words(&bytes).ok_or(PayoutError::Shape { call: name })
}

impl Rpc {
    /// Asks a token how many decimals its amounts have.
    ///
    /// # Errors
    /// [`PayoutError`], also if it does not say.
    pub fn token_decimals(&self, token: ChainAddress) -> Result<u32, PayoutError> {
        const CALL: &str = "decimals()";
        let words = call_at(self, token, CALL, Call::of(CALL), "latest")?;
        let number = words.first().filter(|_| words.len() == 1).and_then(Word::number);
        let number = number.and_then(|it| u32::try_from(it).ok());
        number.ok_or(PayoutError::Shape { call: CALL })
    }
}

fn newest_block(node: &Rpc) -> Result<(u64, u64), PayoutError> {
    let method = "eth_getBlockByNumber";
    let block = node.ask(method, json!(["latest", false]))?;
    let number = |key: &str| {
        let number = block.get(key).and_then(crate::rpc::number_of);
        number.and_then(|it| u64::try_from(it).ok())
    };
    let odd = || RpcError::Answer { at: node.at(), method, wanted: "a block" };
    Ok((number("number").ok_or_else(odd)?, number("timestamp").ok_or_else(odd)?))
}

/// What the contract's errors mean, by their signatures.
const REFUSALS: [(&str, &str); 13] = [
    ("NotPublisher()", "the sender is not the contract's publisher"),
    ("NotGuardian()", "the sender is neither the contract's guardian nor its publisher"),
    ("BadSetting()", "a setting is out of its range, or the publisher is its own guardian"),
    ("BadEpoch(uint64)", "the epoch is not the one that comes next"),
    ("BadAnchor()", "the log is empty, or does not have the entry that is named"),
    ("EmptyRoot()", "there is no root"),
    ("Waiting(uint64,uint256)", "another root still waits for its delay to be over"),
    ("NothingWaits()", "no root waits, or none whose delay is over"),
    ("TotalFell(uint256)", "the total is less than that of the epoch before"),
    ("Unfunded(uint256,uint256)", "the contract does not hold what the root gives out"),
    ("BadProof()", "the proof does not lead to the root in effect"),
    ("NothingDue(uint256)", "the account got all of this already"),
    ("OverTotal(uint256)", "the root gives out more than its total"),
];

/// A refusal in words, if the contract gave a reason; else what the node said.
pub(crate) fn told(error: RpcError) -> PayoutError {
    let RpcError::Refused { selector: found, words, .. } = &error else { return error.into() };
    let known = REFUSALS.iter().find(|(name, _)| *found == selector(name));
    match known {
        Some((name, meaning)) => {
            let name = name.split('(').next().unwrap_or_default();
            PayoutError::Refused { words: format!("{meaning} ({name})") }
        }
        None if words.contains("revert") => PayoutError::Refused { words: words.clone() },
        None => error.into(),
    }
}

/// The events in a receipt.
pub(crate) fn events_of(receipt: &Value) -> Option<Vec<Event>> {
    let events = receipt.get("logs")?.as_array()?.iter().map(|it| {
        let by = ChainAddress::parse_bare(it.get("address")?.as_str()?).ok()?;
        let topics = it.get("topics")?.as_array()?.iter();
        let topics = topics.map(|it| Word::parse(it.as_str()?).ok()).collect::<Option<_>>()?;
        Some(Event { by, topics, data: crate::word::bytes_of(it.get("data")?.as_str()?)? })
    });
    events.collect()
}
