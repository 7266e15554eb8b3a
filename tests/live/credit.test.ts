/** Attribution and customer segments live, over the wire, with ids that are joined meanwhile. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  await server.query(`mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }`, {
    events: [
      { event: 'ad_clicked', anonymousId: 'visitor-7', channel: 'ads', time: hoursAgo(5) },
      { event: 'order_completed', customerId: 'ann', channel: 'store', revenue: 30, time: hoursAgo(3) },
    ],
  });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

interface Credit {
  readonly attribution: {
    readonly rows: readonly {
      readonly name: string;
      readonly credit: readonly { readonly revenue: number }[];
    }[];
  };
}
interface Segments {
  readonly rfm: { readonly segments: readonly { readonly name: string; readonly customers: number }[] };
}

it('gives the credit to the visitor who turns out to be the customer, and counts them as one', async () => {
  const ATTRIBUTION = `attribution(input: {
    conversion: { events: ["order_completed"] }, range: { last: "P7D" }, models: [LINEAR, MARKOV]
  }) { rows { name credit { revenue } } }`;
  const SEGMENTS = 'rfm(input: {}) { segments { name customers } }';
  const credit = watch(server, `subscription { ${ATTRIBUTION} }`);
  const segments = watch(server, `subscription { ${SEGMENTS} }`);
  const prospects = ({ rfm }: Segments) => rfm.segments.find(({ name }) => name === 'prospects')?.customers;
  expect((await credit.next<Credit>()).attribution.rows).toEqual([
    { name: '(none)', credit: [{ revenue: 30 }, { revenue: 30 }] },
  ]);
  expect(prospects(await segments.next<Segments>())).toBe(1);

  await server.query(`mutation { identify(customerId: "ann", anonymousId: "visitor-7") { id } }`);

  const joined = await credit.next<Credit>();
  expect(joined.attribution.rows).toEqual([{ name: 'ads', credit: [{ revenue: 30 }, { revenue: 30 }] }]);
  expect(await server.query(`{ ${ATTRIBUTION} }`)).toEqual(joined);
  const counted = await segments.next<Segments>();
  expect(prospects(counted)).toBe(0);
  expect(await server.query(`{ ${SEGMENTS} }`)).toEqual(counted);
  await Promise.all([credit.leave(), segments.leave()]);
});
