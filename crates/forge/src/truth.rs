//! What is in a report, known from making it.

use std::collections::BTreeMap;

use dsr::Profile;
use money::{Atoms, Currency};
use serde_json::{Value, json};

/// One file of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTruth {
    /// Its name.
    pub name: String,
    /// Lines, header and footer included.
    pub lines: u64,
    /// Blocks; with single-record blocks, those records.
    pub blocks: u64,
    /// Sales transactions.
    pub sales: u64,
}

/// What one summary record stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryTruth {
    /// Its id.
    pub id: String,
    /// Territory.
    pub territory: &'static str,
    /// Commercial model.
    pub commercial_model: &'static str,
    /// Use type.
    pub use_type: &'static str,
    /// Currency of reporting, or of accounting.
    pub currency: Currency,
    /// Usages of its sales transactions.
    pub usages: u64,
    /// Net revenue of them, exact; nothing in a master list.
    pub net: Atoms,
    /// What of it reaches the recipient by the report itself: in financial reports all of it, in
    /// royalty reports the claims.
    pub received: Atoms,
}

/// A defect that was put in, and where it must be found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Injected {
    /// Name of the file; empty when it concerns all of them.
    pub file: String,
    /// Line; 0 when it concerns the whole file.
    pub line: u64,
    /// Rule that finds it.
    pub rule: &'static str,
    /// What was done.
    pub what: &'static str,
}

/// Counts, exact sums and defects of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// Profile.
    pub profile: Profile,
    /// Its version.
    pub version: String,
    /// Seed.
    pub seed: u64,
    /// Id of the message.
    pub message_id: String,
    /// Its files, in order.
    pub files: Vec<FileTruth>,
    /// Summary records with usages, in the order of the file.
    pub summaries: Vec<SummaryTruth>,
    /// What was put in wrong, in the order of files and lines.
    pub defects: Vec<Injected>,
}

impl Truth {
    fn sum(&self, of: impl Fn(&FileTruth) -> u64) -> u64 {
        self.files.iter().map(of).sum()
    }

    /// Lines of all files.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.sum(|file| file.lines)
    }

    /// Blocks of all files.
    #[must_use]
    pub fn blocks(&self) -> u64 {
        self.sum(|file| file.blocks)
    }

    /// Sales transactions of all files.
    #[must_use]
    pub fn sales(&self) -> u64 {
        self.sum(|file| file.sales)
    }

    /// Usages of all summary records.
    #[must_use]
    pub fn usages(&self) -> u64 {
        self.summaries.iter().map(|it| it.usages).sum()
    }

    /// Net revenue by currency.
    ///
    /// # Panics
    /// Never: made-up revenue stays far below the range.
    #[must_use]
    pub fn net(&self) -> BTreeMap<Currency, Atoms> {
        let mut net: BTreeMap<Currency, Atoms> = BTreeMap::new();
        for it in &self.summaries {
            let sum = net.entry(it.currency).or_default();
            *sum = sum.checked_add(it.net).expect("made-up revenue stays below 10^20");
        }
        net
    }

    /// All of it as JSON; amounts are texts, so that no reader rounds them.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let files = self.files.iter().map(|it| {
            json!({ "name": it.name, "lines": it.lines, "blocks": it.blocks, "sales": it.sales })
        });
        let summaries = self.summaries.iter().map(|it| {
            json!({
                "id": it.id, "territory": it.territory, "commercial_model": it.commercial_model,
                "use_type": it.use_type, "currency": it.currency.as_str(), "usages": it.usages,
                "net_revenue": it.net.to_string(), "received": it.received.to_string(),
            })
        });
        let defects = self.defects.iter().map(
            |it| json!({ "rule": it.rule, "file": it.file, "line": it.line, "what": it.what }),
        );
        let net = self.net();
        let net = net.iter().map(|(code, sum)| (code.to_string(), json!(sum.to_string())));
        json!({
            "profile": self.profile.name(), "version": self.version, "seed": self.seed,
            "message_id": self.message_id, "lines": self.lines(), "blocks": self.blocks(),
            "sales": self.sales(), "summary_records": self.summaries.len(),
            "usages": self.usages(), "net_revenue": net.collect::<serde_json::Map<_, _>>(),
            "territories": self.territories(), "files": files.collect::<Vec<_>>(),
            "summaries": summaries.collect::<Vec<_>>(), "defects": defects.collect::<Vec<_>>(),
        })
    }

    /// Usages and net revenue by territory and currency.
    fn territories(&self) -> Value {
        let mut sums: BTreeMap<(&str, Currency), (u64, Atoms)> = BTreeMap::new();
        for it in &self.summaries {
            let sum = sums.entry((it.territory, it.currency)).or_default();
            let net = sum.1.checked_add(it.net).expect("made-up revenue stays below 10^20");
            *sum = (sum.0 + it.usages, net);
        }
        let row = |((territory, currency), (usages, net)): (&(&str, Currency), &(u64, Atoms))| {
            json!({
                "territory": territory, "currency": currency.as_str(), "usages": usages,
                "net_revenue": net.to_string(),
            })
        };
        Value::Array(sums.iter().map(row).collect())
    }
}
