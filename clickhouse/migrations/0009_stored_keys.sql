-- The key that a row is stored under, next to that of the customer it belongs to: a customer whose ids were joined is
-- found by the keys of all of them, in few granules, where the resolved key would have to be computed of every row. Events
-- say so too (0010_touchpoint.sql).
CREATE OR REPLACE VIEW resolved_customers AS
SELECT
    * REPLACE (
        dictGetOrDefault('identity_keys', 'customer_key', customers.customer_key, customers.customer_key) AS customer_key,
        dictGetOrDefault('identity_keys', 'customer_id', customers.customer_key, customers.customer_id) AS customer_id
    ),
    customers.customer_key AS stored_key
FROM customers;
