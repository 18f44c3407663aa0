//! Whether an Ogg file is whole: its last page says that it is the last (RFC 3533, section 6).

use std::io::{Read, Seek, SeekFrom};

/// A page has at most so many bytes: its head, 255 lengths and 255 times 255 bytes.
const PAGE_MAX: u64 = 65_307;
/// Where in a page its flags are, and the one that means the last page.
const FLAGS: usize = 5;
const LAST: u8 = 4;

/// `false` if the last page is not marked as such; `None` if there is no page at the end at all.
///
/// Whatever happens, the source is where it was.
pub(crate) fn is_whole(source: &mut (impl Read + Seek)) -> Option<bool> {
    let before = source.stream_position().ok()?;
    let end = source.seek(SeekFrom::End(0)).ok()?;
    let mut tail = Vec::new();
    let read = source
        .seek(SeekFrom::Start(end.saturating_sub(PAGE_MAX)))
        .and_then(|_| source.take(PAGE_MAX).read_to_end(&mut tail));
    source.seek(SeekFrom::Start(before)).ok()?;
    read.ok()?;
    let page = tail.windows(4).rposition(|it| it == b"OggS")?;
    tail.get(page + FLAGS).map(|it| it & LAST != 0)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::is_whole;

    #[test]
    fn the_last_page_says_so() {
        let told = |bytes: &[u8]| is_whole(&mut Cursor::new(bytes));
        assert_eq!(told(b"OggS\0\x02......OggS\0\x04......"), Some(true));
        assert_eq!(told(b"OggS\0\x02......OggS\0\x00......"), Some(false));
        assert_eq!(told(b"OggS\0"), None);
        assert_eq!(told(b""), None);
    }
}
