// The people behind a row or a cell of the heat map, of all customers or of one value of the breakdown.
import {
  CohortCellPeopleDocument,
  CohortMembersDocument,
  SeriesCellPeopleDocument,
  SeriesCohortMembersDocument,
} from '../../api/generated.ts';
import type { RetentionInput } from '../../api/generated.ts';
import { peopleOf } from '../../people/question.ts';
import type { PeopleQuestion } from '../../people/question.ts';

interface CohortPlace {
  input: RetentionInput;
  /** One value of the breakdown; null: all. */
  values: string[] | null;
  /** The row. */
  start: string;
  /** The column; null: the whole row. */
  period: number | null;
}

/** Those who returned, or did not; of a whole row all its members. */
export function cohortPeople(title: string, place: CohortPlace, isReturned: boolean): PeopleQuestion {
  const { input, values, start, period } = place;
  const half = isReturned ? ('returned' as const) : ('lost' as const);
  if (period === null) {
    return values
      ? peopleOf({
          title,
          document: SeriesCohortMembersDocument,
          variables: { input, values, start },
          pick: ({ retention }) => retention.breakdown[0]?.cohorts[0]?.members,
        })
      : peopleOf({
          title,
          document: CohortMembersDocument,
          variables: { input, start },
          pick: ({ retention }) => retention.cohorts[0]?.members,
        });
  }
  const cell = { input, start, period, isReturned };
  return values
    ? peopleOf({
        title,
        document: SeriesCellPeopleDocument,
        variables: { ...cell, values },
        pick: ({ retention }) => retention.breakdown[0]?.cohorts[0]?.cells[0]?.[half],
      })
    : peopleOf({
        title,
        document: CohortCellPeopleDocument,
        variables: cell,
        pick: ({ retention }) => retention.cohorts[0]?.cells[0]?.[half],
      });
}
