/** Rejected events over GraphQL; holds no rule. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { asksFor } from '../../api/asks-for.ts';
import type { Context } from '../../api/context.ts';
import { Json } from '../../api/types/scalars.ts';
import { IngestReceipt } from '../ingest.types.ts';
import { listReasons, listRejected } from './rejected.service.ts';
import {
  RejectedEventConnection,
  RejectedEventsArgs,
  RejectedReason,
  RejectedReasonsArgs,
} from './rejected.types.ts';

@Resolver()
export class RejectedResolver {
  @Query(() => RejectedEventConnection, { description: 'Newest first.' })
  async rejectedEvents(
    @Args(() => RejectedEventsArgs) { first, after, reason, search }: RejectedEventsArgs,
    @Ctx() { scope }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RejectedEventConnection> {
    const page = await listRejected(
      {
        first,
        after: after ?? null,
        reason: reason ?? null,
        search: search ?? null,
        withTotal: asksFor('totalCount', info),
      },
      scope,
    );
    const { totalCount, nodes, hasNextPage, endCursor } = page;
    return { totalCount, nodes: [...nodes], pageInfo: { hasNextPage, endCursor } };
  }

  @Query(() => [RejectedReason], { description: 'What was wrong, most frequent first.' })
  async rejectedReasons(
    @Args(() => RejectedReasonsArgs) { first }: RejectedReasonsArgs,
    @Ctx() { scope }: Context,
  ): Promise<RejectedReason[]> {
    return [...(await listReasons(first, scope))];
  }

  @Mutation(() => IngestReceipt, {
    description:
      'Sends rejected events again, the way they came, at most 10,000 a call. Those accepted or known leave the list; the others stay, with the reason they have now.',
  })
  replayRejected(
    @Arg('ids', () => [ID]) ids: string[],
    @Arg('set', () => Json, {
      nullable: true,
      description:
        'Fields that replace those of every payload, such as a missing customerId, by the names that they have where the events came from.',
    })
    set: unknown,
    @Ctx() { replay, scope }: Context,
  ): Promise<IngestReceipt> {
    return replay.run(ids, set, scope.signal) as Promise<IngestReceipt>;
  }
}
