/** Attribution, asked of the schema: literal stories, literal credit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { InputError } from '../../server/query/problem.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import type { Story } from '../support/events.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const RANGE = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
const VISITS = { conversion: { events: ['purchase'] }, touchpoints: { events: ['visit'] }, range: RANGE };
const FIELDS =
  'conversions revenue rows { name touches customers credit { model conversions revenue share } }';

interface Answer {
  readonly conversions: number;
  readonly revenue: number;
  readonly rows: readonly {
    readonly name: string;
    readonly touches: number;
    readonly customers: number;
    readonly credit: readonly Record<'conversions' | 'revenue' | 'share', number>[];
  }[];
}

let told = 0;

/** Tells the stories in a world of their own and asks there. */
async function attribution(stories: readonly Story[], input: object = {}): Promise<Answer> {
  const world = `world-${(told += 1)}`;
  const events = stories.flatMap((story) => [...story]);
  const own = events.map((event) => ({
    ...event,
    id: `${world} ${event.id}`,
    customerId: `${world} ${event.customerId}`,
    properties: { ...event.properties, world },
  }));
  await storeEvents(engine, own);
  const where = { property: 'world', values: [world] };
  const answer = await askOf(engine, { now: '2026-06-01T00:00:00Z' })<{ attribution: Answer }>(
    `query ($input: AttributionInput!) { attribution(input: $input) { ${FIELDS} } }`,
    { input: { ...VISITS, where, ...input } },
  );
  return answer.attribution;
}

/** Conversions by name, under the first model. */
const conversionsOf = ({ rows }: Answer): Record<string, number> =>
  Object.fromEntries(rows.map(({ name, credit }) => [name, credit[0]?.conversions ?? 0]));
const revenueOf = ({ rows }: Answer): Record<string, number> =>
  Object.fromEntries(rows.map(({ name, credit }) => [name, credit[0]?.revenue ?? 0]));

/** A purchase on March 20 at midnight, after visits so many days before. */
function buyer(id: string, visits: Readonly<Record<string, number>>, revenue = 100): Story {
  const bought = Date.UTC(2026, 2, 20);
  const story = customer(id);
  for (const [channel, days] of Object.entries(visits)) {
    story.did('visit', bought - days * 86_400_000, { channel });
  }
  return story.did('purchase', bought, { channel: 'web', revenue });
}

describe('models', () => {
  const three = () => [buyer('ann', { search: 3, mail: 2, social: 1 })];

  it('give all to the first, all to the last, or equal parts', async () => {
    expect(conversionsOf(await attribution(three(), { models: ['FIRST_TOUCH'] }))).toEqual({
      search: 1,
      mail: 0,
      social: 0,
    });
    expect(conversionsOf(await attribution(three()))).toEqual({ social: 1, search: 0, mail: 0 });
    const linear = await attribution(three(), { models: ['LINEAR'] });
    expect(Object.values(conversionsOf(linear)).sort()).toEqual([0.33333333, 0.33333333, 0.33333334]);
    expect(Object.values(revenueOf(linear)).sort()).toEqual([33.3333, 33.3333, 33.3334]);
  });

  it('by position: 100; 50, 50; 40, 20, 40; 40, 10, 10, 40', async () => {
    const models = ['POSITION_BASED'];
    expect(conversionsOf(await attribution([buyer('ann', { a: 1 })], { models }))).toEqual({ a: 1 });
    expect(conversionsOf(await attribution([buyer('ann', { a: 2, b: 1 })], { models }))).toEqual({
      a: 0.5,
      b: 0.5,
    });
    expect(conversionsOf(await attribution(three(), { models }))).toEqual({
      search: 0.4,
      social: 0.4,
      mail: 0.2,
    });
    const four = await attribution([buyer('ann', { a: 4, b: 3, c: 2, d: 1 })], { models });
    expect(conversionsOf(four)).toEqual({ a: 0.4, d: 0.4, b: 0.1, c: 0.1 });
  });

  it('by age: seven days make half, fourteen a quarter', async () => {
    const stories = [buyer('ann', { old: 15, week: 8, new: 1 }, 70)];
    const answer = await attribution(stories, { models: ['TIME_DECAY'] });
    expect(revenueOf(answer)).toEqual({ new: 40, week: 20, old: 10 });
    expect(conversionsOf(answer)['new']).toBeCloseTo(4 / 7, 7);
  });

  it('by removal effect, as worked out by hand', async () => {
    // Paths: search mail -> purchase; search -> purchase; mail -> nothing; mail -> nothing.
    // From the start: search 1/2, mail 1/2. search: mail 1/2, purchase 1/2. mail: purchase 1/3.
    // All: 1/2 (1/2 + 1/6) + 1/6 = 1/2. Without search 1/6, without mail 1/4: effects 2/3 and 1/2, or 4 to 3.
    const stories = [
      buyer('ann', { search: 2, mail: 1 }, 50),
      buyer('bob', { search: 1 }, 20),
      customer('eve').did('visit', '2026-03-05T00:00Z', { channel: 'mail' }),
      customer('tom').did('visit', '2026-03-05T00:00Z', { channel: 'mail' }),
    ];
    const answer = await attribution(stories, { models: ['MARKOV'] });
    expect(revenueOf(answer)).toEqual({ search: 40, mail: 30 });
    expect(conversionsOf(answer)['search']).toBeCloseTo(8 / 7, 7);
    expect(conversionsOf(answer)['mail']).toBeCloseTo(6 / 7, 7);
  });

  it('stand in the order asked for, side by side', async () => {
    const { rows } = await attribution(three(), { models: ['LINEAR', 'LAST_TOUCH', 'MARKOV'] });
    expect(rows[0]?.credit.map((credit) => ({ ...credit }))).toMatchObject([
      { model: 'LINEAR' },
      { model: 'LAST_TOUCH' },
      { model: 'MARKOV' },
    ]);
  });
});

describe('touchpoints', () => {
  it('count from the beginning of the lookback on, up to the conversion and not at its instant', async () => {
    const edge = [buyer('ann', { early: 7.00001, edge: 7, late: 0 })];
    const answer = await attribution(edge, { lookback: 'P7D' });
    expect(answer.rows.map(({ name }) => name)).toEqual(['edge']);
  });

  it('of a lookback of months reach back to the same day', async () => {
    const story = () => [
      customer('ann')
        .did('visit', '2026-02-15T09:59:59.999Z', { channel: 'early' })
        .did('visit', '2026-02-15T10:00Z', { channel: 'edge' })
        .did('purchase', '2026-03-15T10:00Z'),
    ];
    expect(conversionsOf(await attribution(story(), { lookback: 'P1M', models: ['LINEAR'] }))).toEqual({
      edge: 1,
    });
  });

  it('may lie before the range, conversions may not', async () => {
    const story = customer('ann')
      .did('visit', '2026-02-10T00:00Z', { channel: 'search' })
      .did('purchase', '2026-02-28T23:59:59.999Z')
      .did('purchase', '2026-03-01T00:00Z')
      .did('purchase', '2026-04-01T00:00Z');
    const answer = await attribution([story]);
    expect(answer).toMatchObject({ conversions: 1, rows: [{ name: 'search', touches: 1, customers: 1 }] });
  });

  it('are counted once, however many conversions they lead to', async () => {
    const story = customer('ann')
      .did('visit', '2026-03-02T00:00Z', { channel: 'search' })
      .did('purchase', '2026-03-03T00:00Z')
      .did('purchase', '2026-03-03T00:00Z')
      .did('purchase', '2026-03-04T00:00Z')
      .did('visit', '2026-03-05T00:00Z', { channel: 'search' });
    const answer = await attribution([story]);
    expect(answer).toMatchObject({ conversions: 3, rows: [{ name: 'search', touches: 1, customers: 1 }] });
  });

  it('are any event before, by default: also an earlier conversion, never the conversion itself', async () => {
    const story = customer('ann')
      .did('purchase', '2026-03-03T00:00Z', { channel: 'store' })
      .did('purchase', '2026-03-04T00:00Z', { channel: 'web' });
    const answer = await attribution([story], { touchpoints: null });
    expect(conversionsOf(answer)).toEqual({ '(none)': 1, store: 1 });
  });

  it('of one instant are taken in the order of their values', async () => {
    const at = '2026-03-03T00:00Z';
    const story = () => [
      customer('ann')
        .did('visit', at, { channel: 'b', id: '1' })
        .did('visit', at, { channel: 'a', id: '2' })
        .did('purchase', '2026-03-04T00:00Z'),
    ];
    expect(conversionsOf(await attribution(story(), { models: ['FIRST_TOUCH'] }))).toEqual({ a: 1, b: 0 });
    expect(conversionsOf(await attribution(story()))).toEqual({ b: 1, a: 0 });
  });

  it('are named by any property; where it is missing or blank they are "(not set)"', async () => {
    const story = customer('ann')
      .did('visit', '2026-03-03T00:00Z', { campaign: 'spring' })
      .did('visit', '2026-03-04T00:00Z', { campaign: '' })
      .did('visit', '2026-03-05T00:00Z', { campaign: 7 })
      .did('visit', '2026-03-06T00:00Z')
      .did('purchase', '2026-03-07T00:00Z');
    const answer = await attribution([story], { by: 'campaign', models: ['LINEAR'] });
    expect(conversionsOf(answer)).toEqual({ '(not set)': 0.5, '7': 0.25, spring: 0.25 });
  });
});

describe('sums', () => {
  it('hold for what is taken back too, which is a conversion of negative revenue when asked for', async () => {
    const story = customer('ann')
      .did('visit', '2026-03-02T00:00Z', { channel: 'search' })
      .did('purchase', '2026-03-03T00:00Z', { revenue: 50 })
      .did('visit', '2026-03-04T00:00Z', { channel: 'mail' })
      .did('refund', '2026-03-05T00:00Z', { revenue: -50 });
    const conversion = { events: ['purchase', 'refund'] };
    const answer = await attribution([story], { conversion, models: ['LINEAR', 'MARKOV'] });
    expect(answer).toMatchObject({ conversions: 2, revenue: 0 });
    expect(revenueOf(answer)).toEqual({ search: 25, mail: -25 });
    expect(conversionsOf(answer)).toEqual({ search: 1.5, mail: 0.5 });
  });

  it('give conversions without touchpoints to "(none)", under every model', async () => {
    const models = ['FIRST_TOUCH', 'LINEAR', 'TIME_DECAY', 'MARKOV'];
    const answer = await attribution([buyer('ann', {}, 30), buyer('bob', { a: 1 }, 10)], { models });
    const none = answer.rows.find(({ name }) => name === '(none)');
    expect(none).toMatchObject({ touches: 0, customers: 1 });
    expect(none?.credit).toMatchObject(models.map((model) => ({ model, conversions: 1, revenue: 30 })));
  });

  it('are nothing, without rows, where nobody converts', async () => {
    const stories = [customer('ann').did('visit', '2026-03-05T00:00Z', { channel: 'mail' })];
    const models = ['LAST_TOUCH', 'MARKOV'];
    expect(await attribution(stories, { models })).toEqual({ conversions: 0, revenue: 0, rows: [] });
  });

  it('keep the 100 values with most touchpoints apart; the rest is one row', async () => {
    const stories = Array.from({ length: 130 }, (_, i) =>
      buyer(`buyer ${i}`, { [`value ${String(i).padStart(3, '0')}`]: 2, common: 1 }, 0.37),
    );
    const models = ['LINEAR', 'MARKOV', 'FIRST_TOUCH'];
    const answer = await attribution(stories, { models });
    expect(answer.rows).toHaveLength(101);
    expect(answer.rows.find(({ name }) => name === '(other)')).toMatchObject({ touches: 31, customers: 31 });
    models.forEach((_, m) => {
      const sum = (of: 'conversions' | 'revenue', steps: number): number =>
        answer.rows.reduce((all, { credit }) => all + Math.round((credit[m]?.[of] ?? 0) * steps), 0);
      expect(sum('conversions', 1e8)).toBe(130 * 1e8);
      expect(sum('revenue', 1e4)).toBe(481_000);
    });
  });
});

it('opens a row into the people behind it', async () => {
  await storeEvents(engine, [
    buyer('of the row', { 'only here': 1 }),
    customer('not converting').did('visit', '2026-03-05T00:00Z', { channel: 'only here' }),
  ]);
  const answer = await askOf(engine, { now: '2026-06-01T00:00:00Z' })(
    `query ($input: AttributionInput!) { attribution(input: $input) {
      rows(name: "only here") { name customers members { totalCount nodes { id } } }
    } }`,
    { input: VISITS },
  );
  expect(answer).toEqual({
    attribution: {
      rows: [{ name: 'only here', customers: 1, members: { totalCount: 1, nodes: [{ id: 'of the row' }] } }],
    },
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['an unnamed property', { by: ' ' }, ['by', 'BAD_PROPERTY']],
    ['no model', { models: [] }, ['models', 'BAD_MODELS']],
    ['a model twice', { models: ['LINEAR', 'LINEAR'] }, ['models', 'BAD_MODELS']],
    ['a lookback of nothing', { lookback: 'P0D' }, ['lookback', 'BAD_DURATION']],
    ['an endless lookback', { lookback: 'P60Y' }, ['lookback', 'LOOKBACK_TOO_LONG']],
    ['a reversed range', { range: { from: RANGE.to, to: RANGE.from } }, ['range', 'BAD_RANGE']],
    ['an unknown stage', { touchpoints: { stage: 'nowhere' } }, ['touchpoints.stage', 'UNKNOWN_STAGE']],
    ['a filter on nothing', { where: {} }, ['where', 'BAD_FILTER']],
  ])('%s', async (_, input, [field, code]) => {
    const asked = askOf(engine)(
      `query ($input: AttributionInput!) { attribution(input: $input) { conversions } }`,
      {
        input: { ...VISITS, ...input },
      },
    );
    const error = await asked.then(
      () => null,
      (found: Error) => (found.cause as { originalError?: unknown }).originalError,
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems).toMatchObject([{ field, code }]);
  });
});
