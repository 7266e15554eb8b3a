import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { countingEngine } from '../support/counting.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const FUNNEL = `funnel(input: $input) { conversionRate steps { label customers reached(first: 5) { nodes { id } } } meta { asOf } }`;
const INGEST = `mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }`;
const input = {
  steps: [{ match: { events: ['view'] } }, { match: { events: ['buy'] } }],
  range: { last: 'P7D' },
};

interface FunnelAnswer {
  readonly funnel: {
    readonly conversionRate: number;
    readonly steps: readonly {
      readonly customers: number;
      readonly reached: { readonly nodes: readonly { readonly id: string }[] };
    }[];
    readonly meta: { readonly asOf: string };
  };
}

let engine: Engine;
let server: TestServer;
let minutesAgo: (minutes: number) => string;

beforeEach(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  await storeEvents(engine, [
    customer('ann').did('view', minutesAgo(60)).did('buy', minutesAgo(50)),
    customer('bob').did('view', minutesAgo(40)),
  ]);
});

afterEach(async () => {
  await server.close();
  await engine.close();
});

const live = (): ReturnType<typeof watch> =>
  watch(server, `subscription ($input: FunnelInput!) { ${FUNNEL} }`, { input });
const counts = ({ funnel }: FunnelAnswer): number[] => funnel.steps.map((step) => step.customers);

describe('a live funnel', () => {
  it('answers at once, and again when an event arrived that changes it, with its drill-down', async () => {
    const viewer = live();
    expect(counts(await viewer.next<FunnelAnswer>())).toEqual([2, 1]);
    await server.query(INGEST, { events: [{ event: 'buy', customerId: 'bob', time: minutesAgo(1) }] });
    // Whoever is asked while the event is being stored may stand in another place already.
    let second = await viewer.next<FunnelAnswer>();
    while (counts(second)[1] === 1) second = await viewer.next<FunnelAnswer>();
    expect(counts(second)).toEqual([2, 2]);
    expect(second.funnel.steps[1]?.reached.nodes.map(({ id }) => id).sort()).toEqual(['ann', 'bob']);
    await viewer.leave();
  });

  it('equals the query asked at the same time', async () => {
    const viewer = live();
    const { funnel } = await viewer.next<FunnelAnswer>();
    const asked = await server.query<FunnelAnswer>(`query ($input: FunnelInput!) { ${FUNNEL} }`, { input });
    expect({ ...funnel, meta: null }).toEqual({ ...asked.funnel, meta: null });
    await viewer.leave();
  });

  it('moves for events that another writer stored', async () => {
    const viewer = live();
    expect(counts(await viewer.next<FunnelAnswer>())).toEqual([2, 1]);
    await storeEvents(engine, [customer('cem').did('view', minutesAgo(2))]);
    expect(counts(await viewer.next<FunnelAnswer>())).toEqual([3, 1]);
    await viewer.leave();
  });

  it('is not told again what has not changed, whatever its answers say of themselves at any depth', async () => {
    const counted = countingEngine(engine);
    const own = await serveTest(counted);
    const viewer = watch(
      own,
      `subscription ($input: FunnelInput!) {
  funnel(input: $input, every: "PT0.1S") { steps { customers } previous { said: meta { asOf elapsedMs } } } }`,
      { input },
    );
    expect(counts(await viewer.next<FunnelAnswer>())).toEqual([2, 1]);
    counted.runs('funnel');
    const second = viewer.next<FunnelAnswer>();
    await own.query(INGEST, { events: [{ event: 'other', customerId: 'ann', time: minutesAgo(3) }] });
    await until('it was asked again', () => counted.runs('funnel') > 0);
    await own.query(INGEST, { events: [{ event: 'buy', customerId: 'bob', time: minutesAgo(1) }] });
    expect(counts(await second)).toEqual([2, 2]);
    await viewer.leave();
    await own.close();
  });

  it('is told once what is wrong with it, and ends', async () => {
    const viewer = watch(server, `subscription ($input: FunnelInput!) { ${FUNNEL} }`, {
      input: { ...input, window: 'two weeks' },
    });
    await expect(viewer.next()).rejects.toThrow(/window: "two weeks" is not a duration/);
    await expect(viewer.next()).rejects.toThrow(/ended/);
    await viewer.leave();
  });

  it('refuses an `every` that would never rest', async () => {
    const viewer = watch(
      server,
      `subscription ($input: FunnelInput!) { funnel(input: $input, every: "PT0.001S") { conversionRate } }`,
      { input },
    );
    await expect(viewer.next()).rejects.toThrow(/every: .*PT0.1S/);
    await viewer.leave();
  });
});
