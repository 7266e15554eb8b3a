/** GraphQL types of metrics. */
import { Field, Float, InputType, ObjectType } from 'type-graphql';
import { AnswerMeta, SeriesPoint } from '../../api/types/answer.types.ts';
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
import { MEASURES } from './metric.query.ts';
import type { Measure, MetricQuery, MetricRequest } from './metric.query.ts';

const MeasureEnum = enumOf(MEASURES, 'Measure', undefined, {
  SESSIONS: { description: "Different session ids of a customer's events." },
  ORDERS: { description: 'One per order id of a customer; a purchase without an id is its own.' },
  REVENUE: { description: 'Sum of `revenue`; returns are negative.' },
  AVERAGE_ORDER_VALUE: { description: 'Revenue of orders / orders.' },
});

@InputType()
export class MetricInput implements MetricRequest {
  @Field(() => MeasureEnum)
  measure!: Measure;

  @Field(() => EventMatchInput, { nullable: true, description: 'Default: any event.' })
  match?: EventMatchInput;

  @Field(() => RangeInput)
  range!: RangeInput;

  @Field(() => IntervalEnum, { defaultValue: 'DAY' })
  interval!: Interval;

  @Field(() => FilterInput, { nullable: true })
  where?: FilterInput;

  @Field(() => AudienceInput, { nullable: true })
  audience?: AudienceInput;

  @Field(() => BreakdownInput, { nullable: true })
  breakdown?: BreakdownInput;
}

@ObjectType({ simpleResolvers: true })
export class MetricSeries {
  @Field(() => [String], { description: 'One per property; empty where unset.' })
  values!: string[];

  @Field(() => Boolean, {
    description: 'All values that are not among the largest; its values are not listed.',
  })
  isOther!: boolean;

  @Field(() => Float)
  total!: number;

  @Field(() => [SeriesPoint])
  series!: SeriesPoint[];
}

@ObjectType({ simpleResolvers: true })
export class Metric {
  /** Not part of the API: what the breakdown asks again. */
  query!: MetricQuery;

  @Field(() => Float, { description: 'Over the whole range; 0 where a ratio is not defined.' })
  total!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Over the range of equal length just before; null where a ratio is not defined.',
  })
  previous!: number | null;

  @Field(() => [SeriesPoint], { description: 'One point an interval; 0 where a ratio is not defined.' })
  series!: SeriesPoint[];

  @Field(() => AnswerMeta)
  meta!: AnswerMeta;
}
