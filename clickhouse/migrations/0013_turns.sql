-- Who may write events and identities: one program at a time. A turn is a number; its rows say who took it, that its
-- holder lives (alive), who else wants one (wish), who takes its holder for dead (doubt), and how it ended: with all
-- work done (ended) or not (left). Numbers only rise. That a number is taken once is ClickHouse's doing: the row
-- `taken` comes with a deduplication token of its own. Old partitions are dropped by whoever begins a new one.
CREATE TABLE IF NOT EXISTS turns
(
    turn UInt64,
    kind LowCardinality(String),
    owner String,
    -- Where the owner runs, as it says itself: with `taken`.
    process String,
    -- Whose turn is next: with `ended` and `left`, empty for anybody's.
    next String,
    -- Since when the owner has been waiting, milliseconds since 1970: with `wish`.
    since UInt64,
    at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
PARTITION BY intDiv(turn, 10000)
ORDER BY (turn, at)
SETTINGS non_replicated_deduplication_window = 1000;
