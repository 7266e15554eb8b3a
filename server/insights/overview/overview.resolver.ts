/** The overview over GraphQL: input to question, answer to types. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { asksFor } from '../../api/asks-for.ts';
import type { Context } from '../../api/context.ts';
import { seriesPoints } from '../../api/types/answer.types.ts';
import { CustomerConnection, customerConnection } from '../../api/types/customer.types.ts';
import type { KpiAnswer, OverviewAnswer } from './overview.result.ts';
import { overviewPeople, runChurn, runOverview } from './overview.service.ts';
import { Kpi, Overview, OverviewInput, OverviewPeopleArgs } from './overview.types.ts';

/** The numbers that are counted together. */
const COUNTED: readonly (keyof OverviewAnswer)[] = [
  'revenue',
  'orders',
  'averageOrderValue',
  'customers',
  'newCustomers',
  'activeCustomers',
  'conversionRate',
  'repeatPurchaseRate',
];

@Resolver(() => Overview)
export class OverviewResolver {
  @Query(() => Overview)
  async overview(
    @Arg('input', () => OverviewInput) input: OverviewInput,
    @Ctx() { scope }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Overview> {
    const isAsked = COUNTED.some((name) => asksFor(name, info));
    const run = await runOverview(input, scope, isAsked);
    return {
      query: run.query,
      revenue: figure(run.revenue),
      orders: figure(run.orders),
      averageOrderValue: figure(run.averageOrderValue),
      customers: figure(run.customers),
      newCustomers: figure(run.newCustomers),
      activeCustomers: figure(run.activeCustomers),
      conversionRate: figure(run.conversionRate),
      repeatPurchaseRate: figure(run.repeatPurchaseRate),
      meta: run.meta,
    };
  }

  @FieldResolver(() => Kpi, {
    description: 'Of the customers active before the range, the share that entered a lost stage in it.',
  })
  async churnRate(@Root() { query }: Overview, @Ctx() { scope }: Context): Promise<Kpi> {
    return figure(await runChurn(query, scope));
  }

  @FieldResolver(() => CustomerConnection, { description: 'The customers whom a number counts.' })
  async members(
    @Root() { query }: Overview,
    @Args(() => OverviewPeopleArgs) { who, ...page }: OverviewPeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await overviewPeople(query, who, page, scope));
  }
}

function figure(answer: KpiAnswer): Kpi {
  return { ...answer, series: seriesPoints(answer.series) };
}
