/** Retention over GraphQL: input to question, answer to types, cells to the people behind them. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { asksFor } from '../../api/asks-for.ts';
import { CustomerConnection, PeopleArgs, customerConnection } from '../../api/types/customer.types.ts';
import { DateTime } from '../../api/types/scalars.ts';
import { seriesOf } from '../../query/breakdown.ts';
import type { CellAnswer, RetentionAnswer } from './retention.result.ts';
import type { RetentionQuery } from './retention.query.ts';
import type { RetentionGroup } from './retention.sql.ts';
import { retentionPeople, runRetention, runRetentionBreakdown } from './retention.service.ts';
import {
  Retention,
  RetentionCell,
  RetentionCohort,
  RetentionInput,
  RetentionSeries,
} from './retention.types.ts';
import type { RetentionRowRef } from './retention.types.ts';

@Resolver(() => Retention)
export class RetentionResolver {
  @Query(() => Retention)
  async retention(
    @Arg('input', () => RetentionInput) input: RetentionInput,
    @Ctx() { scope }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Retention> {
    const run = await runRetention(input, scope, asksFor('lifetimeValue', info));
    return { ...matrix(run, run.query, null), query: run.query, meta: run.meta };
  }

  @FieldResolver(() => [RetentionSeries], {
    description:
      'One per value of the breakdown, largest first; empty without one. With `values` that series alone (none: the rest).',
  })
  async breakdown(
    @Root() { query }: Retention,
    @Ctx() { scope }: Context,
    @Arg('values', () => [String], { nullable: true }) values?: string[] | null,
  ): Promise<RetentionSeries[]> {
    const series = seriesOf(await runRetentionBreakdown(query, scope), values);
    return series.map((run) => ({
      ...matrix(run, query, run.group),
      values: [...run.values],
      isOther: run.isOther,
    }));
  }

  @FieldResolver(() => [RetentionCohort])
  cohorts(
    @Root() { cohorts }: Retention,
    @Arg('start', () => DateTime, { nullable: true }) start?: Date | null,
  ): RetentionCohort[] {
    return start ? cohorts.filter((cohort) => cohort.start.getTime() === start.getTime()) : cohorts;
  }
}

@Resolver(() => RetentionSeries)
export class RetentionSeriesResolver {
  @FieldResolver(() => [RetentionCohort])
  cohorts(
    @Root() { cohorts }: RetentionSeries,
    @Arg('start', () => DateTime, { nullable: true }) start?: Date | null,
  ): RetentionCohort[] {
    return start ? cohorts.filter((cohort) => cohort.start.getTime() === start.getTime()) : cohorts;
  }
}

@Resolver(() => RetentionCohort)
export class RetentionCohortResolver {
  @FieldResolver(() => [RetentionCell])
  cells(
    @Root() { cells }: RetentionCohort,
    @Arg('period', () => Int, { nullable: true }) period?: number | null,
  ): RetentionCell[] {
    return period == null ? cells : cells.filter((cell) => cell.period === period);
  }

  @FieldResolver(() => CustomerConnection)
  async members(
    @Root() { of }: RetentionCohort,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await retentionPeople(of.query, 'members', { ...of, period: 0 }, page, scope));
  }
}

@Resolver(() => RetentionCell)
export class RetentionCellResolver {
  @FieldResolver(() => CustomerConnection)
  async returned(
    @Root() { of, period }: RetentionCell,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await retentionPeople(of.query, 'returned', { ...of, period }, page, scope));
  }

  @FieldResolver(() => CustomerConnection)
  async lost(
    @Root() { of, period }: RetentionCell,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await retentionPeople(of.query, 'lost', { ...of, period }, page, scope));
  }
}

function matrix(
  answer: RetentionAnswer,
  query: RetentionQuery,
  group: RetentionGroup | null,
): Pick<Retention, 'cohorts' | 'average'> {
  return {
    cohorts: answer.cohorts.map(({ cohort, startMs, size, cells }) => {
      const of = { query, group, cohort };
      return { of, start: new Date(startMs), size, cells: cells.map((cell) => cellOf(cell, of)) };
    }),
    average: [...answer.average],
  };
}

/** Property by property: spreading a cell took most of the time that a large matrix took. */
function cellOf(cell: CellAnswer, of: RetentionRowRef): RetentionCell {
  const { period, customers, rate, value, lifetimeValue, complete } = cell;
  return { of, period, customers, rate, value, lifetimeValue, complete };
}
