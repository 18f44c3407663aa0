-- Who did what, and when. Nothing here is ever changed or taken away.

-- Acts on a settlement: approved, closed.
CREATE TABLE act (
    number     INTEGER PRIMARY KEY,
    at         TEXT NOT NULL,
    who        TEXT NOT NULL,
    act        TEXT NOT NULL,
    settlement TEXT NOT NULL,
    digest     TEXT NOT NULL
) STRICT;

-- Decisions about what waits: matched, disputed, settled disputes, lapsed.
CREATE TABLE decision (
    number  INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    who     TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    because TEXT NOT NULL
) STRICT;
