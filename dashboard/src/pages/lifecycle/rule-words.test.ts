import { expect, test } from 'vitest';
import { lifecycle as en } from '../../i18n/en/lifecycle.ts';
import { lifecycle as zh } from '../../i18n/zh/lifecycle.ts';
import { ruleInWords } from './rule-words.ts';

const names = {
  event: (name: string) => name,
  channel: (name: string) => name,
  stage: (key: string) => key,
  lifecycleStage: (key: string) => key,
  duration: (iso: string) => `${/\d+/.exec(iso)?.[0]} days`,
  count: String,
  money: (n: number) => `$${n}`,
};
const say = (rule: unknown) => ruleInWords(rule, en.rules.words, names);

test('every rule of the built-in map in words', () => {
  expect(say({ neverOrdered: true })).toBe('no order so far');
  expect(say({ noOrderFor: 'P365D' })).toBe('no order for 365 days');
  expect(say({ cameBack: { within: 'P30D', after: 'P120D' } })).toBe(
    'an order in the last 30 days that came after 120 days or more without one',
  );
  expect(say({ firstOrderWithin: 'P30D' })).toBe('first order in the last 30 days');
  expect(say({ revenue: { atLeast: 1000, within: 'P365D' } })).toBe(
    'revenue of $1000 or more in the last 365 days',
  );
  expect(say({ orders: { atLeast: 3, within: 'P180D' } })).toBe('3 or more orders in the last 180 days');
  expect(say({})).toBe('everybody else');
});

test('joined rules keep what belongs together together', () => {
  const points = { did: { match: { events: ['points_viewed'] }, atLeast: 1, within: 'P7D' } };
  expect(say({ any: [{ noOrderFor: 'P60D' }, { all: [{ noOrderFor: 'P30D' }, points] }] })).toBe(
    'no order for 60 days, or (no order for 30 days, and “points_viewed” at least once in the last 7 days)',
  );
  expect(say({ not: { neverOrdered: true } })).toBe('not: no order so far');
});

test('bounds, traits and matches with conditions', () => {
  expect(say({ orders: { atLeast: 2, atMost: 4 } })).toBe('2 to 4 orders');
  expect(say({ trait: { property: 'tier', values: ['gold', 'silver'] } })).toBe('tier is gold, or silver');
  expect(
    say({
      did: {
        match: {
          stage: 'decision',
          channels: ['app'],
          where: { property: 'price', op: 'GT', values: ['9'] },
        },
      },
    }),
  ).toBe('any event of the stage “decision” in app where price is greater than 9 at least once');
});

test('in Chinese too; a rule not known here is shown as written', () => {
  expect(ruleInWords({ noOrderFor: 'P60D' }, zh.rules.words, { ...names, duration: () => '60天' })).toBe(
    '60天内无订单',
  );
  expect(say({ moon: 'full' })).toBe('{"moon":"full"}');
  expect(say(null)).toBe('null');
});

test('the stage before, and events by property', () => {
  expect(say({ stageBefore: ['dormant', 'lost'] })).toContain('as the stage before');
  const where = { property: 'category', values: ['shoes'] };
  expect(say({ orders: { atLeast: 2, where } })).toMatch(/^2 or more orders .*category .*shoes$/);
});
