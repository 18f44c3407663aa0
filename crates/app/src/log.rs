//! What goes into the log beside seals, and signing it.

use money::Atoms;
use statement::{Entry, committed};
use store::{NewEntry, StoreError, UsageFile};
use tlog::VerifierKey;

use crate::{Config, Home};

impl Home {
    /// Signs what is staged and brings the static files up to it.
    ///
    /// While the configuration names no log, entries wait: a log's name cannot be changed later.
    ///
    /// # Errors
    /// [`StoreError`] if the log or a file cannot be written; the next call goes on.
    pub fn sign_log(&mut self, now: &str) -> Result<(), StoreError> {
        let state = self.store.log_state()?;
        if state.size == 0 && self.config.origin == Config::default().origin {
            return Ok(());
        }
        self.sign_log_as_it_is(now)
    }

    /// As [`Home::sign_log`], whatever the log is called.
    pub(crate) fn sign_log_as_it_is(&mut self, now: &str) -> Result<(), StoreError> {
        let keys = self.store.keys(&self.config.origin)?;
        self.store.sign_log(&keys.log, now)?;
        self.store.publish_log().map(drop)
    }
}

/// Signs the log with another key from here on: an entry says so, and the checkpoint with it bears both
/// signatures. Returns the keys, the old one first.
///
/// # Errors
/// [`StoreError`]; the log goes on with the key it had then.
pub fn change_key(home: &mut Home, now: &str) -> Result<[VerifierKey; 2], StoreError> {
    home.sign_log_as_it_is(now)?;
    let old = home.store.keys(&home.config.origin)?;
    let new = home.store.next_key(&old)?;
    let keys = [old.log.verifier_key(), new.verifier_key()];
    let [from, to] = keys.each_ref().map(ToString::to_string);
    let entry = Entry::KeyChange { from, to }.bytes();
    home.store.sign_change(&about("key-change", "", &entry), &old.log, &new, now)?;
    home.store.take_next_key()?;
    home.store.publish_log()?;
    Ok(keys)
}

/// What the log says of a report that counts: its text's hash, its lines, and a commitment to its control
/// totals.
pub(crate) fn report_entry(
    home: &Home,
    report: &str,
    sha256: &str,
    usage: &[UsageFile],
) -> Result<Vec<u8>, StoreError> {
    let secret = home.store.salt_secret()?;
    let lines = usage.iter().map(|it| it.lines).sum();
    let control = control_totals(report, sha256, usage)?;
    let control = committed(&secret, "control", control.as_bytes());
    let (report, sha256) = (report.to_owned(), sha256.to_owned());
    Ok(Entry::Report { control, lines, report, sha256 }.bytes())
}

/// The control totals of a report as text: lines, usages, and each sum by basis and currency.
///
/// # Errors
/// [`StoreError::Log`] if a sum leaves the range of amounts.
pub(crate) fn control_totals(
    report: &str,
    sha256: &str,
    usage: &[UsageFile],
) -> Result<String, StoreError> {
    let too_large =
        || StoreError::Log { detail: format!("a control total of report {report} is too large") };
    let mut sums = std::collections::BTreeMap::<&(String, String), Atoms>::new();
    let mut usages = Atoms::ZERO;
    for it in usage {
        usages = usages.checked_add(it.usages).ok_or_else(too_large)?;
        for (key, amount) in &it.amounts {
            let sum = sums.entry(key).or_default();
            *sum = sum.checked_add(*amount).ok_or_else(too_large)?;
        }
    }
    let lines: u64 = usage.iter().map(|it| it.lines).sum();
    let mut text = format!("report {report}\nsha256 {sha256}\nlines {lines}\nusages {usages}\n");
    for ((basis, currency), sum) in sums {
        text.push_str(&format!("{basis} {currency} {sum}\n"));
    }
    Ok(text)
}

/// What the log says of a decision: what, when, and a commitment to who, about what and why.
pub(crate) fn decision_entry(home: &Home, it: &store::Decision) -> Result<Vec<u8>, StoreError> {
    let secret = home.store.salt_secret()?;
    let text = [&it.at, &it.who, &it.kind, &it.subject, &it.because].map(String::as_str).join("\n");
    let commitment = committed(&secret, "decision", text.as_bytes());
    Ok(Entry::Decision { at: it.at.clone(), commitment, what: it.kind.clone() }.bytes())
}

/// An entry of the log about something.
pub(crate) const fn about<'a>(kind: &'a str, subject: &'a str, bytes: &'a [u8]) -> NewEntry<'a> {
    NewEntry { kind, subject, bytes }
}
