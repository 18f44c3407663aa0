//! Calls and answers of the contract: words behind a selector (Solidity ABI specification, "Formal
//! specification of the encoding").

use ident::ChainAddress;

use crate::word::{Word, keccak256};

/// A call in the making: the selector, and static arguments.
#[derive(Clone, Debug)]
pub(crate) struct Call(Vec<u8>);

impl Call {
    /// Begins a call of a function, by its signature.
    pub(crate) fn of(signature: &str) -> Self {
        Self(selector(signature).to_vec())
    }

    /// Begins the arguments of a constructor.
    pub(crate) const fn bare() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn number(self, number: impl Into<u128>) -> Self {
        self.word(Word::of(number.into()))
    }

    pub(crate) fn address(self, address: ChainAddress) -> Self {
        self.word(word_of(address))
    }

    pub(crate) fn word(mut self, word: Word) -> Self {
        self.0.extend(word.0);
        self
    }

    /// A list as the last argument, which is the `place`th word.
    pub(crate) fn list(self, place: u128, words: &[Word]) -> Self {
        let call = self.number(32 * place).number(words.len() as u128);
        words.iter().fold(call, |call, it| call.word(*it))
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.0
    }
}

/// The first four bytes of the hash of a signature.
pub(crate) fn selector(signature: &str) -> [u8; 4] {
    let [a, b, c, d, ..] = keccak256(signature.as_bytes()).0;
    [a, b, c, d]
}

/// An address as a word.
pub(crate) fn word_of(address: ChainAddress) -> Word {
    let mut word = [0; 32];
    word[12..].copy_from_slice(address.as_bytes());
    Word(word)
}

/// The address in a word; none if it is none, or zero.
pub(crate) fn address_of(word: &Word) -> Option<ChainAddress> {
    let (zeros, bytes) = word.0.split_at(12);
    let address = bytes.try_into().ok().and_then(ChainAddress::from_bytes);
    address.filter(|_| zeros.iter().all(|it| *it == 0))
}

/// The words of an answer; none if it is not made of words.
pub(crate) fn words(bytes: &[u8]) -> Option<Vec<Word>> {
    let (words, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| words.iter().map(|it| Word(*it)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::word::hex;

    #[test]
    fn a_call_with_a_list_is_as_the_specification_has_it() {
        let account = ChainAddress::from_bytes([0xab; 20]).unwrap();
        let call = Call::of("claim(address,uint256,bytes32[])");
        let call = call.address(account).number(7_u8).list(3, &[Word([0x11; 32])]).bytes();
        let expected = [
            "0x3d13f874",
            &format!("{}{}", "0".repeat(24), "ab".repeat(20)),
            &format!("{}7", "0".repeat(63)),
            &format!("{}60", "0".repeat(62)),
            &format!("{}1", "0".repeat(63)),
            &"11".repeat(32),
        ];
        assert_eq!(hex(&call), expected.concat());
        assert_eq!(address_of(&word_of(account)), Some(account));
        assert_eq!(address_of(&Word::default()), None);
    }
}
