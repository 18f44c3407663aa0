//! Agreements to start from, that are shipped.

/// A template: a name, and plain files by name.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// Its files, as a folder of the catalogue has them.
    pub files: &'static [(&'static str, &'static str)],
}

macro_rules! file {
    ($template:literal, $name:literal) => {
        ($name, include_str!(concat!("../../../data/templates/", $template, "/", $name)))
    };
}

/// Every template, by name.
pub static TEMPLATES: [Template; 4] = [
    Template {
        name: "kr-ost",
        about: "a drama's soundtrack: fees, costs, a rights fee paid ahead, a team by cue duration",
        files: &[
            file!("kr-ost", "agreements.toml"),
            file!("kr-ost", "parties.toml"),
            file!("kr-ost", "productions.toml"),
        ],
    },
    Template {
        name: "kr-streaming",
        about: "Korea's shares of streaming revenue by rights, with their dates; who pays past you; 5 : 5 : 2",
        files: &[file!("kr-streaming", "agreements.toml"), file!("kr-streaming", "parties.toml")],
    },
    Template {
        name: "streaming",
        about: "any country: a rate for each right, and a right that a society pays",
        files: &[file!("streaming", "agreements.toml"), file!("streaming", "parties.toml")],
    },
    Template {
        name: "us-streaming",
        about: "the label's side of US streaming, and the writers' side, which others pay",
        files: &[file!("us-streaming", "agreements.toml"), file!("us-streaming", "parties.toml")],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_template_is_read_without_a_finding() {
        for it in TEMPLATES {
            let file = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
            let files: BTreeMap<String, String> = it.files.iter().map(file).collect();
            let (catalogue, findings) = catalog::read_files(&files);
            assert!(findings.is_empty(), "{}: {findings:?}", it.name);
            assert!(!catalogue.agreements.is_empty() || !catalogue.licences.is_empty());
        }
    }
}
