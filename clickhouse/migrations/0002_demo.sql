-- What the demo has put into this store: a row when it begins to fill and one when it has; the newest holds.
CREATE TABLE IF NOT EXISTS demo
(
    dataset LowCardinality(String),
    state LowCardinality(String),
    customers UInt64,
    rows UInt64,
    end DateTime64(3, 'UTC'),
    at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY at;
