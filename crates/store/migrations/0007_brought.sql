-- What the reports of senders brought, by period of origin: what they paid ahead is kept back from it.
CREATE TABLE brought (
    settlement TEXT NOT NULL REFERENCES settlement (id),
    sender     TEXT NOT NULL,
    currency   TEXT NOT NULL,
    origin     TEXT NOT NULL,
    amount     TEXT NOT NULL
) STRICT;

-- What was brought before there was this table is taken to be of the period in which it was settled.
INSERT INTO brought
SELECT entry.settlement, substr(posting.account, length('received:') + 1), posting.currency, settlement.end_day,
       CASE WHEN posting.side = 'debit' THEN posting.amount
            WHEN posting.amount LIKE '-%' THEN substr(posting.amount, 2)
            WHEN posting.amount = '0' THEN '0'
            ELSE '-' || posting.amount END
FROM posting JOIN entry ON entry.id = posting.entry JOIN settlement ON settlement.id = entry.settlement
WHERE posting.account LIKE 'received:%';
