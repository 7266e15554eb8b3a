-- Moves of customers, for automation: one after the other in (batch, n). A batch is one insert, and follows the one before
-- by its deduplication token, so that of two servers that write at once one is refused. Batches are numbered by the clock
-- (milliseconds) and only rise.
CREATE TABLE IF NOT EXISTS movements
(
    batch UInt64,
    n UInt32,
    writer String,
    -- `lifecycle`, or `audience:` and its id; empty where a server begins to keep the log.
    subject String,
    customer_key UInt64,
    -- Keys of lifecycle stages, empty for none; of audiences `in` and `out`.
    before LowCardinality(String),
    after LowCardinality(String),
    at DateTime64(3, 'UTC'),
    made_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (batch, n)
TTL toDateTime(made_at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000;

-- Where each customer stood when last told: what is found to be otherwise is a move. Follows from the log.
CREATE TABLE IF NOT EXISTS standings
(
    subject LowCardinality(String),
    customer_key UInt64,
    state LowCardinality(String),
    at DateTime64(3, 'UTC'),
    batch UInt64
)
ENGINE = ReplacingMergeTree(batch)
ORDER BY (subject, customer_key);

-- When a customer's stage changes next without any event, for the next day; looking again for nothing does no harm.
CREATE TABLE IF NOT EXISTS standing_dues
(
    due DateTime64(3, 'UTC'),
    customer_key UInt64,
    made_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY (due, customer_key)
TTL toDateTime(made_at) + INTERVAL 3 DAY;

-- What the log follows: with which rules, up to when it was looked at, and in which term of the lease.
CREATE TABLE IF NOT EXISTS followed
(
    subject String,
    definition String,
    looked_at DateTime64(3, 'UTC'),
    term UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY subject;

-- What a server has subscribers for; said again every few seconds.
CREATE TABLE IF NOT EXISTS automation_needs
(
    subject String,
    owner String,
    at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (subject, owner)
TTL toDateTime(at) + INTERVAL 1 HOUR;

-- Which server keeps the log and delivers webhooks. A term is taken once, by its deduplication token.
CREATE TABLE IF NOT EXISTS automation_leases
(
    term UInt64,
    kind LowCardinality(String),
    owner String,
    process String,
    at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (term, kind)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS webhooks
(
    id String,
    url String,
    subject String,
    before String,
    after String,
    is_active UInt8,
    secret String,
    is_deleted UInt8,
    created_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;

-- Up to where each webhook was delivered, and how it fares.
CREATE TABLE IF NOT EXISTS webhook_positions
(
    webhook_id String,
    batch UInt64,
    n UInt32,
    delivered_at Nullable(DateTime64(3, 'UTC')),
    failing_since Nullable(DateTime64(3, 'UTC')),
    failures UInt32,
    next_try_at Nullable(DateTime64(3, 'UTC')),
    paused String,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY webhook_id;

-- What was sent, when, and what came back; nothing of whom it was about.
CREATE TABLE IF NOT EXISTS webhook_deliveries
(
    webhook_id String,
    at DateTime64(3, 'UTC'),
    id UUID DEFAULT generateUUIDv4(),
    is_test UInt8,
    moves UInt32,
    attempt UInt32,
    status UInt16,
    problem String,
    took_ms UInt32
)
ENGINE = MergeTree
ORDER BY (webhook_id, at, id)
TTL toDateTime(at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000;
