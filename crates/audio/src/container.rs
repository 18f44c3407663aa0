//! The container: which it is, which stream of it is read.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::common::Limit;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackFlags};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;

use crate::decoder::Decoder;
use crate::guard::guarded;
use crate::{Limits, OpenError, Stream};

/// Bytes that a tag may have.
const TAG_BYTES_MAX: usize = 64 << 10;
/// Bytes that a picture may have; none is looked at.
const PICTURE_BYTES_MAX: usize = 1 << 20;

/// An open container.
pub(crate) type Container = Box<dyn FormatReader>;

/// Looks at the first bytes and opens the container they belong to.
///
/// A file that was cut off has no end to look at, which several readers insist on; it is read from
/// front to back then, and `true` says so.
pub(crate) fn open<R: MediaSource + 'static>(
    source: impl Fn() -> io::Result<R>,
) -> Result<(Container, bool), OpenError> {
    let unreadable = |error: io::Error| OpenError::Container { reason: error.to_string() };
    let first = match probe(Box::new(source().map_err(unreadable)?)) {
        Ok(container) => return Ok((container, false)),
        Err(reason) => reason,
    };
    match probe(Box::new(Forward(source().map_err(unreadable)?))) {
        Ok(container) => Ok((container, true)),
        Err(_) => Err(OpenError::Container { reason: first }),
    }
}

fn probe(source: Box<dyn MediaSource>) -> Result<Container, String> {
    let tags = MetadataOptions::default()
        .limit_tag_bytes(Limit::Maximum(TAG_BYTES_MAX))
        .limit_visual_bytes(Limit::Maximum(PICTURE_BYTES_MAX));
    let stream = MediaSourceStream::new(source, Default::default());
    let found = guarded(|| {
        symphonia::default::get_probe().probe(&Hint::new(), stream, FormatOptions::default(), tags)
    });
    match found {
        Ok(it) => it.map_err(|error| reason(&error)),
        Err(_) => Err("its reader gave up".to_owned()),
    }
}

/// A source that is read from front to back only.
struct Forward<R>(R);

impl<R: Read> Read for Forward<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.0.read(room)
    }
}

impl<R> Seek for Forward<R> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl<R: Read + Send + Sync> MediaSource for Forward<R> {
    fn is_seekable(&self) -> bool {
        false
    }

    fn byte_len(&self) -> Option<u64> {
        None
    }
}

/// What the reader said, in one line.
pub(crate) fn reason(error: &Error) -> String {
    match error {
        Error::IoError(it) if it.kind() == io::ErrorKind::UnexpectedEof => {
            "the file ends too early".to_owned()
        }
        it => it.to_string(),
    }
}

/// The parameters of a stream of sound.
fn sound(stream: &Track) -> Option<&AudioCodecParameters> {
    match &stream.codec_params {
        Some(CodecParameters::Audio(it)) => Some(it),
        _ => None,
    }
}

/// The stream that is read: the wanted one, or the default one, or the first whose codec is read.
pub(crate) fn choose(
    container: &dyn FormatReader,
    wanted: Option<u32>,
) -> Result<(Track, AudioCodecParameters, Decoder), OpenError> {
    let name = || container.format_info().short_name.to_owned();
    let mut streams: Vec<&Track> =
        container.tracks().iter().filter(|it| sound(it).is_some()).collect();
    streams.retain(|it| wanted.is_none_or(|wanted| wanted == it.id));
    streams.sort_by_key(|it| !it.flags.contains(TrackFlags::DEFAULT));
    let mut reason = None;
    for stream in streams {
        let Some(params) = sound(stream) else { continue };
        match Decoder::new(params) {
            Ok(decoder) => return Ok((stream.clone(), params.clone(), decoder)),
            Err(told) => reason = reason.or(Some(told)),
        }
    }
    Err(match reason {
        Some(reason) => OpenError::Codec { container: name(), reason },
        None => OpenError::Silent { container: name() },
    })
}

/// All streams of sound.
pub(crate) fn streams(container: &dyn FormatReader, chosen: u32) -> Vec<Stream> {
    let streams = container.tracks().iter().filter_map(|stream| {
        let params = sound(stream)?;
        Some(Stream {
            number: stream.id,
            language: stream.language.clone(),
            rate_hz: params.sample_rate,
            channels: channels(params),
            chosen: stream.id == chosen,
        })
    });
    streams.collect()
}

/// How many channels a stream says it has.
pub(crate) fn channels(params: &AudioCodecParameters) -> Option<u16> {
    params.channels.as_ref().map(|it| u16::try_from(it.count()).unwrap_or(u16::MAX))
}

/// Whether rate and channels are within what is read.
pub(crate) fn within(
    rate_hz: Option<u32>,
    channels: Option<u16>,
    limits: &Limits,
) -> Result<(), OpenError> {
    if let Some(rate) = rate_hz.filter(|it| !(limits.rate_hz_min..=limits.rate_hz_max).contains(it))
    {
        return Err(OpenError::Limit {
            claim: format!("{rate} Hz"),
            limit: format!("only {} to {} Hz", limits.rate_hz_min, limits.rate_hz_max),
        });
    }
    if let Some(count) = channels.filter(|it| *it > limits.channels_max) {
        return Err(OpenError::Limit {
            claim: format!("{count} channels"),
            limit: format!("at most {} channels", limits.channels_max),
        });
    }
    Ok(())
}
