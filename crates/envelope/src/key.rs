//! Recipients and identities: the public and the secret half of an X25519 key (C2SP age, "The X25519
//! recipient type").

use std::fmt;
use std::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use curve25519_dalek::MontgomeryPoint;
use zeroize::Zeroizing;

const RECIPIENT: &str = "age";
const IDENTITY: &str = "AGE-SECRET-KEY-";

/// The points that give every secret the same result, zero: the five canonical encodings whose order
/// divides eight, on the curve or its twist (RFC 7748 §6.1 asks to refuse that result).
const LOW_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    [
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0,
    ],
    [
        224, 235, 122, 124, 59, 65, 184, 174, 22, 86, 227, 250, 241, 159, 196, 106, 218, 9, 141,
        235, 156, 50, 177, 253, 134, 98, 5, 22, 95, 73, 184, 0,
    ],
    [
        95, 156, 149, 188, 163, 80, 140, 36, 177, 208, 177, 85, 156, 131, 239, 91, 4, 68, 92, 196,
        88, 28, 142, 134, 216, 34, 78, 221, 208, 159, 17, 87,
    ],
    [
        236, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 127,
    ],
];

/// To whom something can be sealed: what a payee gives away, `age1…`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipient([u8; 32]);

/// What opens what was sealed to its recipient: a payee's secret, `AGE-SECRET-KEY-1…`.
///
/// Wiped when dropped; its `Debug` form shows nothing.
pub struct Identity {
    secret: Zeroizing<[u8; 32]>,
    recipient: Recipient,
}

/// Why a text is no recipient or no identity. The text itself is not repeated: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not Bech32, or its check sum does not hold.
    #[error(
        "no key of age, or a letter of it was changed or lost: a recipient is `age1` and 58 letters and \
         digits, an identity `AGE-SECRET-KEY-1` and 58"
    )]
    Bech32,
    /// Bech32 of something else.
    #[error(
        "a key of the kind {found:?}, where {wanted:?} is wanted; of age's kinds, X25519 alone is read: \
         `age-keygen` and `leitmotif bundle new-identity` make such keys"
    )]
    Kind {
        /// What stands before its data.
        found: String,
        /// What is wanted there.
        wanted: &'static str,
    },
    /// The secret half, where the public one is wanted.
    #[error(
        "a secret key, which nobody but its holder may see: wanted is the `age1…` that belongs to it; if \
         this one was sent to anybody, make another"
    )]
    Secret,
    /// The right kind, but not 32 bytes in their one spelling.
    #[error("a key of age has 32 bytes in one spelling, and this has others")]
    Malformed,
    /// A point that no secret leads to; anybody could open what is sealed to it.
    #[error("a recipient to which nothing can be sealed: its point has a small order")]
    LowOrder,
}

fn parse(text: &str, kind: &'static str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let checked = CheckedHrpstring::new::<Bech32>(text).map_err(|_| KeyError::Bech32)?;
    let found = checked.hrp().to_string();
    if kind == RECIPIENT && found.eq_ignore_ascii_case(IDENTITY) {
        return Err(KeyError::Secret);
    }
    if !found.eq_ignore_ascii_case(kind) {
        return Err(KeyError::Kind { found: found.to_ascii_lowercase(), wanted: kind });
    }
    let mut bytes = Zeroizing::new([0; 32]);
    let mut data = checked.byte_iter();
    for place in bytes.iter_mut() {
        *place = data.next().ok_or(KeyError::Malformed)?;
    }
    match data.next().is_none() && *print(&bytes, kind) == text {
        true => Ok(bytes),
        false => Err(KeyError::Malformed),
    }
}

fn print(bytes: &[u8; 32], kind: &'static str) -> Zeroizing<String> {
    const WHY: &str = "32 bytes under a name of at most 15 letters fit into Bech32";
    let mut text = Zeroizing::new(String::with_capacity(80));
    let hrp = Hrp::parse(kind).expect("the names of age's keys are lower or upper case ASCII");
    match kind == IDENTITY {
        true => bech32::encode_upper_to_fmt::<Bech32, _>(&mut *text, hrp, bytes).expect(WHY),
        false => bech32::encode_lower_to_fmt::<Bech32, _>(&mut *text, hrp, bytes).expect(WHY),
    }
    text
}

impl Recipient {
    /// Parses the text form, `age1…` in small letters.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = *parse(text, RECIPIENT)?;
        let is_canonical = curve25519_reduced(&bytes);
        match (is_canonical, LOW_ORDER.contains(&bytes)) {
            (false, _) => Err(KeyError::Malformed),
            (_, true) => Err(KeyError::LowOrder),
            (true, false) => Ok(Self(bytes)),
        }
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) const fn point(&self) -> MontgomeryPoint {
        MontgomeryPoint(self.0)
    }
}

/// Whether bytes are a number below 2^255 - 19, as every X25519 result is (RFC 7748 §5).
fn curve25519_reduced(bytes: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = bytes;
    let is_high = *last == 127 && middle.iter().all(|it| *it == 255) && *first >= 237;
    *last < 128 && !is_high
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(&self.0, RECIPIENT))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({self})")
    }
}

impl FromStr for Recipient {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::parse(text)
    }
}

impl Identity {
    /// The identity of 32 random bytes.
    #[must_use]
    pub fn from_bytes(secret: Zeroizing<[u8; 32]>) -> Self {
        let recipient = Recipient(MontgomeryPoint::mul_base_clamped(*secret).to_bytes());
        Self { secret, recipient }
    }

    /// Parses the text form, `AGE-SECRET-KEY-1…` in capitals.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Ok(Self::from_bytes(parse(text, IDENTITY)?))
    }

    /// Its public half.
    #[must_use]
    pub const fn recipient(&self) -> Recipient {
        self.recipient
    }

    /// The text form. Whoever reads it reads all that was sealed to the recipient.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        print(&self.secret, IDENTITY)
    }

    /// What this identity and who knows the secret behind `share` have in common (RFC 7748 §6.1).
    pub(crate) fn shared_with(&self, share: [u8; 32]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(MontgomeryPoint(share).mul_clamped(*self.secret).to_bytes())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}

/// How many identities a file may have.
pub const IDENTITIES_MAX: usize = 16;

/// Why a text is no file of identities.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityFileError {
    /// A line is neither empty, nor a comment, nor an identity.
    #[error("line {line} is no identity")]
    Line {
        /// The line, from 1.
        line: usize,
        /// Why.
        source: KeyError,
    },
    /// It is itself encrypted, with a passphrase or to another key.
    #[error("the file is itself encrypted: decrypt it first, with `age --decrypt`")]
    Encrypted,
    /// There is none.
    #[error("no identity: a line `AGE-SECRET-KEY-1…` is wanted")]
    Empty,
    /// There are more than [`IDENTITIES_MAX`].
    #[error("more than {IDENTITIES_MAX} identities")]
    Many,
}

/// Reads a file of identities, as `age-keygen` writes it: one a line, with empty lines and comments that
/// begin with `#`.
///
/// # Errors
/// [`IdentityFileError`].
pub fn parse_identities(text: &str) -> Result<Vec<Identity>, IdentityFileError> {
    if text.starts_with("age-encryption.org/") || text.starts_with("-----BEGIN AGE") {
        return Err(IdentityFileError::Encrypted);
    }
    let mut found = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if found.len() == IDENTITIES_MAX {
            return Err(IdentityFileError::Many);
        }
        let identity = Identity::parse(text);
        found.push(identity.map_err(|source| IdentityFileError::Line { line, source })?);
    }
    match found.is_empty() {
        true => Err(IdentityFileError::Empty),
        false => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// The key pair that stands in the specification.
    const SPEC_IDENTITY: &str =
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
    const SPEC_RECIPIENT: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

    #[test]
    fn an_identity_has_the_recipient_of_the_specification() {
        let identity = Identity::parse(SPEC_IDENTITY).unwrap();
        assert_eq!(identity.recipient().to_string(), SPEC_RECIPIENT);
        assert_eq!(*identity.to_text(), SPEC_IDENTITY);
        assert_eq!(Recipient::parse(SPEC_RECIPIENT), Ok(identity.recipient()));
        assert_eq!(format!("{identity:?}"), "Identity(..)");
    }

    #[track_caller]
    fn refused(text: &str, expected: Expect) {
        expected.assert_eq(&Recipient::parse(text).unwrap_err().to_string());
    }

    #[test]
    fn what_is_no_recipient_says_why() {
        let bech32 = expect![[
            r#"no key of age, or a letter of it was changed or lost: a recipient is `age1` and 58 letters and digits, an identity `AGE-SECRET-KEY-1` and 58"#
        ]];
        for text in
            ["", "age1", "age1zvkyg", &SPEC_RECIPIENT[..61], "ssh-ed25519 AAAA", "age1\u{e9}"]
        {
            assert_eq!(Recipient::parse(text), Err(KeyError::Bech32), "{text}");
        }
        refused(&SPEC_RECIPIENT.replace("zvk", "zvq"), bech32);
        refused(
            SPEC_IDENTITY,
            expect![[
                r#"a secret key, which nobody but its holder may see: wanted is the `age1…` that belongs to it; if this one was sent to anybody, make another"#
            ]],
        );
        let other = bech32::encode::<Bech32>(Hrp::parse("age1pq").unwrap(), &[9; 32]).unwrap();
        refused(
            &other,
            expect![[
                r#"a key of the kind "age1pq", where "age" is wanted; of age's kinds, X25519 alone is read: `age-keygen` and `leitmotif bundle new-identity` make such keys"#
            ]],
        );
        refused(
            &SPEC_RECIPIENT.to_ascii_uppercase(),
            expect!["a key of age has 32 bytes in one spelling, and this has others"],
        );
        let short = bech32::encode::<Bech32>(Hrp::parse("age").unwrap(), &[9; 31]).unwrap();
        assert_eq!(Recipient::parse(&short), Err(KeyError::Malformed));
        let long = bech32::encode::<Bech32>(Hrp::parse("age").unwrap(), &[9; 33]).unwrap();
        assert_eq!(Recipient::parse(&long), Err(KeyError::Malformed));
    }

    #[test]
    fn nothing_is_sealed_to_a_point_of_small_order_or_another_spelling_of_a_point() {
        for point in LOW_ORDER {
            let text = print(&point, RECIPIENT);
            assert_eq!(Recipient::parse(&text), Err(KeyError::LowOrder), "{point:?}");
            let shared = Identity::parse(SPEC_IDENTITY).unwrap().shared_with(point);
            assert_eq!(*shared, [0; 32], "{point:?}");
        }
        let p = [&[237][..], &[255; 30], &[127]].concat();
        for high in [p, [&[9][..], &[0; 30], &[128]].concat()] {
            let text = print(&high.try_into().unwrap(), RECIPIENT);
            assert_eq!(Recipient::parse(&text), Err(KeyError::Malformed));
        }
    }

    #[test]
    fn a_file_of_identities_is_read_as_age_keygen_writes_it() {
        let file = format!("# created: x\n# public key: y\n{SPEC_IDENTITY}\n\n");
        assert_eq!(parse_identities(&file).unwrap().len(), 1);
        let said = |text: &str| parse_identities(text).unwrap_err();
        assert_eq!(said("# nothing\n"), IdentityFileError::Empty);
        assert_eq!(said("age-encryption.org/v1\n"), IdentityFileError::Encrypted);
        assert_eq!(said("\nabc\n"), IdentityFileError::Line { line: 2, source: KeyError::Bech32 });
        let many = format!("{SPEC_IDENTITY}\n").repeat(IDENTITIES_MAX);
        assert_eq!(parse_identities(&many).unwrap().len(), IDENTITIES_MAX);
        assert_eq!(said(&format!("{many}{SPEC_IDENTITY}")), IdentityFileError::Many);
    }
}
