/** GraphQL inputs that every analysis shares: range, filter, event match, audience, breakdown. */
import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import type { AudienceRequest, BehaviorRequest } from '../../query/audience.ts';
import { BREAKDOWN_ATTRIBUTIONS } from '../../query/breakdown.ts';
import type { BreakdownAttribution, BreakdownRequest } from '../../query/breakdown.ts';
import type { EventMatchRequest } from '../../query/event-match.ts';
import { FILTER_OPS, PROPERTY_SCOPES } from '../../query/filter.ts';
import type { FilterOp, FilterRequest, PropertyScope } from '../../query/filter.ts';
import { INTERVALS } from '../../query/period.ts';
import { WEEK_STARTS } from '../../query/time-range.ts';
import type { RangeRequest, WeekStart } from '../../query/time-range.ts';
import { DateTime, Duration } from './scalars.ts';

/** A GraphQL enum whose values are their own names. */
export function enumOf<T extends string>(
  values: readonly T[],
  name: string,
  description?: string,
  valuesConfig = {},
) {
  const object = Object.fromEntries(values.map((value) => [value, value])) as { [K in T]: K };
  registerEnumType(object, { name, description, valuesConfig });
  return object;
}

export const IntervalEnum = enumOf(INTERVALS, 'Interval');
export const WeekStartEnum = enumOf(WEEK_STARTS, 'WeekStart');
export const FilterOpEnum = enumOf(FILTER_OPS, 'FilterOp');
export const BreakdownAttributionEnum = enumOf(BREAKDOWN_ATTRIBUTIONS, 'BreakdownAttribution', undefined, {
  FIRST_TOUCH: {
    description: "The value on the customer's earliest event that matches a step and has one.",
  },
  ALL_STEPS: {
    description: 'One funnel per value, from only the events that carry it; a customer may be in several.',
  },
  STEP: {
    description: 'One funnel per value on the events of step `step`; a customer may be in several.',
  },
});
export const PropertyScopeEnum = enumOf(PROPERTY_SCOPES, 'PropertyScope');

@InputType({
  description:
    'Either `last` (a rolling range that ends now) or `from` with an optional `to` (default: now).',
})
export class RangeInput implements RangeRequest {
  @Field(() => DateTime, { nullable: true })
  from?: Date;

  @Field(() => DateTime, { nullable: true })
  to?: Date;

  @Field(() => Duration, { nullable: true })
  last?: string;

  @Field(() => String, {
    nullable: true,
    defaultValue: 'UTC',
    description: 'IANA name. Sets where days, weeks and months begin; never the length of a window.',
  })
  timeZone?: string;

  @Field(() => WeekStartEnum, { nullable: true, defaultValue: 'MONDAY' })
  weekStart?: WeekStart;

  @Field(() => Duration, {
    nullable: true,
    description:
      'Moves the range back by so much, to compare with: of a range that goes on, the part that had passed then.',
  })
  offset?: string;
}

@InputType({
  description:
    'One condition (`property`, `op`, `values`), or a combination of others. Exactly one form per node.',
})
export class FilterInput implements FilterRequest {
  @Field(() => [FilterInput], { nullable: true })
  all?: FilterInput[];

  @Field(() => [FilterInput], { nullable: true })
  any?: FilterInput[];

  @Field(() => FilterInput, { nullable: true })
  not?: FilterInput;

  @Field(() => String, {
    nullable: true,
    description:
      "A built-in (`channel`, `event`, `revenue`, `country`, `device`, ...) or a key of the event's properties / the customer's traits.",
  })
  property?: string;

  @Field(() => PropertyScopeEnum, { nullable: true, defaultValue: 'EVENT' })
  of?: PropertyScope;

  @Field(() => FilterOpEnum, { nullable: true, defaultValue: 'IS' })
  op?: FilterOp;

  @Field(() => [String], {
    nullable: true,
    description: 'Several values mean any of them. Numbers and times are written as strings.',
  })
  values?: string[];
}

@InputType({
  description:
    'Matches an event by name, journey stage or channel (those given must all hold), and by `where`. Empty: any event.',
})
export class EventMatchInput implements EventMatchRequest {
  @Field(() => [EventMatchInput], { nullable: true })
  anyOf?: EventMatchInput[];

  @Field(() => [String], { nullable: true })
  events?: string[];

  @Field(() => String, { nullable: true })
  stage?: string;

  @Field(() => [String], { nullable: true })
  channels?: string[];

  @Field(() => FilterInput, { nullable: true })
  where?: FilterInput;

  @Field(() => String, { nullable: true })
  label?: string;
}

@InputType()
export class BehaviorInput implements BehaviorRequest {
  @Field(() => EventMatchInput)
  match!: EventMatchInput;

  @Field(() => Int, { nullable: true, defaultValue: 1 })
  atLeast?: number;

  @Field(() => Int, { nullable: true })
  atMost?: number;

  @Field(() => Duration, { nullable: true, description: 'Looking back from now; all time when absent.' })
  within?: string;
}

@InputType({ description: 'A set of customers. The parts given must all hold.' })
export class AudienceInput implements AudienceRequest {
  @Field(() => ID, { nullable: true, description: 'A saved audience.' })
  id?: string;

  @Field(() => FilterInput, { nullable: true })
  where?: FilterInput;

  @Field(() => [String], { nullable: true })
  lifecycleStages?: string[];

  @Field(() => [BehaviorInput], { nullable: true })
  did?: BehaviorInput[];

  @Field(() => [BehaviorInput], { nullable: true })
  didNot?: BehaviorInput[];

  @Field(() => [AudienceInput], { nullable: true })
  anyOf?: AudienceInput[];

  @Field(() => AudienceInput, { nullable: true })
  except?: AudienceInput;
}

@InputType()
export class BreakdownInput implements BreakdownRequest {
  @Field(() => [String], { description: 'One, or several taken together.' })
  properties!: string[];

  @Field(() => PropertyScopeEnum, { nullable: true, defaultValue: 'EVENT' })
  of?: PropertyScope;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 10,
    description: 'The largest values are kept; the rest are summed as `other`.',
  })
  limit?: number;

  @Field(() => BreakdownAttributionEnum, {
    nullable: true,
    defaultValue: 'FIRST_TOUCH',
    description: 'For funnels: which event gives the value.',
  })
  attribution?: BreakdownAttribution;

  @Field(() => Int, {
    nullable: true,
    description: "For STEP: which step's event gives the value (0-based).",
  })
  step?: number;
}
