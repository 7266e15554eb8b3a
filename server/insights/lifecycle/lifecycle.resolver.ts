/** The lifecycle over GraphQL: input to question, answer to types, numbers to the people behind them. */
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { PageArgs } from '../../api/types/answer.types.ts';
import { CustomerConnection, customerConnection } from '../../api/types/customer.types.ts';
import { lifecycleMembers, runGrowth, runHistory, runLifecycle } from './lifecycle.service.ts';
import {
  GrowthMembersArgs,
  GrowthPoint,
  Lifecycle,
  LifecycleInput,
  LifecyclePoint,
  LifecycleStageShare,
  LifecycleTransition,
} from './lifecycle.types.ts';

@Resolver(() => Lifecycle)
export class LifecycleResolver {
  @Query(() => Lifecycle)
  async lifecycle(
    @Arg('input', () => LifecycleInput) input: LifecycleInput,
    @Ctx() { scope }: Context,
  ): Promise<Lifecycle> {
    const { query, stages, transitions, meta } = await runLifecycle(input, scope);
    return {
      query,
      stages: stages.map((share) => ({ ...share, query })),
      transitions: transitions.map((transition) => ({ ...transition, query })),
      meta,
    };
  }

  @FieldResolver(() => [LifecycleStageShare])
  stages(
    @Root() { stages }: Lifecycle,
    @Arg('key', () => String, { nullable: true }) key?: string | null,
  ): LifecycleStageShare[] {
    return key == null ? stages : stages.filter(({ stage }) => stage.key === key);
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
  async history(@Root() { query }: Lifecycle, @Ctx() { scope }: Context): Promise<LifecyclePoint[]> {
    const points = await runHistory(query, scope);
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

@Resolver(() => LifecycleStageShare)
export class LifecycleStageShareResolver {
  @FieldResolver(() => CustomerConnection)
  async members(
    @Root() { query, number: stage }: LifecycleStageShare,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await lifecycleMembers(query, { stage }, page, scope));
  }
}

@Resolver(() => LifecycleTransition)
export class LifecycleTransitionResolver {
  @FieldResolver(() => CustomerConnection)
  async members(
    @Root() { query, move }: LifecycleTransition,
    @Args(() => PageArgs) page: PageArgs,
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
