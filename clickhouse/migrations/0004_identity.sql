-- Keys follow from ids, wherever rows come from.
ALTER TABLE identities
    MODIFY COLUMN alias_key UInt64 DEFAULT cityHash64(alias),
    MODIFY COLUMN customer_key UInt64 DEFAULT cityHash64(customer_id);
ALTER TABLE customer_traits MODIFY COLUMN customer_key UInt64 DEFAULT cityHash64(customer_id);

-- The newest pointer of each joined id. Ids that only lead to themselves (known customers) are left out.
CREATE VIEW IF NOT EXISTS joined_identities AS
SELECT alias_key, identities.customer_key AS customer_key, identities.customer_id AS customer_id
FROM identities FINAL
WHERE alias_key != identities.customer_key;

-- Joined ids in every answer at once: each alias leads straight to the customer where its chain ends. Reloaded
-- after each join, so no lifetime.
CREATE DICTIONARY IF NOT EXISTS identity_keys
(
    alias_key UInt64,
    customer_key UInt64,
    customer_id String
)
PRIMARY KEY alias_key
SOURCE(CLICKHOUSE(TABLE 'joined_identities' {credentials}))
LAYOUT(HASHED())
LIFETIME(0);

CREATE VIEW IF NOT EXISTS resolved_events AS
SELECT * REPLACE (
    dictGetOrDefault('identity_keys', 'customer_key', events.customer_key, events.customer_key) AS customer_key,
    dictGetOrDefault('identity_keys', 'customer_id', events.customer_key, events.customer_id) AS customer_id
)
FROM events;

CREATE VIEW IF NOT EXISTS resolved_customers AS
SELECT * REPLACE (
    dictGetOrDefault('identity_keys', 'customer_key', customers.customer_key, customers.customer_key) AS customer_key,
    dictGetOrDefault('identity_keys', 'customer_id', customers.customer_key, customers.customer_id) AS customer_id
)
FROM customers;
