/** What compilations need besides their question, as tests that go straight to the engine fill it in. */
import type { CompileScope } from '../../server/query/events.ts';
import { sql } from '../../server/query/sql.ts';

/** Purchases are `purchase`, refunds `return`; two journey stages; nobody in any lifecycle stage. */
export function compileScope(changes: Partial<CompileScope> = {}): CompileScope {
  return {
    nowMs: Date.UTC(2026, 6, 1),
    vocabulary: {
      stages: new Map([
        ['discover', ['page_view']],
        ['buy', ['purchase']],
      ]),
      orderEvents: ['purchase'],
      returnEvents: ['return'],
    },
    hasMergedIdentities: false,
    customersInLifecycleStages: () => sql`SELECT toUInt64(0) AS customer_key WHERE 0`,
    ...changes,
  };
}
