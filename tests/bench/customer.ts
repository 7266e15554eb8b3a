/** A customer's timeline over HTTP, the first page and the tenth, against the same rows from the table alone. */
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import { operation } from './dashboard.ts';
import { print } from './line.ts';
import { interleaved } from './measure.ts';
import { uncachedServer } from './server.ts';
import type { BenchServer, Question } from './server.ts';
import { bare } from './statements.ts';
import { withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';

const FIRST = 20;
const PAGES = [1, 10];

export async function benchCustomer({ events, rounds }: BenchOptions): Promise<void> {
  await withBenchStore(events, async ({ engine, connection }) => {
    const [busiest] = await customersWithMost(engine, 1);
    if (!busiest) throw new Error('the store has no customers');
    const server = await uncachedServer(connection);
    for (const page of PAGES) {
      const question = await timelinePage(server, busiest.customer_id, page);
      const statement = {
        name: 'bench_timeline',
        sql: sql`SELECT event_id, event, time, received_at, channel, order_id, revenue, session_id, toJSONString(properties) AS properties
FROM events WHERE customer_key = ${param.uint64(busiest.customer_key)}
ORDER BY time DESC, event_id DESC LIMIT ${param.uint64(FIRST)} OFFSET ${param.uint64(FIRST * (page - 1))}`,
      };
      const ms = await interleaved(
        { ours: () => server.ask(question), bare: () => bare(connection, { query: statement, options: {} }) },
        rounds * 5,
      );
      print({
        name: `customer's timeline, page ${page} of ${FIRST} events`,
        events,
        oursMs: ms.ours,
        baseline: 'the rows alone, straight from the engine',
        baselineMs: ms.bare,
      });
    }
    await server.close();
  });
}

/** Customers with the most events. */
export async function customersWithMost(
  engine: Engine,
  count: number,
): Promise<readonly { readonly customer_id: string; readonly customer_key: string }[]> {
  const { rows } = await engine.query<{ customer_id: string; customer_key: string }>({
    name: 'bench_customers',
    sql: sql`SELECT any(customers.customer_id) AS customer_id, customer_key FROM customers GROUP BY customer_key ORDER BY sum(events) DESC, customer_key LIMIT ${param.uint64(count)}`,
  });
  return rows;
}

/** The question for a page of a timeline, after walking up to it. */
export async function timelinePage(server: BenchServer, id: string, page: number): Promise<Question> {
  const document = operation('CustomerTimeline');
  let after: string | null = null;
  for (let i = 1; i < page; i += 1) {
    const answer: Timeline = await server.ask({ document, variables: { id, first: FIRST, after } });
    after = answer.customer.events.pageInfo.endCursor;
  }
  return { document, variables: { id, first: FIRST, after } };
}

interface Timeline {
  readonly customer: { readonly events: { readonly pageInfo: { readonly endCursor: string } } };
}
