/**
 * Rules of saved audiences and journey maps, and questions of saved reports, as text, without the customers who were
 * erased. Knows nothing of what rules mean.
 */
import { ERASED } from './customer.sql.ts';

/** The same definition with nobody in the place of these ids, wherever values are compared or searched for. */
export function withoutIds(definition: string, ids: ReadonlySet<string>): string {
  return JSON.stringify(JSON.parse(definition), (key, value: unknown) => {
    if (key === 'search' && typeof value === 'string') return ids.has(value) ? ERASED : value;
    if (key !== 'values' || !Array.isArray(value)) return value;
    return value.map((item: unknown) => (typeof item === 'string' && ids.has(item) ? ERASED : item));
  });
}

/** The same wherever a text stands: of what is kept beside a question, whose names are anybody's. Empty: nothing is. */
export function withoutIdsAnywhere(text: string, ids: ReadonlySet<string>): string {
  if (text === '') return text;
  return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === 'string' && ids.has(value) ? ERASED : value,
  );
}
