/** Rules of saved audiences as text, without the customers who were erased. Knows nothing of what rules mean. */
import { ERASED } from './customer.sql.ts';

/** The same definition with nobody in the place of these ids, wherever values are compared. */
export function withoutIds(definition: string, ids: ReadonlySet<string>): string {
  return JSON.stringify(JSON.parse(definition), (key, value: unknown) => {
    if (key !== 'values' || !Array.isArray(value)) return value;
    return value.map((item: unknown) => (typeof item === 'string' && ids.has(item) ? ERASED : item));
  });
}
