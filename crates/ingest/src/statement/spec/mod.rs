//! The source spec: how a source writes its statements, as data.

mod column;
mod day;
mod number;
mod when;

use std::collections::BTreeMap;

use serde::Deserialize;
use sheet::Encoding;
use usage::{Basis, RightsType};

pub(super) use self::column::Value;
pub(super) use self::day::DayForm;
pub(super) use self::number::{NumberFault, NumberForm};
pub(super) use self::when::{Pattern, Patterns, When};

/// How a source writes its statements: one TOML file, one layout.
///
/// Every key is described in `docs/guide/statements.md`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSpec {
    /// Who the source is, and how sure the layout is.
    pub source: Head,
    #[serde(default)]
    pub(super) file: FileForm,
    pub(super) table: Table,
    #[serde(default)]
    pub(super) aliases: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) number: NumberForm,
    pub(super) period: PeriodForm,
    pub(super) line: LineForm,
    #[serde(default)]
    pub(super) use_type: Vec<Choice>,
    #[serde(default)]
    pub(super) commercial_model: Vec<Choice>,
    #[serde(default)]
    pub(super) adjustment: Vec<Choice>,
    #[serde(default)]
    pub(super) negative: Vec<When>,
    #[serde(default)]
    pub(super) skip: Vec<Skip>,
}

/// Who a source is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Its name, small letters, digits and hyphens: `apple-music`.
    pub name: String,
    /// Which of its layouts this is: `2023`, or `1` where only one is known.
    pub edition: String,
    /// Version of the spec itself, from 1.
    pub version: u32,
    /// Its name as people write it.
    pub title: String,
    /// Where the columns are known from.
    pub evidence: Evidence,
    /// More about it: what to look out for.
    #[serde(default)]
    pub note: String,
}

/// Where the columns of a layout are known from.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// The source documents them.
    Documented,
    /// Public importers use them.
    PublicImporters,
    /// They are ours: a form to be filled in, for income that nobody else reports.
    Own,
    /// Nobody confirmed them: a template to be adapted.
    Template,
}

impl Evidence {
    /// The token: `documented`, `public-importers`, `own` or `template`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::PublicImporters => "public-importers",
            Self::Own => "own",
            Self::Template => "template",
        }
    }
}

/// How the file is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileForm {
    pub(super) encodings: Vec<String>,
    pub(super) delimiter: Delimiter,
    pub(super) quotes: bool,
    /// Which members of an archive are such files.
    pub(super) members: Pattern,
    /// Which worksheets of a workbook may hold the table.
    pub(super) sheets: Pattern,
    /// Columns with data of persons; emptied on reading.
    pub(super) personal: Vec<String>,
}

impl Default for FileForm {
    fn default() -> Self {
        Self {
            encodings: vec!["utf-8".to_owned()],
            delimiter: Delimiter::default(),
            quotes: true,
            members: Pattern::any(),
            sheets: Pattern::any(),
            personal: Vec::new(),
        }
    }
}

/// What stands between cells.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Delimiter {
    #[default]
    Comma,
    Semicolon,
    Tab,
}

/// Where the table begins and ends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// The fingerprint: columns that all have to be in the header.
    pub(super) columns: Vec<String>,
    /// Columns whose presence means another layout.
    #[serde(default)]
    pub(super) absent: Vec<String>,
    /// In how many rows the header has to be.
    #[serde(default = "header_rows")]
    pub(super) within: u64,
    /// Whether the first blank row ends the table.
    #[serde(default)]
    pub(super) ends_at_blank: bool,
}

const fn header_rows() -> u64 {
    20
}

/// When the usage was.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodForm {
    /// One cell that says it: a day, a month, a quarter, a year.
    #[serde(default)]
    pub(super) column: Option<String>,
    /// What stands between first and last day, where one cell has both.
    #[serde(default)]
    pub(super) between: Option<String>,
    /// The first and the last day in cells of their own.
    #[serde(default)]
    pub(super) from: Option<String>,
    #[serde(default)]
    pub(super) until: Option<String>,
    /// The above are labels before the table, not columns.
    #[serde(default)]
    pub(super) preamble: bool,
    /// The file does not say; the operator has to.
    #[serde(default)]
    pub(super) asked: bool,
    #[serde(default)]
    pub(super) forms: Vec<DayForm>,
    /// A day stands for the whole of its month.
    #[serde(default)]
    pub(super) whole_month: bool,
}

/// Which column is which field of a usage line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineForm {
    #[serde(deserialize_with = "rights")]
    pub(super) rights: RightsType,
    /// What the amounts are: money that reached us, or the service's own net revenue.
    #[serde(default = "reached_us", deserialize_with = "basis")]
    pub(super) basis: Basis,
    pub(super) service: Value,
    pub(super) amount: Value,
    pub(super) currency: Value,
    #[serde(default)]
    pub(super) usages: Value,
    #[serde(default)]
    pub(super) territory: Value,
    /// Territories are names or codes of three letters; usage lines have those of two.
    #[serde(default)]
    pub(super) territory_names: bool,
    #[serde(default)]
    pub(super) isrc: Value,
    #[serde(default)]
    pub(super) icpn: Value,
    #[serde(default)]
    pub(super) title: Value,
    #[serde(default)]
    pub(super) artist: Value,
    #[serde(default)]
    pub(super) resource_id: Value,
    #[serde(default)]
    pub(super) transaction: Value,
    #[serde(default)]
    pub(super) adjustment: Value,
    /// Published price of one unit, in the currency of the amount.
    #[serde(default)]
    pub(super) unit_price: Value,
    #[serde(default)]
    pub(super) price_category: Value,
    /// When those who used it subscribed.
    #[serde(default)]
    pub(super) subscribed: Value,
    /// How it is written; days and months of ISO 8601 if nothing is said.
    #[serde(default)]
    pub(super) subscribed_forms: Vec<DayForm>,
}

fn rights<'de, D: serde::Deserializer<'de>>(from: D) -> Result<RightsType, D::Error> {
    let text = String::deserialize(from)?;
    RightsType::parse(&text).map_err(serde::de::Error::custom)
}

const fn reached_us() -> Basis {
    Basis::Received
}

fn basis<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Basis, D::Error> {
    let text = String::deserialize(from)?;
    match Basis::parse(&text) {
        Ok(it @ (Basis::Received | Basis::ServiceNet)) => Ok(it),
        _ => Err(serde::de::Error::custom("basis is `received` or `service-net`")),
    }
}

/// A token, where its conditions hold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    #[serde(default)]
    pub(super) when: When,
    pub(super) is: String,
}

/// Rows that are no usage lines.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Skip {
    /// What they are, for the count: `total`, `payout` ...
    pub(super) kind: String,
    pub(super) when: When,
    /// The column whose cell states the sum of the lines above.
    #[serde(default)]
    pub(super) total: Option<String>,
    /// Everything below belongs to it: a second table.
    #[serde(default)]
    pub(super) rest: bool,
}

/// Why a text is no source spec.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file} is not a source spec: {reason}")]
pub struct SpecError {
    /// What the spec is called.
    pub file: String,
    /// What is wrong, with line and column where known.
    pub reason: String,
}

impl SourceSpec {
    /// Reads a spec; `file` is what errors call it.
    ///
    /// # Errors
    /// [`SpecError`], with the place.
    pub fn parse(file: &str, text: &str) -> Result<Self, SpecError> {
        let wrong = |reason| SpecError { file: file.to_owned(), reason };
        let spec: Self = toml::from_str(text).map_err(|it| wrong(it.to_string()))?;
        match spec.fault() {
            Some(reason) => Err(wrong(reason)),
            None => Ok(spec),
        }
    }

    /// Name and edition: `distrokid/2023`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.source.name, self.source.edition)
    }

    /// Whether `asked` is its name, or its name and edition.
    #[must_use]
    pub fn is_called(&self, asked: &str) -> bool {
        asked == self.source.name || asked == self.id()
    }

    /// The encodings that its texts may have, in the order in which they are tried.
    #[must_use]
    pub fn encodings(&self) -> Vec<Encoding> {
        self.file.encodings.iter().filter_map(|it| Encoding::parse(it).ok()).collect()
    }

    /// The form of its texts in this encoding.
    #[must_use]
    pub fn form(&self, encoding: Encoding) -> sheet::Form {
        let delimiter = match self.file.delimiter {
            Delimiter::Comma => ',',
            Delimiter::Semicolon => ';',
            Delimiter::Tab => '\t',
        };
        sheet::Form { encoding, delimiter, quotes: self.file.quotes }
    }

    /// Whether a member of an archive, by its name without folders, may be such a file.
    #[must_use]
    pub fn takes_member(&self, name: &str) -> bool {
        self.file.members.holds(name)
    }

    /// Whether a worksheet may hold the table.
    #[must_use]
    pub fn takes_sheet(&self, name: &str) -> bool {
        self.file.sheets.holds(name)
    }

    /// Whether it names columns with data of persons.
    #[must_use]
    pub fn has_personal(&self) -> bool {
        !self.file.personal.is_empty()
    }

    /// Whether the operator has to say the period.
    #[must_use]
    pub fn asks_period(&self) -> bool {
        self.period.asked
    }

    /// What is wrong beyond the form of the file.
    fn fault(&self) -> Option<String> {
        let word = |it: &str| {
            let fits =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !it.is_empty() && it.bytes().all(fits)
        };
        if !word(&self.source.name) || !word(&self.source.edition) {
            return Some("name and edition are small letters, digits and hyphens".to_owned());
        }
        if let Some(error) = self.file.encodings.iter().find_map(|it| Encoding::parse(it).err()) {
            return Some(error.to_string());
        }
        if self.file.encodings.is_empty() || self.table.columns.is_empty() {
            return Some("encodings and table.columns name at least one each".to_owned());
        }
        let PeriodForm { column, from, until, asked, forms, between, .. } = &self.period;
        let known = match (column, from, until) {
            (Some(_), None, None) => !forms.is_empty(),
            (None, Some(_), Some(_)) => !forms.is_empty() && between.is_none(),
            (None, None, None) => *asked,
            _ => false,
        };
        if !known {
            let reason =
                "period needs `column`, or `from` and `until`, each with `forms`; or `asked`";
            return Some(reason.to_owned());
        }
        if self.line.amount.is_empty() || self.line.currency.is_empty() {
            return Some("line.amount and line.currency have to come from somewhere".to_owned());
        }
        self.line.values().chain(self.period_columns()).find_map(|(field, value)| {
            let personal = value.columns().find(|it| self.is_personal(it))?;
            Some(format!("{field} reads {personal:?}, which is dropped as data of a person"))
        })
    }

    fn period_columns(&self) -> impl Iterator<Item = (&'static str, Value)> {
        let PeriodForm { column, from, until, .. } = &self.period;
        [column, from, until].into_iter().flatten().map(|it| ("period", Value::of_column(it)))
    }

    /// Whether a column holds data of persons.
    pub(super) fn is_personal(&self, column: &str) -> bool {
        self.file.personal.iter().any(|it| super::key(it) == super::key(column))
    }
}

impl LineForm {
    /// The fields with their names.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'static str, Value)> {
        [
            ("service", &self.service),
            ("amount", &self.amount),
            ("currency", &self.currency),
            ("usages", &self.usages),
            ("territory", &self.territory),
            ("isrc", &self.isrc),
            ("icpn", &self.icpn),
            ("title", &self.title),
            ("artist", &self.artist),
            ("resource_id", &self.resource_id),
            ("transaction", &self.transaction),
            ("adjustment", &self.adjustment),
            ("unit_price", &self.unit_price),
            ("price_category", &self.price_category),
            ("subscribed", &self.subscribed),
        ]
        .into_iter()
        .map(|(name, value)| (name, value.clone()))
    }
}
