/** What tests ask of rejected events, over the wire. */
import { param, sql } from '../../server/query/sql.ts';
import type { TestServer } from './server.ts';

export interface Receipt {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
}

interface Listed {
  readonly id: string;
  readonly reason: string;
  readonly source: string;
  readonly payload: Record<string, unknown>;
  readonly replayedAt: string | null;
}

export async function ingest(server: TestServer, events: readonly object[]): Promise<Receipt> {
  const document = `mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted duplicates rejected { index reason } } }`;
  return (await server.query<{ ingest: Receipt }>(document, { events })).ingest;
}

export async function replay(server: TestServer, ids: readonly string[], set?: object): Promise<Receipt> {
  const document = `mutation ($ids: [ID!]!, $set: JSON) { replayRejected(ids: $ids, set: $set) { accepted duplicates rejected { index reason } } }`;
  return (await server.query<{ replayRejected: Receipt }>(document, { ids, set })).replayRejected;
}

export async function listed(server: TestServer, search: string): Promise<readonly Listed[]> {
  const document = `query ($search: String) { rejectedEvents(search: $search) { totalCount nodes { id reason source payload replayedAt } } }`;
  const { rejectedEvents } = await server.query<{
    rejectedEvents: { totalCount: number; nodes: readonly Listed[] };
  }>(document, { search });
  if (rejectedEvents.totalCount !== rejectedEvents.nodes.length)
    throw new Error('the total is not that of the list');
  return rejectedEvents.nodes;
}

export async function stored(
  { engine }: TestServer,
  customerId: string,
): Promise<readonly { id: string; time: string; revenue: string }[]> {
  const { rows } = await engine.query<{ id: string; time: string; revenue: string }>({
    name: 'test.stored',
    sql: sql`SELECT event_id AS id, toString(time) AS time, toString(ifNull(revenue, 0)) AS revenue FROM events
WHERE customer_id = ${param.string(customerId)} ORDER BY event_id`,
  });
  return rows;
}

export async function totals(
  server: TestServer,
): Promise<{ accepted: number; duplicates: number; rejected: number }> {
  const { ingestion } = await server.query<{
    ingestion: { accepted: number; duplicates: number; rejected: number };
  }>('{ ingestion { accepted duplicates rejected } }');
  return ingestion;
}

/** Rows as imports and other programs leave them. */
export async function keep(
  { engine }: TestServer,
  rows: readonly { reason: string; payload: string; source: string }[],
): Promise<void> {
  await engine.insert('rejected_events', rows);
  await engine.insert('ingest_counts', [{ rejected: rows.length }]);
}
