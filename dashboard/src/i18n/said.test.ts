import { describe, expect, it } from 'vitest';
import { saidIn } from './said.ts';
import type { Phrase } from './said.ts';
import { said } from './zh/said.ts';

const inChinese = (sentence: string): string | null =>
  saidIn(said, sentence, (name) => (name === 'product_viewed' ? '浏览商品' : name));

describe('what the server says', () => {
  it('is translated with what stands in its places, lists entry by entry', () => {
    const phrases: readonly Phrase[] = [
      [
        'Did {steps}, within {span}.',
        '{span}内做过{steps}。',
        { of: 'steps', between: ', then ', then: '、' },
      ],
      ['{n} days', '{n} 天'],
    ];
    expect(saidIn(phrases, 'Did a, then b, within 14 days.')).toBe('14 天内做过a、b。');
    expect(saidIn(phrases, 'Something else.')).toBeNull();
  });

  it('tells in Chinese what a funnel counted', () => {
    const said = inChinese(
      'Customers who did product_viewed, then order_completed, in this order, other events between them ignored, within 14 days of the first of them, all from 2026-10-23T00:00Z up to now, 2026-11-22T19:00:00.123Z, of all customers, over all events; each customer counts once, by the attempt that got furthest.',
    );
    expect(said).toContain('依次为浏览商品、order_completed的客户');
    expect(said).toContain('14 天内');
    expect(said).not.toMatch(/[a-z]{3,} [a-z]{2,}/);
  });

  it('says why it refused, and leaves what nobody knows to be shown as it is', () => {
    expect(inChinese('input.name: There is an audience "VIP" already.')).toBe('已有名为“VIP”的人群。');
    expect(inChinese('Something is odd.')).toBeNull();
  });
});
