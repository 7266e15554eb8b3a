import { expect, test } from 'vitest';
import type { CustomerPageFragment } from '../api/generated.ts';
import { collectPeople } from './collect.ts';
import type { PageOf } from './question.ts';

const customer = (id: string) => ({ id }) as CustomerPageFragment['nodes'][number];

/** A list of so many customers. */
function list(total: number) {
  const asked: PageOf[] = [];
  return {
    asked,
    load: (page: PageOf): Promise<CustomerPageFragment> => {
      asked.push(page);
      const from = Number(page.after ?? 0);
      const to = Math.min(total, from + page.first);
      return Promise.resolve({
        totalCount: total,
        nodes: Array.from({ length: to - from }, (_, i) => customer(`c${from + i}`)),
        pageInfo: { hasNextPage: to < total, endCursor: String(to) },
      });
    },
  };
}

test('all pages are collected, in an order that does not change meanwhile, and told of', async () => {
  const source = list(2500);
  const told: number[] = [];
  const { people, total } = await collectPeople(source, {
    signal: new AbortController().signal,
    onprogress: (done) => told.push(done),
  });
  expect([people.length, total, told]).toEqual([2500, 2500, [1000, 2000, 2500]]);
  expect(source.asked.every((page) => page.orderBy === 'FIRST_SEEN')).toBe(true);
});

test('no more are collected than the bound, and the total says so', async () => {
  const collecting = { signal: new AbortController().signal, onprogress: () => {} };
  const { people, total } = await collectPeople(list(5000), collecting, 1500);
  expect([people.length, total]).toEqual([1500, 5000]);
});

test('cancelling ends it after the page under way', async () => {
  const controller = new AbortController();
  const collecting = { signal: controller.signal, onprogress: () => controller.abort() };
  await expect(collectPeople(list(5000), collecting)).rejects.toThrow();
});
