-- What an event is as contact with the brand, told once when it is stored: a page view's path, a screen view's name,
-- otherwise the event's name. Read by what shows touchpoints: from a plain column, not from seven properties. By
-- getSubcolumn, so that rows may be stored without properties.
ALTER TABLE events ADD COLUMN IF NOT EXISTS touchpoint LowCardinality(String) MATERIALIZED
ifNull(nullIf(multiIf(
    event IN ('page_viewed', 'page_view', 'pageview', 'page', 'Page Viewed', '$pageview'),
    -- The property `path`, else the path of an address: what follows its host, without query and fragment. Without
    -- slashes at its end; what is nothing but slashes is "/".
    if(trimRight(coalesce(
        nullIf(CAST(getSubcolumn(properties, 'path'), 'Nullable(String)'), ''),
        if(isNull(coalesce(nullIf(CAST(getSubcolumn(properties, 'url'), 'Nullable(String)'), ''), nullIf(CAST(getSubcolumn(properties, '$current_url'), 'Nullable(String)'), '')) AS url), NULL,
            if(replaceRegexpOne(replaceRegexpOne(assumeNotNull(url), '[?#].*$', ''), '^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*', '') AS after_host = '', '/', after_host))) AS page, '/') = '',
        if(page = '', page, '/'), trimRight(page, '/')),
    event IN ('screen_viewed', 'screen_view', 'screen', 'Screen Viewed', '$screen'),
    coalesce(
        nullIf(CAST(getSubcolumn(properties, 'screen'), 'Nullable(String)'), ''),
        nullIf(CAST(getSubcolumn(properties, 'screen_name'), 'Nullable(String)'), ''),
        nullIf(CAST(getSubcolumn(properties, '$screen_name'), 'Nullable(String)'), ''),
        nullIf(CAST(getSubcolumn(properties, 'name'), 'Nullable(String)'), '')),
    NULL), ''), CAST(event, 'String')) CODEC(ZSTD(1));

-- In the background: of parts that do not have it yet it is worked out when read.
ALTER TABLE events MATERIALIZE COLUMN touchpoint SETTINGS mutations_sync = 0;

-- With all columns that are worked out when a row is stored: `*` leaves them out.
CREATE OR REPLACE VIEW resolved_events AS
SELECT
    * REPLACE (
        dictGetOrDefault('identity_keys', 'customer_key', events.customer_key, events.customer_key) AS customer_key,
        dictGetOrDefault('identity_keys', 'customer_id', events.customer_key, events.customer_id) AS customer_id
    ),
    has_revenue,
    has_order_id,
    order_key,
    touchpoint,
    events.customer_key AS stored_key
FROM events;
