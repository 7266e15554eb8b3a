/**
 * A case in words that mean the same to us: properties that bear the name of a built-in of ours get another,
 * and ids that were joined are named by the end of their chain. Renames; computes nothing.
 */
import type { ConformanceCase } from './case.ts';

const BUILT_INS = new Set([
  ...['event', 'time', 'channel', 'revenue', 'orderId', 'sessionId', 'customerId'],
  ...['order_id', 'session_id', 'customer_id'],
]);

const ours = (property: string): string => (BUILT_INS.has(property) ? `their_${property}` : property);

/** The case with every key that may be missing or null in its place. */
export function inOurWords(given: ConformanceCase): Required<ConformanceCase> {
  const pointers = new Map((given.identities ?? []).map(({ alias, customer }) => [alias, customer]));
  return {
    ...given,
    timezone: given.timezone ?? 'UTC',
    customers: given.customers ?? {},
    identities: [...pointers.keys()].flatMap((alias) => {
      const customer = endOf(alias, pointers);
      return customer === alias ? [] : [{ alias, customer }];
    }),
    events: (given.events ?? []).map(({ properties, ...sent }) => ({
      ...sent,
      properties: Object.fromEntries(
        Object.entries(properties ?? {}).map(([key, value]) => [ours(key), value]),
      ),
    })),
    query: renamedIn(given.query) as ConformanceCase['query'],
    expect: given.expect ?? {},
  };
}

function endOf(alias: string, pointers: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let id = alias;
  for (let next = pointers.get(id); next !== undefined && !seen.has(id); next = pointers.get(id)) {
    seen.add(id);
    id = next;
  }
  return id;
}

/** Conditions and breakdowns, wherever they stand, name their property (or several) by `property`. */
function renamedIn(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(renamedIn);
  if (typeof part !== 'object' || part === null) return part;
  const isTrait = 'scope' in part && part.scope === 'customer';
  return Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) =>
      key === 'property' && !isTrait
        ? [key, Array.isArray(value) ? value.map((one) => ours(String(one))) : ours(String(value))]
        : [key, renamedIn(value)],
    ),
  );
}
