/** Moves of customers over GraphQL; holds no rule. */
import { Arg, Ctx, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../api/context.ts';
import { Customer } from '../api/types/customer.types.ts';
import { AudienceEntry, LifecycleMove } from './automation.types.ts';
import type { ToldMove } from './following.ts';

interface Asked<Args> {
  readonly args: Args;
  readonly context: Context;
}

interface EntryArgs {
  readonly id: string;
  readonly after?: string | null;
}

interface MoveArgs {
  readonly from?: string | null;
  readonly to?: string | null;
  readonly after?: string | null;
}

const AFTER =
  'A cursor: goes on behind it, so that nothing is missed; absent: from now on. Moves are kept for 30 days.';

const subscribeToEntries = ({ args: { id, after }, context: { automation, scope } }: Asked<EntryArgs>) =>
  automation.audienceEntries(id, after ?? null, scope);

@Resolver()
export class AutomationResolver {
  @Subscription(() => Customer, {
    description:
      'Customers as they enter a saved audience, each entry at least once. With cursors: `audienceEntries`.',
    subscribe: subscribeToEntries,
  })
  audienceEntered(
    @Root() move: ToldMove,
    @Arg('id', () => ID) _id: string,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | null,
    @Ctx() context: Context,
  ): Customer {
    return customerOf(move, context);
  }

  @Subscription(() => AudienceEntry, {
    description: 'As `audienceEntered`, with when it was and the cursor to go on from.',
    subscribe: subscribeToEntries,
  })
  audienceEntries(
    @Root() move: ToldMove,
    @Arg('id', () => ID) id: string,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | null,
    @Ctx() context: Context,
  ): AudienceEntry {
    return { audienceId: id, customer: customerOf(move, context), at: move.at, cursor: move.cursor };
  }

  @Subscription(() => LifecycleMove, {
    description:
      'Customers as they go from one lifecycle stage to another, by events or by time alone, each move at least once, those of one customer in order.',
    subscribe: ({ args: { from, to, after }, context: { automation, scope } }: Asked<MoveArgs>) =>
      automation.lifecycleMoves({ from: from ?? null, to: to ?? null }, after ?? null, scope),
  })
  lifecycleChanged(
    @Root() move: ToldMove,
    @Arg('from', () => String, { nullable: true }) _from: string | null,
    @Arg('to', () => String, { nullable: true }) _to: string | null,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | null,
    @Ctx() context: Context,
  ): LifecycleMove {
    const { before, after, at, cursor } = move;
    return { customer: customerOf(move, context), from: before || null, to: after, at, cursor };
  }

  @Query(() => String, {
    description:
      'Where the log of moves ends now. A client that begins with it as `after` misses nothing from here on, also if its connection is cut before the first move.',
  })
  automationCursor(
    @Arg('audienceId', () => ID, {
      nullable: true,
      description: 'For `audienceEntries`; null: for `lifecycleChanged`.',
    })
    audienceId: string | null,
    @Ctx() { automation, scope }: Context,
  ): Promise<string> {
    return automation.cursor(audienceId ?? null, scope);
  }
}

/** What is asked of the customer is answered as of now, not of when the subscription began. */
function customerOf({ customer }: ToldMove, context: Context): Customer {
  context.scope = context.scopeFor(context.scope.signal);
  return customer;
}
