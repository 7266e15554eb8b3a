-- Which events arrived: whoever reads customers again knows by it whether their new events can be read yet.
-- 0: not told.
ALTER TABLE arrived ADD COLUMN IF NOT EXISTS id_hash UInt64 DEFAULT 0 CODEC(LZ4);

ALTER TABLE arrived_from_events MODIFY QUERY
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
    session_id,
    if(event_id = '', 0, sipHash64(event_id)) AS id_hash
FROM events;
