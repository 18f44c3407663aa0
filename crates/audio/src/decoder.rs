//! Packets to mono frames.

use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_OPUS,
};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::packet::Packet;

use crate::guard::guarded;
use crate::opus::{Head, Opus};
use crate::{Limits, RATE_HZ, aac, container, mid};

/// Samples that a packet may claim to have, of all channels together.
const SAMPLES_MAX: u64 = 1 << 22;

/// The decoder of a stream.
pub(crate) struct Decoder {
    params: AudioCodecParameters,
    core: Core,
    planes: Vec<Vec<f32>>,
}

enum Core {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Head, Opus),
}

impl Decoder {
    /// The decoder for these parameters, or why there is none.
    pub(crate) fn new(params: &AudioCodecParameters) -> Result<Self, String> {
        let core =
            guarded(|| core(params)).unwrap_or_else(|_| Err("its decoder gave up".into()))?;
        Ok(Self { params: params.clone(), core, planes: Vec::new() })
    }

    /// Short name of the codec.
    pub(crate) fn codec(&self) -> &'static str {
        match &self.core {
            Core::Symphonia(it) => it.codec_info().short_name,
            Core::Opus(..) => "opus",
        }
    }

    /// Frames at 16 kHz to drop from the start of Opus; `None` for other codecs.
    pub(crate) fn pre_skip(&self) -> Option<u64> {
        match &self.core {
            Core::Symphonia(_) => None,
            // 48 kHz to 16 kHz, to the nearest.
            Core::Opus(head, _) => Some((u64::from(head.pre_skip) + 1) / 3),
        }
    }

    /// Frames that the codec itself is late, where no container of these tells it: of MP1 and MP2 the
    /// filter bank (481, ISO/IEC 11172-3, annex C), of a bare AAC stream the first overlap (1,024).
    pub(crate) fn late(&self, container: &str) -> u64 {
        match self.params.codec {
            CODEC_ID_MP1 | CODEC_ID_MP2 => 481,
            CODEC_ID_AAC if container == "aac" => 1_024,
            _ => 0,
        }
    }

    /// Channels of Opus, which the container may not say.
    pub(crate) fn channels(&self) -> Option<u16> {
        match &self.core {
            Core::Symphonia(_) => container::channels(&self.params),
            Core::Opus(head, _) => Some(u16::from(head.channels)),
        }
    }

    /// Appends the frames of a packet to `out`; their rate in Hz, or why there are none.
    pub(crate) fn decode(
        &mut self,
        packet: &Packet,
        limits: &Limits,
        out: &mut Vec<f32>,
    ) -> Result<u32, String> {
        let start = out.len();
        let Self { core, planes, .. } = self;
        let decoded = guarded(|| match core {
            Core::Symphonia(decoder) => {
                let buffer = decoder.decode(packet).map_err(|it| container::reason(&it))?;
                let rate_hz = buffer.spec().rate();
                let channels = u16::try_from(buffer.spec().channels().count()).ok();
                container::within(Some(rate_hz), Some(channels.unwrap_or(u16::MAX)), limits)
                    .map_err(|it| it.to_string())?;
                mid::mix(&buffer, planes, out);
                Ok(rate_hz)
            }
            Core::Opus(_, opus) => {
                opus.decode(&packet.data, out)?;
                Ok(RATE_HZ)
            }
        });
        let decoded = decoded.unwrap_or_else(|_| {
            self.renew();
            Err("the decoder gave up on it".to_owned())
        });
        if decoded.is_err() {
            out.truncate(start);
        }
        decoded
    }

    /// Begins anew: what gave up is not asked again.
    fn renew(&mut self) {
        if let Ok(Ok(core)) = guarded(|| core(&self.params)) {
            self.core = core;
        }
    }
}

fn core(params: &AudioCodecParameters) -> Result<Core, String> {
    if params.codec == CODEC_ID_OPUS {
        let head = params.extra_data.as_deref().and_then(Head::parse);
        let head = head.ok_or("its Opus header is broken, or of a rare layout of channels")?;
        let opus = Opus::new(&head)?;
        return Ok(Core::Opus(head, opus));
    }
    let channels = params.channels.as_ref().map_or(1, |it| it.count());
    let channels = u64::try_from(channels).unwrap_or(u64::MAX);
    let frames = params.max_frames_per_packet.unwrap_or_default();
    if frames.saturating_mul(channels) > SAMPLES_MAX {
        // The decoder would reserve that at once.
        return Err(format!("a packet claims {frames} frames of {channels} channels"));
    }
    if params.codec == CODEC_ID_AAC && channels > 2 {
        return Err("AAC of more than two channels".to_owned());
    }
    let options = AudioDecoderOptions::default();
    let mut params = params.clone();
    if params.codec == CODEC_ID_AAC
        && let Some(plain) = params.extra_data.as_deref().and_then(aac::core)
    {
        (params.extra_data, params.sample_rate) = (Some(plain.config.into()), Some(plain.rate_hz));
    }
    let made = symphonia::default::get_codecs().make_audio_decoder(&params, &options);
    made.map(Core::Symphonia).map_err(|it| container::reason(&it))
}
