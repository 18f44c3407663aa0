-- What an entry of the log is, and what it is about in our own words; neither is published.
ALTER TABLE log_entry ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE log_entry ADD COLUMN subject TEXT NOT NULL DEFAULT '';
CREATE INDEX log_entry_by_subject ON log_entry (kind, subject);

-- Signatures of witnesses under a checkpoint, one line each.
CREATE TABLE log_cosignature (
    size INTEGER NOT NULL REFERENCES log_checkpoint (size),
    line TEXT NOT NULL,
    PRIMARY KEY (size, line)
) STRICT, WITHOUT ROWID;

-- The seals of a settlement: one entry of the log for each currency. A settlement is sealed once all
-- of them are there.
CREATE TABLE seal (
    settlement TEXT NOT NULL REFERENCES settlement (id),
    currency   TEXT NOT NULL,
    entry      INTEGER NOT NULL REFERENCES log_entry (number),
    PRIMARY KEY (settlement, currency)
) STRICT, WITHOUT ROWID;
ALTER TABLE settlement DROP COLUMN leaf;
ALTER TABLE settlement ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statement DROP COLUMN leaf;

-- The accounts of a seal: what stands for each, its node, and the root over its lines. The next seal
-- is shown to continue them, and they stay when what opens them is erased.
CREATE TABLE seal_leaf (
    settlement TEXT NOT NULL,
    currency   TEXT NOT NULL,
    account    TEXT NOT NULL,
    pseudonym  BLOB NOT NULL,
    leaf       BLOB NOT NULL,
    lines      BLOB NOT NULL,
    PRIMARY KEY (settlement, currency, account)
) STRICT, WITHOUT ROWID;

-- Random bytes that the key of an account's statement is derived from. Once they are erased nothing can
-- open what the log commits to about it.
CREATE TABLE nonce (
    settlement TEXT NOT NULL,
    account    TEXT NOT NULL,
    nonce      BLOB,
    PRIMARY KEY (settlement, account)
) STRICT, WITHOUT ROWID;
