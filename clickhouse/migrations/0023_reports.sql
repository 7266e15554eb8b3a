-- Saved reports; the newest row of an id holds, also where it says that the report is gone.
CREATE TABLE IF NOT EXISTS reports
(
    id String,
    name String,
    kind LowCardinality(String),
    -- JSON text: the question, as it was sent.
    input String CODEC(ZSTD(1)),
    -- JSON text: how the dashboard shows it, as it was sent; empty where nothing was said.
    view String CODEC(ZSTD(1)),
    -- Its place on the overview, from 1; 0: it does not stand there.
    place UInt32,
    is_deleted UInt8,
    created_at DateTime64(3, 'UTC'),
    updated_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;
