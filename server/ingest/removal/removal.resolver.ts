/** Erasing customers over GraphQL; holds no rule. */
import { GraphQLError } from 'graphql';
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { PageArgs } from '../../api/types/answer.types.ts';
import { cursorOf, pageRequest } from '../../query/page.ts';
import { EventsWaitError } from './removal.service.ts';
import { ErasureConnection } from './removal.types.ts';

const LIST = { mark: 'erasures', width: 2 };

@Resolver()
export class RemovalResolver {
  @Mutation(() => Boolean, {
    description:
      'Removes a customer and all that is kept of them, under all ids that were joined. False where nothing is known of the id.',
  })
  async eraseCustomer(@Arg('id', () => ID) id: string, @Ctx() { erasing }: Context): Promise<boolean> {
    try {
      return await erasing.erase(id);
    } catch (error) {
      if (!(error instanceof EventsWaitError)) throw error;
      throw new GraphQLError(error.message, { extensions: { code: 'BUSY' } });
    }
  }

  @Query(() => ErasureConnection, { description: 'Receipts of erased customers.' })
  async erasures(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { erasing }: Context,
  ): Promise<ErasureConnection> {
    const { first, after } = pageRequest(page.first, page.after, LIST);
    const { totalCount, erasures } = await erasing.list(first + 1, after);
    const nodes = erasures.slice(0, first).map(({ id, at, found }) => ({ id, at, ...found }));
    const last = nodes.at(-1);
    const endCursor = last ? cursorOf([String(last.at.getTime()), last.id], LIST) : null;
    return { totalCount, nodes, pageInfo: { hasNextPage: erasures.length > first, endCursor } };
  }
}
