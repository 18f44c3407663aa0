//! What the verifier says to the page.

use std::error::Error;

use serde::Serialize;
use statement::{Refusal, Verdict, Witnessing, verify};

use crate::{korean, trust};

/// The exit code of a file, key or policy that cannot be read.
const UNREADABLE: u8 = 1;
/// The statement file is not the one in the receipt.
const OTHER_STATEMENT: u8 = 15;

/// A verdict or a refusal; `code` is the exit code of `leitmotif verify` on the same files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The exit code.
    pub code: u8,
    /// Whether everything holds, though perhaps too few witnesses saw it.
    pub holds: bool,
    /// Whose statement it is and what it comes to; only if everything holds.
    pub subject: Option<Subject>,
    /// The sentences in English, word for word those of the program.
    pub en: Words,
    /// The sentences in Korean.
    pub ko: Words,
}

/// Sentences in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Why it is refused: the refusal, then its causes.
    pub because: Vec<String>,
    /// What is proven.
    pub proven: Vec<String>,
    /// What is not proven.
    pub not_proven: Vec<String>,
}

/// What a payee compares with the statement on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The account.
    pub account: String,
    /// The account holder.
    pub name: String,
    /// Who issued it.
    pub operator: String,
    /// The period.
    pub period: String,
    /// The currency.
    pub currency: String,
    /// What is payable.
    pub payable: String,
    /// How many lines it has.
    pub lines: usize,
    /// How many reports are behind the lines, and how many of them are signed by who sent them.
    pub reports: Reports,
    /// The log's key.
    pub key: String,
    /// Whether the reader gave that key, or a policy with it.
    pub key_given: bool,
    /// Who else saw the log; only if the reader gave a policy.
    pub witnesses: Option<Witnesses>,
}

/// Reports behind the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reports {
    /// How many.
    pub all: usize,
    /// How many of them are attested.
    pub attested: usize,
}

/// Who else saw the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Witnesses {
    /// How many did.
    pub have: usize,
    /// How many are enough.
    pub needed: usize,
    /// How many there are.
    pub members: usize,
    /// Whether enough did.
    pub met: bool,
    /// When enough had, in seconds since 1970.
    pub time: Option<u64>,
}

/// What is asked of the verifier.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question<'a> {
    /// The receipt.
    pub receipt: &'a [u8],
    /// The log's key or a policy as text; empty if the reader has neither.
    pub trust: &'a [u8],
    /// A statement file that has to be the one in the receipt.
    pub statement: Option<&'a [u8]>,
    /// The receipt of the settlement before, which this one has to go on from.
    pub previous: Option<&'a [u8]>,
}

/// Checks a receipt.
#[must_use]
pub fn check(question: Question<'_>) -> Answer {
    let Question { receipt, trust, statement, previous } = question;
    let trust = match trust::parse(trust) {
        Ok(trust) => trust,
        Err((what, causes)) => {
            let en = [what.words().to_owned()].into_iter().chain(causes);
            return refused(UNREADABLE, en.collect(), korean::unreadable(what));
        }
    };
    let verdict = match verify(receipt, &trust) {
        Ok(verdict) => verdict,
        Err(refusal) => return refused_by(&refusal),
    };
    if statement.is_some_and(|it| it != verdict.statement.canonical()) {
        let en = "the statement file is not the statement in the receipt".to_owned();
        return refused(OTHER_STATEMENT, vec![en], korean::OTHER_STATEMENT);
    }
    if let Some(previous) = previous {
        let held = match verify(previous, &trust) {
            Ok(held) => held,
            Err(refusal) => {
                let en = ["the receipt before is refused".to_owned()].into_iter();
                let en = en.chain(chain(&refusal)).collect();
                return refused(refusal.exit_code(), en, korean::PREVIOUS);
            }
        };
        if let Err(refusal) = verdict.continues(&held) {
            return refused_by(&refusal);
        }
    }
    held(&verdict)
}

/// An error and its causes, as the program prints them: one that repeats the last is left out.
pub(crate) fn chain(error: &dyn Error) -> Vec<String> {
    let mut out = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if out.last() != Some(&said) {
            out.push(said);
        }
        next = cause.source();
    }
    out
}

fn refused_by(refusal: &Refusal) -> Answer {
    refused(refusal.exit_code(), chain(refusal), &korean::refusal(refusal))
}

/// A refusal; in Korean the causes keep the words of the program, which an auditor asks for.
fn refused(code: u8, en: Vec<String>, head: &str) -> Answer {
    let causes = en.iter().skip(1).cloned();
    let ko = [head.to_owned()].into_iter().chain(causes).collect();
    Answer {
        code,
        holds: false,
        subject: None,
        en: Words { because: en, ..Words::default() },
        ko: Words { because: ko, ..Words::default() },
    }
}

fn held(verdict: &Verdict) -> Answer {
    let it = &verdict.statement;
    let (attested, reports) = verdict.attested_of();
    Answer {
        code: verdict.exit_code(),
        holds: true,
        subject: Some(Subject {
            account: it.account.clone(),
            name: it.name.clone(),
            operator: it.operator.clone(),
            period: it.period.clone(),
            currency: it.currency.to_string(),
            payable: it.balance.payable.to_string(),
            lines: it.lines.len(),
            reports: Reports { all: reports, attested },
            key: verdict.log_key.clone(),
            key_given: verdict.key_given,
            witnesses: witnesses(verdict.witnessing),
        }),
        en: Words {
            because: Vec::new(),
            proven: verdict.proven(),
            not_proven: verdict.not_proven(),
        },
        ko: Words {
            because: Vec::new(),
            proven: korean::proven(verdict),
            not_proven: korean::not_proven(verdict),
        },
    }
}

const fn witnesses(witnessing: Witnessing) -> Option<Witnesses> {
    match witnessing {
        Witnessing::NoPolicy => None,
        Witnessing::Judged(it) => Some(Witnesses {
            have: it.have,
            needed: it.needed,
            members: it.members,
            met: it.met,
            time: it.time,
        }),
    }
}
