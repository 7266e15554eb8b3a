// The tokens as numbers: text on what it stands on, marks on their ground, and the colours of data as the
// colour-blind see them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, distance, SIGHTS } from './color-sight.ts';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

function tokens(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('\n}')[0] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name = '', hex = '']) => [name, hex]),
  );
}
const light = tokens(':root');
const themes = [
  { theme: 'light', all: light },
  { theme: 'dark', all: new Map([...light, ...tokens(":root[data-theme='dark']")]) },
];

/** Words: 4.5 to 1. */
const TEXT: readonly (readonly [string, readonly string[]])[] = [
  [
    'text',
    ['page', 'card', 'sunken', 'raised', 'hover', 'accent-soft', 'warn-soft', 'good-soft', 'bad-soft'],
  ],
  ['text-2', ['page', 'card', 'sunken', 'raised', 'hover', 'accent-soft', 'warn-soft']],
  ['text-3', ['page', 'card', 'sunken', 'raised', 'hover']],
  ['accent', ['page', 'card', 'raised', 'hover', 'accent-soft']],
  ['good', ['page', 'card', 'raised', 'hover', 'good-soft']],
  ['bad', ['page', 'card', 'raised', 'hover', 'bad-soft']],
  ['warn', ['page', 'card', 'warn-soft']],
  ['on-accent', ['accent', 'accent-strong']],
  ['page', ['text']],
  ['text', ['heat-0', 'heat-1', 'heat-2', 'heat-3']],
  ['heat-on-4', ['heat-4']],
  ['heat-on', ['heat-5', 'heat-6', 'heat-7']],
];
/** What must be seen to be used: 3 to 1. */
const MARKS: readonly (readonly [string, readonly string[]])[] = [
  ['focus', ['page', 'card', 'raised', 'sunken']],
  ['fill', ['card', 'sunken']],
  ['accent', ['card', 'sunken', 'accent-soft']],
];
const CATEGORIES = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `cat-${n}`);

describe.each(themes)('the $theme theme', ({ all }) => {
  const value = (name: string): string => {
    const hex = all.get(name);
    if (!hex) throw new Error(`there is no token --${name}`);
    return hex;
  };
  const weak = (pairs: typeof TEXT, least: number): string[] =>
    pairs.flatMap(([front, grounds]) =>
      grounds
        .map((ground) => ({ front, ground, ratio: contrast(value(front), value(ground)) }))
        .filter(({ ratio }) => ratio < least)
        .map(({ front: name, ground, ratio }) => `${name} on ${ground}: ${ratio.toFixed(2)}`),
    );

  it('holds text 4.5 to 1 apart from all that it stands on', () => {
    expect(weak(TEXT, 4.5)).toEqual([]);
  });

  it('holds the focus and the bars 3 to 1 apart from their ground', () => {
    expect(weak(MARKS, 3)).toEqual([]);
  });

  it.each(Object.entries(SIGHTS))('has eight data colours that differ for %s sight', (_, sight) => {
    expect(closest(CATEGORIES.map(value), sight)).toBeGreaterThan(0.11);
  });

  it.each(Object.entries(SIGHTS))('has stages that differ where they touch, for %s sight', (_, sight) => {
    const stacked = [
      'high_value',
      'loyal',
      'active',
      'won_back',
      'new',
      'at_risk',
      'dormant',
      'lost',
      'prospect',
    ];
    const neighbours = stacked.slice(1).map((stage, i) => {
      const [one, other] = [value(`stage-${stacked[i]}`), value(`stage-${stage}`)];
      return { pair: `${stacked[i]} / ${stage}`, far: distance(one, other, sight) };
    });
    expect(neighbours.filter(({ far }) => far < 0.06)).toEqual([]);
  });

  it('has a ramp of one direction: each step of the heat map is lighter or darker than the one before', () => {
    const steps = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => contrast(value(`heat-${n}`), '#000000'));
    const rising = steps.slice(1).map((step, i) => step > (steps[i] ?? 0));
    expect(new Set(rising).size).toBe(1);
  });
});

function closest(colors: readonly string[], sight: (typeof SIGHTS)[string]): number {
  const pairs = colors.flatMap((one, i) => colors.slice(i + 1).map((other) => distance(one, other, sight)));
  return Math.min(...pairs);
}
