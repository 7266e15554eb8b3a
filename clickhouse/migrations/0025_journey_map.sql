-- Journey maps that were published, one row a version; the highest holds. A version is taken once, by its deduplication
-- token, so that of two who publish at once one is refused.
CREATE TABLE IF NOT EXISTS journey_maps
(
    version UInt32,
    -- Tells whose insert it was.
    id String,
    -- JSON text.
    map String CODEC(ZSTD(1)),
    saved_by String,
    saved_at DateTime64(3, 'UTC'),
    -- The version that it brought back; 0 is the map that the server starts with.
    restores Nullable(UInt32)
)
ENGINE = MergeTree
ORDER BY version
SETTINGS non_replicated_deduplication_window = 1000;

-- Every server hears of it with the look that it takes anyway.
CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_journey_maps TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time,
    'journey_map' AS kind
FROM journey_maps;
