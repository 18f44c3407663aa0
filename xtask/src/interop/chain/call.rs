//! Calls, written as a wallet writes them: by hand, and not by the code that they judge.

use std::fmt::Write as _;

/// A call in the making, in hexadecimal digits.
pub(crate) struct Call(String);

impl Call {
    /// Begins with a selector: the first four bytes of the hash of the signature.
    pub(crate) fn of(selector: &str) -> Self {
        Self(format!("0x{selector}"))
    }

    pub(crate) fn address(mut self, address: &str) -> Self {
        let digits = address.trim_start_matches("0x").to_lowercase();
        let _ = write!(self.0, "{digits:0>64}");
        self
    }

    pub(crate) fn number(mut self, number: u128) -> Self {
        let _ = write!(self.0, "{number:064x}");
        self
    }

    pub(crate) fn word(mut self, word: &str) -> Self {
        self.0.push_str(word.trim_start_matches("0x"));
        self
    }

    /// `claim(address,uint256,bytes32[])`.
    pub(crate) fn claim(account: &str, sum: u128, proof: &[String]) -> Self {
        let call = Self::of("3d13f874").address(account).number(sum).number(96);
        let call = call.number(proof.len() as u128);
        proof.iter().fold(call, |call, it| call.word(it))
    }

    /// `publish(uint64,bytes32,uint96,uint64,uint64,bytes32)`, bound to a made-up log.
    pub(crate) fn publish(epoch: u128, root: &str, total: u128) -> Self {
        let log = "5a".repeat(32);
        let call = Self::of("e8f76574").number(epoch).word(root).number(total);
        call.number(1_000 + epoch).number(2_000 + epoch).word(&log)
    }

    /// `veto(uint64)`.
    pub(crate) fn veto(epoch: u128) -> Self {
        Self::of("c8050630").number(epoch)
    }

    /// `mint(address,uint256)` of the tokens for tests.
    pub(crate) fn mint(to: &str, amount: u128) -> Self {
        Self::of("40c10f19").address(to).number(amount)
    }

    pub(crate) fn text(&self) -> String {
        self.0.clone()
    }
}
