//! What the verifier says to the page.

use std::error::Error;

use serde::Serialize;
use statement::Verdict;
use tlog::VerifierKey;

use crate::korean;

/// The key that was given is none: the exit code of a file or key that cannot be read.
const UNREADABLE: u8 = 1;
/// The statement file is not the one in the receipt.
const OTHER_STATEMENT: u8 = 15;

/// A verdict or a refusal; `code` is the exit code of `leitmotif verify` on the same files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The exit code.
    pub code: u8,
    /// Whether everything holds.
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
    /// The log's key.
    pub key: String,
    /// Whether the reader gave that key.
    pub key_given: bool,
}

/// Checks a receipt; `key` is the log's key as text, empty if the reader has none, and `statement` a
/// statement file that has to be the one in the receipt.
#[must_use]
pub fn check(receipt: &[u8], key: &[u8], statement: Option<&[u8]>) -> Answer {
    let key = match parse_key(key) {
        Ok(key) => key,
        Err(causes) => {
            let en = ["the key given is not a key of a log".to_owned()].into_iter().chain(causes);
            return refused(UNREADABLE, en.collect(), korean::NO_KEY);
        }
    };
    let verdict = match statement::verify(receipt, key.as_ref()) {
        Ok(verdict) => verdict,
        Err(refusal) => {
            return refused(refusal.exit_code(), chain(&refusal), korean::refusal(&refusal));
        }
    };
    if statement.is_some_and(|it| it != verdict.statement.canonical()) {
        let en = "the statement file is not the statement in the receipt".to_owned();
        return refused(OTHER_STATEMENT, vec![en], korean::OTHER_STATEMENT);
    }
    held(&verdict)
}

/// Reads the key: its one line, white space around it ignored.
fn parse_key(bytes: &[u8]) -> Result<Option<VerifierKey>, Vec<String>> {
    let text = std::str::from_utf8(bytes).map_err(|error| vec![error.to_string()])?.trim();
    if text.is_empty() {
        return Ok(None);
    }
    VerifierKey::parse(text).map(Some).map_err(|error| chain(&error))
}

/// An error and its causes, as the program prints them: one that repeats the last is left out.
fn chain(error: &dyn Error) -> Vec<String> {
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
    Answer {
        code: 0,
        holds: true,
        subject: Some(Subject {
            account: it.account.clone(),
            name: it.name.clone(),
            operator: it.operator.clone(),
            period: it.period.clone(),
            currency: it.currency.to_string(),
            payable: it.balance.payable.to_string(),
            lines: it.lines.len(),
            key: verdict.log_key.clone(),
            key_given: verdict.key_given,
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

#[cfg(test)]
mod tests {
    use super::{Answer, check};

    /// The worked vector of docs/spec/receipt-v1.md.
    const STATEMENT: &str = include_str!("../../../docs/spec/statement-v2.md");
    const RECEIPT: &str = include_str!("../../../docs/spec/receipt-v1.md");
    const KEY: &str = "log.example/royalties+ad5434bc+Af0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";

    fn block<'a>(page: &'a str, start: &str) -> &'a str {
        let at = page.rfind(start).unwrap();
        page[at..].split("\n```").next().unwrap()
    }

    fn statement() -> &'static str {
        block(STATEMENT, "{\"account\":\"payee:han-bada\"")
    }

    fn receipt() -> String {
        let proof = block(RECEIPT, "c2sp.org/tlog-proof@v1\nindex 0\n").replace('\n', "\\n");
        let salt = "834f2ce7549ba5b5508809a32ff0fad9f528ab10fa208a46dd0811a863364621";
        format!(
            "{{\"format\":\"leitmotif-receipt/v1\",\"log_key\":\"{KEY}\",\"proof\":\"{proof}\\n\",\
             \"salt\":\"{salt}\",\"statement\":{}}}",
            statement()
        )
    }

    fn heads(answer: &Answer) -> (u8, &str) {
        (answer.code, answer.en.because.first().map_or("", String::as_str))
    }

    #[test]
    fn the_vector_of_the_specification_holds() {
        let answer = check(receipt().as_bytes(), format!(" {KEY}\n").as_bytes(), None);
        assert_eq!(heads(&answer), (0, ""));
        let subject = answer.subject.unwrap();
        assert_eq!((subject.payable.as_str(), subject.key_given), ("33", true));
        let same = check(receipt().as_bytes(), b"", Some(statement().as_bytes()));
        assert!(same.holds && same.subject.is_some_and(|it| !it.key_given));
    }

    #[test]
    fn each_kind_of_refusal_has_its_code_in_both_languages() {
        let honest = receipt();
        let other = "demo.invalid/royalties+7b139d87+AdbTguFsl2x9Ie7MKQFCJCRMAVuQvmpVz";
        let cases = [
            (format!("{honest}\n"), "", None, 10),
            (honest.replace("\"salt\":\"83", "\"salt\":\"GG"), "", None, 10),
            (honest.replace("\"payable\":\"33\"", "\"payable\":\"34\""), "", None, 11),
            (honest.replace("Paper Boat", "Paper Boot"), "", None, 12),
            (
                honest.replace("— log.example/royalties rVQ0vB", "— log.example/royalties rVQ0vC"),
                "",
                None,
                13,
            ),
            (honest.clone(), other, None, 1),
            (honest.clone(), "", Some(format!("{} ", statement())), 15),
        ];
        for (receipt, key, statement, code) in cases {
            let statement = statement.as_deref().map(str::as_bytes);
            let answer = check(receipt.as_bytes(), key.as_bytes(), statement);
            assert_eq!(answer.code, code, "{:?}", answer.en.because);
            assert!(!answer.holds && answer.subject.is_none());
            assert_eq!(answer.en.because.len(), answer.ko.because.len());
            assert_ne!(answer.en.because[0], answer.ko.because[0]);
        }
    }

    #[test]
    fn every_sentence_has_its_counterpart() {
        for key in ["", KEY] {
            let answer = check(receipt().as_bytes(), key.as_bytes(), None);
            let counts = |words: &super::Words| [words.proven.len(), words.not_proven.len()];
            assert_eq!(counts(&answer.en), counts(&answer.ko));
            for (en, ko) in answer.en.proven.iter().zip(&answer.ko.proven) {
                let digits = |text: &str| {
                    let mut found: Vec<String> = text
                        .split(|it: char| !it.is_ascii_digit() && it != '.')
                        .map(|it| it.trim_end_matches('.').to_owned())
                        .filter(|it| !it.is_empty())
                        .collect();
                    found.sort();
                    found
                };
                assert_eq!(digits(en), digits(ko), "{en} / {ko}");
            }
        }
    }
}
