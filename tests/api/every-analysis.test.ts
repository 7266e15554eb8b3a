/** What every analysis does with a store that holds nothing, and with names and values that mean harm. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { ANALYSES, openedList } from '../support/analyses.ts';
import type { Analysis } from '../support/analyses.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { storeTraits } from '../support/traits.ts';

let engine: Engine;
let server: TestServer;
const range = { from: '2026-03-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

async function answerOf({ field, inputType, input, answer }: Analysis, more: object = {}): Promise<unknown> {
  const document = `query ($input: ${inputType}) { ${field}(input: $input) { ${answer} meta { definition rowsRead } } }`;
  const data = await server.query<Record<string, { meta: object }>>(document, {
    input: { ...input, range, ...more },
  });
  const { meta, ...rest } = data[field] ?? { meta: {} };
  expect(meta).toMatchObject({ definition: expect.stringMatching(/\.$/) as string });
  return rest;
}

/** Every number of an answer, however deep, but times and places: what counts something. */
function counts(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.flatMap(counts);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    typeof part === 'number' ? (PLACES.has(name) ? [] : [part]) : counts(part),
  );
}
const PLACES = new Set(['index', 'period', 'step', 'recency', 'frequency', 'r', 'f', 'm']);

describe.each(ANALYSES)('$field', (analysis) => {
  it('counts nothing where nothing is', async () => {
    await emptyStore(engine);
    const answer = await answerOf(analysis);
    expect(counts(answer).filter((count) => count !== 0 && count !== 1)).toEqual([]);
    for (const list of analysis.lists) expect(await people(analysis, list)).toEqual([]);
  });
});

/** Names that would be something else to whoever did not bind them, and one of a Chinese customer. */
const HOSTILE = [
  "a') , (select 'PWNED",
  'x`; drop table events; --',
  '{p1:Identifier}',
  '\\N',
  '__proto__',
  '$1 ? SETTINGS max_memory_usage=1',
  '顾客 “Ä” \u202e',
];

describe.each(ANALYSES.filter(({ takesWhere }) => takesWhere))('$field', (analysis) => {
  it('takes any name and value as what it is', async () => {
    await emptyStore(engine);
    await storeEvents(
      engine,
      HOSTILE.map((text) =>
        customer(text)
          .did('product_viewed', '2026-03-02T10:00Z', { channel: text, [text]: text })
          .did('order_completed', '2026-03-03T10:00Z', { channel: text, [text]: text, revenue: 5 }),
      ),
    );
    await storeTraits(engine, Object.fromEntries(HOSTILE.map((text) => [text, { [text]: text }])));
    const alone = await answerOf(analysis, {
      where: { property: 'customerId', values: HOSTILE.slice(0, 1) },
    });
    for (const text of HOSTILE) {
      const where = { all: [text, 'customerId'].map((property) => ({ property, values: [text] })) };
      const found = await answerOf(analysis, { where });
      expect(counts(found), text).toEqual(counts(alone));
    }
  });
});

async function people({ field, inputType, input }: Analysis, list: string): Promise<readonly string[]> {
  const document = `query ($input: ${inputType}) { ${field}(input: $input) { ${openedList(list, 5)} } }`;
  const text = JSON.stringify(await server.query(document, { input: { ...input, range } }));
  return [...text.matchAll(/"id":"([^"]*)"/g)].map(([, id]) => id ?? '');
}
