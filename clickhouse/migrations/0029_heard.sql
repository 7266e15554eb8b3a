-- Every server hears of keys that were made or revoked, and of rows that other tools landed, with the look at `arrivals` that
-- it takes anyway. They change no number: the row speaks of the end of time, where no event is.
CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_api_keys TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time,
    'keys' AS kind
FROM api_keys;

-- From `landing` and not from `landed`: whoever may insert there needs no further right for it.
CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_landing TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time,
    'landed' AS kind
FROM landing;
