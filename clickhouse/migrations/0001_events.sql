-- What happened: one row an event, a customer's events side by side in order of time.
-- `customer_key` is cityHash64 of the customer id as sent; ids that were joined are resolved when read (identities).
CREATE TABLE IF NOT EXISTS events
(
    customer_key UInt64 DEFAULT cityHash64(customer_id) CODEC(ZSTD(1)),
    time DateTime64(3, 'UTC') CODEC(T64, ZSTD(1)),
    event LowCardinality(String) CODEC(ZSTD(1)),
    channel LowCardinality(String) CODEC(ZSTD(1)),
    revenue Nullable(Decimal(18, 4)) CODEC(ZSTD(1)),
    order_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    customer_id String CODEC(ZSTD(1)),
    event_id String CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(DoubleDelta, ZSTD(1)),
    properties JSON(max_dynamic_paths = 256) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (customer_key, time)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

-- Ids already counted, sorted so that a batch of ids is looked up in few granules.
CREATE TABLE IF NOT EXISTS event_ids
(
    id_hash UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY id_hash
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS event_ids_from_events TO event_ids AS
SELECT sipHash64(event_id) AS id_hash FROM events;

-- Who is known: first and last seen, kept up with every insert.
CREATE TABLE IF NOT EXISTS customers
(
    customer_key UInt64,
    customer_id SimpleAggregateFunction(anyLast, String),
    first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    events SimpleAggregateFunction(sum, UInt64),
    revenue SimpleAggregateFunction(sum, Decimal(38, 4))
)
ENGINE = AggregatingMergeTree
ORDER BY customer_key
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS customers_from_events TO customers AS
SELECT
    customer_key,
    anyLast(events.customer_id) AS customer_id,
    min(time) AS first_seen,
    max(time) AS last_seen,
    count() AS events,
    sum(ifNull(events.revenue, 0)) AS revenue
FROM events
GROUP BY customer_key;

-- What arrived when: a row an insert, tailed by every server to tell its viewers.
CREATE TABLE IF NOT EXISTS arrivals
(
    at DateTime64(3, 'UTC'),
    rows UInt64,
    first_time DateTime64(3, 'UTC'),
    last_time DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY at
TTL toDateTime(at) + INTERVAL 7 DAY
SETTINGS non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_events TO arrivals AS
SELECT now64(3) AS at, count() AS rows, min(time) AS first_time, max(time) AS last_time FROM events;

-- What is known of a customer beyond events; the newest row of a customer holds.
CREATE TABLE IF NOT EXISTS customer_traits
(
    customer_key UInt64,
    customer_id String,
    traits JSON(max_dynamic_paths = 256),
    updated_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY customer_key;

-- Ids joined to another customer; `customer_key` is where the chain ends.
CREATE TABLE IF NOT EXISTS identities
(
    alias_key UInt64,
    alias String,
    customer_key UInt64,
    customer_id String,
    updated_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY alias_key;
