-- What statements that ask for orders, revenue or few kinds of events read instead of everything: the narrow
-- columns once more, sorted by name. A projection is stored with each part, so that it never says anything else
-- than the table, and ClickHouse chooses it wherever it reads less.
ALTER TABLE events ADD COLUMN IF NOT EXISTS has_revenue UInt8 MATERIALIZED isNotNull(revenue) CODEC(ZSTD(1));
ALTER TABLE events ADD COLUMN IF NOT EXISTS has_order_id UInt8 MATERIALIZED order_id != '' CODEC(ZSTD(1));

-- Names one order among a customer's order events: one per order id, and each event without one its own.
ALTER TABLE events ADD COLUMN IF NOT EXISTS order_key UInt64 MATERIALIZED if(order_id != '', sipHash64(order_id), sipHash64(event_id)) CODEC(ZSTD(1));

ALTER TABLE events ADD PROJECTION IF NOT EXISTS by_name
(
    SELECT customer_key, time, event, channel, revenue, has_revenue, has_order_id, order_key
    ORDER BY has_revenue, event, customer_key, time
);

-- In the background: parts that do not have it yet are read as they are.
ALTER TABLE events MATERIALIZE PROJECTION by_name SETTINGS mutations_sync = 0;
