//! Asking other witnesses for cosignatures (C2SP tlog-witness v1.0.0, "add-checkpoint").

use std::time::Duration;

use thiserror::Error;
use tlog::request::{RequestError, SIZE_BODY_BYTES_MAX, SIZE_MEDIA_TYPE, parse_size_body};
use tlog::{AddCheckpoint, Checkpoint, Hash, Note, Signature, WitnessKey};
use ureq::http::header::CONTENT_TYPE;

/// Longest answer that is read, in bytes: some post-quantum cosignatures fit in.
const ANSWER_BYTES_MAX: u64 = 65_536;

/// Most letters of a refusal that are shown.
const SAID_LETTERS_MAX: usize = 200;

/// How often a witness is asked when it says that it saw another size: others may ask it meanwhile.
const ATTEMPTS_MAX: usize = 3;

/// A witness: where it is reached and which key is expected to sign.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'a> {
    /// Its submission prefix, `https://witness.example/prefix`.
    pub url: &'a str,
    /// Its key.
    pub key: &'a WitnessKey,
    /// How long one request may take, name look-up and all.
    pub timeout: Duration,
}

/// A cosignature that a witness gave and that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The signature line, to be put below the checkpoint.
    pub line: Signature,
    /// Its time, in seconds since 1970-01-01T00:00:00Z.
    pub time: u64,
}

/// Why a witness gave no cosignature.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AskError {
    /// Not an address that is asked.
    #[error(
        "{url:?} is no address of a witness: http:// or https://, a host, no sign-in, no query"
    )]
    Url {
        /// The address.
        url: String,
    },
    /// The note cannot be sent.
    #[error("the checkpoint cannot be sent")]
    Request(#[from] RequestError),
    /// It could not be reached, or took too long.
    #[error("{url} gives no answer that can be read")]
    Unreachable {
        /// The address.
        url: String,
        /// What went wrong.
        source: Box<ureq::Error>,
    },
    /// It refused.
    #[error("{url} refuses with status {status}: {said}")]
    Refused {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The start of what it says.
        said: String,
    },
    /// It saw a larger tree than the one it is asked about.
    #[error("{url} saw {seen} entries already, more than the {size} of this checkpoint")]
    Ahead {
        /// The address.
        url: String,
        /// The size that it saw.
        seen: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// No proof can be made from the size that it saw.
    #[error("no consistency proof can be made from the {seen} entries that {url} saw")]
    NoProof {
        /// The address.
        url: String,
        /// The size that it saw.
        seen: u64,
    },
    /// It told another size at each attempt.
    #[error("{url} is asked by others at the same time; try again")]
    Moving {
        /// The address.
        url: String,
    },
    /// The answer is no list of signature lines, or none of them is the witness's and holds.
    #[error("{url} answers without a cosignature of {name} that holds")]
    NoCosignature {
        /// The address.
        url: String,
        /// The name of the key that was expected.
        name: String,
    },
}

/// Asks a witness to cosign a checkpoint that the log signed; `old_size` is what it is thought to
/// have seen last, and `prove` makes the consistency proof from any size up to the checkpoint's.
///
/// If the witness saw another size, it is asked again with that one. The cosignature is verified;
/// lines of other keys are ignored.
///
/// # Errors
/// [`AskError`].
pub fn ask(
    endpoint: &Endpoint<'_>,
    note: &Note,
    old_size: u64,
    prove: &dyn Fn(u64) -> Option<Vec<Hash>>,
) -> Result<Given, AskError> {
    let url = address(endpoint.url)?;
    let size = Checkpoint::parse(note.text()).map_err(RequestError::Checkpoint)?.size();
    let mut seen = old_size.min(size);
    for _ in 0..ATTEMPTS_MAX {
        let no_proof = || AskError::NoProof { url: url.clone(), seen };
        let proof = if seen == 0 { Vec::new() } else { prove(seen).ok_or_else(no_proof)? };
        let request = AddCheckpoint::new(seen, proof, note.clone())?;
        let reply = post(&url, &request, endpoint.timeout)?;
        match reply.status {
            200 => {
                return given(&reply.body, note, endpoint.key)
                    .ok_or_else(|| no_cosignature(&url, endpoint));
            }
            409 if reply.is_size => {
                let told = reply.body.get(..SIZE_BODY_BYTES_MAX.min(reply.body.len()));
                let told = parse_size_body(told.unwrap_or_default());
                seen = told.map_err(|_| refused(&url, &reply))?;
                if seen > size {
                    return Err(AskError::Ahead { url, seen, size });
                }
            }
            _ => return Err(refused(&url, &reply)),
        }
    }
    Err(AskError::Moving { url })
}

/// The address of the call below a submission prefix.
fn address(prefix: &str) -> Result<String, AskError> {
    let wrong = || AskError::Url { url: prefix.to_owned() };
    let rest = ["https://", "http://"].into_iter().find_map(|it| prefix.strip_prefix(it));
    let rest = rest.ok_or_else(wrong)?;
    let host = rest.split('/').next().unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '?' | '#' | '\\');
    if host.is_empty() || rest.contains(odd) {
        return Err(wrong());
    }
    Ok(format!("{}/add-checkpoint", prefix.trim_end_matches('/')))
}

struct Reply {
    status: u16,
    is_size: bool,
    body: Vec<u8>,
}

fn post(url: &str, request: &AddCheckpoint, timeout: Duration) -> Result<Reply, AskError> {
    let unreachable =
        |source| AskError::Unreachable { url: url.to_owned(), source: Box::new(source) };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(timeout))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent("leitmotif")
        .build()
        .into();
    let body = request.to_string();
    let sent = agent.post(url).content_type("text/plain; charset=utf-8").send(body.as_bytes());
    let mut response = sent.map_err(unreachable)?;
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let is_size = media_type.is_some_and(|it| it.split(';').next() == Some(SIZE_MEDIA_TYPE));
    let status = response.status().as_u16();
    let limited = response.body_mut().with_config().limit(ANSWER_BYTES_MAX);
    Ok(Reply { status, is_size, body: limited.read_to_vec().map_err(unreachable)? })
}

/// The witness's own line, verified; `None` if it is missing or any line of it is bad.
fn given(body: &[u8], note: &Note, key: &WitnessKey) -> Option<Given> {
    let lines = Signature::parse_lines(str::from_utf8(body).ok()?).ok()?;
    let mut own = lines.into_iter().filter(|line| key.is_named_by(line));
    let line = own.next()?;
    let time = key.verify(note.text(), &line)?;
    own.all(|line| key.verify(note.text(), &line).is_some()).then_some(Given { line, time })
}

fn no_cosignature(url: &str, endpoint: &Endpoint<'_>) -> AskError {
    AskError::NoCosignature { url: url.to_owned(), name: endpoint.key.name().to_owned() }
}

fn refused(url: &str, reply: &Reply) -> AskError {
    let text = String::from_utf8_lossy(&reply.body);
    let said = text.trim().chars().take(SAID_LETTERS_MAX).collect();
    AskError::Refused { url: url.to_owned(), status: reply.status, said }
}
