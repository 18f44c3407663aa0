//! A policy file, line by line (tlog-policy, "Policy file syntax and structure").

use std::collections::BTreeSet;

use super::{
    Group, LINES_MAX, LogLine, POLICY_BYTES_MAX, Policy, PolicyError, PolicyFault, Threshold,
    WitnessLine,
};
use crate::cosign::WitnessKey;
use crate::encoding::parse_decimal;
use crate::key::VerifierKey;

const LOG_FORM: &str = "log <vkey> [<url>]";
const WITNESS_FORM: &str = "witness <name> <vkey> [<url>]";
const GROUP_FORM: &str = "group <name> all|any|<number> <member>...";
const QUORUM_FORM: &str = "quorum <name>|none";

/// What the lines so far defined.
#[derive(Default)]
struct Reading {
    logs: Vec<LogLine>,
    witnesses: Vec<WitnessLine>,
    groups: Vec<Group>,
    quorum: Option<Option<String>>,
    /// Public keys, so that none is two voices.
    keys: BTreeSet<[u8; 32]>,
    names: BTreeSet<String>,
    /// Names that are members of a group already.
    members: BTreeSet<String>,
}

pub(super) fn policy(file: &[u8]) -> Result<Policy, PolicyError> {
    if file.len() > POLICY_BYTES_MAX {
        let fault = PolicyFault::TooLong { bytes: file.len() };
        return Err(PolicyError { line: 1, fault });
    }
    let mut reading = Reading::default();
    let mut last = 0;
    for (line, bytes) in (1..).zip(file.split_inclusive(|byte| *byte == b'\n')) {
        last = line;
        reading.line(bytes).map_err(|fault| PolicyError { line, fault })?;
    }
    let Reading { logs, witnesses, groups, quorum, .. } = reading;
    let no_quorum = PolicyError { line: last.max(1), fault: PolicyFault::NoQuorum };
    Ok(Policy { logs, witnesses, groups, quorum: quorum.ok_or(no_quorum)? })
}

impl Reading {
    fn line(&mut self, bytes: &[u8]) -> Result<(), PolicyFault> {
        let bytes = bytes.strip_suffix(b"\n").ok_or(PolicyFault::NoNewline)?;
        let control = |byte: &u8| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f;
        if let Some(at) = bytes.iter().position(control) {
            return Err(PolicyFault::ControlCharacter { at: at + 1 });
        }
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        match bytes.iter().find(|byte| !blank(byte)) {
            None | Some(b'#') => return Ok(()),
            Some(_) => {}
        }
        let text = std::str::from_utf8(bytes).map_err(|_| PolicyFault::NotUtf8)?;
        let mut words = text.split([' ', '\t']).filter(|word| !word.is_empty());
        let keyword = words.next().unwrap_or_default();
        let words: Vec<&str> = words.collect();
        match keyword {
            "log" => self.log(&words),
            "witness" => self.witness(&words),
            "group" => self.group(&words),
            "quorum" => self.quorum(&words),
            word => Err(PolicyFault::Keyword { word: word.to_owned() }),
        }
    }

    fn log(&mut self, words: &[&str]) -> Result<(), PolicyFault> {
        let (key, url) = match *words {
            [key] => (key, None),
            [key, url] => (key, Some(url.to_owned())),
            _ => return Err(PolicyFault::Words { keyword: "log", form: LOG_FORM }),
        };
        limit(self.logs.len(), "log")?;
        let key = VerifierKey::parse(key)
            .map_err(|source| PolicyFault::Key { keyword: "log", source })?;
        self.new_key(key.public_key())?;
        self.logs.push(LogLine { key, url });
        Ok(())
    }

    fn witness(&mut self, words: &[&str]) -> Result<(), PolicyFault> {
        let (name, key, url) = match *words {
            [name, key] => (name, key, None),
            [name, key, url] => (name, key, Some(url.to_owned())),
            _ => return Err(PolicyFault::Words { keyword: "witness", form: WITNESS_FORM }),
        };
        limit(self.witnesses.len(), "witness")?;
        let key = WitnessKey::parse(key)
            .map_err(|source| PolicyFault::Key { keyword: "witness", source })?;
        self.new_key(key.public_key())?;
        self.new_name(name)?;
        self.witnesses.push(WitnessLine { name: name.to_owned(), key, url });
        Ok(())
    }

    fn group(&mut self, words: &[&str]) -> Result<(), PolicyFault> {
        let [name, threshold, ref members @ ..] = *words else {
            return Err(PolicyFault::Words { keyword: "group", form: GROUP_FORM });
        };
        if members.is_empty() {
            return Err(PolicyFault::Words { keyword: "group", form: GROUP_FORM });
        }
        limit(self.groups.len(), "group")?;
        for member in members {
            self.known(member)?;
            if !self.members.insert((*member).to_owned()) {
                return Err(PolicyFault::SecondMembership { name: (*member).to_owned() });
            }
        }
        let wrong = PolicyFault::Threshold { found: threshold.to_owned(), members: members.len() };
        let threshold = match threshold {
            "all" => Threshold::All,
            "any" => Threshold::Any,
            number => match parse_decimal(number).ok().and_then(|it| usize::try_from(it).ok()) {
                Some(needed) if (1..=members.len()).contains(&needed) => Threshold::Count(needed),
                _ => return Err(wrong),
            },
        };
        self.new_name(name)?;
        let members = members.iter().map(|it| (*it).to_owned()).collect();
        self.groups.push(Group { name: name.to_owned(), threshold, members });
        Ok(())
    }

    fn quorum(&mut self, words: &[&str]) -> Result<(), PolicyFault> {
        let [name] = *words else {
            return Err(PolicyFault::Words { keyword: "quorum", form: QUORUM_FORM });
        };
        if self.quorum.is_some() {
            return Err(PolicyFault::SecondQuorum);
        }
        if name == "none" {
            self.quorum = Some(None);
            return Ok(());
        }
        self.known(name)?;
        self.quorum = Some(Some(name.to_owned()));
        Ok(())
    }

    fn new_key(&mut self, key: &[u8; 32]) -> Result<(), PolicyFault> {
        if self.keys.insert(*key) { Ok(()) } else { Err(PolicyFault::DuplicateKey) }
    }

    fn new_name(&mut self, name: &str) -> Result<(), PolicyFault> {
        if name == "none" || !self.names.insert(name.to_owned()) {
            return Err(PolicyFault::DuplicateName { name: name.to_owned() });
        }
        Ok(())
    }

    fn known(&self, name: &str) -> Result<(), PolicyFault> {
        if self.names.contains(name) {
            return Ok(());
        }
        Err(PolicyFault::UnknownName { name: name.to_owned() })
    }
}

fn limit(count: usize, keyword: &'static str) -> Result<(), PolicyFault> {
    if count < LINES_MAX { Ok(()) } else { Err(PolicyFault::TooMany { keyword }) }
}
