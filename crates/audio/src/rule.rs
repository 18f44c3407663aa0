//! What can be wrong with a sound file that is read all the same.

use finding::{RuleDoc, Severity};

/// Packets that cannot be decoded.
pub(crate) const BROKEN: RuleDoc = RuleDoc {
    id: "audio-broken-packet",
    severity: Severity::Warning,
    title: "every packet can be decoded",
    doc: "A packet that its decoder refuses becomes silence of the same length, so that what comes after it keeps \
          its place. A recording that sounds there may be missed. Ask for the file anew, or convert it from its \
          source.",
};

/// A file that ends before it should.
pub(crate) const CUT: RuleDoc = RuleDoc {
    id: "audio-cut-off",
    severity: Severity::Warning,
    title: "the file is as long as it says",
    doc: "The file states how long its sound is, and there is less: a transfer that stopped, mostly. What is there \
          was read. Ask for the file anew.",
};

/// A hole in the times of packets.
pub(crate) const GAP: RuleDoc = RuleDoc {
    id: "audio-gap",
    severity: Severity::Warning,
    title: "packets follow each other",
    doc: "The times of the packets jump forward: something between them is missing. Up to ten minutes in all become \
          silence, so that what comes after keeps its place; a longer jump is no hole but a broken clock, and is \
          passed over.",
};

/// A container that cannot be read further.
pub(crate) const STOPPED: RuleDoc = RuleDoc {
    id: "audio-stopped",
    severity: Severity::Error,
    title: "the container can be read to its end",
    doc: "From some place on the container makes no sense, so nothing after it could be read. What comes before it \
          was. Ask for the file anew.",
};

/// Longer than is read.
pub(crate) const LONG: RuleDoc = RuleDoc {
    id: "audio-too-long",
    severity: Severity::Warning,
    title: "a file has at most as much sound as is read",
    doc: "Sound beyond the limit, a day unless set otherwise, was not read. Cut the file into parts.",
};

/// A file in which the form of the sound changes.
pub(crate) const CHANGED: RuleDoc = RuleDoc {
    id: "audio-changed",
    severity: Severity::Note,
    title: "a file has one stream in one rate",
    doc: "Several pieces were written one after the other, or the rate changes in the middle. They were read as one \
          sound; times count from the start of the first.",
};

/// No sound at all.
pub(crate) const EMPTY: RuleDoc = RuleDoc {
    id: "audio-empty",
    severity: Severity::Error,
    title: "a sound file has sound in it",
    doc: "The container is in order and holds not a single frame of sound. Ask for the file anew.",
};

/// All rules about sound files.
pub const RULES: &[RuleDoc] = &[BROKEN, CUT, GAP, STOPPED, LONG, CHANGED, EMPTY];
