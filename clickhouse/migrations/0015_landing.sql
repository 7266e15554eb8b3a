-- Where other tools write events straight into ClickHouse. Every column is text and may be absent, so that no value makes
-- an insert fail: what is wrong with a row is said when it is taken, in the words that every way in has.
CREATE TABLE IF NOT EXISTS landing
(
    event_id String,
    event String,
    customer_id String,
    anonymous_id String,
    time String,
    channel String,
    order_id String,
    revenue String,
    session_id String,
    properties String
)
ENGINE = Null;

-- What was written there and is not taken yet. Parts are never merged and each has an id of its own: they are the batches
-- that are taken, and are dropped once they are (server/ingest/landing). So a tool that waits for its insert's end has
-- its rows on disk.
CREATE TABLE IF NOT EXISTS landed
(
    event_id String CODEC(ZSTD(1)),
    event String CODEC(ZSTD(1)),
    customer_id String CODEC(ZSTD(1)),
    anonymous_id String CODEC(ZSTD(1)),
    time String CODEC(ZSTD(1)),
    channel String CODEC(ZSTD(1)),
    order_id String CODEC(ZSTD(1)),
    revenue String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    properties String CODEC(ZSTD(1)),
    landed_at DateTime64(3, 'UTC') DEFAULT now64(3),
    -- Names the row among the rejected ones, and an event that has neither id nor time.
    row_id UUID DEFAULT generateUUIDv4()
)
ENGINE = MergeTree
ORDER BY tuple()
SETTINGS
    assign_part_uuids = 1,
    max_bytes_to_merge_at_max_space_in_pool = 1,
    max_bytes_to_merge_at_min_space_in_pool = 1,
    parts_to_delay_insert = 5000,
    parts_to_throw_insert = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS landing_to_landed TO landed AS
SELECT event_id, event, customer_id, anonymous_id, time, channel, order_id, revenue, session_id, properties FROM landing;

-- What was decided of a slice of landed rows before any of it was stored, and again once all of it is: so whoever goes on
-- after a crash neither stores nor counts anything a second time.
CREATE TABLE IF NOT EXISTS landing_slices
(
    slice String,
    -- Ids of its parts.
    parts Array(String),
    duplicates UInt64,
    rejected UInt64,
    is_stored UInt8,
    at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY at
TTL toDateTime(at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 1000;
