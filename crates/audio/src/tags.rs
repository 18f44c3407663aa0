//! What a file says it is.

use symphonia::core::formats::FormatReader;
use symphonia::core::meta::{MetadataRevision, StandardTag, Tag};

use crate::Tags;

/// The tags of a container, the newest first heard; and the delay and length of iTunes, if stated.
pub(crate) fn read(container: &mut dyn FormatReader, number: u32) -> (Tags, Option<Trim>) {
    let mut tags = Tags::default();
    let mut trim = None;
    let mut metadata = container.metadata();
    if let Some(revision) = metadata.skip_to_latest() {
        take(revision, number, &mut tags, &mut trim);
    }
    (tags, trim)
}

/// Delay and length that iTunes writes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Trim {
    /// Frames to drop from the start.
    pub(crate) delay: u64,
    /// Frames that are sound.
    pub(crate) frames: u64,
}

/// Names that most writers use in Matroska for what its reader then takes for something else: there a
/// level, left out, says whether a tag is about the recording or the release. `before` is what must go
/// before the reader's own word.
fn fill_plain(tag: &Tag, tags: &mut Tags, before: bool) {
    let key = tag.raw.key.to_ascii_uppercase();
    let name = key.rsplit('@').next().unwrap_or_default();
    let place = match (name, before) {
        ("ALBUM", true) => &mut tags.release,
        ("ALBUM_ARTIST" | "ALBUMARTIST", true) => &mut tags.release_artist,
        ("TITLE", false) => &mut tags.title,
        ("ARTIST", false) => &mut tags.artist,
        _ => return,
    };
    keep(place, &tag.raw.value.to_string());
}

/// The first of each kind counts.
fn keep(place: &mut Option<String>, text: &str) {
    let text: String = text.trim().chars().take(Tags::CHARS_MAX).collect();
    if place.is_none() && !text.is_empty() {
        *place = Some(text);
    }
}

fn take(revision: &MetadataRevision, number: u32, tags: &mut Tags, trim: &mut Option<Trim>) {
    let own = revision.per_track.iter().filter(|it| it.track_id == u64::from(number));
    let all = revision.media.tags.iter().chain(own.flat_map(|it| &it.metadata.tags));
    all.clone().for_each(|tag| fill_plain(tag, tags, true));
    for tag in all.clone() {
        fill(tag, tags);
        if trim.is_none() && tag.raw.key.ends_with("iTunSMPB") {
            *trim = parse_trim(&tag.raw.value.to_string());
        }
    }
    all.for_each(|tag| fill_plain(tag, tags, false));
}

fn fill(tag: &Tag, tags: &mut Tags) {
    match &tag.std {
        Some(StandardTag::TrackTitle(it)) => keep(&mut tags.title, it),
        Some(StandardTag::Artist(it)) => keep(&mut tags.artist, it),
        Some(StandardTag::Album(it)) => keep(&mut tags.release, it),
        Some(StandardTag::AlbumArtist(it)) => keep(&mut tags.release_artist, it),
        Some(StandardTag::IdentIsrc(it)) => keep(&mut tags.isrc, it),
        _ => {}
    }
}

/// ` 00000000 00000840 000001CA 00000000003F31F6 …`: delay, padding and length, in hexadecimal.
fn parse_trim(text: &str) -> Option<Trim> {
    let mut words = text.split_ascii_whitespace().skip(1);
    let mut next = || u64::from_str_radix(words.next()?, 16).ok();
    let (delay, _padding, frames) = (next()?, next()?, next()?);
    // Beyond a second it is no delay.
    (delay < 100_000 && frames > 0).then_some(Trim { delay, frames })
}

#[cfg(test)]
mod tests {
    use super::{Trim, parse_trim};

    #[test]
    fn the_trim_of_itunes() {
        let text = " 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000";
        assert_eq!(parse_trim(text), Some(Trim { delay: 2_112, frames: 4_141_558 }));
        assert_eq!(parse_trim(" 00000000 00000840"), None);
        assert_eq!(parse_trim(" 0 FFFFFFFF 0 10"), None);
        assert_eq!(parse_trim(" 0 x 0 10"), None);
    }
}
