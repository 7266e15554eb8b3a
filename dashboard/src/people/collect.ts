// All customers of a list, page by page, up to a bound. They come by when they were first seen, which does not
// change while new events arrive: nobody is missed or met twice.
import type { CustomerRowFragment } from '../api/generated.ts';
import type { PeopleQuestion } from './question.ts';

/** More are not collected at once. */
export const MOST_PEOPLE = 100_000;
const AT_ONCE = 1000;

export interface Collecting {
  signal: AbortSignal;
  /** Called after each page. */
  onprogress: (done: number, total: number) => void;
}

/** Rejects with the signal's reason when cancelled. `total` may be more than are given. */
export async function collectPeople(
  question: Pick<PeopleQuestion, 'load'>,
  { signal, onprogress }: Collecting,
  most = MOST_PEOPLE,
): Promise<{ people: CustomerRowFragment[]; total: number }> {
  const people = new Map<string, CustomerRowFragment>();
  let after: string | null = null;
  for (;;) {
    const first = Math.min(AT_ONCE, most - people.size);
    const page = await question.load({ first, after, orderBy: 'FIRST_SEEN' }, signal);
    signal.throwIfAborted();
    for (const customer of page.nodes) people.set(customer.id, customer);
    onprogress(people.size, page.totalCount);
    after = page.pageInfo.endCursor ?? null;
    if (!page.pageInfo.hasNextPage || after === null || people.size >= most)
      return { people: [...people.values()], total: page.totalCount };
  }
}
