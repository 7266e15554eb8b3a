-- What became of everything sent that did not become an event, added up since the store began. Accepted is what the table
-- of events counts, with what was removed since and identities that were applied.
CREATE TABLE IF NOT EXISTS ingest_counts
(
    at DateTime64(3, 'UTC') DEFAULT now64(3),
    duplicates Int64,
    rejected Int64,
    identified Int64,
    removed Int64
)
ENGINE = SummingMergeTree
ORDER BY toStartOfHour(at)
SETTINGS non_replicated_deduplication_window = 1000;
