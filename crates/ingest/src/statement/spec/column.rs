//! Where a field's text comes from.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Where a field's text comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(in crate::statement) struct Value {
    /// The first of these that is not empty.
    pub(in crate::statement) first: Vec<String>,
    /// The sum of these; true for those that are taken off.
    pub(in crate::statement) sum: Vec<(bool, String)>,
    /// Always this.
    pub(in crate::statement) constant: Option<String>,
    /// What stands behind this label before the table.
    pub(in crate::statement) preamble: Option<String>,
    /// What to say instead of what is received; keys without regard to case.
    pub(in crate::statement) map: BTreeMap<String, String>,
    /// What to say for anything else that is not empty.
    pub(in crate::statement) otherwise: Option<String>,
}

impl Value {
    pub(in crate::statement) fn of_column(name: &str) -> Self {
        Self { first: vec![name.to_owned()], ..Self::default() }
    }

    /// Whether it comes from nowhere.
    pub(in crate::statement) fn is_empty(&self) -> bool {
        self.first.is_empty()
            && self.sum.is_empty()
            && self.constant.is_none()
            && self.preamble.is_none()
    }

    /// The columns it reads.
    pub(in crate::statement) fn columns(&self) -> impl Iterator<Item = &str> {
        self.first.iter().chain(self.sum.iter().map(|(_, it)| it)).map(String::as_str)
    }
}

/// As it is written in a spec.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a column's name, or a table with one of `column`, `first`, `sum`, `constant` or \
                 `preamble`, and perhaps `map` and `otherwise`"
)]
enum Written {
    Column(String),
    Table(WrittenTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTable {
    column: Option<String>,
    #[serde(default)]
    first: Vec<String>,
    #[serde(default)]
    sum: Vec<String>,
    constant: Option<String>,
    preamble: Option<String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    otherwise: Option<String>,
}

impl TryFrom<Written> for Value {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let table = match written {
            Written::Column(name) => return Ok(Self::of_column(&name)),
            Written::Table(table) => table,
        };
        let mut first = table.first;
        first.extend(table.column);
        let given = [!first.is_empty(), !table.sum.is_empty(), table.constant.is_some()];
        let count = given.iter().filter(|it| **it).count() + usize::from(table.preamble.is_some());
        if count != 1 {
            return Err(
                "a value has exactly one of `column`, `first`, `sum`, `constant`, `preamble`",
            );
        }
        let sum = table.sum.iter().map(|it| match it.strip_prefix('-') {
            Some(name) => (true, name.trim().to_owned()),
            None => (false, it.clone()),
        });
        Ok(Self {
            first,
            sum: sum.collect(),
            constant: table.constant,
            preamble: table.preamble,
            map: table.map.into_iter().map(|(it, to)| (it.trim().to_lowercase(), to)).collect(),
            otherwise: table.otherwise,
        })
    }
}
