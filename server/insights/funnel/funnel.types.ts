/** GraphQL types of the funnel, as the contract names them. */
import { ArgsType, Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { AnswerMeta } from '../../api/types/answer.types.ts';
import { PeopleArgs } from '../../api/types/customer.types.ts';
import { DateTime, Duration, SafeInt } from '../../api/types/scalars.ts';
import {
  AudienceInput,
  BreakdownInput,
  EventMatchInput,
  FilterInput,
  IntervalEnum,
  RangeInput,
  enumOf,
} from '../../api/types/selection.types.ts';
import { DEFAULT_WINDOW, FUNNEL_ORDERS, STEP_OCCURRENCES } from './funnel.query.ts';
import type {
  FunnelExclusionRequest,
  FunnelOrder,
  FunnelQuery,
  FunnelRequest,
  FunnelStepRequest,
  StepOccurrence,
} from './funnel.query.ts';
import type { Interval } from '../../query/period.ts';
import type { HistogramResult } from './funnel-charts.result.ts';
import type { TrendQuery } from './funnel.rows.ts';
import type {
  FunnelAnswer,
  FunnelSeriesAnswer,
  FunnelStepAnswer,
  TrendPointAnswer,
} from './funnel.service.ts';
import type { FunnelGroup } from './groups.sql.ts';

const FunnelOrderEnum = enumOf(FUNNEL_ORDERS, 'FunnelOrder', undefined, {
  ORDERED: { description: 'Steps in order; other events may come between.' },
  STRICT: { description: 'Steps in order with no other event between.' },
  ANY: { description: 'All steps, in any order.' },
});

const StepOccurrenceEnum = enumOf(STEP_OCCURRENCES, 'StepOccurrence', undefined, {
  FIRST_EVER: { description: "Only the customer's first event of that name ever, if it matches." },
  FIRST_MATCHING: { description: "Only the customer's first event ever that matches." },
});

@InputType()
export class FunnelStepInput implements FunnelStepRequest {
  @Field(() => EventMatchInput)
  match!: EventMatchInput;

  @Field(() => StepOccurrenceEnum, { nullable: true, defaultValue: 'ANY' })
  occurrence?: StepOccurrence;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'A customer may skip it; later steps count all the same.',
  })
  optional?: boolean;
}

@InputType({
  description: 'Whoever does `match` after `fromStep` and before `toStep` leaves the funnel at `fromStep`.',
})
export class FunnelExclusionInput implements FunnelExclusionRequest {
  @Field(() => EventMatchInput)
  match!: EventMatchInput;

  @Field(() => Int)
  fromStep!: number;

  @Field(() => Int)
  toStep!: number;
}

@InputType()
export class FunnelInput implements FunnelRequest {
  @Field(() => [FunnelStepInput], { description: '1 to 20.' })
  steps!: FunnelStepInput[];

  @Field(() => RangeInput)
  range!: RangeInput;

  @Field(() => Duration, {
    nullable: true,
    defaultValue: DEFAULT_WINDOW,
    description: 'Time allowed from the first step to the last, counted per attempt.',
  })
  window?: string;

  @Field(() => FunnelOrderEnum, { nullable: true, defaultValue: 'ORDERED' })
  order?: FunnelOrder;

  @Field(() => [FunnelExclusionInput], { nullable: true })
  exclude?: FunnelExclusionInput[];

  @Field(() => [String], {
    nullable: true,
    description: 'Event properties that must keep one value through all steps (for example `productId`).',
  })
  holdConstant?: string[];

  @Field(() => FilterInput, {
    nullable: true,
    description: 'Applies to every event of the funnel, before anything else.',
  })
  where?: FilterInput;

  @Field(() => AudienceInput, { nullable: true, description: 'Default: every customer.' })
  audience?: AudienceInput;

  @Field(() => BreakdownInput, { nullable: true })
  breakdown?: BreakdownInput;
}

@ObjectType({ simpleResolvers: true })
export class FunnelStep implements FunnelStepAnswer {
  /** Not part of the API: the funnel that the step belongs to, and the group of its breakdown. */
  query!: FunnelQuery;
  group!: FunnelGroup | null;

  @Field(() => Int, { description: 'From 0.' })
  index!: number;

  @Field(() => String, { description: 'As given, else what the step matches.' })
  label!: string;

  @Field(() => SafeInt, { description: 'Whose best attempt reached the step; each customer once.' })
  customers!: number;

  @Field(() => Float, { description: 'Share of the first step.' })
  rate!: number;

  @Field(() => Float, { description: 'Share of the step before; 1 for the first.' })
  rateFromPrevious!: number;

  @Field(() => SafeInt, { description: 'Who reached the step before and not this one.' })
  droppedOff!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Time since the step before, over those who made it.',
  })
  medianSeconds!: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean time since the step before.' })
  averageSeconds!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Nine in ten made it from the step before in this time.',
  })
  p90Seconds!: number | null;
}

@ObjectType({ simpleResolvers: true })
export class FunnelTrendPoint implements TrendPointAnswer {
  /** Not part of the API: what the point belongs to. */
  query!: FunnelQuery;
  group!: FunnelGroup | null;
  trend!: TrendQuery;

  @Field(() => DateTime, { description: 'Where the interval begins.' })
  start!: Date;

  @Field(() => SafeInt, { description: 'Who began here and reached `fromStep`.' })
  entered!: number;

  @Field(() => SafeInt, { description: 'Of those, who reached `toStep`, possibly in a later interval.' })
  converted!: number;

  @Field(() => Float, { description: 'Converted of entered.' })
  rate!: number;

  @Field(() => Boolean, { description: 'False while the window is still open for some.' })
  complete!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class HistogramBin {
  @Field(() => Float, { description: 'Inclusive.' })
  from!: number;

  @Field(() => Float)
  to!: number;

  @Field(() => SafeInt)
  count!: number;
}

@ObjectType({ simpleResolvers: true })
export class Histogram implements HistogramResult {
  @Field(() => [HistogramBin], { description: 'Seconds; empty when nobody converted.' })
  bins!: HistogramBin[];

  @Field(() => Float, { nullable: true })
  median!: number | null;

  @Field(() => Float, { nullable: true })
  average!: number | null;

  @Field(() => Float, { nullable: true })
  p90!: number | null;

  @Field(() => SafeInt, { description: 'Who converted.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true })
export class FunnelSeries implements FunnelSeriesAnswer {
  /** Not part of the API: the funnel and the group that this is. */
  query!: FunnelQuery;
  group!: FunnelGroup | null;

  @Field(() => [String], { description: 'One per property; empty where unset.' })
  values!: string[];

  @Field(() => Boolean, { description: 'All values that do not stand apart; `values` is empty then.' })
  isOther!: boolean;

  @Field(() => [FunnelStep])
  steps!: FunnelStep[];

  @Field(() => Float, { description: 'Of those at the first step, the share that reached the last.' })
  conversionRate!: number;
}

@ObjectType({ simpleResolvers: true })
export class Funnel implements FunnelAnswer {
  /** Not part of the API: what was asked. */
  query!: FunnelQuery;

  @Field(() => [FunnelStep], {
    description:
      'In the order asked. With `index` that step alone, so that only its customers are looked up.',
  })
  steps!: FunnelStep[];

  @Field(() => Float, { description: 'Of those at the first step, the share that reached the last.' })
  conversionRate!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Time from the first step to the last, over those who reached it.',
  })
  medianSeconds!: number | null;

  @Field(() => AnswerMeta, { description: 'What it took, how fresh it is, and what was counted.' })
  meta!: AnswerMeta;
}

@ArgsType()
export class FunnelTrendArgs {
  @Field(() => IntervalEnum, { defaultValue: 'DAY' })
  interval!: Interval;

  @Field(() => Int, { nullable: true, defaultValue: 0 })
  fromStep?: number;

  @Field(() => Int, { nullable: true, description: 'Default: the last.' })
  toStep?: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'The interval that begins here alone, so that only its customers are looked up.',
  })
  start?: Date;
}

@ArgsType()
export class TimeToConvertArgs {
  @Field(() => Int, { nullable: true, defaultValue: 0 })
  fromStep?: number;

  @Field(() => Int, { nullable: true, description: 'Default: the last.' })
  toStep?: number;

  @Field(() => Int, { nullable: true })
  bins?: number;
}

@ArgsType()
export class PointCustomersArgs extends PeopleArgs {
  @Field(() => Boolean, { description: 'Those who converted, or those who entered only.' })
  converted!: boolean;
}
