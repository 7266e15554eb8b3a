/**
 * The whole Overview page: all its queries at once over HTTP, nothing cached, against the slowest of the statements
 * that they come to, sent to the engine alone.
 */
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import { serveTest } from '../support/server.ts';
import { overviewPage } from './dashboard.ts';
import type { Page } from './dashboard.ts';
import { atMost, print } from './line.ts';
import { interleaved } from './measure.ts';
import { UNCACHED } from './product.ts';
import { uncachedServer } from './server.ts';
import type { BenchServer } from './server.ts';
import { bare, record } from './statements.ts';
import type { Statement } from './statements.ts';
import { withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';

const TARGET = 2;

export async function benchOverview({ events, rounds }: BenchOptions): Promise<void> {
  await withBenchStore(events, async (store) => {
    const page = overviewPage();
    const statements = await statementsOf(page, store);
    const server = await uncachedServer(store.connection);
    const each = statements.map((statement, i): [string, () => Promise<unknown>] => [
      `${i + 1} ${statement.query.name}`,
      () => bare(store.connection, statement),
    ]);
    const { ours = 0, ...alone } = await interleaved<string>(
      { ours: () => loadPage(server, page), ...Object.fromEntries(each) },
      rounds,
    );
    const slowestFirst = Object.entries(alone).sort((a, b) => b[1] - a[1]);
    const [slowest, slowestMs] = slowestFirst[0] ?? ['none', 0];
    print({
      name: 'Overview page, 30 d',
      events,
      oursMs: ours,
      baseline: `its slowest statement alone: ${slowest}`,
      baselineMs: slowestMs,
      statements: statements.length,
      slowest: Object.fromEntries(slowestFirst.slice(0, 6)),
      judged: atMost('page / slowest statement', ours / slowestMs, TARGET),
    });
    await server.close();
  });
}

/** All questions of a page at once. */
export function loadPage(server: BenchServer, page: Page): Promise<unknown> {
  return Promise.all(Object.values(page).map((question) => server.ask(question)));
}

/** The statements that a page comes to when nothing is cached. */
export async function statementsOf(page: Page, store: EmbeddedEngine): Promise<readonly Statement[]> {
  const recorder = record(store.engine);
  const server = await serveTest(recorder.engine, UNCACHED);
  recorder.taken();
  for (const { document, variables } of Object.values(page)) await server.query(document, variables);
  const statements = recorder.taken().filter(({ query }) => !BESIDES.test(query.name));
  await server.close();
  return statements;
}

/** What the server looks up for itself, whoever asks. */
const BESIDES = /^(live|library|ingest)\./;
