-- The ids that are counted, once more, so that a batch of them is found by reading little: a thousand ids lie in a
-- thousand places, and each place read was 8,192 ids long. Hashes cannot be compressed.
CREATE TABLE IF NOT EXISTS known_ids
(
    id_hash UInt64 CODEC(NONE)
)
ENGINE = MergeTree
ORDER BY id_hash
SETTINGS index_granularity = 256, min_compress_block_size = 2048, max_compress_block_size = 4096, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS known_ids_from_events TO known_ids AS
SELECT sipHash64(event_id) AS id_hash FROM events;

-- The same id twice is the same fact; so this may be done again.
INSERT INTO known_ids SELECT sipHash64(event_id) AS id_hash FROM events;

DROP VIEW IF EXISTS event_ids_from_events;

DROP TABLE IF EXISTS event_ids;
