-- Which import an event came with, so that a whole file can be taken back; 0 for any other way.
ALTER TABLE events ADD COLUMN IF NOT EXISTS import_id UInt64 DEFAULT 0 CODEC(ZSTD(1));
ALTER TABLE rejected_events ADD COLUMN IF NOT EXISTS import_id UInt64 DEFAULT 0 CODEC(ZSTD(1));

-- Events are removed by a mask first, so that answers are right in a moment; what the projections say is worked out
-- again with it. The rows leave the disk in the background.
ALTER TABLE events MODIFY SETTING lightweight_mutation_projection_mode = 'rebuild';

-- How far an import is, and why it failed.
ALTER TABLE imports
    ADD COLUMN IF NOT EXISTS progress Float32,
    ADD COLUMN IF NOT EXISTS problem String,
    ADD COLUMN IF NOT EXISTS finished_at DateTime64(3, 'UTC');

-- Imports that somebody wants no more while they are under way: their process looks here.
CREATE TABLE IF NOT EXISTS import_cancellations
(
    import_id UInt64,
    at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(at)
ORDER BY import_id;

-- What is to be removed, written down before anything is, so that whoever comes next can finish it. The newest row of
-- a removal holds. Counts are of what was found.
CREATE TABLE IF NOT EXISTS removals
(
    removal_id UInt64,
    -- `import`: the events of one import. `customer`: everything of one customer.
    kind LowCardinality(String),
    import_id UInt64,
    receipt UUID,
    state LowCardinality(String),
    begun_at DateTime64(3, 'UTC'),
    events UInt64,
    traits UInt64,
    identities UInt64,
    audiences UInt64,
    rejected_events UInt64,
    import_rows UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY removal_id;

-- Whom, which events and which rejected events a removal under way is about; dropped with its end.
CREATE TABLE IF NOT EXISTS removing_customers
(
    removal_id UInt64,
    customer_id String,
    customer_key UInt64 DEFAULT cityHash64(customer_id)
)
ENGINE = MergeTree
PARTITION BY removal_id
ORDER BY customer_key;

CREATE TABLE IF NOT EXISTS removing_events
(
    removal_id UInt64,
    id_hash UInt64 CODEC(ZSTD(1)),
    customer_key UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY removal_id
ORDER BY id_hash;

CREATE TABLE IF NOT EXISTS removing_rejected
(
    removal_id UInt64,
    id UUID
)
ENGINE = MergeTree
PARTITION BY removal_id
ORDER BY id;

-- That a customer was erased, when, and how much; nothing of who it was.
CREATE TABLE IF NOT EXISTS erasures
(
    id UUID,
    at DateTime64(3, 'UTC'),
    events UInt64,
    traits UInt64,
    identities UInt64,
    audiences UInt64,
    rejected_events UInt64,
    import_rows UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (at, id);
