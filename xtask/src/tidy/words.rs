//! Declared names use the house's words (docs/glossary.md).
//!
//! Looked at are the names of files and the names that outsiders of a function read: types, traits,
//! functions, modules, constants and public fields, cut into their parts (`SongTitle` is `song` and
//! `title`). Prose, text, locals and enum variants are free: a standard's token is spelled exactly,
//! and a title is what the sender wrote.

use std::path::Path;

use super::Complaint;
use super::lexis::{identifiers, line_at, shipped};
use super::tree::Tree;

/// Where a word may not stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    /// In any declared name or file name.
    Anywhere,
    /// In the names of types and files; as a verb it may be right.
    Types,
    /// As the first part of a function's name.
    Verbs,
}

/// A word, where it may not stand, what to say instead, and the crates that may say it.
const WORDS: &[(&str, Where, &str, &[&str])] = &[
    ("album", Where::Anywhere, "release", &["subsonic"]),
    ("certificate", Where::Types, "receipt", &[]),
    ("common", Where::Anywhere, "the noun it holds", &[]),
    ("contract", Where::Types, "agreement", &["chain"]),
    ("do", Where::Verbs, "the verb itself", &[]),
    ("dump", Where::Types, "sales report", &[]),
    ("feed", Where::Types, "sales report", &[]),
    ("get", Where::Verbs, "the noun alone", &["engine"]),
    ("handle", Where::Verbs, "the verb that is meant", &[]),
    ("handler", Where::Types, "what it does", &[]),
    ("helper", Where::Anywhere, "what it does", &[]),
    ("info", Where::Types, "the noun it holds", &[]),
    ("invoice", Where::Types, "statement", &[]),
    ("job", Where::Types, "settlement", &[]),
    ("manage", Where::Verbs, "the verb that is meant", &[]),
    ("manager", Where::Anywhere, "what it does", &[]),
    ("owner", Where::Types, "party", &[]),
    ("ownership", Where::Types, "right share", &[]),
    ("process", Where::Verbs, "the verb that is meant", &[]),
    ("song", Where::Anywhere, "recording or work", &["subsonic"]),
    ("songs", Where::Anywhere, "recordings or works", &["subsonic"]),
    ("tier", Where::Types, "commercial model", &[]),
    ("track", Where::Types, "recording", &["subsonic"]),
    ("tracks", Where::Types, "recordings", &["subsonic"]),
    ("user", Where::Types, "party", &["web", "subsonic"]),
    ("util", Where::Anywhere, "the noun it holds", &[]),
    ("utils", Where::Anywhere, "the noun it holds", &[]),
];

/// No declared name of a crate uses a word the house has another for.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.shipped() {
        let home = file.path.strip_prefix("crates/").and_then(|path| path.split('/').next());
        let Some(home) = home.or_else(|| file.path.starts_with("testkit/").then_some("testkit"))
        else {
            continue;
        };
        let stem = Path::new(&file.path).file_stem().and_then(|stem| stem.to_str());
        if let Some(advice) = stem.and_then(|stem| objection(home, Place::File, stem)) {
            complaints.push(Complaint::new(&file.path, 0, advice));
        }
        let code = shipped(&file.text);
        for (at, place, name) in declared(&code) {
            if let Some(advice) = objection(home, place, name) {
                complaints.push(Complaint::new(&file.path, line_at(&code, at), advice));
            }
        }
    }
    complaints
}

/// What a name names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    File,
    Function,
    Type,
    Other,
}

fn objection(home: &str, place: Place, name: &str) -> Option<String> {
    let parts = parts(name);
    for (word, scope, instead, homes) in WORDS {
        let stands = match scope {
            Where::Anywhere => parts.iter().any(|part| part == word),
            Where::Types => {
                matches!(place, Place::File | Place::Type) && parts.iter().any(|part| part == word)
            }
            Where::Verbs => {
                let alone = parts.len() == 1 && *word == "get";
                place == Place::Function && parts.first().is_some_and(|part| part == word) && !alone
            }
        };
        if stands && !homes.contains(&home) {
            return Some(format!("`{name}`: the house does not say `{word}`; say {instead}"));
        }
    }
    None
}

/// The names a code declares, with their places.
fn declared(code: &str) -> Vec<(usize, Place, &str)> {
    let mut found = Vec::new();
    let mut before: (usize, &str) = (0, "");
    for (at, word) in identifiers(code) {
        let between = &code[before.0 + before.1.len()..at];
        let place = match before.1 {
            "fn" => Some(Place::Function),
            "struct" | "enum" | "trait" | "type" | "union" => Some(Place::Type),
            "mod" | "const" | "static" => Some(Place::Other),
            // A public field: `pub name: Type`.
            "pub" if is_field(code, at + word.len()) => Some(Place::Other),
            _ => None,
        };
        if let Some(place) = place
            && between.trim().is_empty()
            && !matches!(word, "fn" | "mut" | "unsafe" | "async")
        {
            found.push((at, place, word));
        }
        before = (at, word);
    }
    found
}

fn is_field(code: &str, end: usize) -> bool {
    let rest = code[end..].trim_start();
    rest.starts_with(':') && !rest.starts_with("::")
}

/// The parts of a name in lower case: `SongTitle`, `song_title` and `SONG_TITLE` have the same.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut small = false;
    for letter in name.chars() {
        if letter == '_' || letter == '-' || (letter.is_uppercase() && small) {
            parts.push(String::new());
        }
        small = letter.is_lowercase();
        if letter != '_' && letter != '-' {
            let last = parts.len() - 1;
            parts[last].extend(letter.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::{check, parts};

    #[test]
    fn names_use_the_houses_words() {
        crate::tidy::holds(check);
    }

    #[test]
    fn names_fall_into_parts() {
        assert_eq!(parts("SongTitle"), ["song", "title"]);
        assert_eq!(parts("SONG_TITLE"), ["song", "title"]);
        assert_eq!(parts("get_isrc2"), ["get", "isrc2"]);
    }

    #[test]
    fn other_words_are_told() {
        let text = "\
pub struct SongTitle { pub album: u8, track: u8 }
enum Release { Album }
fn get_title() {}
fn get() {}
impl X { fn process_report(song: u8) { let utils = \"helper\"; } }
#[cfg(test)] mod tests { fn handle_it() {} }
";
        let tree = Tree::of(&[
            ("crates/usage/src/line.rs", text),
            ("crates/usage/src/utils.rs", ""),
            ("crates/subsonic/src/song.rs", "struct Song;"),
            ("xtask/src/helper.rs", ""),
        ]);
        assert_eq!(
            crate::tidy::said(check, &tree),
            "\
crates/usage/src/line.rs:1: `SongTitle`: the house does not say `song`; say recording or work
crates/usage/src/line.rs:1: `album`: the house does not say `album`; say release
crates/usage/src/line.rs:3: `get_title`: the house does not say `get`; say the noun alone
crates/usage/src/line.rs:5: `process_report`: the house does not say `process`; say the verb that is meant
crates/usage/src/utils.rs: `utils`: the house does not say `utils`; say the noun it holds
"

        );
    }
}
