-- Parts of the last seconds are merged when more of them have come: merging few at a time costs as much as inserting. Ten
-- seconds later they are merged as ever.
ALTER TABLE events MODIFY SETTING merge_selector_base = 15;
