-- What became of events besides being stored, as sums since the store began.
CREATE TABLE IF NOT EXISTS ingest_counts
(
    at DateTime64(3, 'UTC') DEFAULT now64(3),
    duplicates Int64,
    rejected Int64,
    identified Int64,
    removed Int64
)
ENGINE = SummingMergeTree
ORDER BY at
SETTINGS non_replicated_deduplication_window = 1000;
