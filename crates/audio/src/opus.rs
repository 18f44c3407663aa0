//! Opus packets to mono sound at 16 kHz (RFC 6716), with the identification header (RFC 7845,
//! section 5.1).

use ruopus::{MultistreamDecoder, OpusDecoder};

use crate::{RATE_HZ, mid};

/// The identification header, as far as a decoder wants it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    pub(crate) channels: u8,
    /// Frames at 48 kHz to drop from the start.
    pub(crate) pre_skip: u16,
    /// In 1/256 dB.
    gain: i16,
    /// Streams, coupled ones, and which channel sounds where; `None` for plain mono and stereo.
    layout: Option<(u8, u8, Vec<u8>)>,
}

impl Head {
    /// Reads the header, with its magic; `None` if it is none.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(b"OpusHead")?;
        let &[version, channels, skip_low, skip_high, _, _, _, _, gain_low, gain_high, family, ref table @ ..] =
            rest
        else {
            return None;
        };
        if version >= 16 || channels == 0 {
            return None;
        }
        let layout = match (family, table) {
            (0, _) if channels <= 2 => None,
            (0, _) => return None,
            (_, &[streams, coupled, ref mapping @ ..]) => {
                let mapping = mapping.get(..usize::from(channels))?;
                let decoded = streams.checked_add(coupled)?;
                let real = mapping.iter().all(|it| *it == 255 || *it < decoded);
                if streams == 0 || coupled > streams || !real {
                    return None;
                }
                Some((streams, coupled, mapping.to_vec()))
            }
            _ => return None,
        };
        Some(Self {
            channels,
            pre_skip: u16::from_le_bytes([skip_low, skip_high]),
            gain: i16::from_le_bytes([gain_low, gain_high]),
            layout,
        })
    }
}

/// A stream of Opus.
pub(crate) struct Opus {
    core: Core,
    factor: f32,
}

enum Core {
    Plain(Box<OpusDecoder>),
    Many(MultistreamDecoder),
}

impl Opus {
    pub(crate) fn new(head: &Head) -> Self {
        let core = match &head.layout {
            None => Core::Plain(Box::new(OpusDecoder::with_rate(RATE_HZ, 1))),
            Some((streams, coupled, mapping)) => Core::Many(MultistreamDecoder::with_rate(
                RATE_HZ,
                usize::from(*streams),
                usize::from(*coupled),
                mapping,
            )),
        };
        Self { core, factor: 10_f32.powf(f32::from(head.gain) / (20.0 * 256.0)) }
    }

    /// Appends the sound of a packet to `out`, or tells why not.
    pub(crate) fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Result<(), String> {
        let (samples, channels) = match &mut self.core {
            Core::Plain(it) => (it.decode_packet(packet).map_err(|it| it.to_string())?, 1),
            Core::Many(it) => {
                (it.decode_packet(packet).map_err(|it| it.to_string())?, it.channels())
            }
        };
        let start = out.len();
        mid::mix_interleaved(&samples, channels, out);
        if (self.factor - 1.0).abs() > f32::EPSILON {
            for sample in out.iter_mut().skip(start) {
                *sample *= self.factor;
            }
        }
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
        assert_eq!((plain.channels, plain.pre_skip, plain.layout), (2, 312, None));
        assert!(head(&[1, 3, 56, 1, 128, 187, 0, 0, 0, 0, 0]).is_none());
        assert!(head(&[1, 2, 56, 1, 128, 187, 0, 0, 0, 0, 1, 1, 1, 0, 1]).is_some());
        assert!(head(&[1, 2, 56, 1, 128, 187, 0, 0, 0, 0, 1, 1, 2, 0, 1]).is_none());
        assert!(head(&[1, 2, 56, 1, 128, 187, 0, 0, 0, 0, 1, 1, 1, 0, 2]).is_none());
        assert!(head(&[1, 2, 56, 1, 128, 187, 0, 0, 0, 0, 1, 1, 1, 0]).is_none());
        assert!(Head::parse(b"OpusTags").is_none());
    }
}
