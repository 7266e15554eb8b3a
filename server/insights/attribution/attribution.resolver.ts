/** Attribution over GraphQL: input to question, answer to types, rows to the people behind them. */
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { CustomerConnection, PeopleArgs, customerConnection } from '../../api/types/customer.types.ts';
import { runAttribution, valueMembers } from './attribution.service.ts';
import { Attribution, AttributionInput, AttributionRow } from './attribution.types.ts';

@Resolver(() => Attribution)
export class AttributionResolver {
  @Query(() => Attribution)
  async attribution(
    @Arg('input', () => AttributionInput) input: AttributionInput,
    @Ctx() { scope }: Context,
  ): Promise<Attribution> {
    const { query, kept, rows, conversions, revenue, meta } = await runAttribution(input, scope);
    return { rows: rows.map((row) => ({ ...row, query, kept })), conversions, revenue, meta };
  }

  @FieldResolver(() => [AttributionRow], { description: 'Largest first, by the first model asked for.' })
  rows(
    @Root() { rows }: Attribution,
    @Arg('name', () => String, { nullable: true }) name?: string | null,
  ): AttributionRow[] {
    return name == null ? rows : rows.filter((row) => row.name === name);
  }
}

@Resolver(() => AttributionRow)
export class AttributionRowResolver {
  @FieldResolver(() => CustomerConnection, { description: 'Converting customers with such a touchpoint.' })
  async members(
    @Root() row: AttributionRow,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await valueMembers(row, page, scope));
  }
}
