/** What a television's nights leave in its memory: pages that follow each other, again and again. */
import { atMost, printFigure } from '../line.ts';
import type { Measured } from './dashboard.ts';
import { heldBy, watch } from './watched-page.ts';
import type { WatchedPage } from './watched-page.ts';

const PAGES = ['overview', 'journey', 'funnels', 'lifecycle', 'cohorts'];
/** Rounds over all pages before it is measured first, and after. */
const WARM = 6;
const COUNTED = 40;
const TARGET_MB = 2;
const PATIENT = { timeout: 60_000 };

export async function benchTurns({ browser, url, events }: Measured): Promise<void> {
  const watched = await watch(browser, `${url}/overview?tv=overview`);
  await turn(watched, WARM);
  const before = { ...(await heldBy(watched)), compiled: await compiledBytes(watched) };
  await turn(watched, COUNTED);
  const after = { ...(await heldBy(watched)), compiled: await compiledBytes(watched) };
  await watched.close();
  printFigure({
    name: `dashboard: television, ${COUNTED * PAGES.length} turns`,
    events,
    heapBefore: before.heap,
    heapAfter: after.heap,
    compiled: [before.compiled, after.compiled],
    nodes: [before.nodes, after.nodes],
    listeners: [before.listeners, after.listeners],
    judged: atMost('MB the heap grew, compiled code aside', (kept(after) - kept(before)) / 1e6, TARGET_MB),
  });
}

/** What the page itself holds: the browser gives compiled code up again where memory is short. */
function kept({ heap, compiled }: { readonly heap: number; readonly compiled: number }): number {
  return heap - compiled;
}

/** As the television turns, but without the time between; ends where it began. */
async function turn({ page, painted }: WatchedPage, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const path of [...PAGES.slice(1), 'overview']) {
      await page.evaluate(
        `history.replaceState(null, '', '/${path}?tv=${path}'); dispatchEvent(new PopStateEvent('popstate'))`,
      );
      await page.locator('main .frame').first().waitFor(PATIENT);
      await page.locator('.beat[data-state=live]').first().waitFor(PATIENT);
      await painted();
    }
  }
}

/** What the page keeps as a snapshot tells it: types of nodes, and their fields in one row of numbers. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [string[]] };
  };
  readonly nodes: readonly number[];
}

/** How much of the heap is the browser's own translation of the program, which grows until all of it has run often. */
async function compiledBytes({ cdp }: WatchedPage): Promise<number> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }): number => chunks.push(chunk);
  cdp.on('HeapProfiler.addHeapSnapshotChunk', take);
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  cdp.off('HeapProfiler.addHeapSnapshotChunk', take);
  const { snapshot, nodes } = JSON.parse(chunks.join('')) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size, code] = [fields.indexOf('type'), fields.indexOf('self_size'), types[0].indexOf('code')];
  let sum = 0;
  for (let i = 0; i < nodes.length; i += fields.length)
    if (nodes[i + type] === code) sum += nodes[i + size] ?? 0;
  return sum;
}
