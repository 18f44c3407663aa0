-- What is paid. A batch is proposed, and then sent or cancelled; nothing else about it ever changes.
CREATE TABLE payment_batch (
    id         TEXT PRIMARY KEY,
    -- The day of payment: tax of that day is withheld.
    day        TEXT NOT NULL,
    -- The last settlement that it was proposed after.
    settlement TEXT NOT NULL REFERENCES settlement (id),
    at         TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('proposed', 'sent', 'cancelled')),
    -- SHA-256 over its payments, in hex.
    sha256     TEXT NOT NULL,
    -- The settlement whose statements tell of it, once it is sent.
    told       TEXT REFERENCES settlement (id)
) STRICT, WITHOUT ROWID;

-- `state` and `settlement` are those of the batch: the indexes below need them here.
CREATE TABLE payment (
    batch      TEXT NOT NULL REFERENCES payment_batch (id),
    number     INTEGER NOT NULL,
    account    TEXT NOT NULL,
    currency   TEXT NOT NULL,
    settlement TEXT NOT NULL,
    state      TEXT NOT NULL,
    name       TEXT NOT NULL,
    -- Where it goes, as it was then: IBAN, or account and bank code; the others are empty.
    iban       TEXT NOT NULL,
    number_at_bank TEXT NOT NULL,
    bank_code  TEXT NOT NULL,
    bic        TEXT NOT NULL,
    holder     TEXT NOT NULL,
    gross      TEXT NOT NULL,
    -- Empty, all four, if no bill is written for the payee.
    vat_country TEXT NOT NULL,
    vat_number TEXT NOT NULL,
    vat_rate   TEXT NOT NULL,
    vat        TEXT NOT NULL,
    net        TEXT NOT NULL,
    PRIMARY KEY (batch, account, currency)
) STRICT, WITHOUT ROWID;

-- Never paid twice: of one balance there is one payment that is not cancelled, and an account waits
-- for one payment at a time.
CREATE UNIQUE INDEX payment_once ON payment (settlement, account, currency) WHERE state <> 'cancelled';
CREATE UNIQUE INDEX payment_open ON payment (account, currency) WHERE state = 'proposed';

CREATE TABLE payment_tax (
    batch    TEXT NOT NULL,
    account  TEXT NOT NULL,
    currency TEXT NOT NULL,
    number   INTEGER NOT NULL,
    rule     TEXT NOT NULL,
    country  TEXT NOT NULL,
    base     TEXT NOT NULL,
    rate     TEXT NOT NULL,
    paper    TEXT NOT NULL,
    cut_to   TEXT NOT NULL,
    amount   TEXT NOT NULL,
    PRIMARY KEY (batch, account, currency, number),
    FOREIGN KEY (batch, account, currency) REFERENCES payment (batch, account, currency)
) STRICT, WITHOUT ROWID;

-- An entry belongs to a settlement or to a batch of payments.
CREATE TABLE entry_anew (
    id         TEXT PRIMARY KEY,
    settlement TEXT REFERENCES settlement (id),
    batch      TEXT REFERENCES payment_batch (id),
    memo       TEXT NOT NULL,
    CHECK ((settlement IS NULL) <> (batch IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO entry_anew SELECT id, settlement, NULL, memo FROM entry;
DROP TABLE entry;
ALTER TABLE entry_anew RENAME TO entry;
