/** The catalogue: each field its own statement, those on all events share one. */
import { Args, Ctx, FieldResolver, Query, Resolver } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { DateTime, SafeInt } from '../../api/types/scalars.ts';
import type { InsightScope } from '../scope.ts';
import { channels, customerTotal, eventTotals, properties, values } from './catalog.service.ts';
import type { EventTotals, Property } from './catalog.service.ts';
import { Catalog, CatalogEvent, CatalogProperty, PropertiesArgs, ValuesArgs } from './catalog.types.ts';

const totals = new WeakMap<InsightScope, Promise<EventTotals>>();

/** Once for all fields of one call. */
function totalsOf(scope: InsightScope): Promise<EventTotals> {
  const known = totals.get(scope) ?? eventTotals(scope);
  totals.set(scope, known);
  return known;
}

@Resolver(() => Catalog)
export class CatalogResolver {
  @Query(() => Catalog)
  catalog(): Catalog {
    return {};
  }

  @FieldResolver(() => [CatalogEvent], { description: 'Most frequent first.' })
  async events(@Ctx() { scope }: Context): Promise<EventTotals['events']> {
    return (await totalsOf(scope)).events;
  }

  @FieldResolver(() => [CatalogProperty])
  properties(
    @Args(() => PropertiesArgs) { of, event }: PropertiesArgs,
    @Ctx() { scope }: Context,
  ): Promise<readonly Property[]> {
    return properties(of, event ?? null, scope);
  }

  @FieldResolver(() => [String], { description: 'Most frequent first.' })
  values(
    @Args(() => ValuesArgs) { property, of, search, first }: ValuesArgs,
    @Ctx() { scope }: Context,
  ): Promise<readonly string[]> {
    return values({ property, of, search: search || null, first: first ?? 20 }, scope);
  }

  @FieldResolver(() => [String], { description: 'Most used first.' })
  channels(@Ctx() { scope }: Context): Promise<readonly string[]> {
    return channels(scope);
  }

  @FieldResolver(() => DateTime, { nullable: true })
  async firstEventAt(@Ctx() { scope }: Context): Promise<Date | null> {
    return (await totalsOf(scope)).firstEventAt;
  }

  @FieldResolver(() => DateTime, { nullable: true })
  async lastEventAt(@Ctx() { scope }: Context): Promise<Date | null> {
    return (await totalsOf(scope)).lastEventAt;
  }

  @FieldResolver(() => SafeInt)
  async totalEvents(@Ctx() { scope }: Context): Promise<number> {
    return (await totalsOf(scope)).totalEvents;
  }

  @FieldResolver(() => SafeInt)
  totalCustomers(@Ctx() { scope }: Context): Promise<number> {
    return customerTotal(scope);
  }
}
