/** Events as they arrive, over GraphQL. */
import { Arg, Int, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { EventType } from '../../api/types/event.types.ts';
import { EventMatchInput } from '../../api/types/selection.types.ts';
import type { CustomerEvent } from './customers.service.ts';
import { eventFeed } from './feed.service.ts';

interface FeedArgs {
  readonly match?: EventMatchInput | null;
  readonly maxPerSecond?: number | null;
}

@Resolver()
export class FeedResolver {
  @Subscription(() => EventType, {
    description: 'Events as they arrive; past `maxPerSecond` a fair sample.',
    subscribe: ({ args, context }: { args: FeedArgs; context: Context }) => {
      const { compile } = context.scope;
      const query = eventFeed(args.match, args.maxPerSecond ?? 20, context.scopeFor, compile.vocabulary);
      return context.feeds.subscribe(query);
    },
  })
  events(
    @Root() event: CustomerEvent,
    @Arg('match', () => EventMatchInput, { nullable: true }) _match?: EventMatchInput,
    @Arg('maxPerSecond', () => Int, { nullable: true, defaultValue: 20 }) _maxPerSecond?: number,
  ): CustomerEvent {
    return event;
  }
}
