/** The demo as `npm run demo` serves it, with its live traffic, kept under BENCH_DIR; or a server that runs already. */
import { join } from 'node:path';
import { projectRoot } from '../../../server/engine/project.ts';
import { runProgram } from '../../support/program.ts';

export interface Demo {
  readonly url: string;
  /** How many are stored now. */
  events(): Promise<number>;
  close(): Promise<void>;
}

/** `DASHBOARD_URL` names a server to be measured instead. */
export async function openDemo(): Promise<Demo> {
  const running = process.env['DASHBOARD_URL'];
  if (running) return { url: running, events: () => eventsOf(running), close: () => Promise.resolve() };
  const folder = process.env['BENCH_DIR'] ?? join(projectRoot(), '.cache/bench');
  const program = runProgram(['demo'], { DATA_DIR: join(folder, 'demo') });
  const url = await program.ready;
  return {
    url,
    events: () => eventsOf(url),
    async close() {
      program.child.kill('SIGTERM');
      await program.ended;
    },
  };
}

async function eventsOf(url: string): Promise<number> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ catalog { totalEvents } }' }),
  });
  const { data } = (await response.json()) as { data: { catalog: { totalEvents: number } } };
  return data.catalog.totalEvents;
}
