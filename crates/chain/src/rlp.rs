//! Recursive length prefix (Ethereum yellow paper, appendix B), as far as a transaction needs it.

/// Bytes, as an item.
pub(crate) fn item(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [byte] if *byte < 0x80 => vec![*byte],
        _ => [head(0x80, bytes.len()), bytes.to_vec()].concat(),
    }
}

/// A number, as an item: big-endian without zeros in front.
pub(crate) fn number(number: u128) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let zeros = bytes.iter().take_while(|it| **it == 0).count();
    item(&bytes[zeros..])
}

/// Items, as a list.
pub(crate) fn list(items: &[Vec<u8>]) -> Vec<u8> {
    let inside = items.concat();
    [head(0xc0, inside.len()), inside].concat()
}

fn head(base: u8, length: usize) -> Vec<u8> {
    match u8::try_from(length) {
        Ok(short) if short < 56 => vec![base + short],
        _ => {
            let bytes = length.to_be_bytes();
            let bytes: Vec<u8> = bytes.into_iter().skip_while(|it| *it == 0).collect();
            let count = u8::try_from(bytes.len()).unwrap_or(8);
            [vec![base + 55 + count], bytes].concat()
        }
    }
}

/// The encoded items of a list that takes up all bytes; none for anything else, and for any but the
/// shortest spelling.
pub(crate) fn items(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let ((_, mut inside), rest) = cut(bytes)?;
    if bytes.first().is_none_or(|it| *it < 0xc0) || !rest.is_empty() {
        return None;
    }
    let mut items = Vec::new();
    while !inside.is_empty() {
        let ((whole, _), rest) = cut(inside)?;
        items.push(whole);
        inside = rest;
    }
    Some(items)
}

/// Bytes of an item that is no list.
pub(crate) fn content(item: &[u8]) -> Option<&[u8]> {
    let ((_, inside), rest) = cut(item)?;
    (rest.is_empty() && item.first().is_some_and(|it| *it < 0xc0)).then_some(inside)
}

/// The first item, whole and without its head, and what follows it.
type Cut<'a> = ((&'a [u8], &'a [u8]), &'a [u8]);

fn cut(bytes: &[u8]) -> Option<Cut<'_>> {
    let first = *bytes.first()?;
    let (base, is_text) = if first < 0xc0 { (0x80, true) } else { (0xc0, false) };
    let (from, length) = match first {
        0..0x80 => (0, 1),
        _ if first - base < 56 => (1, usize::from(first - base)),
        _ => {
            let count = usize::from(first - base - 55);
            let length = bytes.get(1..1 + count)?;
            if length.first() == Some(&0) || count > 4 {
                return None;
            }
            let length = length.iter().fold(0, |sum, it| sum << 8 | usize::from(*it));
            if length < 56 {
                return None;
            }
            (1 + count, length)
        }
    };
    let inside = bytes.get(from..from.checked_add(length)?)?;
    if is_text && from == 1 && matches!(inside, [byte] if *byte < 0x80) {
        return None;
    }
    let end = from + length;
    Some(((&bytes[..end], inside), &bytes[end..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_specification_are_written() {
        assert_eq!(item(b"dog"), b"\x83dog");
        assert_eq!(list(&[item(b"cat"), item(b"dog")]), b"\xc8\x83cat\x83dog");
        assert_eq!(item(b""), [0x80]);
        assert_eq!((number(0), number(15), number(1024)), (vec![0x80], vec![15], vec![0x82, 4, 0]));
        let lorem = b"Lorem ipsum dolor sit amet, consectetur adipisicing elit";
        assert_eq!(item(lorem)[..2], [0xb8, 0x38]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(texts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..90), 0..9)) {
            let encoded: Vec<Vec<u8>> = texts.iter().map(|it| item(it)).collect();
            let list = list(&encoded);
            let items = items(&list).unwrap();
            prop_assert_eq!(&items, &encoded.iter().map(Vec::as_slice).collect::<Vec<_>>());
            let read: Option<Vec<&[u8]>> = items.iter().map(|it| content(it)).collect();
            prop_assert_eq!(read.unwrap(), texts);
        }

        #[test]
        fn of_any_bytes_one_spelling_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..99)) {
            if let Some(found) = items(&bytes) {
                let again: Vec<Vec<u8>> = found.iter().map(|it| it.to_vec()).collect();
                prop_assert_eq!(list(&again), bytes.clone());
            }
            if let Some(inside) = content(&bytes) {
                prop_assert_eq!(item(inside), bytes);
            }
        }
    }
}
