-- A look-up goes into each part, so ids of long ago stand in one: parts that are six hours old are merged whatever
-- their sizes.
ALTER TABLE known_ids MODIFY SETTING min_age_to_force_merge_seconds = 21600;

OPTIMIZE TABLE known_ids FINAL;
