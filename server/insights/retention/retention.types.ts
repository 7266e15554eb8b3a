/** GraphQL types of retention. What they say is the contract's; how it is worked out stands elsewhere. */
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { AnswerMeta } from '../../api/types/answer.types.ts';
import { DateTime, SafeInt } from '../../api/types/scalars.ts';
import {
  AudienceInput,
  BreakdownInput,
  enumOf,
  EventMatchInput,
  FilterInput,
  IntervalEnum,
  RangeInput,
} from '../../api/types/selection.types.ts';
import type { Interval } from '../../query/period.ts';
import {
  RETENTION_ALIGNMENTS,
  RETENTION_ENTRIES,
  RETENTION_MEASURES,
  RETENTION_MODES,
} from './retention.query.ts';
import type {
  RetentionAlignment,
  RetentionEntry,
  RetentionMeasure,
  RetentionMode,
  RetentionQuery,
  RetentionRequest,
} from './retention.query.ts';
import type { RetentionGroup } from './retention.sql.ts';

const RetentionEntryEnum = enumOf(RETENTION_ENTRIES, 'RetentionEntry', undefined, {
  FIRST_TIME: {
    description: "The period of the customer's first event ever that matches `start`, filters included.",
  },
  FIRST_EVER: {
    description:
      'The period of the first event ever of that name; customers whose first does not match the filters are left out.',
  },
  FIRST_IN_RANGE: { description: "The period of the customer's first start event in the range." },
  RECURRING: { description: 'Every period with a start event.' },
});

const RetentionModeEnum = enumOf(RETENTION_MODES, 'RetentionMode', undefined, {
  ON: { description: 'Active in that very period.' },
  ON_OR_AFTER: { description: 'Active in that period or any later one (unbounded).' },
  EVERY: { description: 'Active in every period up to it.' },
});

const RetentionAlignmentEnum = enumOf(RETENTION_ALIGNMENTS, 'RetentionAlignment', undefined, {
  ROLLING: { description: "Periods of 24 hours (or 7 x 24) counted from each customer's own start." },
});

const RetentionMeasureEnum = enumOf(RETENTION_MEASURES, 'RetentionMeasure');

@InputType()
export class RetentionInput implements RetentionRequest {
  @Field(() => EventMatchInput)
  start!: EventMatchInput;

  @Field(() => EventMatchInput, { nullable: true, description: 'Default: the same as `start`.' })
  return?: EventMatchInput;

  @Field(() => RangeInput, { description: 'Rows are the whole intervals that it touches.' })
  range!: RangeInput;

  @Field(() => IntervalEnum, { defaultValue: 'WEEK' })
  interval!: Interval;

  @Field(() => Int, { nullable: true, defaultValue: 11, description: 'Columns after the first.' })
  periods?: number;

  @Field(() => [Int], {
    nullable: true,
    description: 'Instead of `periods`: columns of so many intervals each, one after the other.',
  })
  brackets?: number[];

  @Field(() => RetentionAlignmentEnum, { nullable: true, defaultValue: 'CALENDAR' })
  alignment?: RetentionAlignment;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 1,
    description: 'A period counts only with at least so many return events in it.',
  })
  minimumOccurrences?: number;

  @Field(() => RetentionEntryEnum, { nullable: true, defaultValue: 'FIRST_TIME' })
  entry?: RetentionEntry;

  @Field(() => RetentionModeEnum, { nullable: true, defaultValue: 'ON' })
  mode?: RetentionMode;

  @Field(() => RetentionMeasureEnum, { nullable: true, defaultValue: 'CUSTOMERS' })
  measure?: RetentionMeasure;

  @Field(() => FilterInput, { nullable: true })
  where?: FilterInput;

  @Field(() => AudienceInput, { nullable: true })
  audience?: AudienceInput;

  @Field(() => BreakdownInput, { nullable: true })
  breakdown?: BreakdownInput;
}

/** Not part of the API: what a drill-down asks again, and for which row. */
export interface RetentionRowRef {
  readonly query: RetentionQuery;
  readonly group: RetentionGroup | null;
  /** Position of the row. */
  readonly cohort: number;
}

@ObjectType({ simpleResolvers: true })
export class RetentionCell {
  of!: RetentionRowRef;

  @Field(() => Int)
  period!: number;

  @Field(() => SafeInt)
  customers!: number;

  @Field(() => Float, { description: 'Share of the row; 0 in a row without customers.' })
  rate!: number;

  @Field(() => Float, {
    description:
      'Events or revenue in that period, as `measure` asks; cumulative revenue per customer is `lifetimeValue`.',
  })
  value!: number;

  @Field(() => Float, { nullable: true })
  lifetimeValue!: number | null;

  @Field(() => Boolean, { description: 'False while the period has not ended.' })
  complete!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class RetentionCohort {
  of!: RetentionRowRef;

  @Field(() => DateTime)
  start!: Date;

  @Field(() => SafeInt)
  size!: number;

  @Field(() => [RetentionCell], { description: 'With `period` that cell alone.' })
  cells!: RetentionCell[];
}

@ObjectType({ simpleResolvers: true })
export class RetentionAverage {
  @Field(() => Int)
  period!: number;

  @Field(() => Float)
  rate!: number;

  @Field(() => Float, { description: "Wilson's interval, 95 %." })
  low!: number;

  @Field(() => Float)
  high!: number;

  @Field(() => Float, { description: 'The value of the complete cells for each customer of their rows.' })
  value!: number;
}

@ObjectType({ simpleResolvers: true })
export class RetentionSeries {
  @Field(() => [String], { description: 'One per property; empty where unset.' })
  values!: string[];

  @Field(() => Boolean, {
    description: 'All values that are not among the largest; its values are not listed.',
  })
  isOther!: boolean;

  @Field(() => [RetentionCohort])
  cohorts!: RetentionCohort[];

  @Field(() => [RetentionAverage])
  average!: RetentionAverage[];
}

@ObjectType({ simpleResolvers: true })
export class Retention {
  /** Not part of the API: what the breakdown asks again. */
  query!: RetentionQuery;

  @Field(() => [RetentionCohort], {
    description: 'Oldest first. With `start` that row alone, so that only its customers are looked up.',
  })
  cohorts!: RetentionCohort[];

  @Field(() => [RetentionAverage], {
    description:
      'Weighted over the cohorts that are complete in each period; a period that none has completed is absent.',
  })
  average!: RetentionAverage[];

  @Field(() => AnswerMeta)
  meta!: AnswerMeta;
}
