/** Recency, frequency and monetary value over GraphQL, and numbers to the people behind them. */
import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import {
  Customer,
  CustomerConnection,
  PeopleArgs,
  customerConnection,
} from '../../api/types/customer.types.ts';
import { cellMembers, loadScores, runRfm, segmentMembers } from './rfm.service.ts';
import { CustomerRfm, Rfm, RfmCell, RfmInput, RfmSegment } from './rfm.types.ts';

@Resolver(() => Rfm)
export class RfmResolver {
  @Query(() => Rfm)
  async rfm(@Arg('input', () => RfmInput) input: RfmInput, @Ctx() { scope }: Context): Promise<Rfm> {
    const { query, segments, cells, meta } = await runRfm(input, scope);
    return {
      query,
      segments: segments.map((segment) => ({ ...segment, query })),
      cells: cells.map((cell) => ({ ...cell, query })),
      meta,
    };
  }

  @FieldResolver(() => [RfmSegment])
  segments(
    @Root() { segments }: Rfm,
    @Arg('name', () => String, { nullable: true }) name?: string | null,
  ): RfmSegment[] {
    return name == null ? segments : segments.filter((segment) => segment.name === name);
  }

  @FieldResolver(() => [RfmCell])
  cells(
    @Root() { cells }: Rfm,
    @Arg('recency', () => Int, { nullable: true }) recency?: number | null,
    @Arg('frequency', () => Int, { nullable: true }) frequency?: number | null,
  ): RfmCell[] {
    return cells.filter(
      (cell) =>
        (recency == null || cell.recency === recency) && (frequency == null || cell.frequency === frequency),
    );
  }
}

@Resolver(() => RfmSegment)
export class RfmSegmentResolver {
  @FieldResolver(() => CustomerConnection)
  async members(
    @Root() segment: RfmSegment,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await segmentMembers(segment.query, segment, page, scope));
  }
}

@Resolver(() => RfmCell)
export class RfmCellResolver {
  @FieldResolver(() => CustomerConnection)
  async members(
    @Root() cell: RfmCell,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await cellMembers(cell.query, cell, page, scope));
  }
}

@Resolver(() => Customer)
export class CustomerRfmResolver {
  @FieldResolver(() => CustomerRfm, {
    nullable: true,
    description: 'Null for a prospect: without an order there is nothing to score.',
  })
  async rfm(@Root() { customerKey }: Customer, @Ctx() { scope }: Context): Promise<CustomerRfm | null> {
    return (await loadScores(customerKey, scope)) ?? null;
  }
}
