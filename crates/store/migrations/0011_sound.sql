-- What is listened for. The prints themselves lie in audio/, under the id of the sound.
CREATE TABLE sound (
    -- From the SHA-256 of the file that it was printed from.
    id          TEXT PRIMARY KEY,
    -- The recording's id in the catalogue, or a label of its own while the catalogue has none.
    recording   TEXT NOT NULL,
    -- By what it was tied: what somebody said, the file's ISRC, the file's name.
    tie         TEXT NOT NULL CHECK (tie IN ('said', 'isrc', 'name')),
    -- SHA-256 of the print; two sounds with one are the same to us.
    print       TEXT NOT NULL UNIQUE,
    duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
    added_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sound_recording ON sound (recording);

-- The files that hold it; they stay where they are.
CREATE TABLE sound_file (
    sha256     TEXT PRIMARY KEY,
    sound      TEXT NOT NULL REFERENCES sound (id) ON DELETE CASCADE,
    path       TEXT NOT NULL,
    size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
    codec      TEXT NOT NULL,
    rate_hz    INTEGER NOT NULL,
    channels   INTEGER NOT NULL,
    title      TEXT NOT NULL,
    artist     TEXT NOT NULL,
    isrc       TEXT NOT NULL,
    added_at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sound_file_sound ON sound_file (sound);

-- What a watched folder was found to hold: a file that is there unchanged is not heard again.
CREATE TABLE heard (
    path        TEXT NOT NULL,
    size_bytes  INTEGER NOT NULL,
    -- Nanoseconds since 1970, as the file system has it.
    modified_ns INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    at          TEXT NOT NULL,
    -- The answer, as one line of JSON.
    answer      TEXT NOT NULL,
    PRIMARY KEY (path, size_bytes, modified_ns)
) STRICT, WITHOUT ROWID;

-- A cue sheet, and whatever was done to it. What holds is computed from all acts, in their order.
CREATE TABLE cue_sheet (
    id      TEXT PRIMARY KEY,
    made_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cue_act (
    sheet   TEXT NOT NULL REFERENCES cue_sheet (id),
    number  INTEGER NOT NULL CHECK (number > 0),
    at      TEXT NOT NULL,
    who     TEXT NOT NULL,
    act     TEXT NOT NULL,
    because TEXT NOT NULL,
    -- Of the audio that was heard, where the act is a detection; empty otherwise.
    file    TEXT NOT NULL,
    sha256  TEXT NOT NULL,
    -- The whole sheet in the first act, what was decided in each later one; JSON.
    body    TEXT NOT NULL,
    PRIMARY KEY (sheet, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER cue_act_stays BEFORE UPDATE ON cue_act
BEGIN SELECT RAISE(ABORT, 'an act on a cue sheet is never changed'); END;
CREATE TRIGGER cue_act_is_kept BEFORE DELETE ON cue_act
BEGIN SELECT RAISE(ABORT, 'an act on a cue sheet is never removed'); END;
