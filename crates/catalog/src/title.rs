//! Keys that let two spellings of a title or an artist be compared. Never shown, never stored as data.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// Bracket pairs whose content is a remark. Corner brackets are left out: they hold titles.
const BRACKETS: [(char, char); 5] =
    [('(', ')'), ('[', ']'), ('{', '}'), ('【', '】'), ('〔', '〕')];

/// Words in a remark that name another recording of the same work, and the mark they stand for.
const MARKS: [(&str, &str); 31] = [
    ("inst", "instrumental"),
    ("instrumental", "instrumental"),
    ("mr", "instrumental"),
    ("karaoke", "instrumental"),
    ("반주", "instrumental"),
    ("remix", "remix"),
    ("rmx", "remix"),
    ("mix", "remix"),
    ("live", "live"),
    ("라이브", "live"),
    ("acoustic", "acoustic"),
    ("어쿠스틱", "acoustic"),
    ("unplugged", "acoustic"),
    ("demo", "demo"),
    ("데모", "demo"),
    ("cover", "cover"),
    ("커버", "cover"),
    ("remaster", "remaster"),
    ("remastered", "remaster"),
    ("sped", "sped-up"),
    ("slowed", "slowed"),
    ("extended", "extended"),
    ("edit", "edit"),
    ("short", "short"),
    ("reprise", "reprise"),
    ("piano", "piano"),
    ("피아노", "piano"),
    ("orchestra", "orchestra"),
    ("orchestral", "orchestra"),
    ("acapella", "a-cappella"),
    ("humming", "humming"),
];

/// Words that turn the rest of a remark into a mark: "(Japanese Ver.)".
const VERSION: [&str; 5] = ["ver", "version", "버전", "버젼", "バージョン"];

/// Words after which a guest is named.
const GUEST: [&str; 3] = ["feat", "ft", "featuring"];

/// The key under which equal titles meet.
///
/// Compatibility forms are folded (NFKC: full width, half width, loose jamo), letters are
/// lower-cased, and spaces, punctuation and every apostrophe are dropped. A title without a single
/// letter or digit keeps its signs.
///
/// ```
/// use catalog::title_key;
/// assert_eq!(title_key("Let′s forget it"), title_key("Let's Forget It"));
/// assert_eq!(title_key("눈물의 여왕"), "눈물의여왕");
/// ```
pub fn title_key(title: &str) -> String {
    squeeze(&fold(title))
}

/// A weaker key: as [`title_key`], without bracketed remarks, guests and remarks after a dash.
///
/// Two recordings of one work share it; compare [`version_marks`] too before believing it.
pub fn title_key_loose(title: &str) -> String {
    let folded = fold(title);
    let key = squeeze(&split_remarks(&folded).0);
    if key.is_empty() { squeeze(&folded) } else { key }
}

/// What the remarks of a title say about the recording: `instrumental`, `live`, `japanese`.
///
/// A guest ("feat."), a soundtrack ("OST Part 3") and other remarks are no mark.
pub fn version_marks(title: &str) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    for remark in split_remarks(&fold(title)).1 {
        let words: Vec<&str> = words(&remark).collect();
        if words.first().is_some_and(|word| GUEST.contains(word)) {
            continue;
        }
        let version = words.iter().any(|word| VERSION.contains(word));
        for word in words {
            match MARKS.iter().find(|(name, _)| *name == word) {
                Some((_, mark)) => marks.insert((*mark).to_owned()),
                None if version && !VERSION.contains(&word) => marks.insert(word.to_owned()),
                None => false,
            };
        }
    }
    marks
}

/// The key under which equal artists meet; folded like a title.
pub fn artist_key(artist: &str) -> String {
    squeeze(&fold(artist))
}

/// Every key an artist may also be known by: the whole, the name outside brackets, the name inside
/// ("백예린 (Yerin Baek)"), each without guests, and several names in whatever order ("V, JIN").
pub fn artist_keys_loose(artist: &str) -> BTreeSet<String> {
    let folded = fold(artist);
    let (outside, inside) = split_remarks(&folded);
    let inside = inside.into_iter().filter(|remark| {
        words(remark).next().is_some_and(|word| !GUEST.contains(&word) && word != "with")
    });
    let mut keys: BTreeSet<String> = inside.map(|name| squeeze(&name)).collect();
    let mut names: Vec<String> = outside.split([',', '&', ';', '/', '×']).map(squeeze).collect();
    if names.len() > 1 {
        names.sort();
        keys.insert(names.join("+"));
    }
    keys.insert(squeeze(&outside));
    keys.insert(squeeze(&folded));
    keys.retain(|key| !key.is_empty());
    keys
}

/// NFKC and lower case, letter by letter, so that no letter depends on its neighbours.
fn fold(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ς' { 'σ' } else { c })
        .nfkc()
        .collect()
}

/// Letters and digits only; if there are none, all that is no space.
fn squeeze(folded: &str) -> String {
    let key: String = folded.chars().filter(|c| is_kept(*c)).collect();
    if key.is_empty() { folded.chars().filter(|c| !c.is_whitespace()).collect() } else { key }
}

/// Unicode counts modifier letters such as U+02BC as letters; here they are apostrophes.
fn is_kept(c: char) -> bool {
    c.is_alphanumeric() && !('\u{2b0}'..='\u{2ff}').contains(&c) && c != '\u{a78c}'
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Splits folded text into what stands outside remarks, and the remarks.
fn split_remarks(folded: &str) -> (String, Vec<String>) {
    let (mut outside, mut remarks) = split_brackets(folded);
    if let Some(at) = guest_at(&outside) {
        remarks.push(outside.split_off(at));
    }
    if let Some(at) = outside.find(" - ").filter(|at| is_remark(&outside[*at..])) {
        remarks.push(outside.split_off(at));
    }
    (outside, remarks)
}

/// Splits off what stands in brackets; a bracket without its partner is plain text.
fn split_brackets(text: &str) -> (String, Vec<String>) {
    let mut outside = String::new();
    let mut remarks = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let closing = BRACKETS.iter().find(|(open, _)| *open == c);
        match closing.and_then(|(open, close)| closing_at(after, *open, *close)) {
            Some(end) => {
                remarks.push(after[..end].to_owned());
                outside.push(' ');
                rest = &after[end..];
                rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
            }
            None => {
                outside.push(c);
                rest = after;
            }
        }
    }
    (outside, remarks)
}

/// Where the bracket that is already open closes, counting nested ones of its kind.
fn closing_at(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}

/// Where "feat. somebody" starts, if something stands before it.
fn guest_at(text: &str) -> Option<usize> {
    let mut start = 0;
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end().trim_end_matches('.');
        if start > 0 && GUEST.contains(&bare) {
            return Some(start);
        }
        start += word.len();
    }
    None
}

fn is_remark(text: &str) -> bool {
    words(text).any(|w| VERSION.contains(&w) || MARKS.iter().any(|(name, _)| *name == w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(titles: &[&str], expect: Expect) {
        let lines: String = titles
            .iter()
            .map(|t| {
                let marks: Vec<String> = version_marks(t).into_iter().collect();
                format!("{t} | {} | {} | {}\n", title_key(t), title_key_loose(t), marks.join(" "))
            })
            .collect();
        expect.assert_eq(&lines);
    }

    #[test]
    fn keys() {
        check(
            &[
                "Let′s forget it",
                "Let's forget it",
                "Letʼs  Forget It!",
                "Ｌｅｔ’ｓ ｆｏｒｇｅｔ ｉｔ",
                "눈물의 여왕 (Inst.)",
                "Dynamite - Acoustic Remix",
                "Love Poem (feat. Suga) [Live]",
                "시작 (Japanese Ver.)",
                "(여자)아이들",
                "(Intro)",
                "Broken (bracket",
                "?!",
                "Peaches feat. Daniel Caesar",
                "A - B",
                "나비 (Part.2 (OST))",
            ],
            expect![[r#"
                Let′s forget it | letsforgetit | letsforgetit | 
                Let's forget it | letsforgetit | letsforgetit | 
                Letʼs  Forget It! | letsforgetit | letsforgetit | 
                Ｌｅｔ’ｓ ｆｏｒｇｅｔ ｉｔ | letsforgetit | letsforgetit | 
                눈물의 여왕 (Inst.) | 눈물의여왕inst | 눈물의여왕 | instrumental
                Dynamite - Acoustic Remix | dynamiteacousticremix | dynamite | acoustic remix
                Love Poem (feat. Suga) [Live] | lovepoemfeatsugalive | lovepoem | live
                시작 (Japanese Ver.) | 시작japanesever | 시작 | japanese
                (여자)아이들 | 여자아이들 | 아이들 | 
                (Intro) | intro | intro | 
                Broken (bracket | brokenbracket | brokenbracket | 
                ?! | ?! | ?! | 
                Peaches feat. Daniel Caesar | peachesfeatdanielcaesar | peaches | 
                A - B | ab | ab | 
                나비 (Part.2 (OST)) | 나비part2ost | 나비 | 
            "#]],
        );
    }

    #[test]
    fn decomposed_hangul_meets_composed() {
        let composed = "사랑은 늘 도망가";
        let decomposed: String = composed.nfd().collect();
        assert_ne!(composed, decomposed);
        assert_eq!(title_key(composed), title_key(&decomposed));
        assert_eq!(artist_key(composed), artist_key(&decomposed));
    }

    #[test]
    fn artists() {
        let keys: Vec<String> =
            artist_keys_loose("백예린 (Yerin Baek) feat. Zico").into_iter().collect();
        expect!["yerinbaek 백예린 백예린yerinbaekfeatzico"].assert_eq(&keys.join(" "));
        let both = artist_keys_loose("V, JIN");
        assert!(both.intersection(&artist_keys_loose("Jin & V")).eq(["jin+v"]));
        assert!(!both.contains("v"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn case_width_and_composition_do_not_matter(title in "[a-zA-Z가-힣 '().]{0,20}") {
            let decomposed: String = title.nfd().collect();
            prop_assert_eq!(title_key(&title), title_key(&decomposed));
            prop_assert_eq!(title_key(&title), title_key(&title.to_uppercase()));
            let wide: String = title
                .chars()
                .map(|c| match c {
                    '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
                    other => other,
                })
                .collect();
            prop_assert_eq!(title_key(&title), title_key(&wide));
        }

        #[test]
        fn any_text_has_keys(title in any::<String>()) {
            let blank = title.chars().all(char::is_whitespace);
            prop_assert!(blank || !title_key_loose(&title).is_empty() || title_key(&title).is_empty());
            version_marks(&title);
            artist_keys_loose(&title);
        }
    }
}
