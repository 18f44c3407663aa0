//! Opus packets to mono sound at 16 kHz (RFC 6716), with the identification header (RFC 7845,
//! section 5.1).

use opus_pure::{ChannelLayout, OpusDecoder, OpusMSDecoder};

use crate::mid;

/// Samples a second that the decoder is asked for; what is above their half it need not compute.
const RATE_HZ: i32 = 16_000;
/// Samples of a channel in a packet at most: 120 ms (RFC 6716, section 3.2.5).
const PACKET_MAX: usize = 1_920;

/// The identification header, as far as a decoder wants it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    pub(crate) channels: u8,
    /// Frames at 48 kHz to drop from the start.
    pub(crate) pre_skip: u16,
    /// In 1/256 dB.
    gain: i16,
    /// Several streams in each packet, laid out as Vorbis does (mapping family 1).
    surround: bool,
}

impl Head {
    /// Reads the header, with its magic; `None` if it is none, or of a layout that is not read.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(b"OpusHead")?;
        let &[
            version,
            channels,
            skip_low,
            skip_high,
            _,
            _,
            _,
            _,
            gain_low,
            gain_high,
            family,
            ref table @ ..,
        ] = rest
        else {
            return None;
        };
        let surround = match (family, table) {
            (0, _) => false,
            (1, &[streams, coupled, ..]) => {
                let usual = ChannelLayout::surround(usize::from(channels), 1).ok()?;
                let stated = (usize::from(streams), usize::from(coupled));
                if stated != (usual.nb_streams, usual.nb_coupled_streams) {
                    return None;
                }
                true
            }
            _ => return None,
        };
        // MP4 has the same fields in the box `dOps`, of version 0 and in the other byte order (Opus in
        // ISOBMFF, section 4.3.2).
        let (skip, gain) = ([skip_low, skip_high], [gain_low, gain_high]);
        let (pre_skip, gain) = if version == 0 {
            (u16::from_be_bytes(skip), i16::from_be_bytes(gain))
        } else {
            (u16::from_le_bytes(skip), i16::from_le_bytes(gain))
        };
        let known = version < 16 && channels > 0 && (surround || channels <= 2);
        known.then_some(Self { channels, pre_skip, gain, surround })
    }
}

/// A stream of Opus.
pub(crate) struct Opus {
    core: Core,
    channels: usize,
    factor: f32,
    room: Vec<f32>,
}

enum Core {
    Plain(Box<OpusDecoder>),
    Surround(Box<OpusMSDecoder>),
}

impl Opus {
    /// A decoder for this header, or why there is none.
    pub(crate) fn new(head: &Head) -> Result<Self, String> {
        let made = if head.surround {
            OpusMSDecoder::new(RATE_HZ, usize::from(head.channels), 1)
                .map(|it| (Core::Surround(Box::new(it)), usize::from(head.channels)))
        } else {
            // One channel, which of two is their mean.
            OpusDecoder::new(RATE_HZ, 1).map(|it| (Core::Plain(Box::new(it)), 1))
        };
        let (core, channels) = made.map_err(|it| it.to_string())?;
        let factor = 10_f32.powf(f32::from(head.gain) / (20.0 * 256.0));
        Ok(Self { core, channels, factor, room: vec![0.0; PACKET_MAX * channels] })
    }

    /// Appends the sound of a packet to `out`, or tells why not.
    pub(crate) fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Result<(), String> {
        let Self { core, channels, factor, room } = self;
        if packet.is_empty() {
            return Err("it is empty".to_owned());
        }
        let decoded = match core {
            Core::Plain(it) => it.decode(packet, PACKET_MAX, room),
            Core::Surround(it) => it.decode(packet, PACKET_MAX, room),
        };
        let count = decoded.map_err(|it| it.to_string())? * *channels;
        let samples = room.get_mut(..count).ok_or("it is longer than a packet can be")?;
        if (*factor - 1.0).abs() > f32::EPSILON {
            samples.iter_mut().for_each(|it| *it *= *factor);
        }
        mid::mix_interleaved(samples, *channels, out);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn headers_that_promise_too_much_are_none() {
        let head = |rest: &[u8]| Head::parse(&[b"OpusHead", rest].concat());
        let plain = head(&[1, 2, 56, 1, 128, 187, 0, 0, 0, 0, 0]).expect("a header");
        assert_eq!((plain.channels, plain.pre_skip, plain.surround), (2, 312, false));
        let other = head(&[0, 2, 1, 56, 0, 0, 187, 128, 0, 0, 0]);
        assert_eq!(other.map(|it| it.pre_skip), Some(312));
        let six = head(&[1, 6, 56, 1, 128, 187, 0, 0, 0, 0, 1, 4, 2, 0, 4, 1, 2, 3, 5]);
        assert!(six.is_some_and(|it| it.surround));
        for none in [
            &[1, 3, 56, 1, 128, 187, 0, 0, 0, 0, 0][..],
            &[1, 0, 56, 1, 128, 187, 0, 0, 0, 0, 0],
            &[16, 2, 56, 1, 128, 187, 0, 0, 0, 0, 0],
            &[1, 6, 56, 1, 128, 187, 0, 0, 0, 0, 1, 6, 0, 0, 4, 1, 2, 3, 5],
            &[1, 9, 56, 1, 128, 187, 0, 0, 0, 0, 1, 4, 2],
            &[1, 2, 56, 1, 128, 187, 0, 0, 0, 0, 255, 2, 0, 0, 1],
            &[1, 2, 56],
        ] {
            assert_eq!(head(none), None, "{none:?}");
        }
        assert_eq!(Head::parse(b"OpusTags"), None);
    }
}
