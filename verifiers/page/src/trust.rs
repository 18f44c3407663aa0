//! What the reader knows beforehand, as text: nothing, the log's key, or a policy.

use std::error::Error;

use statement::Trust;
use tlog::VerifierKey;
use tlog::policy::Policy;

use crate::answer::chain;

/// The words with which a line of a policy begins; no line of a key does.
const POLICY_WORDS: [&[u8]; 4] = [b"log", b"witness", b"group", b"quorum"];

/// Why the text is neither key nor policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It has the look of a key.
    Key,
    /// It has the look of a policy.
    Policy,
}

impl Unreadable {
    /// In words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Key => "the key given is not a key of a log",
            Self::Policy => "the policy given is not a policy",
        }
    }
}

/// Reads a key, white space around it ignored, or a policy; nothing if there is nothing.
pub(crate) fn parse(bytes: &[u8]) -> Result<Trust, (Unreadable, Vec<String>)> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Trust::Nothing);
    }
    if is_policy(bytes) {
        let refused = |error| (Unreadable::Policy, chain(&error));
        return Policy::parse(bytes).map(Trust::Policy).map_err(refused);
    }
    let refused = |error: &dyn Error| (Unreadable::Key, chain(error));
    let text = std::str::from_utf8(bytes).map_err(|error| refused(&error))?;
    VerifierKey::parse(text.trim()).map(Trust::Key).map_err(|error| refused(&error))
}

fn is_policy(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| {
        let word = line.trim_ascii_start().split(u8::is_ascii_whitespace).next();
        word.is_some_and(|it| POLICY_WORDS.contains(&it))
    })
}

#[cfg(test)]
mod tests {
    use statement::Trust;

    use super::{Unreadable, parse};

    const KEY: &str = "log.example/royalties+ad5434bc+Af0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";

    fn told(text: &str) -> &'static str {
        match parse(text.as_bytes()) {
            Ok(Trust::Nothing) => "nothing",
            Ok(Trust::Key(_)) => "key",
            Ok(Trust::Policy(_)) => "policy",
            Err((Unreadable::Key, _)) => "no key",
            Err((Unreadable::Policy, _)) => "no policy",
        }
    }

    #[test]
    fn a_policy_is_told_from_a_key_by_its_words() {
        for (text, is) in [
            (String::new(), "nothing"),
            (" \r\n".to_owned(), "nothing"),
            (format!(" \n{KEY}\r\n"), "key"),
            (format!("{KEY}\n{KEY}\n"), "no key"),
            (format!("quorum{KEY}"), "no key"),
            (KEY.replace('+', " "), "no key"),
            (format!("# mine\n\tlog\t{KEY}\n quorum none\n"), "policy"),
            ("quorum none\n".to_owned(), "policy"),
            (format!("log {KEY}\nquorum none"), "no policy"),
            (format!("log {KEY}\r\nquorum none\r\n"), "no policy"),
        ] {
            assert_eq!(told(&text), is, "{text:?}");
        }
    }
}
