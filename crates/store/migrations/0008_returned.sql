-- What banks sent back: of a batch that was sent, one payment, once. Its balance is due again, so it
-- does not keep the same balance from being paid once more.
CREATE TABLE payment_return (
    batch    TEXT NOT NULL,
    account  TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- The day on which it was back.
    day      TEXT NOT NULL,
    -- When it was noted, and by whom.
    at       TEXT NOT NULL,
    who      TEXT NOT NULL,
    because  TEXT NOT NULL,
    -- The settlement whose statements tell of it.
    told     TEXT REFERENCES settlement (id),
    PRIMARY KEY (batch, account, currency),
    FOREIGN KEY (batch, account, currency) REFERENCES payment (batch, account, currency)
) STRICT, WITHOUT ROWID;

DROP INDEX payment_once;
CREATE UNIQUE INDEX payment_once ON payment (settlement, account, currency)
    WHERE state <> 'cancelled' AND state <> 'returned';
