//! JSON-RPC 2.0 over HTTP, with limits.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Uri;

use crate::word::{Word, bytes_of};

/// The largest answer that is read.
const ANSWER_BYTES_MAX: u64 = 4 << 20;
/// How long a question may take in all.
const ANSWER_WAIT: Duration = Duration::from_secs(30);
/// How long a connection may take.
const CONNECT_WAIT: Duration = Duration::from_secs(10);
/// How much of a refusal's text is shown.
const WORDS_CHARS_MAX: usize = 300;

/// A node or a signer, as it is asked.
#[derive(Clone, Debug)]
pub struct Rpc {
    uri: Uri,
    agent: ureq::Agent,
}

/// Why a node or a signer gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RpcError {
    /// The address cannot be used.
    #[error("the address of a node or signer {reason}")]
    Address {
        /// What is wrong with it; never the address itself, which may hold a secret.
        reason: &'static str,
    },
    /// Nobody answers there.
    #[error(
        "{at} gave no answer to {method}: {detail}; see that it runs, and that the address is right"
    )]
    Reach {
        /// The host and port.
        at: String,
        /// What was asked.
        method: &'static str,
        /// What came back in its place.
        detail: String,
    },
    /// The answer is not one.
    #[error("{at} answered {method} with something else than {wanted}")]
    Answer {
        /// The host and port.
        at: String,
        /// What was asked.
        method: &'static str,
        /// What the standard says.
        wanted: &'static str,
    },
    /// It refused.
    #[error("{at} refuses {method}: {words} (code {code})")]
    Refused {
        /// The host and port.
        at: String,
        /// What was asked.
        method: &'static str,
        /// The code it gave.
        code: i64,
        /// Its words, cut short.
        words: String,
        /// What a contract said when it refused: its error's selector, or zeros.
        selector: [u8; 4],
    },
}

impl Rpc {
    /// Takes the address of a node or signer: `https://…`, or `http://…` if it is this machine.
    ///
    /// # Errors
    /// [`RpcError::Address`].
    pub fn new(address: &str) -> Result<Self, RpcError> {
        let wrong = |reason| RpcError::Address { reason };
        let uri: Uri = address.parse().map_err(|_| wrong("is no URL"))?;
        let host = uri.host().filter(|it| !it.is_empty()).ok_or_else(|| wrong("names no host"))?;
        if uri.authority().is_some_and(|it| it.as_str().contains('@')) {
            return Err(wrong("holds a name or password; nothing secret stands in a URL"));
        }
        let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        let is_here = host == "localhost" || ip.is_ok_and(|it| it.is_loopback());
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_here => {}
            Some("http") => return Err(wrong("is http and not of this machine: use https")),
            _ => return Err(wrong("is neither https nor http")),
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_WAIT))
            .timeout_connect(Some(CONNECT_WAIT))
            .max_redirects(0)
            .proxy(None)
            .user_agent("leitmotif")
            .build();
        Ok(Self { uri, agent: config.into() })
    }

    /// The host and port, which may be shown.
    #[must_use]
    pub fn at(&self) -> String {
        self.uri.authority().map_or_else(String::new, ToString::to_string)
    }

    /// Asks one thing.
    ///
    /// # Errors
    /// [`RpcError`].
    pub fn ask(&self, method: &'static str, parameters: Value) -> Result<Value, RpcError> {
        let reach = |detail: String| RpcError::Reach { at: self.at(), method, detail };
        let asked = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
        let sent = self
            .agent
            .post(&self.uri)
            .header("content-type", "application/json")
            .send(asked.to_string());
        // A library's words may hold the address with what is secret in it.
        let mut response = sent.map_err(|it| reach(harmless(&it)))?;
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        let body = body.map_err(|it| reach(harmless(&it)))?;
        let wanted = "an answer of JSON-RPC 2.0";
        let odd = || RpcError::Answer { at: self.at(), method, wanted };
        let answer: Value = serde_json::from_slice(&body).map_err(|_| odd())?;
        if answer.get("id") != Some(&json!(1)) {
            return Err(odd());
        }
        if let Some(error) = answer.get("error").filter(|it| !it.is_null()) {
            let words = error.get("message").and_then(Value::as_str).unwrap_or_default();
            let data = error.get("data");
            let data = data.and_then(|it| it.as_str().or_else(|| it.get("data")?.as_str()));
            return Err(RpcError::Refused {
                at: self.at(),
                method,
                code: error.get("code").and_then(Value::as_i64).unwrap_or_default(),
                words: words.chars().take(WORDS_CHARS_MAX).collect(),
                selector: data.and_then(bytes_of).and_then(selector_of).unwrap_or_default(),
            });
        }
        answer.get("result").cloned().ok_or_else(odd)
    }

    fn odd(&self, method: &'static str, wanted: &'static str) -> RpcError {
        RpcError::Answer { at: self.at(), method, wanted }
    }

    /// Asks for a number that is written as `0x` and hexadecimal digits.
    ///
    /// # Errors
    /// [`RpcError`].
    pub fn number(&self, method: &'static str, parameters: Value) -> Result<u128, RpcError> {
        let answer = self.ask(method, parameters)?;
        number_of(&answer).ok_or_else(|| self.odd(method, "a number"))
    }

    /// Asks for bytes.
    ///
    /// # Errors
    /// [`RpcError`].
    pub fn bytes(&self, method: &'static str, parameters: Value) -> Result<Vec<u8>, RpcError> {
        let answer = self.ask(method, parameters)?;
        answer.as_str().and_then(bytes_of).ok_or_else(|| self.odd(method, "bytes"))
    }

    /// Asks for a hash.
    ///
    /// # Errors
    /// [`RpcError`].
    pub fn hash(&self, method: &'static str, parameters: Value) -> Result<Word, RpcError> {
        let bytes = self.bytes(method, parameters)?;
        bytes.try_into().map(Word).map_err(|_| self.odd(method, "a hash"))
    }
}

/// The number that a node writes as `0x1f`.
pub(crate) fn number_of(value: &Value) -> Option<u128> {
    let digits = value.as_str()?.strip_prefix("0x")?;
    let plain = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_hexdigit());
    plain.then(|| u128::from_str_radix(digits, 16).ok()).flatten()
}

/// What a refusal of a contract begins with.
fn selector_of(data: Vec<u8>) -> Option<[u8; 4]> {
    data.first_chunk::<4>().copied()
}

/// What went wrong, in words that hold no address.
fn harmless(error: &ureq::Error) -> String {
    match error {
        ureq::Error::StatusCode(code) => format!("HTTP status {code}"),
        ureq::Error::Timeout(_) => "it took too long".to_owned(),
        ureq::Error::HostNotFound => "the host is not known".to_owned(),
        ureq::Error::ConnectionFailed => "no connection".to_owned(),
        ureq::Error::BodyExceedsLimit(limit) => format!("more than {limit} bytes"),
        ureq::Error::Io(error) => error.kind().to_string(),
        ureq::Error::Tls(words) => format!("TLS: {words}"),
        ureq::Error::Rustls(error) => format!("TLS: {error}"),
        _ => "a fault of HTTP".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(address: &str, expect: Expect) {
        let told = Rpc::new(address).map_or_else(|it| it.to_string(), |it| it.at());
        expect.assert_eq(&told);
    }

    #[test]
    fn addresses_are_safe_or_refused() {
        check("http://127.0.0.1:8545/secret-key", expect!["127.0.0.1:8545"]);
        check("http://[::1]:8545", expect!["[::1]:8545"]);
        check("https://node.example/v3/secret-key", expect!["node.example"]);
        check(
            "http://node.example",
            expect!["the address of a node or signer is http and not of this machine: use https"],
        );
        check(
            "http://127.0.0.1.example",
            expect!["the address of a node or signer is http and not of this machine: use https"],
        );
        check(
            "https://kim:secret@node.example",
            expect![
                "the address of a node or signer holds a name or password; nothing secret stands in a URL"
            ],
        );
        check(
            "ftp://localhost",
            expect!["the address of a node or signer is neither https nor http"],
        );
        check(
            "localhost:8545",
            expect!["the address of a node or signer is neither https nor http"],
        );
        check("", expect!["the address of a node or signer is no URL"]);
    }

    #[test]
    fn nobody_there_is_told_without_the_path() {
        // Port 9 discards, where anything listens at all.
        let rpc = Rpc::new("http://127.0.0.1:9/secret-key").unwrap();
        let error = rpc.number("eth_chainId", json!([])).unwrap_err().to_string();
        assert!(error.starts_with("127.0.0.1:9 gave no answer to eth_chainId: "), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn numbers_are_hexadecimal() {
        let read = |it: &str| number_of(&json!(it));
        assert_eq!(
            (read("0x1f"), read("0x"), read("31"), read("0x+1")),
            (Some(31), None, None, None)
        );
    }
}
