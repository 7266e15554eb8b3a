-- What changes answers besides events stands in `arrivals` too, as a row of no events and all time: every server
-- hears of it with the one look that it takes anyway, whoever wrote it.
CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_traits TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time
FROM customer_traits;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_identities TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time
FROM identities;

CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_from_audiences TO arrivals AS
SELECT
    now64(3) AS at,
    count() * 0 AS rows,
    toDateTime64('1970-01-01 00:00:00', 3, 'UTC') AS first_time,
    toDateTime64('2106-01-01 00:00:00', 3, 'UTC') AS last_time
FROM audiences;
