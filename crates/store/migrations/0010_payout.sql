-- What is paid on a chain. A batch goes to banks or to the payout contract, whole.
ALTER TABLE payment_batch ADD COLUMN way TEXT NOT NULL DEFAULT 'bank'
    CHECK (way IN ('bank', 'chain'));
-- Where it goes on the chain; empty if it goes to a bank.
ALTER TABLE payment ADD COLUMN wallet TEXT NOT NULL DEFAULT '';

-- One root for all that was ever due on the chain: the epoch of a batch. Sums are in the token's unit.
CREATE TABLE payout_epoch (
    batch      TEXT PRIMARY KEY REFERENCES payment_batch (id),
    chain_id   INTEGER NOT NULL,
    contract   TEXT NOT NULL,
    epoch      INTEGER NOT NULL CHECK (epoch > 0),
    decimals   INTEGER NOT NULL,
    root       TEXT NOT NULL,
    total      TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN
        ('planned', 'sending', 'published', 'effective', 'vetoed', 'cancelled')),
    -- What it follows from in the log; from 'sending' on.
    seal       INTEGER,
    tree_size  INTEGER,
    log_root   TEXT,
    -- The signed transaction; it is kept before it is sent, so that it is never sent as another one.
    sent_raw   BLOB,
    sent_hash  TEXT,
    sent_from  TEXT,
    sent_nonce INTEGER
) STRICT, WITHOUT ROWID;

-- An epoch has one root, and one at a time is on its way.
CREATE UNIQUE INDEX payout_epoch_once ON payout_epoch (chain_id, contract, epoch)
    WHERE state <> 'cancelled';
CREATE UNIQUE INDEX payout_epoch_open ON payout_epoch (chain_id, contract)
    WHERE state IN ('planned', 'sending', 'published');

-- What each account was ever due at each address, as of a batch: exact, so that what is below the
-- token's unit is carried.
CREATE TABLE payout_claim (
    batch      TEXT NOT NULL REFERENCES payout_epoch (batch),
    account    TEXT NOT NULL,
    wallet     TEXT NOT NULL,
    cumulative TEXT NOT NULL,
    PRIMARY KEY (batch, account, wallet)
) STRICT, WITHOUT ROWID;
