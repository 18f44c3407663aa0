//! The core of HE-AAC: what its sound is without the upper half of the spectrum (ISO/IEC 14496-3,
//! section 1.6.2.1).
//!
//! The decoder refuses a configuration that announces spectral band replication. The packets hold
//! plain AAC-LC in half the rate, with the rest in elements that are passed over, so a configuration
//! that announces only that is enough for the lower half.

/// Rates by their index in a configuration, in Hz (table 1.18).
const RATES_HZ: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];
/// Object types: low complexity, band replication, parametric stereo (table 1.17).
const LC: u8 = 2;
const SBR: u8 = 5;
const PS: u8 = 29;

/// A configuration of the core.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Core {
    pub(crate) config: [u8; 2],
    pub(crate) rate_hz: u32,
}

/// The configuration of the core, if this is one of more than that.
///
/// `None` for plain AAC-LC, and for whatever else: the decoder has a word on that.
pub(crate) fn core(config: &[u8]) -> Option<Core> {
    let mut bits = Bits { bytes: config, at: 0 };
    let kind = bits.take(5)?;
    let rate = bits.take(4)?;
    let channels = bits.take(4)?;
    let extended = match kind {
        SBR | PS => {
            let upper = bits.take(4)?;
            // A rate that is spelled out is none of those that are in use.
            upper != 15 && bits.take(5)? == LC
        }
        // Announced behind the plain configuration, for decoders that look no further.
        LC => config.len() > 2,
        _ => false,
    };
    let rate_hz = *RATES_HZ.get(usize::from(rate))?;
    // No short frames, no other coder before it, no extension: three bits of 0.
    let config = [LC << 3 | rate >> 1, (rate & 1) << 7 | channels << 3];
    extended.then_some(Core { config, rate_hz })
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// The next bits, at most eight.
    fn take(&mut self, count: usize) -> Option<u8> {
        (0..count).try_fold(0, |value, _| {
            let byte = self.bytes.get(self.at / 8)?;
            let bit = byte >> (7 - self.at % 8) & 1;
            self.at += 1;
            Some(value << 1 | bit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Core, core};

    #[test]
    fn the_core_of_both_kinds_of_announcement() {
        let at_24 = Some(Core { config: [0x13, 0x10], rate_hz: 24_000 });
        // Before it: object type 5, index 6, 2 channels, index 3, object type 2.
        assert_eq!(core(&[0b0010_1011, 0b0001_0001, 0b1000_1000]), at_24);
        // With parametric stereo: object type 29, 1 channel.
        let mono = Some(Core { config: [0x13, 0x08], rate_hz: 24_000 });
        assert_eq!(core(&[0b1110_1011, 0b0000_1001, 0b1000_1000]), mono);
        // Behind it.
        assert_eq!(core(&[0x13, 0x10, 0x56, 0xe5, 0x98]), at_24);
        // Plain, cut, and none.
        assert_eq!(core(&[0x12, 0x10]), None);
        assert_eq!(core(&[0x2b]), None);
        assert_eq!(core(&[]), None);
    }
}
