-- What the catalogue tells of all events, counted when they are stored: a few rows in each part, merged with it, so that
-- they never say anything else than the table. ClickHouse reads them wherever a statement asks for nothing more.
ALTER TABLE events ADD PROJECTION IF NOT EXISTS totals
(
    SELECT event, channel, count(), min(time), max(time)
    GROUP BY event, channel
);

-- In the background: parts that do not have it yet are counted as they are.
ALTER TABLE events MATERIALIZE PROJECTION totals SETTINGS mutations_sync = 0;
