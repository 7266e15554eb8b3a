/** The lifecycle over GraphQL: input to question, answer to types, numbers to the people behind them. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { asksFor } from '../../api/asks-for.ts';
import type { Context } from '../../api/context.ts';
import { CustomerConnection, PeopleArgs, customerConnection } from '../../api/types/customer.types.ts';
import { seriesOf } from '../../query/breakdown.ts';
import type { LifecycleGroup } from './groups.sql.ts';
import type { LifecycleQuery } from './lifecycle.query.ts';
import type { StageShare } from './lifecycle.result.ts';
import {
  lifecycleMembers,
  runGrowth,
  runHistory,
  runLifecycle,
  runLifecycleBreakdown,
} from './lifecycle.service.ts';
import {
  GrowthMembersArgs,
  GrowthPoint,
  Lifecycle,
  LifecycleInput,
  LifecyclePoint,
  LifecycleSeries,
  LifecycleStageShare,
  LifecycleTransition,
} from './lifecycle.types.ts';

@Resolver(() => Lifecycle)
export class LifecycleResolver {
  @Query(() => Lifecycle)
  async lifecycle(
    @Arg('input', () => LifecycleInput) input: LifecycleInput,
    @Ctx() { scope }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Lifecycle> {
    const asked = {
      history: asksFor('history', info),
      details: asksFor('revenue', info) || asksFor('transitions', info),
    };
    const { query, stages, transitions, history, meta } = await runLifecycle(input, scope, asked);
    return {
      query,
      known: history,
      stages: sharesOf(stages, query, null),
      transitions: transitions.map((transition) => ({ ...transition, query })),
      meta,
    };
  }

  @FieldResolver(() => [LifecycleStageShare])
  stages(
    @Root() { stages }: Lifecycle,
    @Arg('key', () => String, { nullable: true }) key?: string | null,
  ): LifecycleStageShare[] {
    return ofStage(stages, key);
  }

  @FieldResolver(() => [LifecycleSeries], {
    description:
      'One per value of the breakdown, largest first; empty without one. With `values` that group alone (none: the rest).',
  })
  async breakdown(
    @Root() { query }: Lifecycle,
    @Ctx() { scope }: Context,
    @Arg('values', () => [String], { nullable: true }) wanted?: string[] | null,
  ): Promise<LifecycleSeries[]> {
    const series = seriesOf(await runLifecycleBreakdown(query, scope), wanted);
    return series.map(({ group, values, isOther, stages }) => ({
      values: [...values],
      isOther,
      stages: sharesOf(stages, query, group),
    }));
  }

  @FieldResolver(() => [LifecycleTransition])
  transitions(
    @Root() { transitions }: Lifecycle,
    @Arg('from', () => String, { nullable: true }) from?: string | null,
    @Arg('to', () => String, { nullable: true }) to?: string | null,
  ): LifecycleTransition[] {
    return transitions.filter(
      (move) => (from == null || (move.from ?? '') === from) && (to == null || move.to === to),
    );
  }

  @FieldResolver(() => [LifecyclePoint])
  async history(@Root() { query, known }: Lifecycle, @Ctx() { scope }: Context): Promise<LifecyclePoint[]> {
    const points = known ?? (await runHistory(query, scope));
    return points.map(({ atMs, stages }) => ({ at: new Date(atMs), stages }));
  }

  @FieldResolver(() => [GrowthPoint], {
    description: 'New, returning, resurrecting and dormant customers per interval.',
  })
  async growth(@Root() { query }: Lifecycle, @Ctx() { scope }: Context): Promise<GrowthPoint[]> {
    const points = await runGrowth(query, scope);
    return points.map(({ startMs, counts, complete }) => ({
      query,
      start: new Date(startMs),
      new: counts.NEW,
      returning: counts.RETURNING,
      resurrecting: counts.RESURRECTING,
      dormant: counts.DORMANT,
      complete,
    }));
  }
}

@Resolver(() => LifecycleSeries)
export class LifecycleSeriesResolver {
  @FieldResolver(() => [LifecycleStageShare])
  stages(
    @Root() { stages }: LifecycleSeries,
    @Arg('key', () => String, { nullable: true }) key?: string | null,
  ): LifecycleStageShare[] {
    return ofStage(stages, key);
  }
}

function sharesOf(
  stages: readonly StageShare[],
  query: LifecycleQuery,
  group: LifecycleGroup | null,
): LifecycleStageShare[] {
  return stages.map((share) => ({ ...share, query, group }));
}

function ofStage(stages: LifecycleStageShare[], key: string | null | undefined): LifecycleStageShare[] {
  return key == null ? stages : stages.filter(({ stage }) => stage.key === key);
}

@Resolver(() => LifecycleStageShare)
export class LifecycleStageShareResolver {
  @FieldResolver(() => CustomerConnection)
  async members(
    @Root() { query, number: stage, group }: LifecycleStageShare,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await lifecycleMembers(query, { stage, group }, page, scope));
  }
}

@Resolver(() => LifecycleTransition)
export class LifecycleTransitionResolver {
  @FieldResolver(() => CustomerConnection)
  async members(
    @Root() { query, move }: LifecycleTransition,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await lifecycleMembers(query, { move }, page, scope));
  }
}

@Resolver(() => GrowthPoint)
export class GrowthPointResolver {
  @FieldResolver(() => CustomerConnection)
  async members(
    @Root() { query, start }: GrowthPoint,
    @Args(() => GrowthMembersArgs) { status, ...page }: GrowthMembersArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    const members = { startMs: start.getTime(), status };
    return customerConnection(await lifecycleMembers(query, members, page, scope));
  }
}
