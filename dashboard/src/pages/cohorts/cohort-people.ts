// The people behind a row or a cell of the heat map, of all customers or of one value of the breakdown.
import {
  CohortCellPeopleDocument,
  CohortMembersDocument,
  SeriesCellPeopleDocument,
  SeriesCohortMembersDocument,
} from '../../api/generated.ts';
import type { CustomerPageFragment, RetentionInput } from '../../api/generated.ts';
import { request } from '../../api/http.ts';

export interface CohortPlace {
  input: RetentionInput;
  /** One value of the breakdown; null: all. */
  values: string[] | null;
  /** The row. */
  start: string;
  /** The column; null: the whole row. */
  period: number | null;
}

/** Loads a page of those who returned, or did not; of a whole row all its members. */
export async function cohortPeople(
  { input, values, start, period }: CohortPlace,
  isReturned: boolean,
  page: { first: number; after: string | null },
  signal: AbortSignal,
): Promise<CustomerPageFragment> {
  const row = { input, start, ...page };
  if (period === null) return members(row, values, signal);
  const cell = { ...row, period, isReturned };
  const cohorts = values
    ? (await request(SeriesCellPeopleDocument, { ...cell, values }, signal)).retention.breakdown[0]?.cohorts
    : (await request(CohortCellPeopleDocument, cell, signal)).retention.cohorts;
  const found = cohorts?.[0]?.cells[0];
  return known(isReturned ? found?.returned : found?.lost);
}

async function members(
  row: { input: RetentionInput; start: string; first: number; after: string | null },
  values: string[] | null,
  signal: AbortSignal,
): Promise<CustomerPageFragment> {
  const cohorts = values
    ? (await request(SeriesCohortMembersDocument, { ...row, values }, signal)).retention.breakdown[0]?.cohorts
    : (await request(CohortMembersDocument, row, signal)).retention.cohorts;
  return known(cohorts?.[0]?.members);
}

function known(page: CustomerPageFragment | undefined): CustomerPageFragment {
  if (!page) throw new Error('the answer no longer has this cohort');
  return page;
}
