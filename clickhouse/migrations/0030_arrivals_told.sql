-- What an insert of events brought is told from `arrived` itself, where its rows stand together under its batch: one part
-- less for each insert. In `arrivals` stays what else changes answers.
DROP VIEW IF EXISTS arrivals_from_arrived;
