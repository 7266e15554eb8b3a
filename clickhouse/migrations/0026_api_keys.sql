-- Keys that callers come in with; the newest row of an id holds, also where it says that the key is revoked. Of the
-- secret only its SHA-256 is kept.
CREATE TABLE IF NOT EXISTS api_keys
(
    id String,
    name String,
    role LowCardinality(String),
    digest FixedString(64),
    expires_at Nullable(DateTime64(3, 'UTC')),
    is_revoked UInt8,
    created_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;

-- When each was last used, written about once a minute by each server that saw it.
CREATE TABLE IF NOT EXISTS api_key_uses
(
    key_id String,
    used_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(used_at)
ORDER BY key_id;
