//! The statement and its canonical bytes.
//!
//! The fields stand in the order of their names, so that the derived writer gives the key order of
//! RFC 8785 §3.2.3; a test holds that.

use money::{Atoms, Currency, Ratio, Rounding};
use serde::{Deserialize, Serialize};

use crate::check::payable;
use crate::text;

/// The format tag of this version.
pub const STATEMENT_FORMAT: &str = "leitmotif-statement/v2";

/// The words of the term of money that waits for an exchange rate; other languages know it by them.
pub const NO_RATE_WORDS: &str = "waits until an exchange rate is known";

/// What one account earned in one period, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The account, as `ledger::Account` prints it.
    pub account: String,
    /// How the balance moved.
    pub balance: BalanceNote,
    /// The names of the cells of a line, in order; a constant of the format.
    pub columns: Vec<String>,
    /// What the lines' `context` cells point to.
    pub contexts: Vec<ContextNote>,
    /// The currency of every amount in the statement; what is reported and received may be in another.
    #[serde(with = "text")]
    pub currency: Currency,
    /// [`STATEMENT_FORMAT`].
    pub format: String,
    /// One line for each cell of usage and term.
    pub lines: Vec<Line>,
    /// What moved to this account and away from it, beside what it earned.
    pub movements: Vec<MovementNote>,
    /// The account holder's name, as people write it.
    pub name: String,
    /// What stands open for this account: advances to be kept back, reserves to be released.
    pub open: Vec<OpenNote>,
    /// Who issues the statement.
    pub operator: String,
    /// What is paid to this payee past the operator, and so stands in no line.
    pub outside: Vec<OutsideNote>,
    /// The period, e.g. `2021-06`.
    pub period: String,
    /// What the lines' `recording` cells point to.
    pub recordings: Vec<RecordingNote>,
    /// The settlement that this statement belongs to.
    pub settlement: String,
    /// What the lines' `source` cells point to.
    pub sources: Vec<SourceNote>,
    /// What the lines' `term` cells point to.
    pub terms: Vec<TermNote>,
}

/// A movement between this account and another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovementNote {
    /// The agreement that says so; empty for the members of a party.
    pub agreement: String,
    /// How much; negative if it moves away from this account.
    #[serde(with = "text")]
    pub amount: Atoms,
    /// Why: `cap`, `reserve-in`, `reserve-out`, `pool-cost`, `recoup`, `guarantee` or `members`; of what
    /// was paid since the last statement `payment`, `tax` that was withheld, or `vat` paid on top.
    pub kind: String,
    /// The period in which it would have moved, had all been known in time, by the day after its last
    /// one; of a payment, its day.
    pub origin: String,
    /// The other account.
    pub other: String,
    /// The entry of the agreement, or the party whose members are paid; of a payment its batch, and how
    /// a tax came about.
    pub reference: String,
}

/// What stands open for an account, before and after the settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenNote {
    /// The account in which it stands: `advance:…`, `advance-from:…`, `cost:…`, `guarantee:…` or
    /// `reserve:…`.
    pub account: String,
    /// What stood open afterwards.
    #[serde(with = "text")]
    pub closing: Atoms,
    /// What stood open before, with what was paid in this period counted in.
    #[serde(with = "text")]
    pub opening: Atoms,
}

/// A right of the payee that somebody else pays for some uses, and what is known of these uses in the
/// period. Nothing of it is in the balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutsideNote {
    /// The uses that are meant, in codes: territories, services, use types and so on; empty for every
    /// use.
    pub about: String,
    /// Since which day; empty if since ever.
    pub from: String,
    /// What a licence makes of the services' revenue; zero if none does.
    #[serde(with = "text")]
    pub licensed: Atoms,
    /// Who pays.
    pub paid_by: String,
    /// The pipe's id.
    pub pipe: String,
    /// What the services' revenue from these uses was, as far as it was reported.
    #[serde(with = "text")]
    pub revenue: Atoms,
    /// The right: `master`, `performer` or `work`.
    pub right: String,
    /// The pipe, as people call it.
    pub title: String,
    /// The last day; empty if there is none.
    pub until: String,
    /// How often it was used, as far as it was reported with revenue in this currency.
    #[serde(with = "text")]
    pub usages: Atoms,
}

/// How the balance moved: `closing = opening + earned + moved`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalanceNote {
    /// What is below the smallest unit that can be paid or below the minimum, or negative.
    #[serde(with = "text")]
    pub carried: Atoms,
    /// What is due after this settlement; it opens the next one.
    #[serde(with = "text")]
    pub closing: Atoms,
    /// The sum of the lines.
    #[serde(with = "text")]
    pub earned: Atoms,
    /// Below this nothing is paid and all is carried.
    #[serde(with = "text")]
    pub minimum: Atoms,
    /// The sum of the movements.
    #[serde(with = "text")]
    pub moved: Atoms,
    /// What was due before this settlement.
    #[serde(with = "text")]
    pub opening: Atoms,
    /// The closing balance rounded down to the currency's minor unit; zero if it is negative or below
    /// the minimum.
    #[serde(with = "text")]
    pub payable: Atoms,
}

impl BalanceNote {
    /// Closes a balance; none if a sum leaves the range of amounts.
    #[must_use]
    pub fn closed(
        opening: Atoms,
        earned: Atoms,
        moved: Atoms,
        minimum: Atoms,
        currency: Currency,
    ) -> Option<Self> {
        let closing = opening.checked_add(earned)?.checked_add(moved)?;
        let (payable, carried) = payable(closing, currency, minimum);
        Some(Self { carried, closing, earned, minimum, moved, opening, payable })
    }
}

/// Where, when and how the usage of a line took place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextNote {
    /// Commercial model, an AVS token.
    pub commercial_model: String,
    /// Month of use, e.g. `2021-06`.
    pub month: String,
    /// Price category, in the report's words; empty if it states none.
    pub price_category: String,
    /// Territory of use.
    pub territory: String,
    /// Published price of one unit, an exact decimal; empty if none is known.
    pub unit_price: String,
    /// Use type, an AVS token.
    pub use_type: String,
}

/// A recording that lines refer to; for unmatched lines, what the report said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingNote {
    /// The display artist.
    pub artist: String,
    /// Our id; empty if the line is not matched.
    pub id: String,
    /// The ISRC, or empty.
    pub isrc: String,
    /// The title.
    pub title: String,
}

/// A sales report, and the licence by which its revenue became money for us.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceNote {
    /// `received`, or `service-net` if the report states the service's revenue.
    pub basis: String,
    /// Why the lines are restated: `agreement`, `licence`, `price`, `matching`, `sales` or `catalogue`;
    /// empty if they are settled for the first time.
    pub because: String,
    /// What that is about: the agreement, the licence, of `sales` the month; empty if it is about none.
    pub because_of: String,
    /// The currency of what is reported and received.
    #[serde(with = "text")]
    pub currency: Currency,
    /// The licence's id; empty on the basis `received`.
    pub licence: String,
    /// The licence's rate on the service's revenue; 1 on the basis `received`.
    #[serde(with = "text")]
    pub licence_rate: Ratio,
    /// The sender's id of the report.
    pub message_id: String,
    /// The exchange rate by which what was received became the statement's currency; 1 if it is in it.
    #[serde(with = "text")]
    pub rate: Ratio,
    /// The day of that rate, or, of the mean of a month, that month; empty if there is none.
    pub rate_day: String,
    /// The third currency in which two rates of that day meet; empty if it is a rate of the pair.
    pub rate_over: String,
    /// Who states that rate, and the table of it in the catalogue; empty if there is none.
    pub rate_source: String,
    /// Our id of the report.
    pub report: String,
    /// `before` if the lines take back what was settled, with the sign turned; `now` if they say what
    /// it is instead; empty if they are settled for the first time.
    pub restated: String,
    /// The settlement that is restated; empty if the lines are settled for the first time.
    pub restates: String,
    /// The party that sent the report.
    pub sender: String,
    /// The service, in the report's words.
    pub service: String,
    /// SHA-256 of the report's text, unpacked, in hex; of a report of several files, SHA-256 over the
    /// hashes of their texts.
    pub sha256: String,
}

/// What a rate is a part of, and what a line's amount is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// What was received.
    Received,
    /// The published price of all units: `usages × unit price`.
    Price,
}

impl Measure {
    /// Returns the token used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Price => "price",
        }
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Measure {
    type Err = UnknownMeasure;
    fn from_str(text: &str) -> Result<Self, UnknownMeasure> {
        [Self::Received, Self::Price]
            .into_iter()
            .find(|it| it.as_str() == text)
            .ok_or(UnknownMeasure)
    }
}

/// A token that names no [`Measure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a measure is received or price")]
pub struct UnknownMeasure;

/// A term, and the part of its measure that it applies to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermNote {
    /// The agreement's id; empty for money that no agreement gives away.
    pub agreement: String,
    /// The part of the measure that this term gives: `rate × of`.
    #[serde(with = "text")]
    pub fraction: Ratio,
    /// `deduction`, `fee`, `royalty-rate`, `profit-share`, `retained` or `suspense`; `price-borne` where
    /// the account bears a part of the royalties on the price, so that the amount has its sign turned.
    pub kind: String,
    /// What the fraction is one of.
    #[serde(with = "text")]
    pub measure: Measure,
    /// The part of the measure that the rate applies to.
    #[serde(with = "text")]
    pub of: Ratio,
    /// The part of it that the account gets: the term's rate, reduced, divided among its payees, and
    /// without what other terms take out of it.
    #[serde(with = "text")]
    pub rate: Ratio,
    /// The term's id within its agreement.
    pub term: String,
    /// The term in words.
    pub words: String,
}

impl TermNote {
    /// The first lines of the parts of agreements that say this term: what the agreement covers, and
    /// the term itself; none if no agreement gives the money away.
    #[must_use]
    pub fn committed_parts(&self) -> Vec<String> {
        let Self { agreement, term, .. } = self;
        let mut parts = Vec::new();
        if !agreement.is_empty() {
            parts.push(format!("agreement {agreement}"));
            parts.extend((!term.is_empty()).then(|| format!("term {agreement} {term}")));
        }
        parts
    }

    /// The kind of what an account bears of the royalties on the price.
    pub const PRICE_BORNE: &'static str = "price-borne";
}

/// How an exact share became whole atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rounded {
    /// The share was a whole number of atoms.
    Exact,
    /// The share's fraction of an atom went to a larger remainder.
    Down,
    /// The share had one of the largest remainders and got the atom.
    Up,
}

impl Rounded {
    /// Returns the token used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Down => "down",
            Self::Up => "up",
        }
    }
}

impl std::fmt::Display for Rounded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Rounded {
    type Err = UnknownRounding;
    fn from_str(text: &str) -> Result<Self, UnknownRounding> {
        match text {
            "exact" => Ok(Self::Exact),
            "down" => Ok(Self::Down),
            "up" => Ok(Self::Up),
            _ => Err(UnknownRounding),
        }
    }
}

/// A token that names no [`Rounded`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rounding is exact, down or up")]
pub struct UnknownRounding;

/// One cell of usage under one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Row", into = "Row")]
pub struct Line {
    /// Index into [`Statement::sources`].
    pub source: u64,
    /// Index into [`Statement::recordings`].
    pub recording: u64,
    /// Index into [`Statement::terms`].
    pub term: u64,
    /// Index into [`Statement::contexts`].
    pub context: u64,
    /// How many report lines the cell sums.
    pub report_lines: u64,
    /// The first of those lines in the report's file.
    pub first_line: u64,
    /// The last of those lines.
    pub last_line: u64,
    /// How often the recording was used.
    pub usages: Atoms,
    /// What the report states: money received, or the service's revenue.
    pub reported: Atoms,
    /// What of that is received: `reported × licence rate`, half to even at the last atom.
    pub received: Atoms,
    /// What this term gives of it, once it is in the statement's currency.
    pub amount: Atoms,
    /// How the exact share became whole atoms.
    pub rounded: Rounded,
}

impl Line {
    /// The names of the cells, in order.
    pub const COLUMNS: [&'static str; 12] = [
        "source",
        "recording",
        "term",
        "context",
        "report_lines",
        "first_line",
        "last_line",
        "usages",
        "reported",
        "received",
        "amount",
        "rounded",
    ];
}

#[derive(Serialize, Deserialize)]
struct Text<T: std::fmt::Display + std::str::FromStr<Err: std::fmt::Display>>(
    #[serde(with = "text")] T,
);

#[derive(Serialize, Deserialize)]
struct Row(
    u64,
    u64,
    u64,
    u64,
    u64,
    u64,
    u64,
    Text<Atoms>,
    Text<Atoms>,
    Text<Atoms>,
    Text<Atoms>,
    Text<Rounded>,
);

impl From<Line> for Row {
    fn from(it: Line) -> Self {
        Self(
            it.source,
            it.recording,
            it.term,
            it.context,
            it.report_lines,
            it.first_line,
            it.last_line,
            Text(it.usages),
            Text(it.reported),
            Text(it.received),
            Text(it.amount),
            Text(it.rounded),
        )
    }
}

impl From<Row> for Line {
    fn from(it: Row) -> Self {
        Self {
            source: it.0,
            recording: it.1,
            term: it.2,
            context: it.3,
            report_lines: it.4,
            first_line: it.5,
            last_line: it.6,
            usages: it.7.0,
            reported: it.8.0,
            received: it.9.0,
            amount: it.10.0,
            rounded: it.11.0,
        }
    }
}

/// What a line refers to.
#[derive(Clone, Copy, Debug)]
pub struct LineNotes<'a> {
    /// The report and licence.
    pub source: &'a SourceNote,
    /// What was used.
    pub recording: &'a RecordingNote,
    /// The term.
    pub term: &'a TermNote,
    /// Where, when and how.
    pub context: &'a ContextNote,
}

impl SourceNote {
    /// What was received, in the currency of the statement: `received × rate`, half to even at the
    /// last atom; none if that leaves the range of amounts.
    #[must_use]
    pub fn exchanged(&self, received: Atoms) -> Option<Atoms> {
        received.mul_ratio(self.rate, Rounding::HalfEven)
    }

    /// The table that the exchange rate is of: what stands in parentheses at the end of its source.
    #[must_use]
    pub fn rate_table(&self) -> Option<&str> {
        let (_, table) = self.rate_source.strip_suffix(')')?.rsplit_once(" (")?;
        Some(table)
    }

    /// Whether what was received is in another currency than the statement.
    #[must_use]
    pub const fn is_exchanged(&self) -> bool {
        !self.rate_day.is_empty()
    }
}

impl Statement {
    /// Returns what a line refers to; none if one of it is not in the statement.
    #[must_use]
    pub fn notes(&self, line: &Line) -> Option<LineNotes<'_>> {
        let at = |index: u64| usize::try_from(index).unwrap_or(usize::MAX);
        Some(LineNotes {
            source: self.sources.get(at(line.source))?,
            recording: self.recordings.get(at(line.recording))?,
            term: self.terms.get(at(line.term))?,
            context: self.contexts.get(at(line.context))?,
        })
    }

    /// Returns the canonical bytes.
    ///
    /// # Panics
    /// Never: every field has a JSON form.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings, integers, arrays and objects always have a form")
    }

    /// Reads canonical bytes; bytes in any other form are refused.
    ///
    /// # Errors
    /// [`StatementError::Json`] if it is not a statement, [`StatementError::Format`] if it is of
    /// another version, [`StatementError::NotCanonical`] if it is written in another way.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        let statement: Self =
            serde_json::from_slice(bytes).map_err(|error| StatementError::Json {
                line: error.line(),
                column: error.column(),
                reason: error.to_string(),
            })?;
        if statement.format != STATEMENT_FORMAT {
            return Err(StatementError::Format { got: statement.format });
        }
        match statement.canonical() == bytes {
            true => Ok(statement),
            false => Err(StatementError::NotCanonical),
        }
    }
}

/// Returns the name, without ending, of the files of an account's statement: accounts are made of
/// letters that file systems take, but for the colon and the slash.
#[must_use]
pub fn file_stem(account: &str, currency: Currency) -> String {
    format!("{}.{currency}", account.replace([':', '/'], "-"))
}

/// Why bytes are no statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementError {
    /// The bytes are not JSON of the right shape.
    #[error("the statement cannot be read at line {line}, column {column}: {reason}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader says.
        reason: String,
    },
    /// The statement is of a version that this program does not know.
    #[error("the statement's format is {got:?}, this program reads {STATEMENT_FORMAT:?}")]
    Format {
        /// The tag that was found.
        got: String,
    },
    /// The same content would be written in other bytes.
    #[error("the statement is not in its canonical form")]
    NotCanonical,
}
