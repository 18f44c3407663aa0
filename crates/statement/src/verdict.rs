//! What a receipt was found to prove, in words; or why it proves nothing.

use tlog::ProofError;
use tlog::note::NoteError;
use tlog::policy::Quorum;

use crate::check::CheckError;
use crate::commit::PairNode;
use crate::receipt::ReceiptError;
use crate::seal::SealError;
use crate::statement::Statement;

/// The exit code of a receipt that holds but whose checkpoint too few witnesses saw.
pub const NOT_WITNESSED: u8 = 16;

/// What a receipt was found to prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The statement that is proven.
    pub statement: Statement,
    /// The log's name.
    pub origin: String,
    /// The log's key, in its text form.
    pub log_key: String,
    /// Whether the key, or a policy with it, was given by the reader; if not, it is the one named in
    /// the receipt.
    pub key_given: bool,
    /// The entry of the seal.
    pub seal: u64,
    /// The size of the log that the checkpoint signs.
    pub size: u64,
    /// Who else saw the checkpoint.
    pub witnessing: Witnessing,
    /// The reports behind the lines, and whether who sent them attests them.
    pub attested: Vec<Attested>,
    /// The terms that give less than their agreement states, with the rate that they give.
    pub less: Vec<String>,
    /// What the whole settlement divided, in this currency.
    pub settled: PairNode,
    /// How many accounts the seal has.
    pub accounts: u64,
    /// Whether the account stood in the seal before, so that its opening balance is proven by it.
    pub continued: bool,
    /// The entry of the seal before, in this currency.
    pub previous: Option<u64>,
}

/// Who else saw the checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witnessing {
    /// The reader named no witness.
    NoPolicy,
    /// Judged by the reader's policy.
    Judged(Quorum),
}

/// A report behind the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// Our id of it.
    pub report: String,
    /// The key that attests it.
    pub by: Option<String>,
}

impl Witnessing {
    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::NoPolicy => "not witnessed: no policy names witnesses".to_owned(),
            Self::Judged(it) if it.needed == 0 => {
                "not witnessed: the policy asks for no witness".to_owned()
            }
            Self::Judged(it) => {
                let (have, members, needed) = (it.have, it.members, it.needed);
                match it.time {
                    Some(time) if it.met => format!(
                        "witnessed by {have} of {members} ({needed} are enough), at {}",
                        utc(time)
                    ),
                    _ => format!(
                        "not witnessed: {have} of {members} witnesses saw it, and {needed} are needed"
                    ),
                }
            }
        }
    }

    /// Whether a policy asks for witnesses and has its quorum.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        matches!(self, Self::Judged(it) if it.met && it.needed > 0)
    }
}

impl Verdict {
    /// 0, or [`NOT_WITNESSED`] if the reader's policy asks for more witnesses than there are.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self.witnessing {
            Witnessing::Judged(it) if !it.met => NOT_WITNESSED,
            _ => 0,
        }
    }

    /// How many reports of the statement's are attested, and how many there are.
    #[must_use]
    pub fn attested_of(&self) -> (usize, usize) {
        (self.attested.iter().filter(|it| it.by.is_some()).count(), self.attested.len())
    }

    /// Checks that this statement goes on from an older one of the same account, which held.
    ///
    /// No receipt alone can show that an account which opens with nothing had no balance before; the
    /// receipt of then can.
    ///
    /// # Errors
    /// [`Refusal::NotContinued`] if it opens with something else than the older one closed with, or is
    /// not the next one of that account, currency and log.
    pub fn continues(&self, older: &Self) -> Result<(), Refusal> {
        let (now, then) = (&self.statement, &older.statement);
        let what = if (&now.account, now.currency) != (&then.account, then.currency) {
            "it is of another account or currency"
        } else if (&self.origin, self.previous) != (&older.origin, Some(older.seal)) {
            "its seal is not the one before this one"
        } else if now.balance.opening != then.balance.closing {
            "it closed with another balance than this one opens with"
        } else {
            return Ok(());
        };
        Err(Refusal::NotContinued { settlement: then.settlement.clone(), what })
    }

    /// Returns what is proven, a sentence each.
    #[must_use]
    pub fn proven(&self) -> Vec<String> {
        let it = &self.statement;
        let currency = it.currency;
        let mut out = vec![
            format!(
                "the log {} signed a checkpoint of {} entries; its entry {} is the seal of {} in {}",
                self.origin, self.size, self.seal, it.settlement, currency
            ),
            format!(
                "the seal closes: what was settled is what {} accounts were given, and all balances \
                 cancel each other out",
                self.accounts
            ),
            format!(
                "the seal commits to exactly this statement: these {} lines are all the lines of {}",
                it.lines.len(),
                it.account
            ),
            format!(
                "each line is about usage that the seal counts, from {} reports that were in the log \
                 before, and all that this usage brought was given away",
                self.attested.len()
            ),
            "each line follows from its reported amount, licence rate, exchange rate and term, rounded \
             by at most one atom"
                .to_owned(),
            "each term is part of an agreement that the log committed to before, and none gives more than \
             it states"
                .to_owned(),
            format!(
                "the balance closes: opening {} + earned {} + moved {} = closing {} {currency}",
                it.balance.opening, it.balance.earned, it.balance.moved, it.balance.closing
            ),
            match self.continued {
                true => "the opening balance is what the seal before closed with".to_owned(),
                false => "the account opens with nothing".to_owned(),
            },
        ];
        if self.witnessing.is_met() {
            out.push(format!("the checkpoint is {}", self.witnessing.words()));
        }
        let (attested, reports) = self.attested_of();
        if attested > 0 {
            out.push(format!(
                "{attested} of {reports} reports are signed by who sent them: {}",
                self.signers().join(", ")
            ));
        }
        out
    }

    fn signers(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.attested.iter().filter_map(|it| it.by.as_deref()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Returns what is not proven, a sentence each.
    #[must_use]
    pub fn not_proven(&self) -> Vec<String> {
        let (attested, reports) = self.attested_of();
        let mut out = vec![
            match attested == reports && reports > 0 {
                true => "that who sent the reports told all usage and income".to_owned(),
                false => format!(
                    "that the income is all there was: {} of {reports} reports are not attested by who \
                     sent them",
                    reports.saturating_sub(attested)
                ),
            },
            "that a cell sums its report lines rightly: who has the report can count them".to_owned(),
            "that the agreement is the one you signed, and what a term applies to: compare its text in the \
             receipt with your copy"
                .to_owned(),
            "that an exchange rate is the one its source states: compare it there".to_owned(),
            "that the amount was paid: compare it with your bank".to_owned(),
        ];
        if !self.continued {
            out.push(
                "that the account was in no seal before: if you have an older statement of it, this one has to \
                 open with what that one closed with"
                    .to_owned(),
            );
        }
        if !self.less.is_empty() {
            out.push(format!(
                "that these terms give all they should, since they give less than their agreement states \
                 (others take a part, or the part is reduced): {}",
                self.less.join("; ")
            ));
        }
        if !self.witnessing.is_met() {
            out.push(format!(
                "that nobody was shown another log: the checkpoint is {}",
                self.witnessing.words()
            ));
        }
        if !self.statement.outside.is_empty() {
            out.push(
                "that others paid what the statement says is paid past its operator: ask those who pay \
                 it"
                .to_owned(),
            );
        }
        if !self.key_given {
            out.push(format!(
                "that the signing key is the operator's: it is the one named in the receipt; \
                 compare it with the published one, or pass it with --key ({})",
                self.log_key
            ));
        }
        out
    }
}

/// Seconds since 1970 as RFC 3339 in UTC. The civil date is counted in years that begin with March, so
/// that the odd day of a leap year is the last one.
fn utc(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let era = days / 146_097;
    let day = days % 146_097;
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, after) = (day - (153 * month + 2) / 5 + 1, u64::from(month >= 10));
    let (year, month) = (era * 400 + year + after, if month < 10 { month + 3 } else { month - 9 });
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Why a receipt proves nothing; each kind has its own exit code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It cannot be read, or is not in its canonical form.
    #[error("this is not a receipt as it was issued")]
    Malformed(#[source] ReceiptError),
    /// A key, checkpoint or proof in it cannot be read.
    #[error("the {what} in the receipt cannot be read")]
    Field {
        /// What cannot be read.
        what: &'static str,
    },
    /// The statement's arithmetic does not hold.
    #[error("the statement's figures do not hold")]
    Figures(#[source] CheckError),
    /// The log does not hold an entry.
    #[error("the log does not hold entry {entry} as the receipt shows it")]
    NotIncluded {
        /// The entry's number.
        entry: u64,
        /// Why.
        source: ProofError,
    },
    /// The checkpoint is of another log.
    #[error("the checkpoint is of another log: {found}")]
    OtherLog {
        /// The log it names.
        found: String,
    },
    /// The checkpoint is not signed by the log's key, or a known witness's signature is wrong.
    #[error("the checkpoint is not signed by the key {key}, or a witness's signature is wrong")]
    Signature {
        /// The key that was expected.
        key: String,
        /// What the note says.
        source: NoteError,
    },
    /// The key given by the reader is not the one named in the receipt.
    #[error("the receipt names the key {named}, but the key given is {given}")]
    OtherKey {
        /// The key in the receipt.
        named: String,
        /// The key given.
        given: String,
    },
    /// The seal does not close.
    #[error("the seal does not hold")]
    Seal(#[source] SealError),
    /// The statement is not the one that the seal commits to.
    #[error(
        "the seal does not commit to this statement: a line, a balance or a name was changed, left out \
         or added"
    )]
    Account,
    /// A cell is not among the sources of the seal, or not all it brought was given away.
    #[error("the seal does not count the usage of these lines as they show it")]
    Sources,
    /// A report was not in the log before the seal.
    #[error("report {report} was not in the log, with this text, before it was settled")]
    Report {
        /// The report.
        report: String,
    },
    /// An attestation does not hold.
    #[error("the attestation of report {report} does not hold")]
    Attestation {
        /// The report.
        report: String,
    },
    /// A term is not one that the log committed to.
    #[error("the log did not commit to this before it was settled: {what}")]
    Agreement {
        /// The part of an agreement.
        what: String,
    },
    /// A table of exchange rates is not one that the seal names.
    #[error("the seal names no table of exchange rates called {table:?}")]
    Rates {
        /// The table.
        table: String,
    },
    /// An older receipt of the account is not what this one goes on from.
    #[error("this statement does not go on from that of {settlement}: {what}")]
    NotContinued {
        /// The settlement of the older one.
        settlement: String,
        /// Why not.
        what: &'static str,
    },
    /// The opening balance is not the closing one of the seal before.
    #[error("the opening balance is not what the seal before closed with")]
    Previous,
}

impl Refusal {
    /// Returns the exit code of this kind of refusal.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Malformed(_) | Self::Field { .. } => 10,
            Self::Figures(_) => 11,
            Self::NotIncluded { .. } | Self::OtherLog { .. } => 12,
            Self::Signature { .. } | Self::OtherKey { .. } => 13,
            Self::Seal(_) => 17,
            Self::Account => 18,
            Self::Sources => 19,
            Self::Report { .. } => 20,
            Self::Agreement { .. } => 21,
            Self::Rates { .. } => 22,
            Self::Previous | Self::NotContinued { .. } => 23,
            Self::Attestation { .. } => 24,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn seconds_become_a_day_and_a_time() {
        for (seconds, told) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_764_150_896, "2025-11-26T09:54:56Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(utc(seconds), told);
        }
    }
}
