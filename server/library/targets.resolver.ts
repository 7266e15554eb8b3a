/** Targets over GraphQL. */
import { Arg, Ctx, FieldResolver, Float, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../api/context.ts';
import { WeekStartEnum } from '../api/types/selection.types.ts';
import type { WeekStart } from '../query/time-range.ts';
import { isCeiling } from './targets.query.ts';
import type { TargetKpi, TargetPeriod } from './targets.query.ts';
import { targetProgress } from './targets.service.ts';
import { targetId } from './targets.store.ts';
import type { StoredTarget } from './targets.store.ts';
import { Target, TargetKpiEnum, TargetPeriodEnum, TargetProgress } from './targets.types.ts';
import { checkTarget } from './targets.validate.ts';

@Resolver(() => Target)
export class TargetsResolver {
  @Query(() => [Target])
  async targets(@Ctx() { targets }: Context): Promise<Target[]> {
    return (await targets.read()).map(shown);
  }

  @Mutation(() => Target, {
    description: 'One a key figure and kind of period: saved again, it takes the place of the one before.',
  })
  async saveTarget(
    @Arg('kpi', () => TargetKpiEnum) kpi: TargetKpi,
    @Arg('value', () => Float, { description: 'Above 0; rates are 0..1.' }) value: number,
    @Arg('period', () => TargetPeriodEnum, { defaultValue: 'MONTH' }) period: TargetPeriod,
    @Arg('timeZone', () => String, { defaultValue: 'UTC', description: 'IANA name: where periods begin.' })
    timeZone: string,
    @Arg('weekStart', () => WeekStartEnum, { defaultValue: 'MONDAY' }) weekStart: WeekStart,
    @Ctx() { targets, scope }: Context,
  ): Promise<Target> {
    const draft = checkTarget({ kpi, value, period, timeZone, weekStart }, scope.compile.nowMs);
    const id = targetId(draft);
    const saved = await targets.save((list, now) => ({
      id,
      ...draft,
      createdMs: list.get(id)?.createdMs ?? now,
    }));
    return shown(saved);
  }

  @Mutation(() => Boolean, { description: 'False where there was none.' })
  deleteTarget(@Arg('id', () => ID) id: string, @Ctx() { targets }: Context): Promise<boolean> {
    return targets.delete(id);
  }

  @FieldResolver(() => TargetProgress)
  progress(@Root() target: Target, @Ctx() { scope }: Context): Promise<TargetProgress> {
    return targetProgress(target, scope);
  }
}

const shown = ({ id, kpi, period, value, timeZone, weekStart }: StoredTarget): Target => ({
  ...{ id, kpi, period, value, timeZone, weekStart },
  isCeiling: isCeiling(kpi),
});
