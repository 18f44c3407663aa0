//! The catalogue in tables: bodies as in the plain files, with titles, identifiers and links laid
//! out beside them.

use std::collections::BTreeMap;

use catalog::{Catalog, Change, Contributor, Scope, Texts, title_key};
use rusqlite::{Transaction, params};

use crate::Store;
use crate::error::StoreError;

impl Store {
    /// Reads the whole catalogue.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read, or not be understood any more.
    pub fn catalogue(&self) -> Result<Catalog, StoreError> {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut statement =
            self.connection.prepare("SELECT kind, toml FROM entity ORDER BY kind, id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (kind, toml): (String, String) = (row.get(0)?, row.get(1)?);
            let page = files.entry(file_of(&kind)).or_default();
            page.push_str(&toml);
            page.push('\n');
        }
        let (catalogue, findings) = catalog::read_files(&files);
        match findings.into_iter().find(|it| it.severity == finding::Severity::Error) {
            Some(it) => Err(StoreError::corrupt("the catalogue", it)),
            None => Ok(catalogue),
        }
    }

    /// Replaces the whole catalogue and notes what changed; `at` is the time of the change.
    ///
    /// # Errors
    /// [`StoreError`]; the old catalogue stands then.
    pub fn replace_catalogue(
        &mut self,
        catalogue: &Catalog,
        changes: &[Change],
        at: &str,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| {
            tx.execute("DELETE FROM entity", [])?;
            for (kind, id, body) in bodies(catalogue) {
                tx.execute(
                    "INSERT INTO entity (kind, id, toml) VALUES (?1, ?2, ?3)",
                    params![kind, id, body],
                )?;
            }
            write_titles(tx, catalogue)?;
            write_identifiers(tx, catalogue)?;
            write_links(tx, catalogue)?;
            for it in changes {
                tx.execute(
                    "INSERT INTO catalogue_change (at, change, kind, id) VALUES (?1, ?2, ?3, ?4)",
                    params![at, format!("{:?}", it.kind).to_lowercase(), it.entry.as_str(), it.id],
                )?;
            }
            Ok(())
        })
    }
}

fn file_of(kind: &str) -> String {
    match kind {
        "party" => "parties.toml".to_owned(),
        "licence" | "pipe" | "received_advance" => "agreements.toml".to_owned(),
        "withholding" => "taxes.toml".to_owned(),
        "rate_table" => "rates.toml".to_owned(),
        _ => format!("{kind}s.toml"),
    }
}

/// Returns each entry with its body, as the plain files have it.
fn bodies(catalogue: &Catalog) -> Vec<(&'static str, String, String)> {
    let mut out = Vec::new();
    macro_rules! each {
        ($($field:ident: $kind:literal),*) => {$(
            for (id, it) in &catalogue.$field {
                let mut one = Catalog::default();
                one.$field.insert(id.clone(), it.clone());
                let body = catalog::write_files(&one).into_values().collect();
                out.push(($kind, id.to_string(), body));
            }
        )*};
    }
    each!(
        parties: "party", works: "work", recordings: "recording", releases: "release",
        productions: "production", products: "product", repertoires: "repertoire", agreements: "agreement",
        licences: "licence", pipes: "pipe", received_advances: "received_advance",
        withholdings: "withholding", rate_tables: "rate_table", prices: "price"
    );
    out
}

fn write_titles(tx: &Transaction<'_>, catalogue: &Catalog) -> Result<(), StoreError> {
    let mut insert = tx.prepare(
        "INSERT OR IGNORE INTO title (kind, id, language, text, key) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut write = |kind: &str, id: &str, titles: &Texts| -> Result<(), StoreError> {
        for (language, text) in titles {
            insert.execute(params![kind, id, language, text, title_key(text)])?;
        }
        Ok(())
    };
    for it in catalogue.parties.values() {
        write("party", it.id.as_str(), &it.names)?;
    }
    for it in catalogue.works.values() {
        write("work", it.id.as_str(), &it.titles)?;
    }
    for it in catalogue.releases.values() {
        write("release", it.id.as_str(), &it.titles)?;
    }
    for it in catalogue.productions.values() {
        write("production", it.id.as_str(), &it.titles)?;
    }
    for it in catalogue.products.values() {
        write("product", it.id.as_str(), &it.titles)?;
    }
    for it in catalogue.recordings.values() {
        write("recording", it.id.as_str(), &it.titles)?;
        for alias in &it.aliases {
            write("recording", it.id.as_str(), &BTreeMap::from([("und".into(), alias.clone())]))?;
        }
    }
    Ok(())
}

fn write_identifiers(tx: &Transaction<'_>, catalogue: &Catalog) -> Result<(), StoreError> {
    let mut insert = tx.prepare(
        "INSERT OR IGNORE INTO identifier (scheme, value, kind, id) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut write = |scheme: &str, value: Option<String>, kind: &str, id: &str| match value {
        Some(value) => insert.execute(params![scheme, value, kind, id]).map(|_| ()),
        None => Ok(()),
    };
    for it in catalogue.parties.values() {
        write("ipi", it.ipi.map(|it| it.to_string()), "party", it.id.as_str())?;
        write("isni", it.isni.map(|it| it.to_string()), "party", it.id.as_str())?;
        write("dpid", it.dpid.as_ref().map(ToString::to_string), "party", it.id.as_str())?;
    }
    for it in catalogue.works.values() {
        write("iswc", it.iswc.map(|it| it.to_string()), "work", it.id.as_str())?;
    }
    for it in catalogue.releases.values() {
        write("icpn", it.icpn.map(|it| it.to_string()), "release", it.id.as_str())?;
    }
    for it in catalogue.products.values() {
        write("icpn", it.icpn.map(|it| it.to_string()), "product", it.id.as_str())?;
        for sku in &it.skus {
            write("sku", Some(sku.clone()), "product", it.id.as_str())?;
        }
    }
    for it in catalogue.recordings.values() {
        for isrc in &it.isrcs {
            write("isrc", Some(isrc.to_string()), "recording", it.id.as_str())?;
        }
    }
    Ok(())
}

fn write_links(tx: &Transaction<'_>, catalogue: &Catalog) -> Result<(), StoreError> {
    let mut insert = tx.prepare(
        "INSERT OR IGNORE INTO link (from_kind, from_id, relation, to_kind, to_id)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut write = |from: (&str, &str), relation: &str, to: (&str, &str)| {
        insert.execute(params![from.0, from.1, relation, to.0, to.1]).map(|_| ())
    };
    for it in catalogue.works.values() {
        let from = ("work", it.id.as_str());
        for Contributor { party, role, .. } in &it.contributors {
            write(from, role.as_str(), ("party", party.as_str()))?;
        }
    }
    for it in catalogue.recordings.values() {
        let from = ("recording", it.id.as_str());
        for Contributor { party, role, .. } in &it.contributors {
            write(from, role.as_str(), ("party", party.as_str()))?;
        }
        for work in &it.works {
            write(from, "plays", ("work", work.as_str()))?;
        }
        for link in &it.productions {
            write(from, &link.usage, ("production", link.production.as_str()))?;
        }
    }
    for it in catalogue.releases.values() {
        let from = ("release", it.id.as_str());
        for recording in &it.recordings {
            write(from, "contains", ("recording", recording.as_str()))?;
        }
        if let Some(production) = &it.production {
            write(from, "soundtrack", ("production", production.as_str()))?;
        }
    }
    for it in catalogue.products.values() {
        let from = ("product", it.id.as_str());
        for party in &it.parties {
            write(from, "belongs-to", ("party", party.as_str()))?;
        }
        if let Some(production) = &it.production {
            write(from, "belongs-to", ("production", production.as_str()))?;
        }
    }
    for it in catalogue.agreements.values() {
        let from = ("agreement", it.id.as_str());
        for term in &it.terms {
            for payee in term.payees.named() {
                write(from, "payee", ("party", payee.as_str()))?;
            }
        }
        let scope: Vec<(&str, &str)> = match &it.scope {
            Scope::All => Vec::new(),
            Scope::Recordings(ids) => ids.iter().map(|id| ("recording", id.as_str())).collect(),
            Scope::Releases(ids) => ids.iter().map(|id| ("release", id.as_str())).collect(),
            Scope::Products(ids) => ids.iter().map(|id| ("product", id.as_str())).collect(),
            Scope::Productions(ids) => ids.iter().map(|id| ("production", id.as_str())).collect(),
            Scope::Works(ids) => ids.iter().map(|id| ("work", id.as_str())).collect(),
        };
        for to in scope {
            write(from, "covers", to)?;
        }
    }
    Ok(())
}
