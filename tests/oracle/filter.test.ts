/** Random filters on random values of every kind, on the real engine, against the slow way. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { compileFilter, FILTER_OPS, normaliseFilter } from '../../server/query/filter.ts';
import type { FilterRequest } from '../../server/query/filter.ts';
import { join, param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';
import { passes } from './filter.ts';
import type { FilteredEvent, FilterNode, Json } from './filter.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

/** Values that meet each other: as numbers, texts, times, in other scripts, nearly alike. */
const TEXTS = [
  '1',
  '1.0',
  '01',
  '-1',
  '+1',
  '1e3',
  '1000',
  '.5',
  '0.5',
  '12.5',
  '12.50',
  '9007199254740993',
  '0',
  '-0',
  'x1',
  '',
  ' ',
  'red',
  'Red',
  'RED',
  'redder',
  'true',
  'false',
  'null',
  'a.b',
  "o'hare",
  'a\\b',
  '"',
  'straße',
  'STRASSE',
  'Ä',
  'ä',
  'İ',
  'i',
  'Σ',
  'σ',
  'ОДИН',
  'один',
  '李雷',
  '雷',
  '😀',
  'é',
  'e\u0301',
  '%',
  '_',
  '2026-05-01',
  '2026-05-01T00:00:00Z',
  '2026-05-01T02:00:00+02:00',
  '2026-05-01 00:00:00.001',
  '2026-04-30T23:59:59.999Z',
  '2026-05-02',
  '2026-02-30',
  '20260501',
  '2026',
  'Monday',
  '1777593600',
  'inf?',
  '0x10',
  '1,5',
  '1 000',
] as const;
const NUMBERS = [0, 1, -1, 0.5, 12.5, 1000, 1e21, 1e-7, 123456789012, 9007199254740991, 0.1 + 0.2];
const PATTERNS = ['^r', 'ed$', '[0-9]+', '(?:a|Ä)', '^$', '.', '^.{2}$', '\\d{4}-\\d{2}', 'i', 'red|true'];

const scalar = fc.oneof(fc.constantFrom(...TEXTS), fc.constantFrom(...NUMBERS), fc.boolean());
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(fc.constantFrom('red', 'Ä', '雷'), { maxLength: 3, minLength: 1 }) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3, minLength: 1 }) },
  { weight: 1, arbitrary: fc.record({ b: scalar }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const NAMES = ['p', 'q', '名前', 'a b'] as const;
const bag = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 4 });
const event = fc.record({
  event: fc.constantFrom('view', 'buy', 'Red'),
  channel: fc.constantFrom('', 'web', 'store', 'red'),
  revenue: fc.constantFrom(null, 0, 12.5, -3, 1000, 0.5),
  timeMs: fc
    .constantFrom('2026-05-01T00:00:00.000Z', '2026-05-01T00:00:00.001Z', '2026-04-30T23:59:59.999Z')
    .map(Date.parse),
  properties: bag,
  traits: bag,
});

const property = fc.constantFrom(
  ...NAMES,
  'p.b',
  'q.b',
  '名前.b',
  'event',
  'channel',
  'revenue',
  'time',
  'missing',
);
const condition: fc.Arbitrary<FilterNode> = fc
  .record({
    property,
    of: fc.constantFrom('EVENT' as const, 'EVENT' as const, 'CUSTOMER' as const),
    op: fc.constantFrom(...FILTER_OPS),
    texts: fc.array(fc.oneof(fc.constantFrom(...TEXTS), scalar.map(String)), { minLength: 2, maxLength: 3 }),
    patterns: fc.array(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 2 }),
  })
  .map(({ texts, patterns, ...node }) => ({ ...node, values: valuesFor(node.op, texts, patterns) }));

function valuesFor(op: string, texts: readonly string[], patterns: readonly string[]): readonly string[] {
  if (op === 'MATCHES') return patterns;
  if (op.endsWith('_SET')) return [];
  if (op === 'BETWEEN') return texts.slice(0, 2);
  return ['GT', 'GTE', 'LT', 'LTE'].includes(op) ? texts.slice(0, 1) : texts;
}

const { tree } = fc.letrec<{ tree: FilterNode }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: condition },
    { weight: 1, arbitrary: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })) },
    { weight: 1, arbitrary: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: tie('tree').map((not) => ({ not })) },
  ),
}));

const WORLDS = 12;
const FILTERS = 50;
const EVENTS = 25;
let world = 0;

it(`lets the same events pass as one by one, in ${WORLDS} worlds under ${FILTERS} filters each`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: EVENTS, maxLength: EVENTS }),
      fc.array(tree, { minLength: FILTERS, maxLength: FILTERS }),
      async (events, trees) => {
        world += 1;
        const found = await passing(events, trees);
        trees.forEach((node, k) => {
          const expected = events.flatMap((one, i) => (passes(one, node) ? [i] : []));
          const wrong = new Set(
            [...expected, ...found(k)].filter((i) => expected.includes(i) !== found(k).includes(i)),
          );
          const told = [...wrong].map((i) =>
            JSON.stringify({ expected: expected.includes(i), node, event: events[i] }),
          );
          expect(told.slice(0, 1)).toEqual([]);
        });
      },
    ),
    { numRuns: WORLDS, endOnFailure: true },
  );
});

/** Which of the events the engine lets pass, by the filter's position. */
async function passing(
  events: readonly FilteredEvent[],
  trees: readonly FilterNode[],
): Promise<(filter: number) => readonly number[]> {
  const idOf = (i: number): string => `w${world}-${i}`;
  await storeEvents(
    engine,
    events.map(({ traits: _traits, ...one }, i) => ({
      ...one,
      id: idOf(i),
      customerId: idOf(i),
      orderId: '',
      sessionId: `w${world}`,
    })),
  );
  await storeTraits(engine, Object.fromEntries(events.map(({ traits }, i) => [idOf(i), traits])));
  const conditions = trees.map((node) => compileFilter(normaliseFilter(node as FilterRequest, 'where')));
  const query = {
    name: 'test',
    sql: sql`SELECT event_id AS id, [${join(
      conditions.map((one) => sql`toUInt8(${one})`),
      sql`, `,
    )}] AS passed FROM events WHERE session_id = ${param.string(`w${world}`)}`,
    row: undefined as { id: string; passed: number[] } | undefined,
  };
  const { rows } = await engine.query(query);
  expect(rows).toHaveLength(events.length);
  return (filter) =>
    rows.filter((row) => row.passed[filter] === 1).map((row) => Number(row.id.split('-')[1]));
}
