-- Saved audiences; the newest row of an id holds, also where it says that the audience is gone.
CREATE TABLE IF NOT EXISTS audiences
(
    id String,
    name String,
    -- JSON text, as it was sent.
    definition String CODEC(ZSTD(1)),
    -- Which rows of audience_members are the customers of a static audience; empty for a live one.
    members_id String,
    is_deleted UInt8,
    created_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;

-- The customers of static audiences as they were when the audience was saved. A set is stored before the
-- audience names it, and never changed.
CREATE TABLE IF NOT EXISTS audience_members
(
    members_id String,
    customer_key UInt64,
    saved_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (members_id, customer_key);
