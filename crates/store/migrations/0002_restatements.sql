-- Restatements. A report may wait for its other files, may correct an earlier one, and keeps a sketch
-- of its sales transactions, by which a re-send under another message id is known.
CREATE TABLE report_new (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('sales', 'chart')),
    state       TEXT NOT NULL
                CHECK (state IN ('standing', 'waiting', 'conflict', 'refused', 'withdrawn')),
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
    settlement  TEXT REFERENCES settlement (id),
    parts       INTEGER NOT NULL,
    corrects    TEXT REFERENCES report (id)
) STRICT, WITHOUT ROWID;
INSERT INTO report_new
    SELECT id, kind, state, sender, sender_name, message_id, profile, service, first_day, end_day,
           sha256, body, imported_at, settlement,
           (SELECT max(1, count(*)) FROM report_file WHERE report_file.report = report.id), NULL
    FROM report;
DROP TABLE report;
ALTER TABLE report_new RENAME TO report;
CREATE UNIQUE INDEX report_standing ON report (sender, message_id)
    WHERE state = 'standing' AND corrects IS NULL;
CREATE UNIQUE INDEX report_waiting ON report (sender, message_id) WHERE state = 'waiting';
CREATE INDEX report_by_message ON report (sender, message_id);
-- One correction of a report stands; the next one corrects that one.
CREATE UNIQUE INDEX report_corrected ON report (corrects) WHERE state = 'standing';

-- Which part of its report a file is, from 1; 0 if it does not say.
ALTER TABLE report_file ADD COLUMN part INTEGER NOT NULL DEFAULT 0;

-- The smallest hashes of a report's sales transactions, eight bytes each, least first.
CREATE TABLE report_sketch (
    report TEXT PRIMARY KEY REFERENCES report (id),
    hashes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
