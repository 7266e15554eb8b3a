/** Answers that are kept are never older than what was stored; counted in statements, on the real engine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { countingEngine } from '../support/counting.ts';
import type { CountingEngine } from '../support/counting.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

/** What another program's change leads to a second time would blur the counts. */
const answering = { settleMs: 3_600_000, holdMs: 3_600_000 };
const FUNNEL = `query ($input: FunnelInput!) { funnel(input: $input) { steps { customers } meta { cached elapsedMs asOf } } }`;
const steps = [{ match: { events: ['view'] } }, { match: { events: ['buy'] } }];
const MARCH = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };

interface Answer {
  readonly funnel: {
    readonly steps: readonly { readonly customers: number }[];
    readonly meta: { readonly cached: boolean; readonly elapsedMs: number; readonly asOf: string };
  };
}

let engine: Engine;
let counted: CountingEngine;
let server: TestServer;

beforeEach(async () => {
  engine = await testEngine();
  counted = countingEngine(engine);
  server = await serveTest(counted, { answering });
  await storeEvents(engine, [
    customer('ann').did('view', '2026-03-10T10:00Z').did('buy', '2026-03-10T11:00Z'),
    customer('bob').did('view', '2026-03-11T10:00Z'),
  ]);
});

afterEach(async () => {
  await server.close();
  await engine.close();
});

/** Customers by step, and whether the statement ran. */
async function ask(
  input: object = {},
): Promise<{ counts: number[]; ran: boolean; meta: Answer['funnel']['meta'] }> {
  counted.runs('funnel');
  const { funnel } = await server.query<Answer>(FUNNEL, { input: { range: MARCH, steps, ...input } });
  const ran = counted.runs('funnel') > 0;
  expect(funnel.meta.cached).toBe(!ran);
  return { counts: funnel.steps.map((step) => step.customers), ran, meta: funnel.meta };
}

const fresh = (...counts: number[]): unknown => expect.objectContaining({ counts, ran: true });
const known = (...counts: number[]): unknown => expect.objectContaining({ counts, ran: false });

describe('an answer', () => {
  it('is computed once, and keeps saying what the run took', async () => {
    const first = await ask();
    expect(first).toEqual(fresh(2, 1));
    const second = await ask();
    expect(second).toEqual(known(2, 1));
    expect(second.meta.elapsedMs).toBe(first.meta.elapsedMs);
  });

  it('up to now is shared while nothing arrives, and says up to when it looked', async () => {
    const rolling = { range: { last: 'P3Y' } };
    const first = await ask(rolling);
    const second = await ask(rolling);
    expect(second).toEqual(known(...first.counts));
    expect(second.meta.asOf).toBe(first.meta.asOf);
    const time = new Date().toISOString();
    await storeEvents(engine, [customer('cem').did('view', time)]);
    const third = await ask(rolling);
    expect(third).toEqual(fresh(3, 1));
    expect(third.meta.asOf > time).toBe(true);
  });

  it('outlives a merge of parts', async () => {
    await ask();
    await engine.command('test.merge', sql`OPTIMIZE TABLE events FINAL`);
    expect(await ask()).toEqual(known(2, 1));
  });

  it('is computed every time where nothing is kept', async () => {
    const bare = await serveTest(counted, { answering: { cacheBytes: 0 } });
    for (const asked of [1, 2]) {
      await bare.query(FUNNEL, { input: { range: MARCH, steps } });
      expect(counted.runs('funnel'), `question ${asked}`).toBe(1);
    }
    await bare.close();
  });
});

describe('an answer about the past', () => {
  it('ends with a late event in its range', async () => {
    await ask();
    await storeEvents(engine, [customer('bob').did('buy', '2026-03-12T10:00Z')]);
    expect(await ask()).toEqual(fresh(2, 2));
  });

  it('outlives events before and after its range', async () => {
    await ask();
    await storeEvents(engine, [customer('dan').did('view', '2026-04-01T00:00Z')]);
    await storeEvents(engine, [customer('dan').did('view', '2026-02-28T23:59:59.999Z')]);
    expect(await ask()).toEqual(known(2, 1));
  });

  it('of an audience by behaviour ends with any event that may count for it', async () => {
    const asked = { audience: { did: [{ match: { events: ['sign_up'] } }] } };
    expect(await ask(asked)).toEqual(fresh(0, 0));
    await storeEvents(engine, [customer('ann').did('sign_up', '2026-05-01T00:00Z')]);
    expect(await ask(asked)).toEqual(fresh(1, 1));
  });
});

describe('what this server takes', () => {
  it('is in the next answer', async () => {
    await ask();
    const events = [{ event: 'buy', customerId: 'bob', time: '2026-03-12T10:00:00Z' }];
    await server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
      events,
    });
    expect(await ask()).toEqual(fresh(2, 2));
  });

  it('joins ids in the next answer', async () => {
    await ask();
    await server.query('mutation { identify(customerId: "ann", anonymousId: "bob") { id } }');
    expect(await ask()).toEqual(fresh(1, 1));
  });

  it('saves audiences that the next answer knows', async () => {
    const save = `mutation ($id: ID, $definition: AudienceInput!) { saveAudience(id: $id, name: "x", definition: $definition) { id } }`;
    const who = (id: string) => ({ where: { property: 'customerId', values: [id] } });
    const saved = await server.query<{ saveAudience: { id: string } }>(save, { definition: who('ann') });
    const { id } = saved.saveAudience;
    expect(await ask({ audience: { id } })).toEqual(fresh(1, 1));
    await server.query(save, { id, definition: who('bob') });
    expect(await ask({ audience: { id } })).toEqual(fresh(1, 0));
  });
});

describe('what another program writes', () => {
  const rich = { audience: { where: { property: 'plan', of: 'CUSTOMER', values: ['rich'] } } };

  it('of traits is in the next answer', async () => {
    expect(await ask(rich)).toEqual(fresh(0, 0));
    await engine.insert('customer_traits', [
      { customer_id: 'ann', traits: { plan: 'rich' }, updated_at: '2026-03-01 00:00:00' },
    ]);
    expect(await ask(rich)).toEqual(fresh(1, 1));
  });

  it('of ids and audiences is in the next answer once the other server has told its caller', async () => {
    const other = await serveTest(engine);
    await ask();
    await other.query('mutation { identify(customerId: "ann", anonymousId: "bob") { id } }');
    expect(await ask()).toEqual(fresh(1, 1));
    const { saveAudience } = await other.query<{ saveAudience: { id: string } }>(
      'mutation { saveAudience(name: "x", definition: { where: { property: "customerId", values: ["nobody"] } }) { id } }',
    );
    expect(await ask({ audience: { id: saveAudience.id } })).toEqual(fresh(0, 0));
    await other.close();
  });
});
