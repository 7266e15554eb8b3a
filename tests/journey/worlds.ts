/** Random journey maps and customers for property tests: few days and short windows, so that edges meet. */
import fc from 'fast-check';
import type { JourneyMap } from '../../server/journey/map.ts';
import type { LifecycleRule } from '../../server/journey/rule.ts';
import type { Person } from '../oracle/lifecycle.ts';

export const DAY = 86_400_000;
/** Month ends lie in the stretch: windows of months are shown their corners. */
export const START = Date.UTC(2025, 0, 20);
export const DAYS = 60;

const window = fc.constantFrom('P1D', 'P2D', 'P5D', 'P10D', 'P21D', 'P1M', 'PT36H');
const optionalWindow = fc.option(window, { nil: undefined });
const names = fc.option(fc.constantFrom(['view'], ['points'], ['view', 'points']), { nil: undefined });
const where = fc.option(
  fc.oneof(
    fc.constantFrom('shoes', 'toys').map((kind) => ({ property: 'kind', values: [kind] })),
    fc.constant({ property: 'kind', op: 'IS_NOT' as const, values: ['shoes'] }),
    fc.constant({ property: 'kind', op: 'IS_SET' as const }),
  ),
  { nil: undefined, freq: 3 },
);
const channels = fc.option(fc.constantFrom(['web'], ['app', 'web']), { nil: undefined, freq: 2 });
const match = fc.option(
  fc.record({ events: names, where, channels }).map((given) => JSON.parse(JSON.stringify(given)) as object),
  { nil: undefined },
);

const bounds = (most: number) =>
  fc.oneof(
    fc.record({ atLeast: fc.integer({ min: 0, max: most }), within: optionalWindow }),
    fc.record({ atMost: fc.integer({ min: 0, max: most }), within: optionalWindow }),
    fc
      .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: most }), optionalWindow)
      .map(([a, b, within]) => ({ atLeast: Math.min(a, b), atMost: Math.max(a, b), within })),
  );

const atom: fc.Arbitrary<LifecycleRule> = fc.oneof(
  fc.constant<LifecycleRule>({ neverOrdered: true }),
  window.map((noOrderFor) => ({ noOrderFor })),
  fc.tuple(bounds(3), where).map(([orders, w]) => ({ orders: { ...orders, where: w } })),
  fc.tuple(bounds(100), where).map(([revenue, w]) => ({ revenue: { ...revenue, where: w } })),
  window.map((firstOrderWithin) => ({ firstOrderWithin })),
  fc.record({ within: window, after: window }).map((cameBack) => ({ cameBack })),
  fc.tuple(bounds(3), match).map(([did, m]) => ({ did: { ...did, match: m } })),
  fc.record({ for: window, match }).map((notSeenFor) => ({ notSeenFor })),
  fc.constantFrom('gold', 'silver').map((tier) => ({ trait: { property: 'tier', values: [tier] } })),
);

const rulesOf = (leaf: fc.Arbitrary<LifecycleRule>): fc.Arbitrary<LifecycleRule> =>
  fc.letrec<{ rule: LifecycleRule }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('rule').map((not) => ({ not })),
    ),
  })).rule;

const plainMaps = fc
  .array(rulesOf(atom), { minLength: 1, maxLength: 5 })
  .map((rules) => mapOf([...rules, {}]));

/** A stage before that is the rule's own is put right by `mapOf`: it would be refused. */
const backward = fc.oneof(
  { arbitrary: atom, weight: 2 },
  {
    arbitrary: fc
      .array(fc.constantFrom('s0', 's1', 's2', 's3', 's4'), { minLength: 1, maxLength: 3 })
      .map((stageBefore): LifecycleRule => ({ stageBefore })),
    weight: 1,
  },
);
const backwardMaps = fc
  .array(rulesOf(backward), { minLength: 5, maxLength: 5 })
  .map((rules) => mapOf([...rules.map((rule, i) => elsewhere(rule, `s${i}`)), {}]));

function elsewhere(rule: LifecycleRule, own: string): LifecycleRule {
  if ('all' in rule) return { all: rule.all.map((part) => elsewhere(part, own)) };
  if ('any' in rule) return { any: rule.any.map((part) => elsewhere(part, own)) };
  if ('not' in rule) return { not: elsewhere(rule.not, own) };
  if (!('stageBefore' in rule)) return rule;
  return { stageBefore: rule.stageBefore.map((key) => (key === own ? 's5' : key)) };
}

/** Half of them ask for the stage before. */
export const maps: fc.Arbitrary<JourneyMap> = fc.oneof(plainMaps, backwardMaps);

export function mapOf(rules: readonly LifecycleRule[]): JourneyMap {
  return {
    stages: [{ key: 'look', name: 'Look', color: '#000000', description: 'Looks.', events: ['view'] }],
    lifecycle: rules.map((r, i) => ({
      key: `s${i}`,
      name: `S${i}`,
      color: '#000000',
      description: 'A stage.',
      rule: r,
      isLost: false,
    })),
    orderEvents: ['buy'],
    returnEvents: ['return'],
  };
}

/** Instants on the hour of noon and midnight, so that windows end exactly at points. */
const instant = fc.integer({ min: 0, max: DAYS * 2 }).map((half) => START + (half * DAY) / 2);

const event = fc.record({
  event: fc.constantFrom('view', 'view', 'points', 'buy', 'buy', 'return', 'other'),
  timeMs: instant,
  channel: fc.constantFrom('', 'web', 'app'),
  sessionId: fc.constantFrom('', '', 'visit'),
  properties: fc.constantFrom({}, { kind: 'shoes' }, { kind: 'toys' }),
  orderId: fc.constantFrom('', '', 'o1', 'o2'),
  revenue: fc.constantFrom(null, null, 0, 10, 49.99, 60, -20),
});

/** The story of a person without an id: the test gives each its own. */
export const people: fc.Arbitrary<readonly ((id: string) => Person)[]> = fc.array(
  fc
    .tuple(
      fc.array(event, { minLength: 1, maxLength: 8 }),
      fc.option(fc.constantFrom('gold', 'silver', 'none'), { nil: undefined }),
    )
    .map(([events, tier]) => (id: string): Person => ({
      traits: tier === undefined ? {} : { tier },
      events: events.map((e, i) => ({
        ...e,
        id: `${id}-${i}`,
        customerId: id,
      })),
    })),
  { minLength: 15, maxLength: 25 },
);
