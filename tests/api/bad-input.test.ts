/** Bad input gets one clear error each: this code, at this field. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { ANALYSES } from '../support/analyses.ts';
import { BAD_QUESTIONS } from '../support/bad-questions.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { Answer, TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;
beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const range = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };

/** Field and code of the one problem of the one error. */
function problemOf({ errors }: Answer): string {
  expect(errors).toHaveLength(1);
  const { message = '', extensions } = errors?.[0] ?? {};
  expect({ code: extensions?.['code'], message }).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(message).not.toMatch(/undefined|null|NaN|\[object|SELECT/);
  const problems = extensions?.['problems'] as readonly { field: string; code: string; message: string }[];
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toMatch(/^.{15,}[.?]$/s);
  return `${problems[0]?.field.replace(/^input\./, '')} ${problems[0]?.code}`;
}

async function ask(field: string, more: object): Promise<string> {
  const analysis = ANALYSES.find((one) => one.field === field);
  if (!analysis) throw new TypeError(field);
  const document = `query ($input: ${analysis.inputType}) { ${field}(input: $input) { ${analysis.answer} } }`;
  return problemOf(await server.ask(document, { input: { ...analysis.input, range, ...more } }));
}

const nested = (levels: number): object =>
  levels === 0 ? { property: 'a', values: ['1'] } : { all: [{ not: nested(levels - 1) }] };
const wide = (count: number): object => ({
  any: Array.from({ length: count }, (_, i) => ({ property: `p${i}`, values: ['1'] })),
});
const where = (filter: object): object => ({ where: filter });

/** What every analysis with the field refuses alike. */
const SHARED: readonly (readonly [string, object, string])[] = [
  ['a range that ends before it starts', { range: { from: range.to, to: range.from } }, 'range BAD_RANGE'],
  ['a range of no length', { range: { from: range.from, to: range.from } }, 'range BAD_RANGE'],
  ['a range with both forms', { range: { last: 'P7D', from: range.from } }, 'range BAD_RANGE'],
  ['a range with neither', { range: {} }, 'range BAD_RANGE'],
  [
    'a range that is before all time',
    { range: { from: '1960-01-01T00:00:00Z', to: range.to } },
    'range BAD_RANGE',
  ],
  ['a length that is none', { range: { last: '7 days' } }, 'range.last BAD_DURATION'],
  ['a length of zero', { range: { last: 'P0D' } }, 'range.last BAD_DURATION'],
  ['a negative length', { range: { last: '-P7D' } }, 'range.last BAD_DURATION'],
  ['an empty length', { range: { last: '' } }, 'range.last BAD_DURATION'],
  ['an unknown time zone', { range: { ...range, timeZone: 'Mars/Olympus' } }, 'range.timeZone BAD_TIME_ZONE'],
  [
    'an unknown lifecycle stage',
    { audience: { lifecycleStages: ['nirvana'] } },
    'audience.lifecycleStages UNKNOWN_STAGE',
  ],
  ['an unknown audience', { audience: { id: 'nobody' } }, 'audience.id UNKNOWN_AUDIENCE'],
  [
    'an audience by an unknown stage',
    { audience: { did: [{ match: { stage: 'x' } }] } },
    'audience.did[0].match.stage UNKNOWN_STAGE',
  ],
  ['a negative count', { audience: { did: [{ match: {}, atLeast: -1 }] } }, 'audience.did[0] BAD_COUNT'],
  [
    'counts the wrong way round',
    { audience: { didNot: [{ match: {}, atLeast: 2, atMost: 1 }] } },
    'audience.didNot[0] BAD_COUNT',
  ],
  [
    'a look back of zero',
    { audience: { did: [{ match: {}, within: 'PT0S' }] } },
    'audience.did[0].within BAD_DURATION',
  ],
  ['a filter on nothing in an audience', { audience: { where: {} } }, 'audience.where BAD_FILTER'],
];
const FILTERS: readonly (readonly [string, object, string])[] = [
  ['a filter on nothing', where({}), 'where BAD_FILTER'],
  [
    'a filter of two forms',
    where({ property: 'a', values: ['1'], all: [{ property: 'b', op: 'IS_SET' }] }),
    'where BAD_FILTER',
  ],
  ['a filter of all of none', where({ all: [] }), 'where.all BAD_FILTER'],
  ['a filter without a name', where({ property: '', values: ['1'] }), 'where.property BAD_FILTER'],
  [
    'a filter without values',
    where({ not: { property: 'a', op: 'CONTAINS', values: [] } }),
    'where.not.values BAD_FILTER',
  ],
  [
    'a filter that is set to values',
    where({ property: 'a', op: 'IS_SET', values: ['1'] }),
    'where.values BAD_FILTER',
  ],
  ['between one value', where({ property: 'a', op: 'BETWEEN', values: ['1'] }), 'where.values BAD_FILTER'],
  ['filters 50 deep', where(nested(25)), `where${'.all[0].not'.repeat(5)} FILTER_TOO_DEEP`],
  ['600 conditions', where({ all: Array.from({ length: 6 }, () => wide(100)) }), 'where FILTER_TOO_LARGE'],
  ['101 conditions in one node', where(wide(101)), 'where.any BAD_FILTER'],
  [
    'values of 100 kB',
    where({ property: 'a', values: ['x'.repeat(100_000)] }),
    'where.values FILTER_TOO_LARGE',
  ],
  [
    'an invalid regular expression',
    where({ property: 'a', op: 'MATCHES', values: ['(['] }),
    'where.values BAD_PATTERN',
  ],
  [
    'a regular expression that looks ahead',
    where({ property: 'a', op: 'MATCHES', values: ['a(?!b)'] }),
    'where.values BAD_PATTERN',
  ],
];

describe.each(ANALYSES)('$field refuses', ({ field, takesWhere }) => {
  it.each(takesWhere ? [...SHARED, ...FILTERS] : SHARED)('%s', async (_name, more, expected) => {
    expect(await ask(field, more)).toBe(expected);
  });
});

it.each(BAD_QUESTIONS)('%s refuses %s', async (field, _name, more, expected) => {
  expect(await ask(field, more)).toBe(expected);
});

const ages = { from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
it.each(['metric', 'overview', 'retention', 'lifecycle'])(
  '%s refuses 130 years by the hour',
  async (field) => {
    expect(await ask(field, { range: ages, interval: 'HOUR' })).toMatch(
      /^interval TOO_MANY_(INTERVALS|CELLS)$/,
    );
  },
);

const FUNNEL = `funnel(input: { range: { last: "P7D" }, steps: [{ match: { events: ["a"] } }, { match: { events: ["b"] } }] })`;
const FIELDS: readonly (readonly [string, string])[] = [
  [`{ ${FUNNEL} { trend(fromStep: 1, toStep: 0) { entered } } }`, 'fromStep STEP_RANGE'],
  [`{ ${FUNNEL} { trend(toStep: 2) { entered } } }`, 'fromStep STEP_RANGE'],
  [`{ ${FUNNEL} { timeToConvert(bins: 0) { count } } }`, 'bins BAD_BINS'],
  [`{ ${FUNNEL} { steps { reached(first: -1) { totalCount } } } }`, 'first BAD_PAGE'],
  [`{ customers(input: {}, first: 1000000000) { totalCount } }`, 'first BAD_PAGE'],
  [`{ customers(input: {}, after: "x") { totalCount } }`, 'after BAD_CURSOR'],
  [`{ customers(input: { search: "${'x'.repeat(201)}" }) { totalCount } }`, 'search TOO_LONG'],
  [`{ catalog { values(property: "a", first: -1) } }`, 'first BAD_PAGE'],
];
it.each(FIELDS)('%s', async (document, expected) => {
  // Some fields stand in every row of an answer: the first error is the one.
  const answer = await server.ask(document);
  expect(problemOf({ ...answer, errors: answer.errors?.slice(0, 1) ?? [] })).toBe(expected);
});

it('very deep input is refused, not a crash', async () => {
  const document = 'query ($input: MetricInput!) { metric(input: $input) { total } }';
  let filter: object = { property: 'a', values: ['1'] };
  for (let i = 0; i < 3000; i += 1) filter = { not: filter };
  const answer = await server.ask(document, { input: { measure: 'EVENTS', range, where: filter } });
  expect(problemOf(answer)).toMatch(/FILTER_TOO_DEEP$/);
  expect(await server.query('{ viewer { name } }')).toEqual({ viewer: { name: 'admin' } });
});
