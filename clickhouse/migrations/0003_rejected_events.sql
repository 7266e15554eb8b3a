-- Events that could not be taken, with what was sent and why: nothing is dropped without a trace.
CREATE TABLE IF NOT EXISTS rejected_events
(
    id UUID DEFAULT generateUUIDv4(),
    received_at DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(DoubleDelta, ZSTD(1)),
    reason String CODEC(ZSTD(1)),
    payload String CODEC(ZSTD(1)),
    -- File and record number where it came from a file.
    source String CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (received_at, id)
TTL toDateTime(received_at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 1000;
