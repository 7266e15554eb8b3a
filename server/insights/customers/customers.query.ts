/** The question "which customers": an audience, a search text, an order. */
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import type { CustomerOrder } from '../../query/customer-order.ts';
import { inputError } from '../../query/problem.ts';
import type { EventVocabulary } from '../../query/events.ts';

export interface CustomersRequest {
  readonly audience?: AudienceRequest | null;
  readonly search?: string | null;
  readonly orderBy?: CustomerOrder | null;
}

export interface CustomersQuery {
  readonly audience: Audience | null;
  /** Null: everybody. */
  readonly search: string | null;
  /** Largest or newest first. */
  readonly orderBy: CustomerOrder;
}

const LONGEST_SEARCH = 200;

export function normaliseCustomers(
  request: CustomersRequest,
  vocabulary: EventVocabulary,
  lifecycleStages: readonly string[],
): CustomersQuery {
  const search = request.search?.trim() ?? '';
  if (search.length > LONGEST_SEARCH) {
    throw inputError('search', 'TOO_LONG', `A search has up to ${LONGEST_SEARCH} characters.`);
  }
  return {
    audience: normaliseAudience(request.audience, vocabulary, lifecycleStages, 'audience'),
    search: search === '' ? null : search,
    orderBy: request.orderBy ?? 'LAST_SEEN',
  };
}
