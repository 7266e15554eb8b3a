/** Funnels in GraphQL: input to query, call the service. No rule and no SQL. */
import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { CustomerConnection, PeopleArgs, customerConnection } from '../../api/types/customer.types.ts';
import { seriesOf } from '../../query/breakdown.ts';
import type { CorrelationResult } from './correlations.result.ts';
import { runCorrelations } from './correlations.service.ts';
import { Correlation, CorrelationsArgs } from './correlations.types.ts';
import {
  peopleCarrying,
  peopleConverted,
  peopleDropped,
  peopleOfPoint,
  peopleReached,
  readFunnel,
  runBreakdown,
  runFunnel,
  runPreviousFunnel,
  runTimeToConvert,
  runTrend,
} from './funnel.service.ts';
import type { FunnelAnswer, FunnelSeriesAnswer, TrendPointAnswer } from './funnel.service.ts';
import type { HistogramResult } from './funnel-charts.result.ts';
import {
  Funnel,
  FunnelInput,
  FunnelSeries,
  FunnelStep,
  FunnelTrendArgs,
  FunnelTrendPoint,
  Histogram,
  PointCustomersArgs,
  TimeToConvertArgs,
} from './funnel.types.ts';
import { CarryingArgs, ConvertedArgs } from './people.types.ts';

@Resolver(() => Funnel)
export class FunnelResolver {
  @Query(() => Funnel, { description: 'How many customers take the steps one asks for, and how fast.' })
  async funnel(
    @Arg('input', () => FunnelInput) input: FunnelInput,
    @Ctx() { scope }: Context,
  ): Promise<FunnelAnswer> {
    return runFunnel(readFunnel(input, scope), scope);
  }

  @FieldResolver(() => [FunnelStep])
  steps(
    @Root() { steps }: Funnel,
    @Arg('index', () => Int, { nullable: true }) index?: number | null,
  ): FunnelStep[] {
    return index == null ? steps : steps.filter((step) => step.index === index);
  }

  @FieldResolver(() => Funnel, {
    nullable: true,
    description: 'The same funnel over the range of equal length just before.',
  })
  previous(@Root() { query }: Funnel, @Ctx() { scope }: Context): Promise<FunnelAnswer | null> {
    return runPreviousFunnel(query, scope);
  }

  @FieldResolver(() => [FunnelTrendPoint], {
    description: 'Conversion by the interval in which customers entered.',
  })
  async trend(
    @Root() { query }: Funnel,
    @Args(() => FunnelTrendArgs) args: FunnelTrendArgs,
    @Ctx() { scope }: Context,
  ): Promise<readonly TrendPointAnswer[]> {
    const points = await runTrend({ query, group: null }, args, scope);
    const startMs = args.start?.getTime();
    return startMs === undefined ? points : points.filter((point) => point.start.getTime() === startMs);
  }

  @FieldResolver(() => [FunnelSeries], {
    description:
      'One per value of the breakdown, largest first; empty without one. With `values` that series alone (none: the rest).',
  })
  async breakdown(
    @Root() { query }: Funnel,
    @Ctx() { scope }: Context,
    @Arg('values', () => [String], { nullable: true }) values?: string[] | null,
  ): Promise<readonly FunnelSeriesAnswer[]> {
    return seriesOf(await runBreakdown(query, scope), values);
  }

  @FieldResolver(() => Histogram, {
    description: 'Without `bins`: the cube root of the number of customers, 1 to 60.',
  })
  timeToConvert(
    @Root() { query }: Funnel,
    @Args(() => TimeToConvertArgs) args: TimeToConvertArgs,
    @Ctx() { scope }: Context,
  ): Promise<HistogramResult> {
    return runTimeToConvert(query, args, scope);
  }

  @FieldResolver(() => [Correlation], {
    description: 'Values that go with converting, or with not, among those who entered; strongest first.',
  })
  correlations(
    @Root() { query }: Funnel,
    @Args(() => CorrelationsArgs) args: CorrelationsArgs,
    @Ctx() { scope }: Context,
  ): Promise<readonly CorrelationResult[]> {
    return runCorrelations(query, args, scope);
  }
}

@Resolver(() => Funnel)
export class FunnelPeopleResolver {
  @FieldResolver(() => CustomerConnection, {
    description:
      'Who went from one step to another, and in how long: at least, and less than so many seconds.',
  })
  async converted(
    @Root() { query }: Funnel,
    @Args(() => ConvertedArgs) args: ConvertedArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await peopleConverted(query, args, scope));
  }

  @FieldResolver(() => CustomerConnection, {
    description: 'Who entered and carries the value, as `correlations` counts them.',
  })
  async carrying(
    @Root() { query }: Funnel,
    @Args(() => CarryingArgs) { of, property, value, converted, ...page }: CarryingArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    const asked = { of: of ?? 'EVENT', property, value, converted: converted ?? null };
    return customerConnection(await peopleCarrying(query, asked, page, scope));
  }
}

@Resolver(() => FunnelSeries)
export class FunnelSeriesResolver {
  @FieldResolver(() => [FunnelStep])
  steps(
    @Root() { steps }: FunnelSeries,
    @Arg('index', () => Int, { nullable: true }) index?: number | null,
  ): FunnelStep[] {
    return index == null ? steps : steps.filter((step) => step.index === index);
  }

  @FieldResolver(() => [FunnelTrendPoint], {
    description: 'Conversion by the interval in which customers entered.',
  })
  trend(
    @Root() series: FunnelSeries,
    @Args(() => FunnelTrendArgs) args: FunnelTrendArgs,
    @Ctx() { scope }: Context,
  ): Promise<readonly TrendPointAnswer[]> {
    return runTrend(series, args, scope);
  }
}

@Resolver(() => FunnelTrendPoint)
export class FunnelTrendPointResolver {
  @FieldResolver(() => CustomerConnection, {
    description: 'Who entered in this interval, and converted or not.',
  })
  async customers(
    @Root() point: FunnelTrendPoint,
    @Args(() => PointCustomersArgs) args: PointCustomersArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await peopleOfPoint(point, args, scope));
  }
}

@Resolver(() => FunnelStep)
export class FunnelStepResolver {
  @FieldResolver(() => CustomerConnection, { description: 'Who reached this step.' })
  async reached(
    @Root() step: FunnelStep,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await peopleReached(step, page, scope));
  }

  @FieldResolver(() => CustomerConnection, {
    description: 'Who reached the step before and not this one.',
  })
  async dropped(
    @Root() step: FunnelStep,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await peopleDropped(step, page, scope));
  }
}
