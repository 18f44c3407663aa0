//! Rust text as the checks see it: the same lines, with what is not code blanked out.

/// The text with comments, strings and character literals blanked; line breaks stay.
pub(super) fn code(text: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let end = end_of_blank(&text, at);
        if end == at {
            code.push(text[at]);
            at += 1;
        } else {
            code.extend(text[at..end].iter().map(|&it| if it == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    code
}

/// The code with every `#[cfg(test)] mod … { … }` blanked as well.
pub(super) fn shipped(text: &str) -> String {
    let mut code = code(text);
    while let Some(start) = code.find("#[cfg(test)]") {
        let rest = &code[start..];
        let open = rest.find('{').unwrap_or(rest.len());
        let stop = rest.find(';').unwrap_or(rest.len());
        let end = if open < stop { closing(rest, open) } else { stop };
        let end = start + (end + 1).min(rest.len());
        let blank: String =
            code[start..end].chars().map(|it| if it == '\n' { '\n' } else { ' ' }).collect();
        code.replace_range(start..end, &blank);
    }
    code
}

/// The place of the brace that closes the one at `open`, or the end.
pub(super) fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// The 1-based line of a byte offset.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The identifiers of a code, each with its byte offset; numbers and lifetimes are left out.
pub(super) fn identifiers(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let inside = |it: char| it == '_' || it.is_alphanumeric();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + code[at..].find(inside)?;
            let length = code[start..].find(|it| !inside(it)).unwrap_or(code.len() - start);
            at = start + length;
            let lifetime = code[..start].ends_with('\'');
            if !lifetime && !code[start..].starts_with(|it: char| it.is_ascii_digit()) {
                return Some((start, &code[start..at]));
            }
        }
    })
}

/// Where the comment or literal that starts at `at` ends; `at` itself if none starts there.
fn end_of_blank(text: &[char], at: usize) -> usize {
    let here = &text[at..];
    let after_word = at > 0 && (text[at - 1] == '_' || text[at - 1].is_alphanumeric());
    match here {
        ['/', '/', ..] => at + here.iter().position(|it| *it == '\n').unwrap_or(here.len()),
        ['/', '*', ..] => at + comment(here),
        ['"', ..] => at + 1 + quoted(&here[1..]),
        ['b' | 'c', '"', ..] if !after_word => at + 2 + quoted(&here[2..]),
        ['b' | 'c', 'r', ..] if !after_word => at + raw(here, 2),
        ['r', ..] if !after_word => at + raw(here, 1),
        ['\'', '\\', _, rest @ ..] => {
            at + 3 + rest.iter().position(|it| *it == '\'').map_or(0, |length| length + 1)
        }
        ['\'', _, '\'', ..] => at + 3,
        _ => at,
    }
}

/// Length of a block comment; they nest.
fn comment(text: &[char]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        match text[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Length of a string's inside and its closing quote.
fn quoted(text: &[char]) -> usize {
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Length of a raw string whose hashes start at `skip`; 0 if it is none.
fn raw(text: &[char], skip: usize) -> usize {
    let hashes = text[skip..].iter().take_while(|it| **it == '#').count();
    if text.get(skip + hashes) != Some(&'"') {
        return 0;
    }
    let mut at = skip + hashes + 1;
    while at < text.len() {
        at += 1;
        let close = text.get(at..at + hashes);
        if text[at - 1] == '"' && close.is_some_and(|it| it.iter().all(|it| *it == '#')) {
            return at + hashes;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{code, identifiers, line_at, shipped};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let squeezed = code(text).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed, expected);
        assert_eq!(code(text).lines().count(), text.lines().count());
    }

    #[test]
    fn comments_and_literals_are_blanked() {
        check("a // b\nc", "a c");
        check("a /* b /* c */ d */ e", "a e");
        check(r#"let a = "x { \" y"; b"#, "let a = ; b");
        check("let a = r#\"x \" { y\"#; b", "let a = ; b");
        check("let a = b\"x{\"; br##\"{\"# \"##; r\"{\" c", "let a = ; ; c");
        check(r"f('{', '\'', '\u{7f}', 'a') g", "f( , , , ) g");
        check("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}");
        check("for r in xr { r }", "for r in xr { r }");
    }

    #[test]
    fn tests_are_not_shipped() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { {} }\n}\nfn c() {}\n";
        let code = shipped(text);
        let names: Vec<&str> = identifiers(&code).map(|(_, word)| word).collect();
        assert_eq!(names, ["fn", "a", "fn", "c"]);
        let text = "#[cfg(test)]\nmod tests;\nfn c() {}\n";
        assert_eq!(shipped(text).trim(), "fn c() {}");
    }

    #[test]
    fn identifiers_have_places() {
        let text = "let a_1 =\n 12 + 'x B9";
        let found: Vec<(usize, &str)> =
            identifiers(text).map(|(at, word)| (line_at(text, at), word)).collect();
        assert_eq!(found, [(1, "let"), (1, "a_1"), (2, "B9")]);
    }
}
