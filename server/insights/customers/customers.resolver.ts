/** Lists of customers, one customer, and the fields of a customer that take a statement of their own. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { asksFor } from '../../api/asks-for.ts';
import type { Context } from '../../api/context.ts';
import { NamedCount, PageArgs } from '../../api/types/answer.types.ts';
import { Customer, CustomerConnection, customerConnection } from '../../api/types/customer.types.ts';
import { EventConnection, EventType, eventConnection } from '../../api/types/event.types.ts';
import { JourneyStage, LifecycleStage } from '../../api/types/journey.types.ts';
import { Json, SafeInt } from '../../api/types/scalars.ts';
import { money } from '../../query/money.ts';
import type * as map from '../../journey/map.ts';
import { findCustomer, listCustomers, listEvents } from './customers.service.ts';
import { CustomersInput, EventsArgs, LifecycleChange } from './customers.types.ts';
import {
  journeyStageOf,
  lifecycleReasonOf,
  lifecycleStageOf,
  loadAliases,
  loadChannels,
  loadOrders,
  loadStageHistory,
  loadTraits,
  stageOfEvent,
} from './details.ts';

@Resolver(() => Customer)
export class CustomersResolver {
  @Query(() => CustomerConnection)
  async customers(
    @Arg('input', () => CustomersInput) input: CustomersInput,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { scope }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CustomerConnection> {
    const { first, after } = page;
    const withTotal = asksFor('totalCount', info);
    return customerConnection(await listCustomers(input, { first, after, withTotal }, scope));
  }

  @Query(() => Customer, { nullable: true, description: "By any of the customer's ids." })
  customer(@Arg('id', () => ID) id: string, @Ctx() { scope }: Context): Promise<Customer | null> {
    return findCustomer(id, scope);
  }

  @FieldResolver(() => [String], { description: 'Every identifier that was merged into this customer.' })
  async aliases(@Root() { customerKey }: Customer, @Ctx() { scope }: Context): Promise<readonly string[]> {
    return (await loadAliases(customerKey, scope)) ?? [];
  }

  @FieldResolver(() => SafeInt)
  async orders(@Root() { customerKey }: Customer, @Ctx() { scope }: Context): Promise<number> {
    return (await loadOrders(customerKey, scope)) ?? 0;
  }

  @FieldResolver(() => Json)
  async traits(@Root() { customerKey }: Customer, @Ctx() { scope }: Context): Promise<unknown> {
    return (await loadTraits(customerKey, scope)) ?? {};
  }

  @FieldResolver(() => LifecycleStage)
  lifecycleStage(@Root() { customerKey }: Customer, @Ctx() { scope }: Context): Promise<map.LifecycleStage> {
    return lifecycleStageOf(customerKey, scope);
  }

  @FieldResolver(() => String, {
    description: 'The rule that put the customer there and the events that met it, in words.',
  })
  lifecycleReason(@Root() { customerKey }: Customer, @Ctx() { scope }: Context): Promise<string> {
    return lifecycleReasonOf(customerKey, scope);
  }

  @FieldResolver(() => [LifecycleChange], { description: 'Every change of stage so far, oldest first.' })
  async lifecycleHistory(
    @Root() { customerKey }: Customer,
    @Ctx() { scope }: Context,
  ): Promise<LifecycleChange[]> {
    const changes = (await loadStageHistory(customerKey, scope)) ?? [];
    const keyOf = (stage: number): string => scope.journeyMap.lifecycle[stage - 1]?.key ?? '';
    return changes.map(({ at, before, after }) => ({
      at: new Date(at),
      from: before === 0 ? null : keyOf(before),
      to: keyOf(after),
    }));
  }

  @FieldResolver(() => JourneyStage, {
    nullable: true,
    description: "The stage of the customer's newest event that belongs to one.",
  })
  journeyStage(
    @Root() { customerKey }: Customer,
    @Ctx() { scope }: Context,
  ): Promise<map.JourneyStage | null> {
    return journeyStageOf(customerKey, scope);
  }

  @FieldResolver(() => [NamedCount], { description: 'By number of events, most first.' })
  async channels(@Root() { customerKey }: Customer, @Ctx() { scope }: Context): Promise<NamedCount[]> {
    const rows = (await loadChannels(customerKey, scope)) ?? [];
    return rows.map(({ channel, events, revenue }) => ({
      name: channel,
      customers: 1,
      events: Number(events),
      revenue: money(revenue),
    }));
  }

  @FieldResolver(() => EventConnection, { description: 'Newest first.' })
  async events(
    @Root() customer: Customer,
    @Args(() => EventsArgs) args: EventsArgs,
    @Ctx() { scope }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<EventConnection> {
    const withTotal = asksFor('totalCount', info);
    const withMore = asksFor('hasNextPage', info);
    return eventConnection(await listEvents(customer, { ...args, withTotal, withMore }, scope));
  }
}

@Resolver(() => EventType)
export class EventResolver {
  @FieldResolver(() => JourneyStage, { nullable: true })
  stage(@Root() { event }: EventType, @Ctx() { scope }: Context): map.JourneyStage | null {
    return stageOfEvent(event, scope);
  }
}
