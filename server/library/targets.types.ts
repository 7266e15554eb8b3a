/** GraphQL types of targets. */
import { ArgsType, Field, Float, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../api/types/scalars.ts';
import { enumOf, WeekStartEnum } from '../api/types/selection.types.ts';
import type { WeekStart } from '../query/time-range.ts';
import { TARGET_KPIS, TARGET_PERIODS } from './targets.query.ts';
import type { TargetKpi, TargetPeriod } from './targets.query.ts';
import { PACE_BASES } from './targets.result.ts';
import type { PaceBasis } from './targets.result.ts';

export const TargetKpiEnum = enumOf(TARGET_KPIS, 'TargetKpi', 'A key figure of the overview.');
export const TargetPeriodEnum = enumOf(TARGET_PERIODS, 'TargetPeriod');
const PaceBasisEnum = enumOf(
  PACE_BASES,
  'PaceBasis',
  'How the end of a period is told from what has passed.',
  {
    WEEK_PATTERN: {
      description:
        'By the share that should be there by now, as orders came by weekday and hour in the four weeks before.',
    },
    LINEAR: { description: 'By the share of the time that has passed: there were too few orders before.' },
    PERIOD_BEFORE: { description: 'By how the period before went on from the same point to its end.' },
    AS_IT_IS: { description: 'An average stays as it is.' },
  },
);

@ObjectType({ description: 'How the period of now stands against its target.', simpleResolvers: true })
export class TargetProgress {
  @Field(() => DateTime, { description: 'When the period began.' })
  from!: Date;

  @Field(() => DateTime, { description: 'When it ends; exclusive.' })
  to!: Date;

  @Field(() => Float, { nullable: true, description: 'Of the key figure in the period so far.' })
  value!: number | null;

  @Field(() => Float, { nullable: true, description: 'value / target.' })
  share!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Which share of the target should be reached by now; null where it cannot be said.',
  })
  expectedShare!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'What the period comes to at its end, as it goes; null where it cannot be said.',
  })
  forecast!: number | null;

  @Field(() => Float, { nullable: true, description: 'forecast / target.' })
  pace!: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether `pace` reaches 1; for a ceiling, whether it does not pass 1.',
  })
  isOnTrack!: boolean | null;

  @Field(() => PaceBasisEnum, { nullable: true })
  basis!: PaceBasis | null;
}

@ObjectType({
  description: 'What a key figure is to come to in each period, over all customers and events.',
  simpleResolvers: true,
})
export class Target {
  /** Not part of the API: what `progress` is asked of. */
  weekStart!: WeekStart;

  @Field(() => ID)
  id!: string;

  @Field(() => TargetKpiEnum)
  kpi!: TargetKpi;

  @Field(() => TargetPeriodEnum)
  period!: TargetPeriod;

  @Field(() => Float, { description: 'Rates are 0..1.' })
  value!: number;

  @Field(() => String, { description: 'IANA name: where the periods begin.' })
  timeZone!: string;

  @Field(() => Boolean, { description: 'Less is better: not to be passed.' })
  isCeiling!: boolean;
}

@ArgsType()
export class SaveTargetArgs {
  @Field(() => TargetKpiEnum)
  kpi!: TargetKpi;

  @Field(() => Float, { description: 'Above 0; rates are 0..1.' })
  value!: number;

  @Field(() => TargetPeriodEnum, { defaultValue: 'MONTH' })
  period!: TargetPeriod;

  @Field(() => String, { defaultValue: 'UTC', description: 'IANA name: where periods begin.' })
  timeZone!: string;

  @Field(() => WeekStartEnum, { defaultValue: 'MONDAY' })
  weekStart!: WeekStart;
}
