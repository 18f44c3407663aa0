//! What the log keeps: commitments that show no payee, no name and no payee's amount.
//!
//! Each leaf is canonical JSON (RFC 8785) under 64 KiB, so that it fits an entry of C2SP tlog-tiles.
//! The sum trees of a full seal have their place beside these kinds, under a kind of their own.

use money::{Atoms, Currency};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::text;

const LEAF_FORMAT: &str = "leitmotif-leaf/v1";
const COMMITMENT_DOMAIN: &[u8] = b"leitmotif/statement/v1\0";

/// 32 random-looking bytes that keep a commitment from being guessed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

impl Salt {
    /// Derives the salt of one statement from the operator's secret: HMAC-SHA-256 (RFC 2104) over
    /// settlement, account and currency, each with its length before it.
    #[must_use]
    pub fn derive(secret: &[u8; 32], settlement: &str, account: &str, currency: Currency) -> Self {
        let pad = |byte: u8| secret.map(|it| it ^ byte).into_iter().chain([byte; 32]);
        let mut inner = Sha256::new();
        inner.update(pad(0x36).collect::<Vec<u8>>());
        inner.update(b"leitmotif/salt/v1\0");
        for part in [settlement, account, currency.as_str()] {
            inner.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            inner.update(part.as_bytes());
        }
        let mut outer = Sha256::new();
        outer.update(pad(0x5c).collect::<Vec<u8>>());
        outer.update(inner.finalize());
        Self(outer.finalize().into())
    }

    /// Returns the salt in hex.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// Reads 64 lower-case hex digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0_u8; 32];
        if text.len() != 64 {
            return None;
        }
        for (to, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |it: u8| match it {
                b'0'..=b'9' => Some(it.wrapping_sub(b'0')),
                b'a'..=b'f' => Some(it.wrapping_sub(b'a').wrapping_add(10)),
                _ => None,
            };
            *to = digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt(..)")
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// Returns the commitment to a statement: SHA-256 over a domain tag, the salt and the SHA-256 of
/// the canonical bytes.
#[must_use]
pub fn commitment(salt: &Salt, canonical: &[u8]) -> [u8; 32] {
    let mut outer = Sha256::new();
    outer.update(COMMITMENT_DOMAIN);
    outer.update(salt.0);
    outer.update(Sha256::digest(canonical));
    outer.finalize().into()
}

#[derive(Serialize)]
struct StatementLeaf<'a> {
    commitment: String,
    format: &'a str,
    kind: &'a str,
    period: &'a str,
    settlement: &'a str,
}

/// Returns the leaf of a statement.
///
/// # Panics
/// Never: every field has a JSON form.
#[must_use]
pub fn statement_leaf(commitment: &[u8; 32], settlement: &str, period: &str) -> Vec<u8> {
    let leaf = StatementLeaf {
        commitment: hex(commitment),
        format: LEAF_FORMAT,
        kind: "statement",
        period,
        settlement,
    };
    serde_json::to_vec(&leaf).expect("strings always have a form")
}

#[derive(Serialize)]
struct ReportLeaf<'a> {
    format: &'a str,
    kind: &'a str,
    report: &'a str,
    sha256: &'a str,
}

/// Returns the leaf of a sales report: the hash of its text, unpacked.
///
/// # Panics
/// Never: every field has a JSON form.
#[must_use]
pub fn report_leaf(report: &str, sha256_hex: &str) -> Vec<u8> {
    let leaf = ReportLeaf { format: LEAF_FORMAT, kind: "report", report, sha256: sha256_hex };
    serde_json::to_vec(&leaf).expect("strings always have a form")
}

/// The totals of one currency, by category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SettlementTotals {
    /// The currency.
    #[serde(with = "text")]
    pub currency: Currency,
    /// What became of other currencies this one, less what of this one became others.
    #[serde(with = "text")]
    pub exchanged: Atoms,
    /// What parties keep off the top.
    #[serde(with = "text")]
    pub fees: Atoms,
    /// What payees earned.
    #[serde(with = "text")]
    pub payees: Atoms,
    /// What was received.
    #[serde(with = "text")]
    pub received: Atoms,
    /// What the operator retains.
    #[serde(with = "text")]
    pub retained: Atoms,
    /// What waits in suspense.
    #[serde(with = "text")]
    pub suspense: Atoms,
}

/// The leaf of a settlement: its category totals and how many statements it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementLeaf<'a> {
    /// The settlement's id.
    pub settlement: &'a str,
    /// The period.
    pub period: &'a str,
    /// SHA-256 over what was settled: cells, catalogue and agreements, in hex.
    pub inputs: &'a str,
    /// How many statements the settlement has.
    pub statements: u64,
    /// The totals, ordered by currency.
    pub totals: &'a [SettlementTotals],
}

#[derive(Serialize)]
struct SettlementWire<'a> {
    format: &'a str,
    inputs: &'a str,
    kind: &'a str,
    period: &'a str,
    settlement: &'a str,
    statements: u64,
    totals: &'a [SettlementTotals],
}

impl SettlementLeaf<'_> {
    /// Returns the leaf's bytes.
    ///
    /// # Panics
    /// Never: every field has a JSON form.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let wire = SettlementWire {
            format: LEAF_FORMAT,
            inputs: self.inputs,
            kind: "settlement",
            period: self.period,
            settlement: self.settlement,
            statements: self.statements,
            totals: self.totals,
        };
        serde_json::to_vec(&wire).expect("strings and integers always have a form")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_salt_is_hmac_sha_256() {
        // Checked with another implementation of HMAC over the same bytes.
        let salt =
            Salt::derive(&[7; 32], "2021-06", "payee:singer", Currency::parse("KRW").unwrap());
        assert_eq!(Salt::from_hex(&salt.to_hex()), Some(salt));
        expect_test::expect!["54d9528ff9b200f6d211197aee336d5f9618550aa9b74b2d52a1ecc1af4be4a4"]
            .assert_eq(&salt.to_hex());
    }

    #[test]
    fn a_leaf_shows_no_payee() {
        let leaf = statement_leaf(&commitment(&Salt([1; 32]), b"{}"), "2021-06", "2021-06");
        let text = String::from_utf8(leaf).unwrap();
        assert!(!text.contains("payee:"), "{text}");
    }

    #[test]
    fn hex_that_is_not_lower_case_is_refused() {
        let salt = Salt([0xab; 32]).to_hex();
        assert!(Salt::from_hex(&salt.to_uppercase()).is_none());
        assert!(Salt::from_hex(&salt[1..]).is_none());
    }
}
