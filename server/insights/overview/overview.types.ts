/** GraphQL types of the overview. */
import { ArgsType, Field, Float, InputType, ObjectType } from 'type-graphql';
import { AnswerMeta, SeriesPoint } from '../../api/types/answer.types.ts';
import {
  AudienceInput,
  FilterInput,
  IntervalEnum,
  RangeInput,
  enumOf,
} from '../../api/types/selection.types.ts';
import { PeopleArgs } from '../../api/types/customer.types.ts';
import type { Interval } from '../../query/period.ts';
import type { OverviewQuery, OverviewRequest } from './overview.query.ts';
import { OVERVIEW_PEOPLE } from './people.sql.ts';
import type { OverviewPeople } from './people.sql.ts';

@InputType()
export class OverviewInput implements OverviewRequest {
  @Field(() => RangeInput)
  range!: RangeInput;

  @Field(() => IntervalEnum, { defaultValue: 'DAY' })
  interval!: Interval;

  @Field(() => FilterInput, { nullable: true })
  where?: FilterInput;

  @Field(() => AudienceInput, { nullable: true })
  audience?: AudienceInput;
}

const OverviewPeopleEnum = enumOf(
  OVERVIEW_PEOPLE,
  'OverviewPeople',
  'KNOWN by the end of the range; NEW: first order ever in it; ACTIVE: any event in it; BUYERS: an order in it; REPEAT_BUYERS: two or more orders by its end; CHURNED: had ordered before it, not lost at its start, lost at its end.',
);

@ArgsType()
export class OverviewPeopleArgs extends PeopleArgs {
  @Field(() => OverviewPeopleEnum)
  who!: OverviewPeople;
}

@ObjectType({ description: 'One key figure.', simpleResolvers: true })
export class Kpi {
  @Field(() => Float, { description: 'Over the whole range; 0 where a ratio is not defined.' })
  value!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Over the range of equal length just before; null where a ratio is not defined.',
  })
  previous!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: '(value - previous) / previous; null where that is not defined.',
  })
  change!: number | null;

  @Field(() => [SeriesPoint], { description: 'One point an interval; 0 where a ratio is not defined.' })
  series!: SeriesPoint[];
}

@ObjectType({ simpleResolvers: true })
export class Overview {
  /** Not part of the API: what churn asks again. */
  query!: OverviewQuery;

  @Field(() => Kpi, { description: 'Sum of `revenue`; returns are negative.' })
  revenue!: Kpi;

  @Field(() => Kpi, { description: 'One per order id of a customer; a purchase without an id is its own.' })
  orders!: Kpi;

  @Field(() => Kpi, { description: 'Revenue of orders / orders.' })
  averageOrderValue!: Kpi;

  @Field(() => Kpi, { description: "Known by the range's end." })
  customers!: Kpi;

  @Field(() => Kpi, { description: 'Whose first order ever lies in the range.' })
  newCustomers!: Kpi;

  @Field(() => Kpi, { description: 'With any event in the range.' })
  activeCustomers!: Kpi;

  @Field(() => Kpi, { description: 'Of the customers seen, the share that ordered.' })
  conversionRate!: Kpi;

  @Field(() => Kpi, { description: 'Of the customers who ordered, the share with a second order.' })
  repeatPurchaseRate!: Kpi;

  @Field(() => AnswerMeta)
  meta!: AnswerMeta;
}
