-- What arrived, a row an event with what of it is told without its properties: read by every server as it comes, so that
-- live answers are kept up to date from what has changed. Gone an hour or two later.
CREATE TABLE IF NOT EXISTS arrived
(
    -- Names the insert it came with: nanoseconds since 1970.
    batch UInt64 CODEC(DoubleDelta, LZ4),
    customer_key UInt64 CODEC(LZ4),
    time DateTime64(3, 'UTC') CODEC(LZ4),
    event LowCardinality(String) CODEC(LZ4),
    channel LowCardinality(String) CODEC(LZ4),
    -- Ten-thousandths.
    amount Int64 CODEC(LZ4),
    has_revenue UInt8 CODEC(LZ4),
    has_order_id UInt8 CODEC(LZ4),
    order_key UInt64 CODEC(LZ4),
    session_id String CODEC(LZ4)
)
ENGINE = MergeTree
PARTITION BY intDiv(batch, 3600000000000)
ORDER BY batch
TTL toDateTime(intDiv(batch, 1000000000)) + INTERVAL 1 HOUR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrived_from_events TO arrived AS
SELECT
    toUInt64(toUnixTimestamp64Nano(now64(9))) AS batch,
    customer_key,
    time,
    event,
    channel,
    reinterpretAsInt64(ifNull(events.revenue, toDecimal64(0, 4))) AS amount,
    has_revenue,
    has_order_id,
    order_key,
    session_id
FROM events;

-- Which rows of `arrived` a row speaks of, and what has changed where it speaks of none.
ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS batch UInt64 DEFAULT 0,
    ADD COLUMN IF NOT EXISTS kind LowCardinality(String) DEFAULT 'anything';

DROP VIEW IF EXISTS arrivals_from_events;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_arrived TO arrivals AS
SELECT
    now64(3) AS at,
    count() AS rows,
    min(time) AS first_time,
    max(time) AS last_time,
    any(arrived.batch) AS batch,
    'events' AS kind
FROM arrived;

DROP VIEW IF EXISTS arrivals_from_traits;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_traits TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time,
    'traits' AS kind
FROM customer_traits;

-- Ids that were joined to a customer, likewise.
CREATE TABLE IF NOT EXISTS arrived_joins
(
    batch UInt64,
    alias_key UInt64,
    customer_key UInt64
)
ENGINE = MergeTree
PARTITION BY intDiv(batch, 3600000000000)
ORDER BY batch
TTL toDateTime(intDiv(batch, 1000000000)) + INTERVAL 1 HOUR
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrived_joins_from_identities TO arrived_joins AS
SELECT toUInt64(toUnixTimestamp64Nano(now64(9))) AS batch, alias_key, customer_key FROM identities;

DROP VIEW IF EXISTS arrivals_from_identities;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_joins TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time,
    any(arrived_joins.batch) AS batch,
    'identities' AS kind
FROM arrived_joins;

DROP VIEW IF EXISTS arrivals_from_audiences;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_audiences TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time,
    'audiences' AS kind
FROM audiences;
