/**
 * Runs every case of a folder through the public GraphQL API of a fresh server (a database of its own for
 * each), prints one line for each that fails and ends with `N passed, N failed`. It compares; it computes
 * nothing.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { connectEngine } from '../../server/engine/client.ts';
import type { Connection } from '../../server/engine/client.ts';
import { migrate } from '../../server/engine/migrations.ts';
import { Sql } from '../../server/query/sql.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { startTestStore } from '../support/test-store.ts';
import { traitsOf } from './case.ts';
import type { CaseKind, ConformanceCase } from './case.ts';
import * as funnel from './funnel-cases.ts';
import * as lifecycle from './lifecycle-cases.ts';
import * as paths from './paths-cases.ts';
import * as retention from './retention-cases.ts';
import { inOurWords } from './words.ts';

const KINDS: Readonly<Record<string, CaseKind>> = {
  funnel,
  funnelTrend: funnel,
  timeToConvert: funnel,
  retention,
  lifecycle,
  paths,
};

const INGEST = `mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted rejected { index reason } } }`;
const IDENTIFY = `mutation ($customer: ID!, $alias: String, $traits: JSON) {
  identify(customerId: $customer, anonymousId: $alias, traits: $traits) { id } }`;

/** The API takes no more at once. */
const MOST_EVENTS = 10_000;

async function send(server: TestServer, testCase: Required<ConformanceCase>): Promise<void> {
  const aliases = new Set((testCase.identities ?? []).map(({ alias }) => alias));
  const events = testCase.events.map(({ customer, event, time, properties }, i) => ({
    // Ids sort as the events arrive.
    id: `${testCase.id}-${String(i).padStart(6, '0')}`,
    event,
    time,
    properties,
    [aliases.has(customer) ? 'anonymousId' : 'customerId']: customer,
  }));
  for (let i = 0; i < events.length; i += MOST_EVENTS) {
    const { ingest } = await server.query<{ ingest: { rejected: { reason: string }[] } }>(INGEST, {
      events: events.slice(i, i + MOST_EVENTS),
    });
    if (ingest.rejected.length > 0) throw new Error(`rejected: ${ingest.rejected[0]?.reason}`);
  }
  for (const [customer, traits] of Object.entries(testCase.customers ?? {})) {
    // Who was joined is described by the customer's own traits.
    if (aliases.has(customer)) continue;
    await server.query(IDENTIFY, {
      customer,
      traits: traitsOf(traits),
    });
  }
  for (const { alias, customer } of testCase.identities ?? []) {
    await server.query(IDENTIFY, { customer, alias });
  }
}

/** Never before the clock of the case, so that none of its events is ahead of time. */
function clockOf(testCase: ConformanceCase): () => number {
  const ahead = Math.max(0, (Date.parse(testCase.now) || 0) - Date.now());
  return () => Date.now() + ahead;
}

async function runCase(connection: Connection, given: ConformanceCase): Promise<readonly string[]> {
  const kind = KINDS[given.query?.kind];
  if (!kind) return [`the kind ${given.query?.kind} is not built`];
  const own = { ...connection, database: `case_${randomBytes(6).toString('hex')}` };
  await migrate(own);
  const engine = connectEngine(own);
  const server = await serveTest(engine, { now: clockOf(given) });
  try {
    const whole = inOurWords(given);
    const testCase = { ...whole, ...kind.renamed?.(whole) };
    await send(server, testCase);
    const { document, variables } = kind.toOperation(testCase);
    return kind.compare(testCase, await server.query(document, variables));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await server.close();
    await engine.command('conformance.drop', new Sql([`DROP DATABASE ${own.database}`], []));
    await engine.close();
  }
}

/** The cases of a file, which holds one or a list. */
function casesOf(path: string): readonly ConformanceCase[] {
  return [JSON.parse(readFileSync(path, 'utf8')) as ConformanceCase | readonly ConformanceCase[]].flat();
}

/** Resolves to the number of cases that failed. */
export async function runConformance(folder: string, print: (line: string) => void): Promise<number> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const cases = files.sort().flatMap((file) => casesOf(join(folder, file)));
  const store = await startTestStore();
  let failed = 0;
  try {
    for (const testCase of cases) {
      const problems = await runCase(store.connection, testCase);
      if (problems.length === 0) continue;
      failed += 1;
      print(`${testCase.id}: ${problems.join('; ')}`);
    }
  } finally {
    await store.close();
  }
  print(`${cases.length - failed} passed, ${failed} failed`);
  return failed;
}
