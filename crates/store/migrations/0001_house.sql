-- The catalogue. An entity's body is its entry in the plain files; titles, identifiers and links
-- are the same facts laid out for look-up, written in the same transaction.
CREATE TABLE entity (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    toml TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE title (
    kind     TEXT NOT NULL,
    id       TEXT NOT NULL,
    language TEXT NOT NULL,
    text     TEXT NOT NULL,
    key      TEXT NOT NULL,
    PRIMARY KEY (kind, id, language, text),
    FOREIGN KEY (kind, id) REFERENCES entity (kind, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX title_by_key ON title (key);

CREATE TABLE identifier (
    scheme TEXT NOT NULL,
    value  TEXT NOT NULL,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    PRIMARY KEY (scheme, value, kind, id),
    FOREIGN KEY (kind, id) REFERENCES entity (kind, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
    from_kind TEXT NOT NULL,
    from_id   TEXT NOT NULL,
    relation  TEXT NOT NULL,
    to_kind   TEXT NOT NULL,
    to_id     TEXT NOT NULL,
    PRIMARY KEY (from_kind, from_id, relation, to_kind, to_id),
    FOREIGN KEY (from_kind, from_id) REFERENCES entity (kind, id) ON DELETE CASCADE,
    FOREIGN KEY (to_kind, to_id) REFERENCES entity (kind, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX link_to ON link (to_kind, to_id);

CREATE TABLE catalogue_change (
    number INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    change TEXT NOT NULL,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL
) STRICT;

-- What was settled. Rows here are never changed.
CREATE TABLE settlement (
    id        TEXT PRIMARY KEY,
    period    TEXT NOT NULL,
    first_day TEXT NOT NULL,
    end_day   TEXT NOT NULL UNIQUE,
    posted_at TEXT NOT NULL,
    inputs    TEXT NOT NULL,
    leaf      INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE settlement_total (
    settlement TEXT NOT NULL REFERENCES settlement (id),
    currency   TEXT NOT NULL,
    category   TEXT NOT NULL,
    amount     TEXT NOT NULL,
    PRIMARY KEY (settlement, currency, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    id         TEXT PRIMARY KEY,
    settlement TEXT NOT NULL REFERENCES settlement (id),
    memo       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE posting (
    entry    TEXT NOT NULL REFERENCES entry (id),
    number   INTEGER NOT NULL,
    account  TEXT NOT NULL,
    side     TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
    currency TEXT NOT NULL,
    amount   TEXT NOT NULL,
    PRIMARY KEY (entry, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_by_account ON posting (account, currency);

CREATE TABLE statement (
    settlement TEXT NOT NULL REFERENCES settlement (id),
    account    TEXT NOT NULL,
    currency   TEXT NOT NULL,
    name       TEXT NOT NULL,
    earned     TEXT NOT NULL,
    payable    TEXT NOT NULL,
    canonical  BLOB NOT NULL,
    leaf       INTEGER,
    PRIMARY KEY (settlement, account, currency)
) STRICT;

-- Sales reports. One report of a sender and message id stands; other content under the same id is
-- kept and shown as a conflict.
CREATE TABLE report (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('sales', 'chart')),
    state       TEXT NOT NULL CHECK (state IN ('standing', 'conflict', 'refused', 'withdrawn')),
    sender      TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    profile     TEXT NOT NULL,
    service     TEXT NOT NULL,
    first_day   TEXT NOT NULL,
    end_day     TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    body        TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    settlement  TEXT REFERENCES settlement (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX report_standing ON report (sender, message_id) WHERE state = 'standing';
CREATE INDEX report_by_message ON report (sender, message_id);

CREATE TABLE report_file (
    report TEXT NOT NULL REFERENCES report (id),
    number INTEGER NOT NULL,
    name   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;

-- The manifest of the lake: what each file of usage lines holds.
CREATE TABLE usage_file (
    path       TEXT PRIMARY KEY,
    report     TEXT NOT NULL REFERENCES report (id),
    month      TEXT NOT NULL,
    sender     TEXT NOT NULL,
    lines      INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256     TEXT NOT NULL,
    usages     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_file_by_report ON usage_file (report);

CREATE TABLE usage_file_amount (
    path     TEXT NOT NULL REFERENCES usage_file (path) ON DELETE CASCADE,
    basis    TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount   TEXT NOT NULL,
    PRIMARY KEY (path, basis, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
    report    TEXT NOT NULL REFERENCES report (id),
    number    INTEGER NOT NULL,
    rule      TEXT NOT NULL,
    severity  TEXT NOT NULL,
    file      TEXT NOT NULL,
    line      INTEGER NOT NULL,
    byte      INTEGER NOT NULL,
    record    TEXT NOT NULL,
    cell      INTEGER,
    cell_name TEXT NOT NULL,
    message   TEXT NOT NULL,
    evidence  TEXT NOT NULL,
    PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_count (
    report TEXT NOT NULL REFERENCES report (id),
    rule   TEXT NOT NULL,
    found  INTEGER NOT NULL,
    PRIMARY KEY (report, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
    report TEXT NOT NULL REFERENCES report (id),
    number INTEGER NOT NULL,
    file   TEXT NOT NULL,
    line   INTEGER NOT NULL,
    rule   TEXT NOT NULL,
    raw    BLOB NOT NULL,
    PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;

-- The transparency log. Entries, tiles and checkpoint grow in one transaction; the folder of
-- static files is a copy that is brought up to date afterwards, and again at every start.
CREATE TABLE log_entry (
    number INTEGER PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE log_tile (
    level  INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_checkpoint (
    size      INTEGER PRIMARY KEY,
    note      TEXT NOT NULL,
    signed_at TEXT NOT NULL
) STRICT;

CREATE TABLE log_published (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL
) STRICT;
INSERT INTO log_published (one, size) VALUES (1, 0);
