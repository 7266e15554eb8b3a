-- What became of what was sent, besides events stored: sums since the store began. Rows of an hour become one, so that the
-- table stays small for ever. accepted = events + sum(removed) + sum(identified).
CREATE TABLE IF NOT EXISTS ingest_counts
(
    at DateTime64(3, 'UTC') DEFAULT now64(3),
    duplicates Int64 DEFAULT 0,
    -- Falls where a rejected event was taken after all.
    rejected Int64 DEFAULT 0,
    -- Identities joined and traits set.
    identified Int64 DEFAULT 0,
    -- Events that were accepted and taken away again: undone imports, erased customers.
    removed Int64 DEFAULT 0
)
ENGINE = SummingMergeTree
ORDER BY toStartOfHour(at)
SETTINGS non_replicated_deduplication_window = 1000;
