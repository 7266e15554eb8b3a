-- Files being imported: read whole before anything counts, then stored chunk by chunk; the newest row of an
-- import holds. What `done_chunks` says is stored; the chunk after it may be.
CREATE TABLE IF NOT EXISTS imports
(
    import_id UInt64,
    file String,
    state LowCardinality(String),
    owner String,
    chunks UInt32,
    done_chunks UInt32,
    rows UInt64,
    accepted UInt64,
    rejected UInt64,
    started_at DateTime64(3, 'UTC'),
    -- Rises with every change; that the import lives is said again under the same version.
    version UInt64,
    updated_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY import_id;

-- The rows of a file while it is imported, checked and in the shape of events.
CREATE TABLE IF NOT EXISTS import_rows
(
    import_id UInt64,
    chunk UInt32,
    row UInt64,
    problem LowCardinality(String),
    raw String CODEC(ZSTD(1)),
    key FixedString(16),
    own_id String,
    customer_id String,
    event LowCardinality(String),
    time DateTime64(3, 'UTC'),
    channel LowCardinality(String),
    order_id String,
    session_id String,
    revenue Nullable(Decimal(18, 4)),
    properties String
)
ENGINE = MergeTree
PARTITION BY import_id
ORDER BY (chunk, row);

-- Rows that are the second, third, ... of their like in a file.
CREATE TABLE IF NOT EXISTS import_repeats
(
    import_id UInt64,
    chunk UInt32,
    row UInt64,
    occurrence UInt64
)
ENGINE = MergeTree
PARTITION BY import_id
ORDER BY (chunk, row);
