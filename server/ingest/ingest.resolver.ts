/** Events and identities over GraphQL; holds no rule. */
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../api/context.ts';
import { Customer } from '../api/types/customer.types.ts';
import { Json } from '../api/types/scalars.ts';
import { identifiedRow } from './identified-row.ts';
import { EventInput, IngestReceipt } from './ingest.types.ts';
import type { Traits } from './identity-request.ts';

@Resolver()
export class IngestResolver {
  @Mutation(() => IngestReceipt, {
    description: 'At most 10,000 events a call; a bad one does not stop the others.',
  })
  ingest(
    @Arg('events', () => [EventInput]) events: EventInput[],
    @Ctx() { ingestion, scope }: Context,
  ): Promise<IngestReceipt> {
    return ingestion.accept(events, scope.signal) as Promise<IngestReceipt>;
  }

  @Mutation(() => Customer, {
    description: 'Joins an anonymous visitor, and all that visitor did, to a customer; sets traits.',
  })
  async identify(
    @Arg('customerId', () => ID) customerId: string,
    @Arg('anonymousId', () => String, { nullable: true }) anonymousId: string | null,
    @Arg('traits', () => Json, { nullable: true }) traits: Traits | null,
    @Ctx() context: Context,
  ): Promise<Customer> {
    const { customerId: id } = await context.ingestion.identify(customerId, anonymousId, traits);
    return asJoined(id, context);
  }

  @Mutation(() => Customer, {
    description:
      'Makes one of two customers, on purpose: all ids of `id` and all they did become those of `into`, whose traits win. Also lets a customer go by another of its ids. Cannot be undone.',
  })
  async mergeCustomers(
    @Arg('id', () => ID) id: string,
    @Arg('into', () => ID) into: string,
    @Ctx() context: Context,
  ): Promise<Customer> {
    const { customerId } = await context.ingestion.merge(id, into);
    return asJoined(customerId, context);
  }
}

/** What is asked of the customer is read as joined. */
function asJoined(customerId: string, context: Context): Promise<Customer> {
  context.scope = context.scopeFor(context.scope.signal);
  return identifiedRow(customerId, context.scope);
}
