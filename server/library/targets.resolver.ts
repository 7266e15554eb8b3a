/** Targets over GraphQL. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../api/context.ts';
import { isCeiling } from './targets.query.ts';
import type { TargetKpi } from './targets.query.ts';
import { targetProgress } from './targets.service.ts';
import { targetId } from './targets.store.ts';
import type { StoredTarget } from './targets.store.ts';
import { SaveTargetArgs, Target, TargetKpiEnum, TargetProgress } from './targets.types.ts';
import { checkTarget } from './targets.validate.ts';

@Resolver(() => Target)
export class TargetsResolver {
  @Query(() => [Target])
  async targets(
    @Arg('kpis', () => [TargetKpiEnum], { nullable: true, description: 'Of these alone; default: all.' })
    kpis: TargetKpi[] | null,
    @Ctx() { targets }: Context,
  ): Promise<Target[]> {
    const list = await targets.read();
    return list.filter(({ kpi }) => !kpis || kpis.includes(kpi)).map(shown);
  }

  @Mutation(() => Target, {
    description: 'One a key figure and kind of period: saved again, it takes the place of the one before.',
  })
  async saveTarget(
    @Args(() => SaveTargetArgs) { kpi, value, period, timeZone, weekStart }: SaveTargetArgs,
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
