-- What a settlement leaves to the next ones. Rows are written with their settlement and never changed.

-- What was earned, by period of origin.
CREATE TABLE earned (
    settlement TEXT NOT NULL REFERENCES settlement (id),
    agreement  TEXT NOT NULL,
    currency   TEXT NOT NULL,
    origin     TEXT NOT NULL,
    term       TEXT NOT NULL,
    account    TEXT NOT NULL,
    use_type   TEXT NOT NULL,
    amount     TEXT NOT NULL,
    sales      TEXT NOT NULL
) STRICT;

-- What moved between accounts because an agreement says so; each is an entry of the book, too.
CREATE TABLE movement (
    settlement TEXT NOT NULL REFERENCES settlement (id),
    origin     TEXT NOT NULL,
    step       TEXT NOT NULL,
    agreement  TEXT NOT NULL,
    reference  TEXT NOT NULL,
    debit      TEXT NOT NULL,
    credit     TEXT NOT NULL,
    currency   TEXT NOT NULL,
    amount     TEXT NOT NULL
) STRICT;

-- What ladders counted up to a settlement, by month of use.
CREATE TABLE meter (
    settlement TEXT NOT NULL REFERENCES settlement (id),
    agreement  TEXT NOT NULL,
    term       TEXT NOT NULL,
    recording  TEXT NOT NULL,
    currency   TEXT NOT NULL,
    month      TEXT NOT NULL,
    counted    TEXT NOT NULL
) STRICT;

-- The catalogue that a settlement was decided by, as its plain files, one behind the other, packed.
CREATE TABLE catalogue_body (
    sha256 TEXT PRIMARY KEY,
    body   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settlement_catalogue (
    settlement TEXT PRIMARY KEY REFERENCES settlement (id),
    sha256     TEXT NOT NULL REFERENCES catalogue_body (sha256),
    -- The number of the last decision that it looked at.
    decisions  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
