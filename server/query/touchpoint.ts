/**
 * What an event is as contact with the brand, in SQL: a page view's path, a screen view's name, otherwise the
 * event's name. One definition for all analyses that show touchpoints; it stands in the table (migration 0010).
 */
import { sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** The touchpoint of a row of events; never null, and empty only where the event has no name. */
export const touchpoint: Sql = sql`touchpoint`;
