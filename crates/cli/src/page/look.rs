//! How a statement is looked at: in which language, and with what the catalogue knows beside it.

use std::collections::BTreeMap;

use catalog::{Catalog, Texts};

use crate::words::{Language, Words};

/// The language of a page, and the productions that recordings belong to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    /// The language.
    pub(crate) language: Language,
    /// What the catalogue says of productions.
    pub(crate) productions: &'a Productions,
}

impl<'a> Look<'a> {
    pub(super) fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// The productions that a recording or product sounds in, as one name.
    pub(super) fn production(&self, id: &str) -> Option<&'a str> {
        self.productions.names.get(&self.language.code())?.get(id).map(String::as_str)
    }
}

/// The names of productions by language and recording.
#[derive(Clone, Debug, Default)]
pub(crate) struct Productions {
    names: BTreeMap<&'static str, BTreeMap<String, String>>,
}

impl Productions {
    /// Gathers what the catalogue says. A recording of several productions counts for all of them
    /// together, so that no amount is shown twice.
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let mut names = BTreeMap::new();
        for language in Language::ALL {
            let title = |texts: &Texts| {
                let found = texts.get(language.code()).or(texts.get("en"));
                found.or(texts.values().next()).cloned().unwrap_or_default()
            };
            let mut known: BTreeMap<String, String> = BTreeMap::new();
            for (id, it) in &catalog.products {
                let production = it.production.as_ref().and_then(|it| catalog.productions.get(it));
                if let Some(production) = production {
                    known.insert(id.to_string(), title(&production.titles));
                }
            }
            for (id, it) in &catalog.recordings {
                let mut titles = Vec::new();
                for link in &it.productions {
                    let found = catalog.productions.get(&link.production);
                    let name = found.map(|it| title(&it.titles)).unwrap_or_default();
                    if !name.is_empty() && !titles.contains(&name) {
                        titles.push(name);
                    }
                }
                if !titles.is_empty() {
                    known.insert(id.to_string(), titles.join(" / "));
                }
            }
            names.insert(language.code(), known);
        }
        Self { names }
    }
}

#[cfg(test)]
mod tests {
    use super::{Look, Productions};
    use crate::words::Language;

    #[test]
    fn a_recording_of_several_productions_has_one_name() {
        let files = [
            (
                "productions.toml",
                "[[production]]\nid = \"rain\"\nkind = \"drama\"\norigin = \"KR\"\n\
                 titles = { en = \"Rain\", ko = \"비\" }\n\
                 [[production]]\nid = \"snow\"\nkind = \"drama\"\norigin = \"KR\"\n\
                 titles = { ja = \"雪\" }\n",
            ),
            (
                "recordings.toml",
                "[[recording]]\nid = \"one\"\ntitles = { en = \"One\" }\nartist = \"A\"\n\
                 productions = [\n\
                 { production = \"rain\", use = \"OST\", confidence = \"high\", evidence = \"e\" },\n\
                 { production = \"snow\", use = \"OST\", confidence = \"high\", evidence = \"e\" },\n\
                 ]\n\
                 [[recording]]\nid = \"two\"\ntitles = { en = \"Two\" }\nartist = \"A\"\n",
            ),
        ];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        let (catalog, findings) = catalog::read_files(&files);
        assert!(findings.is_empty(), "{findings:?}");
        let productions = Productions::of(&catalog);
        let of = |language, id| Look { language, productions: &productions }.production(id);
        assert_eq!(of(Language::En, "one"), Some("Rain / 雪"));
        assert_eq!(of(Language::Ko, "one"), Some("비 / 雪"));
        assert_eq!(of(Language::Ko, "two"), None);
    }
}
