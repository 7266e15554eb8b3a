/** Imports over GraphQL; holds no rule. */
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { PageArgs } from '../../api/types/answer.types.ts';
import { Duration } from '../../api/types/scalars.ts';
import { everyMsOf } from '../../live/every.ts';
import { cursorOf, pageRequest } from '../../query/page.ts';
import type { ImportList } from './import-desk.ts';
import type { ImportState } from './imports-log.ts';
import { ImportConnection } from './imports.types.ts';
import type { ShownState } from './imports.types.ts';

const STATES: Readonly<Record<ImportState, ShownState>> = {
  staging: 'READING',
  committing: 'STORING',
  done: 'DONE',
  dropped: 'FAILED',
  undone: 'UNDONE',
};

const LIST = { mark: 'imports', width: 2 };

@Resolver()
export class ImportsResolver {
  @Query(() => ImportConnection, { description: 'Files that were imported, and those under way.' })
  async imports(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { imports }: Context,
  ): Promise<ImportConnection> {
    const { first, after } = pageRequest(page.first, page.after, LIST);
    const { totalCount, imports: found } = await imports.list(first + 1, after);
    return connection({ totalCount, imports: found.slice(0, first) }, found.length > first);
  }

  @Subscription(() => ImportConnection, {
    name: 'imports',
    description: 'The newest 50, at once and whenever something about them has changed.',
    subscribe: ({ args, context }: { args: { every?: string }; context: Context }) =>
      context.imports.watch(everyMsOf(args.every)),
  })
  watchImports(
    @Root() list: ImportList,
    @Arg('every', () => Duration, { nullable: true, defaultValue: 'PT1S' }) _every?: string,
  ): ImportConnection {
    return connection(list, list.totalCount > list.imports.length);
  }

  @Mutation(() => Boolean, {
    description:
      'Takes back all that an import stored, and its rejected rows. False where there is no such import, or it was taken back before.',
  })
  undoImport(@Arg('id', () => ID) id: string, @Ctx() { imports }: Context): Promise<boolean> {
    return imports.undo(id);
  }

  @Mutation(() => Boolean, {
    description:
      'Ends an import that is under way within seconds; nothing of it is kept. False where no such import is under way.',
  })
  cancelImport(@Arg('id', () => ID) id: string, @Ctx() { imports }: Context): Promise<boolean> {
    return imports.cancel(id);
  }
}

function connection({ totalCount, imports }: ImportList, hasNextPage: boolean): ImportConnection {
  const last = imports.at(-1);
  return {
    totalCount,
    nodes: imports.map((one) => ({ ...one, state: STATES[one.state] })),
    pageInfo: {
      hasNextPage,
      endCursor: last ? cursorOf([String(last.startedAt.getTime()), last.id], LIST) : null,
    },
  };
}
