-- Statements of sources: the spec that each was read by, and the money that the operator said it
-- brings. Written before the report, so there may be one without.
CREATE TABLE statement_source (
    report           TEXT PRIMARY KEY,
    source           TEXT NOT NULL,
    spec             TEXT NOT NULL,
    control_currency TEXT NOT NULL,
    control_amount   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which delivered file a kept one was taken from, where they are not the same bytes: a member of an
-- archive, or a copy without data of persons.
CREATE TABLE file_origin (
    report TEXT NOT NULL,
    number INTEGER NOT NULL,
    name   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (report, number)
) STRICT, WITHOUT ROWID;
