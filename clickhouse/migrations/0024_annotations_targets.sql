-- What people write on time charts; the newest row of an id holds, also where it says that the annotation is gone.
CREATE TABLE IF NOT EXISTS annotations
(
    id String,
    at DateTime64(3, 'UTC'),
    text String,
    is_deleted UInt8,
    created_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;

-- What key figures are to come to in a period; one a key figure and kind of period, named by both.
CREATE TABLE IF NOT EXISTS targets
(
    id String,
    kpi LowCardinality(String),
    period LowCardinality(String),
    value Float64,
    time_zone String,
    week_start LowCardinality(String),
    is_deleted UInt8,
    created_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;

-- Every server hears of both with the look at `arrivals` that it takes anyway. They change no number: the row speaks of
-- the end of time, where no event is.
CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_annotations TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time,
    'notes' AS kind
FROM annotations;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_targets TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time,
    'notes' AS kind
FROM targets;
