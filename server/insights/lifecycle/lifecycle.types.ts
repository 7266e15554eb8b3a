/** GraphQL types of the lifecycle. What they say is the contract's; how it is worked out stands elsewhere. */
import { ArgsType, Field, Float, InputType, ObjectType } from 'type-graphql';
import { AnswerMeta } from '../../api/types/answer.types.ts';
import { PeopleArgs } from '../../api/types/customer.types.ts';
import { LifecycleStage } from '../../api/types/journey.types.ts';
import { DateTime, SafeInt } from '../../api/types/scalars.ts';
import {
  AudienceInput,
  BreakdownInput,
  EventMatchInput,
  FilterInput,
  IntervalEnum,
  RangeInput,
  enumOf,
} from '../../api/types/selection.types.ts';
import type { Interval } from '../../query/period.ts';
import { GROWTH_STATUSES } from './lifecycle.query.ts';
import type { GrowthStatus, LifecycleQuery, LifecycleRequest } from './lifecycle.query.ts';
import type { LifecycleGroup } from './groups.sql.ts';
import type { HistoryPoint } from './lifecycle.result.ts';
import type { Move } from './lifecycle.sql.ts';

const GrowthStatusEnum = enumOf(GROWTH_STATUSES, 'GrowthStatus');

@InputType()
export class LifecycleInput implements LifecycleRequest {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Who is in which stage at this instant. Default: now.',
  })
  at?: Date;

  @Field(() => RangeInput, {
    nullable: true,
    description: 'For `history`, `transitions` and `growth`. Default: the 90 days up to `at`.',
  })
  range?: RangeInput;

  @Field(() => IntervalEnum, { defaultValue: 'DAY' })
  interval!: Interval;

  @Field(() => EventMatchInput, {
    nullable: true,
    description: 'The event that counts as activity in `growth`. Default: any.',
  })
  activity?: EventMatchInput;

  @Field(() => FilterInput, { nullable: true, description: 'Which events the rules and `growth` may see.' })
  where?: FilterInput;

  @Field(() => AudienceInput, { nullable: true })
  audience?: AudienceInput;

  @Field(() => BreakdownInput, {
    nullable: true,
    description:
      'By trait, or by the event property on the first (FIRST_TOUCH) or last (LAST_TOUCH) event up to `at` that has it.',
  })
  breakdown?: BreakdownInput;
}

@ObjectType({ simpleResolvers: true })
export class LifecycleStageShare {
  query!: LifecycleQuery;
  group!: LifecycleGroup | null;
  number!: number;

  @Field(() => LifecycleStage)
  stage!: LifecycleStage;

  @Field(() => SafeInt)
  customers!: number;

  @Field(() => Float, { description: 'Of all customers known at `at`, or of those of its group.' })
  share!: number;

  @Field(() => Float, { description: 'Of these customers, all time up to `at`.' })
  revenue!: number;

  @Field(() => SafeInt, { description: 'Net change against the start of the range.' })
  change!: number;
}

@ObjectType({ simpleResolvers: true })
export class LifecycleCount {
  @Field(() => String, { description: 'Key of the stage.' })
  stage!: string;

  @Field(() => SafeInt)
  customers!: number;
}

@ObjectType({ simpleResolvers: true })
export class LifecyclePoint {
  @Field(() => DateTime, { description: 'The ends of the range, and where intervals begin between them.' })
  at!: Date;

  @Field(() => [LifecycleCount], { description: 'In the order of the journey map; every stage.' })
  stages!: readonly LifecycleCount[];
}

@ObjectType({ simpleResolvers: true })
export class LifecycleTransition {
  query!: LifecycleQuery;
  move!: Move;

  @Field(() => String, { nullable: true, description: 'Null for those first seen between.' })
  from!: string | null;

  @Field(() => String)
  to!: string;

  @Field(() => SafeInt)
  customers!: number;
}

@ObjectType({ simpleResolvers: true })
export class GrowthPoint {
  query!: LifecycleQuery;

  @Field(() => DateTime)
  start!: Date;

  @Field(() => SafeInt)
  new!: number;

  @Field(() => SafeInt)
  returning!: number;

  @Field(() => SafeInt)
  resurrecting!: number;

  @Field(() => SafeInt, { description: 'Drawn below the axis by convention; positive here.' })
  dormant!: number;

  @Field(() => Boolean, { description: 'False while the interval has not ended.' })
  complete!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class LifecycleSeries {
  @Field(() => [String], { description: 'One per property; empty where unset.' })
  values!: string[];

  @Field(() => Boolean, {
    description: 'All values that are not among the largest; its values are not listed.',
  })
  isOther!: boolean;

  @Field(() => [LifecycleStageShare], {
    description: 'Every stage, also empty ones; shares are of the group. With `key` that stage alone.',
  })
  stages!: LifecycleStageShare[];
}

@ArgsType()
export class GrowthMembersArgs extends PeopleArgs {
  @Field(() => GrowthStatusEnum)
  status!: GrowthStatus;
}

@ObjectType({ simpleResolvers: true })
export class Lifecycle {
  query!: LifecycleQuery;

  /** The history, where the stages were counted by it. */
  known!: readonly HistoryPoint[] | null;

  @Field(() => [LifecycleStageShare], {
    description:
      'In the order of the journey map; every stage, also empty ones. With `key` that stage alone, so that only its customers are looked up.',
  })
  stages!: LifecycleStageShare[];

  @Field(() => [LifecycleTransition], {
    description:
      "Who moved from which stage to which between the range's ends. Customers who stayed are the diagonal. `from` and `to` keep those alone; an empty `from` means those first seen between.",
  })
  transitions!: LifecycleTransition[];

  @Field(() => AnswerMeta)
  meta!: AnswerMeta;
}
