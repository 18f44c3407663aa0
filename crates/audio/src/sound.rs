//! An open sound file, read a block at a time.

use std::fs::File;
use std::io::{self, Cursor, Seek as _};
use std::path::Path;

use finding::{Finding, Position, RuleDoc};
use symphonia::core::errors::Error;
use symphonia::core::formats::Track;
use symphonia::core::packet::Packet;

use crate::container::{self, Container};
use crate::decoder::Decoder;
use crate::edit::{self, Edit};
use crate::guard::guarded;
use crate::line::Line;
use crate::rule::{BROKEN, CHANGED, CUT, EMPTY, GAP, LONG, STOPPED};
use crate::{Facts, Limits, OpenError, ReadError, Stream, ogg, tags};

/// Samples of a block, about.
const BLOCK: usize = 32_768;
/// Packets in a row that bring no sound of ours, at most; more is a file that goes nowhere.
const IDLE_MAX: u32 = 1_000_000;
/// Broken packets in a row, at most.
const BROKEN_MAX: u32 = 5_000;
/// A hole below this is the rounding of times, in seconds: where they count frames, and where not.
const GAP_S_MIN: f64 = 0.02;
const GAP_S_MIN_ROUGH: f64 = 0.25;
/// Holes that are filled, in seconds, all together.
const GAP_S_MAX: f64 = 600.0;
/// What a broken packet is believed to have been long, at most, in seconds.
const PACKET_S_MAX: f64 = 1.0;
/// How much shorter a file may be than it says, in milliseconds; and than a film it is part of.
const SHORT_MS: u64 = 100;
const SHORT_MS_FILM: u64 = 10_000;

/// Opens a sound file, whatever it is called, with the usual limits.
///
/// # Errors
///
/// The file cannot be opened, is no sound file of a kind that is read, or claims more than the
/// limits allow.
pub fn open(path: &Path) -> Result<Sound, OpenError> {
    Sound::open(path, Limits::default())
}

/// An open sound file.
pub struct Sound {
    container: Container,
    stream: Track,
    decoder: Decoder,
    facts: Facts,
    streams: Vec<Stream>,
    limits: Limits,
    line: Line,
    frames: Vec<f32>,
    /// A packet that comes after the silence that is being laid down.
    waiting: Option<Packet>,
    /// When the next packet should begin, in the stream's own units.
    next_pts: Option<i64>,
    /// Silence laid down in holes, in seconds.
    filled_s: f64,
    idle: u32,
    broken_in_row: u32,
    broken: u64,
    ended: bool,
    /// The end of the file looks like one.
    whole: bool,
    position: Position,
    findings: Vec<Finding>,
}

impl std::fmt::Debug for Sound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sound").field("facts", &self.facts).finish_non_exhaustive()
    }
}

impl Sound {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// As [`open`].
    pub fn open(path: &Path, limits: Limits) -> Result<Self, OpenError> {
        Self::open_stream(path, None, limits)
    }

    /// Opens a file to read one stream of it, by its number in [`Sound::streams`].
    ///
    /// # Errors
    ///
    /// As [`open`]; a number that no stream of sound has is [`OpenError::Silent`].
    pub fn open_stream(
        path: &Path,
        number: Option<u32>,
        limits: Limits,
    ) -> Result<Self, OpenError> {
        let failed = |source: io::Error| OpenError::File { path: path.to_owned(), source };
        // Asked before it is opened: opening a pipe would wait.
        if !path.metadata().map_err(failed)?.is_file() {
            return Err(OpenError::NoFile { path: path.to_owned() });
        }
        let file = File::open(path).map_err(failed)?;
        let source = || {
            let mut again = file.try_clone()?;
            again.rewind()?;
            Ok(again)
        };
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
        let (container, cut) = container::open(source)?;
        Self::begin(container, &file, number, limits).map(|it| Self {
            whole: it.whole && !cut,
            position: Position::of_file(name.unwrap_or_default()),
            ..it
        })
    }

    /// Opens a file that is in memory.
    ///
    /// # Errors
    ///
    /// As [`open`], but for the opening.
    pub fn of_bytes(bytes: impl Into<Vec<u8>>, limits: Limits) -> Result<Self, OpenError> {
        let bytes: std::sync::Arc<[u8]> = bytes.into().into();
        let source = || Cursor::new(std::sync::Arc::clone(&bytes));
        let (container, cut) = container::open(|| Ok(source()))?;
        Self::begin(container, source(), None, limits)
            .map(|it| Self { whole: it.whole && !cut, ..it })
    }

    fn begin(
        mut container: Container,
        mut edits: impl io::Read + io::Seek,
        number: Option<u32>,
        limits: Limits,
    ) -> Result<Self, OpenError> {
        let (stream, params, decoder) = container::choose(container.as_ref(), number)?;
        let channels = decoder.channels();
        container::within(params.sample_rate, channels, &limits)?;
        let name = container.format_info().short_name;
        let (tags, trim) = tags::read(container.as_mut(), stream.id);
        let rate_hz = params.sample_rate.unwrap_or_default();
        let edit = match decoder.pre_skip() {
            Some(skip) => Edit { skip_s: seconds(skip, crate::RATE_HZ), ..Edit::default() },
            None => Edit { skip_s: late_s(&decoder, name, rate_hz), ..Edit::default() },
        };
        let edit = match name {
            "isomp4" => edited(edit, &mut edits, stream.id, trim, &decoder, rate_hz),
            _ => edit,
        };
        let facts = Facts {
            container: name.to_owned(),
            codec: decoder.codec().to_owned(),
            rate_hz,
            channels: channels.unwrap_or_default(),
            duration_ms: duration_ms(&stream, container.as_ref(), &edit, rate_hz),
            tags,
        };
        Ok(Self {
            streams: container::streams(container.as_ref(), stream.id),
            line: Line::new(edit, limits.seconds_max),
            container,
            stream,
            decoder,
            facts,
            limits,
            frames: Vec::new(),
            waiting: None,
            next_pts: None,
            filled_s: 0.0,
            idle: 0,
            broken_in_row: 0,
            broken: 0,
            ended: false,
            whole: name != "ogg" || ogg::is_whole(&mut edits).unwrap_or(true),
            position: Position::default(),
            findings: Vec::new(),
        })
    }

    /// What the file says of itself.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// All streams of sound in the file; one of them is read.
    #[must_use]
    pub fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// What was found wrong so far, at most one finding of each rule.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How far the sound was read, in milliseconds.
    #[must_use]
    pub fn at_ms(&self) -> u64 {
        self.line.at_ms()
    }

    /// Appends the next block to `out`, mono at 16 kHz, some 2 seconds; `false` if there is none.
    ///
    /// # Errors
    ///
    /// The system does not give more of the file.
    pub fn read(&mut self, out: &mut Vec<f32>) -> Result<bool, ReadError> {
        let start = out.len();
        while out.len() - start < BLOCK && !self.ended {
            if !self.line.lay_silence(out) {
                self.step(out)?;
            }
            if self.line.is_full() && !self.ended {
                let seconds = self.limits.seconds_max;
                self.tell(&LONG, format!("only the first {seconds} seconds were read"));
                self.ended = true;
            }
        }
        Ok(out.len() > start)
    }

    /// Takes the next packet.
    fn step(&mut self, out: &mut Vec<f32>) -> Result<(), ReadError> {
        if self.line.is_done() {
            self.end(out);
            return Ok(());
        }
        if let Some(packet) = self.waiting.take() {
            self.decode(&packet, out);
            return Ok(());
        }
        let container = &mut self.container;
        match guarded(|| container.next_packet()) {
            Ok(Ok(Some(packet))) => self.take(packet, out),
            Ok(Ok(None)) => self.end(out),
            Ok(Err(Error::ResetRequired)) => self.change(out),
            Ok(Err(Error::IoError(source))) if !is_end(&source) => {
                return Err(ReadError::File { at_ms: self.at_ms(), source });
            }
            Ok(Err(Error::IoError(_))) => {
                self.whole = false;
                self.end(out);
            }
            Ok(Err(error)) => self.stop(&container::reason(&error), out),
            Err(_) => self.stop("its reader gave up", out),
        }
        Ok(())
    }

    /// Takes a packet of our stream, or lets it wait until the hole before it is silent.
    fn take(&mut self, packet: Packet, out: &mut Vec<f32>) {
        self.idle += 1;
        if self.idle > IDLE_MAX {
            return self.stop("packet after packet without sound", out);
        }
        if packet.track_id != self.stream.id {
            return;
        }
        if self.fill(&packet) {
            self.waiting = Some(packet);
        } else {
            self.decode(&packet, out);
        }
    }

    /// Decodes a packet and lays its frames down.
    fn decode(&mut self, packet: &Packet, out: &mut Vec<f32>) {
        self.frames.clear();
        match self.decoder.decode(packet, &self.limits, &mut self.frames) {
            Ok(rate_hz) => {
                self.broken_in_row = 0;
                self.lay(packet, rate_hz, out);
            }
            Err(reason) => self.skip(packet, &reason, out),
        }
    }

    /// Lays down what a packet held.
    fn lay(&mut self, packet: &Packet, rate_hz: u32, out: &mut Vec<f32>) {
        if self.line.differs(rate_hz) {
            self.tell(&CHANGED, format!("from here on there are {rate_hz} frames a second"));
        }
        if self.facts.codec == "opus" {
            // The other decoders do this themselves.
            let padding = self.seconds_of(packet.trim_end.get()) * f64::from(rate_hz);
            let kept = self.frames.len().saturating_sub(whole(padding));
            self.frames.truncate(kept);
        }
        if !self.frames.is_empty() {
            self.idle = 0;
        }
        let length = self.frames.len();
        self.expect_next(packet, seconds(u64::try_from(length).unwrap_or_default(), rate_hz));
        self.line.lay(rate_hz, &self.frames, out);
    }

    /// Silence instead of a broken packet.
    fn skip(&mut self, packet: &Packet, reason: &str, out: &mut Vec<f32>) {
        self.broken += 1;
        self.broken_in_row += 1;
        if self.broken == 1 {
            self.tell(&BROKEN, reason.to_owned());
        }
        if self.broken_in_row > BROKEN_MAX {
            return self.stop("packet after packet is broken", out);
        }
        let long = self.seconds_of(packet.dur.get()).min(PACKET_S_MAX);
        self.expect_next(packet, long);
        // Through the line, so that delay and padding stay right.
        let rate_hz = match self.line.rate_hz() {
            0 => self.facts.rate_hz.max(self.limits.rate_hz_min),
            rate_hz => rate_hz,
        };
        self.frames.clear();
        self.frames.resize(whole(long * f64::from(rate_hz)), 0.0);
        self.line.lay(rate_hz, &self.frames, out);
    }

    /// Asks for silence where packets are missing; `false` if nothing is.
    fn fill(&mut self, packet: &Packet) -> bool {
        let pts = packet.pts.get();
        let expected = match self.next_pts {
            Some(it) => it,
            // Of a film, the sound may begin later than the picture.
            None if is_matroska(&self.facts) => {
                if pts < 0 && self.decoder.pre_skip().is_none() {
                    self.line.skip_first(self.seconds_of(pts.unsigned_abs()));
                }
                0.min(pts)
            }
            None => return false,
        };
        let hole = self.seconds_of(u64::try_from(pts.saturating_sub(expected)).unwrap_or(0));
        let exact = self.stream.time_base.is_some_and(|it| it.denom.get() == self.facts.rate_hz);
        let least = if exact { GAP_S_MIN } else { GAP_S_MIN_ROUGH };
        if hole < least && !(self.next_pts.is_none() && hole > 0.0) {
            return false;
        }
        let first = self.next_pts.is_none();
        let filled = self.filled_s + hole <= GAP_S_MAX;
        if !first {
            let done = if filled { "it is silent now" } else { "it was passed over" };
            self.tell(&GAP, format!("{hole:.1} seconds are missing; {done}"));
        }
        if filled {
            self.filled_s += hole;
            self.line.hush(hole);
        }
        filled
    }

    /// Notes when the packet after this one should begin.
    fn expect_next(&mut self, packet: &Packet, seconds: f64) {
        let long = i64::try_from(packet.block_dur().get()).unwrap_or(i64::MAX);
        let units = match self.stream.time_base {
            Some(base) => seconds * f64::from(base.denom.get()) / f64::from(base.numer.get()),
            None => 0.0,
        };
        let units = i64::try_from(whole(units)).unwrap_or(i64::MAX);
        self.next_pts = Some(packet.pts.get().saturating_add(long.max(units)));
    }

    /// Units of the stream in seconds.
    fn seconds_of(&self, units: u64) -> f64 {
        match self.stream.time_base {
            Some(base) => {
                seconds(units, 1) * f64::from(base.numer.get()) / f64::from(base.denom.get())
            }
            None => 0.0,
        }
    }

    /// Another piece begins, with streams of its own.
    fn change(&mut self, out: &mut Vec<f32>) {
        match container::choose(self.container.as_ref(), None) {
            Ok((stream, _, decoder)) => {
                self.tell(&CHANGED, "another piece begins here".to_owned());
                (self.stream, self.decoder, self.next_pts) = (stream, decoder, None);
                self.idle += 1;
            }
            Err(error) => self.stop(&error.to_string(), out),
        }
    }

    /// The container cannot be read further.
    fn stop(&mut self, reason: &str, out: &mut Vec<f32>) {
        self.finish(out);
        self.tell(&STOPPED, reason.to_owned());
    }

    /// The container is at its end.
    fn end(&mut self, out: &mut Vec<f32>) {
        self.finish(out);
        let at_ms = self.at_ms();
        if at_ms == 0 {
            self.tell(&EMPTY, "there is not a frame of sound".to_owned());
        }
        // What a bare stream says of its length without a table is a guess.
        let stated = self.facts.container != "mp3" || self.stream.delay.is_some();
        let said_ms = self.facts.duration_ms.filter(|_| stated).unwrap_or_default();
        let short_ms = if is_matroska(&self.facts) { SHORT_MS_FILM } else { SHORT_MS };
        if at_ms.saturating_add(short_ms) < said_ms {
            let seconds = seconds(said_ms, 1_000);
            self.tell(&CUT, format!("there is no more of it, and it says {seconds:.1} s"));
        } else if !self.whole {
            self.tell(&CUT, "there is no more of it, and this is not its end".to_owned());
        }
    }

    fn finish(&mut self, out: &mut Vec<f32>) {
        self.line.finish(out);
        self.ended = true;
        let broken = self.broken;
        if let Some(it) = self.findings.iter_mut().find(|it| it.rule == BROKEN.id && broken > 1) {
            it.message = format!("{broken} packets are broken; the first {}", it.message);
        }
    }

    /// Adds a finding at this place, the first of its rule only.
    fn tell(&mut self, rule: &RuleDoc, message: String) {
        if self.findings.iter().all(|it| it.rule != rule.id) {
            let message = format!("at {:.1} s: {message}", seconds(self.at_ms(), 1_000));
            self.findings.push(rule.finding(message).at(self.position.clone()));
        }
    }
}

/// What a codec is late by itself, in seconds.
fn late_s(decoder: &Decoder, container: &str, rate_hz: u32) -> f64 {
    seconds(decoder.late(container), rate_hz.max(1))
}

/// What of an MP4 stream is played: by its edit list, or by what iTunes says.
fn edited(
    plain: Edit,
    source: &mut (impl io::Read + io::Seek),
    number: u32,
    trim: Option<tags::Trim>,
    decoder: &Decoder,
    rate_hz: u32,
) -> Edit {
    // The source may share its place with the container's; that is where it was afterwards.
    let found = edit::find(source, number);
    let trim = trim.filter(|_| rate_hz > 0).map(|it| Edit {
        wait_s: 0.0,
        skip_s: seconds(it.delay, rate_hz),
        keep_s: Some(seconds(it.frames, rate_hz)),
    });
    let mut edit = found.or(trim).unwrap_or(plain);
    if decoder.pre_skip().is_some() {
        edit.skip_s = plain.skip_s;
    }
    Edit { wait_s: edit.wait_s.min(GAP_S_MAX), ..edit }
}

/// The length that a file states, less what is not played.
fn duration_ms(
    stream: &Track,
    container: &dyn symphonia::core::formats::FormatReader,
    edit: &Edit,
    rate_hz: u32,
) -> Option<u64> {
    let media = container.media_info();
    let units = |base: Option<symphonia::core::units::TimeBase>, units: u64| {
        let base = base?;
        Some(seconds(units, 1) * f64::from(base.numer.get()) / f64::from(base.denom.get()))
    };
    let whole_s = match (stream.num_frames, stream.duration, media.duration) {
        (Some(frames), ..) if rate_hz > 0 => seconds(frames, rate_hz),
        (_, Some(long), _) => units(stream.time_base, long.get())?,
        (_, _, Some(long)) => units(media.time_base, long.get())?,
        _ => return None,
    };
    let played_s = edit.keep_s.unwrap_or(whole_s - edit.skip_s) + edit.wait_s;
    u64::try_from(whole(played_s * 1_000.0)).ok()
}

/// The reader came to the end of the bytes, too early for it.
fn is_end(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidData
            | io::ErrorKind::Other
            | io::ErrorKind::InvalidInput
    )
}

fn is_matroska(facts: &Facts) -> bool {
    matches!(facts.container.as_str(), "matroska" | "webm" | "mkv")
}

/// A number of units as seconds.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 units")]
fn seconds(units: u64, rate_hz: u32) -> f64 {
    units as f64 / f64::from(rate_hz)
}

/// To the nearest whole number; nothing below 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from a float saturates"
)]
fn whole(it: f64) -> usize {
    it.round().max(0.0) as usize
}
