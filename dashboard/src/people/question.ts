// What a number opens into: a title, which list it is, and how its pages are loaded.
import type {
  AudienceInput,
  CustomerOrder,
  CustomerPageFragment,
  TypedDocumentString,
} from '../api/generated.ts';
import { request } from '../api/http.ts';

/** Which page of the list, in which order. */
export interface PageOf {
  first: number;
  /** The cursor of the page before; null for the first. */
  after: string | null;
  orderBy: CustomerOrder;
}

export interface PeopleQuestion {
  /** E.g. "Dropped after Checkout started". */
  title: string;
  /** Equal for one and the same list, whatever its order. */
  key: string;
  load: (page: PageOf, signal: AbortSignal) => Promise<CustomerPageFragment>;
  /** Who they are as a rule, where a rule says it: an audience that follows it can be saved. */
  rule?: AudienceInput;
}

interface Asked<T, V> {
  title: string;
  document: TypedDocumentString<T, V & PageOf>;
  variables: V;
  /** Finds the list in the answer; undefined where the answer no longer has the number. */
  pick: (answer: T) => CustomerPageFragment | null | undefined;
  rule?: AudienceInput;
}

/** The customers of a number that an operation answers. */
export function peopleOf<T, V extends object>({
  title,
  document,
  variables,
  pick,
  rule,
}: Asked<T, V>): PeopleQuestion {
  return {
    title,
    key: JSON.stringify([document.toString().slice(0, 60), variables]),
    ...(rule && { rule }),
    load: async (page, signal) => {
      const found = pick(await request(document, { ...variables, ...page }, signal));
      if (!found) throw new Error('the answer no longer has this number');
      return found;
    },
  };
}
